"""What the page behind the square code on a bar tells: of the bar, never of whoever ordered it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from configurator.catalogue.families import family_under
from configurator.domain.label import Label
from configurator.domain.label.sheet import thawed
from configurator.models import Design
from orders.models.labels import PrintedLabel
from orders.models.order import Order, OrderLine
from orders.models.photos import BarPhoto
from orders.models.production import Job, JobState
from orders.models.recall import Recall
from orders.production import labels


@dataclass(frozen=True, slots=True)
class Part:
    """One lot that is, or may be, in the bar."""

    name: str
    lot: str
    is_called_back: bool


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    design: Design
    label: Label
    lot: str
    made_on: date
    best_before: date
    is_past: bool
    parts: tuple[Part, ...]
    is_called_back: bool
    """Customers have been told."""
    is_looked_into: bool
    """A lot of it is stopped, and nobody knows yet what for."""
    is_replaced: bool
    """Another label counts now, or the bar was thrown away: this one should be on no bar."""

    @property
    def is_to_be_left(self) -> bool:
        return self.is_called_back or self.is_looked_into


def bar_of(printed: PrintedLabel, *, locale: str, today: date) -> Bar:
    job, line = printed.job, printed.job.order_line
    recalls = _recalls(printed)
    told = [recall for recall in recalls.values() if recall.confirmed_at]
    return Bar(
        name=line.name,
        design=line.design,
        label=thawed(line.labels.get(locale, printed.text)),
        lot=job.code,
        made_on=printed.made_on,
        best_before=printed.best_before,
        is_past=printed.best_before < today,
        parts=tuple(_parts(printed, line, set(recalls), locale)),
        is_called_back=bool(told),
        is_looked_into=bool(recalls) and not told,
        is_replaced=_is_replaced(job, printed),
    )


def _recalls(printed: PrintedLabel) -> dict[str, Recall]:
    """By the code of the lot; exercises are none."""
    codes = [code for _module, code in printed.lots]
    found = Recall.objects.filter(is_mock=False, lot__code__in=codes).select_related("lot")
    return {recall.lot.code: recall for recall in found}


def _parts(printed: PrintedLabel, line: OrderLine, called_back: set[str], locale: str) -> Iterator[Part]:
    modules = family_under(line.family_version).modules
    for key, code in printed.lots:
        name = modules[key].name.to(locale) if key in modules else key
        yield Part(name, code, code in called_back)


def _is_replaced(job: Job, printed: PrintedLabel) -> bool:
    current = labels.current_of(job)
    return job.job_state == JobState.SCRAPPED or current is None or current.pk != printed.pk


@dataclass(frozen=True, slots=True)
class MadeBar:
    """A bar of an order as it was photographed."""

    code: str
    name: str
    label: str
    """The code of the label on it; "" before it has one."""


def made_bars(order: Order) -> tuple[MadeBar, ...]:
    """In the order of the lines, each once: what failed is not shown."""
    photos = BarPhoto.objects.filter(job__order_line__order=order).exclude(file="")
    photos = photos.exclude(job__job_state=JobState.SCRAPPED).select_related("job__order_line")
    photos = photos.prefetch_related("job__labels").order_by("job__order_line", "job__index", "pk")
    return tuple({photo.job_id: _made(photo.job) for photo in photos}.values())


def _made(job: Job) -> MadeBar:
    printed = sorted(job.labels.all(), key=lambda label: label.number)
    return MadeBar(job.code, job.order_line.name, printed[-1].code if printed else "")
