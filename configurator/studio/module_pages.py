"""What there is to say of one module, and of all of them beside one another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from configurator.catalogue import price_lists
from configurator.catalogue.families import current_families
from configurator.catalogue.sold_out import offered_families, words
from configurator.catalogue.starts import start
from configurator.designs import problems
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Milligrams, Module, round_half_up
from configurator.domain.label.facts import Facts, facts
from configurator.domain.pricing import surcharge_cents
from configurator.domain.searching import found
from configurator.makers.pairings import Pairing, goes_with
from configurator.pictures.previews import module_picture_url
from configurator.rendering.module_pictures import scale_words
from configurator.studio.shelves import (
    CATEGORIES,
    Attribute,
    allergen_words,
    attributes,
    dose_kcal,
    entry,
    printed_name,
)

SIMILAR_SHOWN: Final = 4

BASES: Final = _("Bases")


class ModuleUnknown(LookupError):
    """No family has a module of that key."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What one gets of it in a bar of some size."""

    family: Family
    name: str
    usual_mg: Milligrams
    most_mg: Milligrams
    cents: Cents
    kcal: int


@dataclass(frozen=True, slots=True)
class ModulePage:
    module: Module
    families: tuple[Family, ...]
    """Those that have it."""
    locale: str

    @property
    def family(self) -> Family:
        return self.families[0]

    @property
    def key(self) -> str:
        return self.module.key

    @property
    def name(self) -> str:
        return printed_name(self.module, self.locale)

    @property
    def category(self) -> str | Promise:
        return CATEGORIES.get(self.module.category, BASES)

    @property
    def tastes(self) -> tuple[Attribute, ...]:
        both = attributes(self.module, self.locale)
        return both[: len(self.module.tastes)]

    @property
    def textures(self) -> str:
        return ", ".join(texture.to(self.locale) for texture in self.module.textures)

    @property
    def tastes_words(self) -> str:
        return ", ".join(taste.to(self.locale) for taste in self.module.tastes)

    @property
    def origin(self) -> str:
        return self.module.origin.to(self.locale)

    @property
    def picture(self) -> str:
        return module_picture_url(self.module, 192)

    @property
    def picture_large(self) -> str:
        """For screens with two dots a pixel."""
        return module_picture_url(self.module, 384)

    @property
    def scale(self) -> str:
        return scale_words(self.module)

    @property
    def ingredients(self) -> str:
        return self.module.ingredient.text.to(self.locale)

    @property
    def facts(self) -> Facts:
        return facts(self.module, self.family)

    @property
    def allergens(self) -> str:
        return allergen_words(self.facts.contains, self.locale)

    @property
    def traces(self) -> str:
        return allergen_words(self.facts.traces, self.locale)

    @property
    def kcal_per_100_g(self) -> int:
        return dose_kcal(self.module, 100_000)

    @property
    def usual_mg(self) -> Milligrams:
        return _amount(self.module, self.family, self.locale).usual_mg

    @property
    def cents(self) -> Cents:
        return _amount(self.module, self.family, self.locale).cents

    @property
    def amounts(self) -> tuple[Amount, ...]:
        return tuple(_amount(family.modules[self.key], family, self.locale) for family in self.families)

    @property
    def sold_out(self) -> str:
        """Why it cannot be had now, "" when it can."""
        return words(self.key, self.family, self.locale)

    @property
    def partners(self) -> tuple[Pairing, ...]:
        return goes_with(self.key, self.family, self.locale)

    @property
    def similar(self) -> tuple[ModulePage, ...]:
        """The most alike in kind, taste and texture; the nearest price decides between equals."""
        others = (
            other
            for other in self.family.modules.values()
            if other.category == self.module.category and other is not self.module and not other.retired
        )
        nearest = sorted(others, key=self._distance)[:SIMILAR_SHOWN]
        return tuple(ModulePage(other, (self.family,), self.locale) for other in nearest)

    def _distance(self, other: Module) -> tuple[int, int]:
        own = {*self.module.tastes, *self.module.textures}
        shared = own & {*other.tastes, *other.textures}
        return -len(shared), abs(other.surcharge_cents - self.module.surcharge_cents)

    @property
    def structured(self) -> str:
        """For search engines (schema.org), safe to stand in a page."""
        text = json.dumps(self._described(), ensure_ascii=False)
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _described(self) -> Mapping[str, Any]:
        diets = [name for name, fits in self._diets().items() if fits]
        return {
            "@context": "https://schema.org",
            "@type": "MenuItem",
            "name": self.name,
            "description": ", ".join(filter(None, (self.tastes_words, self.textures, self.origin))),
            "image": settings.SHOP_URL + self.picture,
            "url": settings.SHOP_URL + reverse("configurator:module", args=[self.key]),
            "suitableForDiet": [f"https://schema.org/{diet}" for diet in diets],
            "nutrition": {
                "@type": "NutritionInformation",
                "servingSize": "100 g",
                "calories": f"{self.kcal_per_100_g} kcal",
            },
        }

    def _diets(self) -> Mapping[str, bool]:
        # Of gluten and halal a recipe alone is no promise, so search engines are told nothing of them.
        return {"VeganDiet": self.facts.vegan, "VegetarianDiet": self.facts.vegetarian}


def page_of(key: str, locale: str) -> ModulePage:
    """Raises ModuleUnknown."""
    families = tuple(family for family in offered_families() if key in family.modules)
    if not families:
        raise ModuleUnknown(key)
    return ModulePage(families[0].modules[key], families, locale)


def bar_with(module: Module, family: Family, locale: str) -> Design | None:
    """A bar to start from that has nothing but the module: on the first base that it may lie on."""
    bases = (module,) if module.kind == "base" else family.seats[family.base_slot.key]
    bars = (_bar(module, base, family, locale) for base in bases if not base.retired)
    return next((bar for bar in bars if not problems(bar, family, locale)), None)


def _bar(module: Module, base: Module, family: Family, locale: str) -> Design:
    bare = Design(family.key, family.version, base.key, name=start(family, locale).name)
    slots = [slot for slot in family.slots if slot.takes(module)]
    return bare if base is module else bare.adding(module.key, slots[0].key, family.usual_dose(module))


def _amount(module: Module, family: Family, locale: str) -> Amount:
    is_base = module.kind == "base"
    usual_mg = family.net_mg if is_base else family.usual_dose(module)
    return Amount(
        family=family,
        name=family.name.to(locale).replace(" g", "\u00a0g"),
        usual_mg=_roughly(usual_mg),
        most_mg=_roughly(family.net_mg if is_base else family.largest_dose(module)),
        cents=surcharge_cents(module, usual_mg, price_lists.active()),
        kcal=dose_kcal(module, usual_mg),
    )


def _roughly(mg: Milligrams) -> Milligrams:
    """As exact as it is worth reading: 15.6 g, not 15.63 g."""
    step = 100 if mg >= 1_000 else 10 if mg >= 100 else 1
    return round_half_up(mg, step) * step


# ── All of them ──────────────────────────────────────────────────────────────────────────────────

Ordering: TypeAlias = Callable[[ModulePage], Any]

COLUMNS: Final[Mapping[str, tuple[str | Promise, Ordering]]] = {
    "name": (_("Ingredient"), lambda page: page.name.casefold()),
    "kind": (_("Kind"), lambda page: str(page.category)),
    "contains": (_("Contains"), lambda page: (len(page.facts.contains), page.allergens)),
    "traces": (_("Traces possible"), lambda page: (len(page.facts.traces), page.traces)),
    "zone": (_("Zone"), lambda page: page.facts.zone),
    "vegan": (_("Vegan"), lambda page: not page.facts.vegan),
    "vegetarian": (_("Vegetarian"), lambda page: not page.facts.vegetarian),
    "halal": (_("Halal"), lambda page: not page.facts.halal),
    "alcohol": (_("No alcohol"), lambda page: not page.facts.alcohol_free),
    "gluten": (_("Gluten-free recipe"), lambda page: not page.facts.gluten_free),
    "grams": (_("Usual amount"), lambda page: page.usual_mg),
    "kcal": (_("kcal per 100 g"), lambda page: page.kcal_per_100_g),
    "price": (_("Price"), lambda page: page.cents),
}
"""By which the table of all modules is sorted: a column, the same for everybody, never somebody's filter."""

FIRST_COLUMN: Final = "name"


def all_pages(locale: str) -> list[ModulePage]:
    """Every module that can be chosen, each under the first family that has it."""
    pages = {
        key: ModulePage(module, (family,), locale)
        for family in reversed(current_families())
        for key, module in family.modules.items()
        if not module.retired
    }
    return list(pages.values())


def sorted_by(column: str, pages: Sequence[ModulePage], *, descending: bool) -> list[ModulePage]:
    """Names decide between equals, always from A to Z."""
    by_name = sorted(pages, key=COLUMNS[FIRST_COLUMN][1])
    return sorted(by_name, key=COLUMNS[column][1], reverse=descending)


def searched(query: str, pages: Sequence[ModulePage]) -> list[ModulePage]:
    return [pages[place] for place in found(query, [entry(page.module) for page in pages])]
