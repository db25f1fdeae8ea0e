"""What a step needs of lots before it is taken, and takes off the shelf with it.

A dose can be poured back until the bar is kitted; only then is it used up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from configurator.domain.recipe import grams
from orders import lots, stock
from orders.models.lots import Lot
from orders.models.production import Job, JobState
from orders.production import kitting, pouring, trace, unnamed
from orders.stock import Taken


def lacking(job: Job, to: str, *, today: date) -> str:
    """What must be done before this step, in words; "" when nothing."""
    match to:
        case JobState.KITTED:
            return _lacking_in_cup(job, today)
        case JobState.MOULDED:
            return _lacking_base(job) or _stopped(job)
        case _:
            return _stopped(job)


def take(job: Job, to: str, *, at: datetime) -> None:
    """With the step, and in its transaction: what was weighed or poured is used up."""
    match to:
        case JobState.KITTED:
            stock.take(job, list(_from_cup(job)), at=at)
        case JobState.MOULDED:
            stock.take(job, [_from_temperer(job)], at=at)


def _lacking_in_cup(job: Job, today: date) -> str:
    open_ones = [each for each in kitting.wanted(job, translation.get_language() or "en") if not each.is_done]
    if open_ones:
        names = ", ".join(f"{each.name} {grams(each.target_mg)} g" for each in open_ones)
        return _("Weigh first, and scan the lot: %(modules)s.") % {"modules": names}
    used = Lot.objects.filter(doses__job=job).order_by("pk").select_for_update(no_key=True)
    bad = next((lot for lot in used if lot.is_blocked or lot.is_expired(today)), None)
    if bad:
        return _(
            "Lot %(code)s, which is in this cup, may not be used any more. Empty the cup and weigh it anew."
        ) % {"code": bad.code}
    silent = next(((lot, codes) for lot in used if (codes := unnamed.of_lot(lot, job))), None)
    if silent:
        return _("%(why)s It is in this cup: empty it and weigh anew.") % {"why": unnamed.words(*silent)}
    return ""


def _lacking_base(job: Job) -> str:
    if pouring.of(job) or not lots.come_in(job.base):
        return ""
    return _("Say first which temperer this bar was poured from.")


def _stopped(job: Job) -> str:
    """A bar goes no further with a lot that was blocked after it went in, or of which more became known, whoever
    lets it."""
    return _blocked(job) or _silent(job)


def _blocked(job: Job) -> str:
    if not Lot.objects.exclude(blocked_at=None).exists():
        return ""
    bad = next((origin.lot for origin in trace.lots_of(job) if origin.lot.is_blocked), None)
    if bad is None:
        return ""
    return _("Lot %(code)s, which is in this bar, is blocked: %(why)s. Put the bar aside.") % {
        "code": bad.code,
        "why": bad.blocked_why,
    }


def _silent(job: Job) -> str:
    silent = unnamed.in_bar(job)
    if silent is None:
        return ""
    return _("%(why)s Scrap the bar, and it is made again from another lot.") % {
        "why": unnamed.words(*silent)
    }


def _from_cup(job: Job) -> Iterator[Taken]:
    doses = list(job.doses.values_list("module", "lot_id", "actual_mg"))
    for module, lot_id, mg in doses:
        yield Taken(module, mg, lot_id=lot_id)
    weighed = {module for module, _lot, _mg in doses}
    for module, mg in kitting.in_cup(job).items():
        if module not in weighed:
            yield Taken(module, mg)


def _from_temperer(job: Job) -> Taken:
    poured = pouring.of(job)
    return Taken(
        job.base, kitting.amounts(job)[job.base], fill_id=poured.fill_id if poured else None, poured=True
    )
