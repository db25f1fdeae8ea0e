"""A box of samples: loose portions of modules, each in a bag with a label of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from configurator.catalogue.families import all_current_families, current_families, current_family
from configurator.catalogue.loading import from_files, load
from configurator.catalogue.starts import start
from configurator.domain.constraints import problems
from configurator.domain.design import Design, from_canonical
from configurator.domain.domains import domains
from configurator.domain.family import Family
from configurator.domain.label import Label, label
from configurator.domain.label.facts import facts_of
from configurator.domain.label.markets import blocks
from configurator.domain.label.sheet import sheet
from configurator.domain.linting import lint
from configurator.domain.pricing import PriceList, quote
from configurator.domain.recipe import net_mg, numbered, recipe
from configurator.domain.repairs import cures
from configurator.domain.samples import BAG_LENGTH, BAG_WIDTH, bags, cents_per_kg

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def box() -> Family:
    return from_files("sample-box")


def holding(box: Family, *modules: str) -> Design:
    design = Design(box.key, box.version, name="To taste")
    for key in modules:
        design = design.adding(key, "samples", box.usual_dose(box.modules[key]))
    return design


def wrong_with(design: Design, box: Family) -> list[tuple[str, str]]:
    return [(problem.rule, problem.message) for problem in problems(design, box, "en")]


def labels_of(box: Family, *modules: str, locale: str = "en") -> tuple[Label, ...]:
    return label(holding(box, *modules), box, locale).bags


def test_a_box_is_published_beside_the_bars_and_is_none() -> None:
    box = from_files("sample-box")
    assert (box.form, box.is_bar, box.base_slot in box.slots) == ("samples", False, False)
    assert [(slot.key, slot.minimum, slot.maximum) for slot in box.slots] == [("samples", 3, 8)]
    assert lint(box, "en") == ()
    assert {slot.key for slot in from_files("bar-100").slots} == {
        "base",
        "ingredients",
        "toppings",
        "decorations",
    }


def test_bars_keep_the_versions_that_they_had_before_there_were_boxes() -> None:
    assert [from_files(key).version[:12] for key in ("bar-100", "mini-40")] == [
        "2f6f52cf10e1",
        "30ca34be39b7",
    ]


@pytest.mark.django_db
def test_what_is_published_of_a_box_is_what_the_files_say() -> None:
    load(at=NOON)
    assert current_family("sample-box") == from_files("sample-box")
    assert [family.key for family in current_families()] == ["bar-100", "mini-40", "heart-80", "slab-250"]
    assert [family.key for family in all_current_families()][-1] == "sample-box"


def test_pastes_prints_decorations_and_pinches_of_spice_are_no_samples(box: Family) -> None:
    bar = from_files("bar-100")
    left_out = set(bar.modules) - set(box.modules)
    assert {"hazelnut_praline", "transfer_print", "gold_leaf", "nonpareils", "saffron", "tonka"} <= left_out
    assert {"milk_37", "almond_whole", "raspberry_fd", "chili_flakes"} <= set(box.modules)
    # In a bag it is no bar, and the law has no other name for it.
    assert "vegan_white" in left_out


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_box_with_which_one_begins_can_be_made(box: Family, locale: str) -> None:
    assert problems(start(box, locale), box, locale) == ()


def test_three_to_eight_bags_each_of_another_food(box: Family) -> None:
    nine = list(box.modules)[:9]
    assert wrong_with(holding(box, *nine[:2]), box) == [("slot-minimum", "Samples: choose at least 3.")]
    assert wrong_with(holding(box, *nine[:3]), box) == []
    assert wrong_with(holding(box, *nine[:8]), box) == []
    assert wrong_with(holding(box, *nine), box) == [
        ("slot-maximum", "Samples: 9 chosen, at most 8 fit. Remove one.")
    ]


def test_eight_of_the_heaviest_fit(box: Family) -> None:
    heaviest = sorted(box.modules, key=lambda key: -box.modules[key].dose_mg)[:8]
    assert wrong_with(holding(box, *heaviest), box) == []
    assert net_mg(holding(box, *heaviest), box) == 91_000 <= box.net_mg


def test_a_full_box_offers_nothing_more_and_says_why(box: Family) -> None:
    states = domains(holding(box, *list(box.modules)[:8]), box, "en")["samples"]
    assert {state.state for state in states.values()} == {"chosen", "blocked"}
    assert states["raspberry_fd"].reason == "Samples: all 8 places are taken. Remove one first."


def test_a_bag_holds_its_portion_and_nothing_else(box: Family) -> None:
    design = holding(box, "milk_37", "almond_whole", "raspberry_fd")
    assert wrong_with(design.adding("almond_whole", "samples", 6_000), box) == [
        ("portion", "Roasted almonds, whole: a bag holds 12 g, not 6 g.")
    ]
    (problem,) = problems(design.adding("almond_whole", "samples", 6_000), box, "en")
    (whole, *_others) = cures(problem, design.adding("almond_whole", "samples", 6_000), box, "en")
    assert whole.design == design
    assert wrong_with(design.adding("almond_whole", "samples", 13_000), box) == [
        ("dose-maximum", "Roasted almonds, whole: 13 g is too much, at most 12 g go into this box.")
    ]
    assert wrong_with(design.on_base("milk_37"), box) == [
        ("base", "A box of samples has no base. Choose chocolate as one of the samples.")
    ]


def test_a_box_without_a_name_is_asked_for_one(box: Family) -> None:
    nameless = holding(box, "milk_37", "almond_whole", "raspberry_fd").named("")
    assert wrong_with(nameless, box) == [("name", "Give your box a name.")]


def test_each_portion_and_the_packing_have_a_price(box: Family) -> None:
    lines = quote(holding(box, "milk_37", "almond_whole", "dark_72"), box, "en").lines
    assert [(line.text, line.cents) for line in lines] == [
        ("Box, bags and filling", 390),
        ("Roasted almonds, whole", 60 + 70),
        ("Dark chocolate 72 %", 60 + 3),
        ("Milk chocolate 37 %", 60),
    ]


def test_a_price_set_by_hand_for_a_bar_is_not_that_of_a_bag(box: Family) -> None:
    dollars = PriceList("USD", permille=1200, own={"almond_whole": 95})
    of_bag = quote(holding(box, "almond_whole"), box, "en", dollars).lines[1]
    assert of_bag.cents == 156


def test_bags_from_ten_grams_have_a_price_per_kilogram() -> None:
    assert cents_per_kg(130, 12_000) == 10_833
    assert cents_per_kg(60, 10_000) == 6_000
    assert cents_per_kg(150, 2_500) is None


def test_an_empty_box_weighs_nothing_and_its_unit_price_is_none(box: Family) -> None:
    assert quote(holding(box), box, "en").cents_per_kg == 0


def test_the_recipe_is_the_portions(box: Family) -> None:
    design = holding(box, "milk_37", "almond_whole", "raspberry_fd")
    assert [(portion.module, portion.mg) for portion in recipe(design, box)] == [
        ("almond_whole", 12_000),
        ("milk_37", 10_000),
        ("raspberry_fd", 2_500),
    ]
    assert net_mg(design, box) == 24_500
    assert list(numbered(design, box).items()) == [
        (("samples", "almond_whole"), 1),
        (("samples", "milk_37"), 2),
        (("samples", "raspberry_fd"), 3),
    ]
    assert [bag.choices[0].module for bag in bags(design, box)] == ["almond_whole", "milk_37", "raspberry_fd"]


def test_a_box_is_the_same_value_wherever_it_is_kept(box: Family) -> None:
    design = start(box)
    assert from_canonical(design.canonical) == design
    assert design.code


# ── Labels ───────────────────────────────────────────────────────────────────────────────────────


def test_each_bag_has_a_label_of_its_own(box: Family) -> None:
    nuts, dark, fruit = labels_of(box, "raspberry_fd", "almond_caramelised", "dark_72")
    assert (nuts.name, nuts.ingredients) == (
        "Caramelised almonds",
        "Ingredients: **almonds** 58 %, sugar.",
    )
    assert nuts.net_quantity == "10 g"
    assert (dark.name, dark.net_quantity) == ("Dark chocolate. Cocoa solids: 72 % minimum", "10 g")
    assert dark.ingredients.startswith("Ingredients: cocoa mass, sugar, cocoa butter")
    assert (fruit.name, fruit.ingredients, fruit.precaution) == (
        "Freeze-dried raspberries",
        "Ingredients: freeze-dried raspberries.",
        "",
    )


def test_a_name_that_the_law_prescribes_is_printed_whole(box: Family) -> None:
    assert [bag.name for bag in labels_of(box, "chia_seeds", locale="de")] == ["Chiasamen (Salvia hispanica)"]


def test_sulphites_count_in_the_bag_not_in_the_box(box: Family) -> None:
    chips = labels_of(box, "coconut_chips", "milk_37", "dark_72", "raisins", "fig_pieces")[0]
    assert chips.ingredients == "Ingredients: coconut chips (**sulphur dioxide**)."
    peel = labels_of(box, "orange_peel_candied")[0]
    assert peel.ingredients.endswith("acid: citric acid (**sulphur dioxide**).")
    assert "SO2" in label(holding(box, "coconut_chips", "milk_37"), box, "en").allergens
    assert "SO2" in facts_of(holding(box, "coconut_chips", "milk_37"), box).contains


def test_each_bag_is_filled_in_its_zone_and_one_of_zone_o_makes_the_box_warn(box: Family) -> None:
    both = label(holding(box, "almond_whole", "raspberry_fd", "dark_72"), box, "en")
    assert [bag.zone for bag in both.bags] == ["O", "F", "F"]
    assert (both.zone, both.allergens) == ("O", ("NUT-ALM",))
    assert both.precaution.startswith("May contain egg, barley")
    free = label(holding(box, "raspberry_fd", "dark_72", "poppy_seeds"), box, "en")
    assert (free.zone, free.allergens, free.precaution) == ("F", (), "May contain milk and soya.")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_sample_has_all_particulars_and_its_allergens_in_bold(box: Family, locale: str) -> None:
    for key, module in box.modules.items():
        (bag,) = labels_of(box, key, locale=locale)
        assert bag.name, key
        assert bag.ingredients.count("**") % 2 == 0, key
        assert ("**" in bag.ingredients) == bool(bag.allergens), key
        assert set(module.ingredient.allergens) <= set(bag.allergens), key
        assert bag.storage, key
        assert bag.keeps_months > 0, key


def test_nutrition_may_be_left_out_for_no_side_of_a_bag_is_25_cm2(box: Family) -> None:
    assert BAG_LENGTH * BAG_WIDTH < 25 * 10_000
    printed = sheet(label(start(box), box, "en"))
    assert {bag.rows for bag in printed.bags} == {()}
    assert {bag.best_before for bag in printed.bags} == {"Best before"}


def test_no_box_goes_where_its_bags_are_not_labelled_for(box: Family) -> None:
    design = holding(box, "milk_37", "almond_whole", "raspberry_fd")
    assert len(blocks(design, box, "US")) == 3
    assert blocks(design, box, "DE") == ()


def test_what_a_bar_says_is_as_it_was() -> None:
    bar = from_files("bar-100")
    said = label(start(bar), bar, "en")
    assert said.bags == ()
    assert sheet(said).rows
    assert replace(said, bags=()) == said
