"""Which bars are made when, on which temperer, in which order, and what a person may change about it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from orders.production.planning.changeovers import IMPOSSIBLE, SetUps
from orders.production.planning.days import planned
from orders.production.planning.earliest import NoDayInSight, Promised, Wanted, earliest, together
from orders.production.planning.kitchen import Kitchen, Limits
from orders.production.planning.moving import (
    AllergenOrder,
    DayIsFull,
    NobodyWorksThere,
    OtherZone,
    Place,
    RunHasBegun,
    moved,
)
from orders.production.planning.sequence import sequence
from orders.production.planning.values import MINUTE, Bar, Day, Kind, Left, Plan, Run, Shift, Temperer
from orders.production.planning.what_if import (
    Difference,
    difference,
    with_another_temperer,
    with_longer_shift,
    with_more_hands,
)

MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(ahead) for ahead in range(1, 6))
NEXT_MONDAY = MONDAY + timedelta(7)
MILK, NUTS, PEANUT = "MLK", "NUT-HAZ", "PNT"
IN_F, IN_O = Temperer("T-F", "F"), Temperer("T-O", "O")


def o(base: str, *declared: str) -> Kind:
    return Kind(base, "O", frozenset(declared))


DARK, RICE = Kind("dark_60", "F"), Kind("vegan_rice", "F")
WHITE, RUBY, MILKY = o("white_32", MILK), o("ruby_35", MILK), o("milk_37", MILK)
MILK_NUTS, DARK_MILK = o("milk_37", MILK, NUTS), o("milk_50", MILK)
GIANDUJA = o("gianduja_milk", MILK, NUTS)
FIGURES = SetUps()


def day(on: date, *, minutes: int = 420, people: int = 2, cavities: int = 1800) -> Day:
    is_open = on.weekday() < 5
    return Day(on, is_open * minutes * MINUTE, is_open * people * minutes * MINUTE, is_open * cavities)


def kitchen(*temperers: Temperer, days: int = 60, **of_day: int) -> Kitchen:
    calendar = tuple(day(MONDAY + timedelta(ahead), **of_day) for ahead in range(days))
    return Kitchen(calendar, temperers or (IN_F, IN_O))


def open_days(house: Kitchen) -> list[Day]:
    return [day for day in house.days if day.seconds]


def bars(kind: Kind, number: int, due: date = MONDAY, *, first: int = 1, remake: bool = False) -> list[Bar]:
    return [Bar(key, kind, due, remake) for key in range(first, first + number)]


def seen(plan: Plan) -> list[tuple[date, str, list[tuple[str, int]]]]:
    return [
        (shift.day.on, shift.temperer.key, [(run.kind.base, len(run.bars)) for run in shift.runs])
        for shift in plan.shifts
    ]


def minutes(before: Kind, after: Kind) -> int:
    return FIGURES.between(before, after) // MINUTE


# ── Set-up ───────────────────────────────────────────────────────────────────────────────────────


def test_one_kind_after_itself_needs_no_set_up():
    assert minutes(MILKY, MILKY) == 0


def test_another_base_takes_eighteen_minutes_and_a_lighter_one_twelve_more():
    assert minutes(WHITE, MILKY) == 18
    assert minutes(MILKY, WHITE) == 18 + 12


def test_allergens_that_the_next_label_does_not_name_are_cleaned_away():
    assert minutes(MILKY, MILK_NUTS) == 0
    assert minutes(MILK_NUTS, MILKY) == 10 + 5
    assert minutes(o("milk_37", MILK, NUTS, PEANUT), MILKY) == 10 + 2 * 5


def test_cleaning_and_changing_the_base_are_done_at_once():
    assert minutes(o("white_32", MILK, NUTS), MILKY) == 18
    assert minutes(o("white_32", MILK, *"abcd"), MILKY) == 10 + 4 * 5


def test_nothing_is_made_after_a_nut_mass_on_the_same_day():
    assert minutes(DARK_MILK, GIANDUJA) == 18 + 12
    assert FIGURES.between(GIANDUJA, MILKY) == IMPOSSIBLE


def test_in_zone_f_dark_comes_before_rice_and_nothing_of_zone_o_is_made_there():
    assert minutes(DARK, RICE) == 18 + 12
    assert FIGURES.between(RICE, DARK) == IMPOSSIBLE
    assert FIGURES.between(DARK, o("dark_60")) == IMPOSSIBLE


def test_what_comes_last_in_zone_f_stands_among_the_others_in_zone_o():
    assert minutes(o("vegan_rice", MILK), o("dark_60", MILK)) == 18


def test_a_new_day_may_begin_with_any_course_but_what_is_left_has_to_be_emptied():
    assert FIGURES.opening(None, MILKY) == 0
    assert FIGURES.opening(Left(GIANDUJA), MILKY) == (18 + 25) * MINUTE
    assert FIGURES.opening(Left(GIANDUJA, same_day=True), MILKY) == IMPOSSIBLE


def test_figures_are_the_kitchens_own():
    slow = SetUps(base=40 * MINUTE, clean=60 * MINUTE)
    assert slow.between(WHITE, MILKY) == 40 * MINUTE
    assert slow.between(MILK_NUTS, MILKY) == 65 * MINUTE


# ── The order of a day ───────────────────────────────────────────────────────────────────────────


def test_the_wheel_goes_from_light_to_dark_and_ends_with_nuts():
    kinds = [GIANDUJA, DARK_MILK, MILK_NUTS, RUBY, WHITE, MILKY]
    assert FIGURES.wheel(kinds) == (WHITE, RUBY, MILKY, MILK_NUTS, DARK_MILK, GIANDUJA)


def test_six_bases_under_one_declaration_take_102_minutes_which_is_what_we_reckon_with():
    keys = ("white_32", "blond_33", "ruby_35", "milk_37", "milk_50", "gianduja_milk")
    kinds = [o(base, MILK, NUTS) for base in keys]
    assert FIGURES.along(sequence(kinds, FIGURES)) == 102 * MINUTE == kitchen().work.usual_set_up


def test_an_order_that_saves_a_cleaning_is_better_than_the_wheel():
    kinds = [o("milk_37", MILK, *"abcde"), o("milk_50", MILK)]
    assert FIGURES.along(FIGURES.wheel(kinds)) == (10 + 5 * 5) * MINUTE
    best = sequence(kinds, FIGURES)
    assert [kind.base for kind in best] == ["milk_50", "milk_37"]
    assert FIGURES.along(best) == (18 + 12) * MINUTE


# ── The days ─────────────────────────────────────────────────────────────────────────────────────


def test_nothing_to_make_is_an_empty_plan():
    assert planned([], kitchen()) == Plan()


def test_bars_of_a_kind_are_one_run_with_lots_of_24():
    (shift,) = planned(bars(MILKY, 25), kitchen()).shifts
    (run,) = shift.runs
    assert (run.set_up, run.work) == (0, (25 * 45) + 2 * 3 * MINUTE)


def test_each_zone_has_its_own_temperer():
    plan = planned([*bars(DARK, 3), *bars(MILKY, 2, first=10)], kitchen())
    assert seen(plan) == [(MONDAY, "T-F", [("dark_60", 3)]), (MONDAY, "T-O", [("milk_37", 2)])]


def test_more_than_two_pairs_of_hands_can_do_moves_to_the_next_day_and_none_is_lost():
    plan = planned(bars(MILKY, 450), kitchen())
    assert seen(plan) == [
        (MONDAY, "T-O", [("milk_37", 200)]),
        (TUESDAY, "T-O", [("milk_37", 200)]),
        (WEDNESDAY, "T-O", [("milk_37", 50)]),
    ]
    assert plan.late == 250
    assert plan.made_on[450] == WEDNESDAY


def test_what_is_late_goes_first():
    late = bars(RUBY, 150, MONDAY - timedelta(3), first=1000)
    plan = planned([*bars(MILKY, 150, MONDAY), *late], kitchen())
    assert seen(plan) == [
        (MONDAY, "T-O", [("ruby_35", 150), ("milk_37", 50)]),
        (TUESDAY, "T-O", [("milk_37", 100)]),
    ]


def test_a_remake_goes_before_all_others_although_it_is_due_later():
    again = bars(RUBY, 1, FRIDAY, first=1000, remake=True)
    plan = planned([*bars(MILKY, 300, MONDAY), *again], kitchen())
    assert seen(plan)[0] == (MONDAY, "T-O", [("ruby_35", 1), ("milk_37", 199)])


def test_nobody_works_at_the_weekend():
    plan = planned(bars(MILKY, 10, SATURDAY), replace(kitchen(), days=kitchen().days[5:]))
    assert seen(plan) == [(NEXT_MONDAY, "T-O", [("milk_37", 10)])]


def test_kinds_that_are_made_anyway_are_pulled_forward_before_others():
    small = kitchen(people=1)
    wanted = [*bars(MILKY, 60), *bars(RUBY, 60, TUESDAY, first=100), *bars(MILKY, 60, WEDNESDAY, first=200)]
    assert seen(planned(wanted, small)) == [
        (MONDAY, "T-O", [("milk_37", 100)]),
        (TUESDAY, "T-O", [("ruby_35", 60), ("milk_37", 20)]),
    ]


def test_nothing_is_made_more_than_three_working_days_before_it_leaves():
    plan = planned(bars(MILKY, 5, NEXT_MONDAY), kitchen())
    assert seen(plan) == [(WEDNESDAY, "T-O", [("milk_37", 5)])]


def test_unless_the_days_before_it_leaves_could_not_hold_it():
    plan = planned(bars(MILKY, 1000, NEXT_MONDAY), kitchen())
    assert plan.late == 0
    assert seen(plan)[0] == (TUESDAY, "T-O", [("milk_37", 200)])


def test_a_second_temperer_takes_what_would_need_a_set_up():
    plan = planned(
        [*bars(MILKY, 30), *bars(WHITE, 20, first=100)], kitchen(IN_F, IN_O, Temperer("T-O2", "O"))
    )
    assert seen(plan) == [(MONDAY, "T-O", [("white_32", 20)]), (MONDAY, "T-O2", [("milk_37", 30)])]
    assert plan.set_up == 0


def test_what_stands_still_is_not_planned_with():
    idle = kitchen()
    idle = replace(idle, days=(replace(idle.days[0], idle=frozenset({"T-O"})), *idle.days[1:]))
    assert seen(planned(bars(MILKY, 5), idle)) == [(TUESDAY, "T-O", [("milk_37", 5)])]


def test_without_a_temperer_for_its_zone_a_bar_waits_and_is_named():
    plan = planned([*bars(DARK, 2), *bars(MILKY, 1, first=10)], kitchen(IN_O))
    assert [bar.key for bar in plan.waiting] == [1, 2]
    assert seen(plan) == [(MONDAY, "T-O", [("milk_37", 1)])]


def test_a_calendar_that_ends_leaves_bars_waiting_and_names_them():
    plan = planned(bars(MILKY, 250), kitchen(days=1))
    assert len(plan.waiting) == 50


def test_a_bar_that_no_day_has_room_for_is_made_alone():
    plan = planned(bars(MILKY, 2), kitchen(minutes=3))
    assert seen(plan) == [(MONDAY, "T-O", [("milk_37", 1)]), (TUESDAY, "T-O", [("milk_37", 1)])]


def test_what_is_left_in_the_temperer_is_what_the_day_goes_on_with():
    ready = kitchen(IN_F, Temperer("T-O", "O", left=Left(MILKY)))
    (shift,) = planned([*bars(MILKY, 5), *bars(WHITE, 5, first=100)], ready).shifts
    assert [(run.kind.base, run.set_up // MINUTE) for run in shift.runs] == [("milk_37", 0), ("white_32", 30)]


def test_a_nut_mass_that_was_made_today_keeps_milk_away_until_tomorrow():
    ready = kitchen(IN_F, Temperer("T-O", "O", left=Left(GIANDUJA, same_day=True)))
    assert seen(planned(bars(MILKY, 5), ready)) == [(TUESDAY, "T-O", [("milk_37", 5)])]


def test_inside_a_run_allergens_only_become_more():
    shared = o("milk_37", MILK, NUTS, PEANUT)
    wanted = [
        Bar(1, shared, MONDAY, contains=frozenset({MILK, NUTS})),
        Bar(2, shared, MONDAY, contains=frozenset({MILK})),
        Bar(3, shared, MONDAY - timedelta(1), contains=frozenset({MILK, NUTS})),
    ]
    ((run,),) = [shift.runs for shift in planned(wanted, kitchen()).shifts]
    assert [bar.key for bar in run.bars] == [2, 3, 1]


# ── What has begun, and what a person has put somewhere ──────────────────────────────────────────


def held(runs: Iterable[tuple[Kind, list[Bar]]], on: date = MONDAY, **marks: bool) -> Shift:
    made = (Run(kind, tuple(of), 0, kitchen().work.seconds(len(of)), **marks) for kind, of in runs)
    return Shift(day(on), IN_O, tuple(made))


def test_a_run_that_has_begun_stays_first_and_nothing_is_put_into_it():
    begun = held([(DARK_MILK, bars(DARK_MILK, 7))], running=True)
    wanted = [*bars(DARK_MILK, 7), *bars(DARK_MILK, 3, first=50), *bars(WHITE, 4, first=100)]
    (shift,) = planned(wanted, kitchen(), held=[begun]).shifts
    assert [(run.kind.base, len(run.bars), run.running) for run in shift.runs] == [
        ("milk_50", 7, True),
        ("milk_50", 3, False),
        ("white_32", 4, False),
    ]
    assert [run.set_up // MINUTE for run in shift.runs] == [0, 0, 30]


def test_after_a_nut_mass_that_has_begun_milk_waits_for_tomorrow():
    begun = held([(GIANDUJA, bars(GIANDUJA, 2))], running=True)
    plan = planned([*bars(GIANDUJA, 2), *bars(MILKY, 3, first=10)], kitchen(), held=[begun])
    assert seen(plan) == [
        (MONDAY, "T-O", [("gianduja_milk", 2)]),
        (TUESDAY, "T-O", [("milk_37", 3)]),
    ]


def test_a_pinned_run_keeps_its_day_and_takes_in_others_of_its_kind():
    pinned = held([(MILKY, bars(MILKY, 4))], on=WEDNESDAY, pinned=True)
    wanted = [*bars(MILKY, 4), *bars(MILKY, 2, NEXT_MONDAY, first=20)]
    (shift,) = planned(wanted, kitchen(), held=[pinned]).shifts
    assert shift.day.on == WEDNESDAY
    assert [[bar.key for bar in run.bars] for run in shift.runs] == [[1, 2, 3, 4, 20, 21]]


def test_pinned_runs_keep_their_order_although_it_costs():
    pinned = held([(DARK_MILK, bars(DARK_MILK, 2)), (WHITE, bars(WHITE, 2, first=10))], pinned=True)
    (shift,) = planned(bars(RUBY, 2, first=20), kitchen(), held=[pinned]).shifts
    assert [run.kind.base for run in shift.runs] == ["ruby_35", "milk_50", "white_32"]
    assert shift.set_up == (18 + 18 + 12) * MINUTE


def test_a_pin_on_a_day_that_was_closed_since_is_planned_like_others():
    pinned = held([(MILKY, bars(MILKY, 2))], on=SATURDAY, pinned=True)
    assert seen(planned(bars(MILKY, 2), kitchen(), held=[pinned])) == [(MONDAY, "T-O", [("milk_37", 2)])]


# ── Put elsewhere by a person ────────────────────────────────────────────────────────────────────

THREE = (*bars(WHITE, 40), *bars(MILKY, 60, first=100), *bars(GIANDUJA, 20, first=200))


def run_of(plan: Plan, base: str) -> Run:
    return next(run for shift in plan.shifts for run in shift.runs if run.kind.base == base)


def put(
    base: str, on: date, temperer: str = "T-O", position: int = 1, *, where: Kitchen | None = None
) -> Plan:
    house = where or kitchen()
    plan = planned(THREE, house)
    return moved(plan, run_of(plan, base), Place(on, temperer, position), house)


def test_a_run_is_put_on_another_day_and_set_up_is_counted_anew():
    plan = put("milk_37", TUESDAY)
    assert seen(plan) == [
        (MONDAY, "T-O", [("white_32", 40), ("gianduja_milk", 20)]),
        (TUESDAY, "T-O", [("milk_37", 60)]),
    ]
    assert [run.set_up // MINUTE for shift in plan.shifts for run in shift.runs] == [0, 18, 0]
    assert [run.pinned for shift in plan.shifts for run in shift.runs] == [False, False, True]
    assert plan.late == 60


def test_it_stays_there_when_the_day_is_planned_again():
    plan = put("milk_37", TUESDAY)
    pins = [shift.holding(*(run for run in shift.runs if run.pinned)) for shift in plan.shifts]
    assert seen(planned(THREE, kitchen(), held=pins)) == seen(plan)


def test_it_changes_places_on_its_own_day():
    plan = put("milk_37", MONDAY, position=1)
    assert seen(plan) == [(MONDAY, "T-O", [("milk_37", 60), ("white_32", 40), ("gianduja_milk", 20)])]


def test_the_guard_refuses_milk_behind_a_nut_mass():
    with pytest.raises(AllergenOrder) as refused:
        put("milk_37", MONDAY, position=3)
    assert (refused.value.before, refused.value.after) == (GIANDUJA, MILKY)


def test_the_guard_refuses_milk_behind_a_nut_mass_that_was_made_earlier_today():
    ready = kitchen(IN_F, Temperer("T-O", "O", left=Left(GIANDUJA, same_day=True)))
    plan = planned(bars(MILKY, 5), ready)
    with pytest.raises(AllergenOrder):
        moved(plan, run_of(plan, "milk_37"), Place(MONDAY, "T-O", 1), ready)


def test_the_guard_refuses_the_other_zone():
    with pytest.raises(OtherZone) as refused:
        put("milk_37", MONDAY, "T-F")
    assert refused.value.zone == "O"


@pytest.mark.parametrize(
    ("on", "temperer"), [(SATURDAY, "T-O"), (MONDAY - timedelta(1), "T-O"), (MONDAY, "T-X")]
)
def test_where_nobody_works_nothing_is_put(on, temperer):
    with pytest.raises(NobodyWorksThere):
        put("milk_37", on, temperer)


def test_a_full_day_says_how_much_is_lacking():
    house = kitchen()
    plan = planned([*bars(WHITE, 190), *bars(MILKY, 60, TUESDAY, first=500)], house)
    assert seen(plan)[0] == (MONDAY, "T-O", [("white_32", 190), ("milk_37", 10)])
    with pytest.raises(DayIsFull) as refused:
        moved(plan, plan.shifts[1].runs[0], Place(MONDAY, "T-O", 1), house)
    assert (refused.value.short, refused.value.needed, refused.value.free) == ("hands", 50, 0)


def test_a_temperer_without_minutes_says_so():
    house = kitchen(minutes=60, people=20)
    plan = planned([*bars(WHITE, 60), *bars(MILKY, 60, first=500)], house)
    run = plan.shifts[1].runs[0]
    with pytest.raises(DayIsFull) as refused:
        moved(plan, run, Place(MONDAY, "T-O", 9), house)
    assert (refused.value.short, refused.value.free) == ("temperer", 60 * MINUTE - plan.shifts[0].seconds)


def test_what_has_begun_is_not_moved_and_nothing_is_put_before_it():
    begun = held([(WHITE, bars(WHITE, 40))], running=True)
    house = kitchen()
    plan = planned(THREE, house, held=[begun])
    with pytest.raises(RunHasBegun):
        moved(plan, run_of(plan, "white_32"), Place(TUESDAY, "T-O", 1), house)
    again = moved(plan, run_of(plan, "gianduja_milk"), Place(TUESDAY, "T-O", 1), house)
    again = moved(again, run_of(again, "milk_37"), Place(MONDAY, "T-O", 1), house)
    assert seen(again)[0] == (MONDAY, "T-O", [("white_32", 40), ("milk_37", 60)])


# ── What is promised ─────────────────────────────────────────────────────────────────────────────


def test_a_day_holds_what_its_tightest_part_allows():
    assert kitchen(IN_O).limits(day(MONDAY)) == Limits(temperers=363, hands=200, cavities=1800)
    assert kitchen(IN_O).limits(day(MONDAY)).bottleneck == "hands"
    assert kitchen(IN_O).limits(day(MONDAY, people=9)).bars == 363
    assert kitchen(IN_O).limits(day(SATURDAY)).bars == 0


def test_what_is_promised_by_the_minutes_of_the_temperers_the_plan_makes_in_time():
    """Four people, one temperer, labels that ask for a cleaning: bars alone would promise far too much."""
    house = kitchen(IN_O, people=4)
    kinds = [WHITE, MILKY, RUBY, DARK_MILK, o("milk_37", MILK, NUTS), o("milk_37", MILK, PEANUT)]
    promised: dict[date, dict[Kind, int]] = {}
    to_make: list[Bar] = []
    for number in range(60):
        wanted = {kinds[number % 6]: 7, kinds[number * 5 % 6]: 9}
        made = earliest(Wanted(wanted), open_days(house), promised, house)
        promised = together([promised, made.bars_by_day])
        for kind, count in wanted.items():
            to_make += bars(kind, count, due=made.dispatch_on, first=1000 * number + len(to_make))
    plan = planned(to_make, house)
    assert (plan.late, plan.waiting) == (0, ())
    assert max(promised) > TUESDAY


def test_as_many_days_as_there_are():
    house = kitchen(IN_O, days=1)
    assert earliest(Wanted({WHITE: 170}), open_days(house), {}, house) == Promised(
        MONDAY, {MONDAY: {WHITE: 170}}
    )
    with pytest.raises(NoDayInSight):
        earliest(Wanted({WHITE: 171}), open_days(house), {}, house)


# ── What if ──────────────────────────────────────────────────────────────────────────────────────

MANY = [
    *bars(WHITE, 300),
    *bars(MILKY, 300, first=1000),
    *bars(RUBY, 300, first=2000),
    *bars(DARK_MILK, 300, first=3000),
]


def test_a_second_temperer_saves_set_up_but_two_people_make_no_more_bars():
    now = kitchen(IN_O)
    second = difference(MANY, now, with_another_temperer(now, "O"))
    assert second == Difference(
        set_up_saved=second.set_up_saved, bars_more=0, days_earlier=0, fewer_late=0, bottleneck="hands"
    )
    assert second.set_up_saved > 0


def test_a_longer_shift_makes_more_bars_and_ends_sooner():
    now = kitchen(IN_O)
    longer = difference(MANY, now, with_longer_shift(now, 84 * MINUTE))
    assert (longer.bars_more, longer.days_earlier, longer.bottleneck) == (40, 1, "hands")


def test_a_third_pair_of_hands_makes_a_hundred_more():
    now = kitchen(IN_O)
    more = difference(MANY, now, with_more_hands(now, 1))
    assert (more.bars_more, more.days_earlier) == (100, 2)
