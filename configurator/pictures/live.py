"""A bar in its parts: from them a browser draws the very picture that the server would compose.

The browser knows no rules and no layout. It pastes these sprites at these pixels, in this order.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any, Final, NamedTuple

from django.templatetags.static import static
from django.urls import reverse
from PIL import Image

from configurator.domain.design import MOST_CHOICES, Design
from configurator.domain.family import Family, Module
from configurator.domain.footprints import TURN_STEP
from configurator.domain.pieces import is_movable
from configurator.domain.sample_scene import look_of
from configurator.domain.scene import Bump, Piece, Scene, bump_diameter, lay_out, outline_of
from configurator.pictures.previews import FORMATS, module_look
from configurator.rendering import bumps, sprites
from configurator.rendering.bodies import bare_bar, picture_height
from configurator.rendering.compose import sprite_with_words
from configurator.rendering.inscriptions import Words, carries_words, words_of
from configurator.rendering.paintings import Sprite, manifest, renderer_version
from configurator.rendering.shelf import Shelf
from configurator.rendering.sprites import MARGIN_MM, scale_of

WIDTHS: Final = (600, 1200)
"""The preview's own, so that canvas and picture agree to the pixel."""

MOST_SPRITES: Final = 40
"""On one sheet. A browser that needs more asks for several."""

NO_SHEET: Final = -1

# What no scene goes beyond: an address that asks for more was not made by us.
MOST_COUNTED: Final = 20_000
SIZES: Final = range(500, 1301, 50)
TURNS: Final = range(0, 360, TURN_STEP)

BARE: Final = "none"
"""Stands for no base in an address."""

# Less than half the bytes of lossless; the drawn bar differs less from the server's than its own WebP does.
_SHEET_QUALITY: Final = {"quality": 90, "alpha_quality": 80, "method": 1}
_BODY_QUALITY: Final = {"quality": 94, "method": 2}

_KEY: Final = re.compile(r"(?P<turn>\d{1,3})\.(?P<variant>\d{1,12})\.(?P<count>\d{1,5})\.(?P<size>\d{1,4})")
_BUMP: Final = re.compile(r"bump\.(?P<diameter>\d{1,4})\.(?P<variant>\d{1,12})")


class SheetUnknown(LookupError):
    """No sheet has this address."""


@dataclass(frozen=True, slots=True)
class SpriteBox:
    """A sprite as the browser asks for it, and how it lies about its anchor, in pixels."""

    sheet: int
    key: str
    width: int
    height: int
    left: int
    top: int


class Draw(NamedTuple):
    """One paste: which sprite, its upper left pixel, and whose it is (-1: nobody can take hold of it)."""

    sprite: int
    x: int
    y: int
    piece: int


@dataclass(frozen=True, slots=True)
class Heap:
    """A choice whose pieces lie on the bar."""

    slot: str
    module: str
    name: str
    movable: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """A piece as one takes hold of it; in tenths of a millimetre and degrees."""

    heap: int
    index: int
    x: int
    y: int
    turn: int
    length: int
    width: int
    count: int
    moved: bool


@dataclass(frozen=True, slots=True)
class Coin:
    """The painted 1-euro coin, to compare sizes with."""

    address: str
    centre: tuple[float, float]
    scale: float
    """Its pixels per millimetre."""


@dataclass(frozen=True, slots=True)
class Drawing:
    digest: str
    width: int
    height: int
    scale: float
    """Pixels per millimetre."""
    margin: int
    """Millimetres of ground around the bar."""
    bar: tuple[int, int]
    """Length and width in tenths of a millimetre."""
    body: str
    """Address of the bar without anything on it."""
    sheets: list[str]
    """Addresses of sheets, without the keys of the sprites that are wanted."""
    sprites: list[SpriteBox]
    draws: list[Draw]
    """In painting order."""
    heaps: list[Heap]
    pieces: list[Laid]
    inscribed: dict[str, str]
    """Key → sprite that shows the customer's own words or photo: it has no address, so nobody else sees it."""
    coin: Coin | None

    @property
    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def drawing(
    design: Design, family: Family, width: int, locale: str, photo: Image.Image | None = None
) -> Drawing:
    """``photo`` is the one of the inscription, for those who may see it."""
    scene = lay_out(design, family)
    scale = scale_of(scene.length, width)
    parts = _Parts(family, scene, scale, width, words_of(design, photo))
    heaps = _heaps(scene, family, locale)
    places = {(heap.slot, heap.module): place for place, heap in enumerate(heaps)}
    draws = [parts.draw_bump(hill) for hill in scene.bumps]
    # Nobody takes hold of what lies in a bag.
    held = scene.pieces if family.is_bar else ()
    draws += [parts.draw_piece(piece, number if held else -1) for number, piece in enumerate(scene.pieces)]
    return Drawing(
        digest=design.digest,
        width=width,
        height=picture_height(family, width),
        scale=scale,
        margin=MARGIN_MM,
        bar=(scene.length, scene.width),
        body=_body_address(family, scene, width),
        sheets=list(parts.sheets),
        sprites=parts.boxes,
        draws=draws,
        heaps=heaps,
        pieces=[_laid(piece, family, places[piece.slot, piece.module]) for piece in held],
        inscribed=parts.inscribed,
        coin=_coin(),
    )


def _heaps(scene: Scene, family: Family, locale: str) -> list[Heap]:
    chosen = dict.fromkeys((piece.slot, piece.module) for piece in scene.pieces)
    return [
        Heap(slot, key, family.modules[key].name.to(locale), movable=is_movable(family.modules[key]))
        for slot, key in chosen
    ]


def _laid(piece: Piece, family: Family, heap: int) -> Laid:
    outline = outline_of(
        family.modules[piece.module], piece.count, family.length, family.width, size=piece.size
    )
    return Laid(
        heap,
        piece.index,
        piece.x,
        piece.y,
        piece.turn,
        outline.length,
        outline.width,
        piece.count,
        piece.moved,
    )


class _Parts:
    """Collects the sprites of a scene, each once."""

    def __init__(self, family: Family, scene: Scene, scale: float, width: int, words: Words) -> None:
        self._family, self._scene, self._scale, self._width = family, scene, scale, width
        self._words = words
        self._found: dict[int | str, tuple[int, Sprite]] = {}
        self.sheets: dict[str, int] = {}
        self.boxes: list[SpriteBox] = []
        self.inscribed: dict[str, str] = {}

    def draw_piece(self, piece: Piece, number: int) -> Draw:
        module = self._family.modules[piece.module]
        if carries_words(module):
            sprite = sprite_with_words(piece, self._scene, self._family, self._scale, self._words)
            return self._draw(self._enclosed(sprite), sprite, piece, number)
        sprite = sprites.sprite_of(piece, module, self._scene, self._scale)
        like = sprites.alike(piece, module)
        key = f"{like.turn}.{like.variant}.{like.count}.{like.size}"
        return self._draw(self._on_sheet(sprite, module, key), sprite, piece, number)

    def draw_bump(self, hill: Bump) -> Draw:
        module = self._family.modules[hill.module]
        sprite = bumps.bump(module, hill.diameter, hill.variant, self._scale)
        key = f"bump.{hill.diameter}.{bumps.alike(module, hill.variant)}"
        return self._draw(self._on_sheet(sprite, module, key), sprite, hill, -1)

    def _draw(self, place: int, sprite: Sprite, thing: Piece | Bump, number: int) -> Draw:
        x, y = (round((tenths / 10 + MARGIN_MM) * self._scale) for tenths in (thing.x, thing.y))
        return Draw(place, x - sprite.left, y - sprite.top, number)

    def _on_sheet(self, sprite: Sprite, module: Module, key: str) -> int:
        if id(sprite) not in self._found:
            sheet = self.sheets.setdefault(self._address(module), len(self.sheets))
            # Kept here, so that no other sprite gets its number while this drawing is made.
            self._found[id(sprite)] = self._boxed(sheet, key, sprite), sprite
        return self._found[id(sprite)][0]

    def _enclosed(self, sprite: Sprite) -> int:
        content = _encoded(sprite.straight, _SHEET_QUALITY)
        key = sha256(content).hexdigest()[:16]
        if key not in self.inscribed:
            self.inscribed[key] = b64encode(content).decode()
            self._found[key] = self._boxed(NO_SHEET, key, sprite), sprite
        return self._found[key][0]

    def _boxed(self, sheet: int, key: str, sprite: Sprite) -> int:
        self.boxes.append(SpriteBox(sheet, key, *sprite.picture.size, sprite.left, sprite.top))
        return len(self.boxes) - 1

    def _address(self, module: Module) -> str:
        look = module_look(module)
        return reverse("configurator:sheets", args=[look, self._family.key, self._width, module.key])


def _body_address(family: Family, scene: Scene, width: int) -> str:
    look = module_look(family.modules[scene.base]) if scene.base else renderer_version()
    return reverse("configurator:body", args=[look, family.key, width, scene.look, scene.base or BARE])


def _coin() -> Coin | None:
    painted = manifest()["extras"].get("coin")
    if not painted:
        return None
    return Coin(static(f"sprites/{painted['file']}"), tuple(painted["centre"]), manifest()["px_per_mm"])


def sheet(family: Family, module: Module, width: int, keys: Sequence[str]) -> bytes:
    """The sprites one below the other, in the order of their keys, as a WebP. Raises SheetUnknown."""
    if width not in WIDTHS or not 0 < len(keys) <= MOST_SPRITES:
        raise SheetUnknown
    key = (module_look(module), family.key, family.length, family.width, width, *keys)
    return _KEPT.find_or_make(
        key, lambda: _Kept(_encoded(_stacked(list(_sprites(family, module, width, keys))), _SHEET_QUALITY))
    ).content


@dataclass(frozen=True, slots=True)
class _Kept:
    content: bytes

    @property
    def bytes(self) -> int:
        return len(self.content)


_KEPT: Final[Shelf[_Kept]] = Shelf(12 * 2**20)
"""Most visitors begin with the same few bars, and look at the same few modules first."""


def _sprites(family: Family, module: Module, width: int, keys: Sequence[str]) -> Iterator[Sprite]:
    scene = Scene(family.key, family.length, family.width, "", (), ())
    scale = scale_of(family.length, width)
    for key in keys:
        if found := _KEY.fullmatch(key):
            turn, variant, count, size = (int(found[name]) for name in ("turn", "variant", "count", "size"))
            piece = Piece(module.key, "", 0, 0, turn, variant, count, size)
            if not _is_drawn_so(piece, module):
                raise SheetUnknown
            yield sprites.sprite_of(piece, module, scene, scale)
        elif found := _BUMP.fullmatch(key):
            diameter, variant = int(found["diameter"]), int(found["variant"])
            if diameter != bump_diameter(module) or variant != bumps.alike(module, variant):
                raise SheetUnknown
            yield bumps.bump(module, diameter, variant, scale)
        else:
            raise SheetUnknown


def _is_drawn_so(piece: Piece, module: Module) -> bool:
    """Only what a drawing of ours may name: an address made up would have us draw, and keep, without end."""
    return (
        not carries_words(module)
        and piece.turn in TURNS
        and piece.count <= MOST_COUNTED
        and piece.size in SIZES
        and sprites.alike(piece, module) == piece
    )


def _stacked(cut_out: Sequence[Sprite]) -> Image.Image:
    size = max(one.picture.width for one in cut_out), sum(one.picture.height for one in cut_out)
    strip, top = Image.new("RGBA", size), 0
    for one in cut_out:
        strip.paste(one.straight, (0, top))
        top += one.picture.height
    return strip


def body(family: Family, look: str, base: str, width: int) -> bytes:
    """The bar without anything on it, as a WebP. Raises SheetUnknown."""
    bases = {module.key for module in family.seats[family.base_slot.key]} | {BARE}
    looks = set(looks_of(family))
    if width not in WIDTHS or base not in bases or look not in looks:
        raise SheetUnknown
    bare = "" if base == BARE else base
    key = (renderer_version(), family.version, look, bare, width)
    return _KEPT.find_or_make(
        key, lambda: _Kept(_encoded(bare_bar(family, look, bare, width), _BODY_QUALITY))
    ).content


def looks_of(family: Family) -> Iterator[str]:
    """Names of all bodies that a scene of the family may ask for."""
    if family.is_bar:
        yield from (family.look(face.key) for face in family.faces)
    else:
        # Also of a box with more than fit, which is shown with its problem.
        yield from (look_of(count, family) for count in range(MOST_CHOICES + 1))


def _encoded(picture: Image.Image, quality: dict[str, int]) -> bytes:
    file = BytesIO()
    picture.save(file, FORMATS["webp"], **quality)
    return file.getvalue()
