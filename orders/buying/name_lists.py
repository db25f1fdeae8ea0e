"""One bar for each name: a list as it was typed or uploaded, looked at as a whole before anything is put into the cart."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import StringIO
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator import designs
from configurator.catalogue.families import family_under
from configurator.catalogue.price_lists import priced
from configurator.domain.design import Design, plain_name
from configurator.domain.family import Cents
from configurator.models import Design as DesignRow
from orders.buying import cart as carts
from orders.buying import for_sale
from orders.buying.basket import prices_of_page
from orders.buying.cart import LINES_MAX, CartFull
from orders.models import Cart, CartLine
from orders.models.cart import QUANTITY_MAX
from orders.prices import billing
from orders.prices.billing import Goods
from orders.prices.volume import volume_prices

NAMES_MAX: Final = 200
BYTES_MAX: Final = 64_000
AT_ONCE: Final = 50
"""So many bars are put into the cart by one request."""
HEADS: Final = frozenset({"name", "names", "namen", "vorname", "first name", "wrapper"})
SEPARATORS: Final = (";", "\t", ",")


class ListUnreadable(Exception):
    """The message tells what is wrong with the file as a whole."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of the list, with the lines it stands on."""

    name: str
    lines: tuple[int, ...]
    quantity: int
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedBar:
    entry: Entry
    design: Design
    cents: Cents
    """Of one, before the volume price."""

    @property
    def refused(self) -> bool:
        return bool(self.entry.refusals)


@dataclass(frozen=True, slots=True)
class Looked:
    """All that is to be seen before the list goes into the cart."""

    bars: tuple[NamedBar, ...]
    sums: billing.Bill
    """Of those that fit, as if they alone were ordered."""

    @property
    def fitting(self) -> tuple[NamedBar, ...]:
        return tuple(bar for bar in self.bars if not bar.refused)

    @property
    def refused(self) -> tuple[NamedBar, ...]:
        return tuple(bar for bar in self.bars if bar.refused)

    @property
    def count(self) -> int:
        return sum(bar.entry.quantity for bar in self.fitting)

    @property
    def doubled(self) -> tuple[NamedBar, ...]:
        """Names that stand on several lines: one bar for each of them, all alike."""
        return tuple(bar for bar in self.fitting if len(bar.entry.lines) > 1)


def decoded(content: bytes) -> str:
    """A file as spreadsheets write it. Raises ListUnreadable."""
    if len(content) > BYTES_MAX:
        raise ListUnreadable(_("This file is too large for a list of names: 64 kB is the most."))
    if content.startswith((b"PK", b"%PDF", b"\xd0\xcf")):
        raise ListUnreadable(_("This is no CSV file. In your spreadsheet choose: save as CSV."))
    for encoding in (
        ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    ):
        try:
            return content.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise ListUnreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8."))


def read(text: str) -> tuple[Entry, ...]:
    """A name on each line, and how many bars after it where it is more than one. Raises ListUnreadable."""
    entries: dict[str, Entry] = {}
    for line, cells in _rows(text):
        name, quantity, refusals = _cells(cells)
        # What cannot be read stands by itself, so that each mistake is told where it is.
        key = f"{line}" if refusals else f"={name}"
        known = entries.get(key)
        lines = (*known.lines, line) if known else (line,)
        total = quantity + (known.quantity if known else 0)
        if total > QUANTITY_MAX and not refusals:
            refusals = (_("99 bars of one design is the most for one order."),)
        entries[key] = Entry(name, lines, total, refusals)
        if len(entries) > NAMES_MAX:
            raise ListUnreadable(
                _("A list holds %(most)d names. Split it, and order the rest in a second order.")
                % {"most": NAMES_MAX}
            )
    if not entries:
        raise ListUnreadable(_("Write at least one name, each on a line of its own."))
    return tuple(entries.values())


def look(design: Design, entries: Sequence[Entry], *, locale: str, at: datetime, current: str) -> Looked:
    """Each name on the wrapper of this bar. Nothing is kept yet."""
    bars = tuple(_named(design, entry, locale, at, current) for entry in entries)
    goods = [
        Goods(bar.design.digest, bar.cents, bar.entry.quantity, permille=0) for bar in bars if not bar.refused
    ]
    return Looked(bars, billing.bill(goods, (), volume_prices(on=localdate(at))))


def put(key: str, bars: Sequence[NamedBar], *, at: datetime) -> Cart:
    """Into the open cart of that key, or a new one: however often it is asked for, so many of each. Raises CartFull."""
    designs.save_all([bar.design for bar in bars])
    prices = prices_of_page(at)
    wanted = {bar.design.digest: bar for bar in bars}
    with transaction.atomic():
        cart = carts.opened(key)
        there = {line.design_id: line for line in cart.lines.filter(design__in=wanted, box=None)}
        new = [bar for digest, bar in wanted.items() if digest not in there]
        if cart.lines.count() + len(new) > LINES_MAX:
            raise CartFull(_("A cart holds %(most)d different bars.") % {"most": LINES_MAX})
        for digest, line in there.items():
            if line.quantity < wanted[digest].entry.quantity:
                line.quantity = wanted[digest].entry.quantity
                line.save(update_fields=["quantity"])
        lines = [CartLine(cart=cart, design_id=bar.design.digest, quantity=bar.entry.quantity) for bar in new]
        for line, bar in zip(lines, new, strict=True):
            line.hold(bar.cents, prices.currency, at)
        CartLine.objects.bulk_create(lines)
    return cart


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.splitlines()
    if len(lines) > 5 * NAMES_MAX:
        raise ListUnreadable(_("This list has too many lines."))
    separator = next((sign for sign in SEPARATORS if any(sign in line for line in lines)), ";")
    reader = csv.reader(StringIO("\n".join(lines)), delimiter=separator, strict=False)
    try:
        rows = [(reader.line_num, [plain_name(cell) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise ListUnreadable(_("This list cannot be read as CSV: an odd quotation mark, perhaps.")) from error
    for place, (number, cells) in enumerate(rows):
        is_head = place == 0 and cells and cells[0].casefold() in HEADS
        if any(cells) and not is_head:
            yield number, cells


def _cells(cells: Sequence[str]) -> tuple[str, int, tuple[str, ...]]:
    name, more = cells[0], [cell for cell in cells[1:] if cell]
    if not name:
        return ", ".join(more), 1, (_("The name is missing: it stands first on its line."),)
    if len(more) > 1 or (more and not _is_quantity(more[0])):
        words = _("Write the name, and after it at most how many bars, from 1 to 99.")
        return ", ".join([name, *more]), 1, (words,)
    return name, int(more[0]) if more else 1, ()


def _is_quantity(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) < 3 and int(cell) >= 1


def _named(design: Design, entry: Entry, locale: str, at: datetime, current: str) -> NamedBar:
    named = design.named(entry.name)
    cents = priced(named, family_under(named.version), locale, on=localdate(at)).total_cents
    if entry.refusals:
        return NamedBar(entry, named, cents)
    row = DesignRow(
        digest=named.digest,
        code=named.code,
        canonical=named.canonical,
        family_version_id=named.version,
        created_at=at,
    )
    row.current_version = current  # filled in beforehand, as the cart does it
    return NamedBar(replace(entry, refusals=for_sale.reasons_against(row, locale, at)), named, cents)
