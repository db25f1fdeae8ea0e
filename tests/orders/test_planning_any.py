"""Whatever is to be made in whatever kitchen: what a plan never does."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.production.planning.changeovers import BASES, SetUps
from orders.production.planning.days import planned
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.moving import MoveRefused, Place, moved
from orders.production.planning.sequence import sequence
from orders.production.planning.values import MINUTE, Bar, Day, Kind, Left, Plan, Shift, Temperer

MONDAY = date(2026, 11, 16)
FIGURES = SetUps()
CODES = ("MLK", "NUT-HAZ", "NUT-ALM", "PNT", "SES", "GLU-WHE")

in_f = st.sampled_from(["dark_60", "dark_72", "vegan_rice"]).map(lambda base: Kind(base, "F"))
in_o = st.builds(
    Kind,
    st.sampled_from([*BASES, "a_new_one"]),
    st.just("O"),
    st.frozensets(st.sampled_from(CODES), max_size=3),
)
kinds = st.one_of(in_o, in_o, in_f)
due = st.integers(-5, 25).map(lambda ahead: MONDAY + timedelta(ahead))
bars = st.lists(st.tuples(kinds, due, st.booleans(), st.integers(1, 40)), max_size=25).map(
    lambda drawn: [
        Bar(1000 * place + number, kind, by, remake and number == 0)
        for place, (kind, by, remake, many) in enumerate(drawn)
        for number in range(many)
    ]
)
days = st.lists(
    st.tuples(st.sampled_from([0, 1, 60, 240, 420]), st.integers(0, 4), st.sampled_from([0, 5, 60, 900])),
    min_size=1,
    max_size=15,
)


@st.composite
def kitchens(draw: st.DrawFn) -> Kitchen:
    """Days of any kind, and after them enough usual ones for everything."""
    drawn = [*draw(days), *[(420, 2, 900)] * 40]
    temperers = [
        Temperer("F1", "F"),
        Temperer("O1", "O", draw(st.none() | st.builds(Left, in_o, st.booleans()))),
    ]
    if draw(st.booleans()):
        temperers.append(Temperer("O2", "O"))
    idle = draw(st.frozensets(st.sampled_from(["F1", "O1", "O2"]), max_size=1))
    calendar = [
        Day(
            MONDAY + timedelta(number),
            minutes * MINUTE,
            people * minutes * MINUTE,
            cavities,
            idle if number < 5 else frozenset(),
        )
        for number, (minutes, people, cavities) in enumerate(drawn)
    ]
    return Kitchen(tuple(calendar), tuple(temperers))


def keys(plan: Plan) -> list[int]:
    made = [bar.key for shift in plan.shifts for run in shift.runs for bar in run.bars]
    return sorted([*made, *(bar.key for bar in plan.waiting)])


def assert_allergen_order(shift: Shift, *, left: Left | None) -> None:
    """What clings to the temperer is always within what the next label names, or was cleaned away."""
    assert all(run.kind.zone == shift.temperer.zone for run in shift.runs)
    clinging = left.kind.declared if left else frozenset()
    before = left.kind if left and left.same_day else None
    for run in shift.runs:
        assert before is None or FIGURES.may_follow(before, run.kind)
        before = run.kind
        if not clinging <= run.kind.declared:
            assert run.set_up >= FIGURES.clean + FIGURES.clean_per_allergen
            clinging = frozenset()
        clinging |= run.kind.declared
    for run in shift.runs:
        for bar, other in pairwise(run.bars):
            assert len(bar.contains) <= len(other.contains)


def overfull(shifts: list[Shift], kitchen: Kitchen) -> bool:
    day = shifts[0].day
    made = sum(shift.bars for shift in shifts)
    return (
        any(shift.seconds > day.seconds for shift in shifts)
        or made > day.cavities
        or made * kitchen.work.hands > day.hands
    )


@settings(max_examples=40)
@given(bars, kitchens())
def test_every_bar_is_planned_exactly_once(wanted, kitchen):
    plan = planned(wanted, kitchen)
    assert keys(plan) == sorted(bar.key for bar in wanted)
    assert plan.waiting == ()


@settings(max_examples=40)
@given(bars, kitchens())
def test_allergen_order_is_never_violated(wanted, kitchen):
    for shift in planned(wanted, kitchen).shifts:
        first = shift.day.on == kitchen.days[0].on
        assert_allergen_order(shift, left=shift.temperer.left if first else None)
        assert shift.temperer.key not in shift.day.idle


@settings(max_examples=40)
@given(bars, kitchens())
def test_no_day_holds_more_than_it_can_but_for_a_bar_that_is_too_much_alone(wanted, kitchen):
    by_day: dict[date, list[Shift]] = {}
    for shift in planned(wanted, kitchen).shifts:
        by_day.setdefault(shift.day.on, []).append(shift)
    for of_day in by_day.values():
        if overfull(of_day, kitchen):
            assert sum(shift.bars for shift in of_day) == 1


@settings(max_examples=40)
@given(bars, kitchens())
def test_a_plan_tells_each_set_up_as_it_is_and_runs_no_longer_than_the_wheel(wanted, kitchen):
    for shift in planned(wanted, kitchen).shifts:
        first = shift.day.on == kitchen.days[0].on
        left = shift.temperer.left if first else None
        path = [run.kind for run in shift.runs]
        assert shift.set_up == FIGURES.along(path, left=left)
        assert shift.set_up <= FIGURES.along(FIGURES.wheel(path), left=left)


@settings(max_examples=40)
@given(bars, kitchens())
def test_the_same_bars_have_the_same_plan_in_whatever_order_they_are_named(wanted, kitchen):
    assert planned(list(reversed(wanted)), kitchen) == planned(wanted, kitchen)


@given(st.frozensets(in_o, max_size=20))
def test_a_sequence_holds_every_kind_once_and_costs_no_more_than_the_wheel(wanted):
    found = sequence(wanted, FIGURES, exchanges=20)
    assert sorted(map(FIGURES.place_on_wheel, found)) == sorted(map(FIGURES.place_on_wheel, wanted))
    assert FIGURES.along(found) <= FIGURES.along(FIGURES.wheel(wanted))
    assert all(FIGURES.may_follow(before, after) for before, after in pairwise(found))


@settings(max_examples=40)
@given(bars, kitchens(), st.data())
def test_whatever_a_person_moves_the_plan_stays_whole_and_in_order_or_says_no(wanted, kitchen, data):
    plan = planned(wanted, kitchen)
    if not plan.shifts:
        return
    run = data.draw(st.sampled_from([run for shift in plan.shifts for run in shift.runs]))
    place = Place(
        data.draw(st.sampled_from(kitchen.days)).on,
        data.draw(st.sampled_from(["F1", "O1", "O2", "X"])),
        data.draw(st.integers(1, 9)),
    )
    try:
        after = moved(plan, run, place, kitchen)
    except MoveRefused:
        return
    assert keys(after) == keys(plan)
    for shift in after.shifts:
        first = shift.day.on == kitchen.days[0].on
        assert_allergen_order(shift, left=shift.temperer.left if first else None)
    pins = [shift.holding(*(run for run in shift.runs if run.pinned)) for shift in after.shifts]
    again = planned(wanted, kitchen, held=pins)
    assert keys(again) == keys(plan)
    (stays,) = [s for s in again.shifts if (s.day.on, s.temperer.key) == (place.on, place.temperer)]
    assert {bar.key for bar in run.bars} <= {bar.key for r in stays.runs for bar in r.bars}


@settings(max_examples=40)
@given(bars, kitchens())
def test_what_has_begun_is_done_first_and_as_it_is(wanted, kitchen):
    plan = planned(wanted, kitchen)
    if not plan.shifts or plan.shifts[0].day.on != kitchen.days[0].on:
        return
    first, *_others = plan.shifts
    begun = replace(first.runs[0], running=True)
    again = planned(wanted, kitchen, held=[first.holding(begun)])
    assert again.shifts[0].runs[0] == begun
    assert keys(again) == keys(plan)
