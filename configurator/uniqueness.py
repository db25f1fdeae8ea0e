"""Whether a bar is the first of its kind, and of how many that could be made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from configurator import standing
from configurator.domain.family import Family
from configurator.domain.possibilities import NotCounted, in_digits, in_words, possibilities
from configurator.families import family_under
from configurator.models import Creation


def makers(recipe_digest: str, *, besides: str = "") -> int:
    """How many people have finished a bar of exactly these grams, and how many times we sell it ready."""
    finished = Creation.objects.filter(design__recipe_digest=recipe_digest, finished_at__isnull=False)
    others = finished.exclude(maker__in=("", besides)).values("maker").distinct().count()
    return others + len(standing.sold_with_recipe(recipe_digest))


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
