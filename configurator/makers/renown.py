"""How far a kept design has come: whether we sell it, how many people came to it, what others made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from configurator import designs
from configurator.designs import DesignUnknown
from configurator.makers import standing
from configurator.makers.lineage import remixes_of
from configurator.makers.uniqueness import Kin, finished_with_recipe, kinship
from configurator.models import Creation, Design
from configurator.written_once import WrittenOnce


@dataclass(frozen=True, slots=True)
class Renown:
    row: Design
    is_on_sale: bool
    kin: Kin
    remixes: int
    """How many bars others have made of this one."""


def renown(digest: str) -> Renown:
    """The design and all of that, in one question. Raises DesignUnknown."""
    found: list[Any] = _rows(digest) if designs.DIGEST.fullmatch(digest) else []
    if not found:
        raise DesignUnknown(digest)
    row = found[0]
    kin = Kin(row.people, kinship(is_itself=row.is_on_sale, is_alike=row.is_sold_alike))
    return Renown(row, bool(row.is_on_sale), kin, row.remixes)


def _asked(digest: str) -> QuerySet[Design]:
    return Design.objects.filter(pk=digest).annotate(
        is_on_sale=_any_of(Q(pk=OuterRef("pk"))),
        is_sold_alike=_any_of(Q(recipe_digest=OuterRef("recipe_digest"))),
        people=_number(finished_with_recipe(OuterRef("recipe_digest")), Count("maker", distinct=True)),
        remixes=_number(remixes_of(Creation.objects.filter(_made_of_it())), Count("pk")),
    )


_rows: Final = WrittenOnce(_asked)


def _any_of(wanted: Q) -> Case:
    """Whether one of all that is sold ready is like that."""
    whens = [When(Exists(source().filter(wanted)), then=True) for source in standing.on_sale]
    return Case(*whens, default=False, output_field=BooleanField())


def _made_of_it() -> Q:
    of_parent = Q(parent__design=OuterRef("pk")) | Q(parent__shown=OuterRef("pk"))
    return Q(started_from=OuterRef("pk")) | of_parent


def _number(creations: QuerySet[Creation], counted: Count) -> Coalesce:
    # Grouped by what is the same for all of them, the subquery counts them.
    grouped = creations.order_by().annotate(of=OuterRef("pk")).values("of").annotate(number=counted)
    return Coalesce(Subquery(grouped.values("number"), output_field=IntegerField()), 0)
