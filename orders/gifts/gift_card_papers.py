"""A gift card to print: one A5 page, laid across."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from configurator.rendering.lettering import FONTS
from configurator.wording import money
from orders.gifts.gift_card_codes import code_of
from orders.models import GiftCard

FOLDER: Final = Path(__file__).parent / "press"
MADE_AT: Final = 0
_compiling = Lock()


def pdf(card: GiftCard) -> bytes:
    """In the language it was bought in. Raises CodeLost."""
    assert card.expires_on, "only a card that is valid is printed"
    with translation.override(card.order.locale):
        address = settings.SHOP_URL + reverse("shop:home")
        said = {
            "lang": card.order.locale,
            "title": _("Gift card"),
            "shop": settings.SHOP_NAME,
            "worth": money(card.cents, card.currency),
            "for": _("For %(name)s") % {"name": card.recipient} if card.recipient else "",
            "from": _("From %(name)s") % {"name": card.sender} if card.sender else "",
            "message": card.message,
            "code": code_of(card),
            "how": _(
                "Design your own bar of chocolate, and type this code in the cart. What is left stays on the card."
            ),
            "until": _("Good until %(day)s.") % {"day": date_format(card.expires_on, "DATE_FORMAT")},
            "address": address.partition("://")[2].rstrip("/"),
            "number": card.number,
        }
    scanned = segno.make(address, error="m", micro=False).svg_inline(border=0, dark="#2a1710")
    # One compiler serves a process; it is not made for two threads at once.
    with _compiling:
        made = _compiler().compile(
            format="pdf", sys_inputs={"card": json.dumps(said), "scanned": scanned}, timestamp=MADE_AT
        )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(str(FOLDER / "gift-card.typ"), root=str(FOLDER), font_paths=fonts)
