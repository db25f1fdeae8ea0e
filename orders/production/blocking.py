"""A lot is blocked: nobody is promised it any more, and no bar with it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.catalogue import sold_out
from orders import lots, stock
from orders.models.lots import Lot, TemperFill
from orders.models.production import Job
from orders.models.stock import Stock
from orders.production import carry_over, fills, steps, trace
from orders.production.refusals import StepRefused
from orders.production.run_outs import shortage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EXPIRED: Final = "past its best before date"


class BlockedAlready(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Stopped:
    """Bars that were put on hold."""

    with_it: int
    """Something of the lot is in them."""
    without_enough: int
    """What is left on the shelf is not enough for them."""


def block(lot: Lot, why: str, *, by: User, at: datetime) -> Stopped:
    """From now on nothing is made of it or promised. Raises BlockedAlready."""
    _block(lot, why, by=by, at=at)
    return stop(lot, by=by, at=at)


def stop(lot: Lot, *, by: User, at: datetime) -> Stopped:
    """Puts on hold what must not go on. Safe to say again: what could not be stopped then is stopped now."""
    reason = f"{lot.stock_id}: " + _("lot %(code)s is blocked") % {"code": lot.code}
    with_it = _hold(trace.in_the_house(lot), reason, by=by, at=at)
    return Stopped(with_it, shortage.look_after(lot.stock_id, at=at))


def unblock(lot: Lot, *, by: User, at: datetime) -> bool:
    """It was nothing. Bars that lacked it go on by themselves, those with it when somebody has looked at each.

    False when it was not blocked.
    """
    with transaction.atomic():
        Stock.objects.select_for_update().get(pk=lot.stock_id)
        freed = Lot.objects.filter(pk=lot.pk).exclude(blocked_at=None)
        if not freed.update(blocked_at=None, blocked_by=None, blocked_why=""):
            return False
        _put_aside(Lot.objects.get(pk=lot.pk), by=by, at=at)
        shortage.look_again(lot.stock_id, at=at)
    sold_out.forget()
    return True


def block_expired(*, at: datetime) -> int:
    """What was best before yesterday is promised to nobody. How many lots."""
    expired = Lot.objects.filter(blocked_at=None, best_before__lt=localdate(at))
    there = [lot for lot in lots.with_rest(expired) if lot.rest_mg > 0]  # type: ignore[attr-defined]
    for lot in there:
        _block(lot, EXPIRED, by=None, at=at)
    return len(there)


def _block(lot: Lot, why: str, *, by: User | None, at: datetime) -> None:
    with transaction.atomic():
        Stock.objects.select_for_update().get(pk=lot.stock_id)
        free = Lot.objects.filter(pk=lot.pk, blocked_at=None)
        if not free.update(blocked_at=at, blocked_by=by, blocked_why=why):
            raise BlockedAlready(lot.code)
        _put_aside(Lot.objects.get(pk=lot.pk), by=by, at=at)
        shortage.look_again(lot.stock_id, at=at)
    sold_out.forget()


def _put_aside(lot: Lot, *, by: User | None, at: datetime) -> None:
    """On the shelf, and in temperers that nobody has emptied since."""
    stock.put_aside(lot, by=by, at=at)
    direct = lot.fill_inputs.values_list("fill", flat=True)
    mixed = carry_over.descendants(direct)
    for fill in TemperFill.objects.filter(pk__in=mixed, emptied_at=None, closed_at=None):
        stock.put_fill_aside(fill, aside=fills.blocked_in(fill) is not None, by=by, at=at)


def _hold(jobs: Iterable[Job], reason: str, *, by: User, at: datetime) -> int:
    """Each under its own order's lock: what has moved on meanwhile is let go."""
    held = 0
    for job in jobs:
        try:
            held += steps.hold(job, reason, by=by, at=at)
        except StepRefused:
            continue
    return held
