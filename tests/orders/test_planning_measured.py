"""The planner against what is known to be best, against no planner at all, and over a month."""

import pytest

from bench.planner.demand import bars_of, five_hundred_orders, instances, orders_a_day, policies
from bench.planner.fifo import in_first_in_first_out
from bench.planner.kitchens import kitchen_for
from bench.planner.month import simulated
from bench.planner.optimum import proven
from orders.production.planning.changeovers import SetUps
from orders.production.planning.days import planned
from orders.production.planning.sequence import sequence
from orders.production.planning.values import MINUTE

FIGURES = SetUps()
PROVEN_MINUTES = {
    "40 bars, day A": 239,
    "40 bars, day B": 237,
    "80 bars, day A": 342,
    "80 bars, day B": 342,
    "160 bars, day A": 387,
    "160 bars, day B": 372,
    "240 bars, day A": 438,
    "240 bars, day B": 453,
}
"""As CP-SAT has proven them."""


@pytest.mark.parametrize(("name", "kinds"), instances().items())
def test_the_sequence_is_the_proven_optimum(name, kinds):
    wheel = FIGURES.along(FIGURES.wheel(kinds))
    assert FIGURES.along(sequence(kinds, FIGURES)) == PROVEN_MINUTES[name] * MINUTE < wheel


@pytest.mark.slow
def test_what_is_written_down_as_the_optimum_can_be_proven():
    """Of the quickest; `bin/bench planner` proves all eight."""
    assert proven(instances()["40 bars, day B"], FIGURES) == PROVEN_MINUTES["40 bars, day B"] * MINUTE


def test_there_are_eight_instances_of_long_days():
    assert [len(kinds) for kinds in instances().values()] == [25, 21, 31, 32, 37, 37, 44, 44]


@pytest.mark.parametrize("policy", ["declared for the zone", "cleaned for every label"])
def test_at_least_forty_per_cent_of_the_set_up_are_saved(policy):
    orders = five_hundred_orders()
    assert len(orders) == 500
    bars = policies(orders)[policy]
    kitchen = kitchen_for(len(bars))
    assert planned(bars, kitchen).set_up <= 0.6 * in_first_in_first_out(bars, kitchen)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_month_at_85_per_cent_98_of_100_promises_are_kept(seed):
    month = simulated(seed=seed)
    assert month.orders > 1000
    assert month.remakes > 100
    assert month.kept >= 0.98 * month.orders


@pytest.mark.slow
def test_where_set_up_is_the_limit_days_move_and_promises_are_kept_all_the_same():
    cleaned = simulated(seed=1, policy="cleaned for every label")
    assert max(cleaned.waits) > max(simulated(seed=1).waits)
    assert cleaned.kept >= 0.98 * cleaned.orders


@pytest.mark.slow
def test_a_rush_moves_days_and_breaks_no_promise():
    calm, rush = simulated(seed=1), simulated(seed=1, rush=2.5)
    assert max(rush.waits) > max(calm.waits)
    assert rush.kept >= 0.98 * rush.orders


def test_thirty_thousand_bars_all_have_a_day():
    bars = list(bars_of(orders_a_day(30_000)))
    plan = planned(policies(orders_a_day(30_000))["declared for the zone"], kitchen_for(30_000))
    assert len(plan.made_on) == len(bars)
    assert plan.waiting == ()
