"""Pieces that a person has laid: where they are wanted, and what makes way for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from configurator.domain.design import Design, Move
from configurator.domain.footprints import TURN_STEP, shared_permille
from configurator.domain.laying import Laid
from configurator.domain.pieces import is_flat
from configurator.domain.room import Room
from configurator.domain.scatter import Board

MOST_SHARED = 130
"""Thousandths of the smaller of two pieces that may lie under or on the other; 150 is promised."""


def moved(laid: list[Laid], design: Design, room: Room) -> list[Laid]:
    """Those that a person has laid lie there; the others stay, but for those they would now lie on."""
    if not design.moves:
        return laid
    wanted = {(move.slot, move.module, move.index): move for move in design.moves}
    put = [_put(piece, wanted[_name(piece)], room) for piece in laid if _name(piece) in wanted]
    kept = [piece for piece in laid if _name(piece) not in wanted]
    firm = list(_beside_each_other((piece for piece in put if not is_flat(piece.module)), room))
    lying = firm + list(_making_way(kept, firm, room))
    for piece in put:
        if is_flat(piece.module):
            lying.append(_on_top(piece, lying))
    placed = {_name(piece): piece for piece in lying}
    return [placed[_name(piece)] for piece in laid if _name(piece) in placed]


def _name(piece: Laid) -> tuple[str, str, int]:
    return piece.choice.slot, piece.choice.module, piece.index


def _put(piece: Laid, move: Move, room: Room) -> Laid:
    turn = (move.turn + TURN_STEP // 2) // TURN_STEP * TURN_STEP % 360
    x, y = room.clamped(piece.outline, turn, move.x, move.y)
    return replace(piece, spot=piece.spot._replace(x=x, y=y, turn=turn), moved=True)


def _beside_each_other(put: Iterable[Laid], room: Room) -> Iterator[Laid]:
    lying: list[Laid] = []
    for piece in put:
        found = _beside(piece, lying, room)
        if found is not None:
            lying.append(found)
            yield found


def _making_way(kept: list[Laid], firm: list[Laid], room: Room) -> Iterator[Laid]:
    staying = [piece for piece in kept if not _in_the_way(piece, firm)]
    yield from staying
    lying = staying + firm
    for piece in kept:
        if _in_the_way(piece, firm):
            found = _on_top(piece, lying) if is_flat(piece.module) else _beside(piece, lying, room)
            if found is not None:
                lying.append(found)
                yield found


def _in_the_way(piece: Laid, firm: list[Laid]) -> bool:
    return any(_heaped(piece, other) for other in firm)


def _heaped(piece: Laid, other: Laid) -> bool:
    if not (piece.is_single and other.is_single) or piece.layer != other.layer:
        return False
    return shared_permille(piece.outline, piece.spot, other.outline, other.spot) > MOST_SHARED


def _on_top(piece: Laid, others: Iterable[Laid]) -> Laid:
    """In its place, on the lowest layer on which it lies on nothing."""
    while any(_heaped(piece, other) for other in others):
        piece = replace(piece, layer=piece.layer + 1)
    return piece


def _beside(piece: Laid, others: list[Laid], room: Room) -> Laid | None:
    """The nearest place at which it lies on no other; none if there is none."""
    if not any(_heaped(piece, other) for other in others):
        return piece
    board = Board(room)
    for other in others:
        if other.is_single and other.layer == piece.layer:
            board.cover(other.outline, other.spot)
    for spot in board.nearest(piece.outline, piece.spot):
        found = replace(piece, spot=spot)
        if not any(_heaped(found, other) for other in others):
            return found
    return None
