"""The least set-up there can be, proven by CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable

from ortools.sat.python import cp_model

from orders.production.planning.changeovers import SetUps
from orders.production.planning.values import Kind, Seconds

LONGEST = 120


class NotProven(Exception):
    pass


def proven(kinds: Iterable[Kind], set_ups: SetUps) -> Seconds:
    """A circuit through all kinds and one node that stands for the night. Raises NotProven."""
    nodes = set_ups.wheel(kinds)
    model = cp_model.CpModel()
    arcs, seconds = [], []
    for number, before in enumerate(nodes, start=1):
        arcs += [(0, number, model.new_bool_var("")), (number, 0, model.new_bool_var(""))]
        for other, after in enumerate(nodes, start=1):
            if number != other and set_ups.may_follow(before, after):
                taken = model.new_bool_var("")
                arcs.append((number, other, taken))
                seconds.append(set_ups.between(before, after) * taken)
    model.add_circuit(arcs)
    model.minimize(sum(seconds))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = LONGEST
    solver.parameters.num_workers = 2
    if solver.solve(model) != cp_model.OPTIMAL:
        raise NotProven
    return round(solver.objective_value)
