"""The rate files → rows, each mistake named by file, line and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import models, transaction

from orders.models.rates import TaxClass, VatRate, VolumePrice
from orders.prices.tax import kept_rates
from orders.prices.volume import kept_prices

DATA: Final = Path(__file__).parent / "data"

Rate = TypeVar("Rate", bound=models.Model)
Value = TypeVar("Value")
Dated = TypeVar("Dated", VatRate, VolumePrice)


class RateFileWrong(ValueError):
    """A cell cannot be read; the message says where and why."""


class Row:
    def __init__(self, place: str, cells: dict[str, str]) -> None:
        self.place = place
        self.cells = cells

    def read(self, column: str, read: Callable[[str], Value], rule: str) -> Value:
        cell = (self.cells.get(column) or "").strip()
        try:
            return read(cell)
        except (ValueError, re.error):
            raise RateFileWrong(f"{self.place}, column {column}: {cell!r} is not {rule}.") from None

    def country(self) -> str:
        return self.read("country", _country, "a country of two capital letters")

    def text(self, column: str) -> str:
        return self.read(column, _filled, "a text")

    def number(self, column: str) -> int:
        return self.read(column, int, "a whole number")

    def number_or_none(self, column: str) -> int | None:
        return self.read(column, lambda cell: int(cell) if cell else None, "a whole number, or nothing")

    def day(self, column: str) -> date:
        return self.read(column, date.fromisoformat, "a day like 2026-01-31")


@transaction.atomic
def load(folder: Path = DATA) -> tuple[int, int]:
    """Make the tables say what the files say. Orders hold copies, so old rows may go."""
    vat = [_vat_rate(row) for row in rows(folder / "vat_rates.csv")]
    volume = [_volume_price(row) for row in rows(folder / "volume_prices.csv")]
    _check_one_at_a_time(vat, lambda rate: (rate.country, rate.tax_class), "vat_rates.csv")
    _check_one_at_a_time(volume, lambda price: (price.from_bars,), "volume_prices.csv")
    _replace(VatRate, vat)
    _replace(VolumePrice, volume)
    kept_rates.forget()
    kept_prices.forget()
    return len(vat), len(volume)


def _replace(model: type[Rate], rates: list[Rate]) -> None:
    model._default_manager.all().delete()  # noqa: SLF001  # the documented name for generic code
    model._default_manager.bulk_create(rates)  # noqa: SLF001


def rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Row(f"{file.name} row for {next(iter(cells.values())) or '?'}", cells)
            for cells in csv.DictReader(lines)
        ]


def _vat_rate(row: Row) -> VatRate:
    return VatRate(
        country=row.country(),
        tax_class=row.read("tax_class", lambda cell: TaxClass(cell).value, "a tax class"),
        permille=row.number("permille"),
        valid_from=row.day("valid_from"),
        valid_until=row.day("valid_until") if row.cells["valid_until"] else None,
        source=row.text("source"),
        to_confirm=(row.cells.get("to_confirm") or "").strip(),
    )


def _volume_price(row: Row) -> VolumePrice:
    return VolumePrice(
        from_bars=row.number("from_bars"),
        permille_off=row.number("permille_off"),
        valid_from=row.day("valid_from"),
        valid_until=row.day("valid_until") if row.cells["valid_until"] else None,
    )


def _check_one_at_a_time(rows: list[Dated], subject: Callable[[Dated], tuple[Any, ...]], file: str) -> None:
    """On any day there is one answer at most."""
    before: dict[tuple[Any, ...], date | None] = {}
    for row in sorted(rows, key=lambda row: (*subject(row), row.valid_from)):
        ends = before.get(subject(row), date.min)
        if ends is None or row.valid_from <= ends:
            named = ", ".join(str(part) for part in subject(row))
            raise RateFileWrong(f"{file} rows for {named}: from {row.valid_from} on two of them hold.")
        before[subject(row)] = row.valid_until


def _country(cell: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", cell):
        raise ValueError(cell)
    return cell


def _filled(cell: str) -> str:
    if not cell:
        raise ValueError(cell)
    return cell
