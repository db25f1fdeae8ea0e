"""What a plan is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, TypeAlias

Seconds: TypeAlias = int
Zone: TypeAlias = Literal["F", "O", ""]
"""Of the floor; none for what no temperer is needed for."""
Allergens: TypeAlias = frozenset[str]

MINUTE: Final[Seconds] = 60
NOTHING: Final[Allergens] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """Bars between which nothing has to be set up: of one base, under one declaration, in one zone."""

    base: str
    zone: Zone
    declared: Allergens = NOTHING
    """What they contain and what their label says they may contain: all that may cling to a temperer
    before them, and the most that can cling to it after them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar to be made."""

    key: int
    kind: Kind
    due: date
    """The day it must leave the house."""
    remake: bool = False
    """Takes the place of one that failed, and goes first."""
    contains: Allergens = NOTHING


@dataclass(frozen=True, slots=True)
class Left:
    """What is in a temperer before the runs that are put in order."""

    kind: Kind
    same_day: bool = False
    """Of a run of this very day; then the courses go on from it."""


@dataclass(frozen=True, slots=True)
class Temperer:
    key: str
    zone: Zone
    left: Left | None = None
    """What is in it as the first day begins, if it is not clean."""


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    seconds: Seconds
    """Of one temperer; 0 when nobody works."""
    hands: Seconds
    """Of all people together."""
    cavities: int
    """Bars that moulds and cooling can take on that day."""
    idle: frozenset[str] = frozenset()
    """Temperers that stand still."""


@dataclass(frozen=True, slots=True)
class Run:
    """Bars of one kind, one after the other, on one temperer."""

    kind: Kind
    bars: tuple[Bar, ...]
    set_up: Seconds
    work: Seconds
    running: bool = False
    """It has begun: nothing about it changes any more."""
    pinned: bool = False
    """Somebody has put it there: it keeps its day, its temperer and its order among such runs."""
    key: int = 0
    """Of whoever writes it down; a run that has begun or was pinned keeps it."""

    @property
    def seconds(self) -> Seconds:
        return self.set_up + self.work


@dataclass(frozen=True, slots=True)
class Shift:
    """A temperer's day."""

    day: Day
    temperer: Temperer
    runs: tuple[Run, ...] = ()

    @property
    def set_up(self) -> Seconds:
        return sum(run.set_up for run in self.runs)

    @property
    def seconds(self) -> Seconds:
        return sum(run.seconds for run in self.runs)

    @property
    def bars(self) -> int:
        return sum(len(run.bars) for run in self.runs)

    def holding(self, *runs: Run) -> Shift:
        return replace(self, runs=runs)


@dataclass(frozen=True, slots=True)
class Plan:
    shifts: tuple[Shift, ...] = ()
    """By day, then by temperer; those without a run are left away."""
    waiting: tuple[Bar, ...] = ()
    """For whom there is no temperer, or no day as far as the calendar goes. Never silently."""

    @property
    def set_up(self) -> Seconds:
        return sum(shift.set_up for shift in self.shifts)

    @property
    def late(self) -> int:
        """Bars that are made after the day they should have left."""
        return sum(bar.due < shift.day.on for shift in self.shifts for run in shift.runs for bar in run.bars)

    @property
    def made_on(self) -> dict[int, date]:
        return {bar.key: shift.day.on for shift in self.shifts for run in shift.runs for bar in run.bars}

    @property
    def last_day(self) -> date | None:
        return self.shifts[-1].day.on if self.shifts else None
