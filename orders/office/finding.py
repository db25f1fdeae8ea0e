"""What somebody at the desk types to find an order: its number, a code from paper, an address or a name.

What it looks like says where to look: a number or a code is one look into an index, and only words are
searched for in the names.
"""

from __future__ import annotations

import re
from typing import Final

from django.db.models import Q, QuerySet

from orders.models import Job, Order, OrderLine, Payment, Shipment

NUMBER: Final = re.compile(r"C-?([2-9A-Z]{8})", re.IGNORECASE)
JOB_SIGNS, PACK_SIGNS = 9, 11
STRIPE: Final = re.compile(r"(cs|pi|ch)_\w+")


def found(orders: QuerySet[Order], typed: str) -> QuerySet[Order]:
    """Every word must be found; a code or a number stands for itself."""
    text = typed.strip()
    for exact in (_number(text), _code(text), _at_stripe(text)):
        if exact is not None:
            return orders.filter(exact)
    for word in text.split():
        orders = orders.filter(_word(word))
    return orders


def _number(text: str) -> Q | None:
    fits = NUMBER.fullmatch(text)
    return Q(number=f"C-{fits[1].upper()}") if fits else None


def _code(text: str) -> Q | None:
    """Of a job's ticket or of a pack, with or without its hyphens."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    if len(signs) == JOB_SIGNS and _is_code(text, signs):
        jobs = Job.objects.filter(code=f"{signs[:4]}-{signs[4:]}")
        return Q(pk__in=jobs.values("order_line__order"))
    if len(signs) == PACK_SIGNS and _is_code(text, signs):
        return Q(
            pk__in=OrderLine.every.filter(code=f"{signs[:5]}-{signs[5:10]}-{signs[10:]}").values("order")
        )
    return None


def _is_code(text: str, signs: str) -> bool:
    """Codes are written in groups; a name is not, and seldom has a digit."""
    return ("-" in text or any(sign.isdigit() for sign in signs)) and "@" not in text and " " not in text


def _at_stripe(text: str) -> Q | None:
    if not STRIPE.fullmatch(text):
        return None
    known = Q(session_id=text) | Q(intent_id=text) | Q(charge_id=text)
    return Q(pk__in=Payment.objects.filter(known).values("order"))


def _word(word: str) -> Q:
    if "@" in word:
        return Q(email__istartswith=word)
    # By subqueries: joined, every bar and every parcel of an order would be a row to sort out again.
    return (
        Q(name__icontains=word)
        | Q(email__istartswith=word)
        | Q(number__icontains=word)
        | Q(pk__in=Shipment.objects.filter(name__icontains=word).values("order"))
        | Q(pk__in=OrderLine.objects.filter(name__icontains=word).values("order"))
    )
