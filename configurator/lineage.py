"""Where a bar comes from: whose bar it was before it was changed."""

from __future__ import annotations

from django.db.models import Q

from configurator.models import Creation


def origin(digest: str, maker: str) -> Creation | None:
    """Whose bar that design is, for somebody else who begins to change it: the first who showed it."""
    shown = Q(shown=digest, visibility=Creation.Visibility.PUBLIC)
    given_away = Q(design=digest, visibility__in=(Creation.Visibility.PUBLIC, Creation.Visibility.UNLISTED))
    others = Creation.objects.filter(shown | given_away).exclude(maker__in=("", maker))
    return others.order_by("created_at", "key").first()
