"""What the kitchen has and what a bar takes: from these two follows how many bars a day holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from orders.production.planning.changeovers import SetUps
from orders.production.planning.values import MINUTE, Day, Seconds, Temperer, Zone

Bottleneck: TypeAlias = Literal["temperers", "hands", "cavities"]


@dataclass(frozen=True, slots=True)
class Work:
    """What one bar takes, as figures of the kitchen."""

    bar: Seconds = 45
    lot: Seconds = 3 * MINUTE
    """Once for every started lot of a run."""
    bars_in_lot: int = 24
    hands: Seconds = 252
    """Of people, for one bar from its cup to its parcel: two of them make 200 in seven hours."""
    usual_set_up: Seconds = 102 * MINUTE
    """Of one temperer on a day with six bases; to say how many bars a day holds before it is planned."""
    ahead_days: int = 3
    """Nothing is made more working days before it leaves, unless it could not be made in time otherwise."""

    def seconds(self, bars: int) -> Seconds:
        return bars * self.bar + -(-bars // self.bars_in_lot) * self.lot

    @property
    def usual_bar(self) -> float:
        """Seconds, with its share of a lot."""
        return self.bar + self.lot / self.bars_in_lot


@dataclass(frozen=True, slots=True)
class Limits:
    """So many bars a day, as far as each of the three goes."""

    temperers: int
    hands: int
    cavities: int

    @property
    def bars(self) -> int:
        return min(self.temperers, self.hands, self.cavities)

    @property
    def bottleneck(self) -> Bottleneck:
        named: dict[Bottleneck, int] = {
            "hands": self.hands,
            "temperers": self.temperers,
            "cavities": self.cavities,
        }
        return min(named, key=lambda name: named[name])


@dataclass(frozen=True, slots=True)
class Kitchen:
    days: tuple[Day, ...]
    """By date; as far as the calendar goes."""
    temperers: tuple[Temperer, ...]
    work: Work = field(default_factory=Work)
    set_ups: SetUps = field(default_factory=SetUps)

    def limits(self, day: Day) -> Limits:
        """Before anything is planned: with the usual set-up, and one change of base less for each more temperer."""
        by_zone = sum(self.of_zone(day, zone) for zone in sorted({t.zone for t in self.temperers}))
        return Limits(by_zone, day.hands // self.work.hands, day.cavities)

    def of_zone(self, day: Day, zone: Zone) -> int:
        """Bars, for its temperers alone."""
        at_work = sum(1 for _temperer in self.at_work(day, zone))
        set_up = max(0, self.work.usual_set_up - (at_work - 1) * self.set_ups.base) if at_work else 0
        return int(max(0, at_work * day.seconds - set_up) / self.work.usual_bar)

    def at_work(self, day: Day, zone: Zone | None = None) -> Iterator[Temperer]:
        for temperer in self.temperers:
            if temperer.key not in day.idle and zone in {None, temperer.zone}:
                yield temperer
