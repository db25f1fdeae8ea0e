"""One fill of a temperer from plan to end: melted, its temper checked, run, closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from configurator.models import Module
from orders.models.equipment import Equipment, FloorZone, Station
from orders.models.runs import ON_THE_TEMPERER, Run, RunEvent, RunState, WorkingTemperature
from orders.production import allergens
from orders.production.refusals import RunRefused

NEXT: Final = {
    RunState.PLANNED: (RunState.MELTING,),
    RunState.MELTING: (RunState.CHECKING, RunState.CLOSED),
    RunState.CHECKING: (RunState.RUNNING, RunState.MELTING, RunState.CLOSED),
    RunState.RUNNING: (RunState.CHECKING, RunState.CLOSED),
    RunState.CLOSED: (),
}
"""Whoever doubts the temper of a running one checks it again."""


Decidegrees = int
"""Tenths of a degree Celsius."""
ANY_RANGE: Final = (WorkingTemperature.COOLEST, WorkingTemperature.WARMEST)


def plan(temperer: Equipment, base: str, *, day: date, by: User | None, at: datetime) -> Run:
    """The next run of the temperer on that day. Raises RunRefused."""
    _refuse_filling(temperer, base)
    with transaction.atomic():
        allergens.locked(temperer)
        last = Run.objects.filter(temperer=temperer, day=day).aggregate(last=Max("place"))["last"] or 0
        run = Run.objects.create(
            temperer=temperer, base=base, day=day, place=last + 1, by_hand=by is not None
        )
        RunEvent.objects.create(run=run, to_state=RunState.PLANNED, by=by, at=at)
    return run


def begin(temperer: Equipment, base: str, *, day: date, by: User, at: datetime) -> Run:
    """Nobody has planned it: the temperer is filled now. Raises RunRefused; then there is no such run."""
    with transaction.atomic():
        run = plan(temperer, base, day=day, by=by, at=at)
        melt(run, by=by, at=at)
    return run


def melt(run: Run, *, by: User, at: datetime) -> bool:
    """The chocolate is in the temperer. False when it was before. Raises RunRefused."""
    with transaction.atomic():
        place = allergens.locked(run.temperer)
        run = Run.objects.get(pk=run.pk)
        if run.run_state == RunState.MELTING:
            return False
        _refuse_filling(place, run.base)
        busy = Run.objects.filter(temperer=place, run_state__in=ON_THE_TEMPERER).exclude(pk=run.pk).first()
        if busy:
            raise RunRefused(
                _("%(place)s is still full of %(base)s. Close that run first.")
                % {"place": place, "base": base_name(busy.base)}
            )
        brought = frozenset(_module(run.base).ingredient.allergens)
        there = allergens.carried([place])[place.pk]
        why = _("filled with %(base)s") % {"base": base_name(run.base)}
        allergens.meet(place, brought, there=there, at=at, by=by, job=None, why=why)
        _move(run, RunState.MELTING, by=by, at=at)
    return True


def take_strip(run: Run, *, by: User, at: datetime) -> bool:
    """A strip of paper was dipped; it is looked at after five minutes. False when one was taken before."""
    with transaction.atomic():
        run = _locked(run)
        if run.run_state == RunState.CHECKING:
            return False
        _move(run, RunState.CHECKING, by=by, at=at)
    return True


def judge(run: Run, *, decidegrees: int, strip_set: bool, by: User, at: datetime) -> bool:
    """Whether the temper is good. If not, the run melts on, and what was measured is kept."""
    with transaction.atomic():
        run = _locked(run)
        low, high = working_range(run.base)
        passed = strip_set and low <= decidegrees <= high
        to = RunState.RUNNING if passed else RunState.MELTING
        _move(run, to, by=by, at=at, decidegrees=decidegrees, strip_set=strip_set)
    return passed


def close(run: Run, *, by: User, at: datetime, note: str = "") -> bool:
    """It is empty, or given up; bars that are planned for it wait for another. False when it was before."""
    with transaction.atomic():
        run = _locked(run)
        if run.run_state == RunState.CLOSED:
            return False
        _move(run, RunState.CLOSED, by=by, at=at, note=note)
        run.jobs.filter(job_state__in=["queued", "kitted"]).update(run=None)
    return True


def working_ranges() -> dict[str, tuple[Decidegrees, Decidegrees]]:
    """Key of a base → how warm it is worked, both ends included; one that is not here, as ANY_RANGE says."""
    rows = WorkingTemperature.objects.values_list("base", "from_decidegrees", "to_decidegrees")
    return {base: (low, high) for base, low, high in rows}


def working_range(base: str) -> tuple[Decidegrees, Decidegrees]:
    return working_ranges().get(base, ANY_RANGE)


def base_names() -> dict[str, str]:
    """Key → name in the reader's language, in the order of the catalogue; what is retired comes along."""
    bases = Module.objects.filter(kind=Module.Kind.BASE)
    language = get_language()
    return {base.key: base.name_de if language == "de" else base.name_en for base in bases}


def name_of_base() -> Coalesce:
    """To annotate rows with a `base`: its name in the reader's language, its key where the catalogue has none."""
    named = "name_de" if get_language() == "de" else "name_en"
    name = Module.objects.filter(key=OuterRef("base")).values(named)[:1]
    return Coalesce(Subquery(name), "base")


def base_name(base: str) -> str:
    return base_names().get(base, base)


def _refuse_filling(place: Equipment, base: str) -> None:
    module = _module(base)
    if place.station != Station.MOULDING or not place.in_use:
        raise RunRefused(_("%(place)s is no temperer in use.") % {"place": place})
    if place.zone == FloorZone.FREE and not module.free_zone:
        raise RunRefused(
            _("%(place)s stands in zone F, where %(base)s must not be handled. Take a temperer of zone O.")
            % {"place": place, "base": base_name(base)}
        )


def _locked(run: Run) -> Run:
    allergens.locked(run.temperer)
    return Run.objects.get(pk=run.pk)


def _move(
    run: Run,
    to: RunState,
    *,
    by: User,
    at: datetime,
    note: str = "",
    decidegrees: int | None = None,
    strip_set: bool | None = None,
) -> None:
    was = RunState(run.run_state)
    if to not in NEXT[was]:
        raise RunRefused(
            _("This run is %(now)s; it cannot become %(next)s.")
            % {"now": str(was.label).lower(), "next": str(to.label).lower()}
        )
    Run.objects.filter(pk=run.pk, run_state=was).update(run_state=to)
    RunEvent.objects.create(
        run=run, from_state=was, to_state=to, by=by, at=at, note=note,
        decidegrees=decidegrees, strip_set=strip_set,
    )  # fmt: skip


def _module(base: str) -> Module:
    module = Module.objects.select_related("ingredient").filter(key=base, kind=Module.Kind.BASE).first()
    if module is None:
        raise RunRefused(_("No base has the key “%(base)s”.") % {"base": base})
    return module
