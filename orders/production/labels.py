"""The label on a bar: printed once its lots and its day are known, the same bytes ever after, and scanned on its bar.

Whatever changes in the bar makes a new label; the old one is scanned as destroyed before the bar is wrapped.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.catalogue.families import family_under
from configurator.domain.codes import CodeMistyped
from configurator.domain.label import label as label_of_design
from configurator.domain.label.dates import best_before
from configurator.pictures.label_prints import Stamped, label_pdf
from orders.models.labels import LabelEvent, PrintedLabel, new_label_code, read_label_code
from orders.models.order import Order
from orders.models.production import Job, JobEvent, JobState
from orders.production import trace, unnamed
from orders.production.allergens import label_of
from orders.production.in_hand import locked
from orders.production.refusals import (
    LabelChanged,
    LabelDoesNotCover,
    LabelPrintedTooEarly,
    NoLabelScanned,
    NoLabelYet,
    NotItsLabel,
    OldLabelLeft,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = LabelEvent.Kind
DAY: Final = {"de": "d.m.Y", "en": "j F Y"}
WRAPPED: Final = (JobState.WRAPPED, JobState.PACKED, JobState.SHIPPED)
PRINTED_IN: Final = (JobState.KITTED, JobState.CHECKED, *WRAPPED)
"""Where a bar, or a box of samples, may have one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the label of a bar has to say, by what is in it now."""

    locale: str
    made_on: date
    best_before: date
    lots: list[list[str]]
    text: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a bar stands with its label."""

    is_ready: bool
    """Its lots and its day are known, and it is not wrapped yet."""
    may_be_printed: bool
    current: PrintedLabel | None
    is_outdated: bool
    """Something in the bar has changed since."""
    left: tuple[PrintedLabel, ...]
    """Old labels that nobody has scanned as destroyed."""

    @property
    def may_be_scanned(self) -> bool:
        return self.current is not None and not self.is_outdated and not self.left


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def print_label(job: Job, *, by: User | None, at: datetime) -> PrintedLabel:
    """The kept one, or a new one where something has changed. Raises StepRefused and CannotBePrinted."""
    job = locked(job, "order_line__design", "shipment")
    _refuse_silent(job)
    now = standing(job)
    if now.current is not None and now.may_be_printed and not now.is_outdated:
        return now.current
    if not now.is_ready:
        raise LabelPrintedTooEarly(
            _("The label is printed once the bar is checked: then its lots and its day are known.")
        )
    return _new(job, number=now.current.number + 1 if now.current else 1, by=by, at=at)


def _refuse_silent(job: Job) -> None:
    """No label leaves the printer that is silent about what a lot of its bar may contain."""
    silent = unnamed.in_bar(job)
    if silent:
        raise LabelDoesNotCover(
            _("%(why)s Scrap the bar, and it is made again from another lot.")
            % {"why": unnamed.words(*silent)}
        )


def _new(job: Job, *, number: int, by: User | None, at: datetime) -> PrintedLabel:
    wanted, code = wanted_of(job), new_label_code()
    pdf = _pressed(job, wanted, code)
    name = default_storage.save(f"labels/{code}.pdf", ContentFile(pdf))
    digest = sha256(pdf).hexdigest()
    return PrintedLabel.objects.create(
        job=job, code=code, number=number, **asdict(wanted), pdf=name, sha256=digest, by=by, at=at
    )


def _pressed(job: Job, wanted: Wanted, code: str) -> bytes:
    line = job.order_line
    stamped = Stamped(
        best_before=written_day(wanted.best_before, wanted.locale),
        lot=job.code,
        code=code,
        address=address(code, wanted.locale),
    )
    return label_pdf(label_of(job), family_under(line.family_version), line.name, line.code, stamped)


def pdf_of(label: PrintedLabel) -> bytes:
    """The very bytes that were printed first. Raises FileNotFoundError once they were deleted."""
    if not label.pdf:
        raise FileNotFoundError(label.code)
    with default_storage.open(label.pdf) as file:
        return bytes(file.read())


def forget_files(order: Order) -> None:
    """They show the name of the bar. What else stood on them stays."""
    for label in PrintedLabel.objects.filter(job__order_line__order=order).exclude(pdf=""):
        default_storage.delete(label.pdf)
        PrintedLabel.objects.filter(pk=label.pk).blank(pdf="")


def address(code: str, locale: str) -> str:
    """Of the bar's page, in the language of its label."""
    with translation.override(locale):
        return settings.SHOP_URL + reverse("orders:bar", args=[code])


def written_day(day: date, locale: str) -> str:
    """With day, month and year, so that nobody has to decode it."""
    with translation.override(locale):
        return date_format(day, DAY.get(locale, "Y-m-d"))


def wanted_of(job: Job) -> Wanted:
    line, locale = job.order_line, job.shipment.label_locale
    origins = trace.lots_of(job)
    made_on = _made_on(job)
    months = label_of(job).keeps_months or _keeps_months(job, locale)
    return Wanted(
        locale=locale,
        made_on=made_on,
        best_before=best_before(made_on, months, (origin.lot.best_before for origin in origins)),
        lots=sorted([origin.lot.stock_id, origin.lot.code] for origin in origins),
        text=line.labels[locale],
    )


def _made_on(job: Job) -> date:
    """The day it was poured; of a box of samples, the day it was weighed."""
    counts = JobEvent.objects.filter(job=job, undoes=None, undone_by=None)
    poured = counts.filter(to_state__in=(JobState.MOULDED, JobState.KITTED)).order_by("-pk").first()
    return localdate(poured.at if poured else job.created_at)


def _keeps_months(job: Job, locale: str) -> int:
    """Orders from before labels said so."""
    line = job.order_line
    return label_of_design(line.design.value, family_under(line.family_version), locale).keeps_months


# ── Where a bar stands ───────────────────────────────────────────────────────────────────────────


def current_of(job: Job) -> PrintedLabel | None:
    return PrintedLabel.objects.filter(job=job).order_by("-number").first()


def standing(job: Job) -> Standing:
    printed = list(PrintedLabel.objects.filter(job=job).order_by("number").prefetch_related("events"))
    current, is_ready = printed[-1] if printed else None, _is_before_wrapping(job)
    return Standing(
        is_ready=is_ready,
        may_be_printed=is_ready or (current is not None and job.job_state in WRAPPED),
        current=current,
        is_outdated=current is not None and is_ready and _is_outdated(job, current),
        left=tuple(label for label in printed[:-1] if not _was(label, Kind.DESTROYED)),
    )


def unscanned(jobs: list[Job]) -> list[str]:
    """Codes of those bars on which nobody has scanned the label that counts."""
    counts: dict[int, PrintedLabel] = {}
    scanned = PrintedLabel.objects.filter(job__in=jobs).order_by("number")
    for label in scanned.prefetch_related("events"):
        counts[label.job_id] = label
    return [job.code for job in jobs if not (job.pk in counts and _was(counts[job.pk], Kind.SCANNED))]


def _was(label: PrintedLabel, kind: str) -> bool:
    return any(event.kind == kind for event in label.events.all())


def _is_outdated(job: Job, label: PrintedLabel) -> bool:
    now = asdict(wanted_of(job))
    return _was(label, Kind.DESTROYED) or now != {name: getattr(label, name) for name in now}


def _is_before_wrapping(job: Job) -> bool:
    is_bar = family_under(job.order_line.family_version).is_bar
    return job.job_state == (JobState.CHECKED if is_bar else JobState.KITTED)


# ── Scanning ─────────────────────────────────────────────────────────────────────────────────────


def scan_on_bar(job: Job, scanned: str, *, by: User, at: datetime) -> None:
    """In the transaction that wraps the bar, under the lock of its order. Raises StepRefused."""
    now = standing(job)
    _refuse_unready(now)
    label = _read(scanned)
    if label.job_id != job.pk:
        raise NotItsLabel(
            _(
                "Stop: this is the label of another bar, %(other)s “%(name)s”. "
                "Take it off this one, and scan the label that belongs to %(code)s."
            )
            % {"other": label.job.code, "name": label.job.order_line.name, "code": job.code}
        )
    if now.current is None or label.pk != now.current.pk:
        raise NotItsLabel(
            _("Stop: this is an old label of this bar, which was scanned as destroyed. Use the new one.")
        )
    LabelEvent.objects.create(label=label, kind=Kind.SCANNED, by=by, at=at)


@transaction.atomic
def destroy(job: Job, scanned: str, *, by: User, at: datetime) -> PrintedLabel:
    """An old label of this bar is in the bin. A second scan changes nothing. Raises StepRefused."""
    job = locked(job, "order_line__design", "shipment")
    label = _read(scanned)
    if label.job_id != job.pk:
        raise NotItsLabel(
            _("This is the label of another bar, %(other)s. Keep it with that one.")
            % {"other": label.job.code}
        )
    now = standing(job)
    if now.current is not None and label.pk == now.current.pk and not now.is_outdated:
        raise NotItsLabel(_("This is the label that counts. Stick it on the bar."))
    LabelEvent.objects.get_or_create(label=label, kind=Kind.DESTROYED, defaults={"by": by, "at": at})
    return label


def is_label(scanned: str) -> bool:
    """By its look: whether there is such a one is another question."""
    try:
        read_label_code(_code_in(scanned))
    except CodeMistyped:
        return False
    return True


def sign_of(job: Job) -> tuple[object, ...]:
    """Changes with whatever the station shows of the bar's labels."""
    now = standing(job)
    return now.current and now.current.pk, now.is_outdated, [label.pk for label in now.left]


def find(code: str) -> PrintedLabel | None:
    try:
        known = read_label_code(code)
    except CodeMistyped:
        return None
    labels = PrintedLabel.objects.select_related("job__order_line__order", "job__shipment")
    return labels.filter(code=known).first()


def _refuse_unready(now: Standing) -> None:
    if now.current is None:
        raise NoLabelYet(_("Print the label of this bar first, and stick it on."))
    if now.is_outdated:
        raise LabelChanged(
            _(
                "What is in this bar has changed since its label was printed. "
                "Print a new one, and scan the old one as destroyed."
            )
        )
    if now.left:
        raise OldLabelLeft(
            _("An old label of this bar is still about: scan %(codes)s as destroyed first.")
            % {"codes": ", ".join(label.code for label in now.left)}
        )


def _read(scanned: str) -> PrintedLabel:
    """Its code, or the whole address in its QR code."""
    if not scanned.strip():
        raise NoLabelScanned(_("Scan the label that is on the bar."))
    typed = _code_in(scanned)
    label = find(typed)
    if label is None:
        raise NoLabelScanned(
            _("“%(code)s” is not the label of a bar. Scan the square code on the label, not the ticket.")
            % {"code": typed[:40]}
        )
    return label


def _code_in(scanned: str) -> str:
    return scanned.partition("?")[0].partition("#")[0].strip().rstrip("/").rpartition("/")[2]
