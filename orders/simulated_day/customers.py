"""Strangers who design bars and pay for them at the sandbox."""

from __future__ import annotations

import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlencode

from django.conf import settings

from configurator.catalogue.sold_out import offered_family
from configurator.designs import save
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from orders.buying import cart, checkout
from orders.buying.due import bill
from orders.buying.parcels import Recipient
from orders.buying.wishes import Agreement, Wishes
from orders.models import Order, PaymentState
from orders.money import payments, settlement
from orders.simulated_day.patience import until_done

CARD: Final = "4242424242424242"
TOPPINGS_MOST: Final = 5
BARS: Final = (1, 1, 1, 2, 2, 3)
"""In an order, one as likely as the other."""
TRIES: Final = 20
FAMILY: Final = "bar-100"
SANDBOX_SECONDS: Final = 30
LONGEST_SECONDS: Final = 180
"""Until Stripe's word is heard, or it is asked: every minute."""


class SandboxAway(Exception):
    """Nobody can pay: the sandbox does not answer, or says no."""


@dataclass(frozen=True, slots=True)
class Street:
    """Where the customers come from."""

    dice: Random
    happened: Counter[str]
    come_back: bool = True
    """From the page where they have paid; else every second one is known by Stripe's word alone."""


def orders(count: int, street: Street, *, at: datetime) -> Iterator[Order]:
    """One after the other, each paid when it comes. Raises SandboxAway."""
    family = offered_family(FAMILY)
    for number in range(1, count + 1):
        bars = [designed(f"Day {number}", family, street.dice) for _bar in range(street.dice.choice(BARS))]
        key, wishes, agreement = until_done(partial(_chosen, number, bars, at), street.happened)
        # Whoever presses again gets the order that was written down.
        press = partial(checkout.place, key, wishes=wishes, agreement=agreement, locale="en", at=at)
        order = until_done(press, street.happened)
        comes_back = street.come_back or number % 2 == 0
        until_done(partial(_pay, order, at, comes_back=comes_back), street.happened)
        yield order


def all_paid(orders: Sequence[Order], street: Street, *, tell: Callable[[int, int], None]) -> None:
    """Until the last of them is known to have paid. Raises SandboxAway when somebody never is."""
    ours = Order.objects.filter(pk__in=[order.pk for order in orders])
    until = monotonic() + LONGEST_SECONDS
    while True:
        unpaid = until_done(ours.exclude(payment_state=PaymentState.PAID).count, street.happened)
        tell(len(orders) - unpaid, len(orders))
        if not unpaid:
            return
        if monotonic() > until:
            raise SandboxAway(f"{unpaid} orders could not be paid.")
        sleep(1)


def _chosen(number: int, bars: Sequence[Design], at: datetime) -> tuple[str, Wishes, Agreement]:
    """In a cart of their own, so that whoever begins again begins anew."""
    key = ""
    for bar in bars:
        key = cart.add(key, digest=save(bar).digest, quantity=1, locale="en", at=at).key
    recipient = Recipient(f"Buyer {number}", f"Example Street {number}", "", "10115", "Berlin", "DE")
    wishes = Wishes(f"buyer-{number}@example.org", (recipient,))
    total = bill(cart.look(key, locale="en", at=at), wishes.recipients, at=at).total_cents
    return key, wishes, Agreement(total)


def designed(name: str, family: Family, dice: Random) -> Design:
    """A bar that can be made: a base, and whatever of a few wishes goes with it."""
    bases = family.seats[family.base_slot.key]
    design = Design(family.key, family.version, dice.choice(bases).key, name=name, seed=dice.randrange(10**6))
    wished = dice.randint(1, TOPPINGS_MOST)
    seats = [(slot, module) for slot in ("ingredients", "toppings") for module in family.seats[slot]]
    for slot, module in dice.sample(seats, TRIES):
        if len(design.choices) == wished:
            break
        more = design.adding(module.key, slot, family.usual_dose(module))
        design = design if problems(more, family, "en") else more
    return design


def _pay(order: Order, at: datetime, *, comes_back: bool) -> None:
    away = SandboxAway(f"The payment sandbox at {settings.STRIPE_API_BASE} does not answer.")
    try:
        page = payments.start(Order.objects.get(pk=order.pk), at=at)
    except payments.NotPayable:
        # It was, and the answer got lost.
        return
    except payments.PaymentPageAway as no_page:
        raise away from no_page
    till = f"{settings.STRIPE_API_BASE}/_sandbox/pay"
    body = urlencode({"session": page.rstrip("/").rpartition("/")[2], "card": CARD}).encode()
    try:
        with urllib.request.urlopen(till, body, timeout=SANDBOX_SECONDS) as answer:  # noqa: S310  # of this machine
            answer.read()
    except OSError as no_till:
        raise away from no_till
    if comes_back:
        settlement.settle(order.payments.latest("pk"), at=at)
