"""What staff are told of their rules before a customer meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import process_time

import pytest

from bench.rules import enlarged
from configurator.catalogue.loading import from_files
from configurator.domain.family import Family, Text
from configurator.domain.label.facts import Facts, facts
from configurator.domain.linting import lint
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rules import (
    Avoid,
    Constraint,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
)

BAR = from_files("bar-100")
WHY = Text("Why not.", "Darum nicht.")
NUTS = ("almond_whole", "hazelnut_whole")
RASPBERRIES = ("raspberry_fd",)
DECORATIONS = tuple(module.key for module in BAR.seats["decorations"])
MOST_RASPBERRIES = BAR.largest_dose(BAR.modules["raspberry_fd"])
DEAREST_RASPBERRIES = surcharge_cents(BAR.modules["raspberry_fd"], MOST_RASPBERRIES)


def under(*rules: Constraint, family: Family = BAR) -> Family:
    return replace(family, constraints=rules)


def errors(family: Family, locale: str = "en") -> list[str]:
    return [finding.words for finding in lint(family, locale) if finding.is_error]


def warnings(family: Family, locale: str = "en") -> list[str]:
    return [finding.words for finding in lint(family, locale) if not finding.is_error]


@pytest.mark.parametrize("key", ["bar-100", "mini-40", "heart-80", "slab-250"])
def test_our_own_catalogue_has_nothing_odd(key: str) -> None:
    assert lint(from_files(key), "en") == ()


def test_a_module_that_nobody_knows_is_named_with_its_field() -> None:
    (finding,) = lint(under(Excludes("r", ("unicorn",), NUTS, WHY)), "en")
    assert (finding.is_error, finding.rule, finding.field) == (True, "r", "modules")
    assert finding.words == "Rule r: unicorn: there is no such module. Choose one from the list."


def test_what_excludes_itself_could_never_be_chosen() -> None:
    assert errors(under(Excludes("r", NUTS, ("almond_whole",), WHY))) == [
        (
            "Rule r: Roasted almonds, whole: stands on both sides and so excludes itself; nobody could "
            "choose it. Take it out of one list."
        ),
        (
            "Bar, 100 g: nobody could ever choose Roasted almonds, whole. Rules about it: r. "
            "Change one of them, or retire the module."
        ),
    ]


def test_two_rules_that_together_shut_a_module_out_are_both_named() -> None:
    apart = Excludes("apart", ("gold_leaf",), ("dark_60",), WHY)
    needed = Needs("needed", ("gold_leaf",), ("dark_60",), WHY)
    assert errors(under(apart, needed)) == [
        (
            "Bar, 100 g: nobody could ever choose Gold leaf flakes. Rules about it: apart, needed. "
            "Change one of them, or retire the module."
        )
    ]


def test_a_limit_of_nothing_is_a_hidden_retirement() -> None:
    assert errors(under(Limit("r", NUTS, 0, WHY)))[0] == (
        "Rule r: At most 0 means that nobody can choose these. Write at least 1, or retire the modules."
    )


@pytest.mark.parametrize(
    "rule",
    [
        Limit("r", NUTS, 2, WHY),
        Needs("r", NUTS, NUTS, WHY),
        Excludes("r", ("dark_60",), ("milk_37",), WHY),
        Needs("r", ("gold_leaf",), tuple(module.key for module in BAR.seats["base"]), WHY),
        Avoid("r", "LUP", WHY),
        Limit("r", DECORATIONS, 2, WHY),
        LimitGrams("r", RASPBERRIES, MOST_RASPBERRIES, WHY),
        LimitPercent("r", NUTS, 400, WHY),
        LimitPrice("r", RASPBERRIES, DEAREST_RASPBERRIES + 1, WHY),
        LimitPrice("r", (), 5_000, WHY),
    ],
)
def test_a_rule_that_is_always_kept_is_called_pointless(rule: Constraint) -> None:
    assert errors(under(rule)) == []
    assert len(warnings(under(rule))) == 1


@pytest.mark.parametrize(
    "rule",
    [
        Limit("r", DECORATIONS, 1, WHY),
        LimitGrams("r", RASPBERRIES, MOST_RASPBERRIES - 1, WHY),
        LimitPercent("r", NUTS, 399, WHY),
        LimitPrice("r", RASPBERRIES, DEAREST_RASPBERRIES - 1, WHY),
        LimitPrice("r", (), 1_000, WHY),
    ],
)
def test_a_rule_that_says_no_to_the_fullest_bar_alone_is_no_pointless_one(rule: Constraint) -> None:
    assert lint(under(rule), "en") == ()


def test_a_rule_that_another_one_covers_is_pointless() -> None:
    rule = Excludes("one", ("almond_whole",), ("gold_leaf",), WHY)
    assert warnings(under(rule, replace(rule, key="two"))) == [
        "Rule one changes nothing: no bar can break it. Remove it, or name other modules.",
        "Rule two changes nothing: no bar can break it. Remove it, or name other modules.",
    ]


def test_a_base_has_no_dose_to_limit() -> None:
    (finding,) = [f for f in lint(under(LimitGrams("r", ("dark_60",), 5_000, WHY)), "en") if f.is_error]
    assert finding.field == "modules"


def test_a_limit_below_half_a_dose_says_how_much_it_takes() -> None:
    assert errors(under(LimitGrams("r", NUTS, 5_000, WHY)))[0] == (
        "Rule r: Roasted almonds, whole, Roasted hazelnuts, whole: could never be chosen, for half of a "
        "usual dose is more already. Write at least 6 g."
    )
    assert errors(under(LimitPercent("r", NUTS, 50, WHY)))[0].endswith("Write at least 6.0 %.")


def test_a_price_limit_below_the_plain_bar_leaves_no_bar_at_all() -> None:
    assert errors(under(LimitPrice("r", (), 400, WHY)), "de") == [
        (
            "Regel r: Tafel, 100 g: kostet schon mehr, bevor etwas gewählt ist; keine könnte gemacht "
            "werden. Schreibe einen höheren Preis."
        ),
        (
            "Tafel, 100 g: Unter diesen Regeln lässt sich keine Tafel machen. "
            "Lockere die Regeln oder das Minimum eines Platzes."
        ),
    ]


def test_a_base_that_leaves_vegans_five_toppings_is_pointed_out() -> None:
    vegan = [m.key for m in BAR.seats["toppings"] if m.ingredient.diet.vegan]
    lean = under(Excludes("r", ("dark_60",), tuple(vegan[5:]), WHY))
    assert errors(lean) == []
    assert (
        "Bar, 100 g, Dark chocolate 60 %: only 5 toppings are left for a bar that is vegan; "
        "there should be 8. Loosen a rule, or add toppings."
    ) in warnings(lean)


@pytest.mark.parametrize(
    ("base", "diet", "suits"),
    [
        ("dark_60", "halal", lambda known: known.halal),
        ("vegan_almond", "without hazelnuts", lambda known: "NUT-HAZ" not in known.contains),
        ("gianduja_milk", "without sulphur dioxide", lambda known: "SO2" not in known.contains),
        ("milk_37", "without pine nuts", lambda known: "PINE" not in known.contains),
        ("dark_72", "made in zone F", lambda known: known.zone == "F"),
    ],
)
def test_whatever_somebody_avoids_each_base_leaves_eight_toppings(
    base: str, diet: str, suits: Callable[[Facts], bool]
) -> None:
    """Every diet that the shelves can be filtered by, in every kind of base that suits it."""
    suiting = [module.key for module in BAR.seats["toppings"] if suits(facts(module, BAR))]
    for number, said in ((7, 1), (8, 0)):
        found = warnings(under(Excludes("r", (base,), tuple(suiting[number:]), WHY)))
        name = BAR.modules[base].name.en
        words = f"Bar, 100 g, {name}: only 7 toppings are left for a bar that is {diet}; there should be 8. "
        assert found.count(f"{words}Loosen a rule, or add toppings.") == said


def test_a_topping_that_needs_what_a_diet_forbids_is_not_left_for_it() -> None:
    vegan = [module.key for module in BAR.seats["toppings"] if module.ingredient.diet.vegan]
    honey = Needs("r", tuple(vegan[7:]), ("gummy_bears", "honeycomb"), WHY)
    assert [words for words in warnings(under(honey)) if "that is vegan" in words] == []
    meaty = Needs("r", tuple(vegan[7:]), ("gummy_bears", "marshmallow_mini"), WHY)
    assert any(
        "only 7 toppings are left for a bar that is vegan" in words for words in warnings(under(meaty))
    )


def test_two_thousand_rules_about_a_thousand_modules_are_looked_at_while_one_waits() -> None:
    """Somebody has just pressed Save; it once took minutes."""
    begun = process_time()
    lint(enlarged(BAR, 1_000, 2_000), "en")
    assert process_time() - begun < 6
