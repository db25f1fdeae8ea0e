"""Whether a bar is the first of its kind, and of how many that could be made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from configurator import standing
from configurator.domain.family import Family
from configurator.domain.possibilities import NotCounted, in_digits, in_words, possibilities
from configurator.families import family_under
from configurator.models import Creation, Design


@dataclass(frozen=True, slots=True)
class Kin:
    """Who has come to a bar of exactly these grams."""

    people: int
    """Those who have finished one."""
    ours: Literal["", "itself", "alike"]
    """Whether we sell it ready, or one that differs only in its name or how it lies."""


def kin(row: Design, *, besides: str = "") -> Kin:
    finished = Creation.objects.filter(design__recipe_digest=row.recipe_digest, finished_at__isnull=False)
    people = finished.exclude(maker__in=("", besides)).values("maker").distinct().count()
    sold = {bar.digest for bar in standing.sold_with_recipe(row.recipe_digest)}
    return Kin(people, "itself" if row.digest in sold else "alike" if sold else "")


@dataclass(frozen=True, slots=True)
class Possibilities:
    words: str
    digits: str


def possible(family: Family, locale: str) -> Possibilities | None:
    """None when the rules are too entangled to be counted exactly; nothing is estimated."""
    number = _counted(family.version)
    return Possibilities(in_words(number, locale), in_digits(number, locale)) if number else None


@lru_cache(maxsize=64)
def _counted(version: str) -> int | None:
    try:
        return possibilities(family_under(version))
    except NotCounted:
        return None
