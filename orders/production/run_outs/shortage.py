"""Who goes without an ingredient: whoever is due last, decided by the books alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from configurator.domain.family import Milligrams
from orders import stock
from orders.models import (
    CupDose,
    Job,
    JobState,
    Order,
    OrderLine,
    PaymentState,
    PendingWork,
    RunOut,
    RunOutBar,
    Stock,
    StockMove,
)
from orders.models.run_out import LACKING
from orders.production import steps
from orders.production.refusals import StepRefused
from orders.tasks import ring_on_commit

PAUSE: Final = timedelta(minutes=15)
"""From the moment a bar is put on hold until money moves or another ingredient goes in.

A lot is blocked in a hurry and sometimes by mistake, and these are not taken back.
"""
TO_BE_WEIGHED: Final = (JobState.QUEUED,)
TO_BE_POURED: Final = (JobState.QUEUED, JobState.KITTED)

State = RunOutBar.State


def look_as_owed(work: PendingWork) -> None:
    """The worker's door."""
    assert work.stock_id is not None
    look_after(work.stock_id, at=timezone.now())


def look_again(module: str, *, at: datetime) -> None:
    """There is more or less of it than before: a worker looks who has what, once however often it is said."""
    times = {"created_at": at, "try_at": at, "rung_at": at}
    shelf = Stock.objects.filter(module__key=module).first()
    if shelf is None:
        return
    work, is_new = PendingWork.objects.get_or_create(
        kind=PendingWork.Kind.SHORTAGE, stock=shelf, defaults=times
    )
    if not is_new:
        # Without its lease a worker that is at it cannot call done what it looked at too early.
        afresh = {"done_at": None, "stuck_at": None, "last_error": "", "attempts": 0}
        PendingWork.objects.filter(pk=work.pk).update(
            **afresh, lease=None, leased_until=None, try_at=at, rung_at=at
        )
    ring_on_commit([work])


def look_at_all(*, at: datetime) -> int:
    """What nobody has said: more is promised than there is, or bars still wait for something. How many."""
    overdrawn = stock.overdrawn(at=at)
    awaited = RunOutBar.objects.filter(state__in=LACKING).values_list("run_out__module", flat=True)
    modules = {*overdrawn, *awaited}
    for module in sorted(modules):
        look_again(module, at=at)
    return len(modules)


def look_after(module: str, *, at: datetime) -> int:
    """Puts on hold who goes without it, and lets go on who need not any more. How many are put on hold.

    Safe to say again, and in two workers at once.
    """
    short = without(module)
    for bar in _lacking(module).exclude(job__in=[job.pk for job in short]):
        _go_on(bar, at=at)
    fresh = sorted((job for job in short if job.on_hold_since is None), key=lambda job: _order_of(job).pk)
    return sum(
        _put_on_hold(order, module, list(jobs), at=at) for order, jobs in groupby(fresh, key=_order_of)
    )


def without(module: str) -> list[Job]:
    """The bars for which what may be used of it does not suffice.

    It goes to those first in whose cup it is already, then to who is due first; a bar that needs less than the one
    before it may still have what is left. A bar on hold for another reason keeps its place.
    """
    if not Stock.objects.filter(module__key=module, limited=True).exists():
        return []
    there = _usable(module)
    in_cup = _weighed(module)
    open_bars = Job.objects.filter(
        job_state__in=TO_BE_POURED, order_line__order__payment_state=PaymentState.PAID
    ).select_related("order_line__order")
    missing = []
    for job in sorted(
        open_bars.defer("order_line__labels", "order_line__price_lines"),
        key=lambda job: (job.pk not in in_cup, job.due_on, job.pk),
    ):
        needed = _needed(job, module)
        if needed > there:
            missing.append(job)
        else:
            there -= needed
    return missing


def _usable(module: str) -> Milligrams:
    """On the shelf and in temperers, and not put aside."""
    moves = StockMove.objects.filter(stock=module).exclude(kind__in=StockMove.PROMISES)
    return int(moves.aggregate(mg=Sum("mg"))["mg"] or 0)


def _weighed(module: str) -> set[int]:
    """Bars not kitted yet in whose cup it lies, from a lot that is not blocked."""
    doses = CupDose.objects.filter(module=module, job__job_state=JobState.QUEUED)
    blocked = doses.exclude(lot__blocked_at=None).values_list("job", flat=True)
    return set(doses.values_list("job", flat=True)) - set(blocked)


def _needed(job: Job, module: str) -> Milligrams:
    """What of it still has to go into the bar."""
    if job.job_state not in (TO_BE_POURED if module == job.base else TO_BE_WEIGHED):
        return 0
    return sum(portion["mg"] for portion in job.order_line.recipe if portion["module"] == module)


def _order_of(job: Job) -> Order:
    return job.order_line.order


def _lacking(module: str) -> QuerySet[RunOutBar]:
    bars = RunOutBar.objects.filter(state__in=LACKING, run_out__module=module)
    return bars.select_related("job", "run_out")


def _put_on_hold(order: Order, module: str, jobs: list[Job], *, at: datetime) -> int:
    """Each only if it is still where it was, and with it the work that carries out what the customer allowed."""
    reason = f"{module}: " + _("there is not enough of it")
    with transaction.atomic():
        locked(order)
        held = [job for job in jobs if _held(job, reason, at)]
        if not held:
            return 0
        run_out = RunOut.objects.create(order=order, module=module, at=at)
        RunOutBar.objects.bulk_create(
            # What has been weighed already can only wait: it was agreed on before anything was made.
            RunOutBar(
                run_out=run_out,
                job=job,
                state=State.OPEN if job.job_state == JobState.QUEUED else State.WAITS,
                changed_at=at,
            )
            for job in held
        )
        if any(job.job_state == JobState.QUEUED for job in held):
            # No bell now: the sweep rings when its time has come.
            PendingWork.objects.create(
                kind=PendingWork.Kind.CONSENT, run_out=run_out, created_at=at, try_at=at + PAUSE, rung_at=at
            )
        return len(held)


def _held(job: Job, reason: str, at: datetime) -> bool:
    still_there = Job.objects.filter(pk=job.pk, job_state=job.job_state).exists()
    try:
        return still_there and steps.hold(job, reason, by=None, at=at)
    except StepRefused:
        return False


def _go_on(bar: RunOutBar, *, at: datetime) -> None:
    with transaction.atomic():
        locked(bar.run_out.order)
        lacked = RunOutBar.objects.filter(pk=bar.pk, state__in=LACKING)
        if lacked.update(state=State.OVER, changed_at=at) and bar.job.missing == bar.run_out.module:
            steps.go_on(bar.job)
            look_at_the_rest(bar.job, at)


def let_go(job: Job, *, at: datetime) -> None:
    """A person let it go on, or left it out: nothing more is done by itself."""
    RunOutBar.objects.filter(job=job, state__in=LACKING).update(state=State.OVER, changed_at=at)


def of_job(job: Job) -> RunOutBar | None:
    """What it is on hold for by the books; None where a person put it there."""
    return RunOutBar.objects.filter(job=job, state__in=LACKING).select_related("run_out").first()


def look_at_the_rest(job: Job, at: datetime) -> None:
    """Whether something else is missing too."""
    for module in sorted(modules_of(job.order_line).intersection(stock.overdrawn(at=at))):
        look_again(module, at=at)


def modules_of(line: OrderLine) -> set[str]:
    return {portion["module"] for portion in line.recipe}


def locked(order: Order) -> Order:
    return Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
