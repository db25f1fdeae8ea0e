"""Ready sprites at the size they are pasted: painted ones where they exist, stand-ins elsewhere."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import sha256
from math import cos, radians, sin
from pathlib import Path
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from PIL import Image

from configurator.domain.family import Family, Module
from configurator.rendering import stand_ins
from configurator.rendering.solids import hex_colour
from configurator.rendering.tinting import dyed

FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "sprites"
DRAWING = "3"
"""Count up when the code draws the same scene differently, so that no old picture is served for new."""

LEANS = (0, -15, 15)
"""Few, so that all of them can be at hand."""

_BORROWED = {
    "blueberry_dried": ("cranberry_dried", 12.0),
    "brazil_chopped": ("pistachio_chopped", 5.0),
    "buckwheat_roasted": ("cocoa_nibs", 4.0),
    "butter_biscuit": ("pistachio_chopped", 5.0),
    "cocoa_cookie_crumbs": ("pistachio_chopped", 5.0),
    "coffee_beans_crushed": ("cocoa_nibs", 4.0),
    "cornflakes_gf": ("cornflakes", 18.0),
    "graham_pieces": ("pistachio_chopped", 5.0),
    "halva_crumbs": ("pistachio_chopped", 5.0),
    "goji_berries": ("cranberry_dried", 12.0),
    "raisins": ("cranberry_dried", 12.0),
    "rum_raisins": ("cranberry_dried", 12.0),
    "salt_smoked": ("sea_salt_flakes", 4.0),
    "silver_leaf": ("gold_leaf", 10.0),
    "sour_cherry_dried": ("cranberry_dried", 12.0),
    "speculoos": ("pistachio_chopped", 5.0),
}
"""Not painted yet, but so like a painted one that its painting in another size and colour stands in;
with the painted one's length in millimetres."""

SHELF_BYTES = 160 * 2**20

_ROUND = {
    "bead",
    "cylinder",
    "drop",
    "granule",
    "irregular_chunk",
    "kiss",
    "lentil",
    "powder",
    "raisin",
    "slice_disc",
    "sphere",
}
"""Shapes for which any individual fits any turn."""


@dataclass(frozen=True, slots=True)
class Painting:
    """A picture with its anchor: the point that lies on the place the scene names."""

    picture: Image.Image
    centre: tuple[float, float]

    @property
    def bytes(self) -> int:
        return 4 * self.picture.width * self.picture.height

    def at_scale(self, share: float) -> Painting:
        if share == 1:
            return self
        size = (max(1, round(self.picture.width * share)), max(1, round(self.picture.height * share)))
        resized = self.picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        x, y = self.centre
        return Painting(resized, (x * size[0] / self.picture.width, y * size[1] / self.picture.height))

    def leaning(self, degrees: int) -> Painting:
        """Turned counter-clockwise about the anchor."""
        middle = self.picture.width / 2, self.picture.height / 2
        turned = self.picture.convert("RGBa").rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        across, down = (part - half for part, half in zip(self.centre, middle, strict=True))
        cosine, sine = cos(radians(degrees)), sin(radians(degrees))
        x = turned.width / 2 + across * cosine + down * sine
        y = turned.height / 2 - across * sine + down * cosine
        return Painting(turned.convert("RGBA"), (x, y))


@dataclass(frozen=True, slots=True)
class Sprite:
    """Decoded, scaled, colour and alpha apart: pasting it is one call over its own box."""

    colour: Image.Image
    mask: Image.Image
    left: int
    top: int

    def paste_on(self, canvas: Image.Image, x: float, y: float) -> None:
        canvas.paste(self.colour, (round(x) - self.left, round(y) - self.top), self.mask)

    @property
    def bytes(self) -> int:
        return 4 * self.mask.width * self.mask.height


@dataclass(frozen=True, slots=True)
class Individual:
    yaw: int
    file: str = ""
    centre: tuple[float, float] = (0, 0)
    index: int = 0
    lean: int = 0
    """Degrees by which a painting is turned on its place."""
    share: float = 1.0
    """How large a borrowed painting is beside the original."""
    tint: str = ""
    """The colour of what borrows the painting of its like."""


class Sized(Protocol):
    @property
    def bytes(self) -> int: ...


Kept = TypeVar("Kept", bound=Sized)


class Shelf(Generic[Kept]):
    """The most recently used pictures, up to so many bytes, shared by all threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def find_or_make(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Made outside the lock: two threads may make the same sprite once, none waits for another.
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += made.bytes
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].bytes
        return made

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


SHELF: Shelf[Sprite] = Shelf(SHELF_BYTES)
_SCALED: Shelf[Painting] = Shelf(SHELF_BYTES // 2)
"""Paintings at the size they are used, before they lean: decoding and scaling take most of the time."""


@cache
def manifest() -> dict[str, Any]:
    try:
        painted: dict[str, Any] = json.loads((FOLDER / "sprites.json").read_bytes())
    except FileNotFoundError:
        painted = {}
    return {"px_per_mm": 10, "bars": {}, "modules": {}, "bumps": []} | painted


@cache
def renderer_version() -> str:
    """Names everything besides the scene that decides a picture's pixels."""
    seen = sha256(f"{DRAWING}\n{json.dumps(manifest(), sort_keys=True)}".encode())
    for file in sorted(FOLDER.rglob("*.webp")):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:12]


def is_painted(module: Module) -> bool:
    return bool(manifest()["modules"].get(module.key))


def has_painted_body(family: Family, base: Module) -> bool:
    return base.key in manifest()["bars"].get(family.key, {})


def individuals(module: Module) -> tuple[Individual, ...]:
    painted = manifest()["modules"].get(module.key)
    if painted:
        return tuple(Individual(p.get("yaw", 0), p["file"], tuple(p["centre"])) for p in painted)
    lender, length = _BORROWED.get(module.key, ("", 0.0))
    lent = manifest()["modules"].get(lender)
    if lent:
        share = module.shape.length / 10 / length
        return tuple(
            Individual(p.get("yaw", 0), p["file"], tuple(p["centre"]), share=share, tint=module.colour)
            for p in lent
        )
    if module.shape.hint == "sheet":
        return (Individual(0),)
    return tuple(Individual(stand_ins.turn_of(index), index=index) for index in range(stand_ins.INDIVIDUALS))


def individual(module: Module, turn: int, variant: int) -> Individual:
    """The one that lies as the scene says, or any one of those that have no direction."""
    choice = individuals(module)
    if module.shape.hint in _ROUND:
        return leaning(choice[variant % len(choice)], LEANS[variant // 64 % len(LEANS)])
    nearest = min(abs(_apart(one.yaw, turn)) for one in choice)
    fitting = [one for one in choice if abs(_apart(one.yaw, turn)) == nearest]
    one = fitting[variant % len(fitting)]
    return leaning(one, _apart(one.yaw, turn))


def leaning(one: Individual, degrees: int) -> Individual:
    """A painting may lean a little before its light looks wrong; a drawing is drawn as it lies."""
    if not one.file:
        return one
    return replace(one, lean=min(LEANS, key=lambda lean: abs(lean - degrees)))


def sprite(module: Module, one: Individual, px_per_mm: float, share: float = 1.0) -> Sprite:
    """``share`` shrinks what does not fit the bar in its real size."""
    look = (module.key, module.shape, module.colour, one, px_per_mm, share)
    return SHELF.find_or_make(look, lambda: cut_out(painting(module, one, px_per_mm * share)))


def painting(module: Module, one: Individual, px_per_mm: float) -> Painting:
    if one.file:
        painted = scaled(one.file, one.centre, px_per_mm * one.share)
        if one.tint:
            painted = replace(painted, picture=dyed(painted.picture, hex_colour(one.tint)))
        return painted.leaning(one.lean) if one.lean else painted
    picture = stand_ins.draw(module, one.index, px_per_mm)
    return Painting(picture, (picture.width / 2, picture.height / 2))


def scaled(file: str, centre: tuple[float, float], px_per_mm: float) -> Painting:
    share = px_per_mm / manifest()["px_per_mm"]
    return _SCALED.find_or_make((file, centre, px_per_mm), lambda: opened(file, centre).at_scale(share))


@lru_cache(maxsize=4)
def opened(file: str, centre: tuple[float, float]) -> Painting:
    with Image.open(FOLDER / file) as picture:
        return Painting(picture.convert("RGBA"), centre)


def cut_out(made: Painting) -> Sprite:
    """Only the part on which something is painted, so that pasting touches no pixel in vain."""
    box = made.picture.getchannel("A").getbbox() or (0, 0, 1, 1)
    picture = made.picture.crop(box)
    left, top = (round(part) - edge for part, edge in zip(made.centre, box[:2], strict=True))
    return Sprite(picture.convert("RGB"), picture.getchannel("A"), left, top)


MARGIN_MM = 12
"""Ground around the bar, on which its shadow falls."""


def scale_of(length: int, width: int) -> float:
    """Pixels per millimetre of a picture that shows a bar of that length (tenths of a millimetre)."""
    return width / (length / 10 + 2 * MARGIN_MM)


def _apart(yaw: int, turn: int) -> int:
    """Degrees from one to the other, the shorter way, counter-clockwise positive."""
    return (turn - yaw + 180) % 360 - 180
