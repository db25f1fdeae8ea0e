"""What the shop must keep to, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FLOOR_MOST: Final = 2.5
"""As many times the floor's time, or as small a part of its throughput."""


@dataclass(frozen=True)
class Gate:
    statements: int
    times_oscar: float
    requests: int = 1


GATES: Final = {
    "catalogue": Gate(4, 15),
    "design_page": Gate(5, 3),
    "add_to_cart": Gate(6, 4),
    "checkout": Gate(30, 6, requests=7),
    "api_read": Gate(2, 4),
}


@dataclass(frozen=True)
class Figures:
    """Of one operation in one shop."""

    statements: int
    requests: int
    per_second: float
    ms: float
    errors: int


def ratios(ours: Figures, oscar: Figures, floor: Figures) -> dict[str, float]:
    return {
        "times_oscar_per_second": _ratio(ours.per_second, oscar.per_second),
        "times_oscar_faster_at_1": _ratio(oscar.ms, ours.ms),
        "floor_per_second_to_ours": _ratio(floor.per_second, ours.per_second),
        "ms_to_floor_at_1": _ratio(ours.ms, floor.ms),
    }


def verdicts(gate: Gate, ours: Figures, ratio: Mapping[str, float]) -> dict[str, bool]:
    return {
        f"at most {gate.statements} statements": ours.statements <= gate.statements,
        f"at most {gate.requests} requests": ours.requests <= gate.requests,
        f"at least {gate.times_oscar:g} times Oscar's per second": ratio["times_oscar_per_second"]
        >= gate.times_oscar,
        f"within {FLOOR_MOST} times of the floor": max(
            ratio["floor_per_second_to_ours"], ratio["ms_to_floor_at_1"]
        )
        <= FLOOR_MOST,
        "no errors": ours.errors == 0,
    }


def _ratio(more: float, less: float) -> float:
    return round(more / less, 2) if less else float("inf")
