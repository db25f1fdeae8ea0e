"""Colours, and how light falls on them."""

from __future__ import annotations

from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

SHADOW: Colour = (40, 22, 12)


def towards(colour: Colour, goal: Colour, share: float) -> Colour:
    red, green, blue = (
        round(here + (there - here) * share) for here, there in zip(colour, goal, strict=True)
    )
    return red, green, blue


def deeper(colour: Colour, share: float) -> Colour:
    """A shade of the same warmth: chocolate light never falls to grey."""
    red, green, blue = colour
    return round(red * share), round(green * share * 0.94), round(blue * share * 0.9)


def hex_colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def lightness(colour: Colour) -> float:
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
