"""The photo of a finished bar: taken at topping or quality, kept without anything but its pixels, held beside its design."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from configurator.catalogue.families import family_under
from configurator.domain.scene import lay_out
from configurator.pictures import photos
from configurator.rendering.compose import cut_out_bar
from orders.models.order import Order
from orders.models.photos import BarPhoto
from orders.models.production import Job, JobState
from orders.production.in_hand import locked
from orders.production.likeness import ALIKE, UNLIKE, likeness
from orders.production.refusals import StepRefused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TAKEN_IN: Final = (
    *(JobState.MOULDED, JobState.TOPPED, JobState.COOLING, JobState.DEMOULDED, JobState.CHECKED),
)
"""While its face is to be seen; a box of samples has none of these states."""
LONGEST: Final = 1600
"""Pixels: enough for a large screen, and a fifth of what a tablet takes."""
DRAWN: Final = 640
QUALITY: Final = 86
SMALL: Final = 600
"""In a mail it is shown half as wide, on screens with two dots for each."""


class PhotoTooEarlyOrLate(StepRefused):
    pass


def keep(job: Job, upload: UploadedFile[Any], *, by: User, at: datetime) -> BarPhoto:
    """Raises StepRefused, and configurator.pictures.photos.PhotoRefused in words for whoever took it."""
    _refuse_hidden(job)
    with Image.open(BytesIO(photos.developed(upload)), formats=("JPEG",)) as picture:
        picture.thumbnail((LONGEST, LONGEST))
        shot = picture.convert("RGB")
    alike = likeness(shot, _drawn(job))
    file = BytesIO()
    shot.save(file, "JPEG", quality=QUALITY, optimize=True)
    content = file.getvalue()
    with transaction.atomic():
        _refuse_hidden(locked(job))
        name = default_storage.save(
            f"bars/{job.code}-{sha256(content).hexdigest()[:16]}.jpg", ContentFile(content)
        )
        return BarPhoto.objects.create(job=job, file=name, likeness=alike, by=by, at=at)


def hint(alike: int) -> tuple[str, str]:
    """The look of the notice, and its words. Never a verdict: a person compares."""
    if alike >= ALIKE:
        return "notice--good", _("Looks like its design.")
    if alike >= UNLIKE:
        return "", _("Compare it with its design: something may lie elsewhere, or be missing.")
    return "notice--warn", _("This looks like another bar: compare it with its design before it goes on.")


def last_of(jobs: Iterable[Job]) -> dict[int, BarPhoto]:
    """By the key of the job; one question however many bars."""
    kept = BarPhoto.objects.filter(job__in=list(jobs)).exclude(file="").order_by("pk")
    return {photo.job_id: photo for photo in kept}


def read(photo: BarPhoto) -> bytes:
    """Raises FileNotFoundError."""
    with default_storage.open(photo.file) as file:
        return bytes(file.read())


def read_small(photo: BarPhoto) -> bytes:
    """As a mail shows it. Raises FileNotFoundError."""
    with Image.open(BytesIO(read(photo)), formats=("JPEG",)) as picture:
        picture.thumbnail((SMALL, SMALL))
        file = BytesIO()
        picture.save(file, "JPEG", quality=QUALITY, optimize=True)
        return file.getvalue()


def shows_somebodys_photo(job: Job) -> bool:
    """A customer's photo is on the bar, and so on the photo of it: that is for the customer alone."""
    return bool(job.order_line.design.value.photos)


def forget_files(order: Order) -> None:
    for photo in BarPhoto.objects.filter(job__order_line__order=order).exclude(file=""):
        default_storage.delete(photo.file)
        BarPhoto.objects.filter(pk=photo.pk).blank(file="")


def _drawn(job: Job) -> Image.Image:
    line = job.order_line
    family = family_under(line.family_version)
    return cut_out_bar(lay_out(line.design.value, family), family, DRAWN)


def _refuse_hidden(job: Job) -> None:
    if job.job_state not in TAKEN_IN:
        raise PhotoTooEarlyOrLate(_("A bar is photographed from its topping until it is wrapped."))
