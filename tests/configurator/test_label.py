"""The food label: the law's golden bars, and every other bar the catalogue can make."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family, Text
from configurator.domain.label import label
from configurator.domain.label.allergens import ALLERGENS, precaution, sulphur_dioxide_mg_per_kg, supplied
from configurator.domain.label.contents import contents
from configurator.domain.label.nutrition import macronutrient, salt, saturates, sums
from configurator.domain.label.words import mid_sentence

GOLDEN = json.loads((Path(__file__).parent / "golden_labels.json").read_text())
SOLD, REFUSED = GOLDEN[:3], GOLDEN[3]
LOCALES = ("en", "de")


@cache
def family(key: str = "bar-100") -> Family:
    return from_files(key)


def bar(base: str | None, *choices: tuple[str, str, float], of: Family | None = None) -> Design:
    of = of or family()
    design = Design(of.key, of.version, base, name="Ada")
    for slot, module, grams in choices:
        design = design.adding(module, slot, round(grams * 1000))
    return design


def golden_bar(golden: dict[str, Any]) -> Design:
    return bar(golden["base"], *[("toppings", key, grams) for key, grams in golden["modules"]])


def with_food(key: str, **changes: Any) -> Family:
    module = family().modules[key]
    changed = replace(module, ingredient=replace(module.ingredient, **changes))
    return replace(family(), modules={**family().modules, key: changed})


# ── The golden bars ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["base"])
def test_the_golden_bars_are_labelled_to_the_letter(golden: dict[str, Any]) -> None:
    printed = label(golden_bar(golden), family(), "en")
    assert printed.ingredients == golden["ingredients"]
    assert list(printed.allergens) == golden["eu_allergens"]
    assert list(supplied(contents(golden_bar(golden), family()))) == golden["supplier_traces"]
    assert {name: getattr(printed.nutrition, name) for name in golden["eu"]} == golden["eu"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["base"])
def test_the_golden_bars_have_the_golden_sums(golden: dict[str, Any]) -> None:
    inside = contents(golden_bar(golden), family())
    added = sums(inside)
    for name in ("fat", "saturates", "carbohydrate", "sugars", "fibre", "protein", "salt", "polyols"):
        assert float(getattr(added, name)) == pytest.approx(golden["raw_per_100g"][name], abs=6e-5)
    assert float(sulphur_dioxide_mg_per_kg(inside)) == golden["so2_mg_per_kg"]


@pytest.mark.parametrize("golden", SOLD, ids=lambda golden: golden["base"])
def test_the_legal_golden_bars_may_be_ordered(golden: dict[str, Any]) -> None:
    assert [p for p in problems(golden_bar(golden), family(), "en") if p.rule == "inclusions"] == []


def test_the_bar_with_43_percent_inclusions_is_refused() -> None:
    assert [p.rule for p in problems(golden_bar(REFUSED), family(), "en")] == ["inclusions"]


def test_notes_for_the_staff_are_never_printed() -> None:
    printed = label(golden_bar(SOLD[2]), family(), "en")
    assert printed.statements == (
        "In the list, percentages of cocoa butter and dried rice syrup refer to the bar without its additions.",
    )


# ── The list of ingredients ──────────────────────────────────────────────────────────────────────


def test_a_german_label_is_german_to_the_decimal_comma() -> None:
    printed = label(golden_bar(SOLD[0]), family(), "de")
    assert printed.name == "Zartbitterschokolade. Kakao: 60 % mindestens"
    assert printed.ingredients == (
        "Zutaten: Zartbitterschokolade (Kakaomasse, Zucker, Kakaobutter, Emulgator: Lecithine "
        "(Sonnenblume), gemahlene Vanille), geröstete **Mandeln** 12 %, gefriergetrocknete "
        "Himbeeren 2,5 %, Meersalz."
    )
    assert printed.precaution == (
        "Kann Ei, Gerste, Hafer, Weizen, Milch, Paranüsse, Kaschunüsse, Haselnüsse, Macadamianüsse, "
        "Pecannüsse, Pistazien, Walnüsse, Erdnüsse, Sesam und Soja enthalten."
    )
    assert printed.nutrition.fibre == "9,0 g"
    assert printed.nutrition.salt == "0,61 g"
    assert printed.net_quantity == "100 g"
    assert printed.storage == "Trocken bei 15–18 °C lagern, vor Licht und Gerüchen geschützt."


def test_the_same_food_in_two_slots_is_one_entry() -> None:
    printed = label(
        bar("dark_85", ("ingredients", "almond_whole", 8), ("toppings", "almond_whole", 4.5)),
        family(),
        "en",
    )
    assert printed.ingredients.endswith("ground vanilla), roasted **almonds** 12.5 %.")


def test_two_modules_of_the_same_food_are_one_entry() -> None:
    printed = label(
        bar("dark_85", ("ingredients", "coffee_beans_crushed", 3), ("toppings", "coffee_bean_whole", 1)),
        family(),
        "en",
    )
    assert printed.ingredients.endswith("ground vanilla), roasted coffee beans 4 %.")


def test_shares_are_of_the_finished_bar_whatever_its_size() -> None:
    mini = family("mini-40")
    printed = label(bar("dark_85", ("toppings", "almond_whole", 4.8), of=mini), mini, "en")
    assert printed.ingredients.endswith("roasted **almonds** 12 %.")
    assert printed.net_quantity == "40 g"


@pytest.mark.parametrize(
    ("module", "grams", "text"),
    [
        ("chia_seeds", 4, "chia seeds (Salvia hispanica) 4 %"),
        ("tahini_swirl", 10, "**sesame** paste 10 % (100 % **sesame**)"),
        ("gold_leaf", 0.01, "colour: gold (E 175) 0.01 %"),
        ("gold_leaf", 0.001, "colour: gold (E 175) <0.01 %"),
        ("matcha", 1.999, "green tea powder (matcha)"),
        ("matcha", 2, "green tea powder (matcha) 2 %"),
        ("sea_salt_flakes", 1.2, "sea salt"),
        ("raspberry_fd", 1.25, "freeze-dried raspberries 1.3 %"),
    ],
)
def test_every_chosen_food_has_its_share_but_seasoning(module: str, grams: float, text: str) -> None:
    printed = label(bar("dark_85", ("toppings", module, grams)), family(), "en")
    assert printed.ingredients.partition("ground vanilla), ")[2] == f"{text}."


@pytest.mark.parametrize(
    ("base", "en", "de"),
    [
        ("white_32", "white chocolate (sugar", "weiße Schokolade (Zucker"),
        ("blond_33", "white chocolate (sugar", "weiße Schokolade (Zucker"),
        ("ruby_35", "milk chocolate (sugar", "Milchschokolade (Zucker"),
        ("vegan_almond", "chocolate with almond paste (cane", "Schokolade mit Mandelmark (Rohrzucker"),
        ("vegan_white", "sugar, cocoa butter", "Zucker, Kakaobutter"),
    ],
)
def test_a_base_is_listed_under_its_reserved_name_or_flat(base: str, en: str, de: str) -> None:
    assert label(bar(base), family(), "en").ingredients.startswith(f"Ingredients: {en}")
    assert label(bar(base), family(), "de").ingredients.startswith(f"Zutaten: {de}")


# ── The legal name ───────────────────────────────────────────────────────────────────────────────


def test_a_filled_bar_says_so_and_drops_the_cocoa_statement() -> None:
    filled = bar("white_32", ("ingredients", "pistachio_kadayif", 25))
    assert label(filled, family(), "en").name == (
        "Filled white chocolate, filling: pistachio cream with kadayif"
    )
    assert label(filled, family(), "de").name == (
        "Gefüllte weiße Schokolade, Füllung: Pistaziencreme mit Kadayif"
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_only_reserved_names_say_chocolate_and_no_vegan_name_says_milk(locale: str) -> None:
    for base in (module for module in family().modules.values() if module.chocolate):
        for design in (bar(base.key), bar(base.key, ("ingredients", "pistachio_kadayif", 25))):
            printed = label(design, family(), locale)
            words = f"{printed.name} {printed.ingredients}".lower()
            if base.chocolate and not base.chocolate.reserved_name:
                assert "chocolate" not in words
                assert "schokolade" not in words
            if base.ingredient.diet.vegan:
                assert not re.search("milk|milch", printed.name.lower())


@pytest.mark.parametrize(
    ("base", "en", "de"),
    [
        (
            "vegan_almond",
            "Chocolate with almond paste (15.8 %). Cocoa solids: 58 % minimum in the chocolate",
            "Schokolade mit Mandelmark (15,8 %). Kakao: 58 % mindestens in der Schokolade",
        ),
        (
            "vegan_white",
            "Confectionery bar with cocoa butter (27 %) and dried rice syrup (18.8 %)",
            "Süßwarentafel mit Kakaobutter (27 %) und Reissirup-Trockenpulver (18,8 %)",
        ),
    ],
)
def test_what_the_name_counts_is_counted_in_the_finished_bar(base: str, en: str, de: str) -> None:
    """21 % of almond paste are 21 % of the base, and a quarter of this bar is almonds."""
    full = bar(base, ("toppings", "almond_whole", 25))
    assert label(full, family(), "en").name == en
    assert label(full, family(), "de").name == de
    assert "almond paste (21 %)" in label(bar("vegan_almond"), family(), "en").name


def test_no_label_claims_more_than_its_bar_keeps() -> None:
    """In zone O it warns of gluten and of milk, and of the bar's own butter there is no doubt."""
    printed = [
        label(bar("vegan_white", *map(topping, modules)), family(), locale)
        for locale in LOCALES
        for modules in (("cornflakes_gf", "butter_biscuit"), ("marshmallow_vegan", "almond_whole"))
    ]
    said = " ".join(f"{each.name} {each.ingredients}".lower() for each in printed)
    assert not re.search("vegan|gluten|free|frei", said)
    assert "maize flakes 5 % (maize, sugar, salt)" in said
    assert "marshmallows ohne gelatine 5 %" in said


def topping(module: str) -> tuple[str, str, float]:
    return "toppings", module, 5


def test_every_additive_says_what_it_does_there() -> None:
    """Annex VII part C: its class stands before its name."""
    texts = " ".join(module.ingredient.text.de for module in family().modules.values())
    for additive, its_class in (
        ("Carrageen", "Geliermittel: "), ("Citronensäure", "Säuerungsmittel: "), ("Lecithine", "Emulgator: "),
        ("Natriumcarbonate", "Backtriebmittel: "), ("Bienenwachs", "Überzugsmittel: "),
    ):  # fmt: skip
        assert texts.count(additive) == texts.count(its_class + additive)


def test_the_share_of_a_mixture_is_not_the_share_of_its_last_part() -> None:
    shiny = label(bar("dark_60", ("decorations", "bronze_lustre", 0.02)), family(), "en").ingredients
    assert (
        "lustre powder (colour: iron oxides and hydroxides (E 172), "
        "carrier: potassium aluminium silicate (E 555)) 0.02 %" in shiny
    )


def test_the_cocoa_statement_stays_whatever_is_added() -> None:
    full = bar("dark_60", ("toppings", "almond_whole", 30), ("toppings", "walnut_halves", 10))
    assert label(full, family(), "en").name == "Dark chocolate. Cocoa solids: 60 % minimum"


def test_german_nouns_keep_their_capital_inside_a_sentence() -> None:
    assert mid_sentence("Weiße Schokolade", "de") == "weiße Schokolade"
    assert mid_sentence("Schokolade mit Mandelmark", "de") == "Schokolade mit Mandelmark"
    assert mid_sentence("Gianduja-Milchschokolade", "de") == "Gianduja-Milchschokolade"
    assert mid_sentence("Dark chocolate", "en") == "dark chocolate"


# ── Allergens ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("so2_mg_per_kg", "declared"), [(99, False), (100, False), (101, True)]
)  # in 10 g: 9.9, 10 and 10.1 mg/kg
def test_sulphites_count_above_10_mg_per_kg_of_bar(so2_mg_per_kg: int, *, declared: bool) -> None:
    sulphured = with_food("apricot_dried", so2_mg_per_kg=so2_mg_per_kg)
    design = bar("dark_85", ("toppings", "apricot_dried", 10))
    printed = label(design, sulphured, "en")
    assert ("SO2" in printed.allergens) is declared
    assert ("**sulphur dioxide**" in printed.ingredients) is declared
    assert "sulphur dioxide" in printed.ingredients
    assert ("**Schwefeldioxid**" in label(design, sulphured, "de").ingredients) is declared


def test_sulphites_that_came_along_are_named_when_they_must_be_declared() -> None:
    coconut = with_food("coconut_chips", so2_mg_per_kg=500)
    printed = label(bar("dark_85", ("toppings", "coconut_chips", 5)), coconut, "en")
    assert printed.ingredients.endswith("coconut chips (**sulphur dioxide**) 5 %.")
    assert printed.allergens == ("SO2",)
    assert "SO2" not in printed.may_contain


def test_every_allergen_of_the_catalogue_has_a_word() -> None:
    named = {
        code
        for module in family().modules.values()
        for code in (*module.ingredient.allergens, *module.ingredient.traces)
    }
    assert named - set(ALLERGENS) == set()


def test_no_traces_need_no_warning() -> None:
    assert precaution((), "en") == ""
    assert precaution(("MLK",), "en") == "May contain milk."
    assert precaution(("MLK", "SOY"), "de") == "Kann Milch und Soja enthalten."


# ── Nutrition ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("grams", "printed"),
    [
        ("0", "0 g"),
        ("0.01", "<0.5 g"),
        ("0.5", "<0.5 g"),
        ("0.501", "0.5 g"),
        ("0.55", "0.6 g"),
        ("9.94", "9.9 g"),
        ("9.95", "10 g"),
        ("10", "10 g"),
        ("10.5", "11 g"),
    ],
)
def test_macronutrients_round_half_up_in_the_laws_steps(grams: str, printed: str) -> None:
    assert macronutrient(Decimal(grams)) == printed


@pytest.mark.parametrize(
    ("grams", "printed"),
    [("0", "0 g"), ("0.1", "<0.1 g"), ("0.11", "0.1 g"), ("9.95", "10 g"), ("23.5", "24 g")],
)
def test_saturates_round_finer_near_nothing(grams: str, printed: str) -> None:
    assert saturates(Decimal(grams)) == printed


@pytest.mark.parametrize(
    ("grams", "printed"),
    [
        ("0", "0 g"),
        ("0.0125", "<0.01 g"),
        ("0.0126", "0.01 g"),
        ("0.994", "0.99 g"),
        ("0.995", "1.0 g"),
        ("1.05", "1.1 g"),
    ],
)
def test_salt_rounds_in_hundredths(grams: str, printed: str) -> None:
    assert salt(Decimal(grams)) == printed


# ── Further statements ───────────────────────────────────────────────────────────────────────────


def test_sweetened_bars_warn() -> None:
    plain = label(bar("dark_65_nas"), family(), "en")
    assert plain.statements == (
        "With sweetener.",
        "Excessive consumption may produce laxative effects.",
    )
    sugared = label(bar("dark_65_nas", ("toppings", "rock_sugar_brown", 5)), family(), "de")
    assert sugared.statements == (
        "Mit Zucker und Süßungsmittel.",
        "Kann bei übermäßigem Verzehr abführend wirken.",
    )


@pytest.mark.parametrize(("polyols", "warned"), [("10", False), ("10.01", True)])
def test_laxative_effects_are_named_above_10_percent_polyols(polyols: str, *, warned: bool) -> None:
    dark = family().modules["dark_65_nas"].ingredient
    sweet = with_food("dark_65_nas", nutrition=replace(dark.nutrition, polyols=Decimal(polyols)))
    statements = label(bar("dark_65_nas"), sweet, "en").statements
    assert ("Excessive consumption may produce laxative effects." in statements) is warned


@pytest.mark.parametrize(
    ("grams", "statements"),
    [(3.333, ()), (3.334, ("Contains liquorice.",)), (20, ("Contains liquorice.",))],
)
def test_liquorice_is_named_from_its_threshold(grams: float, statements: tuple[str, ...]) -> None:
    # 3 % extract with 100 g/kg glycyrrhizinic acid: 3000 mg/kg, so 100 mg/kg at 3.33 g in 100 g.
    printed = label(bar("dark_85", ("toppings", "liquorice_pieces", grams)), family(), "en")
    assert tuple(s for s in printed.statements if "liquorice" in s) == statements


def test_very_much_liquorice_warns_of_hypertension() -> None:
    strong = with_food("liquorice_pieces", text=Text("liquorice extract 60 %", "Süßholzextrakt 60 %"))
    printed = label(bar("dark_85", ("toppings", "liquorice_pieces", 20)), strong, "en")
    assert printed.statements[0] == (
        "Contains liquorice – people suffering from hypertension should avoid excessive consumption."
    )


def test_alcohol_is_named() -> None:
    printed = label(bar("dark_85", ("ingredients", "rum_raisins", 8)), family(), "de")
    assert "Enthält Alkohol." in printed.statements


def test_shares_printed_inside_a_food_are_explained() -> None:
    printed = label(bar("dark_85", ("ingredients", "halva_crumbs", 8)), family(), "en")
    assert printed.statements == ("Percentages within a compound ingredient refer to that ingredient.",)


# ── Unfinished bars ──────────────────────────────────────────────────────────────────────────────


def test_an_empty_design_has_an_empty_label() -> None:
    printed = label(bar(None), family(), "en")
    assert (printed.name, printed.ingredients, printed.allergens) == ("", "", ())
    assert printed.nutrition.energy == "0 kJ / 0 kcal"


def test_choices_without_a_base_are_labelled_for_themselves() -> None:
    printed = label(bar(None, ("toppings", "almond_whole", 12)), family(), "en")
    assert printed.ingredients == "Ingredients: roasted **almonds** 100 %."
