"""What there is to choose from, as the studio shows it before anything is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from configurator.catalogue import price_lists
from configurator.catalogue.families import family_under
from configurator.domain.family import Cents, Family, Milligrams, Module, Slot, Text
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.facts import PINE_NUT, Facts, facts
from configurator.domain.pricing import CATALOGUE_PRICES, PriceList, surcharge_cents
from configurator.domain.searching import Entry, found, words
from configurator.makers.pairings import Pairing, goes_with
from configurator.pictures.previews import module_picture_url
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

CHOCOLATES: Final[dict[str, str | Promise]] = {"base": _("Chocolate")}
"""Among samples they are one kind beside others."""

DOSES: Final[tuple[tuple[int, str | Promise], ...]] = (
    (50, _("a little")),
    (100, _("usual")),
    (150, _("plenty")),
)
"""In per cent of the usual dose."""

FEW: Final = 2
"""What fewer modules of a shelf have is no help in choosing among them."""

PARTNERS_ON_A_CARD: Final = 2

PINE_NUTS: Final = Text("pine nuts", "Pinienkerne")


@dataclass(frozen=True, slots=True)
class Dose:
    mg: Milligrams
    words: str | Promise


@dataclass(frozen=True, slots=True)
class Attribute:
    """A taste or a texture that one can choose by."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ModuleCard:
    """All that a customer may want to know of a module before choosing it."""

    key: str
    slot: str
    name: str
    category: str
    attributes: tuple[Attribute, ...]
    """Tastes first, then textures."""
    origin: str
    colour: str
    picture: str
    scale: str
    """Of the picture: 1:1 as most, 2:1 for what is small."""
    usual_mg: Milligrams
    surcharge_cents: Cents
    kcal: int
    """In the usual dose; of a base, in 100 g."""
    facts: Facts
    allergens: str
    traces: str
    goes_with: str
    doses: tuple[Dose, ...]
    entry: Entry = field(compare=False, repr=False)
    """What a search looks through, in both languages."""

    @property
    def id(self) -> str:
        return f"{self.slot}-{self.key}"

    @property
    def tastes(self) -> str:
        return ", ".join(attribute.name for attribute in self.attributes)


@dataclass(frozen=True, slots=True)
class Shelf:
    slot: Slot
    name: str
    cards: tuple[ModuleCard, ...]

    @property
    def categories(self) -> tuple[tuple[str, str | Promise], ...]:
        here = {card.category for card in self.cards}
        return tuple((key, name) for key, name in {**CHOCOLATES, **CATEGORIES}.items() if key in here)

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """By which the shelf gets shorter, the most frequent first."""
        counts = Counter(attribute for card in self.cards for attribute in card.attributes)
        return tuple(attribute for attribute, count in counts.most_common() if FEW <= count < len(self.cards))


def shelves(version: str, locale: str) -> dict[str, Shelf]:
    """Slot → shelf. A version never changes; what goes with what is counted anew each day."""
    return _put_up(version, locale, timezone.localdate(), price_lists.active())


def hits(version: str, locale: str, search: str) -> dict[str, int]:
    """Card → place among all that fit the search, whichever shelf it stands on; the best is 0."""
    return _hits(version, locale, search, timezone.localdate())


def allergen_words(codes: Iterable[str], locale: str) -> str:
    return ", ".join(allergen_word(code, locale) for code in codes)


def allergen_word(code: str, locale: str) -> str:
    return (PINE_NUTS if code == PINE_NUT else ALLERGENS[code]).to(locale)


def dose_kcal(module: Module, mg: Milligrams) -> int:
    kcal = module.ingredient.nutrition.energy_kcal * mg / 100_000
    return int(kcal.quantize(Decimal(1), ROUND_HALF_UP))


def entry(module: Module) -> Entry:
    """Whoever reads English may think in German, so both languages are searched."""
    notes = [*module.tastes, *module.textures, module.origin]
    kinds = []
    for locale in ("en", "de"):
        with override(locale):
            kinds.append(str(CATEGORIES.get(module.category, "")))
    vegan = "vegan" if module.ingredient.diet.vegan else ""
    return Entry(
        words(f"{module.name.en} {module.name.de}"),
        words(" ".join([*(note.en for note in notes), *(note.de for note in notes), *kinds, vegan])),
    )


def attributes(module: Module, locale: str) -> tuple[Attribute, ...]:
    both = dict.fromkeys((*module.tastes, *module.textures))
    return tuple(Attribute(words.en.replace(" ", "-"), words.to(locale)) for words in both)


def printed_name(module: Module, locale: str) -> str:
    return module.name.to(locale).replace(" %", "\u00a0%")


def card_of(module: Module, slot: Slot, family: Family, locale: str) -> ModuleCard:
    """Also of a module that stands on no shelf any more."""
    return _card(module, slot, family, locale, price_lists.active())


@lru_cache(maxsize=256)
def _hits(version: str, locale: str, search: str, day: date) -> dict[str, int]:
    cards = [
        card for shelf in _put_up(version, locale, day, CATALOGUE_PRICES).values() for card in shelf.cards
    ]
    places = found(search, [card.entry for card in cards])
    return {cards[place].id: rank for rank, place in enumerate(places)}


@lru_cache(maxsize=128)
def _put_up(version: str, locale: str, _day: date, prices: PriceList) -> dict[str, Shelf]:
    family = family_under(version)
    return {slot.key: _shelf(slot, family, locale, prices) for slot in family.slots}


def _shelf(slot: Slot, family: Family, locale: str, prices: PriceList) -> Shelf:
    places = {category: place for place, category in enumerate(CATEGORIES)}
    modules = [module for module in family.seats[slot.key] if not module.retired]
    modules.sort(key=lambda module: places.get(module.category, -1))
    return Shelf(
        slot, slot.name.to(locale), tuple(_card(module, slot, family, locale, prices) for module in modules)
    )


def _card(module: Module, slot: Slot, family: Family, locale: str, prices: PriceList) -> ModuleCard:
    is_base = slot is family.base_slot
    usual_mg = family.net_mg if is_base else family.usual_dose(module)
    known = facts(module, family)
    return ModuleCard(
        key=module.key,
        slot=slot.key,
        name=printed_name(module, locale),
        category=module.category,
        attributes=attributes(module, locale),
        origin=module.origin.to(locale),
        colour=module.colour,
        picture=module_picture_url(module, 192),
        scale=scale_words(module),
        usual_mg=usual_mg,
        surcharge_cents=surcharge_cents(module, usual_mg, prices),
        kcal=dose_kcal(module, 100_000 if is_base else usual_mg),
        facts=known,
        allergens=allergen_words(known.contains, locale),
        traces=allergen_words(known.traces, locale),
        goes_with=", ".join(partner.name for partner in _partners(module, family, locale)),
        doses=_doses(module, family),
        entry=entry(module),
    )


def _partners(module: Module, family: Family, locale: str) -> list[Pairing]:
    """The best of different kinds: two chocolates would tell little."""
    best: dict[str, Pairing] = {}
    for partner in goes_with(module.key, family, locale):
        best.setdefault(family.modules[partner.module].category, partner)
    return list(best.values())[:PARTNERS_ON_A_CARD]


def _doses(module: Module, family: Family) -> tuple[Dose, ...]:
    usual_mg, most_mg = family.usual_dose(module), family.largest_dose(module)
    doses = {min(most_mg, max(1, usual_mg * share // 100)): words for share, words in reversed(DOSES)}
    return tuple(Dose(mg, words) for mg, words in sorted(doses.items()))
