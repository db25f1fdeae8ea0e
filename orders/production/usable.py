"""How much of a module may be used, and for which bars: what a label does not name never comes to its bar."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from configurator.domain.family import Milligrams
from orders import lots
from orders.models.lots import Lot, TemperFill
from orders.models.stock import StockMove
from orders.production import carry_over, unnamed
from orders.production.allergens import NOTHING, Codes
from orders.production.unnamed import CARRIES_MORE


@dataclass(slots=True)
class Usable:
    """On the shelf and in temperers, and not put aside; given out bar by bar."""

    mg: dict[Codes, Milligrams]
    """By what it may contain beyond its module."""

    @property
    def is_for_all(self) -> bool:
        return not any(self.mg)

    def left_for(self, named: Codes) -> Milligrams:
        return sum(mg for traces, mg in self.mg.items() if traces <= named)

    def give(self, needed: Milligrams, named: Codes) -> bool:
        """To a bar whose label names these, first of what the fewest may have. False when it does not suffice."""
        if needed > self.left_for(named):
            return False
        for traces in sorted(self.mg, key=lambda traces: (-len(traces), sorted(traces))):
            if traces <= named:
                part = min(needed, max(0, self.mg[traces]))
                self.mg[traces] -= part
                needed -= part
        return True


def of(module: str) -> Usable:
    moves = StockMove.objects.filter(stock=module).exclude(kind__in=StockMove.PROMISES).order_by()
    more = dict(Lot.objects.filter(CARRIES_MORE, stock=module).values_list("pk", "traces"))
    if not more:
        return Usable({NOTHING: int(moves.aggregate(mg=Sum("mg"))["mg"] or 0)})
    found: dict[Codes, Milligrams] = {NOTHING: 0}
    for lot, fill, mg in moves.values_list("lot", "fill").annotate(Sum("mg")):
        if mg:
            traces = _in_fill(fill) if fill else frozenset(more.get(lot, ()))
            found[traces] = found.get(traces, 0) + int(mg)
    return Usable(found)


def not_for_all() -> set[str]:
    """Keys of the modules of which some lies there that not every bar may have."""
    more = Lot.objects.filter(CARRIES_MORE, blocked_at=None)
    if not more.exists():
        return set()
    on_shelf = lots.with_rest(more).filter(rest_mg__gt=0)  # type: ignore[misc]  # annotated
    open_fills = TemperFill.objects.filter(closed_at=None).values_list("pk", flat=True)
    in_temperers = more.filter(fill_inputs__fill__in=carry_over.ancestors(open_fills))
    return {lot.stock_id for lot in (*on_shelf, *in_temperers)}


def _in_fill(fill: int) -> Codes:
    return NOTHING.union(*(lot.traces for lot in unnamed.carriers_in(fill)))
