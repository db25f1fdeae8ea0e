"""Sacks as suppliers bring them, and temperers that are filled from them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.contrib.auth.models import User

from configurator.models import Module
from orders import lots
from orders.models import Job, Lot, Supplier, TemperFill
from orders.production import fills, kitting, unnamed
from orders.production.receiving import Delivery, receive
from tests.orders.paid import MONDAY_NOON

ALMONDS, RASPBERRIES, DARK = "almond_whole", "raspberry_fd", "dark_60"
IN_MAY = date(2027, 5, 31)
KG = 1_000_000


def lot(
    by: User,
    module: str = ALMONDS,
    mg: int = 10 * KG,
    *,
    best_before: date = IN_MAY,
    number: str = "",
    at: datetime = MONDAY_NOON,
    traces: Collection[str] = (),
) -> Lot:
    supplier, _made = Supplier.objects.get_or_create(name="Mandorle Sud")
    number = number or f"{module}-{Lot.objects.filter(stock=module).count() + 1}"
    delivery = Delivery(
        Module.objects.get(key=module), supplier, number, best_before, mg, traces=frozenset(traces)
    )
    return receive(delivery, by=by, at=at)


def weigh_all(job: Job, by: User, at: datetime = MONDAY_NOON) -> None:
    """Every module of the bar that came in lots, exactly, from the lot that goes out first."""
    job.refresh_from_db()
    for each in kitting.wanted(job, "en"):
        if each.by_lot and not each.is_done:
            named = unnamed.named_for(job, each.module)
            code = lots.first_out(each.module, each.target_mg, today=at.date(), named=named)[0].code
            kitting.dose(job, kitting.lot_of(code), each.target_mg, by=by, at=at)


def filled(
    by: User, *inputs: tuple[Lot, int], temperer: str = "T1", at: datetime = MONDAY_NOON
) -> TemperFill:
    return fills.fill(temperer, dict(inputs), by=by, at=at)
