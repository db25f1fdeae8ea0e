"""Tables that the office brings in: modules, prices, counted shelves. Read, compared, shown, and only then written.

A table with one mistake changes nothing. What was shown is what is written: between the two nobody else may have
changed any of it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from io import StringIO
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.catalogue import price_lists, sold_out
from configurator.models import Family, Module, OwnPrice, PriceList
from orders import stock
from orders.models import Lot
from orders.production.run_outs import shortage

ROWS_MOST: Final = 2_000
BYTES_MOST: Final = 1_000_000
MG_PER_G, CENTS = 1000, 100
YES_NO: Final = {"y": True, "n": False}


class TableMistaken(ValueError):
    """Rows that cannot be taken; each message names its row and the way out."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = list(messages)
        super().__init__(" ".join(self.messages))


class TableOutdated(ValueError):
    """What was shown is not what would be written now."""


@dataclass(frozen=True, slots=True)
class Difference:
    key: str
    name: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Kind:
    title: Promise
    permission: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    compare: Callable[[list[dict[str, str]]], list[Difference]]
    write: Callable[[list[Difference], User, datetime], None]
    back_to: str


def differences(kind: Kind, text: str) -> list[Difference]:
    """What the table would change. Raises TableMistaken."""
    return kind.compare(_rows(kind, text))


def seen(found: list[Difference]) -> str:
    return sha256(repr(found).encode()).hexdigest()[:16]


@transaction.atomic
def bring_in(kind: Kind, text: str, *, expected: str, by: User, at: datetime) -> int:
    """How many values were changed. Raises TableMistaken or TableOutdated and then changes nothing."""
    found = differences(kind, text)
    if seen(found) != expected:
        raise TableOutdated
    kind.write(found, by, at)
    return len(found)


def _rows(kind: Kind, text: str) -> list[dict[str, str]]:
    first = text.lstrip("\ufeff").strip().partition("\n")[0]
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff").strip()), delimiter=";" if ";" in first else ",")
    names = [name.strip() for name in reader.fieldnames or ()]
    missing = [column for column in kind.columns if column not in names]
    unknown = [name for name in names if name not in (*kind.columns, *kind.optional)]
    if missing or unknown:
        known = ", ".join((*kind.columns, *kind.optional))
        raise TableMistaken(
            [_("The first row must name the columns. Known are: %(known)s.") % {"known": known}]
        )
    rows = [
        {str(name).strip(): (value or "").strip() for name, value in row.items() if name} for row in reader
    ]
    if len(rows) > ROWS_MOST:
        raise TableMistaken([_("At most %(most)d rows at once.") % {"most": ROWS_MOST}])
    _refuse_twice(rows)
    return rows


def _refuse_twice(rows: list[dict[str, str]]) -> None:
    names = [(row.get("currency", ""), row["key"]) for row in rows]
    twice = (
        sorted({name[1] for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    )
    if twice:
        raise TableMistaken([_("“%(key)s” stands in the table twice.") % {"key": key} for key in twice])


def _gathered(
    rows: list[dict[str, str]], read: Callable[[dict[str, str]], Iterator[Difference]]
) -> list[Difference]:
    """All mistakes at once, so that a table is put right once."""
    found: list[Difference] = []
    mistakes: list[str] = []
    for place, row in enumerate(rows, 2):
        try:
            found += read(row)
        except (TableMistaken, ValidationError) as mistake:
            words = " ".join(mistake.messages)
            mistakes.append(
                _("Row %(row)d (%(key)s): %(words)s")
                % {"row": place, "key": row["key"] or "-", "words": words}
            )
    if mistakes:
        raise TableMistaken(mistakes)
    return found


def _number(typed: str, factor: int) -> int:
    """In the smaller unit. A comma is as good as a point."""
    try:
        scaled = Decimal(typed.replace(",", ".")) * factor
    except InvalidOperation:
        raise TableMistaken([_("“%(typed)s” is no number.") % {"typed": typed}]) from None
    if not scaled.is_finite() or scaled < 0 or scaled != scaled.to_integral_value() or scaled > 2**31 - 1:
        raise TableMistaken([_("“%(typed)s” must be 0 or more, with fewer decimals.") % {"typed": typed}])
    return int(scaled)


def _shown(whole: int, factor: int) -> str:
    return f"{Decimal(whole) / factor:f}" if factor == MG_PER_G else f"{Decimal(whole) / factor:.2f}"


# ── Modules ──────────────────────────────────────────────────────────────────────────────────────


def _compare_modules(rows: list[dict[str, str]]) -> list[Difference]:
    known = Module.objects.in_bulk(field_name="key")

    def read(row: dict[str, str]) -> Iterator[Difference]:
        module = _known(known, row["key"])
        for field in ("name_en", "name_de"):
            typed = row.get(field, "")
            if typed and typed != getattr(module, field):
                module._meta.get_field(field).clean(typed, module)
                yield Difference(module.key, str(module), field, getattr(module, field), typed)
        if row.get("surcharge"):
            cents = _number(row["surcharge"], CENTS)
            if cents != module.surcharge_cents:
                before = _shown(module.surcharge_cents, CENTS)
                yield Difference(module.key, str(module), "surcharge", before, _shown(cents, CENTS))
        if row.get("retired"):
            if row["retired"] not in YES_NO:
                raise TableMistaken([_("“%(typed)s” must be y or n.") % {"typed": row["retired"]}])
            if YES_NO[row["retired"]] != module.retired:
                before = "y" if module.retired else "n"
                yield Difference(module.key, str(module), "retired", before, row["retired"])

    return _gathered(rows, read)


def _write_modules(found: list[Difference], _by: User, _at: datetime) -> None:
    """They reach customers when the catalogue is published, as every change of it."""
    for module in Module.objects.filter(key__in={each.key for each in found}):
        for change in found:
            if change.key == module.key:
                match change.field:
                    case "surcharge":
                        module.surcharge_cents = _number(change.after, CENTS)
                    case "retired":
                        module.retired = YES_NO[change.after]
                    case name:
                        setattr(module, name, change.after)
        module.save()


# ── Prices ───────────────────────────────────────────────────────────────────────────────────────


def _compare_prices(rows: list[dict[str, str]]) -> list[Difference]:
    lists = _lists_now()
    own = {
        (price.price_list_id, price.key): price.cents
        for price in OwnPrice.objects.filter(price_list__in=lists.values())
    }
    named = {module.key: str(module) for module in Module.objects.all()}
    named |= {family.key: str(family) for family in Family.objects.all()}

    def read(row: dict[str, str]) -> Iterator[Difference]:
        prices = lists.get(row["currency"].upper())
        if prices is None:
            raise TableMistaken([_("There is no price list for “%(currency)s” today.") % row])
        name = _known(named, row["key"])
        before, cents = own.get((prices.pk, row["key"])), _number(row["price"], CENTS)
        if before != cents:
            was = "" if before is None else _shown(before, CENTS)
            yield Difference(row["key"], name, prices.currency, was, _shown(cents, CENTS))

    return _gathered(rows, read)


def _write_prices(found: list[Difference], _by: User, _at: datetime) -> None:
    lists = _lists_now()
    for change in found:
        cents = {"cents": _number(change.after, CENTS)}
        OwnPrice.objects.update_or_create(price_list=lists[change.field], key=change.key, defaults=cents)
    price_lists.forget()


def _lists_now() -> dict[str, PriceList]:
    """The one that holds today, by currency."""
    today = timezone.localdate()
    holding = PriceList.objects.filter(valid_from__lte=today).exclude(valid_until__lt=today)
    return {prices.currency: prices for prices in holding.order_by("valid_from", "pk")}


# ── Shelves ──────────────────────────────────────────────────────────────────────────────────────


def _compare_shelves(rows: list[dict[str, str]]) -> list[Difference]:
    known = Module.objects.in_bulk(field_name="key")
    there = stock.on_hand(list(known))
    by_lot = set(Lot.objects.order_by().values_list("stock_id", flat=True).distinct())

    def read(row: dict[str, str]) -> Iterator[Difference]:
        module, mg = _known(known, row["key"]), _number(row["grams"], MG_PER_G)
        if module.key in by_lot:
            raise TableMistaken([_("This comes in lots, and each lot is counted for itself.")])
        if there.get(module.key) != mg:
            before = _shown(there[module.key], MG_PER_G) if module.key in there else ""
            yield Difference(module.key, str(module), "grams", before, _shown(mg, MG_PER_G))

    return _gathered(rows, read)


def _write_shelves(found: list[Difference], by: User, at: datetime) -> None:
    modules = Module.objects.in_bulk([each.key for each in found], field_name="key")
    for change in found:
        stock.count(
            modules[change.key], mg=_number(change.after, MG_PER_G), by=by, at=at, note=_("From a table")
        )
        shortage.look_again(change.key, at=at)
    sold_out.forget()


def _known(known: Mapping[str, Any], key: str) -> Any:
    if key not in known:
        raise TableMistaken([_("Nothing of the catalogue has this key.")])
    return known[key]


KINDS: Final[dict[str, Kind]] = {
    "modules": Kind(
        gettext_lazy("Bring in modules"),
        "configurator.change_module",
        ("key",),
        ("name_en", "name_de", "surcharge", "retired"),
        _compare_modules,
        _write_modules,
        "admin:configurator_module_changelist",
    ),
    "prices": Kind(
        gettext_lazy("Bring in prices"),
        "configurator.change_pricelist",
        ("currency", "key", "price"),
        (),
        _compare_prices,
        _write_prices,
        "admin:configurator_pricelist_changelist",
    ),
    "shelves": Kind(
        gettext_lazy("Bring in what was counted"),
        "orders.add_stockmove",
        ("key", "grams"),
        (),
        _compare_shelves,
        _write_shelves,
        "admin:orders_stock_changelist",
    ),
}
