"""A paid order becomes work: one job per physical bar, and a row for each slow thing it is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from orders.models.order import Order, OrderLine
from orders.models.production import Job, JobEvent, JobState, PendingWork
from orders.production.due import due_on
from orders.tasks import ring_on_commit


def release(order: Order) -> None:
    """In the transaction that marks the order paid, under its lock. A second call adds nothing."""
    assert order.paid_at is not None, "an order is released when it is paid"
    at = order.paid_at
    jobs = [
        Job(
            order_line=line,
            index=index,
            place=place,
            of=of,
            base=line.recipe[0]["module"],
            due_on=due_on(at),
            created_at=at,
        )
        for line, index, place, of in _unreleased_bars(order)
    ]
    work = [*_queue(jobs, at), *_confirmation(order, at)]
    _owe(work)


def release_remake(scrapped: Job, *, at: datetime) -> Job:
    """The same bar once more, due on the same day, under a code of its own."""
    remake = Job(
        order_line_id=scrapped.order_line_id,
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


def _unreleased_bars(order: Order) -> Iterator[tuple[OrderLine, int, int, int]]:
    originals = Job.objects.filter(order_line__order=order, remake_of=None)
    released = set(originals.values_list("order_line_id", "index"))
    lines = order.lines.order_by("place")
    bars = [(line, index) for line in lines for index in range(1, line.quantity + 1)]
    for place, (line, index) in enumerate(bars, 1):
        if (line.pk, index) not in released:
            yield line, index, place, len(bars)


def _queue(jobs: list[Job], at: datetime) -> Iterator[PendingWork]:
    Job.objects.bulk_create(jobs)
    JobEvent.objects.bulk_create(JobEvent(job=job, to_state=JobState.QUEUED, at=at) for job in jobs)
    for job in jobs:
        for kind in (PendingWork.Kind.PICTURE, PendingWork.Kind.TICKET):
            yield PendingWork(kind=kind, job=job, created_at=at, try_at=at, rung_at=at)


def _confirmation(order: Order, at: datetime) -> Iterator[PendingWork]:
    kind = PendingWork.Kind.CONFIRMATION
    if not PendingWork.objects.filter(kind=kind, order=order).exists():
        yield PendingWork(kind=kind, order=order, created_at=at, try_at=at, rung_at=at)


def _owe(work: Iterable[PendingWork]) -> None:
    ring_on_commit([row.pk for row in PendingWork.objects.bulk_create(work)])
