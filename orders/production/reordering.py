"""When to order more: what goes until it comes, and a reserve for days on which more goes than usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import fmean, pstdev
from typing import Final

from django.db.models import Sum
from django.db.models.functions import TruncDate

from configurator.domain.family import Milligrams
from orders.models.stock import USES, Stock, StockMove

DAYS: Final = 28
Z: Final = 1.65
"""In 95 of 100 cases more has come before the shelf is empty."""


@dataclass(frozen=True, slots=True)
class Advice:
    a_day_mg: Milligrams
    point_mg: Milligrams
    """Below this, more has to be ordered."""


def advice(stock: Stock, *, today: date) -> Advice:
    """From the use of the last four weeks, today not yet among them."""
    used = _used_by_day(stock, today)
    return Advice(round(fmean(used)), reorder_point(used, stock.lead_days))


def reorder_point(used_by_day: Sequence[Milligrams], lead_days: int) -> Milligrams:
    """Daily use × lead time + z · σ · √lead time, rounded up. Days without use count as such."""
    return ceil(fmean(used_by_day) * lead_days + Z * pstdev(used_by_day) * sqrt(lead_days))


def _used_by_day(stock: Stock, today: date) -> list[Milligrams]:
    days = [today - timedelta(days=back) for back in range(1, DAYS + 1)]
    moves = StockMove.objects.filter(stock=stock, kind__in=USES, at__date__range=(days[-1], days[0]))
    by_day = moves.order_by().annotate(day=TruncDate("at")).values_list("day").annotate(Sum("mg"))
    used = {day: -int(mg) for day, mg in by_day}
    return [used.get(day, 0) for day in days]
