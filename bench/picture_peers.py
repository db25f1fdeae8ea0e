"""The same scene as others would draw it: naive, tuned in the usual way, and with whatever is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from configurator.domain.family import Family
from configurator.domain.scene import Scene
from configurator.rendering import paintings
from configurator.rendering.bodies import bare_bar, picture_height
from configurator.rendering.paintings import Sprite
from configurator.rendering.sprites import MARGIN_MM, scale_of, sprite_of

GROUND = (246, 239, 230)
OTHERS = ("pyvips", "skia", "cv2")
"""Measured where they are installed; the shop needs none of them."""


def naive(scene: Scene, family: Family, width: int) -> Image.Image:
    """Opens each file, composites the whole canvas for each piece, scales at the end."""
    bar = paintings.manifest()["bars"][scene.look][scene.base]
    canvas = Image.new("RGBA", bar["size"], (*GROUND, 255))
    layers = [(bar, bar["size"][0] / 2, bar["size"][1] / 2)]
    for piece in scene.pieces:
        painted = paintings.manifest()["modules"][piece.module]
        edge = MARGIN_MM * 10
        layers.append((painted[piece.variant % len(painted)], piece.x + edge, piece.y + edge))
    for entry, x, y in layers:
        layer = Image.new("RGBA", canvas.size)
        centre_x, centre_y = entry["centre"]
        with Image.open(paintings.FOLDER / entry["file"]) as sprite:
            layer.paste(sprite, (round(x - centre_x), round(y - centre_y)))
        canvas = Image.alpha_composite(canvas, layer)
    height = picture_height(family, width)
    return canvas.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def naive_webp(scene: Scene, family: Family, width: int) -> bytes:
    """With the encoder's own settings."""
    file = BytesIO()
    naive(scene, family, width).save(file, "WEBP")
    return file.getvalue()


def tuned(scene: Scene, family: Family, width: int) -> Callable[[], Image.Image]:
    """What is usually done about it: sprites decoded and scaled before, colour pasted through its mask."""
    bare = bare_bar(family, scene.look, scene.base, width)
    layers = [
        (sprite.straight.convert("RGB"), sprite.straight.getchannel("A"), (left, top))
        for sprite, left, top in _placed(scene, family, width)
    ]

    def draw() -> Image.Image:
        picture = bare.copy()
        for colour, mask, place in layers:
            picture.paste(colour, place, mask)
        return picture

    return draw


def installed(scene: Scene, family: Family, width: int) -> dict[str, Callable[[], Any]]:
    """Each with everything decoded, scaled and converted before: only the placing is measured."""
    makers = {"pyvips": _pyvips, "skia": _skia, "cv2": _opencv}
    bare = bare_bar(family, scene.look, scene.base, width)
    layers = [(sprite.straight, left, top) for sprite, left, top in _placed(scene, family, width)]
    return {name: makers[name](bare, layers) for name in OTHERS if importlib.util.find_spec(name)}


def _placed(scene: Scene, family: Family, width: int) -> list[tuple[Sprite, int, int]]:
    scale = scale_of(scene.length, width)
    placed = []
    for piece in scene.pieces:
        sprite = sprite_of(piece, family.modules[piece.module], scene, scale)
        x, y = ((side / 10 + MARGIN_MM) * scale for side in (piece.x, piece.y))
        placed.append((sprite, round(x) - sprite.left, round(y) - sprite.top))
    return placed


Layers = list[tuple[Image.Image, int, int]]


def _pyvips(bare: Image.Image, layers: Layers) -> Callable[[], Any]:
    vips = importlib.import_module("pyvips")

    def opened(picture: Image.Image) -> Any:
        return vips.Image.new_from_memory(
            picture.tobytes(), *picture.size, len(picture.getbands()), "uchar"
        ).copy(interpretation="srgb")

    ground, sprites = opened(bare), [opened(sprite) for sprite, _, _ in layers]
    across, down = [left for _, left, _ in layers], [top for _, _, top in layers]
    return lambda: ground.composite(sprites, ["over"] * len(sprites), x=across, y=down).write_to_memory()


def _skia(bare: Image.Image, layers: Layers) -> Callable[[], Any]:
    skia, numpy = importlib.import_module("skia"), importlib.import_module("numpy")

    def opened(picture: Image.Image) -> Any:
        return skia.Image.fromarray(numpy.array(picture.convert("RGBA")), skia.kRGBA_8888_ColorType)

    ground, sprites = opened(bare), [opened(sprite) for sprite, _, _ in layers]
    surface = skia.Surface(*bare.size)

    def draw() -> Any:
        canvas = surface.getCanvas()
        canvas.drawImage(ground, 0, 0)
        for sprite, (_, left, top) in zip(sprites, layers, strict=True):
            canvas.drawImage(sprite, left, top)
        return surface.makeImageSnapshot().tobytes()

    return draw


def _opencv(bare: Image.Image, layers: Layers) -> Callable[[], Any]:
    """Premultiplied, in whole numbers, over each sprite's own box."""
    cv2, numpy = importlib.import_module("cv2"), importlib.import_module("numpy")
    ground = numpy.array(bare)
    parts = []
    for sprite, left, top in layers:
        box = (
            max(0, -left),
            max(0, -top),
            min(sprite.width, bare.width - left),
            min(sprite.height, bare.height - top),
        )
        cut = sprite.crop(box)
        alpha = numpy.array(Image.merge("RGB", [cut.getchannel("A")] * 3))
        colour = cv2.multiply(numpy.array(cut.convert("RGB")), alpha, scale=1 / 255)
        parts.append((colour, 255 - alpha, left + box[0], top + box[1]))

    def draw() -> Any:
        picture = ground.copy()
        for colour, rest, left, top in parts:
            height, width = colour.shape[:2]
            under = picture[top : top + height, left : left + width]
            cv2.add(cv2.multiply(under, rest, scale=1 / 255), colour, dst=under)
        return picture

    return draw
