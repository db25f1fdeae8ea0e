"""A picture that was asked for → its bytes, found or made once; the address says all that decides it."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError
from django.urls import reverse
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from configurator import designs
from configurator.catalogue.families import current_families, family_under
from configurator.domain.design import Design
from configurator.domain.family import Family, Module
from configurator.domain.scene import lay_out
from configurator.once import alone
from configurator.pictures import photos
from configurator.pictures.picture_addresses import CONTENT_TYPES, Address, Kind, Picture, PictureUnknown
from configurator.rendering import bodies, compose, paintings, showing, sleeves, sprites
from configurator.rendering.inscriptions import Words, words_of
from configurator.rendering.module_pictures import module_picture

PAGE_WIDTHS = (600, 1200)
READY_WIDTHS = (600,)
"""What a worker makes ready before it starts, once on a machine; make_pictures_ready makes the others too."""
MODULE_WIDTHS = (96, 192, 384)
PRINT_DPI = 300

# Named here, these are known to Pillow from the start; else it reads all its formats at the first picture.
FORMATS = {
    "webp": WebPImagePlugin.WebPImageFile.format,
    "jpg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
}

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 20.0
_LONGEST_PREPARATION = 600.0


@dataclass(frozen=True, slots=True)
class Preview:
    content: bytes
    content_type: str
    etag: str


def preview_url(digest: str, width: int = 600, suffix: str = "") -> str:
    """Without a suffix the browser gets the format that suits it."""
    return Picture(digest, "bar", width, suffix).url


def wrapped_url(digest: str, width: int = 600, suffix: str = "") -> str:
    return Picture(digest, "wrapped", width, suffix).url


def share_url(digest: str) -> str:
    """1200 x 630 pixels, as the networks want it."""
    return Picture(digest, "share", 0, "jpg").url


def url_for(design: Design, width: int = 600, kind: Kind = "bar") -> str:
    """For the design's own maker: with the private photo, where there is one."""
    return Picture(design.digest, kind, width, is_own=bool(design.photos)).url


def picture_height(family: Family, width: int) -> int:
    return bodies.picture_height(family, width)


def preview(picture: Picture) -> Preview:
    """Raises DesignUnknown."""
    return found(picture.address) or made_preview(picture)


def made_preview(picture: Picture) -> Preview:
    return _made_once(picture.address, lambda: _encoded(picture, drawn(picture)))


def own_preview(picture: Picture, design: Design) -> Preview:
    """With the customer's photo; never kept, so that nothing is left of a photo that was deleted."""
    if not design.photos:
        return preview(replace(picture, is_own=False))
    return _preview(picture.address, _encoded(picture, _drawn(picture, design)))


def drawn(picture: Picture) -> Image.Image:
    """Without any private photo."""
    return _drawn(picture, without_photos(designs.find(picture.digest).value))


def found(address: Address) -> Preview | None:
    """Quick: it is asked for every picture of every page."""
    try:
        return _preview(address, _content(address.name))
    except FileNotFoundError:
        return None


def module_preview(module: Module, family: Family, width: int) -> Preview:
    """The browsing picture of a module. Raises PictureUnknown."""
    if width not in MODULE_WIDTHS:
        raise PictureUnknown
    address = module_address(module.key, width, module_look(module))
    return found(address) or _made_once(
        address, lambda: encoded(module_picture(module, family, width), address.suffix)
    )


def module_address(key: str, width: int, look: str) -> Address:
    return Address(f"modules/{look}/{key}-{width}.webp", "webp", f'"{key}-{width}-{look}"')


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
    """Makes the first picture of a new process as quick as the next ones.

    The first process on a machine takes half a minute to make all sprites ready; the others find them.
    """
    try:
        prepare(current_families(), READY_WIDTHS)
    except DatabaseError as trouble:
        logger.warning("No picture is prepared, the first ones take longer: %s", trouble)


def prepare_all(families: Sequence[Family]) -> None:
    """All that can be done before the first customer comes."""
    bars = [family for family in families if family.is_bar]
    prepare(bars, PAGE_WIDTHS)
    compose.make_ready([family for family in families if not family.is_bar], PAGE_WIDTHS)
    compose.make_doses_ready(families, READY_WIDTHS)


def prepare(families: Sequence[Family], widths: Sequence[int]) -> None:
    with alone(f"ready {paintings.renderer_version()}", longest_wait=_LONGEST_PREPARATION):
        compose.make_ready(families, widths)
    # What a process does for the first time takes longer, and be it to ask for memory.
    for family, width in product(families, PAGE_WIDTHS):
        picture = compose.compose(lay_out(_sample(family), family), family, width)
        for suffix in ("webp", "jpg"):
            encoded(picture, suffix)
    # What is loaded by now stays; to look through it for garbage would hold up a picture for a tenth of a second.
    gc.collect()
    gc.freeze()


def _sample(family: Family) -> Design:
    """A bar with something on it."""
    design = Design(family.key, family.version, family.seats[family.base_slot.key][0].key)
    for slot, modules in family.seats.items():
        for module in modules[:2]:
            if slot != family.base_slot.key and sprites.is_painted(module):
                design = design.adding(module.key, slot, family.usual_dose(module))
    return design


def _drawn(picture: Picture, design: Design) -> Image.Image:
    family = family_under(design.version)
    if picture.kind == "share":
        both = _with_sleeve(design, family, showing.share_picture_size())
        return showing.share(both, design.name, settings.SHOP_NAME)
    if picture.kind == "wrapped":
        return _with_sleeve(design, family, (picture.width, showing.wrapped_height(picture.width)))
    width = print_width(family) if picture.kind == "print" else picture.width
    return compose.compose(lay_out(design, family), family, width, _words(design))


def _with_sleeve(design: Design, family: Family, size: tuple[int, int]) -> Image.Image:
    """A box of samples has none, and is shown by itself."""
    if not family.is_bar:
        return showing.alone(_cut_to_fit(design, family, size), size)
    paper_mm, bar_mm = sleeves.sleeve_mm(family), bodies.picture_mm(family)
    scale = showing.scale_for(size, paper_mm, bar_mm)
    bar = compose.cut_out_bar(lay_out(design, family), family, round(bar_mm[0] * scale), _words(design))
    photo = photos.shown(design.wrapper.photo)
    paper = sleeves.sleeve(design, family, round(paper_mm[0] * scale), photo, shop=settings.SHOP_NAME)
    return showing.beside(bar, paper, size)


def _cut_to_fit(design: Design, family: Family, size: tuple[int, int]) -> Image.Image:
    across, down = bodies.picture_mm(family)
    width = min(size[0], round(size[1] * across / down))
    return compose.cut_out_bar(lay_out(design, family), family, width)


def _words(design: Design) -> Words:
    return words_of(design, photos.on_print(design))


def without_photos(design: Design) -> Design:
    """What everybody may see: the pattern stands where the photo would, words where it was printed."""
    return replace(
        design,
        wrapper=replace(design.wrapper, photo=None),
        inscription=replace(design.inscription, photo=None),
    )


def print_width(family: Family) -> int:
    """300 pixels to the inch of the real bar and its margin."""
    return round((family.length / 10 + 2 * sprites.MARGIN_MM) * PRINT_DPI / 25.4)


def encoded(picture: Image.Image, suffix: str) -> bytes:
    file = BytesIO()
    picture.save(file, FORMATS[suffix], **_QUALITY[suffix])
    return file.getvalue()


def _encoded(picture: Picture, made: Image.Image) -> bytes:
    if picture.kind != "print":
        return encoded(made, picture.suffix)
    file = BytesIO()
    made.save(file, FORMATS["png"], dpi=(PRINT_DPI, PRINT_DPI), **_QUALITY["png"])
    return file.getvalue()


# WebP's method 0 takes a third of the default's time for a quarter more bytes.
_QUALITY: dict[str, dict[str, Any]] = {
    "webp": {"quality": 80, "method": 0},
    "jpg": {"quality": 85},
    "png": {"compress_level": 1},
}


def _made_once(address: Address, make: Callable[[], bytes]) -> Preview:
    with alone(address.name, longest_wait=_LONGEST_WAIT):
        made = found(address)
        if made is None:
            made = _preview(address, make())
            _keep(address.name, made.content)
    return made


def _preview(address: Address, content: bytes) -> Preview:
    return Preview(content, CONTENT_TYPES[address.suffix], address.etag)


def forget(digests: Collection[str]) -> None:
    """All pictures of these designs, by whichever version of the painter: words on a bar may be somebody's."""
    for version in _folders("previews"):
        for folder in {f"previews/{version}/{own}{digest[:2]}" for digest in digests for own in ("", "own/")}:
            for name in _files(folder):
                if name.lstrip(".").partition("-")[0] in digests:
                    default_storage.delete(f"{folder}/{name}")


def _folders(path: str) -> list[str]:
    return _listed(path)[0]


def _files(path: str) -> list[str]:
    return _listed(path)[1]


def _listed(path: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []


def _content(name: str) -> bytes:
    if isinstance(default_storage, FileSystemStorage):
        # The address has checked the name, so nothing of it needs to be looked at again.
        with open(f"{default_storage.location}/{name}", "rb") as kept:  # noqa: PTH123  (twice as quick)
            return kept.read()
    with default_storage.open(name) as file:
        content: bytes = file.read()
        return content


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
