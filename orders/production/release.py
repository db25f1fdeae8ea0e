"""A paid order becomes work: one job per physical bar, and a row for each slow thing it is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from configurator.catalogue.families import family_under
from orders.models.order import Order, OrderLine
from orders.models.production import Job, JobEvent, JobState
from orders.models.shipment import Shipment, ShipmentLine
from orders.models.work import PendingWork
from orders.sending import promise
from orders.tasks import ring_on_commit


def release(order: Order) -> None:
    """In the transaction that marks the order paid, under its lock. A second call adds nothing."""
    assert order.paid_at is not None, "an order is released when it is paid"
    at = order.paid_at
    jobs = [
        Job(
            order_line=bar.of.order_line,
            shipment=bar.of.shipment,
            index=bar.index,
            place=bar.place,
            of=bar.bars,
            base=_base(bar.of.order_line),
            due_on=bar.of.shipment.dispatch_on or promise.due_on(at=at),
            created_at=at,
        )
        for bar in _unreleased_bars(order)
    ]
    work = [*_queue(jobs, at), *_once(order, at)]
    _owe(work)


def release_remake(scrapped: Job, *, at: datetime) -> Job:
    """The same bar once more, due on the same day, under a code of its own."""
    remake = Job(
        order_line_id=scrapped.order_line_id,
        shipment_id=scrapped.shipment_id,
        index=scrapped.index,
        place=scrapped.place,
        of=scrapped.of,
        base=scrapped.base,
        remake_of=scrapped,
        due_on=scrapped.due_on,
        created_at=at,
    )
    _owe(_queue([remake], at))
    return remake


def release_stand_in(swapped: Job, line: OrderLine, *, at: datetime) -> Job:
    """The same bar by another line of its order, due on the same day."""
    stand_in = Job(
        order_line=line,
        shipment_id=swapped.shipment_id,
        index=swapped.index,
        place=swapped.place,
        of=swapped.of,
        base=_base(line),
        remake_of=swapped,
        due_on=swapped.due_on,
        created_at=at,
    )
    _owe(_queue([stand_in], at))
    return stand_in


def release_once_more(sent: Job, parcel: Shipment, *, at: datetime) -> Job:
    """A bar that left the house and did not please, once more for a parcel of its own. It is due at once."""
    remake = Job(
        order_line_id=sent.order_line_id,
        shipment=parcel,
        index=sent.index,
        place=1,
        of=1,
        base=sent.base,
        is_owed=sent.is_owed,
        remake_of=sent,
        due_on=min(sent.due_on, localdate(at)),
        created_at=at,
    )
    _owe(_queue([remake], at))
    return remake


def _base(line: OrderLine) -> str:
    """What the floor sorts its day by; boxes of samples have none and stand together by their family."""
    is_bar = family_under(line.family_version).is_bar
    return str(line.recipe[0]["module"]) if is_bar else line.family


@dataclass(frozen=True, slots=True)
class _Bar:
    """One physical bar: which of its line, and which of its parcel."""

    of: ShipmentLine
    index: int
    place: int
    bars: int


def _unreleased_bars(order: Order) -> Iterator[_Bar]:
    originals = Job.objects.filter(order_line__order=order, remake_of=None)
    released = set(originals.values_list("order_line_id", "index"))
    for bar in _bars(order):
        if (bar.of.order_line_id, bar.index) not in released:
            yield bar


def _bars(order: Order) -> Iterator[_Bar]:
    lines = list(
        ShipmentLine.objects.filter(shipment__order=order)
        .select_related("shipment", "order_line")
        .order_by("shipment__place", "order_line__place")
    )
    in_parcel = Counter[int]()
    for line in lines:
        in_parcel[line.shipment_id] += line.quantity
    of_line, of_parcel = Counter[int](), Counter[int]()
    for line in lines:
        for _one in range(line.quantity):
            of_line[line.order_line_id] += 1
            of_parcel[line.shipment_id] += 1
            yield _Bar(
                line,
                index=of_line[line.order_line_id],
                place=of_parcel[line.shipment_id],
                bars=in_parcel[line.shipment_id],
            )


def _queue(jobs: list[Job], at: datetime) -> Iterator[PendingWork]:
    Job.objects.bulk_create(jobs)
    JobEvent.objects.bulk_create(JobEvent(job=job, to_state=JobState.QUEUED, at=at) for job in jobs)
    for job in jobs:
        for kind in (PendingWork.Kind.PICTURE, PendingWork.Kind.TICKET):
            yield PendingWork(kind=kind, job=job, created_at=at, try_at=at, rung_at=at)


def _once(order: Order, at: datetime) -> Iterator[PendingWork]:
    """The mail that confirms it, and its invoice."""
    kinds = [PendingWork.Kind.CONFIRMATION]
    if not order.sells_gift_card:
        # A gift card is money still, and no supply yet: the bars it buys have an invoice.
        kinds.append(PendingWork.Kind.INVOICE)
    known = set(PendingWork.objects.filter(kind__in=kinds, order=order).values_list("kind", flat=True))
    for kind in kinds:
        if kind not in known:
            yield PendingWork(kind=kind, order=order, created_at=at, try_at=at, rung_at=at)


def _owe(work: Iterable[PendingWork]) -> None:
    ring_on_commit(PendingWork.objects.bulk_create(work))
