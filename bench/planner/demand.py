"""Orders as people give them: seeded, and two sets of them kept in files so that they never change."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.planner.kitchens import MONDAY, SATURDAY
from orders.production.planning.values import Allergens, Bar, Kind

FOLDER = Path(__file__).parent
ORDERS, INSTANCES = FOLDER / "five_hundred_orders.csv", FOLDER / "instances.csv"
BASES_F = {"dark_60": 3, "dark_72": 4, "dark_85": 2, "vegan_rice": 1}
BASES_O = {
    "milk_37": 6,
    "white_32": 4,
    "milk_50": 3,
    "dark_72": 3,
    "blond_33": 2,
    "ruby_35": 2,
    "gianduja_milk": 2,
    "vegan_white": 1,
}
MILKY = {"milk_37", "white_32", "milk_50", "blond_33", "ruby_35", "gianduja_milk"}
TOPPINGS: tuple[frozenset[str], ...] = tuple(
    frozenset(codes.split())
    for codes in ("", "NUT-HAZ", "NUT-ALM", "PNT", "NUT-HAZ NUT-ALM", "GLU-WHE", "SES", "NUT-PIS NUT-HAZ")
)
HOW_OFTEN = (8, 4, 4, 2, 2, 2, 1, 1)
ZONE_O: Allergens = frozenset({"MLK", "NUT-HAZ", "NUT-ALM", "NUT-PIS", "PNT", "GLU-WHE", "SES", "SOY"})
"""What every label of a bar from zone O names, as contained or as possible."""
SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 6, 12, 30), (30, 25, 15, 10, 10, 8, 2)
IN_ZONE_F = 0.25
LEAD_DAYS = 3


class Order(NamedTuple):
    number: int
    paid: date
    due: date
    kinds: tuple[Kind, ...]
    """One for each bar, with what it contains as its declaration."""


def five_hundred_orders() -> list[Order]:
    orders: dict[int, Order] = {}
    with ORDERS.open(newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["order"])
            kind = Kind(row["base"], row["zone"], frozenset(row["contains"].split()))  # type: ignore[arg-type]
            known = orders.get(number)
            kinds = (*known.kinds, kind) if known else (kind,)
            paid, due = date.fromisoformat(row["paid"]), date.fromisoformat(row["due"])
            orders[number] = Order(number, paid, due, kinds)
    return list(orders.values())


def instances() -> dict[str, frozenset[Kind]]:
    """Kinds of one long day of zone O, for which the optimum was proven."""
    found: dict[str, set[Kind]] = {}
    with INSTANCES.open(newline="") as file:
        for row in csv.DictReader(file):
            contains = frozenset(row["contains"].split())
            found.setdefault(row["instance"], set()).add(Kind(row["base"], "O", contains))
    return {name: frozenset(kinds) for name, kinds in found.items()}


def policies(orders: Iterable[Order]) -> dict[str, tuple[Bar, ...]]:
    """The same bars under the labels that we print, and as if no label named what may rub off."""
    bars = tuple(bars_of(orders))
    by_zone = (
        replace(bar, kind=replace(bar.kind, declared=ZONE_O if bar.kind.zone == "O" else frozenset()))
        for bar in bars
    )
    return {"declared for the zone": tuple(by_zone), "cleaned for every label": bars}


def bars_of(orders: Iterable[Order]) -> Iterator[Bar]:
    number = 0
    for order in orders:
        for kind in order.kinds:
            number += 1
            yield Bar(number, kind, order.due, contains=kind.declared)


def orders_a_day(bars: int, *, days: int = 15, seed: int = 1) -> list[Order]:
    """About so many bars, paid evenly over so many working days."""
    dice, made, paid = Random(seed), 0, MONDAY
    orders: list[Order] = []
    while made < bars:
        paid = working_day(MONDAY, len(orders) and made * days // bars)
        order = an_order(len(orders) + 1, paid, dice)
        orders.append(order)
        made += len(order.kinds)
    return orders


def an_order(number: int, paid: date, dice: Random) -> Order:
    size = dice.choices(SIZES, SIZE_WEIGHTS)[0]
    designs = [a_kind(dice) for _ in range(dice.randint(1, min(size, 4)))]
    return Order(number, paid, working_day(paid, LEAD_DAYS), tuple(dice.choices(designs, k=size)))


def a_kind(dice: Random) -> Kind:
    if dice.random() < IN_ZONE_F:
        return Kind(dice.choices(list(BASES_F), list(BASES_F.values()))[0], "F")
    base = dice.choices(list(BASES_O), list(BASES_O.values()))[0]
    return Kind(base, "O", contained(base) | dice.choices(TOPPINGS, HOW_OFTEN)[0])


def contained(base: str) -> Allergens:
    codes = {"MLK"} if base in MILKY else set()
    return frozenset(codes | ({"NUT-HAZ"} if base == "gianduja_milk" else set()))


def working_day(since: date, ahead: int) -> date:
    day = since
    for _ in range(ahead):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def write_down() -> None:
    """How the files were made: ``python -c "from bench.planner.demand import write_down; write_down()"``."""
    dice = Random(500)
    with ORDERS.open("w", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(["order", "paid", "due", "zone", "base", "contains"])
        for number in range(1, 501):
            order = an_order(number, working_day(MONDAY, (number - 1) // 50), dice)
            for kind in order.kinds:
                contains = " ".join(sorted(kind.declared))
                sheet.writerow([number, order.paid, order.due, kind.zone, kind.base, contains])
    dairy = [base for base in BASES_O if base in MILKY]
    with INSTANCES.open("w", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(["instance", "base", "contains"])
        for bars in (40, 80, 160, 240):
            for day in "AB":
                dice = Random(f"{bars} {day}")
                seen = {
                    (base, contained(base) | dice.choices(TOPPINGS, HOW_OFTEN)[0])
                    for base in dice.choices(dairy, [BASES_O[base] for base in dairy], k=bars)
                }
                for base, codes in sorted((base, sorted(codes)) for base, codes in seen):
                    sheet.writerow([f"{bars} bars, day {day}", base, " ".join(codes)])
