"""Bars of somebody's account that their taste can be taken from: designed or ordered, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db.models import QuerySet

from configurator.makers.makers import maker_of_account
from configurator.models import Creation
from configurator.pictures.previews import preview_url
from orders.account.account_orders import orders_of
from orders.models import OrderLine

LOOKED_THROUGH: Final = 60
"""Of each kind; what somebody likes today stands among their newest."""


@dataclass(frozen=True, slots=True)
class OwnBar:
    digest: str
    name: str
    is_ordered: bool

    @property
    def picture(self) -> str:
        return preview_url(self.digest, 300)


def bars_of(user: User) -> list[OwnBar]:
    """Each recipe once."""
    found: dict[str, OwnBar] = {}
    newest_first = sorted(_rows(user), key=lambda row: row[0], reverse=True)
    for _at, recipe, bar in newest_first:
        found.setdefault(recipe, bar)
    return list(found.values())


def is_theirs(user: User, digest: str) -> bool:
    return _designed(user).filter(design=digest).exists() or _ordered(user).filter(design=digest).exists()


def _rows(user: User) -> Iterator[tuple[datetime, str, OwnBar]]:
    wanted = ("design_id", "design__recipe_digest", "design__name")
    designed = _designed(user).order_by("-changed_at").values_list("changed_at", *wanted)
    ordered = _ordered(user).order_by("-order__placed_at").values_list("order__placed_at", *wanted)
    for rows, is_ordered in ((ordered, True), (designed, False)):
        for at, digest, recipe, name in rows[:LOOKED_THROUGH]:
            yield at, recipe, OwnBar(digest, name, is_ordered)


def _designed(user: User) -> QuerySet[Creation]:
    return Creation.objects.filter(maker=maker_of_account(user))


def _ordered(user: User) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order__in=orders_of(user))
