"""How much of each lot is there, and which of them to take first."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from configurator.domain.codes import CodeMistyped
from configurator.domain.family import Milligrams
from orders.models.lots import Lot, read_lot_code
from orders.models.stock import StockMove
from orders.production.fefo import OnShelfLot, Suggestion, suggest


def with_rest(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    """Each with `rest_mg`, what lies on the shelf of it, blocked or not."""
    moves = StockMove.objects.filter(lot=OuterRef("pk")).exclude(kind__in=StockMove.NOT_BY_HANDS)
    summed = moves.order_by().values("lot").annotate(total=Sum("mg")).values("total")
    return lots.annotate(rest_mg=Coalesce(Subquery(summed), 0, output_field=BigIntegerField()))


def rest(lot: Lot) -> Milligrams:
    """What lies on the shelf of it."""
    return int(with_rest(Lot.objects.filter(pk=lot.pk)).get().rest_mg)  # type: ignore[attr-defined]


def first_out(
    module: str, need: Milligrams, *, today: date, named: AbstractSet[str] | None = None
) -> tuple[Suggestion, ...]:
    """For a bar whose label names these allergens; None for whatever is no bar."""
    return suggest(on_shelf([module], today=today).get(module, ()), need, today, named)


def spread(module: str, mg: Milligrams, *, today: date) -> list[tuple[int | None, Milligrams]]:
    """What nobody found, taken off what would have gone out first; more than all lots have is of none."""
    if not mg:
        return []
    taken = first_out(module, mg, today=today)
    pks = dict(Lot.objects.filter(code__in=[each.code for each in taken]).values_list("code", "pk"))
    rest = mg - sum(each.mg for each in taken)
    return [*((pks[each.code], each.mg) for each in taken), *([(None, rest)] if rest else [])]


def on_shelf(modules: Iterable[str], *, today: date) -> dict[str, list[OnShelfLot]]:
    """What may be used of each module that has lots, in one question."""
    found: dict[str, list[OnShelfLot]] = {}
    usable = Lot.objects.filter(stock__in=list(modules), blocked_at=None, best_before__gte=today)
    for lot in with_rest(usable).order_by():
        rest_mg = int(lot.rest_mg)  # type: ignore[attr-defined]  # annotated
        there = OnShelfLot(lot.code, lot.best_before, lot.received_at, rest_mg, frozenset(lot.traces))
        found.setdefault(lot.stock_id, []).append(there)
    return found


def lies_without_lot(module: str) -> Milligrams:
    """On the shelf of a module, from before it came in lots."""
    moves = StockMove.objects.filter(stock=module, lot=None, fill=None)
    return int(moves.exclude(kind__in=StockMove.NOT_BY_HANDS).aggregate(mg=Sum("mg"))["mg"] or 0)


def come_in(module: str) -> bool:
    """Whether it is kept lot by lot."""
    return Lot.objects.filter(stock=module).exists()


def kept_by_lot(modules: Iterable[str]) -> set[str]:
    found = Lot.objects.filter(stock__in=list(modules)).order_by()
    return set(found.values_list("stock_id", flat=True).distinct())


def find(typed: str) -> Lot | None:
    """By its code as it is scanned, with or without the address around it, or typed."""
    code = typed.partition("?")[0].rstrip("/").rpartition("/")[2]
    try:
        known = read_lot_code(code)
    except CodeMistyped:
        return None
    return Lot.objects.select_related("stock__module", "supplier").filter(code=known).first()
