"""Digest and size → picture, found or made once; the address says all that decides it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError
from django.urls import reverse
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from configurator import designs
from configurator.domain.design import Design
from configurator.domain.family import Family, Module
from configurator.domain.scene import lay_out
from configurator.families import current_families
from configurator.once import alone
from configurator.rendering import compose, paintings, sprites
from configurator.rendering.module_pictures import module_picture

WIDTHS = (300, 600, 1200, 2400)
PRELOADED_WIDTHS = (600, 1200)
MODULE_WIDTHS = (96, 192)
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}

# Named here, these are known to Pillow from the start; else it reads all its formats at the first picture.
FORMATS = {
    "webp": WebPImagePlugin.WebPImageFile.format,
    "jpg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
}

logger = logging.getLogger(__name__)

_DIGEST_LENGTH = 64
_LONGEST_WAIT = 20.0


class PictureUnknown(LookupError):
    """No picture has this address."""


@dataclass(frozen=True, slots=True)
class Preview:
    content: bytes
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a picture is kept and what it is called; checked, so it is safe as a file's name."""

    name: str
    suffix: str
    etag: str


def preview(digest: str, width: int, suffix: str) -> Preview:
    """Raises PictureUnknown and DesignUnknown."""
    address = preview_address(digest, width, suffix)
    return found(address) or made_preview(address, digest, width)


def preview_url(digest: str, width: int = 600, suffix: str = "webp") -> str:
    return reverse("configurator:preview", args=[digest, width, suffix])


def preview_address(digest: str, width: int, suffix: str) -> Address:
    is_digest = len(digest) == _DIGEST_LENGTH and set(digest) <= set("0123456789abcdef")
    if not is_digest or width not in WIDTHS or suffix not in CONTENT_TYPES:
        raise PictureUnknown
    version = paintings.renderer_version()
    name = f"previews/{version}/{digest[:2]}/{digest}-{width}.{suffix}"
    return Address(name, suffix, f'"{digest[:20]}-{width}{suffix}-{version}"')


def made_preview(address: Address, digest: str, width: int) -> Preview:
    def make() -> Image.Image:
        row = designs.find(digest)
        family = designs.family_of(row)
        return compose.compose(lay_out(row.value, family), family, width)

    return _made_once(address, make)


def module_preview(module: Module, family: Family, width: int) -> Preview:
    """The browsing picture of a module. Raises PictureUnknown."""
    if width not in MODULE_WIDTHS:
        raise PictureUnknown
    look = module_look(module)
    address = Address(f"modules/{look}/{module.key}-{width}.webp", "webp", f'"{module.key}-{width}-{look}"')
    return found(address) or _made_once(address, lambda: module_picture(module, family, width))


def module_picture_url(module: Module, width: int) -> str:
    """Changes with the picture, so that browsers may keep it for ever."""
    return reverse("configurator:module-picture", args=[module.key, width]) + f"?v={module_look(module)}"


@lru_cache(maxsize=1024)
def module_look(module: Module) -> str:
    drawn_from = f"{paintings.renderer_version()} {module.key} {module.colour} {module.shape}"
    return sha256(drawn_from.encode()).hexdigest()[:12]


def module_named(key: str) -> tuple[Module, Family]:
    """Raises PictureUnknown."""
    for family in current_families():
        if key in family.modules:
            return family.modules[key], family
    raise PictureUnknown


def preload() -> None:
    """Makes the first picture of a new process as quick as the next ones; takes a few seconds."""
    try:
        prepare(current_families(), PRELOADED_WIDTHS)
    except DatabaseError as trouble:
        logger.warning("No picture is prepared, the first ones take longer: %s", trouble)


def prepare(families: Sequence[Family], widths: Sequence[int]) -> None:
    compose.make_ready(families, widths)
    for family in families:
        picture = compose.compose(lay_out(_sample(family), family), family, min(widths))
        for suffix in FORMATS:
            encoded(picture, suffix)


def _sample(family: Family) -> Design:
    """A bar on which everything painted lies."""
    design = Design(family.key, family.version, family.seats[family.base_slot.key][0].key)
    for slot, modules in family.seats.items():
        for module in modules:
            if slot != family.base_slot.key and sprites.is_painted(module):
                design = design.adding(module.key, slot, family.usual_dose(module))
    return design


def found(address: Address) -> Preview | None:
    try:
        with default_storage.open(address.name) as file:
            return _preview(address, file.read())
    except FileNotFoundError:
        return None


def encoded(picture: Image.Image, suffix: str) -> bytes:
    file = BytesIO()
    picture.save(file, FORMATS[suffix], **_QUALITY[suffix])
    return file.getvalue()


# WebP's method 0 takes a fifth of the default's time for a quarter more bytes.
_QUALITY = {"webp": {"quality": 80, "method": 0}, "jpg": {"quality": 85}, "png": {"compress_level": 1}}


def _made_once(address: Address, make: Callable[[], Image.Image]) -> Preview:
    with alone(address.name, longest_wait=_LONGEST_WAIT):
        made = found(address)
        if made is None:
            made = _preview(address, encoded(make(), address.suffix))
            _keep(address.name, made.content)
    return made


def _preview(address: Address, content: bytes) -> Preview:
    return Preview(content, CONTENT_TYPES[address.suffix], address.etag)


def _keep(name: str, content: bytes) -> None:
    """Nobody ever reads half a picture: object stores put whole objects, a folder is helped to."""
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    else:
        default_storage.save(name, ContentFile(content))
