"""What there is to choose from, as the studio shows it before anything is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from configurator.domain.family import Cents, Family, Milligrams, Module, Slot
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.pricing import surcharge_cents
from configurator.families import family_under
from configurator.previews import module_picture_url
from configurator.rendering.module_pictures import scale_words

CATEGORIES: Final[dict[str, str | Promise]] = {
    "nuts": _("Nuts"),
    "fruit": _("Fruit"),
    "crunch": _("Crunch"),
    "spice": _("Spice"),
    "flowers": _("Flowers"),
    "sweets": _("Sweets"),
    "seeds": _("Seeds"),
    "decoration": _("Decoration"),
}

DOSES: Final[tuple[tuple[int, str | Promise], ...]] = (
    (50, _("a little")),
    (100, _("usual")),
    (150, _("plenty")),
)
"""In per cent of the usual dose."""


@dataclass(frozen=True, slots=True)
class Dose:
    mg: Milligrams
    words: str | Promise


@dataclass(frozen=True, slots=True)
class ModuleCard:
    """All that a customer may want to know of a module before choosing it."""

    key: str
    slot: str
    name: str
    category: str
    tastes: str
    colour: str
    picture: str
    scale: str
    """Of the picture: 1:1 as most, 2:1 for what is small."""
    usual_mg: Milligrams
    surcharge_cents: Cents
    allergens: str
    contains: str
    """Codes, for the filter that works in the browser alone."""
    traces: str
    vegan: bool
    doses: tuple[Dose, ...]
    words: str
    """What a search looks through."""

    @property
    def id(self) -> str:
        return f"{self.slot}-{self.key}"

    def matches(self, search: str) -> bool:
        return all(word in self.words for word in search.casefold().split())


@dataclass(frozen=True, slots=True)
class Shelf:
    slot: Slot
    name: str
    cards: tuple[ModuleCard, ...]

    @property
    def categories(self) -> tuple[tuple[str, str | Promise], ...]:
        here = {card.category for card in self.cards}
        return tuple((key, name) for key, name in CATEGORIES.items() if key in here)


@lru_cache(maxsize=64)
def shelves(version: str, locale: str) -> dict[str, Shelf]:
    """Slot → shelf. A version never changes, so its shelves are put up once."""
    family = family_under(version)
    return {slot.key: _shelf(slot, family, locale) for slot in family.slots}


def _shelf(slot: Slot, family: Family, locale: str) -> Shelf:
    places = {category: place for place, category in enumerate(CATEGORIES)}
    modules = [module for module in family.seats[slot.key] if not module.retired]
    modules.sort(key=lambda module: places.get(module.category, -1))
    return Shelf(slot, slot.name.to(locale), tuple(_card(module, slot, family, locale) for module in modules))


def _card(module: Module, slot: Slot, family: Family, locale: str) -> ModuleCard:
    usual_mg = family.net_mg if slot is family.base_slot else family.usual_dose(module)
    ingredient = module.ingredient
    name = module.name.to(locale).replace(" %", "\u00a0%")
    tastes = ", ".join(taste.to(locale) for taste in module.tastes)
    allergens = ", ".join(ALLERGENS[code].to(locale) for code in ingredient.allergens)
    return ModuleCard(
        key=module.key,
        slot=slot.key,
        name=name,
        category=module.category,
        tastes=tastes,
        colour=module.colour,
        picture=module_picture_url(module, 192),
        scale=scale_words(module),
        usual_mg=usual_mg,
        surcharge_cents=surcharge_cents(module, usual_mg),
        allergens=allergens,
        contains=" ".join(ingredient.allergens),
        traces=" ".join(ingredient.traces),
        vegan=ingredient.diet.vegan,
        doses=_doses(module, family),
        words=f"{name} {tastes} {CATEGORIES.get(module.category, '')}".casefold(),
    )


def _doses(module: Module, family: Family) -> tuple[Dose, ...]:
    usual_mg, most_mg = family.usual_dose(module), family.largest_dose(module)
    doses = {min(most_mg, max(1, usual_mg * share // 100)): words for share, words in reversed(DOSES)}
    return tuple(Dose(mg, words) for mg, words in sorted(doses.items()))
