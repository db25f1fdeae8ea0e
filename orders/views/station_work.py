"""What a page of a station says of the bars before it; the same number of questions however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils.formats import number_format

from configurator.catalogue.families import family_under
from configurator.domain.family import Milligrams
from configurator.domain.recipe import grams
from configurator.pictures.previews import preview_url
from orders.floor_forms import DoseForm, StepForm
from orders.models.equipment import Equipment, Station
from orders.models.production import Job, JobState
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production import kitting, line, queue, steps, tickets, weights
from orders.production.allergens import label_of
from orders.production.gates import WRAPPED_UP


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the tablet stands."""

    station: Station
    places: Sequence[Equipment]
    """In use at the station."""
    place: Equipment | None
    """The one it stands at, where somebody has said so."""
    language: str
    at: datetime
    today: date


def works(jobs: Sequence[Job], bench: Bench) -> list[dict[str, Any]]:
    """One for each bar."""
    told = _Told.of(jobs, bench)
    return [_work(job, bench, told) for job in jobs]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is asked once for all bars of the page."""

    scales: dict[int, dict[str, Any]]
    runs: Sequence[Run]
    parcels: dict[int, list[Job]]

    @staticmethod
    def of(jobs: Sequence[Job], bench: Bench) -> _Told:
        return _Told(
            _scales(jobs, bench) if bench.station == Station.KITTING else {},
            _open_runs() if bench.station == Station.MOULDING else (),
            _parcels(jobs) if bench.station in (Station.PACKING, Station.SHIPPING) else {},
        )


def _work(job: Job, bench: Bench, told: _Told) -> dict[str, Any]:
    row, to = job.order_line, str(steps.next_step(job))
    family = family_under(row.family_version)
    label = label_of(job)
    return {
        "job": job,
        "line": row,
        "to": to,
        "button": steps.BUTTONS[to],
        "bar": tickets.bar_of_order(job),
        "is_bar": family.is_bar,
        "base": queue.base_name(job.base, family, bench.language),
        "mould": tickets.mould(family, row.design.value.face),
        "picture": preview_url(row.design_id, 600),
        "plan": tickets.map_of(row, family),
        "doses": _doses(job, bench.station),
        "zone": tickets.zone_words(row),
        "contains": tickets.allergens_of(row),
        "traces": tickets.traces_of(row),
        "age": line.age(job, today=bench.today, at=bench.at),
        "minutes": _minutes(job, bench.at),
        "cools": _cools(job, bench.at),
        "step_form": _step_form(job, to, bench, label.zone),
        "least_g": _grams(weights.least_mg(row.net_mg)) if to == JobState.CHECKED else "",
        "net_g": _grams(row.net_mg),
        "scale": told.scales.get(job.pk),
        "run": _run_for(job, told.runs, label.zone),
        "parcel": told.parcels.get(job.shipment_id, []),
    }


def _doses(job: Job, station: Station) -> list[tickets.Dose]:
    """What is touched here: the mould gets chocolate and what is stirred in, the rest goes on top, heavy things
    while the chocolate is soft and what breaks last."""
    row = job.order_line
    family = family_under(row.family_version)
    doses = list(zip(tickets.doses_of(row, family), row.recipe, strict=True))
    stirred = {slot.key for slot in family.slots if "mix-in" in slot.kinds}
    if not family.is_bar or station not in (Station.MOULDING, Station.TOPPING):
        return [dose for dose, _portion in doses]
    if station == Station.MOULDING:
        return [
            dose for dose, portion in doses if portion["module"] == job.base or portion["slot"] in stirred
        ]
    on_top = [
        (family.modules[portion["module"]].shape.piece_ug, dose)
        for dose, portion in doses
        if portion["module"] != job.base and portion["slot"] not in stirred
    ]
    return [dose for _heavy, dose in sorted(on_top, key=lambda pair: -pair[0])]


def _step_form(job: Job, to: str, bench: Bench, zone: str) -> StepForm:
    places = [] if to in WRAPPED_UP else line.in_zone(bench.places, zone)
    here = bench.place.pk if bench.place and bench.place in places else ""
    return StepForm(to=to, places=places, initial={"key": uuid4(), "equipment": here})


def _minutes(job: Job, at: datetime) -> int:
    since = getattr(job, "since", None)
    return int((at - since).total_seconds()) // 60 if since else 0


def _cools(job: Job, at: datetime) -> int:
    """Minutes that it has to stay in the cabinet yet."""
    if job.job_state != JobState.COOLING:
        return 0
    rest = line.COOLS_FOR.total_seconds() // 60 - _minutes(job, at)
    return max(0, int(rest))


def _scales(jobs: Sequence[Job], bench: Bench) -> dict[int, dict[str, Any]]:
    wanted = kitting.wanted_of(jobs, bench.language)
    first = kitting.to_take(jobs, wanted, today=bench.today)
    return {pk: _scale(rows, first[pk]) for pk, rows in wanted.items()}


def _scale(wanted: list[kitting.Wanted], first: Any) -> dict[str, Any]:
    rows = [
        {
            "wanted": each,
            "target_g": _grams(each.target_mg),
            "weighed_g": _grams(each.weighed_mg),
            "tolerance_g": _grams(kitting.tolerance(each.target_mg)),
            "lots": [suggestion.code for suggestion in first.get(each.module, ())],
        }
        for each in wanted
    ]
    open_rows = (row for row, each in zip(rows, wanted, strict=True) if not each.is_done)
    return {
        "rows": rows,
        "next": next(open_rows, None),
        "by_lot": any(each.by_lot for each in wanted),
        "has_some": any(each.weighed_mg for each in wanted),
        "form": DoseForm(),
    }


def _grams(mg: Milligrams) -> str:
    """As the reader writes numbers."""
    return number_format(Decimal(grams(mg)))


def _open_runs() -> list[Run]:
    open_runs = Run.objects.filter(run_state__in=ON_THE_TEMPERER).select_related("temperer")
    return list(open_runs.order_by("temperer"))


def _run_for(job: Job, runs: Iterable[Run], zone: str) -> dict[str, Any]:
    fitting = [run for run in runs if run.base == job.base and run.temperer.zone == zone]
    running = next((run for run in fitting if run.run_state == RunState.RUNNING), None)
    return {"running": running, "standing": fitting[0] if fitting else None}


def _parcels(jobs: Sequence[Job]) -> dict[int, list[Job]]:
    parcels: dict[int, list[Job]] = defaultdict(list)
    bars = Job.objects.filter(shipment__in={job.shipment_id for job in jobs})
    bars = bars.exclude(job_state=JobState.SCRAPPED).select_related("order_line").order_by("place", "pk")
    for bar in bars:
        parcels[bar.shipment_id].append(bar)
    return parcels
