"""The planner: how long it takes, how much set-up it saves, how near to the proven optimum, how many promises it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.planner.demand import five_hundred_orders, instances, orders_a_day, policies
from bench.planner.fifo import by_the_day, in_first_in_first_out
from bench.planner.kitchens import kitchen_for
from bench.planner.month import Month, simulated
from bench.planner.optimum import proven
from bench.timing import Milliseconds, timed
from orders.production.planning.changeovers import SetUps
from orders.production.planning.days import planned
from orders.production.planning.sequence import sequence
from orders.production.planning.values import MINUTE, Bar

LIMITS_MS = {3_000: 2_000, 30_000: 30_000}
LEAST_SAVED = 0.4
LEAST_KEPT = 0.98


def measure() -> dict[str, Any]:
    parts: dict[str, Callable[[], Any]] = {
        "replanning": replanning,
        "set_up_of_500_orders": set_up_of_500_orders,
        "instances": against_the_optimum,
        "month_at_85_percent": month,
    }
    report: dict[str, Any] = {name: part() for name, part in parts.items()}
    return report | {"gates_missed": list(_missed(report))}


def replanning() -> dict[str, Any]:
    """All bars of one kitchen at once, with labels of the zone and with every allergen cleaned away."""
    return {
        f"{number} bars, {policy}": _replanned(list(bars), number)
        for number in LIMITS_MS
        for policy, bars in policies(orders_a_day(number)).items()
    }


def _replanned(bars: list[Bar], number: int) -> dict[str, Any]:
    kitchen = kitchen_for(number)
    plan = planned(bars, kitchen)
    taken: Milliseconds = timed(lambda: planned(bars, kitchen), times=3)
    return {
        "ms": taken,
        "of_limit": round(taken["median"] / LIMITS_MS[number], 3),
        "kinds": len({bar.kind for bar in bars}),
        "days": len({shift.day.on for shift in plan.shifts}),
        "set_up_minutes": plan.set_up // MINUTE,
    }


def set_up_of_500_orders() -> dict[str, Any]:
    return {policy: _saved(list(bars)) for policy, bars in policies(five_hundred_orders()).items()}


def _saved(bars: list[Bar]) -> dict[str, Any]:
    kitchen = kitchen_for(len(bars))
    ours = planned(bars, kitchen).set_up
    fifo, grouped = in_first_in_first_out(bars, kitchen), by_the_day(bars, kitchen)
    return {
        "bars": len(bars),
        "minutes": ours // MINUTE,
        "first_in_first_out_minutes": fifo // MINUTE,
        "first_in_first_out_base_by_base_minutes": grouped // MINUTE,
        "saved": round(1 - ours / fifo, 3),
        "saved_to_base_by_base": round(1 - ours / grouped, 3),
    }


def against_the_optimum() -> list[dict[str, Any]]:
    set_ups = SetUps()
    return [
        {
            "instance": name,
            "kinds": len(kinds),
            "wheel_minutes": set_ups.along(set_ups.wheel(kinds)) // MINUTE,
            "minutes": set_ups.along(sequence(kinds, set_ups)) // MINUTE,
            "proven_minutes": proven(kinds, set_ups) // MINUTE,
            "ms": timed(lambda kinds=kinds: sequence(kinds, set_ups), times=3),  # type: ignore[misc]
        }
        for name, kinds in instances().items()
    ]


def month() -> dict[str, Any]:
    seen: Month = simulated(seed=1)
    return {
        "orders": seen.orders,
        "bars": seen.bars,
        "made_again": seen.remakes,
        "half_days_lost": seen.half_days_lost,
        "promises_kept": round(seen.kept / seen.orders, 4),
        "days_to_dispatch": seen.waits,
    }


def _missed(report: dict[str, Any]) -> list[str]:
    missed = [name for name, seen in report["replanning"].items() if seen["of_limit"] > 1]
    missed += [name for name, seen in report["set_up_of_500_orders"].items() if seen["saved"] < LEAST_SAVED]
    missed += [seen["instance"] for seen in report["instances"] if seen["minutes"] != seen["proven_minutes"]]
    if report["month_at_85_percent"]["promises_kept"] < LEAST_KEPT:
        missed.append("promises kept")
    return missed
