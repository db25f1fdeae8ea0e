"""One line of a catalogue file; reading a wrong cell says where it stands."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path


class CatalogueMistaken(ValueError):
    """A row of the catalogue that must not be sold from; the message names row and column."""


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Cells:
    def __init__(self, file: str, number: int, cells: dict[str, str]) -> None:
        self.file, self.number, self.cells = file, number, cells

    def mistake(self, column: str, words: str) -> CatalogueMistaken:
        return CatalogueMistaken(
            f"{self.file}, row {self.number} ({self.cells.get('key', '?')}), column {column}: {words}"
        )

    def text(self, column: str) -> str:
        try:
            return (self.cells[column] or "").strip()
        except KeyError:
            raise self.mistake(column, "the column is missing.") from None

    def needed(self, column: str) -> str:
        return self.text(column) or self._empty(column)

    def _empty(self, column: str) -> str:
        raise self.mistake(column, "must not be empty.")

    def number_of(self, column: str) -> Decimal:
        written = self.text(column) or "0"
        try:
            number = Decimal(written)
        except InvalidOperation:
            raise self.mistake(column, f"“{written}” is not a number.") from None
        if not number.is_finite() or number < 0:
            raise self.mistake(column, f"“{written}” must be 0 or more.")
        return number

    def whole(self, column: str, factor: int) -> int:
        """The number in a smaller unit, which must come out whole."""
        scaled = self.number_of(column) * factor
        if scaled != scaled.to_integral_value():
            raise self.mistake(column, f"“{self.text(column)}” has too many decimals.")
        return int(scaled)

    def yes(self, column: str) -> bool:
        written = self.text(column)
        if written not in {"y", "n", "check"}:
            raise self.mistake(column, f"“{written}” must be y, n or check.")
        return written == "y"

    def words(self, column: str) -> list[str]:
        return [word for word in self.text(column).split(";") if word]

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        written = self.text(column)
        if written not in allowed:
            raise self.mistake(column, f"“{written}” must be one of: {', '.join(allowed)}.")
        return written

    def size(self, column: str) -> tuple[int, int, int]:
        """Millimetres as ``22x12x8`` → tenths; films thinner than that count as one tenth."""
        written = self.text(column)
        if not written:
            return (0, 0, 0)
        try:
            length, width, height = (Decimal(side) for side in written.split("x"))
        except (InvalidOperation, ValueError):
            raise self.mistake(column, f"“{written}” must look like 22x12x8.") from None
        if min(length, width, height) <= 0:
            raise self.mistake(column, f"“{written}”: every side must be above 0.")
        return _tenths(length), _tenths(width), _tenths(height)


def _tenths(mm: Decimal) -> int:
    return max(1, int((mm * 10).to_integral_value()))
