"""What the kitchen has and what a bar takes: from these two follows how many bars a day holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, TypeAlias

from orders.production.planning.changeovers import SetUps
from orders.production.planning.values import MINUTE, Day, Seconds, Temperer, Zone

PROMISED_PERCENT: Final = 85
"""Of what a day holds; the rest is for bars that fail and days that go wrong."""
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
    promised_percent: int = PROMISED_PERCENT

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

    def promised_bars(self, day: Day) -> int:
        """Of all zones together; what its temperers can do is counted for each line in seconds."""
        return min(day.hands // self.work.hands, day.cavities) * self.promised_percent // 100

    def promised_seconds(self, day: Day, zone: Zone) -> Seconds | None:
        """None for a line that nobody has described: it has no temperer that is in use."""
        there = [temperer for temperer in self.temperers if temperer.zone == zone]
        at_work = sum(1 for temperer in there if temperer.key not in day.idle)
        return at_work * day.seconds * self.promised_percent // 100 if there else None


@dataclass(frozen=True, slots=True)
class House:
    """The kitchen as it stands, whatever the day."""

    kitchen: Kitchen
    """Without a calendar."""
    usual: Day
    """One on which everybody works."""

    def day(self, on: date, most: int | None) -> Day:
        """``most``: bars that the owner wants to promise of it; none, and it is closed."""
        if most == 0:
            return Day(on, 0, 0, 0)
        cavities = self.usual.cavities
        if most is not None:
            # So many that the promised part of them is that number.
            cavities = min(cavities, -(-most * 100 // self.kitchen.promised_percent))
        return replace(self.usual, on=on, cavities=cavities)
