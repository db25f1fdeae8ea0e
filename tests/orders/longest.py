"""Orders with the longest names, addresses and words that the forms take, and the shortest beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.db import transaction

from configurator.catalogue.families import current_family
from configurator.designs import save
from configurator.domain.design import Design, Inscription, Wrapper
from orders.buying import cart, checkout
from orders.buying.due import bill
from orders.buying.parcels import Recipient, units
from orders.buying.wishes import Address, Agreement, Wishes
from orders.models import Order, Payment
from orders.production.release import release
from tests.orders.paid import MONDAY_NOON, as_a_gift, design, paid_order

LONG_MAIL: Final = (
    "wolfeschlegelsteinhausenbergerdorff-maximiliana.freifrau-von-und-zu@"
    "donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbea.mten-gesellschaft.example"
)
LONG_NAME: Final = (
    "Wolfeschlegelsteinhausenbergerdorff-Maximiliana Freifrau von und zu Hohenzollern-Sigmaringen-Altena"
)
LONG_STREET: Final = (
    "Straße des ewig währenden Friedens und der Völkerverständigung zwischen den Nationen 124 b, Stiege 3"
)
LONG_EXTRA: Final = (
    "c/o Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzbehörde, dritter Aufgang links"
)
LONG_CITY: Final = "Hellschen-Heringsand-Unterschaar am Großen Schneidersbachtal bei Sankt Peter-Ort"
"""80 signs, as the form takes."""
WIDE_NAME: Final = "W" * 100
CARD_WORDS: Final = (
    "Liebe Großmutter, zu Deinem neunzigsten Geburtstag wünschen wir Dir von Herzen alles erdenklich Gute!\n"
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender\n"
    "Deine Enkel: Anna, Ben, Clara, David, Emma, Felix, Greta, Hannes, Ida und Jakob ❤ 1234567890"
)
WRAPPER_WORDS: Final = "Für Dich, weil Du die beste Großmutter der ganzen Welt bist und Schokolade liebst: Donaudampfschifffahrtskapitänin! 1234"
INSCRIBED: Final = "Alles Liebe zum 90. Geburtstag, Oma Ida!"
NAMES: Final = (
    "Donaudampfschifffahrtskapitäns",
    "Großmutters Geburtstagstafel!!",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "Ein Name aus vielen Wörtern hi",
    "Rindfleischetikettierungsgeset",
    "Mitternacht in Wien & <Berlin>",
    "Наталья Ивановна Королёва 2026",
    "Ελένη Παπαδοπούλου, χρόνια 90!",
    "Zoë, Renée, François & Bjørn 1",
    "iiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
)
LONG_WORDS: Final = (
    "Liebe Frau Freifrau,\n\nes tut uns leid, dass Sie warten mussten. "
    + "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
    + "\n\nhttps://example.org/"
    + "sehr-lange-adresse/" * 12
    + "\n\n"
    + "Herzliche Grüße aus der Backstube. " * 60
)[:2000].strip()
"""As long as a message may be."""
RICH: Final = (
    "gummy_bears",
    "choc_lentils",
    "crunch_pearls",
    "speculoos",
    "gingerbread",
    "cocoa_cookie_crumbs",
)
BASES: Final = ("ruby_35", "blond_33", "gianduja_milk", "vegan_almond", "milk_50")


def rich_bar(place: int) -> Design:
    """Much in it, and all the words that a bar can carry."""
    kept = current_family("bar-100")
    made = Design(kept.key, kept.version, BASES[place % len(BASES)], name=NAMES[place])
    for topping in RICH:
        made = made.adding(topping, "toppings", kept.usual_dose(kept.modules[topping]) // 2)
    made = made.adding("choc_plaque", "decorations", kept.usual_dose(kept.modules["choc_plaque"]))
    return made.inscribed(Inscription(INSCRIBED)).wrapped(Wrapper("confetti", WRAPPER_WORDS))


def longest_order(locale: str, *, at: datetime = MONDAY_NOON) -> Order:
    """Ten bars to two people in two countries, one a gift for a day, paid by a third."""
    key = ""
    for place in range(len(NAMES)):
        key = cart.add(key, digest=save(rich_bar(place)).digest, quantity=1, locale=locale, at=at).key
    basket = cart.look(key, locale=locale, at=at)
    mine = [unit.key for unit in units(basket)]
    first = Recipient(
        LONG_NAME, LONG_STREET, LONG_EXTRA, "10115", LONG_CITY, "DE",
        gift_message=CARD_WORDS, wish_on=date(2026, 12, 23), units=dict.fromkeys(mine[:6], 1),
    )  # fmt: skip
    second = Recipient(
        WIDE_NAME, LONG_STREET, LONG_EXTRA, "1010", LONG_CITY, "AT", units=dict.fromkeys(mine[6:], 1)
    )
    payer = Address(LONG_NAME, LONG_STREET, LONG_EXTRA, "L-1009", LONG_CITY, "LU")
    wishes = Wishes(LONG_MAIL, (first, second), bill_to=payer, may_be_asked=True)
    due = bill(basket, wishes.recipients, at=at)
    placed = checkout.place(key, wishes=wishes, agreement=Agreement(due.total_cents), locale=locale, at=at)
    with transaction.atomic():
        placed.mark_paid(at)
        release(placed)
    return placed


def shortest_order(locale: str, *, at: datetime = MONDAY_NOON) -> Order:
    """One bar to whoever ordered it."""
    return paid_order(
        (design("Ada"), 1), contact=replace(as_a_gift(""), may_be_asked=True), locale=locale, at=at
    )


def payment_of(order: Order, *, at: datetime = MONDAY_NOON) -> Payment:
    """As settlement leaves it when the order took the money."""
    return Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.due_cents,
        captured_cents=order.due_cents, currency=order.currency, livemode=False, request={},
        created_at=at, look_at=at,
    )  # fmt: skip
