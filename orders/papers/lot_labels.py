"""What is stuck on a sack when it comes in: a code to scan, and what a person must see from two steps away."""

from __future__ import annotations

import json
from typing import Final

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from configurator.catalogue.families import current_families
from orders.models import Lot
from orders.papers.typesetting import printed
from orders.production.allergens import named

MOST_COPIES: Final = 60


def pdf(lot: Lot, copies: int = 1) -> bytes:
    """One label a page, in the language of the floor."""
    with translation.override(settings.FLOOR_LANGUAGE):
        sheet = {
            "language": settings.FLOOR_LANGUAGE,
            "module": _name(lot),
            "code": lot.code,
            "until": _("Best before"),
            "day": date_format(lot.best_before, "DATE_FORMAT"),
            "facts": [
                [_("Supplier"), lot.supplier.name],
                [_("Their lot"), lot.supplier_lot],
                [_("Received"), date_format(localtime(lot.received_at), "SHORT_DATE_FORMAT")],
            ],
            "warning": _warning(lot),
            "copies": copies,
        }
    scanned = segno.make(address(lot), error="m", micro=False).svg_inline(border=0)
    made_at = int(lot.received_at.timestamp())
    return printed("lot_label.typ", made_at=made_at, sheet=json.dumps(sheet), scanned=scanned)


def _warning(lot: Lot) -> str:
    """What makes this sack unlike others of its module."""
    return _("May also contain: %(allergens)s") % {"allergens": named(lot.traces)} if lot.traces else ""


def address(lot: Lot) -> str:
    return settings.SHOP_URL + reverse("orders:floor-lot-code", args=[lot.code])


def copies(typed: str) -> int:
    """One unless somebody wants more: a lot of forty sacks has forty labels."""
    return min(MOST_COPIES, max(1, int(typed))) if typed.isascii() and typed.isdigit() else 1


def _name(lot: Lot) -> str:
    spoken = settings.FLOOR_LANGUAGE
    for family in current_families():
        if lot.stock_id in family.modules:
            return family.modules[lot.stock_id].name.to(spoken)
    return str(lot.module)
