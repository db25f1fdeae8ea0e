"""Which parts of a wish do not go together, and the least that must be let go of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final, TypeVar

Part = TypeVar("Part")

MOST_LET_GO: Final = 2


def obstacles(parts: Sequence[Part], is_possible: Callable[[Sequence[Part]], bool]) -> tuple[Part, ...]:
    """Parts that cannot be had together, though any of them could be left out to have the others.

    ``parts`` together are known to be impossible.
    """
    needed = list(parts)
    for part in parts:
        others = [other for other in needed if other is not part]
        if not is_possible(others):
            needed = others
    return tuple(needed)


def ways_out(
    parts: Sequence[Part], is_possible: Callable[[Sequence[Part]], bool]
) -> tuple[tuple[Part, ...], ...]:
    """The smallest sets of parts without which all the others can be had."""
    for size in range(1, MOST_LET_GO + 1):
        found = tuple(
            let_go
            for let_go in combinations(parts, size)
            if is_possible([part for part in parts if part not in let_go])
        )
        if found:
            return found
    return (tuple(parts),)
