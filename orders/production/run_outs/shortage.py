"""Bars that go without an ingredient are put on hold, and let go on when there is enough again."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Job, Order, PendingWork, RunOut, RunOutBar, Stock
from orders.models.run_out import LACKING
from orders.production import consent, steps
from orders.production.refusals import StepRefused
from orders.production.run_outs import books
from orders.production.run_outs.books import Lack
from orders.tasks import ring_on_commit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PAUSE: Final = timedelta(minutes=15)
"""From the moment a bar is put on hold until money moves or another ingredient goes in.

A lot is blocked in a hurry and sometimes by mistake, and these are not taken back.
"""

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
    """What nobody has said: something is scarce, or bars still wait for it. How many."""
    awaited = RunOutBar.objects.filter(state__in=LACKING).values_list("run_out__module", flat=True)
    modules = {*books.scarce(at=at), *awaited}
    for module in sorted(modules):
        look_again(module, at=at)
    return len(modules)


def look_after(module: str, *, at: datetime) -> int:
    """Puts on hold who goes without it, and lets go on who need not any more. How many are put on hold.

    Safe to say again, and in two workers at once.
    """
    short = books.without(module)
    for bar in _lacking(run_out__module=module).exclude(job__in=[job.pk for job in short]):
        _go_on(bar, at=at)
    fresh = sorted((job for job in short if job.on_hold_since is None), key=lambda job: _order_of(job).pk)
    return sum(
        _put_on_hold(order, module, list(jobs), at=at) for order, jobs in groupby(fresh, key=_order_of)
    )


def let_go_on(job: Job, *, at: datetime) -> bool:
    """By a person: nothing more is done by itself. False when it was not on hold."""
    with transaction.atomic():
        goes_on = steps.go_on(job)
        if goes_on:
            _over(job, at)
    return goes_on


def leave_out(job: Job, *, by: User, at: datetime) -> None:
    """By a person, who gives the money back too."""
    with transaction.atomic():
        steps.leave_out(job, by=by, at=at)
        _over(job, at)


def lack_of(job: Job, *, at: datetime) -> Lack | None:
    """What it is on hold for by the books; None where a person put it there."""
    return next(iter(books.lacks(_lacking(job=job), at=at)), None)


def lacks_of(order: Order, *, at: datetime) -> list[Lack]:
    return books.lacks(_lacking(run_out__order=order), at=at)


def hold_words(job: Job, lack: Lack | None, language: str) -> str:
    """What it waits for, as staff read it."""
    return lack.names(language) if lack else consent.hold_words(job, language)


def look_at_the_rest(job: Job, at: datetime) -> None:
    """Whether something else is missing too."""
    for module in sorted(books.scarce(at=at).intersection(consent.modules_of(job.order_line))):
        look_again(module, at=at)


def locked(order: Order) -> Order:
    return Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)


def _lacking(**which: object) -> QuerySet[RunOutBar]:
    bars = RunOutBar.objects.filter(state__in=LACKING, **which)
    return bars.select_related("job__order_line", "run_out")


def _order_of(job: Job) -> Order:
    return job.order_line.order


def _put_on_hold(
    order: Order, module: str, jobs: list[Job], *, at: datetime, before: RunOutBar | None = None
) -> int:
    """Each only if it is still where it was, and with it the work that carries out what the customer allowed."""
    with transaction.atomic():
        locked(order)
        held = [job for job in jobs if _held(job, module, at)]
        if not held:
            return 0
        run_out = RunOut.objects.create(order=order, module=module, at=at)
        RunOutBar.objects.bulk_create(_first_of(run_out, job, before) for job in held)
        if run_out.bars.filter(state=State.OPEN).exists():
            # No bell now: the sweep rings when its time has come.
            PendingWork.objects.create(
                kind=PendingWork.Kind.CONSENT, run_out=run_out, created_at=at, try_at=at + PAUSE, rung_at=at
            )
        return len(held)


def _held(job: Job, module: str, at: datetime) -> bool:
    reason = f"{module}: " + _("there is not enough of it")
    still_there = Job.objects.filter(pk=job.pk, job_state=job.job_state).exists()
    try:
        return still_there and steps.hold(job, reason, by=None, at=at)
    except StepRefused:
        return False


def _first_of(run_out: RunOut, job: Job, before: RunOutBar | None) -> RunOutBar:
    bar = RunOutBar(run_out=run_out, job=job, changed_at=run_out.at)
    if before and before.state == State.WAITS:
        bar.state, bar.answered_at = before.state, before.answered_at
    return bar


def _go_on(bar: RunOutBar, *, at: datetime) -> None:
    """Unless something else is missing too. Who waits knows it, and is not asked or told once more."""
    with transaction.atomic():
        order = locked(bar.run_out.order)
        held = _lacking(pk=bar.pk).first()
        if held is None:
            return
        _over(held.job, at)
        if held.job.missing == held.run_out.module:
            steps.go_on(held.job)
            (lack,) = books.lacks([held], at=at)
            for module in lack.modules[1:2]:
                _put_on_hold(order, module, [held.job], at=at, before=held)


def _over(job: Job, at: datetime) -> None:
    RunOutBar.objects.filter(job=job, state__in=LACKING).update(state=State.OVER, changed_at=at)
