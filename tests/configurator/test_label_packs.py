"""How large the type must be, what a tiny pack may leave out, and what a portion is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import TenthMm
from configurator.domain.label import label
from configurator.domain.label.packs import digit_height, portion, x_height


@pytest.mark.parametrize(("length", "width", "x"), [(1600, 800, 12), (1000, 800, 12), (1000, 799, 9)])
def test_the_largest_surface_decides(length: TenthMm, width: TenthMm, x: TenthMm) -> None:
    assert x_height(replace(from_files("bar-100"), length=length, width=width)) == x


@pytest.mark.parametrize(
    ("net_mg", "height"), [(50_000, 20), (50_001, 30), (200_000, 30), (200_001, 40), (1_000_001, 60)]
)
def test_the_net_quantity_grows_with_the_bar(net_mg: int, height: TenthMm) -> None:
    assert digit_height(net_mg) == height


@pytest.mark.parametrize(
    ("key", "grams", "count"),
    [("mini-40", "40 g", 1), ("heart-80", "20 g", 4), ("bar-100", "25 g", 4), ("slab-250", "25 g", 10)],
)
def test_each_bar_says_what_a_portion_of_it_is(key: str, grams: str, count: int) -> None:
    family = from_files(key)
    printed = label(Design(key, family.version, "dark_60"), family, "en").portion
    assert printed is not None
    assert (printed.grams, printed.count) == (grams, count)


def test_a_bar_without_an_even_portion_has_none() -> None:
    assert portion(replace(from_files("bar-100"), net_mg=77_000)) is None


def test_a_portion_is_rounded_like_the_100_g() -> None:
    family = from_files("mini-40")
    printed = label(Design("mini-40", family.version, "dark_60"), family, "de")
    assert printed.portion is not None
    assert (printed.nutrition.energy, printed.portion.nutrition.energy) == (
        "2376 kJ / 571 kcal",
        "950 kJ / 229 kcal",
    )
    assert (printed.nutrition.fat, printed.portion.nutrition.fat) == ("39 g", "16 g")


def test_a_bar_keeps_as_long_as_its_shortest_part() -> None:
    family = from_files("bar-100")
    plain = Design("bar-100", family.version, "dark_85")
    assert label(plain, family, "en").keeps_months == 18
    assert label(plain.adding("caramel_salted", "ingredients", 8000), family, "en").keeps_months < 18
