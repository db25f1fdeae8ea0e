"""Numbers that look random and are the same on every machine and Python version."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

_MASK = 2**64 - 1
_GAMMA = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Stream:
    """A numbered row of 64-bit numbers (SplitMix64); any place can be read without its forerunners."""

    seed: int

    def at(self, place: int) -> int:
        mixed = (self.seed + (place + 1) * _GAMMA) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)


def stream(*words: str | int) -> Stream:
    text = "\x1f".join(str(word) for word in words)
    return Stream(int.from_bytes(sha256(text.encode()).digest()[:8], "big"))
