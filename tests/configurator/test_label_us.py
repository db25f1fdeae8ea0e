"""The label of the United States: the golden panels, its own rounding, names and allergens."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label import label
from configurator.domain.label.american import american
from configurator.domain.label.markets import BLOCK, TO_CLEAR, blocks
from configurator.domain.label.us import ALLERGENS, FROM_EU, us_label
from configurator.domain.label.us_nutrition import (
    calories,
    carbohydrate,
    cholesterol,
    daily_percent,
    fat,
    has_two_columns,
    servings,
    sodium,
)
from configurator.domain.label.us_panel import in_a_line

GOLDEN = json.loads((Path(__file__).parent / "golden_labels.json").read_text())


@cache
def family(key: str = "bar-100") -> Family:
    return from_files(key)


def bar(base: str, *choices: tuple[str, str, float], of: str = "bar-100") -> Design:
    design = Design(of, family(of).version, base, name="Ada")
    for slot, module, grams in choices:
        design = design.adding(module, slot, round(grams * 1000))
    return design


def golden_bar(golden: dict[str, Any]) -> Design:
    return bar(golden["base"], *[("toppings", key, grams) for key, grams in golden["modules"]])


# ── The golden bars ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["base"])
def test_the_golden_panels_are_printed_to_the_digit(golden: dict[str, Any]) -> None:
    printed = us_label(golden_bar(golden), family())
    panel = {"serving": printed.serving, "servings": printed.servings, **asdict(printed.nutrition)}
    assert {name: panel[name] for name in golden["us"]} == golden["us"]
    assert list(printed.contains) == golden["us_contains"]
    assert printed.blocked == ()


def test_a_whole_label_in_american() -> None:
    printed = us_label(golden_bar(GOLDEN[1]), family())
    assert printed.name == "Milk chocolate"
    assert printed.ingredients == (
        "Ingredients: milk chocolate (sugar, cocoa butter, whole milk powder, chocolate liquor, "
        "sunflower lecithin, ground vanilla), caramelized cookies (wheat flour, sugar, palm and canola "
        "oils, sugar syrup, baking soda, soy flour, salt, cinnamon), salted caramel (sugar, glucose "
        "syrup, cream (milk), butter (milk), sea salt, sunflower lecithin)."
    )
    assert printed.contains_statement == "Contains: Milk, Soy, Wheat."
    assert printed.precaution == (
        "May contain egg, peanuts, sesame, almonds, Brazil nuts, cashews, hazelnuts, macadamia nuts, "
        "pecans, pine nuts, pistachios and walnuts."
    )
    assert printed.net_quantity == "Net Wt 3.5 oz (100g)"
    assert printed.nutrition.daily == {
        "total_fat": 15, "sat": 34, "chol_mg": 2, "sodium_mg": 2, "carb": 7, "fibre": 2, "added": 27,
        "vit_d_mcg": 0, "calcium_mg": 4, "iron_mg": 4, "potassium_mg": 2,
    }  # fmt: skip


# ── Where the two laws differ ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("module", "eu", "us"),
    [
        ("pine_nuts", (), ("TREENUT:PINE NUT",)),
        ("cornflakes", ("GLU-B",), ()),
        ("oat_crunch", ("GLU-O", "GLU-W"), ("WHEAT",)),
        ("apricot_dried", ("SO2",), ()),
        ("coconut_chips", (), ()),
    ],
)
def test_the_laws_count_different_allergens(module: str, eu: tuple[str, ...], us: tuple[str, ...]) -> None:
    design = bar("dark_85", ("toppings", module, 7))
    assert label(design, family(), "en").allergens == eu
    assert us_label(design, family()).contains == us


def test_what_is_printed_as_nothing_is_no_share_of_a_day() -> None:
    """Under half a gram of fibre is printed as 0 g, though it is more than one per cent of a day."""
    printed = us_label(bar("vegan_white", ("ingredients", "pistachio_kadayif", 25)), family()).nutrition
    assert (printed.fibre, printed.daily["fibre"]) == ("0", 0)
    assert (printed.protein, printed.daily["total_fat"]) == ("less than 1", 16)


def test_a_panel_may_be_said_in_a_line() -> None:
    printed = us_label(bar("dark_60", ("toppings", "almond_whole", 4.8), of="mini-40"), family("mini-40"))
    assert in_a_line(printed) == (
        "Servings: 1, Serv. size: 1 bar (40g), Amount per serving: Calories 220, Total Fat 16g (21% DV), "
        "Sat. Fat 9g (43% DV), Trans Fat 0g, Cholest. 0mg (0% DV), Sodium 0mg (0% DV), "
        "Total Carb. 19g (7% DV), Fiber 3g (12% DV), Total Sugars 14g (Incl. 14g Added Sugars, 27% DV), "
        "Protein 3g, Vit. D 0mcg (0% DV), Calcium 30mg (2% DV), Iron 3mg (15% DV), Potas. 170mg (4% DV). "
        "% DV = % Daily Value."
    )


def test_a_bar_of_two_columns_is_never_said_in_a_line() -> None:
    assert in_a_line(us_label(bar("dark_60", of="heart-80"), family("heart-80"))) == ""


def test_zone_f_warns_of_suppliers_only() -> None:
    printed = us_label(bar("dark_72", ("toppings", "raspberry_fd", 2.5)), family())
    assert (printed.zone, printed.precaution) == ("F", "May contain milk and soy.")


def test_a_filled_bar_names_its_filling() -> None:
    printed = us_label(bar("milk_37", ("ingredients", "pistachio_kadayif", 25)), family())
    assert printed.name == "Milk chocolate filled with pistachio cream with kadayif"


def test_sulphites_that_came_along_are_named_from_10_mg_per_kg() -> None:
    little = us_label(bar("dark_85", ("toppings", "coconut_chips", 12.5)), family())
    assert "sulfur" not in little.ingredients
    much = us_label(
        bar("dark_85", ("toppings", "coconut_chips", 12.5), ("toppings", "apricot_dried", 1)), family()
    )
    assert "coconut chips (sulfur dioxide)" in much.ingredients


def test_no_list_keeps_a_word_that_is_not_american() -> None:
    european = re.compile(
        r"%|\*|E \d|: |colour|flavour|ised|gelatine|maize|rapeseed|soya|sulph|biscuit|cocoa mass|skimmed"
    )
    texts = {key: american(module.ingredient.text.en) for key, module in family().modules.items()}
    assert {key: text for key, text in texts.items() if european.search(text)} == {}
    assert [key for key, text in texts.items() if text.count("(") != text.count(")")] == []


def test_every_code_has_its_word() -> None:
    codes = {code for module in family().modules.values() for code in module.ingredient.us_allergens}
    assert codes | set(FROM_EU.values()) <= set(ALLERGENS)


# ── Servings ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("of", "serving", "count", "second_column"),
    [
        ("mini-40", "1 bar (40g)", 1, False),
        ("heart-80", "1/3 bar (27g)", 3, True),
        ("bar-100", "1/3 bar (33g)", 3, False),
        ("slab-250", "1/8 bar (31g)", 8, False),
    ],
)
def test_the_serving_is_what_lies_nearest_to_30_g(
    of: str, serving: str, count: int, *, second_column: bool
) -> None:
    printed = us_label(bar("dark_60", of=of), family(of))
    assert (printed.serving, printed.servings) == (serving, count)
    assert (printed.nutrition_of_bar is not None) is second_column


@pytest.mark.parametrize(
    ("net_mg", "count"), [(59_999, 1), (60_000, 2), (60_001, 2), (200_000, 6), (216_000, 8)]
)
def test_a_larger_bar_is_divided_as_the_law_divides(net_mg: int, count: int) -> None:
    assert servings(net_mg) == count


@pytest.mark.parametrize(
    ("net_mg", "both"), [(59_999, False), (60_000, True), (90_000, True), (90_001, False)]
)
def test_from_two_to_three_customary_amounts_the_whole_bar_is_declared_too(
    net_mg: int, *, both: bool
) -> None:
    assert has_two_columns(net_mg) is both


# ── Rounding ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kcal", "printed"),
    [("4.9", 0), ("5", 5), ("7.5", 10), ("50", 50), ("51", 50), ("54.9", 50), ("55", 60), ("183", 180)],
)
def test_calories_round_to_5_up_to_50_and_to_10_above(kcal: str, printed: int) -> None:
    assert calories(Decimal(kcal)) == printed


@pytest.mark.parametrize(
    ("grams", "printed"),
    [
        ("0.49", "0"),
        ("0.5", "0.5"),
        ("0.74", "0.5"),
        ("0.75", "1"),
        ("4.74", "4.5"),
        ("4.9", "5"),
        ("5.5", "6"),
    ],
)
def test_fats_round_to_half_grams_below_5(grams: str, printed: str) -> None:
    assert fat(Decimal(grams)) == printed


@pytest.mark.parametrize(
    ("mg", "printed"), [("4.9", 0), ("5", 5), ("137.5", 140), ("140", 140), ("141", 140), ("145", 150)]
)
def test_sodium_rounds_to_5_up_to_140_and_to_10_above(mg: str, printed: int) -> None:
    assert sodium(Decimal(mg)) == printed


@pytest.mark.parametrize(
    ("mg", "printed"), [("1.9", "0"), ("2", "less than 5"), ("4.9", "less than 5"), ("5", "5"), ("7.5", "10")]
)
def test_little_cholesterol_is_less_than_5(mg: str, printed: str) -> None:
    assert cholesterol(Decimal(mg)) == printed


@pytest.mark.parametrize(
    ("grams", "printed"), [("0.49", "0"), ("0.5", "less than 1"), ("0.99", "less than 1"), ("1.5", "2")]
)
def test_little_carbohydrate_is_less_than_1(grams: str, printed: str) -> None:
    assert carbohydrate(Decimal(grams)) == printed


@pytest.mark.parametrize(
    ("name", "amount", "percent"),
    [
        ("total_fat", "13.24", 17),
        ("calcium_mg", "25", 0),
        ("calcium_mg", "26", 2),
        ("calcium_mg", "143", 10),
        ("iron_mg", "2.25", 15),
        ("iron_mg", "9.9", 60),
    ],
)
def test_vitamins_and_minerals_have_coarser_steps(name: str, amount: str, percent: int) -> None:
    assert daily_percent(name, Decimal(amount)) == percent


# ── What may not be sold there ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("module", "slot", "reason"),
    [
        ("tonka", "ingredients", "not permitted in food there"),
        ("rum_raisins", "ingredients", "sweets with alcohol may not be sold there"),
        ("bronze_lustre", "decorations", "its colour is not cleared there yet"),
    ],
)
def test_what_is_forbidden_or_not_cleared_is_blocked_with_its_reason(
    module: str, slot: str, reason: str
) -> None:
    design = bar("dark_60", (slot, module, 0.1))
    assert us_label(design, family()).blocked == (module,)
    assert [(block.module, block.reason.en) for block in blocks(design, family(), "US")] == [(module, reason)]
    assert blocks(design, family(), "DE") == ()


def test_a_base_without_a_cleared_name_is_blocked() -> None:
    assert us_label(bar("ruby_35"), family()).blocked == ("ruby_35",)


def test_every_block_of_the_catalogue_can_be_read() -> None:
    for module in family().modules.values():
        for block in filter(None, module.ingredient.market_block.split(";")):
            country, _, to_clear = block.partition("?")
            assert BLOCK.fullmatch(block)
            assert not to_clear or to_clear in TO_CLEAR
            assert country == "US"
