"""What the floor has before it: which jobs wait, and how much of what they need today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from configurator.catalogue.families import family_under
from configurator.domain.family import Family, Milligrams
from configurator.domain.recipe import grams
from configurator.kept_briefly import KeptBriefly
from orders.models.production import Job, JobState
from orders.sending import promise

OPEN = tuple(state for state in JobState if state not in {JobState.SHIPPED, JobState.SCRAPPED})
IS_FIRST_TAKE: Final = Case(When(remake_of=None, then=1), default=0, output_field=IntegerField())
"""A remake goes before what is due on the same day: its customer has waited once already."""
LATE, TODAY, SOON = "late", "today", "soon"
MANY: Final = 1000
"""A page counts and leafs so far and no further, so that it is as quick with a hundred thousand bars as with a thousand."""


@dataclass(frozen=True, slots=True)
class AllDay:
    """Cups to weigh of one module, for every bar that is still queued and due by a day."""

    name: str
    cups: int
    grams: str
    poured: bool
    """The base of bars: it goes into no cup."""


@dataclass(frozen=True, slots=True)
class BaseCount:
    key: str
    name: str
    bars: int


def queue(*, state: str, due: str, base: str, text: str, today: date) -> QuerySet[Job]:
    """Most urgent first. Without a state, everything that is not shipped or scrapped."""
    jobs = Job.objects.filter(is_owed=True)
    jobs = jobs.filter(job_state=state) if state else jobs.filter(job_state__in=OPEN)
    if due:
        jobs = jobs.filter(_due(due, today))
    if base:
        jobs = jobs.filter(base=base)
    if text:
        jobs = jobs.filter(_found(text))
    return jobs.order_by("due_on", IS_FIRST_TAKE, "base", "pk")


def rows(keys: Sequence[int]) -> list[Job]:
    """With what a list says of them, in the order of their keys, which were sorted alone: rows are wide."""
    related = ("order_line__order", "order_line__design", "order_line__box", "shipment")
    found = Job.objects.select_related(*related).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def counts_by_state() -> dict[str, int]:
    """Before the first step, where they may be any number, not beyond MANY."""
    owed = Job.objects.filter(is_owed=True).order_by()
    begun = owed.filter(job_state__in=[state for state in OPEN if state != JobState.QUEUED])
    counts = dict(begun.values_list("job_state").annotate(bars=Count("pk")))
    counts[JobState.QUEUED] = owed.filter(job_state=JobState.QUEUED)[:MANY].count()
    return {state: counts.get(state, 0) for state in OPEN}


def counts_by_base(language: str) -> list[BaseCount]:
    """Of the MANY bars that are most urgent."""
    urgent = (
        _owed_and_open().order_by("due_on", "pk").values_list("base", "order_line__family_version")[:MANY]
    )
    bars: Counter[tuple[str, str]] = Counter()
    for (key, version), count in Counter(urgent).items():
        bars[key, base_name(key, family_under(version), language)] += count
    return [BaseCount(key, name, bars[key, name]) for key, name in sorted(bars)]


def base_name(key: str, family: Family, language: str) -> str:
    """Of a job's base, or of the kind of box that has none."""
    return (family.modules[key] if family.is_bar else family).name.to(language)


def waiting_by_base() -> Counter[str]:
    """Key of a base → bars that wait for it: released or kitted, not yet moulded."""
    waiting = _owed_and_open().filter(job_state__in=[JobState.QUEUED, JobState.KITTED])
    return Counter(dict(waiting.values_list("base").annotate(Count("pk")).order_by()))


def all_day(today: date, language: str) -> list[AllDay]:
    """The morning's weighing list: what is queued and due by the next working day, most cups first.

    A moment old at most: a whole day's recipes are not read for each page.
    """
    known = _weighed()
    if today not in known:
        known[today] = _weighed_by(promise.next_working_day(today))
    cups: Counter[tuple[str, bool]] = Counter()
    mg: Counter[tuple[str, bool]] = Counter()
    for (version, key), (bars, weight) in known[today].items():
        family = family_under(version)
        module = family.modules[key]
        row = module.name.to(language), family.is_bar and module.kind == "base"
        cups[row] += bars
        mg[row] += weight
    found = [AllDay(name, cups[name, poured], grams(mg[name, poured]), poured) for name, poured in cups]
    return sorted(found, key=lambda row: (-row.cups, row.name))


_Weights: TypeAlias = dict[tuple[str, str], tuple[int, Milligrams]]
"""By family and module: how many cups, and how much in all of them."""
_weighed: Final[KeptBriefly[dict[date, _Weights]]] = KeptBriefly(dict)


def _weighed_by(day: date) -> _Weights:
    soon = _owed_and_open().filter(job_state=JobState.QUEUED, due_on__lte=day).order_by()
    found: _Weights = {}
    for version, recipe in soon.values_list("order_line__family_version", "order_line__recipe"):
        for portion in recipe:
            cups, mg = found.get((version, portion["module"]), (0, 0))
            found[version, portion["module"]] = cups + 1, mg + portion["mg"]
    return found


def _owed_and_open() -> QuerySet[Job]:
    return Job.objects.filter(is_owed=True, job_state__in=OPEN)


def _due(due: str, today: date) -> Q:
    match due:
        case "late":
            return Q(due_on__lt=today)
        case "today":
            return Q(due_on=today)
        case _:
            return Q(due_on__gt=today, due_on__lte=promise.next_working_day(today))


def _found(text: str) -> Q:
    """Codes and numbers are found however they are typed."""
    signs = text.replace(" ", "").replace("-", "").upper()
    return (
        Q(code__icontains=text)
        | Q(code=f"{signs[:4]}-{signs[4:]}")
        | Q(order_line__order__number__icontains=text)
        | Q(order_line__name__icontains=text)
    )


def urgency(job: Job, today: date) -> str:
    if job.job_state not in OPEN or job.due_on > today:
        return ""
    return TODAY if job.due_on == today else LATE
