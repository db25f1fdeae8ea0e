"""Orders as a table for other programs: CSV, row by row as it is read, or XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, Final

import xlsxwriter
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Order

ROWS_MOST: Final = 20_000
AT_ONCE: Final = 500
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet begins to calculate at."""

Cell = str | int | Decimal | datetime


def headings() -> list[str]:
    return [
        *(_("number"), _("ordered"), _("paid"), _("payment"), _("name"), _("e-mail address"), _("country")),
        *(
            _("currency"),
            _("goods"),
            _("shipping"),
            _("total"),
            _("included VAT"),
            _("given back"),
            _("bars"),
        ),
    ]


def rows(orders: QuerySet[Order]) -> Iterator[list[Cell]]:
    """Read in portions, so that a year of orders needs no more memory than a day of them."""
    last = None
    wanted = orders.order_by("-pk")
    while portion := list((wanted if last is None else wanted.filter(pk__lt=last))[:AT_ONCE]):
        last = portion[-1].pk
        yield from map(_row, portion, _bars(portion), _given_back(portion))


def as_csv(table: Iterable[list[Cell]]) -> Iterator[bytes]:
    """With a mark at its beginning by which spreadsheets know that it is UTF-8."""
    write = csv.writer(_Echo(), lineterminator="\r\n").writerow
    yield b"\xef\xbb\xbf" + write(headings())
    for row in table:
        yield write([_harmless(cell) for cell in row])


def as_xlsx(table: Iterable[list[Cell]]) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(_("orders").capitalize())
    day, sum_, bold = (
        book.add_format(form)
        for form in ({"num_format": "yyyy-mm-dd hh:mm"}, {"num_format": "0.00"}, {"bold": True})
    )
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings()), 16)
    sheet.write_row(0, 0, headings(), bold)
    for place, row in enumerate(table, 1):
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell, day, sum_)
    book.close()
    file.seek(0)
    return file


def _row(order: Order, bars: int, given_back: int) -> list[Cell]:
    vat = sum(rate["vat_cents"] for rate in order.vat)
    return [
        *(order.number, timezone.localtime(order.placed_at)),
        timezone.localtime(order.paid_at) if order.paid_at else "",
        *(str(order.get_payment_state_display()), order.name, order.email, order.country, order.currency),
        *map(_euros, (order.goods_cents, order.shipping_cents, order.total_cents, vat, given_back)),
        bars,
    ]


def _bars(portion: list[Order]) -> list[int]:
    counted = dict(
        Order.objects.filter(pk__in=[order.pk for order in portion])
        .order_by()
        .values_list("pk")
        .annotate(bars=Sum("lines__quantity", filter=Q(lines__instead_of=None)))
    )
    return [counted.get(order.pk) or 0 for order in portion]


def _given_back(portion: list[Order]) -> list[int]:
    """What has left for good, by the ledger."""
    gone = Order.objects.filter(
        pk__in=[order.pk for order in portion], entries__kind__in=["refund", "refund_failure"]
    )
    counted = dict(gone.order_by().values_list("pk").annotate(Sum("entries__cents")))
    return [-(counted.get(order.pk) or 0) for order in portion]


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _harmless(cell: Cell) -> str:
    """A name that begins like a formula is a name all the same."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return str(cell)


def _write(sheet: Any, place: int, column: int, cell: Cell, day: Any, sum_: Any) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(place, column, cell, day)
    elif isinstance(cell, Decimal):
        sheet.write_number(place, column, cell, sum_)
    elif isinstance(cell, int):
        sheet.write_number(place, column, cell)
    else:
        sheet.write_string(place, column, cell)


class _Echo:
    """csv wants a file; what it would write is what it hands back."""

    def write(self, line: str) -> bytes:
        return line.encode()
