"""A painting in another colour: black stays black and gloss stays light."""

from __future__ import annotations

from PIL import Image, ImageStat

from configurator.rendering.solids import Colour


def recoloured(picture: Image.Image, old: Colour, new: Colour) -> Image.Image:
    """Where the picture shows ``old`` it shows ``new``, and darker and lighter places follow."""
    bands = [
        band.point(_bent_through(source, target))
        for band, source, target in zip(picture.convert("RGB").split(), old, new, strict=True)
    ]
    coloured = Image.merge("RGB", bands).convert("RGBA")
    coloured.putalpha(picture.getchannel("A"))
    return coloured


def dyed(picture: Image.Image, new: Colour) -> Image.Image:
    """Only light and shade stay, all colour is new."""
    grey = picture.convert("L")
    plain = Image.merge("RGB", [grey, grey, grey]).convert("RGBA")
    plain.putalpha(picture.getchannel("A"))
    return recoloured(plain, middle_colour(plain), new)


def middle_colour(picture: Image.Image) -> Colour:
    """The colour of the body, without its rim and its shadow."""
    wide, high = picture.size
    middle = picture.crop((wide // 4, high // 4, wide * 3 // 4, high * 3 // 4))
    opaque = middle.getchannel("A").point(lambda level: 255 if level > 250 else 0)
    red, green, blue = (round(level) for level in ImageStat.Stat(middle.convert("RGB"), opaque).median)
    return red, green, blue


def _bent_through(source: int, target: int) -> list[int]:
    source = max(1, min(254, source))
    below = [round(level * target / source) for level in range(source + 1)]
    above = [
        round(target + (level - source) * (255 - target) / (255 - source)) for level in range(source + 1, 256)
    ]
    return below + above
