"""Find a place for each piece: spaced from its like, clear of the others, inside the bar.

The bar is a board of square millimetres held in one whole number, a bit for each: whether and by
how much a piece would lie on others is a shift, an AND and a count, exact on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

from configurator.domain.family import TenthMm
from configurator.domain.seeded import Stream

RIM: TenthMm = 40
"""No piece comes nearer to the bar's edge."""
TURN_STEP = 15
_TURNS = 360 // TURN_STEP
_QUARTER = (1024, 989, 887, 724, 512, 265, 0)
"""Cosines of 0, 15 ... 90 degrees, times 1024."""

_CELL: TenthMm = 10
# Room for the circles that keep like pieces apart to reach over the edge without wrapping round.
_PAD = 24
_CANDIDATES = 10
_SPRINKLED = 6
_CROWDING = 45
"""Square millimetres on a nut that a pinch accepts rather than to lie beside another pinch."""


@dataclass(frozen=True, slots=True)
class Outline:
    length: TenthMm
    width: TenthMm
    square: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    x: TenthMm
    y: TenthMm
    turn: int
    variant: int


@dataclass(frozen=True, slots=True)
class Footprint:
    """The square millimetres under a turned piece, as bits from the upper left cell of its box."""

    bits: int
    half: int
    spans: tuple[tuple[int, int, int], ...]
    """Row, first and last cell."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A turned piece on a certain board: its footprint, and where its centre may lie."""

    turn: int
    footprint: Footprint
    corner: int
    """From the bit of the centre back to the footprint's first bit."""
    left: TenthMm
    columns: int
    top: TenthMm
    rows: int
    inside: int
    """A bit for each cell on which the centre may lie."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    x: TenthMm
    y: TenthMm
    stamp: _Stamp
    centre: int
    variant: int

    @property
    def spot(self) -> Spot:
        return Spot(self.x, self.y, self.stamp.turn, self.variant)


class Board:
    def __init__(self, length: TenthMm, width: TenthMm) -> None:
        self.length = length
        self.width = width
        self._stride = length // _CELL + 1 + 2 * _PAD
        self._occupied = 0

    def cover(self, outline: Outline, spot: Spot) -> None:
        """Something lies here; later pieces keep clear of it."""
        self._stamp(self._stamps(outline)[spot.turn // TURN_STEP], self._cell(spot.x, spot.y))

    def scatter(self, outline: Outline, count: int, stream: Stream) -> Iterator[Spot]:
        """Pieces that lie on the chocolate, each on its own place."""
        stamps, circle = self._stamps(outline), self._circle(count)
        near, full = 0, False
        for index in range(count):
            places = range(index * _CANDIDATES, (index + 1) * _CANDIDATES)
            candidate, clear = self._clearest(stamps, stream, places, near, crowding=0)
            if not clear and not full:
                found = self._free(stamps, candidate, near)
                full = found is None
                candidate = found or candidate
            self._stamp(candidate.stamp, candidate.centre)
            near |= circle.footprint.bits << (candidate.centre - circle.corner)
            yield candidate.spot

    def sprinkle(self, outline: Outline, count: int, stream: Stream) -> Iterator[Spot]:
        """Pinches that may fall on each other and on a nut, but rather fall between."""
        stamps, circle = self._stamps(outline), self._circle(count)
        near = 0
        for index in range(count):
            places = range(index * _SPRINKLED, (index + 1) * _SPRINKLED)
            candidate, _ = self._clearest(stamps, stream, places, near, crowding=_CROWDING)
            near |= circle.footprint.bits << (candidate.centre - circle.corner)
            yield candidate.spot

    def _clearest(
        self, stamps: tuple[_Stamp, ...], stream: Stream, places: range, near: int, *, crowding: int
    ) -> tuple[_Candidate, bool]:
        """The first of the seeded candidates that lies clear, else the one that overlaps least.

        A piece's candidates depend on itself alone, so that another topping moves only the
        pieces it would lie on.
        """
        stride, occupied = self._stride, self._occupied
        least: tuple[int, TenthMm, TenthMm, _Stamp, int, int] | None = None
        for place in places:
            number = stream.at(place)
            stamp = stamps[number % _TURNS]
            x = stamp.left + (stamp.columns * (number >> 8 & 0xFFFFF) >> 20)
            y = stamp.top + (stamp.rows * (number >> 28 & 0xFFFFF) >> 20)
            centre = (y // _CELL + _PAD) * stride + x // _CELL + _PAD
            overlap = ((occupied >> (centre - stamp.corner)) & stamp.footprint.bits).bit_count()
            # Halves, so that closeness to its like decides at least between equals.
            cost = 2 * overlap + (near >> centre & 1) * (2 * crowding + 1)
            if least is None or cost < least[0]:
                least = cost, x, y, stamp, centre, number >> 48
                if not cost:
                    break
        assert least is not None
        cost, x, y, stamp, centre, variant = least
        return _Candidate(x, y, stamp, centre, variant), cost < 2

    def _free(self, stamps: tuple[_Stamp, ...], wanted: _Candidate, near: int) -> _Candidate | None:
        """The next place after the wanted one where nothing lies, by looking at the whole board."""
        for step in range(0, _TURNS // 2, 3):
            stamp = stamps[(wanted.stamp.turn // TURN_STEP + step) % _TURNS]
            places = self._places(stamp)
            places = places & ~near or places
            if places:
                return self._at(_next_bit(places, wanted.centre), stamp, wanted.variant)
        return None

    def _places(self, stamp: _Stamp) -> int:
        """A bit for each cell on which the centre of such a piece may lie without touching another."""
        footprint = stamp.footprint
        blocked = 0
        for row, first, last in footprint.spans:
            # Widening by doubling: a cell is blocked when anything lies within its span.
            smeared, done, span = self._occupied, 1, last - first + 1
            while done < span:
                step = min(done, span - done)
                smeared |= smeared >> step
                done += step
            blocked |= _shifted(smeared, (footprint.half - row) * self._stride + footprint.half - first)
        return stamp.inside & ~blocked

    def _at(self, bit: int, stamp: _Stamp, variant: int) -> _Candidate:
        row, column = divmod(bit, self._stride)
        x, y = ((part - _PAD) * _CELL + _CELL // 2 for part in (column, row))
        return _Candidate(x, y, stamp, bit, variant)

    def _stamp(self, stamp: _Stamp, centre: int) -> None:
        self._occupied |= stamp.footprint.bits << (centre - stamp.corner)

    def _stamps(self, outline: Outline) -> tuple[_Stamp, ...]:
        return _stamps(outline, self.length, self.width, self._stride)

    def _circle(self, count: int) -> _Stamp:
        across = 2 * _CELL * self._spacing(count)
        return self._stamps(Outline(across, across))[0]

    def _cell(self, x: TenthMm, y: TenthMm) -> int:
        return (y // _CELL + _PAD) * self._stride + x // _CELL + _PAD

    def _spacing(self, count: int) -> int:
        """Millimetres between the centres of like pieces: in rough steps, so that a few grams
        more do not move the pieces that lie there already."""
        per_piece = (self.length - 2 * RIM) * (self.width - 2 * RIM) // (100 * max(1, count))
        wanted = isqrt(per_piece * 45 // 100)
        return max((step for step in (3, 4, 5, 6, 8, 10, 13, 17, _PAD - 2) if step <= wanted), default=2)


def reach_of(outline: Outline, turn: int) -> tuple[TenthMm, TenthMm]:
    """How far a turned piece reaches from its centre, across and down."""
    cosine, sine = abs(_cosine(turn)), abs(_sine(turn))
    if outline.square:
        across = (outline.length * cosine + outline.width * sine) // 2048
        down = (outline.length * sine + outline.width * cosine) // 2048
    else:
        across = isqrt((outline.length * cosine) ** 2 + (outline.width * sine) ** 2) // 2048
        down = isqrt((outline.length * sine) ** 2 + (outline.width * cosine) ** 2) // 2048
    return across + 1, down + 1


@lru_cache(maxsize=512)
def _stamps(outline: Outline, length: TenthMm, width: TenthMm, stride: int) -> tuple[_Stamp, ...]:
    return tuple(_stamp(outline, turn, length, width, stride) for turn in range(0, 360, TURN_STEP))


def _stamp(outline: Outline, turn: int, length: TenthMm, width: TenthMm, stride: int) -> _Stamp:
    across, down = reach_of(outline, turn)
    footprint = footprint_of(outline, turn, stride)
    left, columns = _range(RIM + across, length - RIM - across)
    top, rows = _range(RIM + down, width - RIM - down)
    inside = _field(left, columns, top, rows, stride)
    return _Stamp(turn, footprint, footprint.half * (stride + 1), left, columns, top, rows, inside)


def _field(left: TenthMm, columns: int, top: TenthMm, rows: int, stride: int) -> int:
    first, last = -(-left // _CELL), (left + columns) // _CELL
    upper, lower = -(-top // _CELL), (top + rows) // _CELL
    if first >= last or upper >= lower:
        return 0
    row = ((1 << (last - first)) - 1) << (first + _PAD)
    return row * sum(1 << ((y + _PAD) * stride) for y in range(upper, lower))


def _range(low: TenthMm, high: TenthMm) -> tuple[TenthMm, int]:
    """The first of the places and how many there are; the middle when there is no room."""
    return (low, high - low + 1) if low <= high else ((low + high) // 2, 1)


def footprint_of(outline: Outline, turn: int, stride: int) -> Footprint:
    half = -(-max(reach_of(outline, turn)) // _CELL)
    # A cell in the middle is always covered, however thin the piece is.
    along, beside = max(outline.length, _CELL) << 9, max(outline.width, _CELL) << 9
    span_at = _span_of_box if outline.square else _span_of_ellipse
    spans = []
    for row in range(2 * half + 1):
        low, high = span_at(along, beside, turn, (row - half) * _CELL)
        first, last = -(-low // _CELL) + half, high // _CELL + half
        if first <= last:
            spans.append((row, first, last))
    bits = sum(((1 << (last - first + 1)) - 1) << (row * stride + first) for row, first, last in spans)
    return Footprint(bits, half, tuple(spans))


_NOWHERE = (1, -1)


def _span_of_ellipse(along: int, beside: int, turn: int, y: TenthMm) -> tuple[TenthMm, TenthMm]:
    """From where to where a turned ellipse covers a row; ``along`` and ``beside`` are half axes × 1024."""
    cosine, sine = _cosine(turn), _sine(turn)
    square = (cosine * beside) ** 2 + (sine * along) ** 2
    half_linear = y * cosine * sine * (along**2 - beside**2)
    constant = y * y * ((sine * beside) ** 2 + (cosine * along) ** 2) - (along * beside) ** 2
    under_root = half_linear**2 - square * constant
    if under_root < 0:
        return _NOWHERE
    root = isqrt(under_root)
    return -((half_linear + root) // square), (root - half_linear) // square


def _span_of_box(along: int, beside: int, turn: int, y: TenthMm) -> tuple[TenthMm, TenthMm]:
    cosine, sine = _cosine(turn), _sine(turn)
    low_a, high_a = _band(cosine, along, y * sine)
    low_b, high_b = _band(sine, beside, -y * cosine)
    return max(low_a, low_b), min(high_a, high_b)


def _band(slope: int, half: int, offset: int) -> tuple[TenthMm, TenthMm]:
    """The x for which ``slope * x`` is within ``half`` of ``offset``."""
    if not slope:
        return (-(10**6), 10**6) if abs(offset) <= half else _NOWHERE
    if slope < 0:
        slope, offset = -slope, -offset
    return -((half - offset) // slope), (half + offset) // slope


def _cosine(turn: int) -> int:
    step = turn // TURN_STEP % _TURNS
    mirrored = min(step, _TURNS - step)
    return _QUARTER[mirrored] if mirrored <= 6 else -_QUARTER[12 - mirrored]


def _sine(turn: int) -> int:
    return _cosine(turn - 90)


def _shifted(bits: int, left: int) -> int:
    return bits << left if left >= 0 else bits >> -left


def _next_bit(bits: int, start: int) -> int:
    onward = bits >> start
    if onward:
        return start + (onward & -onward).bit_length() - 1
    return (bits & -bits).bit_length() - 1
