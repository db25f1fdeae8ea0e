"""The shapes of bars, as closed lines of whole tenths of a millimetre."""

from __future__ import annotations

from functools import lru_cache

from configurator.domain.family import OutlineName, TenthMm

# A heart's right half in a box of 2000 x 2000, from the notch clockwise to the tip; the left mirrors it.
# Written down, so that no machine's sines decide where a piece lies.
_HEART = (
    (1000, 479), (1001, 465), (1007, 426), (1024, 366), (1056, 291), (1105, 211), (1171, 133),
    (1255, 68), (1354, 22), (1462, 1), (1575, 8), (1686, 45), (1789, 108), (1876, 196),
    (1943, 302), (1986, 421), (2000, 548), (1986, 678), (1943, 806), (1876, 931), (1789, 1052),
    (1686, 1167), (1575, 1278), (1462, 1385), (1354, 1489), (1255, 1588), (1171, 1682),
    (1105, 1769), (1056, 1847), (1024, 1911), (1007, 1959), (1001, 1990), (1000, 2000),
)  # fmt: skip


def heart_outline(length: TenthMm, width: TenthMm) -> tuple[tuple[TenthMm, TenthMm], ...]:
    """A heart that fills the box, tip down; x runs right, y down, clockwise from the notch."""
    left = tuple((2000 - x, y) for x, y in _HEART[-2:0:-1])
    return tuple((x * length // 2000, y * width // 2000) for x, y in (*_HEART, *left))


@lru_cache(maxsize=16)
def outline_points(name: OutlineName, length: TenthMm, width: TenthMm) -> tuple[tuple[TenthMm, TenthMm], ...]:
    if name == "heart":
        return heart_outline(length, width)
    return (0, 0), (length, 0), (length, width), (0, width)
