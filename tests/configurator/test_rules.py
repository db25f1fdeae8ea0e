"""What can be made, what it weighs and what it costs."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.catalogue.loading import from_files
from configurator.domain.constraints import ModuleUnknown, SlotUnknown, problems
from configurator.domain.design import Choice, Design
from configurator.domain.domains import domains
from configurator.domain.family import Family, Text
from configurator.domain.pricing import quote, surcharge_cents
from configurator.domain.recipe import grams, recipe
from configurator.domain.rules import Avoid, Excludes, Limit, Needs

BAR = from_files("bar-100")
MINI = from_files("mini-40")
SEATED = [(slot, module) for slot in BAR.slots[1:] for module in BAR.seats[slot.key]]


@st.composite
def any_design(draw: st.DrawFn, family: Family = BAR) -> Design:
    """Bases and doses at random, mostly valid, sometimes far beyond the rules."""
    design = Design(family.key, family.version, draw(st.sampled_from(family.seats["base"])).key, name="Any")
    for slot, module in draw(st.lists(st.sampled_from(SEATED), max_size=9)):
        usual = family.usual_dose(module)
        mg = draw(st.sampled_from([usual, usual // 2 or 1, family.largest_dose(module), 3 * usual]))
        design = design.adding(module.key, slot.key, mg)
    return design


def messages(design: Design, family: Family = BAR, locale: str = "en") -> list[str]:
    return [problem.message for problem in problems(design, family, locale)]


def rules(design: Design, family: Family = BAR) -> list[str]:
    return [problem.rule for problem in problems(design, family, "en")]


def chosen(base: str | None = "dark_60", *choices: tuple[str, str, int], name: str = "Ada") -> Design:
    return Design(BAR.key, BAR.version, base, tuple(Choice(*choice) for choice in choices), name)


def test_adas_bar_can_be_made(ada: Design, bar: Family) -> None:
    assert problems(ada, bar, "en") == ()


def test_a_bar_needs_a_base_and_a_name() -> None:
    assert messages(chosen(None, name="")) == ["Choose a base.", "Give your bar a name."]
    assert messages(chosen(None, name=""), locale="de") == [
        "Wähle eine Basis.",
        "Gib deiner Tafel einen Namen.",
    ]


@pytest.mark.parametrize(("length", "broken"), [(1, []), (30, []), (31, ["name"])])
def test_the_wrapper_has_room_for_thirty_characters(length: int, broken: list[str]) -> None:
    assert rules(chosen(name="ß" * length)) == broken


@pytest.mark.parametrize("name", ["Für Zoë", "Łódź & Œuvre", "Ελλάδα", "Шоколад", "“1 000 €” – n°5…"])
def test_the_wrapper_can_print_european_letters(name: str) -> None:
    assert rules(chosen(name=name)) == []


def test_signs_that_our_type_does_not_have_are_named() -> None:
    assert messages(chosen(name="さくら 🍫")) == [
        "We cannot print this: さ く ら 🍫. Use letters, digits and punctuation."
    ]


def test_forty_percent_of_inclusions_are_accepted_and_a_milligram_more_is_not() -> None:
    exactly = chosen(
        "dark_60", ("toppings", "hazelnut_whole", 25_000), ("toppings", "cashew_roasted", 15_000)
    )
    assert messages(exactly) == []
    assert messages(exactly.adding("cashew_roasted", "toppings", 15_001)) == [
        (
            "Ingredients and toppings make up 40.1 % of the bar. Above 40.0 % it may no longer be "
            "called chocolate. Use less, or remove one."
        )
    ]


def test_more_of_a_module_than_its_largest_dose_is_refused() -> None:
    assert messages(chosen("dark_60", ("toppings", "sea_salt_flakes", 1_300))) == [
        "Sea salt flakes: 1.3 g is too much, at most 1.2 g go into this bar."
    ]


def test_the_largest_dose_counts_both_slots_together() -> None:
    both = chosen("dark_60", ("ingredients", "cocoa_nibs", 7_000), ("toppings", "cocoa_nibs", 7_000))
    assert rules(both) == ["dose-maximum"]


@pytest.mark.parametrize("mg", [0, -5])
def test_a_dose_of_nothing_is_refused(mg: int) -> None:
    assert rules(chosen("dark_60", ("toppings", "almond_whole", mg))) == ["dose-minimum"]


def test_a_slot_takes_only_its_kinds_and_so_many() -> None:
    assert messages(chosen("dark_60", ("decorations", "almond_whole", 12_000))) == [
        "Roasted almonds, whole cannot be used as: Decorations."
    ]
    crowd = [module.key for module in BAR.seats["ingredients"]][:4]
    crowded = chosen("dark_60", *(("ingredients", key, 500) for key in crowd))
    assert messages(crowded) == ["Mixed in: 4 chosen, at most 3 fit. Remove one."]


def test_a_mixed_in_almond_may_also_be_a_topping() -> None:
    almond = BAR.modules["almond_whole"]
    assert [slot.key for slot in BAR.slots if slot.takes(almond)] == ["ingredients", "toppings"]


def test_what_the_catalogue_does_not_know_is_no_design_of_it() -> None:
    with pytest.raises(ModuleUnknown):
        problems(chosen("unicorn"), BAR, "en")
    with pytest.raises(SlotUnknown):
        problems(chosen("dark_60", ("base", "milk_37", 5)), BAR, "en")


def test_the_catalogues_own_rules_speak_in_words() -> None:
    assert messages(
        chosen("dark_60", ("decorations", "transfer_print", 600), ("decorations", "choc_plaque", 4_000))
    ) == ["Print and plaque both carry a message, and one would hide the other. Choose one of them."]
    assert messages(chosen("white_32", ("decorations", "bronze_lustre", 50))) == [
        "Bronze lustre needs a brown base: on a pale one it looks like dust."
    ]


def test_avoiding_an_allergen_covers_all_its_kinds() -> None:
    nut_free = replace(BAR, constraints=(Avoid("nut-free", "NUT", Text("No nuts.", "Ohne Nüsse.")),))
    assert messages(chosen("dark_60", ("toppings", "almond_whole", 9_000)), nut_free) == ["No nuts."]
    assert messages(chosen("gianduja_milk"), nut_free) == ["No nuts."]
    assert messages(chosen("dark_60", ("toppings", "peanut_salted", 9_000)), nut_free) == []


# ── Recipe and price ─────────────────────────────────────────────────────────────────────────────


@given(any_design())
def test_a_recipe_weighs_exactly_what_the_pack_says(design: Design) -> None:
    weighed = sum(portion.mg for portion in recipe(design, BAR))
    assert weighed == max(BAR.net_mg, design.inclusions_mg)


@pytest.mark.parametrize(
    ("mg", "written"), [(12_000, "12"), (2_500, "2.5"), (84_900, "84.9"), (10, "0.01"), (1, "0.001")]
)
def test_grams_are_written_exactly(mg: int, written: str) -> None:
    assert grams(mg) == written


def test_adas_bar_costs_what_its_lines_say(ada: Design, bar: Family) -> None:
    offer = quote(ada, bar, "en")
    assert [(line.text, line.cents) for line in offer.lines] == [
        ("Bar, 100 g", 490),
        ("Roasted almonds, whole", 70),
        ("Freeze-dried raspberry pieces", 90),
    ]
    assert (offer.total_cents, offer.cents_per_kg) == (650, 6500)


def test_the_mini_bar_takes_two_fifths_of_doses_and_surcharges() -> None:
    almond = MINI.modules["almond_whole"]
    assert MINI.usual_dose(almond) == 4_800
    assert surcharge_cents(almond, 4_800) == 28
    small = Design(MINI.key, MINI.version, "ruby_35", name="Ada").adding("almond_whole", "toppings", 4_800)
    assert [line.cents for line in quote(small, MINI, "de").lines] == [290, 32, 28]


@given(any_design())
def test_the_total_is_the_sum_of_its_lines_in_both_languages(design: Design) -> None:
    english, german = quote(design, BAR, "en"), quote(design, BAR, "de")
    assert sum(line.cents for line in english.lines) == english.total_cents == german.total_cents


# ── Domains ──────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=60)
@given(any_design())
def test_an_open_module_keeps_a_valid_design_valid(design: Design) -> None:
    if problems(design, BAR, "en"):
        return
    for slot, modules in domains(design, BAR, "en").items():
        for module, state in modules.items():
            if state.state == "open":
                adding = design.on_base(module) if slot == "base" else design.adding(module, slot, state.mg)
                assert [p.rule for p in problems(adding, BAR, "en") if not p.curable] == []


@settings(deadline=None, max_examples=60)
@given(any_design())
def test_a_blocked_module_says_why_and_would_break_the_bar(design: Design) -> None:
    if problems(design, BAR, "en"):
        return
    for slot, modules in domains(design, BAR, "en").items():
        for module, state in modules.items():
            if state.state == "blocked":
                assert state.reason
                least = BAR.usual_dose(BAR.modules[module]) // 2 + 1
                adding = design.on_base(module) if slot == "base" else design.adding(module, slot, least)
                assert problems(adding, BAR, "en")


SMALL = replace(
    BAR,
    modules={
        key: BAR.modules[key]
        for key in ("dark_60", "white_32", "almond_whole", "cocoa_nibs", "gold_leaf", "rose_petals")
    },
    slots=tuple(replace(slot, maximum=min(slot.maximum, 2)) for slot in BAR.slots),
    constraints=(
        Excludes("apart", ("almond_whole",), ("rose_petals",), Text("Apart.", "Getrennt.")),
        Needs("gold", ("gold_leaf",), ("dark_60", "cocoa_nibs"), Text("Gold!", "Gold!")),
        Limit("few", ("cocoa_nibs", "rose_petals"), 1, Text("Few.", "Wenige.")),
    ),
)


def every_choice(family: Family) -> list[Design]:
    """All designs of usual doses, each module in at most one place."""
    seats = [(slot.key, module.key) for slot in family.slots[1:] for module in family.seats[slot.key]]
    return [
        Design(
            family.key,
            family.version,
            base,
            tuple(Choice(s, m, family.usual_dose(family.modules[m])) for s, m in picked),
            "Ada",
        )
        for base in (None, "dark_60", "white_32")
        for size in range(4)
        for picked in combinations(seats, size)
        if len({module for _, module in picked}) == size
    ]


def test_on_a_small_catalogue_domains_are_exactly_what_can_still_be_completed() -> None:
    designs = every_choice(SMALL)
    complete = [design for design in designs if not problems(design, SMALL, "en")]
    leads_on = {design.canonical: completions(design, complete) for design in designs}
    for design in designs:
        if len(design.choices) > 1 or not leads_on[design.canonical]:
            continue
        for slot, modules in domains(design, SMALL, "en").items():
            for module, state in modules.items():
                if state.state == "chosen" or design.has(module):
                    continue
                choosing = (
                    design.on_base(module) if slot == "base" else design.adding(module, slot, state.mg or 1)
                )
                possible = bool(completions(choosing, complete))
                assert (state.state == "open") == possible, (design.canonical, slot, module)


def test_what_a_module_needs_it_may_be_itself() -> None:
    family = replace(
        SMALL,
        version="one that meets its own need",
        slots=tuple(replace(slot, maximum=1) for slot in SMALL.slots),
        constraints=(
            Needs("gold", ("gold_leaf", "rose_petals"), ("gold_leaf", "cocoa_nibs"), Text("Gold!", "Gold!")),
            Excludes("dark", ("cocoa_nibs",), ("white_32",), Text("Dark.", "Dunkel.")),
        ),
    )
    white = Design(family.key, family.version, "white_32", name="Ada")
    state = domains(white, family, "en")["decorations"]["gold_leaf"]
    assert state.state == "open"
    assert not problems(white.adding("gold_leaf", "decorations", state.mg), family, "en")


def test_of_two_things_that_are_each_enough_the_one_that_says_it_shortest_is_told() -> None:
    """There is no room for the plaque either, but no fewer than all the rest would make some."""
    nuts = [("toppings", module, 12_000) for module in ("almond_whole", "hazelnut_whole", "walnut_halves")]
    full = chosen(
        "dark_60", *nuts, ("ingredients", "sea_salt_flakes", 2_300), ("decorations", "transfer_print", 600)
    )
    state = domains(full, BAR, "en")["decorations"]["choc_plaque"]
    assert state.state == "blocked"
    assert state.because == ("decorations:transfer_print",)
    assert "one would hide the other" in state.reason


def test_nobody_is_told_to_change_the_base_who_can_let_go_of_something_else() -> None:
    words = Text("Not so.", "So nicht.")
    family = replace(
        BAR,
        version="gold that needs nibs or rose petals",
        constraints=(
            Needs("gold", ("gold_leaf",), ("cocoa_nibs", "rose_petals"), words),
            Excludes("dark", ("cocoa_nibs",), ("dark_60",), words),
            Excludes("roses", ("rose_petals",), ("almond_whole",), words),
        ),
    )
    bare = Design(family.key, family.version, "dark_60", name="Ada")
    both = bare.adding("almond_whole", "toppings", 12_000)
    assert domains(both, family, "en")["decorations"]["gold_leaf"].because == ("toppings:almond_whole",)
    assert domains(bare, family, "en")["toppings"]["cocoa_nibs"].because == ("base:dark_60",)


def completions(design: Design, complete: list[Design]) -> list[Design]:
    parts = {(choice.slot, choice.module) for choice in design.choices}
    return [
        whole
        for whole in complete
        if design.base in (None, whole.base)
        and parts <= {(choice.slot, choice.module) for choice in whole.choices}
    ]
