"""What somebody may avoid, in words. Which codes a word stands for is written in static/js/diet.js."""

from dataclasses import dataclass
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


@register.simple_tag
def diets() -> tuple[Diet, ...]:
    return DIETS


@register.simple_tag
def allergen_groups() -> tuple[tuple[str | Promise, tuple[Group, ...]], ...]:
    """Heading → groups; the first has none and is always open."""
    return (("", ALLERGENS), (_("Single nuts"), NUTS), (_("Single grains"), GRAINS))
