"""From a bar to its lots and from a lot to its bars, orders and balance, at 100,000 bars and a long chain of fills."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection

from bench.copies import copied, in_parts
from bench.own_shop import own_shop
from bench.timing import once
from configurator.domain.design import Design
from configurator.models import Module
from orders.models import (
    CupDose,
    FillInput,
    Job,
    Lot,
    Order,
    OrderLine,
    Pour,
    Shipment,
    Stock,
    StockMove,
    Supplier,
    TemperFill,
)
from orders.production import recall, trace
from tests.orders.paid import placed_order

BARS: Final = 100_000
BARS_PER_ORDER: Final = 2
BARS_PER_FILL: Final = 160
FILLS_PER_CHAIN: Final = 60
"""Filled up twice a day for a month before it was emptied and cleaned."""
TOPPINGS: Final = 5
BARS_PER_LOT: Final = 800
AT: Final = datetime(2026, 11, 2, 12, tzinfo=UTC)
GATE_MS: Final = 2_000


def measure(*, bars: int = BARS) -> dict[str, Any]:
    with own_shop() as (design, _address):
        print(f"  making {bars:,} bars ...", file=sys.stderr)
        _made(design, bars)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        chocolate, topping = FillInput.objects.earliest("pk").lot, CupDose.objects.latest("pk").lot
        last = Job.objects.latest("pk")
        times = {
            "backward: the lots of the last bar": _best(lambda: trace.lots_of(last)),
            "forward: the bars of a chocolate through its fills": _best(
                lambda: list(trace.bars_of(chocolate))
            ),
            "forward: orders and contacts of it": _best(lambda: list(trace.orders_of(chocolate))),
            "forward: the bars of a topping": _best(lambda: list(trace.bars_of(topping))),
            "the figures of a mock recall": _best(lambda: recall.figures(chocolate)),
        }
        return {
            "database": connection.vendor,
            "bars": Job.objects.count(),
            "moves": StockMove.objects.count(),
            "bars of the chocolate": trace.bars_of(chocolate).count(),
            "bars of the topping": trace.bars_of(topping).count(),
            "lots in the last bar": len(trace.lots_of(last)),
            "milliseconds": times,
            "gates_missed": [name for name, ms in times.items() if ms >= GATE_MS],
        }


def _best(action: Callable[[], object]) -> float:
    return round(min(once(action) for _round in range(3)), 1)


def _made(design: Design, bars: int) -> None:
    dice = Random(7)
    supplier = Supplier.objects.create(name="Bench")
    base, *toppings = _stocks()
    jobs = list(_jobs(design, bars))
    _pours(jobs, base, supplier)
    for stock in toppings:
        _doses(jobs, stock, supplier, dice)


def _stocks() -> list[Stock]:
    bases = list(Module.objects.filter(kind="base").order_by("key")[:1])
    others = list(Module.objects.exclude(kind="base").order_by("key")[:TOPPINGS])
    return [Stock.objects.create(module=module) for module in (*bases, *others)]


def _jobs(design: Design, bars: int) -> Iterator[Job]:
    template = _order(design)
    line, parcel = template.lines.get(), template.shipments.get()
    numbers = range(bars // BARS_PER_ORDER)
    for some in in_parts(numbers, 2_000):
        orders = Order.objects.bulk_create(
            [copied(template, number=f"B-{n:07}", token=f"bench-{n}", cart=None) for n in some]
        )
        lines = OrderLine.objects.bulk_create(
            [copied(line, order=order, code=f"N-{order.number}", quantity=BARS_PER_ORDER) for order in orders]
        )
        parcels = Shipment.objects.bulk_create([copied(parcel, order=order) for order in orders])
        yield from Job.objects.bulk_create(
            Job(
                order_line=of,
                shipment=sent,
                index=index,
                place=index,
                of=BARS_PER_ORDER,
                base="bench",
                job_state="shipped",
                due_on=date(2026, 11, 5),
                created_at=AT,
            )
            for of, sent in zip(lines, parcels, strict=True)
            for index in range(1, BARS_PER_ORDER + 1)
        )


def _order(design: Design) -> Order:
    order = placed_order((design, 1))
    order.mark_paid(AT)
    return order


def _lots(stock: Stock, supplier: Supplier, count: int) -> list[Lot]:
    return Lot.objects.bulk_create(
        Lot(
            stock=stock,
            supplier=supplier,
            supplier_lot=str(number),
            best_before=date(2028, 1, 1),
            received_at=AT + timedelta(days=number),
        )
        for number in range(count)
    )


def _pours(jobs: list[Job], base: Stock, supplier: Supplier) -> None:
    lots = _lots(base, supplier, len(jobs) // BARS_PER_LOT + 1)
    before: TemperFill | None = None
    for number, some in enumerate(in_parts(jobs, BARS_PER_FILL)):
        at = AT + timedelta(hours=4 * number)
        fill = TemperFill.objects.create(
            temperer="T1",
            stock=base,
            carry_over_from=before if number % FILLS_PER_CHAIN else None,
            opened_at=at,
            closed_at=at,
        )
        lot = lots[number * BARS_PER_FILL // BARS_PER_LOT]
        FillInput.objects.create(fill=fill, lot=lot, mg=12_000_000)
        Pour.objects.bulk_create(Pour(job=job, fill=fill, at=at) for job in some)
        before = fill


def _doses(jobs: list[Job], stock: Stock, supplier: Supplier, dice: Random) -> None:
    lots = _lots(stock, supplier, len(jobs) // BARS_PER_LOT + 1)
    by = User.objects.get_or_create(username="bench")[0]
    for some in in_parts(list(enumerate(jobs)), 5_000):
        doses = [(job, lots[number // BARS_PER_LOT], dice.randint(3_000, 9_000)) for number, job in some]
        CupDose.objects.bulk_create(
            CupDose(job=job, lot=lot, module=stock.pk, target_mg=mg, actual_mg=mg, by=by, at=AT)
            for job, lot, mg in doses
        )
        StockMove.objects.bulk_create(
            StockMove(stock=stock, kind="dosed", mg=-mg, job=job, lot=lot, at=AT) for job, lot, mg in doses
        )
