"""One day while it is filled: on which temperer a bar costs least, and how many of its kind still fit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from orders.production.planning.changeovers import IMPOSSIBLE
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.sequence import EXCHANGES, improved, sequence
from orders.production.planning.values import Bar, Day, Kind, Left, Run, Seconds, Shift, Temperer


class FilledShift:
    """A temperer's day; runs that have begun stand first, and nothing is put among them."""

    def __init__(
        self, day: Day, temperer: Temperer, kitchen: Kitchen, held: Iterable[Run], *, first: bool
    ) -> None:
        self.day, self.temperer, self._kitchen = day, temperer, kitchen
        held = tuple(held)
        self.begun = tuple(run for run in held if run.running)
        self.left = _left(self.begun, temperer, first=first)
        self.bars: dict[Kind, list[Bar]] = {}
        self._path: list[Kind] = []
        self._pinned = {run.kind: run.key for run in held if not run.running}
        self._seconds = sum(run.seconds for run in self.begun)
        for run in held:
            if not run.running:
                self._keep(run)

    @property
    def seconds(self) -> Seconds:
        return self._seconds

    @property
    def is_empty(self) -> bool:
        return not (self._path or self.begun)

    def has(self, kind: Kind) -> bool:
        return kind in self.bars

    def set_up(self, kind: Kind) -> Seconds:
        """What one bar of the kind would add."""
        return 0 if kind in self.bars else self._cheapest(kind)[0]

    def room(self, kind: Kind, bars: int) -> int:
        """How many of so many bars still fit."""
        free = self.day.seconds - self._seconds - self.set_up(kind)
        work, here = self._kitchen.work, len(self.bars.get(kind, ()))
        before = work.seconds(here)
        return bisect_right(range(1, bars + 1), free, key=lambda more: work.seconds(here + more) - before)

    def take(self, kind: Kind, bars: Sequence[Bar]) -> None:
        if kind not in self.bars:
            more, place = self._cheapest(kind)
            self._path.insert(place, kind)
            self.bars[kind] = []
            self._seconds += more
        self._add(kind, bars)

    def finished(self, *, closely: bool) -> Shift:
        path = self._best_path(closely=closely)
        set_ups = self._kitchen.set_ups.each(path, left=self.left)
        runs = [
            Run(
                kind,
                tuple(sorted(self.bars[kind], key=_inside_a_run)),
                set_up,
                self._kitchen.work.seconds(len(self.bars[kind])),
                pinned=kind in self._pinned,
                key=self._pinned.get(kind, 0),
            )
            for kind, set_up in zip(path, set_ups, strict=True)
        ]
        return Shift(self.day, self.temperer, (*self.begun, *runs))

    def _best_path(self, *, closely: bool) -> tuple[Kind, ...]:
        set_ups, left = self._kitchen.set_ups, self.left
        grown = improved(self._path, set_ups, left=left, fixed=self._pinned)
        if self._pinned:
            return grown
        from_wheel = sequence(self._path, set_ups, left=left, exchanges=EXCHANGES if closely else 0)
        return min(from_wheel, grown, key=lambda path: set_ups.along(path, left=left))

    def _keep(self, run: Run) -> None:
        """As it was put, whatever it costs: whoever put it there was told."""
        if run.kind not in self.bars:
            before = self._kitchen.set_ups.along(self._path, left=self.left)
            self._path.append(run.kind)
            self.bars[run.kind] = []
            self._seconds += self._kitchen.set_ups.along(self._path, left=self.left) - before
        self._add(run.kind, run.bars)

    def _add(self, kind: Kind, bars: Sequence[Bar]) -> None:
        work, here = self._kitchen.work, self.bars[kind]
        before = work.seconds(len(here))
        here.extend(bars)
        self._seconds += work.seconds(len(here)) - before

    def _cheapest(self, kind: Kind) -> tuple[Seconds, int]:
        return min((more, place) for place, more in enumerate(self._insertions(kind)))

    def _insertions(self, kind: Kind) -> Iterator[Seconds]:
        set_ups, path, left = self._kitchen.set_ups, self._path, self.left
        if not path:
            yield set_ups.opening(left, kind)
            return
        was = set_ups.opening(left, path[0])
        yield set_ups.opening(left, kind) + set_ups.between(kind, path[0]) - was
        for before, after in pairwise(path):
            was = set_ups.between(before, after)
            yield set_ups.between(before, kind) + set_ups.between(kind, after) - was
        yield set_ups.between(path[-1], kind)


class FilledDay:
    """All temperers of a day; hands, moulds and cooling are shared."""

    def __init__(self, day: Day, kitchen: Kitchen, held: Iterable[Shift], *, first: bool) -> None:
        runs = {shift.temperer.key: shift.runs for shift in held}
        self.day = day
        self._kitchen = kitchen
        self.shifts = [
            FilledShift(day, temperer, kitchen, runs.get(temperer.key, ()), first=first)
            for temperer in kitchen.temperers
            if temperer.key in runs or temperer.key not in day.idle
        ]
        taken = sum(len(run.bars) for of_temperer in runs.values() for run in of_temperer)
        self._room = min(day.hands // kitchen.work.hands, day.cavities) - taken

    def has(self, kind: Kind) -> bool:
        return any(shift.has(kind) for shift in self.shifts)

    def put(self, bars: list[Bar], *, most: int | None = None) -> int:
        """Bars of one kind, taken from the end of the list as far as they fit. The answer: how many."""
        kind, placed = bars[-1].kind, 0
        wanted = len(bars) if most is None else min(most, len(bars))
        for shift in self._by_cost(kind):
            fitting = min(shift.room(kind, wanted - placed), self._room)
            if fitting > 0:
                self._take(shift, bars, fitting)
                placed += fitting
        return placed

    def put_alone(self, bars: list[Bar]) -> int:
        """One bar for which the day is too short even if nothing else is made on it."""
        kind = bars[-1].kind
        shifts = [shift for shift in self._by_cost(kind) if shift.set_up(kind) < IMPOSSIBLE]
        if not (shifts and self.day.hands and self.day.cavities) or any(not s.is_empty for s in self.shifts):
            return 0
        self._take(shifts[0], bars, 1)
        return 1

    def finished(self, *, closely: bool) -> Iterator[Shift]:
        for shift in self.shifts:
            if not shift.is_empty:
                yield shift.finished(closely=closely)

    def _take(self, shift: FilledShift, bars: list[Bar], number: int) -> None:
        shift.take(bars[-1].kind, bars[-number:])
        del bars[-number:]
        self._room -= number

    def _by_cost(self, kind: Kind) -> list[FilledShift]:
        here = [
            shift
            for shift in self.shifts
            if shift.temperer.zone == kind.zone and shift.temperer.key not in self.day.idle
        ]
        return sorted(
            here,
            key=lambda shift: (shift.set_up(kind), not shift.has(kind), shift.seconds, shift.temperer.key),
        )


def _left(begun: Sequence[Run], temperer: Temperer, *, first: bool) -> Left | None:
    if begun:
        return Left(begun[-1].kind, same_day=True)
    return temperer.left if first else None


def _inside_a_run(bar: Bar) -> tuple[int, list[str], bool, int, int]:
    """More and more allergens; among equals remakes and what is due first."""
    return len(bar.contains), sorted(bar.contains), not bar.remake, bar.due.toordinal(), bar.key
