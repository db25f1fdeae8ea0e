"""What can still be chosen: exactly what leads to a valid bar, compared with trying every bar."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.rules import enlarged, walk
from bench.walks import can_be_finished as can_be_finished_by_adding
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.domains import domains, undone
from configurator.domain.module_seats import Decision
from configurator.domain.repairs import repairs
from tests.configurator.small_catalogues import BAR, can_be_finished, designs_of, small_families

SLOW = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def bars(draw):
    family = draw(small_families())
    return draw(designs_of(family)), family


def choosing(design, slot, module, mg):
    return design.on_base(module) if slot == "base" else design.adding(module, slot, mg)


@SLOW
@given(bars())
def test_a_module_is_open_exactly_if_a_valid_bar_holds_it_and_all_that_is_chosen(bar) -> None:
    design, family = bar
    if not can_be_finished(design, family):
        return
    for slot, modules in domains(design, family, "en").items():
        for key, state in modules.items():
            if state.state != "chosen":
                least_mg = (family.usual_dose(family.modules[key]) + 1) // 2
                possible = can_be_finished(choosing(design, slot, key, least_mg), family)
                assert (state.state == "open") == possible, (slot, key, state)
            if state.state == "open":
                assert can_be_finished(choosing(design, slot, key, state.mg), family)


@SLOW
@given(bars())
def test_without_any_one_of_what_is_in_the_way_a_module_is_open(bar) -> None:
    design, family = bar
    if not can_be_finished(design, family):
        return
    for slot, modules in domains(design, family, "en").items():
        for key, state in modules.items():
            if state.state == "blocked":
                check_explanation(state, design, family, slot, key)


def check_explanation(state, design, family, slot, key):
    assert state.reason
    because = [Decision(*decision.split(":")) for decision in state.because]
    nothing = Design(family.key, family.version, name="Any")
    assert bool(because) == is_open(nothing, family, slot, key)
    freed = [is_open(undone(design, (decision,), family), family, slot, key) for decision in because]
    if not any(freed):
        # Several reasons at once: the explanation is one of them, and stands by itself.
        alone = design
        for decision in all_decisions(design):
            if decision not in because and not (slot == "base" and decision.slot == "base"):
                alone = undone(alone, (decision,), family)
        assert not is_open(alone, family, slot, key)
        freed = [is_open(undone(alone, (decision,), family), family, slot, key) for decision in because]
    assert all(freed)


def all_decisions(design):
    if design.base:
        yield Decision("base", design.base)
    for choice in design.choices:
        yield Decision(choice.slot, choice.module)


def is_open(design, family, slot, key):
    least_mg = (family.usual_dose(family.modules[key]) + 1) // 2
    return can_be_finished(choosing(design, slot, key, least_mg), family)


@SLOW
@given(bars())
def test_every_blocked_module_that_can_be_had_at_all_has_a_repair_that_keeps_its_word(bar) -> None:
    design, family = bar
    if not can_be_finished(design, family):
        return
    known = {problem.rule for problem in problems(design, family, "en")}
    nothing = Design(family.key, family.version, name="Any")
    for slot, modules in domains(design, family, "en").items():
        for key, state in modules.items():
            if state.state == "blocked":
                found = repairs(design, family, key, slot, "en")
                # A dose smaller than what is offered may do where no offer can be made.
                assert found or not is_open(nothing, family, slot, key)
                for repair in found:
                    assert repair.design.base == key or repair.design.has(key)
                    assert {p.rule for p in problems(repair.design, family, "en")} <= known


@pytest.mark.parametrize(("minimum", "seed"), [(0, 1), (1, 2), (2, 3)])
def test_whoever_adds_what_is_offered_can_always_finish(minimum: int, seed: int) -> None:
    """A sample of what ``bin/bench walks`` does a hundred thousand times."""
    dice = Random(seed)
    entangled = enlarged(BAR, len(BAR.modules), 80, minimum=minimum, seed=seed)
    for family in (BAR, entangled):
        for _ in range(20):
            for design in walk(family, dice, 10):
                assert can_be_finished_by_adding(design, family)
