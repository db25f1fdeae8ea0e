"""The customer's photos: taken in, kept privately, measured for print, opened to draw with."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from math import ceil
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from PIL import Image

from configurator import models, staff
from configurator.domain.constraints import Problem
from configurator.domain.design import Design, Photo
from configurator.domain.family import Family, Text
from configurator.rendering import wrapping
from configurator.rendering.inscriptions import PRINT, carried_mm

MOST_BYTES: Final = 12 * 2**20
LONGEST_DEVELOPING: Final = 25.0
"""Seconds on the clock, more than the darkroom's own limit of processor time."""
LONGEST_QUEUE: Final = 2.0
"""Seconds: whoever waits holds a thread that others need for their pages."""
SESSION_KEY: Final = "photos"
MOST_IN_A_SESSION: Final = 40
SHARP_DPI: Final = 300
COARSE_DPI: Final = 150
THUMBNAIL: Final = 900
SCREEN: Final = 1200
"""Pixels: a photo fills only a part of the largest picture that a page shows."""
DARKROOM: Final = Path(__file__).with_name("darkroom.py")

logger = logging.getLogger(__name__)


class PhotoUnknown(LookupError):
    """Nobody uploaded a photo of that digest."""


class PhotoRefused(ValueError):
    """In the customer's words: why the upload is not taken, and what would be."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


# ── Taking in ────────────────────────────────────────────────────────────────────────────────────


def take_in(upload: UploadedFile[Any], request: HttpRequest) -> models.Photo:
    """Keep the picture and remember who may see it. Raises PhotoRefused."""
    photo = _kept(_developed(_read(upload)))
    show_to(request, [photo.digest])
    return photo


def developed(upload: UploadedFile[Any]) -> bytes:
    """A new JPEG that carries nothing but pixels, kept nowhere. Raises PhotoRefused."""
    return _developed(_read(upload)).jpeg


def _read(upload: UploadedFile[Any]) -> bytes:
    if (upload.size or 0) > MOST_BYTES:
        words = _("This file has more than %(most)s MB. Save the picture smaller, as a JPEG.")
        raise PhotoRefused(words % {"most": MOST_BYTES // 2**20})
    return bytes(upload.read())


@dataclass(frozen=True, slots=True)
class _Developed:
    jpeg: bytes
    width: int
    height: int


def _developed(raw: bytes) -> _Developed:
    try:
        done = _in_the_darkroom(raw)
    except subprocess.TimeoutExpired:
        raise PhotoRefused(_words_for({"refused": "slow"})) from None
    head, _line, jpeg = done.stdout.partition(b"\n")
    if done.returncode or not head:
        # Its limits ended it: a picture made to do so, or far too large a one.
        logger.warning("A photo was given up after %s bytes, code %s.", len(raw), done.returncode)
        raise PhotoRefused(_words_for({"refused": "broken"}))
    answer: dict[str, Any] = json.loads(head)
    if "refused" in answer:
        raise PhotoRefused(_words_for(answer))
    return _Developed(jpeg, answer["width"], answer["height"])


def _in_the_darkroom(raw: bytes) -> subprocess.CompletedProcess[bytes]:
    # However many come at once, they never take the machine's memory together.
    if not _darkrooms.acquire(timeout=LONGEST_QUEUE):
        raise PhotoRefused(_("We are developing many pictures just now. Try again in a minute."))
    try:
        # The darkroom is ours, and the upload is only its standard input.
        return subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(DARKROOM)],
            input=raw,
            capture_output=True,
            timeout=LONGEST_DEVELOPING,
            check=False,
            env={},
        )
    finally:
        _darkrooms.release()


_darkrooms = BoundedSemaphore(2)


def _words_for(answer: dict[str, Any]) -> str:
    known = {
        "heic": _("HEIC pictures cannot be printed here. Save the picture as a JPEG and choose that one."),
        "format": _("This file is no JPEG, PNG or WebP picture. Choose another one, or save it as a JPEG."),
        "broken": _("This picture is damaged or only half there. Save it anew, or choose another one."),
        "slow": _("This picture took too long to open. Save it smaller, as a JPEG."),
        "pixels": _("This picture has more than %(pixels)s million pixels. Save it smaller."),
        "small": _(
            "This picture has only %(width)s × %(height)s pixels, too few to print. Choose a larger one."
        ),
    }
    return known[answer["refused"]] % answer


def _kept(developed: _Developed) -> models.Photo:
    digest = sha256(developed.jpeg).hexdigest()
    photo, is_new = models.Photo.objects.update_or_create(
        digest=digest, defaults={"width": developed.width, "height": developed.height}
    )
    if is_new or not default_storage.exists(name_of(digest)):
        default_storage.delete(name_of(digest))
        default_storage.save(name_of(digest), ContentFile(developed.jpeg))
    return photo


def forget(digest: str) -> None:
    """Designs that name it say that a photo is missing, and can do without."""
    models.Photo.objects.filter(pk=digest).delete()
    default_storage.delete(name_of(digest))


def name_of(digest: str) -> str:
    return f"photos/{digest}.jpg"


# ── Who may see and use one ──────────────────────────────────────────────────────────────────────


def may_see(request: HttpRequest, digest: str) -> bool:
    """Whoever uploaded it or holds the order with it, in the same session, and staff who may look at photos."""
    return _is_own(request, digest) or staff.may(request, "configurator.view_photo")


def show_to(request: HttpRequest, digests: Iterable[str]) -> None:
    """From now on, in this session."""
    known, new = request.session.get(SESSION_KEY, []), list(dict.fromkeys(digests))
    kept = [*(digest for digest in known if digest not in new), *new][-MOST_IN_A_SESSION:]
    if kept != known:
        request.session[SESSION_KEY] = kept


def without_strange(design: Design, request: HttpRequest) -> Design:
    """A shared design may be made one's own, but not the photo of the person who shared it."""
    wrapper, inscription = design.wrapper, design.inscription
    if wrapper.photo and not may_see(request, wrapper.photo.digest):
        wrapper = replace(wrapper, photo=None)
    if inscription.photo and not may_see(request, inscription.photo.digest):
        inscription = replace(inscription, photo=None)
    return replace(design, wrapper=wrapper, inscription=inscription)


def _is_own(request: HttpRequest, digest: str) -> bool:
    return hasattr(request, "session") and digest in request.session.get(SESSION_KEY, ())


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────


def find(digest: str) -> models.Photo:
    photo = models.Photo.objects.filter(pk=digest).first()
    if photo is None:
        raise PhotoUnknown(digest)
    return photo


def shown(photo: Photo | None) -> Image.Image | None:
    """The part that the customer chose, as finely as a screen shows it; none when there is none any more."""
    return _part(photo, SCREEN)


def on_print(design: Design) -> Image.Image | None:
    """For a screen; none when no transfer print lies on the bar, whatever the design remembers."""
    return shown(design.inscription.photo) if design.has(PRINT) else None


def printed(photo: Photo | None) -> Image.Image | None:
    """The part that the customer chose, with every pixel there is."""
    return _part(photo, 0)


def thumbnail(digest: str) -> bytes:
    """Small enough for a page. Raises PhotoUnknown."""
    with _opened(digest) as picture:
        picture.draft("RGB", (THUMBNAIL, THUMBNAIL))
        picture.thumbnail((THUMBNAIL, THUMBNAIL))
        file = BytesIO()
        picture.save(file, "JPEG", quality=82)
    return file.getvalue()


def _part(photo: Photo | None, least: int) -> Image.Image | None:
    """With at least so many pixels on its shorter side, if it has them; 0 asks for all."""
    if photo is None:
        return None
    try:
        with _opened(photo.digest) as picture:
            left, top, width, height = cropped(photo, *picture.size)
            whole = picture.size
            if least:
                # A JPEG is decoded at a half, a quarter or an eighth in a part of the time.
                share = least / min(width, height)
                picture.draft("RGB", (ceil(whole[0] * share), ceil(whole[1] * share)))
            across, down = picture.width / whole[0], picture.height / whole[1]
            corner = round((left + width) * across), round((top + height) * down)
            return picture.crop((round(left * across), round(top * down), *corner))
    except PhotoUnknown:
        return None


@contextmanager
def _opened(digest: str) -> Iterator[Image.Image]:
    """The whole kept picture, not decoded yet. Raises PhotoUnknown."""
    try:
        with default_storage.open(name_of(digest)) as file, Image.open(file, formats=("JPEG",)) as picture:
            yield picture
    except FileNotFoundError:
        raise PhotoUnknown(digest) from None


# ── Measuring ────────────────────────────────────────────────────────────────────────────────────


def cropped(photo: Photo, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height, within the picture whatever the design says."""
    if not (photo.width and photo.height):
        return 0, 0, width, height
    left, top = min(photo.left, width - 1), min(photo.top, height - 1)
    return left, top, max(1, min(photo.width, width - left)), max(1, min(photo.height, height - top))


def print_mm(place: str, design: Design, family: Family) -> tuple[float, float]:
    """How large a photo is printed: "wrapper" or "inscription"."""
    return wrapping.photo_mm(family) if place == "wrapper" else carried_mm(design, family, PRINT)


def dots_per_inch(photo: Photo, place: str, design: Design, family: Family) -> int:
    """What is left of the picture's pixels when it fills its place. Raises PhotoUnknown."""
    row = find(photo.digest)
    _left, _top, width, height = cropped(photo, row.width, row.height)
    across, down = print_mm(place, design, family)
    return int(min(width / across, height / down) * 25.4)


def problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    """What keeps a bar with these photos from being printed."""
    for place, photo in _places(design):
        try:
            dpi = dots_per_inch(photo, place, design, family)
        except PhotoUnknown:
            yield Problem("photo", (), _GONE.to(locale), place)
            continue
        if dpi < COARSE_DPI:
            yield Problem(
                "photo-resolution", (), _coarse(dpi, print_mm(place, design, family), photo).to(locale), place
            )


def notes(design: Design, family: Family) -> Iterator[str]:
    """What may be ordered, but will not look its best."""
    for place, photo in _places(design):
        try:
            dpi = dots_per_inch(photo, place, design, family)
        except PhotoUnknown:
            continue
        if COARSE_DPI <= dpi < SHARP_DPI:
            words = _(
                "The photo is printed with %(dpi)s dots to the inch; from %(sharp)s on it looks sharp. "
                "A larger picture, or showing more of this one, makes it sharper."
            )
            yield words % {"dpi": dpi, "sharp": SHARP_DPI}


def _places(design: Design) -> Iterator[tuple[str, Photo]]:
    if design.wrapper.photo:
        yield "wrapper", design.wrapper.photo
    if design.inscription.photo and design.has(PRINT):
        yield "inscription", design.inscription.photo


def _coarse(dpi: int, size_mm: tuple[float, float], photo: Photo) -> Text:
    across, down = size_mm
    needed = f"{round(across * COARSE_DPI / 25.4)} × {round(down * COARSE_DPI / 25.4)}"
    more = (
        Text("Choose a larger picture.", "Nimm ein größeres Bild.")
        if not photo.width
        else Text(
            "Show more of it, or choose a larger picture.", "Zeige mehr davon oder nimm ein größeres Bild."
        )
    )
    return Text(
        f"The photo would be printed with {dpi} dots to the inch; below {COARSE_DPI} it is only blots. "
        f"Its place needs {needed} pixels. {more.en}",
        f"Das Foto käme mit {dpi} Punkten je Zoll aufs Papier; unter {COARSE_DPI} sieht man nur Flecken. "
        f"Die Stelle braucht {needed} Pixel. {more.de}",
    )


_GONE = Text(
    "The photo is no longer with us. Upload it once more, or take it off.",
    "Das Foto ist nicht mehr bei uns. Lade es noch einmal hoch oder nimm es heraus.",
)
