"""The bars we sell ready: written down, checked, and shown with what follows from their designs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from configurator import designs
from configurator.catalogue import price_lists
from configurator.catalogue.families import current_families, current_family
from configurator.catalogue.sold_out import as_offered
from configurator.catalogue.sold_out import words as reason_for
from configurator.catalogue.starts import written_design
from configurator.domain.arrangements import contents
from configurator.domain.design import Design
from configurator.domain.family import Family, Module
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.pricing import Quote
from configurator.models import Design as DesignRow
from configurator.pictures.previews import preview_url, share_url
from configurator.studio.page import brought_up
from shop.models import ReadyBar

WRITTEN: Final = Path(__file__).parent / "catalogue" / "ready_bars.toml"

TAGS: Final[dict[str, str | Promise]] = {
    "vegan": _("Vegan"),
    "without-nuts": _("Without nuts"),
    "fruity": _("Fruity"),
    "crunchy": _("Crunchy"),
    "nutty": _("Nutty"),
    "caramel": _("Caramel"),
    "spicy": _("Spicy"),
    "coffee": _("Coffee"),
    "floral": _("Floral"),
    "festive": _("Festive"),
    "mini": _("Mini, 40 g"),
}
FACTS: Final = frozenset({"vegan", "without-nuts", "mini"})
NUTS: Final = ("NUT-", "PNT")
TASTES_SHOWN: Final = 4


class ReadyBarFaulty(ValueError):
    """A written bar cannot be made; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A ready bar with all that a customer sees of it."""

    bar: ReadyBar
    design: Design
    family: Family
    quote: Quote
    locale: str

    @property
    def story(self) -> str:
        return self.bar.story(self.locale)

    @property
    def family_name(self) -> str:
        return self.family.name.to(self.locale)

    @property
    def description(self) -> str:
        return contents(self.design, self.family, self.locale)

    @property
    def picture(self) -> str:
        return preview_url(self.design.digest, 600)

    @property
    def picture_large(self) -> str:
        return preview_url(self.design.digest, 1200)

    @property
    def picture_shared(self) -> str:
        return share_url(self.design.digest)

    @property
    def facts(self) -> Facts:
        """For the filter that works in the browser alone."""
        return facts_of(self.design, self.family)

    @property
    def sold_out(self) -> str:
        """What of it cannot be had now; "" when all can."""
        family = as_offered(self.family)
        words = (reason_for(module, family, self.locale) for module in dict.fromkeys(self.design.modules))
        return " ".join(filter(None, words))

    @property
    def tags(self) -> list[str | Promise]:
        return [word for key, word in TAGS.items() if key in self.bar.tags]

    @property
    def tastes(self) -> list[str]:
        modules = (self.family.modules[key] for key in self.design.modules)
        words = (taste.to(self.locale) for module in modules for taste in module.tastes)
        return list(dict.fromkeys(words))[:TASTES_SHOWN]


def offers(bars: Iterable[ReadyBar], locale: str) -> list[Offer]:
    """As they can be made today; one that cannot any more leaves the shelf until staff see to it."""
    families = {family.key: family for family in current_families()}
    shown = (_offer(bar, families[bar.design.value.family], locale) for bar in bars)
    return [offer for offer in shown if offer.bar.published]


def designs_on_sale() -> QuerySet[DesignRow]:
    return DesignRow.objects.filter(pk__in=ReadyBar.objects.filter(published=True).values("design"))


def load_written() -> int:
    """Put the written bars up for sale; a second time changes nothing. Raises ReadyBarFaulty."""
    written = tomllib.loads(WRITTEN.read_text(encoding="utf-8"))["bars"]
    with transaction.atomic():
        for position, entry in enumerate(written):
            _load(entry, position)
    return len(written)


def facts(design: Design, family: Family) -> list[str]:
    """Tags that are not a matter of opinion."""
    modules = [family.modules[key] for key in design.modules]
    tags = []
    if all(module.ingredient.diet.vegan for module in modules):
        tags.append("vegan")
    if not any(_may_hold_nuts(module) for module in modules):
        tags.append("without-nuts")
    if family.key == "mini-40":
        tags.append("mini")
    return tags


def _load(entry: Mapping[str, Any], position: int) -> None:
    family = current_family(entry["family"])
    design = written_design(entry, family)
    faults = designs.problems(design, family, "en")
    if faults:
        raise ReadyBarFaulty(f"{entry['slug']}: {' '.join(fault.message for fault in faults)}")
    ReadyBar.objects.update_or_create(
        slug=entry["slug"],
        defaults={
            "name": entry["name"],
            "story_en": entry["story"]["en"],
            "story_de": entry["story"]["de"],
            "tags": [*facts(design, family), *entry["tags"]],
            "design": designs.save(design),
            "position": position,
        },
    )


def _offer(bar: ReadyBar, family: Family, locale: str) -> Offer:
    if bar.design.family_version_id != family.version:
        _bring_up_to_date(bar, family)
    design, family = bar.design.value, designs.family_of(bar.design)
    return Offer(bar, design, family, price_lists.priced(design, family, locale), locale)


def _bring_up_to_date(bar: ReadyBar, family: Family) -> None:
    """The catalogue has a new version: prices and facts follow it, once."""
    before = bar.design.value
    today, _news = brought_up(before, designs.family_of(bar.design), family, "en")
    if set(today.modules) == set(before.modules) and not designs.problems(today, family, "en"):
        bar.design = designs.save(today)
        opinions = [tag for tag in bar.tags if tag not in FACTS]
        bar.tags = [*facts(today, family), *opinions]
    else:
        bar.published = False
    bar.save(update_fields=["design", "tags", "published"])


def _may_hold_nuts(module: Module) -> bool:
    """Traces count: who asks for a bar without nuts means it."""
    codes = (*module.ingredient.allergens, *module.ingredient.traces)
    return any(code.startswith(NUTS) for code in codes)
