"""Which picture a piece gets, ready to be pasted: the one choice for server and browser alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache

from configurator.domain.family import Family, Module, Shape, TenthMm
from configurator.domain.scene import Piece, Scene, outline_of
from configurator.rendering import ready, stand_ins
from configurator.rendering.paintings import Painting, Sprite, cut_out, manifest, scaled
from configurator.rendering.pinches import PATCHES, drawn_count, strewn
from configurator.rendering.shelf import Shelf
from configurator.rendering.solids import hex_colour
from configurator.rendering.tinting import dyed

MARGIN_MM = 12
"""Ground around the bar, on which its shadow falls."""

LEANS = (0, -15, 15)
"""Few, so that all of them can be at hand."""

SHELF: Shelf[Sprite] = Shelf(64 * 2**20)

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

_LIES_ON_TOP = {"crystal_flake", "flake", "leaf_sheet", "petal", "powder", "sheet", "swirl"}
"""What is laid on or folded in leaves no line in the chocolate; all else sits in it."""
_SMALLEST_SINKING = 20


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
    sinks: bool = False


def sprite_of(piece: Piece, module: Module, scene: Scene, scale: float) -> Sprite:
    """The picture of a piece at so many pixels per millimetre; its anchor belongs on the piece's place."""
    if module.shape.hint == "sheet":
        outline = outline_of(module, 1, scene.length, scene.width)
        return sprite(module, individuals(module)[0], scale, outline.length / module.shape.length)
    if piece.count > 1:
        count = drawn_count(piece.count)
        outline = outline_of(module, count, scene.length, scene.width)
        return _pinch(module, count, outline.length, piece.variant % PATCHES, scale)
    share = _dusting_share(piece.variant) if module.shape.hint == "powder" else piece.size / 1000
    return sprite(module, individual(module, piece.turn, piece.variant), scale, share)


def alike(piece: Piece, module: Module) -> Piece:
    """The piece with the least turn and variant that get the same picture: one picture, one name."""
    if module.shape.hint == "sheet":
        return replace(piece, turn=0, variant=0, size=1000)
    if piece.count > 1:
        patch = piece.variant % PATCHES
        return replace(piece, turn=0, variant=patch, count=drawn_count(piece.count), size=1000)
    if module.shape.hint in _ROUND:
        dusting = piece.variant // 256 % 4 if module.shape.hint == "powder" else 0
        return replace(piece, turn=0, variant=least_alike(piece.variant, len(individuals(module)), dusting))
    return replace(piece, variant=piece.variant % len(_fitting(module, piece.turn)))


def least_alike(variant: int, individuals: int, dusting: int = 0) -> int:
    """The least variant that gets the same individual at the same lean."""
    return _least(variant % individuals, variant // 64 % len(LEANS), individuals, dusting)


@lru_cache(maxsize=4096)
def _least(one: int, lean: int, individuals: int, dusting: int) -> int:
    first = 256 * dusting
    return next(
        variant
        for variant in range(first, first + 256 * len(LEANS) * individuals)
        if (variant % individuals, variant // 64 % len(LEANS), variant // 256 % 4) == (one, lean, dusting)
    )


def _dusting_share(variant: int) -> float:
    """Dustings of several sizes run into one another; of one size they would be a row of spots.

    The largest still ends within the rim that the scene leaves free.
    """
    return (1.0, 1.15, 1.3, 1.4)[variant // 256 % 4]


def sprite(module: Module, one: Individual, px_per_mm: float, share: float = 1.0) -> Sprite:
    """``share`` shrinks what does not fit the bar in its real size, and makes individuals of a size."""
    key = (_source(module, one), one.lean, px_per_mm, share)
    return SHELF.find_or_make(key, lambda: _made(module, one, px_per_mm, share))


def _made(module: Module, one: Individual, px_per_mm: float, share: float) -> Sprite:
    def cut() -> Sprite:
        return cut_out(painting(module, one, px_per_mm * share))

    if share >= 1 and px_per_mm * share <= manifest()["px_per_mm"]:
        return ready.find_or_make((_source(module, one), one.lean, px_per_mm * share), cut)
    if share < 1:
        return sprite(module, one, px_per_mm).resized(share)
    return cut()


def _source(module: Module, one: Individual) -> Hashable:
    """What besides lean and scale decides the pixels."""
    if one.file and not one.tint:
        return one.file, one.sinks
    return module.key, module.shape, module.colour, one.file, one.index


def _pinch(module: Module, count: int, diameter: TenthMm, patch: int, scale: float) -> Sprite:
    key = ("pinch", _source(module, individuals(module)[0]), count, diameter, patch, scale)

    def make() -> Sprite:
        return cut_out(strewn(_grains(module, scale), module, count, diameter / 20, patch, scale))

    return SHELF.find_or_make(key, lambda: ready.find_or_make(key, make))


def painting(module: Module, one: Individual, px_per_mm: float) -> Painting:
    if one.file:
        painted = scaled(one.file, one.centre, px_per_mm * one.share, sinks=one.sinks)
        if one.tint:
            painted = replace(painted, picture=dyed(painted.picture.convert("RGBA"), hex_colour(one.tint)))
        return painted.leaning(one.lean) if one.lean else painted
    picture = stand_ins.draw(module, one.index, px_per_mm)
    return Painting(picture, (picture.width / 2, picture.height / 2))


def is_painted(module: Module) -> bool:
    return bool(manifest()["modules"].get(module.key))


def has_painted_body(family: Family, base: Module) -> bool:
    return base.key in manifest()["bars"].get(family.key, {})


def individuals(module: Module) -> tuple[Individual, ...]:
    # A module has far more to it than decides its look, and hashing it all would take longer than drawing.
    return _individuals(module.key, module.shape, module.colour)


@lru_cache(maxsize=1024)
def _individuals(key: str, shape: Shape, colour: str) -> tuple[Individual, ...]:
    sinks = shape.hint not in _LIES_ON_TOP and shape.length >= _SMALLEST_SINKING
    painted = manifest()["modules"].get(key)
    share, tint = 1.0, ""
    if not painted and key in _BORROWED:
        lender, length = _BORROWED[key]
        painted = manifest()["modules"].get(lender)
        share, tint = shape.length / 10 / length, colour
    if painted:
        return tuple(
            Individual(
                one.get("yaw", 0), one["file"], tuple(one["centre"]), share=share, tint=tint, sinks=sinks
            )
            for one in painted
        )
    if shape.hint == "sheet":
        return (Individual(0),)
    return tuple(Individual(stand_ins.turn_of(index), index=index) for index in range(stand_ins.INDIVIDUALS))


def individual(module: Module, turn: int, variant: int) -> Individual:
    """The one that lies as the scene says, or any one of those that have no direction."""
    choice = individuals(module)
    if module.shape.hint in _ROUND:
        return leaning(choice[variant % len(choice)], LEANS[variant // 64 % len(LEANS)])
    fitting = _fitting(module, turn)
    one = fitting[variant % len(fitting)]
    return leaning(one, _apart(one.yaw, turn))


def _fitting(module: Module, turn: int) -> list[Individual]:
    choice = individuals(module)
    nearest = min(abs(_apart(one.yaw, turn)) for one in choice)
    return [one for one in choice if abs(_apart(one.yaw, turn)) == nearest]


def leaning(one: Individual, degrees: int) -> Individual:
    """A painting may lean a little before its light looks wrong; a drawing is drawn as it lies."""
    if not one.file:
        return one
    return _leaning(one, min(LEANS, key=lambda lean: abs(lean - degrees)))


@lru_cache(maxsize=8192)
def _leaning(one: Individual, lean: int) -> Individual:
    return replace(one, lean=lean)


def scale_of(length: int, width: int) -> float:
    """Pixels per millimetre of a picture that shows a bar of that length (tenths of a millimetre)."""
    return width / (length / 10 + 2 * MARGIN_MM)


def _grains(module: Module, px_per_mm: float) -> list[Sprite]:
    return [
        sprite(module, leaning(one, lean), px_per_mm)
        for one in individuals(module)
        for lean in (LEANS if one.file else (0,))
    ]


def _apart(yaw: int, turn: int) -> int:
    """Degrees from one to the other, the shorter way, counter-clockwise positive."""
    return (turn - yaw + 180) % 360 - 180
