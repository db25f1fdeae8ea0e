"""What goes with what: counted honestly, said by our chocolatiers, and never what cannot be made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.pairings import possible_together, tally
from configurator.makers import pairings
from configurator.makers.pairings import Pairing, goes_with
from configurator.models import Creation
from tests import loaded

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FAMILIES = ("bar-100", "mini-40", "heart-80", "slab-250")


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    pairings.recount()
    yield
    pairings.recount()


@pytest.fixture
def shop_bar(db) -> Family:
    loaded.catalogue()
    return current_family("bar-100")


def finish(design: Design, maker: str) -> None:
    row = designs.save(design)
    Creation.objects.create(
        maker=maker, design=row, started_from=row, created_at=AT, changed_at=AT, finished_at=AT
    )


def with_ginger(bar: Family, maker: str) -> None:
    design = Design(bar.key, bar.version, "dark_60", name=maker)
    design = design.adding("cornflakes", "toppings", 7000)
    finish(design.adding("gummy_bears", "toppings", 6000), maker)


def without_ginger(bar: Family, maker: str) -> None:
    design = Design(bar.key, bar.version, "dark_60", name=maker)
    finish(design.adding("cornflakes", "toppings", 7000), maker)


def gummy(found: tuple[Pairing, ...]) -> list[Pairing]:
    return [pairing for pairing in found if pairing.module == "gummy_bears"]


def test_a_hint_says_in_how_many_of_how_many_bars(shop_bar):
    for number in range(9):
        with_ginger(shop_bar, f"with {number}")
    for number in range(14):
        without_ginger(shop_bar, f"without {number}")

    english = gummy(goes_with("cornflakes", shop_bar, "en"))
    german = gummy(goes_with("cornflakes", shop_bar, "de"))

    assert english == [
        Pairing("gummy_bears", "Mini gummy bears", "in 9 of 23 bars with Cornflakes", n=9, of=23)
    ]
    assert german == [
        Pairing("gummy_bears", "Mini-Gummibärchen", "in 9 von 23 Tafeln mit Cornflakes", n=9, of=23)
    ]


def test_nineteen_bars_are_too_few_to_speak_of_a_habit(shop_bar):
    for number in range(19):
        with_ginger(shop_bar, f"maker {number}")

    assert gummy(goes_with("cornflakes", shop_bar, "en")) == []


def test_one_person_who_finishes_the_same_recipe_often_counts_once(shop_bar):
    for number in range(30):
        finish(
            Design(shop_bar.key, shop_bar.version, "dark_60", name=f"Again {number}")
            .adding("cornflakes", "toppings", 7000)
            .adding("gummy_bears", "toppings", 6000),
            "the same maker",
        )

    assert gummy(goes_with("cornflakes", shop_bar, "en")) == []


def test_a_bar_that_nobody_finished_counts_for_nothing(shop_bar):
    for number in range(30):
        with_ginger(shop_bar, f"maker {number}")
    Creation.objects.update(finished_at=None)

    assert gummy(goes_with("cornflakes", shop_bar, "en")) == []


def test_ready_bars_count_too(shop_bar):
    loaded.ready_bars()
    for number in range(20):
        without_ginger(shop_bar, f"maker {number}")

    counted = [pairing for pairing in goes_with("dark_60", shop_bar, "en") if pairing.n]

    assert [pairing.reason for pairing in counted if pairing.module == "cornflakes"] == [
        f"in {counted[0].n} of {counted[0].of} bars with Dark chocolate 60 %"
    ]
    assert counted[0].of > 20


def test_a_chocolatier_names_the_reason(shop_bar):
    hints = {pairing.module: pairing for pairing in goes_with("raspberry_fd", shop_bar, "en")}

    assert hints["dark_60"].reason == "our chocolatier: the berry's acid meets the acid that cocoa has itself"
    assert hints["dark_60"].n == 0


def test_a_retired_module_is_never_recommended_nor_gets_a_hint(shop_bar):
    berry = replace(shop_bar.modules["raspberry_fd"], retired=True)
    without = replace(shop_bar, version="later", modules={**shop_bar.modules, "raspberry_fd": berry})

    assert goes_with("raspberry_fd", without, "en") == ()
    assert "raspberry_fd" not in {pairing.module for pairing in goes_with("dark_60", without, "en")}


def test_what_a_rule_forbids_is_never_recommended_however_many_do_it(bar):
    candy, caramel = bar.modules["popping_candy"], bar.modules["caramel_salted"]

    assert not possible_together(candy, caramel, bar)
    assert possible_together(candy, bar.modules["strawberry_fd"], bar)


def test_two_bases_are_never_recommended_together(bar):
    assert not possible_together(bar.modules["dark_60"], bar.modules["milk_37"], bar)


@pytest.mark.parametrize("key", FAMILIES)
def test_every_pair_of_our_chocolatiers_can_be_made_in_every_size(key):
    family = from_files(key)

    assert [
        (one, other)
        for one, others in pairings.liked(family).items()
        for other in others
        if not possible_together(family.modules[one], family.modules[other], family)
    ] == []


def test_our_chocolatiers_know_modules_of_the_catalogue_only(bar):
    assert {key for pair in pairings._curated() for key in pair} <= set(bar.modules)


def test_every_hint_of_every_module_leads_to_a_bar_that_can_be_made(shop_bar):
    for key, module in shop_bar.modules.items():
        for pairing in goes_with(key, shop_bar, "en"):
            partner = shop_bar.modules[pairing.module]
            bases = [m.key for m in (module, partner) if m.kind == "base"] or [
                "dark_60",
                "milk_37",
                "white_32",
            ]
            assert any(
                not problems(design.named("Ada"), shop_bar, "en")
                for base in bases
                for design in with_all((module, partner), base, shop_bar)
            ), (key, pairing.module)


def with_all(modules, base: str, family: Family) -> Iterator[Design]:
    seats = [
        [(module, slot.key) for slot in family.slots if slot.takes(module)]
        for module in modules
        if module.kind != "base"
    ]
    first, *others = seats
    for module, slot in first:
        design = Design(family.key, family.version, base)
        design = design.adding(module.key, slot, family.usual_dose(module))
        if others:
            for second, place in others[0]:
                yield design.adding(second.key, place, family.usual_dose(second))
        else:
            yield design


def test_a_tally_counts_each_bar_once():
    counted = tally([["a", "b", "b"], ["a"], ["a", "b"]])

    assert counted.alone == {"a": 3, "b": 2}
    assert counted.pairs == {("a", "b"): 2, ("b", "a"): 2}
