"""What has run out for the moment. It stays in the catalogue and in the bars that hold it; nobody is offered it.

The apps above this one know the shelves; each says so when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

from configurator.catalogue.families import all_current_families, current_families, current_family
from configurator.domain.family import Family, Milligrams, Module, Text
from configurator.domain.rules import Excludes
from configurator.kept_briefly import KeptBriefly

RULE: Final = "sold-out:"
"""A problem that begins so goes away by itself when more has come."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    left_mg: Milligrams
    more_on: date | None = None
    """When more is expected, as far as the shop knows."""


Source: TypeAlias = Callable[[], Mapping[str, OnShelf]]

counted: Final[list[Source]] = []
"""Each tells of the modules that can run out how much is left."""


def offered_family(key: str) -> Family:
    """As the catalogue has it, without what has run out. Raises FamilyUnknown."""
    return as_offered(current_family(key))


def offered_families() -> tuple[Family, ...]:
    """The bars."""
    return tuple(map(as_offered, current_families()))


def all_offered_families() -> tuple[Family, ...]:
    """With the boxes of samples."""
    return tuple(map(as_offered, all_current_families()))


def as_offered(family: Family, *, promised: Collection[str] = ()) -> Family:
    """Under the same version: it is the same catalogue, and tomorrow the almonds are back.

    What a bar was promised already has not run out for it.
    """
    gone = tuple(
        (key, shelf.more_on)
        for key, shelf in sorted(shelves().items())
        if key in family.modules
        and key not in promised
        and shelf.left_mg < _least_mg(family.modules[key], family)
    )
    return _without(family, gone) if gone else family


def gone(family: Family) -> frozenset[str]:
    """The modules that have run out, of a family as it is offered."""
    return frozenset(rule.key.removeprefix(RULE) for rule in family.constraints if rule.key.startswith(RULE))


def words(module: str, family: Family, locale: str) -> str:
    """Why a module cannot be had now; "" when it can."""
    reasons = (rule.reason for rule in family.constraints if rule.key == f"{RULE}{module}")
    return next((reason.to(locale) for reason in reasons), "")


def forget() -> None:
    """After something has come or gone by hand."""
    shelves.forget()


def _read() -> dict[str, OnShelf]:
    return {module: shelf for source in counted for module, shelf in source().items()}


shelves: Final = KeptBriefly(_read, seconds=lambda: settings.SHELVES_SECONDS)


def _least_mg(module: Module, family: Family) -> Milligrams:
    """What the smallest dose that is offered takes, or a bar of the base that is as full as can be; of a
    sample a whole bag."""
    if module.kind == "sample":
        return module.dose_mg
    if module.kind == "base":
        return family.net_mg * (1000 - family.inclusions_max_permille) // 1000
    return (family.usual_dose(module) + 1) // 2


@lru_cache(maxsize=64)
def _without(family: Family, gone: tuple[tuple[str, date | None], ...]) -> Family:
    """A rule that lets a module stand beside nothing, not even itself, bars it and says why.

    These come first: when several rules bar a module, this is the one that tells the customer to come back.
    """
    barred = (Excludes(f"{RULE}{key}", (key,), (key,), _reason(family.modules[key], on)) for key, on in gone)
    return replace(family, constraints=(*barred, *family.constraints))


def _reason(module: Module, more_on: date | None) -> Text:
    english = f"{module.name.en}: sold out at the moment."
    german = f"{module.name.de}: zurzeit ausverkauft."
    if more_on is None:
        return Text(english, german)
    return Text(
        f"{english} We expect more on {_day(more_on, 'en')}.",
        f"{german} Nachschub erwarten wir am {_day(more_on, 'de')}.",
    )


def _day(day: date, locale: str) -> str:
    with override(locale):
        return date_format(day, "DATE_FORMAT")
