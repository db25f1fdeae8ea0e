"""What to draw: every piece of a bar with its place, in tenths of a millimetre."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isqrt
from typing import TypeAlias

from configurator.domain.design import Choice, Design
from configurator.domain.family import Family, Module, TenthMm, round_half_up
from configurator.domain.scatter import RIM, Board, Outline, Spot
from configurator.domain.seeded import stream


@dataclass(frozen=True, slots=True)
class Piece:
    """One sprite. ``x`` runs right and ``y`` down from the bar's upper left corner."""

    module: str
    slot: str
    x: TenthMm
    y: TenthMm
    turn: int
    """Degrees, 0-359, counter-clockwise: what the floor's map shows and the sprite is chosen by."""
    variant: int
    """Seeded number from which the renderer picks the individual; any number fits any art."""
    count: int = 1
    """Real pieces that this sprite stands for: a pinch of small ones is drawn as one patch.
    0 for what has no pieces, such as a powder."""
    size: int = 1000
    """Thousandths of the catalogue's size: real pieces differ, and so the drawn ones weigh what the recipe says."""
    index: int = 0
    """The how-manieth of its choice's sprites, counted in the order they are laid; what a move names."""
    moved: bool = False
    """A person has laid it."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Of these pieces only so many fit on top; the rest goes into the chocolate."""

    module: str
    slot: str
    fits: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Bump:
    """A mixed-in piece that lifts the surface from below, or a streak of paste within a circle."""

    module: str
    x: TenthMm
    y: TenthMm
    diameter: TenthMm
    variant: int


@dataclass(frozen=True, slots=True)
class Scene:
    family: str
    length: TenthMm
    width: TenthMm
    base: str
    """Empty while no base is chosen."""
    bumps: tuple[Bump, ...]
    pieces: tuple[Piece, ...]
    """In painting order: heavy ones first, fragile ones last."""
    look: str = ""
    """Which painted bodies show it: family and face."""
    left_over: tuple[LeftOver, ...] = ()


BIG: TenthMm = 100
"""From this length on pieces are laid one by one, up to MOST_SINGLE of them."""
MOST_SINGLE_SMALL, MOST_SINGLE = 48, 120
FEWEST_PINCHES, MOST_PINCHES = 24, 60
MOST_BUMPS = 40
PINCH_RADIUS_MAX: TenthMm = 90
STREAK_MAX: TenthMm = 300
DUSTING_RADIUS: TenthMm = 95
DUSTINGS = 24
"""Patches of the usual dose of a powder on a bar of 100 g."""

_Chosen: TypeAlias = tuple[Choice, Module]

_FRAGILE = {"flake", "petal", "leaf_sheet", "crystal_flake"}
_SQUARE = {"cube", "sheet"}


def lay_out(design: Design, family: Family) -> Scene:
    """The same design gives the same scene on every machine and Python version.

    Grams decide how many pieces there are, the seed decides where; each module draws its places
    from its own stream, so that what lies already stays where it is while others come and go.
    """
    chosen = [(choice, family.modules[choice.module]) for choice in design.choices]
    mixed_in = [(c, m) for c, m in chosen if _is_mixed_in(c, family)]
    on_top = [(c, m) for c, m in chosen if not _is_mixed_in(c, family)]
    return Scene(
        family.key,
        family.length,
        family.width,
        design.base or "",
        tuple(_all_bumps(mixed_in, family, design)),
        tuple(_all_pieces(on_top, family, design)),
        family.look(design.face),
    )


def canonical(scene: Scene) -> str:
    """The same text for equal scenes, on every machine and Python version."""
    return json.dumps(asdict(scene), separators=(",", ":"), sort_keys=True)


def piece_count(module: Module, mg: int) -> int:
    """How many real pieces weigh these milligrams; 0 for what has no pieces."""
    if not module.shape.piece_ug:
        return 0
    return max(1, round_half_up(mg * 1000, module.shape.piece_ug))


def outline_of(module: Module, count: int, length: TenthMm, width: TenthMm, size: int = 1000) -> Outline:
    """The room on a bar of that size that a sprite takes which stands for ``count`` pieces."""
    shape = module.shape
    if shape.hint == "sheet":
        return _fitted(Outline(shape.length, shape.width, square=True), length, width)
    if count == 0 and shape.hint == "powder":
        return Outline(2 * DUSTING_RADIUS, 2 * DUSTING_RADIUS)
    if count > 1:
        return _pinch(module, count)
    along, beside = (max(5, round_half_up(side * size, 1000)) for side in (shape.length, shape.width))
    return Outline(along, beside, square=shape.hint in _SQUARE)


def _is_mixed_in(choice: Choice, family: Family) -> bool:
    return "mix-in" in family.slot(choice.slot).kinds


def _all_bumps(mixed_in: list[_Chosen], family: Family, design: Design) -> Iterator[Bump]:
    board = Board(family.length, family.width)
    for choice, module in sorted(mixed_in, key=_by_size):
        yield from _bumps(choice, module, family, design.seed, board)


def _all_pieces(on_top: list[_Chosen], family: Family, design: Design) -> Iterator[Piece]:
    """The large ones find their places first; painted are the heavy ones first, the fragile ones last."""
    board = Board(family.length, family.width)
    laid = {
        choice: tuple(_pieces(choice, module, family, design, board))
        for choice, module in sorted(on_top, key=lambda pair: _laying_order(pair, family))
    }
    for choice, _ in sorted(on_top, key=_painting_order):
        yield from laid[choice]


def _laying_order(pair: _Chosen, family: Family) -> tuple[bool, bool, tuple[int, str, str]]:
    choice, module = pair
    is_strewn = _counts(choice, module, family)[0] != 1
    return module.shape.hint != "sheet", is_strewn, _by_size(pair)


def _painting_order(pair: _Chosen) -> tuple[int, tuple[int, str, str]]:
    _, module = pair
    shape = module.shape
    bulk = shape.length * shape.width * max(1, shape.height)
    if _is_print(module):
        layer = 0
    elif shape.hint == "powder":
        layer = 1
    elif shape.hint == "sheet":
        layer = 2
    elif shape.hint in _FRAGILE or 5 * shape.piece_ug < bulk:  # lighter than 0.2 g/cm³: puffed, freeze-dried
        layer = 4
    else:
        layer = 3
    return layer, _by_size(pair)


def _by_size(pair: _Chosen) -> tuple[int, str, str]:
    choice, module = pair
    return -module.shape.length * module.shape.width, choice.module, choice.slot


def _is_print(module: Module) -> bool:
    return module.shape.hint == "sheet" and module.shape.height < 10


def _pieces(choice: Choice, module: Module, family: Family, design: Design, board: Board) -> Iterator[Piece]:
    numbers = stream(family.key, choice.slot, choice.module, design.seed)
    counts = _counts(choice, module, family)
    outline = outline_of(module, counts[0], family.length, family.width)
    if module.shape.hint == "sheet":
        below_print = not _is_print(module) and any(_is_print(family.modules[m]) for m in design.modules)
        spots = _in_a_row(outline, len(counts), board, low=below_print)
    elif counts[0] == 1:
        spots = board.scatter(outline, len(counts), numbers)
    else:
        spots = board.sprinkle(outline, len(counts), numbers)
    for index, (spot, count) in enumerate(zip(spots, counts, strict=True)):
        yield Piece(choice.module, choice.slot, spot.x, spot.y, spot.turn, spot.variant, count, index=index)


def _counts(choice: Choice, module: Module, family: Family) -> list[int]:
    """The real pieces behind each sprite, largest first."""
    total = piece_count(module, choice.mg)
    if not total:
        wanted = round_half_up(DUSTINGS * choice.mg, max(1, module.dose_mg))
        return [0] * min(MOST_PINCHES, max(4, wanted))
    if _is_print(module):
        return [total]  # one print, cut to size, however many sheets its ink would fill
    if module.shape.hint == "sheet":
        return [1] * min(total, 3) if total <= 3 else [total]
    if total <= (MOST_SINGLE if module.shape.length >= BIG else MOST_SINGLE_SMALL):
        return [1] * total
    pinches = min(MOST_PINCHES, max(FEWEST_PINCHES, total // 4))
    each, left = divmod(total, pinches)
    return [each + (place < left) for place in range(pinches)]


def _pinch(module: Module, count: int) -> Outline:
    """Grains that lie loosely; rods need more room than their own area."""
    length, width = max(module.shape.length, 5), max(module.shape.width, 5)
    radius = isqrt(count * length * max(width, length // 2) * 3 // 5) + length // 4
    radius = max(length, min(PINCH_RADIUS_MAX, radius))
    return Outline(2 * radius, 2 * radius)


def _fitted(outline: Outline, length: TenthMm, width: TenthMm) -> Outline:
    """As large as it is, or as large as the bar allows, in the same proportions."""
    room_along, room_beside = length - 3 * RIM, width - 3 * RIM
    if outline.length <= room_along and outline.width <= room_beside:
        return outline
    if outline.length * room_beside > outline.width * room_along:
        return Outline(room_along, outline.width * room_along // outline.length, square=True)
    return Outline(outline.length * room_beside // outline.width, room_beside, square=True)


def _in_a_row(outline: Outline, count: int, board: Board, *, low: bool) -> Iterator[Spot]:
    """Sheets lie straight: a print in the middle, plaques in a row, low enough to leave a print readable."""
    for place in range(count):
        x = board.length * (2 * place + 1) // (2 * count)
        y = board.width - 2 * RIM - outline.width // 2 if low else board.width // 2
        spot = Spot(x, y, 0, place)
        board.cover(outline, spot)
        yield spot


def _bumps(choice: Choice, module: Module, family: Family, seed: int, board: Board) -> Iterator[Bump]:
    """What is mixed in shows as gentle hills; what is ground to powder does not show."""
    count = _bump_count(choice, module, family)
    shape = module.shape
    if shape.piece_ug:
        diameter = min(160, max(20, (shape.length + shape.width) * 3 // 10))
    else:
        diameter = min(STREAK_MAX, max(200, shape.length // 2))
    numbers = stream(family.key, choice.slot, choice.module, seed)
    apart = diameter * 5 // 4
    for spot in board.scatter(Outline(apart, apart), count, numbers):
        yield Bump(choice.module, spot.x, spot.y, diameter, spot.variant)


def _bump_count(choice: Choice, module: Module, family: Family) -> int:
    most = max(12, MOST_BUMPS * family.length * family.width // (1600 * 800))
    if module.shape.hint == "powder":
        return 0
    if not module.shape.piece_ug:
        return min(most, max(1, choice.mg // 2000))  # streaks of about two grams
    return min(most, piece_count(module, choice.mg))
