"""What must be true after a day, each with what is wrong about it; nothing when all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import pairwise

from django.db.models import Count, F, QuerySet, Sum

from orders.models import (
    CupDose,
    Job,
    JobEvent,
    JobState,
    Lot,
    Order,
    OrderLine,
    Payment,
    Pour,
    RunEvent,
    RunState,
    StockMove,
)
from orders.models.labels import LabelEvent
from orders.production import kitting, labels, steps, trace, unnamed, weights

SHOWN = 5
"""Of each kind of mistake."""


def checked(orders: Iterable[Order]) -> list[tuple[str, list[str]]]:
    """Each rule in words, with the first mistakes found."""
    ours = list(orders)
    return [(words, _first(rule(ours))) for words, rule in RULES.items()]


def _first(mistakes: Iterator[str]) -> list[str]:
    return [mistake for _place, mistake in zip(range(SHOWN), mistakes, strict=False)]


def _all_is_paid(orders: list[Order]) -> Iterator[str]:
    for order in orders:
        captured = order.payments.filter(state=Payment.State.PAID).aggregate(cents=Sum("captured_cents"))[
            "cents"
        ]
        if captured != order.total_cents:
            yield f"{order.number}: {captured} cents were paid of {order.total_cents}"


def _each_bar_left_once(orders: list[Order]) -> Iterator[str]:
    lines = OrderLine.objects.filter(order__in=orders)
    sent = Counter(_jobs(orders).filter(job_state=JobState.SHIPPED).values_list("order_line", flat=True))
    for line in lines:
        if sent[line.pk] != line.quantity:
            yield f"{line.code}: {sent[line.pk]} bars left the house, {line.quantity} were paid"


def _nothing_lies_about(orders: list[Order]) -> Iterator[str]:
    for job in _jobs(orders).exclude(job_state__in=(JobState.SHIPPED, JobState.SCRAPPED)):
        yield f"{job.code} is {job.job_state}"


def _each_scrap_has_its_remake(orders: list[Order]) -> Iterator[str]:
    for job in _jobs(orders).filter(job_state=JobState.SCRAPPED, remake=None):
        yield f"{job.code} was scrapped and never made again"


def _no_step_was_left_out(orders: list[Order]) -> Iterator[str]:
    for job in _jobs(orders).filter(job_state=JobState.SHIPPED).prefetch_related("events"):
        went = [event.to_state for event in sorted(job.events.all(), key=lambda event: event.pk)]
        if went != list(steps.way_of(job)):
            yield f"{job.code} went {' → '.join(went)}"


def _each_step_was_at_a_place(orders: list[Order]) -> Iterator[str]:
    guarded = JobEvent.objects.filter(job__in=_jobs(orders), to_state__in=steps_at_places(), equipment=None)
    for event in guarded.select_related("job"):
        yield f"{event.job.code} was {event.to_state} nowhere"


def steps_at_places() -> list[str]:
    way = [to for _before, to in pairwise(steps.WAY)]
    return [to for to in way if to not in (JobState.PACKED, JobState.SHIPPED)]


def _poured_only_while_it_ran(orders: list[Order]) -> Iterator[str]:
    """By the order in which it was written down."""
    poured = JobEvent.objects.filter(job__in=_jobs(orders), to_state=JobState.MOULDED)
    for event in poured.select_related("job__run"):
        run = event.job.run
        last = RunEvent.objects.filter(run=run, at__lte=event.at).order_by("-pk").first() if run else None
        if last is None or last.to_state != RunState.RUNNING or run is None or run.base != event.job.base:
            yield f"{event.job.code} was poured without a good run of its chocolate"


def _every_weight_is_enough(orders: list[Order]) -> Iterator[str]:
    for event in JobEvent.objects.filter(job__in=_jobs(orders), to_state=JobState.CHECKED).select_related(
        "job__order_line"
    ):
        if event.weight_mg is None or event.weight_mg < weights.least_mg(event.job.order_line.net_mg):
            yield f"{event.job.code} weighs {event.weight_mg} mg"


def _every_cup_was_as_its_recipe(orders: list[Order]) -> Iterator[str]:
    jobs = _jobs(orders).filter(job_state=JobState.SHIPPED).select_related("order_line")
    for job in jobs:
        for part in kitting.wanted(job, "en"):
            if part.by_lot and not kitting.fits(part.weighed_mg, part.target_mg):
                yield f"{job.code}: {part.weighed_mg} mg of {part.module} instead of {part.target_mg}"


def _every_label_is_that_of_its_bar(orders: list[Order]) -> Iterator[str]:
    for job in _jobs(orders).filter(job_state=JobState.SHIPPED):
        label = labels.current_of(job)
        if label is None:
            yield f"{job.code} has no label"
            continue
        lots = sorted([origin.lot.stock_id, origin.lot.code] for origin in trace.lots_of(job))
        if label.lots != lots:
            yield f"{job.code}: its label names {label.lots}, it holds {lots}"
        if silent := unnamed.in_bar(job):
            yield f"{job.code}: its label is silent about {sorted(silent[1])} of lot {silent[0].code}"
        if sha256(labels.pdf_of(label)).hexdigest() != label.sha256:
            yield f"{job.code}: its label is not what was printed"
        if not label.events.filter(kind=LabelEvent.Kind.SCANNED).exists():
            yield f"{job.code}: nobody scanned its label on it"


def _nothing_called_back_left_later(orders: list[Order]) -> Iterator[str]:
    for lot in Lot.objects.exclude(blocked_at=None):
        gone = trace.bars_of(lot).filter(job_state=JobState.SHIPPED, order_line__order__in=orders)
        late = JobEvent.objects.filter(job__in=gone, to_state=JobState.SHIPPED, at__gt=lot.blocked_at)
        for event in late.select_related("job"):
            yield f"{event.job.code} left with lot {lot.code} after it was called back"


def _no_lot_gave_more_than_it_had(_orders: list[Order]) -> Iterator[str]:
    """What went into bars is what was weighed into the cups that were taken on."""
    weighed = CupDose.objects.exclude(job__job_state=JobState.QUEUED).order_by()
    in_cups = dict(weighed.values_list("lot").annotate(Sum("actual_mg")))
    for lot in Lot.objects.all():
        balance = trace.balance(lot)
        if balance.on_shelf_mg < 0 or balance.in_bars_mg != in_cups.get(lot.pk, 0):
            yield f"lot {lot.code}: {balance}, and {in_cups.get(lot.pk, 0)} mg in cups"


def _nothing_stays_promised(orders: list[Order]) -> Iterator[str]:
    """What was promised at payment is taken back when it is used."""
    moves = StockMove.objects.filter(order__in=orders, kind__in=StockMove.PROMISES)
    for row in moves.values("order__number", "stock").annotate(mg=Sum("mg")).exclude(mg=0):
        yield f"{row['order__number']}: {row['mg']} mg of {row['stock']} are still promised"


def _each_bar_was_poured_from_one_fill(orders: list[Order]) -> Iterator[str]:
    poured = Pour.objects.filter(job__in=_jobs(orders)).exclude(fill__stock=F("job__base"))
    for pour in poured.select_related("job"):
        yield f"{pour.job.code} was poured from another chocolate"
    twice = _jobs(orders).annotate(pours=Count("pour")).filter(pours__gt=1)
    yield from (f"{job.code} was poured twice" for job in twice)


def _jobs(orders: list[Order]) -> QuerySet[Job]:
    return Job.objects.filter(order_line__order__in=orders)


RULES: dict[str, Callable[[list[Order]], Iterator[str]]] = {
    "Every order is paid to the cent": _all_is_paid,
    "Each bar that was paid left the house once": _each_bar_left_once,
    "No bar lies about unfinished": _nothing_lies_about,
    "Each scrapped bar has its remake": _each_scrap_has_its_remake,
    "No bar left out a step": _no_step_was_left_out,
    "Each step was taken at a piece of equipment": _each_step_was_at_a_place,
    "Poured only from a run of its chocolate, its temper good": _poured_only_while_it_ran,
    "Poured from one fill of its own chocolate": _each_bar_was_poured_from_one_fill,
    "No bar weighs less than the law tolerates": _every_weight_is_enough,
    "Each cup holds what its recipe says": _every_cup_was_as_its_recipe,
    "Each label names the lots of its bar and what they may contain, and was scanned on it": _every_label_is_that_of_its_bar,
    "Nothing with the lot that was called back left the house afterwards": _nothing_called_back_left_later,
    "Every lot balances to the milligram": _no_lot_gave_more_than_it_had,
    "Nothing stays promised to an order that is sent": _nothing_stays_promised,
}
