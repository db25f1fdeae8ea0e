"""Zone F and zone O: where a bar is made, what it may meet there, and what would change that."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from configurator.catalogue.loading import from_files
from configurator.designs import review
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.edits import applied
from configurator.domain.family import Family, Text
from configurator.domain.label import label
from configurator.domain.label.facts import facts, facts_of
from configurator.domain.label.zones import freeing, handled, zone
from configurator.domain.rules import Excludes
from configurator.studio.zoning import WayToFree, zone_note

HANDLED = (
    "EGG GLU-B GLU-O GLU-W MLK NUT-ALM NUT-BRA NUT-CAS NUT-HAZ NUT-MAC NUT-PEC NUT-PIS NUT-WAL PNT SES SOY"
)


@cache
def family() -> Family:
    return from_files("bar-100")


def bar(base: str | None, *toppings: str) -> Design:
    design = Design("bar-100", family().version, base, name="Ada")
    for key in toppings:
        design = design.adding(key, "toppings", family().usual_dose(family().modules[key]))
    return design


def test_a_bar_of_nothing_but_free_modules_is_made_in_zone_f() -> None:
    design = bar("dark_85", "raspberry_fd", "cocoa_nibs")
    printed = label(design, family(), "en")
    assert printed.zone == "F"
    assert freeing(design, family()) == ()
    assert printed.may_contain == ("MLK",)  # the base's supplier cannot rule it out


def test_one_nut_moves_the_whole_bar_to_zone_o_and_the_warning_grows() -> None:
    printed = label(bar("dark_85", "raspberry_fd", "almond_whole"), family(), "en")
    assert printed.zone == "O"
    assert printed.allergens == ("NUT-ALM",)
    assert printed.may_contain == tuple(code for code in HANDLED.split() if code != "NUT-ALM")
    assert printed.precaution == (
        "May contain egg, barley, oats, wheat, milk, Brazil nuts, cashew nuts, hazelnuts, macadamia "
        "nuts, pecan nuts, pistachios, walnuts, peanuts, sesame and soya."
    )


def test_a_base_of_zone_o_keeps_every_bar_out_of_zone_f() -> None:
    design = bar("milk_37", "walnut_halves", "raspberry_fd")
    assert zone(design, family()) == "O"
    assert freeing(design, family()) == ("milk_37", "walnut_halves")


def test_what_keeps_a_bar_out_of_zone_f_can_go_in_one_press() -> None:
    design = bar("dark_72", "walnut_halves", "raspberry_fd")
    way = way_into_zone_f(design, family())
    assert way.without == ("Walnut halves",)
    assert way.base == ""
    assert way.precaution == "May contain milk and soya."
    freed = applied(design, way.edits, family())
    assert zone(freed, family()) == "F"
    assert label(freed, family(), "en").precaution == way.precaution


def test_a_base_of_zone_o_gives_way_to_the_one_that_looks_most_like_it() -> None:
    way = way_into_zone_f(bar("white_32", "walnut_halves", "raspberry_fd"), family())
    assert way.base == "Vegan white-style bar"
    assert way.edits == "base:vegan_white -toppings:walnut_halves"


def test_a_base_that_a_rule_forbids_leaves_the_way_to_the_next() -> None:
    """Raspberries not on the vegan white one: the next base of zone F takes them."""
    rule = Excludes("r", ("vegan_white",), ("raspberry_fd",), Text("Not on white.", "Nicht auf Weiß."))
    ruled = replace(family(), version="ruled", constraints=(*family().constraints, rule))
    design = bar("white_32", "raspberry_fd")
    way = way_into_zone_f(design, ruled)
    freed = applied(design, way.edits, ruled)
    assert way.base != "Vegan white-style bar"
    assert zone(freed, ruled) == "F"
    assert problems(freed, ruled, "en") == ()


def test_where_every_base_of_zone_f_breaks_a_rule_no_way_is_promised() -> None:
    free = tuple(module.key for module in family().seats["base"] if module.free_zone)
    rule = Excludes("r", free, ("raspberry_fd",), Text("Not so.", "So nicht."))
    ruled = replace(family(), version="ruled twice", constraints=(*family().constraints, rule))
    assert zone_note(review(bar("white_32", "raspberry_fd"), ruled, "en")).way is None


def way_into_zone_f(design: Design, of: Family) -> WayToFree:
    way = zone_note(review(design, of, "en")).way
    assert way is not None
    return way


def test_without_a_base_nothing_is_promised() -> None:
    assert zone(bar(None, "raspberry_fd"), family()) == "O"
    assert label(bar(None), family(), "en").may_contain == ()


def test_zone_o_has_met_all_that_is_still_chosen_from_the_catalogue() -> None:
    assert " ".join(sorted(handled("O", family()))) == HANDLED
    assert handled("F", family()) == frozenset()


def test_every_module_of_zone_f_is_free_from_annex_ii() -> None:
    free = [module for module in family().modules.values() if module.free_zone]
    assert {facts(module, family()).contains for module in free} == {()}
    assert {facts(module, family()).zone for module in free} == {"F"}


@pytest.mark.parametrize(
    ("module", "contains", "traces"),
    [
        ("pistachio_kadayif", ("GLU-W", "NUT-PIS", "SES"), ("MLK", "NUT-ALM", "NUT-HAZ", "PNT")),
        ("apricot_dried", ("SO2",), ()),
        ("coconut_chips", (), ("NUT-ALM", "NUT-CAS", "SO2")),
        ("sea_salt_flakes", (), ()),
    ],
)
def test_a_module_says_what_it_contains_and_what_its_suppliers_cannot_rule_out(
    module: str, contains: tuple[str, ...], traces: tuple[str, ...]
) -> None:
    told = facts(family().modules[module], family())
    assert (told.contains, told.traces) == (contains, traces)


def test_a_pine_nut_is_a_nut_in_the_united_states_only() -> None:
    assert facts(family().modules["pine_nuts"], family()).contains == ("PINE",)
    assert facts_of(bar("dark_85", "pine_nuts"), family()).contains == ("PINE",)
    assert label(bar("dark_85", "pine_nuts"), family(), "en").allergens == ()


def test_a_bar_is_what_all_its_parts_are() -> None:
    free = facts_of(bar("dark_85", "raspberry_fd"), family())
    assert (free.zone, free.vegan, free.halal, free.gluten_free) == ("F", True, True, True)
    mixed = facts_of(bar("dark_85", "raspberry_fd", "butter_biscuit"), family())
    assert (mixed.zone, mixed.vegan, mixed.vegetarian, mixed.gluten_free) == ("O", False, True, False)
    rum = bar("dark_85").adding("rum_raisins", "ingredients", 8000)
    assert (facts_of(rum, family()).alcohol_free, facts_of(rum, family()).halal) == (False, False)
