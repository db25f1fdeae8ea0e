"""What goes into one bar, lot by lot: weighed into its cup, poured from a temperer, and taken off the shelf at the step.

A dose can be poured back until the bar is kitted; only then is it used up.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.domain.family import Milligrams
from configurator.domain.recipe import grams
from configurator.families import family_under
from orders import lots, stock
from orders.models.lots import CupDose, Lot, Pour, TemperFill
from orders.models.order import Order
from orders.models.production import Job, JobState
from orders.production import fills, trace, unnamed
from orders.production.fefo import Suggestion, suggest
from orders.production.refusals import StepRefused
from orders.stock import Taken

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LEAST_TOLERANCE: Final[Milligrams] = 300
"""What a hand and a kitchen scale can do."""


class DoseRefused(StepRefused):
    """At the scale, or at the temperer."""


class LotUnknown(DoseRefused):
    pass


class WrongModule(DoseRefused):
    pass


class LotBlocked(DoseRefused):
    pass


class LotExpired(DoseRefused):
    pass


class LotUnnamed(DoseRefused):
    """It may contain what the label of this bar does not name."""


class OutOfTolerance(DoseRefused):
    pass


class NotAtTheScale(DoseRefused):
    """The bar waits, is further on, or is not made."""


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


# ── At the scale ─────────────────────────────────────────────────────────────────────────────────


def wanted(job: Job, language: str) -> list[Wanted]:
    """What goes into the cup, in the order of the recipe. The base is poured, not weighed."""
    return wanted_of([job], language)[job.pk]


def wanted_of(jobs: Iterable[Job], language: str) -> dict[int, list[Wanted]]:
    """Key of a job → what goes into its cup; two questions, however many jobs."""
    cups = {job.pk: (job, _in_cup(job)) for job in jobs}
    weighed = _in_all_cups(cups)
    by_lot = _with_lots({module for _job, in_cup in cups.values() for module in in_cup})
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


def pour(job: Job, fill: TemperFill, *, by: User, at: datetime) -> Pour:
    """The bar is poured from what is in this temperer now. Until it is moulded, another may be named."""
    with transaction.atomic():
        job = locked(job)
        refuse_unless_at(job, JobState.KITTED)
        fill = TemperFill.objects.select_for_update(no_key=True).get(pk=fill.pk)
        if fill.stock_id != job.base:
            raise WrongModule(
                _("In %(temperer)s is %(there)s, and this bar is made of %(wanted)s.")
                % {
                    "temperer": fill.temperer,
                    "there": _name(job, fill.stock_id),
                    "wanted": _name(job, job.base),
                }
            )
        if fill.closed_at:
            raise NotAtTheScale(_("This fill of %(temperer)s is closed.") % {"temperer": fill.temperer})
        blocked = fills.blocked_in(fill)
        if blocked:
            raise LotBlocked(
                _("In %(temperer)s is lot %(code)s, which is blocked: empty and clean it.")
                % {"temperer": fill.temperer, "code": blocked.code}
            )
        silent = unnamed.in_fill(fill, job)
        if silent:
            raise LotUnnamed(
                _("%(why)s It is in %(temperer)s: pour from another temperer, or empty and clean this one.")
                % {"temperer": fill.temperer, "why": unnamed.words(*silent)}
            )
        poured, _made = Pour.objects.update_or_create(job=job, defaults={"fill": fill, "by": by, "at": at})
        return poured


def pour_from(job: Job, temperer: str, *, by: User, at: datetime) -> None:
    """As it is moulded: unless somebody named a fill before, it comes from the one that is open there."""
    fill = TemperFill.objects.filter(temperer=temperer, closed_at=None).first()
    if fill and _pour_of(job) is None:
        pour(job, fill, by=by, at=at)


def lot_of(code: str) -> Lot:
    """Raises LotUnknown."""
    found = lots.find(code)
    if found is None:
        raise LotUnknown(
            _("“%(code)s” is the code of no lot. What has no label was not received: put it aside.")
            % {"code": code}
        )
    return found


# ── At the steps ─────────────────────────────────────────────────────────────────────────────────


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
    open_ones = [each for each in wanted(job, translation.get_language() or "en") if not each.is_done]
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
    if _pour_of(job) or not _with_lots([job.base]):
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
    for module, mg in _in_cup(job).items():
        if module not in weighed:
            yield Taken(module, mg)


def _from_temperer(job: Job) -> Taken:
    poured = _pour_of(job)
    return Taken(job.base, _recipe(job)[job.base], fill_id=poured.fill_id if poured else None, poured=True)


# ── Shared ───────────────────────────────────────────────────────────────────────────────────────


def locked(job: Job) -> Job:
    """As every step takes it: under its order's lock, read anew."""
    Order.objects.select_for_update(of=("self",), no_key=True).get(lines__jobs=job.pk)
    return Job.objects.select_related("order_line__order").get(pk=job.pk)


def refuse_unless_at(job: Job, state: JobState) -> None:
    if not job.order_line.order.is_paid:
        raise NotAtTheScale(_("The order is closed: put the bar aside and ask the office."))
    if job.on_hold_since is not None:
        raise NotAtTheScale(_("%(code)s is on hold. Let it go on first.") % {"code": job.code})
    if job.job_state != state:
        raise NotAtTheScale(
            _("This bar is %(now)s; here belong only bars that are %(wanted)s.")
            % {"now": str(JobState(job.job_state).label).lower(), "wanted": str(state.label).lower()}
        )


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
    target = _in_cup(job).get(lot.stock_id)
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


def _name(job: Job, module: str) -> str:
    language = translation.get_language() or "en"
    found = family_under(job.order_line.family_version).modules.get(module)
    return found.name.to(language) if found else module


def _recipe(job: Job) -> Counter[str]:
    summed: Counter[str] = Counter()
    for portion in job.order_line.recipe:
        summed[portion["module"]] += portion["mg"]
    return summed


def _in_cup(job: Job) -> dict[str, Milligrams]:
    return {module: mg for module, mg in _recipe(job).items() if module != job.base and mg > 0}


def _weighed(job: Job) -> dict[str, Milligrams]:
    return {module: mg for (_job, module), mg in _in_all_cups([job.pk]).items()}


def _in_all_cups(jobs: Iterable[int]) -> Counter[tuple[int, str]]:
    """Key of a job and of a module → what is weighed of it."""
    doses = CupDose.objects.filter(job__in=list(jobs)).order_by()
    rows = doses.values_list("job", "module").annotate(Sum("actual_mg"))
    return Counter({(job, module): mg for job, module, mg in rows})


def _with_lots(modules: Iterable[str]) -> set[str]:
    found = Lot.objects.filter(stock__in=list(modules)).order_by()
    return set(found.values_list("stock_id", flat=True).distinct())


def _pour_of(job: Job) -> Pour | None:
    return Pour.objects.filter(job=job).first()
