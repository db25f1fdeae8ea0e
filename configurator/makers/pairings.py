"""What goes with a module, and why: what people combine, counted, and what our chocolatiers say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils import timezone

from configurator.catalogue.cells import Cells, lines
from configurator.catalogue.files import FOLDER
from configurator.domain.design import Design, from_canonical
from configurator.domain.family import Family, Module, Text
from configurator.domain.pairings import Habit, Tally, possible_together, tally
from configurator.makers import standing
from configurator.models import Creation

SHOWN: Final = 6
NEWEST: Final = 5000
"""Finished bars that are counted: tastes change, and older ones say less."""

MOST_KEPT: Final = 8192

# Counted once a day, for each module, version and language.
_FOUND: dict[tuple[date, str, str, str], tuple[Pairing, ...]] = {}


@dataclass(frozen=True, slots=True)
class Pairing:
    """``module`` goes well with the one that was asked about."""

    module: str
    name: str
    reason: str
    n: int
    """Bars in which they are together; 0 when a chocolatier says so."""
    of: int = 0
    """Bars that were looked at."""


def goes_with(module: str, family: Family, locale: str) -> tuple[Pairing, ...]:
    """The most convincing first; only what can be chosen, and together with the module."""
    asked = (timezone.localdate(), family.version, module, locale)
    if asked not in _FOUND:
        if len(_FOUND) >= MOST_KEPT:
            _FOUND.clear()
        _FOUND[asked] = _found(module, family, locale)
    return _FOUND[asked]


def liked(family: Family) -> dict[str, frozenset[str]]:
    """Module → what our chocolatiers like beside it, of what can be chosen."""
    pairs = [pair for pair in _curated() if all(_can_be_chosen(module, family) for module in pair)]
    return {one: frozenset(other for first, other in pairs if first == one) for one, _ in pairs}


def recount() -> None:
    """Counted once a day; this forgets today's counts."""
    _counted.cache_clear()
    _FOUND.clear()


def _found(key: str, family: Family, locale: str) -> tuple[Pairing, ...]:
    if not _can_be_chosen(key, family):
        return ()
    found: dict[str, Pairing] = {}
    for pairing in _convincing(key, family, locale):
        partner = family.modules[pairing.module]
        if pairing.module not in found and possible_together(family.modules[key], partner, family):
            found[pairing.module] = pairing
        if len(found) == SHOWN:
            break
    return tuple(found.values())


def _convincing(key: str, family: Family, locale: str) -> Iterator[Pairing]:
    """What people do has been tried; what chocolatiers say covers what nobody has tried yet."""
    module = family.modules[key]
    for habit in _counted(timezone.localdate()).habits(key):
        if _can_be_chosen(habit.module, family):
            yield _as_counted(habit, module, family.modules[habit.module], locale)
    for (one, other), reason in _curated().items():
        if one == key and _can_be_chosen(other, family):
            name = family.modules[other].name.to(locale)
            yield Pairing(other, name, _chocolatier(reason).to(locale), n=0)


def _can_be_chosen(key: str, family: Family) -> bool:
    return key in family.modules and not family.modules[key].retired


def _as_counted(habit: Habit, module: Module, other: Module, locale: str) -> Pairing:
    reason = Text(
        f"in {habit.together} of {habit.bars} bars with {module.name.en}",
        f"in {habit.together} von {habit.bars} Tafeln mit {module.name.de}",
    )
    return Pairing(other.key, other.name.to(locale), reason.to(locale), habit.together, habit.bars)


def _chocolatier(reason: Text) -> Text:
    return Text(f"our chocolatier: {reason.en}", f"unsere Chocolatière: {reason.de}")


@lru_cache(maxsize=2)
def _counted(day: date) -> Tally:
    return tally(design.modules for design in (*_finished(), *_sold()))


def _finished() -> Iterator[Design]:
    """Each recipe once for each maker: who likes to finish bars has no more say than others."""
    rows = (
        Creation.objects.filter(finished_at__isnull=False)
        .order_by("-finished_at", "key")
        .values_list("maker", "design__recipe_digest", "design__canonical")[:NEWEST]
    )
    recipes = {(maker, recipe): canonical for maker, recipe, canonical in rows}
    yield from map(from_canonical, recipes.values())


def _sold() -> Iterator[Design]:
    """The ready bars."""
    for source in standing.on_sale:
        yield from (row.value for row in source())


@lru_cache(maxsize=1)
def _curated() -> dict[tuple[str, str], Text]:
    """Both ways round."""
    said: dict[tuple[str, str], Text] = {}
    for number, line in enumerate(lines(FOLDER / "pairings.csv"), start=2):
        row = Cells("pairings.csv", number, line)
        reason = Text(row.needed("reason_en"), row.needed("reason_de"))
        for one in row.needed("one").split():
            for other in row.needed("with").split():
                said.setdefault((one, other), reason)
                said.setdefault((other, one), reason)
    return said
