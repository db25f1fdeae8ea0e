"""How a module's grams become pieces: how many, how large, and the room that each takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

from configurator.domain.design import PATTERNS, Choice
from configurator.domain.family import Milligrams, Module, Shape, Slot, TenthMm, round_half_up
from configurator.domain.footprints import Outline
from configurator.domain.room import RIM

BIG: TenthMm = 60
"""From this length on pieces are laid one by one, up to MOST_SINGLE of them."""
MOST_SINGLE_SMALL, MOST_SINGLE = 48, 120
FEWEST_PINCHES, MOST_PINCHES, MOST_PINCHES_IN_LINE = 24, 60, 120
PINCH_RADIUS_MAX: TenthMm = 90
DUSTING_RADIUS: TenthMm = 95
DUSTINGS = 24
"""Patches of the usual dose of a powder on a bar of 100 g."""
FINE_DUSTING = 600
"""Thousandths of a patch's size where powder draws a line."""

HALVES = {"left-half": "left", "right-half": "right"}
LINES = frozenset(PATTERNS) - {"scattered", *HALVES}

_FLAT = {"flake", "chip", "petal", "leaf_sheet", "crystal_flake", "slice_disc"}
_SQUARE = {"cube", "sheet"}
_NEAR_ENOUGH = 80
"""Thousandths by which whole pieces of the usual size may miss the recipe."""


@dataclass(frozen=True, slots=True)
class Helping:
    """The sprites of a choice: the real pieces behind each, most first, and the size of them all."""

    counts: tuple[int, ...]
    size: int = 1000

    @property
    def is_strewn(self) -> bool:
        """By the pinch or as a powder: it may fall anywhere."""
        return self.counts[0] != 1


def helping(choice: Choice, module: Module) -> Helping:
    total, size = counted(module, choice.mg)
    if not total:
        return _dustings(choice, module)
    if is_sheet(module):
        return Helping((1,) * min(total, MOST_SINGLE), size)
    if total <= (MOST_SINGLE if module.shape.length >= BIG else MOST_SINGLE_SMALL):
        return Helping((1,) * total, size)
    most = MOST_PINCHES_IN_LINE if draws_line(choice.pattern) else MOST_PINCHES
    pinches = min(most, max(FEWEST_PINCHES, total // 4))
    each, left = divmod(total, pinches)
    return Helping(tuple(each + (place < left) for place in range(pinches)))


def _dustings(choice: Choice, module: Module) -> Helping:
    if is_print(module):
        return Helping((0,))
    wanted = round_half_up(DUSTINGS * choice.mg, max(1, module.dose_mg))
    if draws_line(choice.pattern):
        return Helping((0,) * min(MOST_PINCHES_IN_LINE, max(12, 2 * wanted)), FINE_DUSTING)
    return Helping((0,) * min(MOST_PINCHES, max(4, wanted)))


def piece_count(module: Module, mg: Milligrams) -> int:
    """How many real pieces weigh these milligrams; 0 for what has no pieces: powders, pastes, prints."""
    return counted(module, mg)[0]


def counted(module: Module, mg: Milligrams) -> tuple[int, int]:
    """Real pieces and their size in thousandths of the catalogue's, within a tenth of the recipe's mass."""
    each = module.shape.piece_ug
    return _counted(each, mg) if each and not is_print(module) else (0, 1000)


@lru_cache(maxsize=4096)
def _counted(each: int, mg: Milligrams) -> tuple[int, int]:
    total = max(1, round_half_up(mg * 1000, each))
    if abs(total * each - mg * 1000) * 1000 <= _NEAR_ENOUGH * mg * 1000:
        return total, 1000
    return total, min(_SIZES, key=lambda size: abs(total * each * size**3 - mg * 1000 * 10**9))


def _sizes() -> tuple[int, ...]:
    """Steps of 50 while they are fine enough for a tenth of the mass, then of a twentieth of the size."""
    sizes = list(range(1300, 700, -50))
    while sizes[-1] > 40:
        sizes.append(sizes[-1] - min(50, max(1, sizes[-1] // 20)))
    return tuple(sorted(sizes, key=lambda size: abs(size - 1000)))


_SIZES = _sizes()


def outline_of(module: Module, count: int, length: TenthMm, width: TenthMm, size: int = 1000) -> Outline:
    """The room on a bar of that size that a sprite takes which stands for ``count`` pieces."""
    return _outline_of(module.shape, count, length, width, size)


@lru_cache(maxsize=2048)
def _outline_of(shape: Shape, count: int, length: TenthMm, width: TenthMm, size: int) -> Outline:
    if shape.hint == "sheet":
        fitted = _fitted(Outline(shape.length, shape.width, square=True), length, width)
        return Outline(fitted.length * size // 1000, fitted.width * size // 1000, square=True)
    if count == 0 and shape.hint == "powder":
        across = 2 * DUSTING_RADIUS * size // 1000
        return Outline(across, across)
    if count > 1:
        return _pinch(shape, count)
    along, beside = (max(5, round_half_up(side * size, 1000)) for side in (shape.length, shape.width))
    return Outline(along, beside, square=shape.hint in _SQUARE)


def _pinch(shape: Shape, count: int) -> Outline:
    """Grains that lie loosely; rods need more room than their own area."""
    length, width = max(shape.length, 5), max(shape.width, 5)
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


def heap_of(module: Module, count: int) -> TenthMm:
    """How much of a line a pinch fills when its grains lie one deep or a little more; 0 for a piece."""
    if count == 1:
        return 0
    if count == 0:
        return 36
    grain = module.shape.length * module.shape.width * 3 // 4
    return max(8, count * grain * 5 // (6 * _pinch(module.shape, count).length))


def is_print(module: Module) -> bool:
    """Ink that lies flat on the chocolate and has no pieces."""
    return is_sheet(module) and module.shape.height < 10


def is_sheet(module: Module) -> bool:
    return module.shape.hint == "sheet"


def is_movable(module: Module) -> bool:
    """A powder has no pieces to take hold of, and prints and plaques have their own places."""
    return module.shape.hint not in {"powder", "sheet"}


def lies_in_pieces(module: Module, slot: Slot) -> bool:
    """Whether there is something on top to take hold of; what is stirred in is not."""
    return "mix-in" not in slot.kinds and is_movable(module)


def is_flat(module: Module) -> bool:
    """Thin ones that lie over each other like leaves."""
    return module.shape.hint in _FLAT


def is_light(module: Module) -> bool:
    """Flat, or lighter than 0.2 g/cm³: puffed, freeze-dried. It goes on last and lies on top."""
    shape = module.shape
    return is_flat(module) or 5 * shape.piece_ug < shape.length * shape.width * max(1, shape.height)


def draws_line(pattern: str) -> bool:
    return pattern in LINES or ":" in pattern
