"""The line at which a piece sits in the chocolate: set while it was soft, it closed around the piece.

The ring is translucent brown, so it is nearly black on dark chocolate and a tan line on white.
"""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

LINE = (38, 18, 8)
STRENGTH = 0.7

_BODY = [0] * 200 + [255] * 56
"""What is at least so opaque is the piece; its shadow is less."""


def sunk(piece: Image.Image) -> Image.Image:
    """The painted piece, as RGBA of ten pixels to the millimetre, with its line."""
    body = piece.getchannel("A").point(_BODY)
    box = body.getbbox()
    if box is None:
        return piece
    ring = Image.new("RGBA", piece.size, LINE)
    ring.putalpha(_around(body, box))
    # Under the piece, whose own soft edge then fades over it.
    return Image.alpha_composite(ring, piece)


def _around(body: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """A soft ring hugging the body, wider away from the light in the upper left."""
    wide = body.filter(ImageFilter.GaussianBlur(2.2)).point([min(255, 2 * level) for level in range(256)])
    lower = ImageChops.offset(wide, 2, 2)
    ring = ImageChops.lighter(wide.point(lambda level: level * 0.6), lower)
    return ring.point(lambda level: level * STRENGTH)
