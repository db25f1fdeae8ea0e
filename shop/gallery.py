"""The gallery: bars that people show, and those that we sell ready, each design once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from configurator import designs
from configurator.catalogue import price_lists
from configurator.domain.arrangements import contents
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.pricing import Quote
from configurator.makers import keeping
from configurator.makers.lineage import remixes_of
from configurator.models import Creation
from configurator.models import Design as DesignRow
from configurator.pictures.previews import picture_height, preview_url, share_url
from shop.models import ReadyBar

ORDERS: Final[dict[str, str | Promise]] = {"newest": _("Newest"), "remixed": _("Most remixed")}
TASTES_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A bar as it hangs in the gallery."""

    row: DesignRow
    design: Design
    family: Family
    quote: Quote
    locale: str
    is_ready: bool
    remixes: int

    @property
    def digest(self) -> str:
        return self.row.digest

    @property
    def name(self) -> str:
        return self.design.name

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def family_name(self) -> str:
        return self.family.name.to(self.locale)

    @property
    def description(self) -> str:
        return contents(self.design, self.family, self.locale)

    @property
    def facts(self) -> Facts:
        return facts_of(self.design, self.family)

    @property
    def picture(self) -> str:
        return preview_url(self.digest, 600)

    @property
    def picture_height(self) -> int:
        return picture_height(self.family, 600)

    @property
    def picture_shared(self) -> str:
        return share_url(self.digest)

    @property
    def tastes(self) -> list[str]:
        modules = (self.family.modules[key] for key in self.design.modules)
        words = (taste.to(self.locale) for module in modules for taste in module.tastes)
        return list(dict.fromkeys(words))[:TASTES_SHOWN]


def rows(order: str) -> QuerySet[DesignRow]:
    """All that hangs there, as designs: what two people show alike hangs once."""
    shown = keeping.in_gallery()
    ready = ReadyBar.objects.filter(published=True)
    hanging = DesignRow.objects.filter(Q(pk__in=shown.values("shown")) | Q(pk__in=ready.values("design")))
    since = shown.filter(shown=OuterRef("pk")).order_by().values("shown").annotate(first=Min("published_at"))
    dated = hanging.annotate(
        since=Coalesce(Subquery(since.values("first")), F("created_at")), remixes=_remixes()
    )
    return dated.order_by(*(["-remixes"] if order == "remixed" else []), "-since", "digest")


def _remixes() -> Coalesce:
    made_of_it = Q(started_from=OuterRef("pk")) | Q(parent__shown=OuterRef("pk"))
    counted = (
        remixes_of(Creation.objects.filter(made_of_it))
        .order_by()
        .annotate(of=OuterRef("pk"))
        .values("of")
        .annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def shown(page: Iterable[DesignRow], locale: str) -> list[Shown]:
    page = list(page)
    ready = frozenset(
        ReadyBar.objects.filter(published=True, design__in=page).values_list("design_id", flat=True)
    )
    return [_shown(row, locale, is_ready=row.digest in ready) for row in page]


def _shown(row: DesignRow, locale: str, *, is_ready: bool) -> Shown:
    design, family = row.value, designs.family_of(row)
    remixes: int = row.remixes  # type: ignore[attr-defined]  # counted with the row
    return Shown(row, design, family, price_lists.priced(design, family, locale), locale, is_ready, remixes)
