"""What Blender painted: opened, scaled, leaned; colours are premultiplied, as pasting wants them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from math import cos, radians, sin
from pathlib import Path
from typing import Any

from PIL import Image

from configurator.rendering.shelf import Shelf
from configurator.rendering.sinking import sunk

FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "sprites"
DRAWING = "5"
"""Count up when the code draws the same scene differently, so that no old picture is served for new."""

FAINTEST = 3
"""Alpha up to which nobody sees a shadow's end; cutting it off makes sprites a third smaller."""


@dataclass(frozen=True, slots=True)
class Painting:
    """A picture (RGBA, or premultiplied RGBa) with its anchor, which lies on the place the scene names."""

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
        turned = self.picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        across, down = (part - half for part, half in zip(self.centre, middle, strict=True))
        cosine, sine = cos(radians(degrees)), sin(radians(degrees))
        x = turned.width / 2 + across * cosine + down * sine
        y = turned.height / 2 - across * sine + down * cosine
        return Painting(turned, (x, y))


@dataclass(frozen=True, slots=True)
class Sprite:
    """Decoded, scaled, premultiplied: pasting it is one quick call over its own box."""

    picture: Image.Image
    """RGBa; ``straight`` for those who want plain RGBA."""
    left: int
    top: int
    """The anchor, in pixels from the picture's upper left corner; it may lie outside."""

    def paste_on(self, canvas: Image.Image, x: float, y: float) -> None:
        """On RGB or RGBa, its anchor at that point."""
        canvas.paste(self.picture, (round(x) - self.left, round(y) - self.top), self.picture)

    def resized(self, share: float) -> Sprite:
        size = (max(1, round(self.picture.width * share)), max(1, round(self.picture.height * share)))
        resized = self.picture.resize(size, Image.Resampling.LANCZOS)
        return Sprite(resized, round(self.left * share), round(self.top * share))

    @property
    def straight(self) -> Image.Image:
        return self.picture.convert("RGBA")

    @property
    def bytes(self) -> int:
        return 4 * self.picture.width * self.picture.height


@cache
def manifest() -> dict[str, Any]:
    try:
        painted: dict[str, Any] = json.loads((FOLDER / "sprites.json").read_bytes())
    except FileNotFoundError:
        painted = {}
    nothing: dict[str, Any] = {"px_per_mm": 10, "bars": {}, "modules": {}, "bumps": [], "sleeves": {}}
    return nothing | {"extras": {}} | painted


@cache
def renderer_version() -> str:
    """Names everything besides the scene that decides a picture's pixels."""
    seen = sha256(f"{DRAWING}\n{json.dumps(manifest(), sort_keys=True)}".encode())
    for file in sorted(FOLDER.rglob("*.webp")):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:12]


def scaled(file: str, centre: tuple[float, float], px_per_mm: float, *, sinks: bool = False) -> Painting:
    """Premultiplied, at the size it is used: decoding and scaling take most of the time."""
    share = px_per_mm / manifest()["px_per_mm"]
    key = (file, centre, px_per_mm, sinks)
    return _SCALED.find_or_make(key, lambda: opened(file, centre, sinks=sinks).at_scale(share))


_SCALED: Shelf[Painting] = Shelf(16 * 2**20)


@lru_cache(maxsize=4)
def opened(file: str, centre: tuple[float, float], *, sinks: bool = False) -> Painting:
    """Premultiplied; what sinks into the chocolate gets its line."""
    painted = as_painted(file)
    return Painting((sunk(painted) if sinks else painted).convert("RGBa"), centre)


def as_painted(file: str) -> Image.Image:
    """Plain RGBA, ten pixels to the millimetre."""
    with Image.open(FOLDER / file) as picture:
        return picture.convert("RGBA")


def cut_out(made: Painting) -> Sprite:
    """Only the part on which something is painted, so that pasting touches no pixel in vain."""
    seen = made.picture.getchannel(3).point(_seen)
    box = seen.getbbox() or (0, 0, 1, 1)
    left, top = (round(part) - edge for part, edge in zip(made.centre, box[:2], strict=True))
    return Sprite(made.picture.crop(box).convert("RGBa"), left, top)


_seen = [0 if level <= FAINTEST else 255 for level in range(256)]
