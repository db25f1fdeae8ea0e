"""What the floor has before it: which jobs wait, and how much of what they need today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from configurator.domain.family import Family
from configurator.domain.recipe import grams
from configurator.families import family_under
from orders import promise
from orders.models.order import PaymentState
from orders.models.production import Job, JobState

OPEN = tuple(state for state in JobState if state not in {JobState.SHIPPED, JobState.SCRAPPED})
IS_FIRST_TAKE: Final = Case(When(remake_of=None, then=1), default=0, output_field=IntegerField())
"""A remake goes before what is due on the same day: its customer has waited once already."""
LATE, TODAY, SOON = "late", "today", "soon"


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
    jobs = Job.objects.filter(order_line__order__payment_state=PaymentState.PAID)
    jobs = jobs.filter(job_state=state) if state else jobs.filter(job_state__in=OPEN)
    if due:
        jobs = jobs.filter(_due(due, today))
    if base:
        jobs = jobs.filter(base=base)
    if text:
        jobs = jobs.filter(_found(text))
    related = jobs.select_related("order_line__order", "order_line__design", "order_line__box", "shipment")
    return related.order_by("due_on", IS_FIRST_TAKE, "base", "pk")


def counts_by_state() -> dict[str, int]:
    jobs = _paid_open().values_list("job_state").annotate(bars=Count("pk")).order_by()
    counts = dict(jobs)
    return {state: counts.get(state, 0) for state in OPEN}


def counts_by_base(language: str) -> list[BaseCount]:
    rows = (
        _paid_open()
        .values_list("base", "order_line__family_version")
        .annotate(bars=Count("pk"))
        .order_by("base")
    )
    bars: Counter[tuple[str, str]] = Counter()
    for key, version, count in rows:
        bars[key, base_name(key, family_under(version), language)] += count
    return [BaseCount(key, name, count) for (key, name), count in bars.items()]


def base_name(key: str, family: Family, language: str) -> str:
    """Of a job's base, or of the kind of box that has none."""
    return (family.modules[key] if family.is_bar else family).name.to(language)


def waiting_by_base() -> Counter[str]:
    """Key of a base → bars that wait for it: released or kitted, not yet moulded."""
    waiting = _paid_open().filter(job_state__in=[JobState.QUEUED, JobState.KITTED])
    return Counter(dict(waiting.values_list("base").annotate(Count("pk")).order_by()))


def all_day(today: date, language: str) -> list[AllDay]:
    """The morning's weighing list: what is queued and due by the next working day, most cups first."""
    jobs = (
        _paid_open()
        .filter(job_state=JobState.QUEUED, due_on__lte=promise.next_working_day(today))
        .values_list("order_line_id", "order_line__recipe", "order_line__family_version")
        .annotate(bars=Count("pk"))
        .order_by()
    )
    return sorted(_summed(jobs, language), key=lambda row: (-row.cups, row.name))


def _summed(jobs: Iterable[tuple[int, list[dict[str, object]], str, int]], language: str) -> list[AllDay]:
    cups: Counter[tuple[str, bool]] = Counter()
    mg: Counter[tuple[str, bool]] = Counter()
    for _line, recipe, version, bars in jobs:
        family = family_under(version)
        for portion in recipe:
            module = family.modules[str(portion["module"])]
            row = module.name.to(language), family.is_bar and module.kind == "base"
            cups[row] += bars
            mg[row] += bars * int(str(portion["mg"]))
    return [AllDay(name, cups[name, poured], grams(mg[name, poured]), poured) for name, poured in cups]


def _paid_open() -> QuerySet[Job]:
    return Job.objects.filter(order_line__order__payment_state=PaymentState.PAID, job_state__in=OPEN)


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
