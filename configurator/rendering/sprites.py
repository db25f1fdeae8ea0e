"""Which picture a piece gets, ready to be pasted: the one choice for server and browser alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from configurator.domain.design import Choice
from configurator.domain.family import Family, Module, Shape, TenthMm
from configurator.domain.pieces import Helping, helping, lies_in_pieces
from configurator.domain.scene import Piece, Scene, outline_of
from configurator.rendering import ready
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

_TYPICAL = {
    "bead": ("crunch_pearls", 4.0),
    "bear": ("gummy_bears", 12.0),
    "chip": ("coconut_chips", 25.0),
    "crystal": ("popping_candy", 3.0),
    "crystal_flake": ("sea_salt_flakes", 4.0),
    "cube": ("marzipan_cubes", 9.0),
    "cylinder": ("marshmallow_mini", 9.0),
    "drop": ("white_chips", 8.0),
    "ellipsoid": ("almond_whole", 22.0),
    "flake": ("almond_flaked", 18.0),
    "granule": ("coconut_desiccated", 4.0),
    "half_ellipsoid": ("coffee_bean_whole", 11.0),
    "half_kernel": ("walnut_halves", 30.0),
    "heart": ("sugar_hearts", 6.0),
    "irregular_chunk": ("hazelnut_brittle", 4.0),
    "kidney": ("cashew_roasted", 25.0),
    "kiss": ("meringue_mini", 12.0),
    "leaf_sheet": ("gold_leaf", 10.0),
    "lentil": ("choc_lentils", 13.0),
    "petal": ("rose_petals", 15.0),
    "powder": ("cinnamon_ceylon", 19.0),
    "pretzel_twist": ("pretzel_pieces", 14.0),
    "raisin": ("blueberry_dried", 10.0),
    "rod": ("rosemary_dried", 10.0),
    "sheet": ("transfer_print", 100.0),
    "slice_disc": ("strawberry_fd", 22.0),
    "sliver": ("almond_slivers", 18.0),
    "sphere": ("hazelnut_whole", 13.0),
    "swirl": ("hazelnut_praline", 60.0),
}
"""Of each shape a painted module and its length in millimetres. What a shop adds to the catalogue and
nobody has painted yet is shown by the typical one of its shape, in its own colour and size."""

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
    file: str
    centre: tuple[float, float]
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
        outline = outline_of(module, 1, scene.length, scene.width, piece.size)
        return sprite(individuals(module)[0], scale, outline.length / module.shape.length)
    if piece.count > 1:
        count = drawn_count(piece.count)
        outline = outline_of(module, count, scene.length, scene.width)
        return _pinch(module, count, outline.length, piece.variant % PATCHES, scale)
    share = (_dusting_share(piece.variant) if module.shape.hint == "powder" else 1) * piece.size / 1000
    return sprite(individual(module, piece.turn, piece.variant), scale, share)


def alike(piece: Piece, module: Module) -> Piece:
    """The piece with the least turn and variant that get the same picture: one picture, one name."""
    if module.shape.hint == "sheet":
        return replace(piece, turn=0, variant=0)
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
    return _DUSTINGS[variant // 256 % 4]


_DUSTINGS = (1.0, 1.15, 1.3, 1.4)
"""Dustings of several sizes run into one another; of one size they would be a row of spots.
The largest still ends within the rim that the scene leaves free."""


_USUAL_PERCENT = range(50, 151)


def make_ready(module: Module, scales: Iterable[float]) -> None:
    """Each of its individuals, in the sizes in which it usually lies on a bar."""
    shares = _DUSTINGS if module.shape.hint == "powder" else _DUSTINGS[:1]
    # Picture by picture, not size by size: a file just opened need not be decoded again.
    for one, scale, share, lean in product(individuals(module), sorted(scales), shares, LEANS):
        if _is_kept(scale * share):
            sprite(leaning(one, lean), scale, share)


def make_doses_ready(module: Module, bars: Sequence[tuple[Family, float]]) -> None:
    """What else these bars show, at so many pixels per millimetre, when they carry the usual dose of it
    or up to half of it less or more: pinches, and pieces larger than usual."""
    doses = [(family, scale, _usual_helpings(module, family)) for family, scale in bars]
    for one, (_, scale, helpings) in product(individuals(module), doses):
        for share, lean in product(_larger(helpings), LEANS):
            if _is_kept(scale * share):
                sprite(leaning(one, lean), scale, share)
    for family, scale, helpings in doses:
        for count, patch in product(_pinch_counts(helpings), range(PATCHES)):
            outline = outline_of(module, count, family.length, family.width)
            _pinch(module, count, outline.length, patch, scale)


def _usual_helpings(module: Module, family: Family) -> set[Helping]:
    lying = [slot.key for slot in family.slots if slot.takes(module) and lies_in_pieces(module, slot)]
    usual = family.usual_dose(module)
    return {
        helping(Choice(slot, module.key, max(1, usual * percent // 100), pattern), module)
        for slot, percent, pattern in product(lying[:1], _USUAL_PERCENT, ("scattered", "rows"))
    }


def _larger(helpings: Iterable[Helping]) -> list[float]:
    """Smaller ones come of the usual size, quickly."""
    return sorted({portion.size / 1000 for portion in helpings if portion.size > 1000})


def _pinch_counts(helpings: Iterable[Helping]) -> list[int]:
    counts = {count for portion in helpings for count in portion.counts}
    return sorted({drawn_count(count) for count in counts if count > 1})


def sprite(one: Individual, px_per_mm: float, share: float = 1.0) -> Sprite:
    """``share`` shrinks what does not fit the bar in its real size, and makes individuals of a size."""
    key = (_source(one), one.lean, px_per_mm, share)
    return SHELF.find_or_make(key, lambda: _made(one, px_per_mm, share))


def _made(one: Individual, px_per_mm: float, share: float) -> Sprite:
    def cut() -> Sprite:
        return cut_out(painting(one, px_per_mm * share))

    if share >= 1 and _is_kept(px_per_mm * share):
        return ready.find_or_make((_source(one), one.lean, px_per_mm * share), cut)
    if share < 1:
        return sprite(one, px_per_mm).resized(share)
    return cut()


def _is_kept(px_per_mm: float) -> bool:
    """Larger than it was painted it is not asked for by pages."""
    return px_per_mm <= float(manifest()["px_per_mm"])


def _source(one: Individual) -> Hashable:
    """What besides lean and scale decides the pixels."""
    return one.file, one.sinks, one.tint, one.share


def _pinch(module: Module, count: int, diameter: TenthMm, patch: int, scale: float) -> Sprite:
    key = ("pinch", _source(individuals(module)[0]), count, diameter, patch, scale)

    def make() -> Sprite:
        return cut_out(strewn(_grains(module, scale), module, count, diameter / 20, patch, scale))

    return SHELF.find_or_make(key, lambda: ready.find_or_make(key, make))


def painting(one: Individual, px_per_mm: float) -> Painting:
    painted = scaled(one.file, one.centre, px_per_mm * one.share, sinks=one.sinks)
    if one.tint:
        in_colour = dyed(painted.picture.convert("RGBA"), hex_colour(one.tint))
        painted = replace(painted, picture=in_colour.convert("RGBa"))
    return painted.leaning(one.lean) if one.lean else painted


def is_painted(module: Module) -> bool:
    return bool(manifest()["modules"].get(module.key))


def has_painted_body(family: Family, base: Module) -> bool:
    """On each of its faces."""
    bars = manifest()["bars"]
    return all(base.key in bars.get(family.look(face.key), {}) for face in family.faces)


def individuals(module: Module) -> tuple[Individual, ...]:
    # A module has far more to it than decides its look, and hashing it all would take longer than drawing.
    return _individuals(module.key, module.shape, module.colour)


@lru_cache(maxsize=1024)
def _individuals(key: str, shape: Shape, colour: str) -> tuple[Individual, ...]:
    sinks = shape.hint not in _LIES_ON_TOP and shape.length >= _SMALLEST_SINKING
    painted = manifest()["modules"].get(key)
    share, tint = 1.0, ""
    if not painted:
        lender, length = _TYPICAL.get(shape.hint, _TYPICAL["irregular_chunk"])
        painted = manifest()["modules"][lender]
        share, tint = shape.length / 10 / length if shape.length else 1.0, colour
    return tuple(
        Individual(one.get("yaw", 0), one["file"], tuple(one["centre"]), share=share, tint=tint, sinks=sinks)
        for one in painted
    )


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
    """A painting may lean a little before its light looks wrong."""
    return _leaning(one, min(LEANS, key=lambda lean: abs(lean - degrees)))


@lru_cache(maxsize=8192)
def _leaning(one: Individual, lean: int) -> Individual:
    return replace(one, lean=lean)


def scale_of(length: int, width: int) -> float:
    """Pixels per millimetre of a picture that shows a bar of that length (tenths of a millimetre)."""
    return width / (length / 10 + 2 * MARGIN_MM)


def _grains(module: Module, px_per_mm: float) -> list[Sprite]:
    return [sprite(leaning(one, lean), px_per_mm) for one in individuals(module) for lean in LEANS]


def _apart(yaw: int, turn: int) -> int:
    """Degrees from one to the other, the shorter way, counter-clockwise positive."""
    return (turn - yaw + 180) % 360 - 180
