"""What to draw: every piece of a bar with its place, in tenths of a millimetre."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain, groupby
from operator import attrgetter
from typing import Final

from configurator.domain import sample_scene
from configurator.domain.design import Choice, Design
from configurator.domain.family import Family, Milligrams, Module, TenthMm
from configurator.domain.laying import Chosen, Laid, by_size, laid_out
from configurator.domain.moving import moved
from configurator.domain.pieces import (
    MOST_PINCHES,
    MOST_SINGLE,
    is_light,
    is_print,
    is_sheet,
    outline_of,
    piece_count,
)
from configurator.domain.room import Room
from configurator.domain.scatter import Board
from configurator.domain.seeded import stream

__all__ = [
    "MOST_PINCHES",
    "MOST_SINGLE",
    "Bump",
    "LeftOver",
    "Piece",
    "Scene",
    "canonical",
    "lay_out",
    "outline_of",
    "piece_count",
]


@dataclass(slots=True, unsafe_hash=True)
class Piece:
    """One sprite. ``x`` runs right and ``y`` down from the bar's upper left corner.

    Never changed. That is said by ``Final``, which costs nothing: a frozen one takes four times as long
    to make, and a bar has hundreds.
    """

    module: Final[str]
    slot: Final[str]
    x: Final[TenthMm]
    y: Final[TenthMm]
    turn: Final[int]
    """Degrees, 0-359, counter-clockwise: what the floor's map shows and the sprite is chosen by."""
    variant: Final[int]
    """Seeded number from which the renderer picks the individual; any number fits any art."""
    count: Final[int] = 1
    """Real pieces that this sprite stands for: a pinch of small ones is drawn as one patch.
    0 for what has no pieces, such as a powder."""
    size: Final[int] = 1000
    """Thousandths of the catalogue's size: real pieces differ, and so the drawn ones weigh what the recipe says."""
    index: Final[int] = 0
    """The how-manieth of its choice's sprites, counted in the order they are laid; what a move names."""
    moved: Final[bool] = False
    """A person has laid it."""
    layer: Final[int] = 0
    """0 lies on the chocolate; thin ones lie over each other like leaves. Within a layer nothing is heaped."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Of these pieces only so many fit on top; the rest goes into the chocolate."""

    module: str
    slot: str
    fits: int
    wanted: int

    @property
    def rest(self) -> int:
        return self.wanted - self.fits


@dataclass(slots=True, unsafe_hash=True)
class Bump:
    """A mixed-in piece that lifts the surface from below, or a streak of paste within a circle."""

    module: Final[str]
    x: Final[TenthMm]
    y: Final[TenthMm]
    diameter: Final[TenthMm]
    variant: Final[int]
    mg: Final[Milligrams] = 0
    """What it stands for: of hundreds of grains only some lift the surface."""


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


MOST_BUMPS = 40
STREAK_MAX: TenthMm = 300


def lay_out(design: Design, family: Family) -> Scene:
    """The same design gives the same scene on every machine and Python version.

    Grams decide how many pieces there are, pattern and seed decide where; each module draws its
    places from its own stream, so that what lies already stays where it is while others come and go.
    """
    return _bar(design, family) if family.is_bar else _samples(design, family)


def _samples(design: Design, family: Family) -> Scene:
    pieces = tuple(Piece(*shown) for shown in sample_scene.shown(design, family))
    look = sample_scene.look_of(len(design.choices), family)
    return Scene(family.key, family.length, family.width, "", (), pieces, look)


def _bar(design: Design, family: Family) -> Scene:
    chosen = [(choice, family.modules[choice.module]) for choice in design.choices]
    mixed_in = [pair for pair in chosen if _is_mixed_in(pair[0], family)]
    on_top = [pair for pair in chosen if not _is_mixed_in(pair[0], family)]
    room = Room(family.length, family.width, family.outline)
    laid = moved(laid_out(on_top, family, design), design, room)
    rest = list(_fitting(on_top, laid))
    return Scene(
        family.key,
        family.length,
        family.width,
        design.base or "",
        tuple(_all_bumps([*sorted(mixed_in, key=by_size), *map(_rest, rest)], family, design.seed)),
        tuple(_piece(piece) for piece in _in_painting_order(laid)),
        family.look(design.face),
        tuple(LeftOver(c.module, c.slot, fits, piece_count(m, c.mg)) for c, m, fits in rest),
    )


def fitting(choice: Choice, module: Module, scene: Scene) -> int:
    """How many of its pieces go where they were chosen; the rest of them goes into the chocolate."""
    left = {(rest.slot, rest.module): rest.fits for rest in scene.left_over}
    return left.get((choice.slot, choice.module), piece_count(module, choice.mg))


def canonical(scene: Scene) -> str:
    """The same text for equal scenes, on every machine and Python version."""
    return json.dumps(asdict(scene), separators=(",", ":"), sort_keys=True)


def _is_mixed_in(choice: Choice, family: Family) -> bool:
    return "mix-in" in family.slot(choice.slot).kinds


def _piece(laid: Laid) -> Piece:
    choice, spot = laid.choice, laid.spot
    return Piece(
        choice.module,
        choice.slot,
        spot.x,
        spot.y,
        spot.turn,
        spot.variant,
        laid.count,
        laid.size,
        laid.index,
        laid.moved,
        laid.layer,
    )


def _in_painting_order(laid: list[Laid]) -> Iterator[Laid]:
    """As the floor lays them: heavy ones first and low, fragile ones last and on top."""
    heaps: dict[tuple[int, int, tuple[int, str, str]], list[Laid]] = {}
    for choice, of_choice in groupby(laid, key=attrgetter("choice")):
        pieces = list(of_choice)
        stratum, size = _stratum(pieces[0].module), by_size((choice, pieces[0].module))
        for layer, on_layer in groupby(pieces, key=attrgetter("layer")):
            heaps.setdefault((stratum, layer, size), []).extend(on_layer)
    return chain.from_iterable(heaps[place] for place in sorted(heaps))


def _stratum(module: Module) -> int:
    if is_print(module):
        stratum = 0
    elif module.shape.hint == "powder":
        stratum = 1
    elif is_sheet(module):
        stratum = 2
    elif is_light(module):
        stratum = 4
    else:
        stratum = 3
    return stratum


def _fitting(on_top: list[Chosen], laid: list[Laid]) -> Iterator[tuple[Choice, Module, int]]:
    """Of which choices not all pieces lie on top, and how many do."""
    fits = {
        choice: sum(piece.count for piece in pieces)
        for choice, pieces in groupby(laid, key=attrgetter("choice"))
    }
    for choice, module in on_top:
        lying = fits.get(choice, 0)
        if lying < piece_count(module, choice.mg):
            yield choice, module, lying


# ── In the chocolate ─────────────────────────────────────────────────────────────────────────────


def _rest(left: tuple[Choice, Module, int]) -> Chosen:
    """What does not fit on top, as if it had been mixed in."""
    choice, module, fits = left
    wanted = piece_count(module, choice.mg)
    return replace(choice, mg=choice.mg * (wanted - fits) // wanted), module


def _all_bumps(chosen: list[Chosen], family: Family, seed: int) -> Iterator[Bump]:
    board = Board(Room(family.length, family.width, family.outline))
    for choice, module in chosen:
        yield from _bumps(choice, module, family, seed, board)


def _bumps(choice: Choice, module: Module, family: Family, seed: int, board: Board) -> Iterator[Bump]:
    """What is mixed in shows as gentle hills; what is ground to powder does not show."""
    count, diameter = _bump_count(choice, module, family), bump_diameter(module)
    numbers = stream(family.key, choice.slot, choice.module, seed)
    spots = board.sprinkle(diameter * 5 // 4, count, numbers, covering=True)
    for index, spot in enumerate(spots):
        mg = choice.mg * (index + 1) // count - choice.mg * index // count
        yield Bump(choice.module, spot.x, spot.y, diameter, spot.variant, mg)


def bump_diameter(module: Module) -> TenthMm:
    """One for each module: of the hill over a piece, or of the circle that a streak fills."""
    shape = module.shape
    if shape.piece_ug:
        return min(160, max(20, (shape.length + shape.width) * 3 // 10))
    return min(STREAK_MAX, max(200, shape.length // 2))


def _bump_count(choice: Choice, module: Module, family: Family) -> int:
    most = max(12, MOST_BUMPS * family.length * family.width // (1600 * 800))
    if module.shape.hint == "powder":
        return 0
    if not module.shape.piece_ug:
        return min(most, max(1, choice.mg // 2000))  # streaks of about two grams
    return min(most, piece_count(module, choice.mg))
