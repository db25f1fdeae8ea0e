"""Where a bar comes from, what was changed on the way, and what others have made of it.

A creation's parent is named once, when it begins, and is older: bars never descend from each other in circles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import F, Q, QuerySet

from configurator import designs
from configurator.domain.differences import differences
from configurator.makers import standing
from configurator.models import Creation


def origin(digest: str, maker: str) -> Creation | None:
    """Whose bar that design is, for somebody else who begins to change it: the first who showed it.

    Whoever changed nothing, or took every change back, is nobody's origin.
    """
    shown = Q(shown=digest, visibility=Creation.Visibility.PUBLIC)
    given_away = Q(design=digest, visibility__in=(Creation.Visibility.PUBLIC, Creation.Visibility.UNLISTED))
    others = Creation.objects.filter(shown | given_away).exclude(maker__in=("", maker))
    return others.exclude(design=F("started_from")).order_by("created_at", "key").first()


@dataclass(frozen=True, slots=True)
class Credit:
    """What a bar began as, as far as whoever looks may know."""

    kind: Literal["shown", "ready", "given", "private", "gone"]
    name: str = ""
    digest: str = ""
    changes: tuple[str, ...] = ()


def credit(creation: Creation, maker: str, locale: str) -> Credit | None:
    """None for a bar that began as nobody's."""
    parent, start = creation.parent, creation.started_from
    if parent and parent.maker:
        if parent.visibility == Creation.Visibility.PRIVATE and parent.maker != maker:
            return Credit("private")
        # An address that was given to somebody is not given on to everybody who sees what they made of it.
        knows = maker in {parent.maker, creation.maker} or _is_public(start.digest)
        return _named("shown", creation, locale) if knows else Credit("given")
    if creation.is_remix:
        return Credit("gone", changes=_changes(creation, locale))
    if standing.sold_with_recipe(start.recipe_digest):
        return _named("ready", creation, locale)
    return None


def _is_public(digest: str) -> bool:
    hanging = Creation.objects.filter(shown=digest, visibility=Creation.Visibility.PUBLIC).exclude(maker="")
    return hanging.exists() or standing.is_on_sale(digest)


def _named(kind: Literal["shown", "ready"], creation: Creation, locale: str) -> Credit:
    start = creation.started_from
    return Credit(kind, start.value.name, start.digest, _changes(creation, locale))


def _changes(creation: Creation, locale: str) -> tuple[str, ...]:
    before, after = creation.started_from, creation.design
    return differences(before.value, designs.family_of(before), after.value, designs.family_of(after), locale)


def remixes_of(creations: QuerySet[Creation]) -> QuerySet[Creation]:
    """Those that somebody else has changed, and still keeps."""
    kept = creations.exclude(maker="").exclude(design=F("started_from"))
    return kept.filter(Q(parent=None) | ~Q(parent__maker=F("maker")))
