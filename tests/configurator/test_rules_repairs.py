"""Ways out: of one click, in words, and tried beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from random import Random
from time import process_time

import pytest

from bench.designs import one_after_another
from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.domains import domains
from configurator.domain.edits import EditsMistaken, applied
from configurator.domain.family import Family
from configurator.domain.repairs import cures, repairs, substitutes

BAR = from_files("bar-100")
WHITE = Design(BAR.key, BAR.version, "white_32", name="Ada")
FULL_SLOT = ("sesame_black", "poppy_seeds", "coconut_desiccated", "cocoa_nibs", "feuilletine", "almond_whole")
NEVER_CURED = {"name", "wrapper", "inscription", "face", "pattern", "moves"}
"""Only its maker can say what a bar should be called instead."""


def with_usual(design: Design, slot: str, *modules: str) -> Design:
    for module in modules:
        design = design.adding(module, slot, BAR.usual_dose(BAR.modules[module]))
    return design


def words(design: Design, slot: str, module: str, locale: str = "en") -> list[str]:
    return [repair.words for repair in repairs(design, BAR, module, slot, locale)]


def test_what_another_base_would_allow_names_the_nearest_bases() -> None:
    assert words(WHITE, "decorations", "bronze_lustre")[:2] == [
        "Change the base to “Milk chocolate 37 %” and add “Bronze lustre powder”.",
        "Change the base to “Dark milk chocolate 50 %” and add “Bronze lustre powder”.",
    ]
    assert words(WHITE, "decorations", "bronze_lustre", "de")[0] == (
        "Wechsle die Basis zu „Vollmilchschokolade 37 %“ und füge „Bronze-Glanzpuder“ hinzu."
    )


def test_a_full_slot_swaps_the_most_similar_first() -> None:
    full = with_usual(WHITE, "toppings", *FULL_SLOT)
    first, second, *_rest = repairs(full, BAR, "walnut_halves", "toppings", "en")
    assert (first.words, first.edits, first.cents) == (
        "Swap “Roasted almonds, whole” for “Walnut halves”.",
        "-toppings:almond_whole +toppings:walnut_halves:10000",
        10,
    )
    assert second.words == "Swap “Desiccated coconut” for 9 g of “Walnut halves”."
    assert first.design == applied(full, first.edits, BAR)


def test_too_little_room_is_made_by_taking_less() -> None:
    heavy = WHITE.adding("almond_whole", "toppings", 20_000).adding("hazelnut_whole", "toppings", 18_000)
    assert words(heavy, "toppings", "walnut_halves")[:2] == [
        "Take 17 g of “Roasted almonds, whole” instead of 20 g and add 5 g of “Walnut halves”.",
        "Swap “Roasted hazelnuts, whole” for “Walnut halves”.",
    ]


def test_a_smaller_dose_is_better_than_none() -> None:
    heavy = WHITE.adding("almond_whole", "toppings", 20_000).adding("hazelnut_whole", "toppings", 17_000)
    assert words(heavy, "toppings", "walnut_halves")[0] == "Add 3 g of “Walnut halves”."


def test_when_no_single_step_is_enough_several_are_one_click() -> None:
    full = with_usual(with_usual(WHITE, "ingredients", "rum_raisins"), "toppings", *FULL_SLOT)
    first = repairs(full, BAR, "popping_candy", "toppings", "en")[0]
    assert first.words == (
        "Swap “Feuilletine (crêpe flakes)” for “Popping candy (fat-coated)” and remove “Rum raisins”."
    )


def overfull() -> Design:
    """As only a program can send it: four times as many toppings as there are places."""
    toppings = [module.key for module in BAR.seats["toppings"][:24]]
    design = WHITE
    for key in toppings:
        design = design.adding(key, "toppings", 500)
    return design


def test_an_overfull_bar_is_answered_without_trying_every_set() -> None:
    """It took twenty seconds, and anybody may ask."""
    begun = process_time()
    found = repairs(overfull(), BAR, "poppy_seeds", "toppings", "en")
    cured = cures(problems(overfull(), BAR, "en")[0], overfull(), BAR, "en")
    assert process_time() - begun < 5
    assert found
    assert cured
    assert all(len(repair.design.in_slot("toppings")) == 6 for repair in (*found, *cured))


def test_what_is_retired_has_no_repair() -> None:
    assert repairs(WHITE, without("almond_whole"), "almond_whole", "toppings", "en") == ()


def without(*keys: str) -> Family:
    gone = {key: replace(BAR.modules[key], retired=True) for key in keys}
    return replace(BAR, version=f"without {keys}", modules={**BAR.modules, **gone})


def test_a_hundred_designs_that_a_retired_module_broke_are_offered_valid_substitutes() -> None:
    """Hazelnuts are gone: every bar with them opens as it was, and one click makes it whole again."""
    now = without("hazelnut_whole")
    for kept in islice(with_hazelnuts(Random(1)), 100):
        today = kept.under(now)
        (problem,) = problems(today, now, "en")
        assert problem.rule == "retired"
        offered = cures(problem, today, now, "en")
        assert offered[0].words.startswith("Swap “Roasted hazelnuts, whole” for ")
        assert all(not problems(cure.design, now, "en") for cure in offered)


def with_hazelnuts(dice: Random) -> Iterator[Design]:
    while True:
        kept = with_usual(WHITE, "toppings", "hazelnut_whole")
        for slot in ("ingredients", "toppings", "decorations"):
            module = dice.choice(BAR.seats[slot])
            if module.key != "hazelnut_whole":
                kept = kept.adding(module.key, slot, (BAR.usual_dose(module) + 1) // 2)
        if not problems(kept, BAR, "en"):
            yield kept


def test_substitutes_are_the_nearest_and_lead_to_a_valid_bar() -> None:
    hazel = with_usual(WHITE, "toppings", "hazelnut_whole")
    now = without("hazelnut_whole")
    nearest = substitutes("hazelnut_whole", "toppings", hazel.under(now), now)
    assert [module.category for module in nearest[:3]] == ["nuts", "nuts", "nuts"]
    assert len(nearest) == 6


def test_a_substitute_never_breaks_a_rule_of_the_rest() -> None:
    toffee = with_usual(WHITE, "ingredients", "toffee_pieces")
    assert "caramel_salted" in offered_for("toffee_pieces", toffee)
    assert "caramel_salted" not in offered_for(
        "toffee_pieces", with_usual(toffee, "toppings", "popping_candy")
    )


def offered_for(module: str, design: Design) -> list[str]:
    return [nearest.key for nearest in substitutes(module, "ingredients", design, BAR)]


@pytest.mark.parametrize("seed", range(3))
def test_every_problem_of_any_bar_has_a_cure_that_keeps_its_word(seed: int) -> None:
    for design, family in islice(one_after_another([BAR], seed), 60):
        found = problems(design.named("Ada"), family, "en")
        for problem in found:
            offered = cures(problem, design.named("Ada"), family, "en")
            assert offered or problem.rule in NEVER_CURED, problem
            for cure in offered:
                after = problems(cure.design, family, "en")
                assert {p.rule for p in after} <= {p.rule for p in found}
                assert applied(design.named("Ada"), cure.edits, family) == cure.design


def test_every_blocked_module_of_any_bar_has_a_repair_that_keeps_its_word() -> None:
    for design, family in islice(one_after_another([BAR], 7), 12):
        known = {problem.rule for problem in problems(design, family, "en")}
        for slot, states in domains(design, family, "en").items():
            for module, state in islice(states.items(), 0, None, 7):
                if state.state == "blocked":
                    found = repairs(design, family, module, slot, "en")
                    assert found, (slot, module, state)
                    for repair in found:
                        assert repair.design.has(module)
                        assert {p.rule for p in problems(repair.design, family, "en")} <= known


@pytest.mark.parametrize(
    "edits",
    [
        "",
        "toppings",
        "+toppings:almond_whole",
        "+toppings:unicorn:5000",
        "+roof:almond_whole:5000",
        "+toppings:almond_whole:-5",
        "+toppings:almond_whole:5e3",
        "+toppings:almond_whole:99999999",
        "+base:dark_60:5",
        "toppings:almond_whole",
        "base:dark_60:1:2",
        "<script>",
        "+toppings:almond_whole:5000 " * 60,
    ],
)
def test_edits_that_somebody_has_forged_are_refused_in_words(edits: str) -> None:
    with pytest.raises(EditsMistaken) as mistake:
        applied(WHITE, edits, BAR)
    assert str(mistake.value)


def test_taking_out_what_is_gone_already_changes_nothing() -> None:
    assert applied(WHITE, "-toppings:almond_whole", BAR) == WHITE
    assert applied(WHITE, "-base:dark_60", BAR) == WHITE
    assert applied(WHITE, "-base:white_32 base:dark_60", BAR).base == "dark_60"
