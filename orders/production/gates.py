"""What must be true of the floor before a bar takes a step: the right equipment, a label that covers it,
a run of its chocolate, a weight that is enough, and its own label on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.utils.translation import gettext as _

from configurator.domain.family import Milligrams
from configurator.domain.label import Label
from configurator.domain.recipe import grams
from orders.models.equipment import Equipment, Station
from orders.models.production import Job, JobState
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production import allergens, labels, runs, weights
from orders.production.refusals import NoRunForIt, NoSuchPlace, TooLight, Unweighed

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STATION: Final[Mapping[str, Station]] = {
    JobState.KITTED: Station.KITTING,
    JobState.MOULDED: Station.MOULDING,
    JobState.TOPPED: Station.TOPPING,
    JobState.COOLING: Station.COOLING,
    JobState.DEMOULDED: Station.COOLING,
    JobState.CHECKED: Station.QUALITY,
    JobState.WRAPPED: Station.WRAPPING,
    JobState.PACKED: Station.PACKING,
    JobState.SHIPPED: Station.SHIPPING,
}
"""Where a bar enters each state."""
WRAPPED_UP: Final = (JobState.PACKED, JobState.SHIPPED)
"""Nothing touches the chocolate any more."""
SCANNED_MAX: Final = 300
"""Signs: a code has a few, the address in a square code some more."""
HEAVIEST_TIMES: Final = 2
"""A bar of more than twice its weight is a slip of the finger, or the tray on the scale."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a station tells of the step it took."""

    equipment: str = ""
    """Its code; "" where only one fits."""
    weight_mg: Milligrams | None = None
    label: str = ""
    """What was scanned on the bar that is wrapped."""
    key: UUID | None = None
    """Of the message, so that it counts once however often it comes."""


@dataclass(frozen=True, slots=True)
class Passage:
    """All gates are open: where the step is taken, and for moulding, from which run."""

    equipment: Equipment | None = None
    run: Run | None = None


def passage(job: Job, to: str, told: Told, *, by: User, at: datetime) -> Passage:
    """In the transaction of the step, under the lock of the order. Raises StepRefused."""
    if to in WRAPPED_UP:
        return Passage(_told_place(told, STATION[to]) if told.equipment else None)
    label = allergens.label_of(job)
    place, run = _place(job, to, told, label)
    place = allergens.locked(place)
    if run is not None:
        run = _refuse_stopped(run)
    there = allergens.refuse_uncovered(place, label)
    if to == JobState.CHECKED:
        _refuse_light(job, told.weight_mg)
    if to == JobState.WRAPPED:
        labels.scan_on_bar(job, told.label, by=by, at=at)
    if to != JobState.MOULDED:
        brought = frozenset(label.allergens)
        allergens.meet(place, brought, there=there, at=at, by=by, job=job, why="")
    return Passage(place, run)


def fitting(job: Job, to: str) -> list[Equipment]:
    """Where the step could be taken, for whoever has to choose."""
    zone = allergens.label_of(job).zone
    places = Equipment.objects.filter(station=STATION[to], zone=zone, in_use=True)
    return [] if to in WRAPPED_UP else list(places)


def _place(job: Job, to: str, told: Told, label: Label) -> tuple[Equipment, Run | None]:
    if told.equipment:
        place = _told_place(told, STATION[to])
        if place.zone != label.zone:
            raise NoSuchPlace(
                _("%(place)s stands in zone %(there)s; this bar is made in zone %(zone)s.")
                % {"place": place, "there": place.zone, "zone": label.zone}
            )
        return place, (_run_on([place], job) if to == JobState.MOULDED else None)
    places = list(Equipment.objects.filter(station=STATION[to], zone=label.zone, in_use=True))
    station = str(STATION[to].label)
    if not places:
        raise NoSuchPlace(
            _("There is nothing in use at the station %(station)s of zone %(zone)s. The office can add it.")
            % {"station": station, "zone": label.zone}
        )
    if to == JobState.MOULDED:
        run = _run_on(places, job)
        return run.temperer, run
    if len(places) > 1:
        raise NoSuchPlace(_("Say where: %(places)s.") % {"places": ", ".join(place.key for place in places)})
    return places[0], None


def _told_place(told: Told, station: Station) -> Equipment:
    place = Equipment.objects.filter(pk=told.equipment.upper(), station=station, in_use=True).first()
    if place is None:
        raise NoSuchPlace(
            _("“%(code)s” is nothing in use at the station %(station)s.")
            % {"code": told.equipment, "station": station.label}
        )
    return place


def _run_on(places: list[Equipment], job: Job) -> Run:
    """The one that runs with the chocolate of this bar; raises NoRunForIt, with what stands on the temperers."""
    open_runs = list(
        Run.objects.filter(temperer__in=places, run_state__in=ON_THE_TEMPERER)
        .select_related("temperer")
        .order_by("temperer")
    )
    for run in open_runs:
        if run.base == job.base and run.run_state == RunState.RUNNING:
            return run
    base = runs.base_name(job.base)
    if any(run.base == job.base for run in open_runs):
        raise NoRunForIt(
            _("The temper of %(base)s is not checked yet: take a strip and judge it first.") % {"base": base}
        )
    on_them = ", ".join(f"{run.temperer}: {runs.base_name(run.base)}" for run in open_runs)
    if on_them:
        raise NoRunForIt(
            _("This bar wants %(base)s, and no run of it is open. There is %(runs)s.")
            % {"base": base, "runs": on_them}
        )
    raise NoRunForIt(
        _("This bar wants %(base)s, and no run of it is open. Begin one under “Runs”.") % {"base": base}
    )


def _refuse_stopped(run: Run) -> Run:
    """Asked once more under the lock of its temperer."""
    now = Run.objects.select_related("temperer").get(pk=run.pk)
    if now.run_state != RunState.RUNNING:
        raise NoRunForIt(_("The run has just been stopped. Look at its temper first."))
    return now


def _refuse_light(job: Job, weight_mg: Milligrams | None) -> None:
    net_mg = job.order_line.net_mg
    if weight_mg is None:
        raise Unweighed(_("Weigh the bar, and type what the scale shows."))
    if weight_mg > HEAVIEST_TIMES * net_mg:
        raise Unweighed(
            _("%(grams)s g is more than twice the bar. Look at the scale, and type it again.")
            % {"grams": grams(weight_mg)}
        )
    least_mg = weights.least_mg(net_mg)
    if weight_mg < least_mg:
        raise TooLight(
            _("It weighs %(grams)s g and must weigh %(least)s g at least: scrap it, and it is made again.")
            % {"grams": grams(weight_mg), "least": grams(least_mg)}
        )
