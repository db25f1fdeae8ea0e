"""Whether a bar is the first of its kind, and of how many that could be made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from django.db.models import OuterRef, QuerySet

from configurator.catalogue.families import family_under
from configurator.domain.family import Family
from configurator.domain.possibilities import NotCounted, in_digits, in_words, possibilities
from configurator.makers import standing
from configurator.models import Creation, Design

Ours: TypeAlias = Literal["", "itself", "alike"]


@dataclass(frozen=True, slots=True)
class Kin:
    """Who has come to a bar of exactly these grams."""

    people: int
    """Those who have finished one."""
    ours: Ours
    """Whether we sell it ready, or one that differs only in its name or how it lies."""


def kin(row: Design, *, besides: str = "") -> Kin:
    finished = finished_with_recipe(row.recipe_digest).exclude(maker=besides)
    people = finished.values("maker").distinct().count()
    sold = {bar.digest for bar in standing.sold_with_recipe(row.recipe_digest)}
    return Kin(people, kinship(is_itself=row.digest in sold, is_alike=bool(sold)))


def finished_with_recipe(recipe_digest: str | OuterRef) -> QuerySet[Creation]:
    """Also for a question inside of another."""
    finished = Creation.objects.filter(design__recipe_digest=recipe_digest, finished_at__isnull=False)
    return finished.exclude(maker="")


def kinship(*, is_itself: bool, is_alike: bool) -> Ours:
    return "itself" if is_itself else "alike" if is_alike else ""


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
