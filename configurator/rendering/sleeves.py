"""The paper sleeve as a picture: its print drawn flat, then laid over the painted paper."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.rendering import lettering
from configurator.rendering.paintings import as_painted, manifest
from configurator.rendering.papers import Palette, Shape, shapes
from configurator.rendering.solids import SHADOW
from configurator.rendering.wrapping import SHOP, Box, Sheet, face_mm, frame_shapes, sheet

FINER = 2
"""Drawn so much larger, then reduced: edges of shapes are smooth and letters stand where they should."""
SHADOW_MM = 7.0


def artwork(
    design: Design,
    family: Family,
    px_per_mm: float,
    photo: Image.Image | None = None,
    bleed: float = 0.0,
    shop: str = SHOP,
) -> Image.Image:
    """The flat front as RGB. ``photo`` is already cropped; without it the pattern takes its place."""
    return drawn(sheet(design, family, photo=photo is not None, shop=shop), px_per_mm, photo, bleed)


def drawn(paper: Sheet, px_per_mm: float, photo: Image.Image | None, bleed: float = 0.0) -> Image.Image:
    size = tuple(round((side + 2 * bleed) * px_per_mm) for side in (paper.width, paper.height))
    scale = px_per_mm * FINER
    picture = Image.new("RGB", (size[0] * FINER, size[1] * FINER), paper.palette.paper)
    pen = ImageDraw.Draw(picture)
    for shape in paper.shapes:
        _draw(pen, shape, scale, bleed)
    if photo is not None and paper.photo is not None:
        _paste(picture, photo, paper.photo, scale, bleed)
    for setting in paper.settings:
        place = (setting.x + bleed, setting.top + bleed)
        lettering.draw(picture, setting.lettered, place, setting.colour, scale)
    return picture.resize((size[0], size[1]), Image.Resampling.BOX)


def swatch(pattern: str, palette: Palette, size_px: tuple[int, int], px_per_mm: float) -> Image.Image:
    """A snippet of the paper; the plain one shows its frame."""
    width, height = (side / px_per_mm for side in size_px)
    frame = frame_shapes(Box(0, 0, width, height).inset(1.6, 1.6), palette) if pattern == "plain" else ()
    snippet = Sheet(width, height, palette, (*shapes(pattern, palette, (width, height)), *frame), (), None)
    return drawn(snippet, px_per_mm, None).resize(size_px)


def sleeve_mm(family: Family) -> tuple[float, float]:
    """What a picture of the sleeve shows: the paper and room for its shadow."""
    painted = manifest()["sleeves"].get(family.key)
    if painted:
        per_mm = manifest()["px_per_mm"]
        return painted["size"][0] / per_mm, painted["size"][1] / per_mm
    width, height = face_mm(family)
    return width + 2 * SHADOW_MM, height + 2 * SHADOW_MM


def sleeve(
    design: Design, family: Family, width_px: int, photo: Image.Image | None = None, shop: str = SHOP
) -> Image.Image:
    """The wrapped bar from above with its shadow, RGBA, that wide in all; ``sleeve_mm`` is its true size."""
    whole = sleeve_mm(family)
    scale = width_px / whole[0]
    blank, face = _blank(family, (width_px, round(whole[1] * scale)))
    paper = artwork(design, family, face.width / face_mm(family)[0], photo, shop=shop)
    paper = paper.resize((round(face.width), round(face.height)), Image.Resampling.LANCZOS)
    printed = Image.new("RGB", blank.size, paper.getpixel((0, 0)))
    printed.paste(paper, (round(face.left), round(face.top)))
    bare = blank.convert("RGB")
    lit = ImageChops.multiply(bare, _spread(printed, face))
    # Only paper is printed on: the shadow around it is far darker than any of it.
    lit = Image.composite(lit, bare, bare.convert("L").point(_is_paper))
    lit.putalpha(blank.getchannel("A"))
    return lit


def _is_paper(level: int) -> float:
    return min(255, max(0, level - 45) * 4)


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, scale: float, bleed: float) -> None:
    points = [((x + bleed) * scale, (y + bleed) * scale) for x, y in shape.points]
    if shape.thick:
        pen.line(points, shape.colour, max(1, round(shape.thick * scale)), joint="curve")
    else:
        pen.polygon(points, shape.colour)


def _paste(picture: Image.Image, photo: Image.Image, box: Box, scale: float, bleed: float) -> None:
    left, top = round((box.left + bleed) * scale), round((box.top + bleed) * scale)
    size = (round((box.right + bleed) * scale) - left, round((box.low + bleed) * scale) - top)
    picture.paste(ImageOps.fit(photo.convert("RGB"), size, Image.Resampling.LANCZOS), (left, top))


def _blank(family: Family, size: tuple[int, int]) -> tuple[Image.Image, Box]:
    """The painted paper without print, or a drawn one, and where its printed face is, in pixels."""
    painted = manifest()["sleeves"].get(family.key)
    if not painted:
        return _drawn_blank(face_mm(family), size)
    share = size[0] / painted["size"][0]
    x, y, width, height = (side * share for side in painted["face"])
    return _scaled_blank(painted["file"], size), Box(x, y, width, height)


@lru_cache(maxsize=8)
def _scaled_blank(file: str, size: tuple[int, int]) -> Image.Image:
    return as_painted(file).convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


@lru_cache(maxsize=8)
def _drawn_blank(face: tuple[float, float], size: tuple[int, int]) -> tuple[Image.Image, Box]:
    scale = size[0] / (face[0] + 2 * SHADOW_MM)
    box = Box(SHADOW_MM * scale, SHADOW_MM * scale, face[0] * scale, face[1] * scale)
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((box.left, box.top, box.right, box.low), 0.8 * scale, 255)
    light = ImageOps.invert(Image.linear_gradient("L")).resize(size).point(lambda level: 226 + level * 0.11)
    light = ImageChops.multiply(light, _rounded_edge(mask, scale))
    paper = Image.merge("RGBA", (light, light, light, mask))
    fall = ImageChops.offset(mask, round(1.5 * scale), round(2.0 * scale))
    shade = Image.new("RGBA", size, (*SHADOW, 0))
    shade.putalpha(fall.filter(ImageFilter.GaussianBlur(1.9 * scale)).point(lambda level: level * 0.42))
    return Image.alpha_composite(shade, paper), box


def _rounded_edge(mask: Image.Image, scale: float) -> Image.Image:
    """The paper bends away over the bar's edges: darker towards the rim, most at the lower right."""
    swell = mask.filter(ImageFilter.GaussianBlur(1.3 * scale))
    return swell.point(lambda level: 150 + level * 105 / 255)


def _spread(printed: Image.Image, face: Box) -> Image.Image:
    """The print runs on over the painted paper's folded edges, beyond the face."""
    left, top = round(face.left), round(face.top)
    right, low = min(printed.width, left + round(face.width)), min(printed.height, top + round(face.height))
    inner = printed.crop((left, top, right, low))
    whole = inner.resize(printed.size)
    whole.paste(inner, (left, top))
    for edge, place, size in (
        ((0, 0, inner.width, 1), (left, 0), (inner.width, top)),
        ((0, inner.height - 1, inner.width, inner.height), (left, low), (inner.width, printed.height - low)),
        ((0, 0, 1, inner.height), (0, top), (left, inner.height)),
        (
            (inner.width - 1, 0, inner.width, inner.height),
            (right, top),
            (printed.width - right, inner.height),
        ),
    ):
        if min(size) > 0:
            whole.paste(inner.crop(edge).resize(size), place)
    return whole
