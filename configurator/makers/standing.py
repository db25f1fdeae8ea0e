"""Designs that stand elsewhere than in somebody's history: sold ready by the shop, or ordered and on a pack.

The apps above this one know them; each says so when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from configurator.models import Design

Source: TypeAlias = "Callable[[], QuerySet[Design]]"

on_sale: Final[list[Source]] = []
ordered: Final[list[Source]] = []


def is_on_sale(digest: str) -> bool:
    return any(source().filter(pk=digest).exists() for source in on_sale)


def is_ordered(digest: str) -> bool:
    return any(source().filter(pk=digest).exists() for source in ordered)


def sold_or_ordered(digests: Collection[str]) -> list[str]:
    """Of these, a question for each source."""
    found = [source().filter(pk__in=digests).values_list("pk", flat=True) for source in (*on_sale, *ordered)]
    return [digest for rows in found for digest in rows]


def sold_with_recipe(recipe_digest: str) -> list[Design]:
    """The ready bars of that recipe, however they were written under an older catalogue."""
    return [row for source in on_sale for row in source().filter(recipe_digest=recipe_digest)]
