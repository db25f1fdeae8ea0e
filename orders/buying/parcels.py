"""Who gets what: the units of a cart shared out over parcels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from configurator.domain.family import Cents, Milligrams
from orders.buying.basket import Bars, Basket, Box

RECIPIENTS_MAX: Final = 20

_Part = TypeVar("_Part", Bars, Box)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a parcel, and how."""

    name: str
    street: str
    extra: str
    postcode: str
    city: str
    country: str
    gift_message: str = ""
    hide_prices: bool = True
    wish_on: date | None = None
    method: str = ""
    """Empty: the cheapest that is offered."""
    units: Mapping[str, int] = field(default_factory=dict, hash=False)
    """How many of each unit; empty: all that is left."""

    @property
    def address(self) -> dict[str, str]:
        names = ("name", "street", "extra", "postcode", "city", "country")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Unit:
    """What can be given to one person or another, but not be torn apart: a bar, or a whole box."""

    key: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in one parcel."""

    bars: tuple[tuple[Bars, int], ...]
    """Loose ones."""
    boxes: tuple[tuple[Box, int], ...]

    @property
    def each(self) -> Iterator[tuple[Bars, int]]:
        """All bars with their numbers, loose or in boxes."""
        yield from self.bars
        for box, number in self.boxes:
            for bars in box.bars:
                yield bars, bars.per_box * number

    @property
    def net_mg(self) -> Milligrams:
        return sum(bars.each_mg * number for bars, number in self.each)

    @property
    def count(self) -> int:
        return sum(number for _bars, number in self.each)

    @property
    def list_cents(self) -> Cents:
        loose = sum(bars.unit_cents * number for bars, number in self.bars)
        return loose + sum(box.unit_cents * number for box, number in self.boxes)

    @property
    def all_bars(self) -> tuple[Bars, ...]:
        return tuple(bars for bars, _number in self.each)


def units(basket: Basket) -> tuple[Unit, ...]:
    loose = (Unit(key_of(line), line.design.name, line.quantity) for line in basket.loose)
    return (*loose, *(Unit(key_of(box), box.name, box.quantity) for box in basket.boxes))


def undealt(basket: Basket, recipients: Sequence[Recipient]) -> tuple[tuple[Unit, int], ...]:
    """Units of which more or fewer are given out than there are, and how many are given out."""
    if _everything_to_one(recipients):
        return ()
    dealt = Counter[str]()
    for recipient in recipients:
        dealt.update(recipient.units)
    return tuple((unit, dealt[unit.key]) for unit in units(basket) if dealt[unit.key] != unit.quantity)


def contents(basket: Basket, recipients: Sequence[Recipient]) -> tuple[Contents, ...]:
    if _everything_to_one(recipients):
        return (Contents(_whole(basket.loose), _whole(basket.boxes)),)
    return tuple(_of(basket, recipient.units) for recipient in recipients)


def _everything_to_one(recipients: Sequence[Recipient]) -> bool:
    return len(recipients) == 1


def _whole(parts: Iterable[_Part]) -> tuple[tuple[_Part, int], ...]:
    return tuple((part, part.quantity) for part in parts)


def _of(basket: Basket, wanted: Mapping[str, int]) -> Contents:
    return Contents(
        tuple((line, wanted[key_of(line)]) for line in basket.loose if wanted.get(key_of(line))),
        tuple((box, wanted[key_of(box)]) for box in basket.boxes if wanted.get(key_of(box))),
    )


def key_of(part: Bars | Box) -> str:
    return f"b{part.box_id}" if isinstance(part, Box) else f"l{part.line_id}"
