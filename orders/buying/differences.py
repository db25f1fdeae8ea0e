"""What has changed between the bill somebody looked at and the one that holds now, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from configurator.wording import locale, money
from orders.buying.bills import Bill

ENTRY: Final = re.compile(r"([a-zA-Z0-9@:_-]{1,60})=(\d{1,3})x(\d{1,9})")
ENTRIES_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    quantity: int
    unit_cents: Cents

    @property
    def words(self) -> str:
        amount = money(self.unit_cents)
        return f"{self.quantity} × {amount}" if self.quantity > 1 else amount


@dataclass(frozen=True, slots=True)
class Difference:
    """In words: what it is, what was seen, what is now."""

    name: str
    was: str
    now: str


def seen(due: Bill) -> str:
    """The bill as a hidden field carries it: a memory of what was looked at, never believed as a price."""
    rows = (f"{key}={row.quantity}x{row.unit_cents}" for key, row in _rows(due).items())
    return " ".join(rows)


def differences(due: Bill, typed: str, *, until: date | None = None) -> tuple[Difference, ...]:
    before = {key: (int(quantity), int(cents)) for key, quantity, cents in ENTRY.findall(typed)[:ENTRIES_MAX]}
    now = _rows(due)
    changed = [
        Difference(row.name, _was(before.get(key)), row.words)
        for key, row in now.items()
        if before.get(key, (0, 0)) != (row.quantity, row.unit_cents)
    ]
    gone = [
        Difference(_("Not in the cart any more"), _was(before[key]), "")
        for key in before
        if key not in now and before[key][1]
    ]
    late = []
    if until and due.arrive_until > until:
        days = (date_format(day, "SHORT_DATE_FORMAT") for day in (until, due.arrive_until))
        late.append(Difference(_("Arrives at the latest"), *days))
    return (*changed, *gone, *late)


def _was(pair: tuple[int, int] | None) -> str:
    return Row("", *pair).words if pair else ""


def _rows(due: Bill) -> dict[str, Row]:
    rows = {
        f"{line.billed.goods.key}@{line.parcel}": Row(
            line.bars.design.name, line.quantity, line.bars.unit_cents
        )
        for line in due.lines
    }
    for box in due.boxes:
        goods = box.billed.goods
        rows[f"{goods.key}@{goods.parcel}"] = Row(box.box.name, goods.quantity, goods.unit_cents)
    for carried in due.sums.carriages:
        parcel = due.parcels[carried.carriage.parcel - 1]
        name = _("Shipping to %(country)s") % {"country": parcel.destination.name(locale())}
        rows[f"s{parcel.place}"] = Row(name, 1, carried.cents)
    for reduction in due.reductions:
        name = _("Code %(code)s") % {"code": reduction.code} if reduction.code else _("Volume price")
        rows[f"r:{reduction.kind}:{reduction.code}"] = Row(name, 1, reduction.cents)
    for share in due.gift_cards:
        name = _("Gift card %(number)s") % {"number": share.card}
        rows[f"g:{share.card}"] = Row(name, 1, share.cents)
    return rows
