"""The controls of a photo in the studio: which part of it is shown, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.designs import Review
from configurator.domain.design import Design, Photo
from configurator.domain.family import Family
from configurator.pictures import photos
from configurator.pictures.photos import PhotoUnknown
from configurator.rendering.inscriptions import PRINT

PLACES: Final = ("wrapper", "inscription")
PHOTO_STAYS: Final = gettext_lazy(
    "The photo of whoever shared this bar stays with them; the wrapper shows its pattern."
)
MOST: Final = 100
"""Everything about a crop is typed in percent of the picture."""


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """A place that can show a photo, as its controls show it."""

    key: str
    legend: str
    is_shown: bool = True
    """What has no place on the bar now stays in the form, so that it comes back with its place."""
    photo: Photo | None = None
    width: int = 0
    height: int = 0
    """Pixels of the kept picture."""
    across: float = 1.0
    down: float = 1.0
    """Millimetres of the place."""
    dots_per_inch: int = 0

    @property
    def value(self) -> str:
        """What the form says of it."""
        photo = self.photo
        return f"{photo.digest}:{photo.left}:{photo.top}:{photo.width}:{photo.height}" if photo else ""

    @property
    def picture(self) -> str:
        return reverse("configurator:photo", args=[self.photo.digest]) if self.photo else ""

    @property
    def crop(self) -> tuple[int, int, int, int]:
        return photos.cropped(self.photo, self.width, self.height) if self.photo else (0, 0, 0, 0)

    @property
    def left(self) -> int:
        return round(100 * self.crop[0] / max(1, self.width))

    @property
    def top(self) -> int:
        return round(100 * self.crop[1] / max(1, self.height))

    @property
    def share(self) -> int:
        return round(100 * self.crop[2] / max(1, self.width))

    @property
    def is_sharp(self) -> bool:
        return self.dots_per_inch >= photos.SHARP_DPI


def photo_places(review: Review, request: HttpRequest) -> tuple[PhotoPlace, ...]:
    return tuple(_places(review.design, review.family, request))


def _places(design: Design, family: Family, request: HttpRequest) -> Iterator[PhotoPlace]:
    yield _place("wrapper", _("A photo on the wrapper"), design.wrapper.photo, design, family, request)
    legend, photo = _("A photo as the print"), design.inscription.photo
    if design.has(PRINT):
        yield _place("inscription", legend, photo, design, family, request)
    elif photo and photos.may_see(request, photo.digest):
        yield PhotoPlace("inscription", legend, is_shown=False, photo=photo)


def _place(
    key: str, legend: str, photo: Photo | None, design: Design, family: Family, request: HttpRequest
) -> PhotoPlace:
    if photo is None or not photos.may_see(request, photo.digest):
        return PhotoPlace(key, legend)
    try:
        row = photos.find(photo.digest)
    except PhotoUnknown:
        return PhotoPlace(key, legend)
    across, down = photos.print_mm(key, design, family)
    dots = photos.dots_per_inch(photo, key, design, family)
    return PhotoPlace(key, legend, True, photo, row.width, row.height, across, down, dots)


# ── Edits ────────────────────────────────────────────────────────────────────────────────────────


def edited_photo(design: Design, posted: QueryDict) -> Design:
    """With the one edit of the button that sent the form: another crop, or no photo any more."""
    if (place := posted.get("crop", "")) in PLACES:
        return _cropped(design, place, posted)
    if (place := posted.get("unphoto", "")) in PLACES:
        return with_photo(design, place, None)
    return design


def with_photo(design: Design, place: str, photo: Photo | None) -> Design:
    if place == "wrapper":
        return design.wrapped(replace(design.wrapper, photo=photo))
    return design.inscribed(replace(design.inscription, photo=photo))


def middle_of(digest: str, width: int, height: int, shape: tuple[float, float]) -> Photo:
    """The largest part in the middle that has the shape of its place."""
    across, down = shape
    shown = min(width, height * across / down)
    return _part(digest, (width, height), (across, down), ((width - shown) / 2, None), shown)


def _cropped(design: Design, place: str, posted: QueryDict) -> Design:
    photo = design.wrapper.photo if place == "wrapper" else design.inscription.photo
    if photo is None:
        return design
    try:
        row = photos.find(photo.digest)
    except PhotoUnknown:
        return design
    across, down = 1.0, row.height / row.width
    if photo.width and photo.height:
        across, down = float(photo.width), float(photo.height)
    left = _percent(posted, f"{place}-left", 0) * row.width / 100
    top = _percent(posted, f"{place}-top", 0) * row.height / 100
    shown = max(1, _percent(posted, f"{place}-share", MOST)) * row.width / 100
    part = _part(photo.digest, (row.width, row.height), (across, down), (left, top), shown)
    return with_photo(design, place, part)


def _part(
    digest: str,
    size: tuple[int, int],
    shape: tuple[float, float],
    corner: tuple[float, float | None],
    shown: float,
) -> Photo:
    """So much of the picture, in the shape of its place, moved so that it lies within the picture."""
    width = min(shown, size[0], size[1] * shape[0] / shape[1])
    height = width * shape[1] / shape[0]
    top = (size[1] - height) / 2 if corner[1] is None else corner[1]
    left = min(max(0.0, corner[0]), size[0] - width)
    top = min(max(0.0, top), size[1] - height)
    return Photo(digest, round(left), round(top), max(1, round(width)), max(1, round(height)))


def _percent(posted: QueryDict, name: str, otherwise: int) -> int:
    typed = posted.get(name, "").strip()
    return min(MOST, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 4 else otherwise
