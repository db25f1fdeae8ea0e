"""What the zone of a bar means for whoever looks at it, and the way into zone F."""

from __future__ import annotations

from dataclasses import dataclass

from configurator.designs import Review
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.edits import Edit, OnBase, Removing, edited, written
from configurator.domain.family import Family, Module
from configurator.domain.label.allergens import precaution, supplied
from configurator.domain.label.contents import contents
from configurator.domain.label.zones import FREE, freeing
from configurator.rendering.solids import hex_colour


@dataclass(frozen=True, slots=True)
class WayToFree:
    """What to change so that the bar can be made in zone F."""

    without: tuple[str, ...]
    """Names of what it has to do without; the base first."""
    base: str
    """Name of the base that takes the place of its own, or ""."""
    edits: str
    """For one press in the studio."""
    precaution: str
    """What the label would then still warn of, or ""."""


@dataclass(frozen=True, slots=True)
class ZoneNote:
    is_free: bool
    precaution: str
    way: WayToFree | None


def zone_note(review: Review) -> ZoneNote:
    is_free = review.label.zone == FREE
    offered = review.design.base and not is_free
    return ZoneNote(
        is_free=is_free,
        precaution=review.label.precaution,
        way=_way(review.design, review.family, review.locale) if offered else None,
    )


def _way(design: Design, family: Family, locale: str) -> WayToFree | None:
    """On its own base, or on the nearest that breaks no rule that is kept now; None where all would."""
    strange = freeing(design, family)
    old = family.modules[design.base] if design.base in strange else None
    broken = {problem.rule for problem in problems(design, family, locale)}
    for base in _free_bases(old, family) if old else (None,):
        edits = tuple(_edits(design, family, base))
        freed = edited(design, edits, family)
        if all(problem.rule in broken for problem in problems(freed, family, locale)):
            return WayToFree(
                without=tuple(family.modules[key].name.to(locale) for key in strange),
                base=base.name.to(locale) if base else "",
                edits=written(edits),
                precaution=precaution(supplied(contents(freed, family)), locale),
            )
    return None


def _edits(design: Design, family: Family, base: Module | None) -> list[Edit]:
    strange = set(freeing(design, family))
    removed: list[Edit] = [
        Removing(choice.slot, choice.module) for choice in design.choices if choice.module in strange
    ]
    return [OnBase(family.base_slot.key, base.key), *removed] if base else removed


def _free_bases(old: Module, family: Family) -> list[Module]:
    """Those first that look most like it."""
    free = [
        module for module in family.seats[family.base_slot.key] if module.free_zone and not module.retired
    ]
    return sorted(free, key=lambda module: _distance(module.colour, old.colour))


def _distance(one: str, other: str) -> int:
    return sum((a - b) ** 2 for a, b in zip(hex_colour(one), hex_colour(other), strict=True))
