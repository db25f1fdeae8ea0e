"""What somebody may avoid, in words. Which codes a word stands for is written in static/js/diet.js."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from configurator.catalogue.families import current_families
from configurator.domain.family import Family
from configurator.domain.label.facts import facts
from configurator.wording import locale

register = template.Library()


@dataclass(frozen=True, slots=True)
class Group:
    """Of allergens. ``key`` names it in the browser."""

    key: str
    name: str | Promise


@dataclass(frozen=True, slots=True)
class Diet:
    key: str
    name: str | Promise
    hint: str | Promise = ""


DIETS: Final = (
    Diet("vegan", _("Vegan")),
    Diet("vegetarian", _("Vegetarian")),
    Diet("halal", _("Halal"), _("no obvious obstacle in the recipe; not certified")),
    Diet("alcoholFree", _("No alcohol")),
    Diet(
        "glutenFree",
        _("Gluten-free recipe"),
        _("by its ingredients; for coeliac disease choose gluten, strictly"),
    ),
)

# The 14 of Annex II; the nine of the United States are among them, pine nuts in "nuts", wheat in "gluten".
ALLERGENS: Final = (
    Group("milk", _("Milk")),
    Group("nuts", _("All nuts")),
    Group("peanuts", _("Peanuts")),
    Group("gluten", _("Gluten")),
    Group("soya", _("Soya")),
    Group("egg", _("Egg")),
    Group("sesame", _("Sesame")),
    Group("sulphites", _("Sulphites")),
    Group("celery", _("Celery")),
    Group("mustard", _("Mustard")),
    Group("lupin", _("Lupin")),
    Group("fish", _("Fish")),
    Group("crustaceans", _("Crustaceans")),
    Group("molluscs", _("Molluscs")),
)

NUTS: Final = (
    Group("almonds", _("Almonds")),
    Group("hazelnuts", _("Hazelnuts")),
    Group("walnuts", _("Walnuts")),
    Group("cashews", _("Cashew nuts")),
    Group("pecans", _("Pecan nuts")),
    Group("brazil", _("Brazil nuts")),
    Group("pistachios", _("Pistachios")),
    Group("macadamias", _("Macadamia nuts")),
    Group("pine", _("Pine nuts")),
)

GRAINS: Final = (
    Group("wheat", _("Wheat")),
    Group("rye", _("Rye")),
    Group("barley", _("Barley")),
    Group("oats", _("Oats")),
)


@register.simple_tag(takes_context=True)
def diet_filter(context: dict[str, Any], what: str = "") -> SafeString:
    """The filter over ``what`` a page lists. It knows no visitor, so it is rendered once in a process."""
    family = next(_on_the_page(context), None) or next(iter(current_families()), None)
    return _diet_filter(what, " ".join(_handled(family)) if family else "", locale())


@lru_cache(maxsize=64)
def _diet_filter(what: str, handled: str, locale: str) -> SafeString:  # the words depend on it
    """``handled``: codes of what a bar of zone O may meet there; all families are made of the same modules."""
    return render_to_string("configurator/_diet_filter.html", {"what": what, "handled": handled})


def _on_the_page(context: dict[str, Any]) -> Iterator[Family]:
    """So that a page which knows a family need not ask the database for one."""
    yield from context.get("families", ())
    yield from (bar.family for bar in (*context.get("offers", ()), *context.get("bars", ())))
    if review := context.get("review"):
        yield review.family


@lru_cache(maxsize=64)
def _handled(family: Family) -> tuple[str, ...]:
    used = (module for module in family.modules.values() if not module.retired)
    return tuple(sorted({code for module in used for code in facts(module, family).contains}))


@register.simple_tag
def diets() -> tuple[Diet, ...]:
    return DIETS


@register.simple_tag
def allergen_groups() -> tuple[tuple[str | Promise, tuple[Group, ...]], ...]:
    """Heading → groups; the first has none and is always open."""
    return (("", ALLERGENS), (_("Single nuts"), NUTS), (_("Single grains"), GRAINS))
