"""At the scale: what goes into the cup of one bar, lot by lot. It can be poured back until the bar is kitted."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.catalogue.families import family_under
from configurator.domain.family import Milligrams
from configurator.domain.recipe import grams
from orders import lots
from orders.models.lots import CupDose, Lot
from orders.models.production import Job, JobState
from orders.production import unnamed
from orders.production.fefo import Suggestion, suggest
from orders.production.in_hand import locked, refuse_unless_at
from orders.production.refusals import (
    LotBlocked,
    LotExpired,
    LotUnknown,
    LotUnnamed,
    OutOfTolerance,
    WrongModule,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LEAST_TOLERANCE: Final[Milligrams] = 300
"""What a hand and a kitchen scale can do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One module of a bar at the scale."""

    module: str
    name: str
    target_mg: Milligrams
    weighed_mg: Milligrams
    by_lot: bool
    """Whether it came in lots: then it is weighed from one."""

    @property
    def is_done(self) -> bool:
        return not self.by_lot or fits(self.weighed_mg, self.target_mg)


def tolerance(target: Milligrams) -> Milligrams:
    return max(LEAST_TOLERANCE, target // 10)


def fits(weighed: Milligrams, target: Milligrams) -> bool:
    return abs(weighed - target) <= tolerance(target)


def wanted(job: Job, language: str) -> list[Wanted]:
    """What goes into the cup, in the order of the recipe. The base is poured, not weighed."""
    return wanted_of([job], language)[job.pk]


def wanted_of(jobs: Iterable[Job], language: str) -> dict[int, list[Wanted]]:
    """Key of a job → what goes into its cup; two questions, however many jobs."""
    cups = {job.pk: (job, in_cup(job)) for job in jobs}
    weighed = _in_all_cups(cups)
    by_lot = lots.kept_by_lot({module for _job, in_cup in cups.values() for module in in_cup})
    return {
        pk: [
            Wanted(
                module,
                family_under(job.order_line.family_version).modules[module].name.to(language),
                mg,
                weighed[pk, module],
                module in by_lot,
            )
            for module, mg in in_cup.items()
        ]
        for pk, (job, in_cup) in cups.items()
    }


def to_take(
    jobs: Iterable[Job], cups: Mapping[int, list[Wanted]], *, today: date
) -> dict[int, dict[str, tuple[Suggestion, ...]]]:
    """Key of a job and of a module → from which lots: what expires first of those that this bar may have.

    One question, however many jobs.
    """
    by_lot = {each.module for rows in cups.values() for each in rows if each.by_lot}
    there = lots.on_shelf(by_lot, today=today)
    tell = {module for module, shelf in there.items() if any(lot.traces for lot in shelf)}
    return {
        job.pk: {
            each.module: suggest(
                there.get(each.module, ()),
                each.target_mg,
                today,
                unnamed.named_for(job, each.module) if each.module in tell else None,
            )
            for each in cups[job.pk]
            if each.by_lot
        }
        for job in jobs
    }


def check(job: Job, lot: Lot, *, today: date) -> None:
    """As it is scanned, before anything is weighed. Raises DoseRefused."""
    refuse_unless_at(job, JobState.QUEUED)
    _target_of(job, lot, today=today)


def dose(
    job: Job,
    lot: Lot,
    mg: Milligrams,
    *,
    by: User,
    at: datetime,
    scan: uuid.UUID | None = None,
    more_to_come: bool = False,
) -> CupDose:
    """So much of the lot lies in the bar's cup. The same scan is the same dose. Raises DoseRefused.

    `more_to_come` says that the lot is at its end, and the rest is weighed from another.
    """
    with transaction.atomic():
        job = locked(job)
        known = CupDose.objects.filter(scan=scan).first() if scan else None
        if known:
            return known
        lot = Lot.objects.select_for_update(no_key=True).get(pk=lot.pk)
        refuse_unless_at(job, JobState.QUEUED)
        target = _target_of(job, lot, today=localdate(at))
        _refuse_weight(_weighed(job).get(lot.stock_id, 0) + mg, target, more_to_come=more_to_come)
        return CupDose.objects.create(
            job=job,
            lot=lot,
            module=lot.stock_id,
            target_mg=target,
            actual_mg=mg,
            scan=scan or uuid.uuid4(),
            by=by,
            at=at,
        )


def pour_back(job: Job) -> bool:
    """The last dose goes back to its lot, while the bar is still at the scale. False when there was none."""
    with transaction.atomic():
        job = locked(job)
        refuse_unless_at(job, JobState.QUEUED)
        last = job.doses.order_by("-pk").first()
        if last:
            last.delete()
        return last is not None


def lot_of(code: str) -> Lot:
    """Raises LotUnknown."""
    found = lots.find(code)
    if found is None:
        raise LotUnknown(
            _("“%(code)s” is the code of no lot. What has no label was not received: put it aside.")
            % {"code": code}
        )
    return found


def _refuse_unusable(job: Job, lot: Lot, need: Milligrams, *, today: date) -> None:
    """What is blocked or past its date goes into no bar, and what may contain more only where the label names it."""
    if lot.is_blocked:
        words = _("Lot %(code)s is blocked: %(why)s.") % {"code": lot.code, "why": lot.blocked_why}
        raise LotBlocked(f"{words} {_instead(job, lot, need, today)}")
    if lot.is_expired(today):
        words = _("Lot %(code)s was best before %(day)s.") % {
            "code": lot.code,
            "day": date_format(lot.best_before),
        }
        raise LotExpired(f"{words} {_instead(job, lot, need, today)}")
    codes = unnamed.of_lot(lot, job)
    if codes:
        raise LotUnnamed(f"{unnamed.words(lot, codes)} {_instead(job, lot, need, today)}")


def _instead(job: Job, lot: Lot, need: Milligrams, today: date) -> str:
    named = unnamed.named_for(job, lot.stock_id)
    instead = lots.first_out(lot.stock_id, need, today=today, named=named)
    if instead:
        return _("Put it aside and take %(code)s.") % {"code": instead[0].code}
    return _("Put it aside and put the bar on hold: there is no other.")


def _refuse_weight(weighed: Milligrams, target: Milligrams, *, more_to_come: bool) -> None:
    if weighed <= target + tolerance(target) and (more_to_come or fits(weighed, target)):
        return
    words = (
        _("%(weighed)s g is too much: %(target)s g are wanted, give or take %(tolerance)s g. Take some out.")
        if weighed > target
        else _(
            "%(weighed)s g is too little: %(target)s g are wanted, give or take %(tolerance)s g. Add some."
        )
    )
    raise OutOfTolerance(
        words % {"weighed": grams(weighed), "target": grams(target), "tolerance": grams(tolerance(target))}
    )


def _target_of(job: Job, lot: Lot, *, today: date) -> Milligrams:
    """How much of it the bar wants."""
    target = in_cup(job).get(lot.stock_id)
    if target is None:
        raise WrongModule(_wrong(job, lot))
    _refuse_unusable(job, lot, target, today=today)
    return target


def _wrong(job: Job, lot: Lot) -> str:
    language = translation.get_language() or "en"
    still = ", ".join(each.name for each in wanted(job, language) if not each.is_done)
    there = str(lot.stock.module)
    if not still:
        return _("This is %(there)s, and everything of this bar is weighed.") % {"there": there}
    return _("This is %(there)s. Still wanted: %(still)s.") % {"there": there, "still": still}


def amounts(job: Job) -> Counter[str]:
    summed: Counter[str] = Counter()
    for portion in job.order_line.recipe:
        summed[portion["module"]] += portion["mg"]
    return summed


def in_cup(job: Job) -> dict[str, Milligrams]:
    return {module: mg for module, mg in amounts(job).items() if module != job.base and mg > 0}


def _weighed(job: Job) -> dict[str, Milligrams]:
    return {module: mg for (_job, module), mg in _in_all_cups([job.pk]).items()}


def _in_all_cups(jobs: Iterable[int]) -> Counter[tuple[int, str]]:
    """Key of a job and of a module → what is weighed of it."""
    doses = CupDose.objects.filter(job__in=list(jobs)).order_by()
    rows = doses.values_list("job", "module").annotate(Sum("actual_mg"))
    return Counter({(job, module): mg for job, module, mg in rows})
