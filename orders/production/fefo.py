"""First expired, first out: which lots to take from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from configurator.domain.family import Milligrams


@dataclass(frozen=True, slots=True)
class OnShelfLot:
    """What is left of a lot. One that is blocked is not on the shelf."""

    code: str
    best_before: date
    received_at: datetime
    mg: Milligrams
    traces: frozenset[str] = frozenset()
    """Allergens that it may contain beyond its module."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    code: str
    mg: Milligrams


def suggest(
    lots: Iterable[OnShelfLot], need: Milligrams, today: date, named: AbstractSet[str] | None = None
) -> tuple[Suggestion, ...]:
    """What expires first, and of two that expire together what came first. Less than the need when there is less.

    ``named`` is what the label of the bar speaks of: a lot that may contain anything else is passed over. None where
    it is for no bar.
    """
    return tuple(_taken(sorted(_usable(lots, today, named), key=_first), need))


def _usable(lots: Iterable[OnShelfLot], today: date, named: AbstractSet[str] | None) -> Iterator[OnShelfLot]:
    there = (lot for lot in lots if lot.mg > 0 and lot.best_before >= today)
    return there if named is None else (lot for lot in there if lot.traces <= named)


def _first(lot: OnShelfLot) -> tuple[date, datetime, str]:
    return lot.best_before, lot.received_at, lot.code


def _taken(lots: Iterable[OnShelfLot], need: Milligrams) -> Iterator[Suggestion]:
    for lot in lots:
        mg = min(lot.mg, need)
        if mg <= 0:
            return
        need -= mg
        yield Suggestion(lot.code, mg)
