"""The paper sleeve of a bar: laid out once in millimetres, then drawn as a picture or set for the press."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.rendering import lettering
from configurator.rendering.lettering import Lettered, TextTooLong, TextTooWide, Voice
from configurator.rendering.paintings import as_painted, manifest
from configurator.rendering.papers import BLEED, Palette, Point, Shape, circle, palette_of, shapes
from configurator.rendering.solids import SHADOW, Colour

KRAFT = "#D8BD96"
"""The paper of a bar that has no base yet."""
SHOP = "Couverture"
FINER = 2
"""Drawn so much larger, then reduced: edges of shapes are smooth and letters stand where they should."""
NAME_SMALLEST, WORDS_SMALLEST = 3.2, 2.3
"""Of an em in millimetres; smaller type fills in on uncoated paper."""
SHADOW_MM = 7.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A text in its place: centred on ``x``, its top at ``top``."""

    lettered: Lettered
    x: float
    top: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def low(self) -> float:
        return self.top + self.height

    def inset(self, across: float, down: float) -> Box:
        return Box(self.left + across, self.top + down, self.width - 2 * across, self.height - 2 * down)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the front of a sleeve, in millimetres from the trimmed upper left corner."""

    width: float
    height: float
    palette: Palette
    shapes: tuple[Shape, ...]
    settings: tuple[Setting, ...]
    photo: Box | None
    """Where the customer's photo lies, bleed included."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A text that is too wide even in the smallest type."""

    rule: str
    needed_mm: float
    room_mm: float


def face_mm(family: Family) -> tuple[float, float]:
    """The front of the sleeve: an oblong bar is wrapped closely, another lies in a square carton."""
    room = 4.0 if family.outline == "oblong" else 6.0
    return family.length / 10 + room, family.width / 10 + room


def photo_mm(family: Family) -> tuple[float, float]:
    """The part of the front that a photo fills, without bleed."""
    width, height = face_mm(family)
    return (width * 0.44, height) if width > 1.3 * height else (width, height * 0.56)


def sheet(design: Design, family: Family, *, photo: bool, shop: str = SHOP) -> Sheet:
    """The front of the sleeve; a text that does not fit is squeezed, for a picture has to show something."""
    width, height = face_mm(family)
    palette = paper_of(design, family)
    window = _window(family) if photo else None
    field = _field(family, window)
    plain = design.wrapper.pattern == "plain"
    label = field.inset(*_label_margin(field, plain=plain))
    pattern = shapes(design.wrapper.pattern, palette, (width, height))
    frame = _frame(label, palette) if plain else label_shapes(label, palette)
    ink, accent = (palette.on_paper, palette.accent_on_paper) if plain else (palette.ink, palette.accent)
    settings, rules = _composed(design, family, label, ink, accent, shop)
    return Sheet(width, height, palette, (*pattern, *frame, *rules), settings, window)


def misfits(design: Design, family: Family) -> tuple[Misfit, ...]:
    """What of the wrapper's words cannot be set in readable type."""
    window = _window(family) if design.wrapper.photo else None
    field = _field(family, window)
    label = field.inset(*_label_margin(field, plain=design.wrapper.pattern == "plain"))
    rooms = _rooms(label)
    found = []
    for rule, text, voice, room, smallest, lines in (
        ("name-width", design.name, lettering.NAME, rooms.name, NAME_SMALLEST, 2),
        ("wrapper-width", design.wrapper.text, lettering.WORDS, rooms.words, WORDS_SMALLEST, 3),
    ):
        try:
            lettering.fit(text, room, voice, largest=room[1], smallest=smallest, most_lines=lines)
        except TextTooWide as wide:
            found.append(Misfit(rule, wide.needed_mm, wide.room_mm))
        except TextTooLong:
            continue  # its length is a problem already
    return tuple(found)


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
    frame = _frame(Box(0, 0, width, height).inset(1.6, 1.6), palette) if pattern == "plain" else ()
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


# ── Layout ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Rooms:
    shop: tuple[float, float]
    name: tuple[float, float]
    words: tuple[float, float]


def paper_of(design: Design, family: Family) -> Palette:
    base = family.modules.get(design.base or "")
    return palette_of(design.base or "", base.colour if base else KRAFT)


def _window(family: Family) -> Box:
    """The photo's place, over the edge where the paper is cut."""
    width, height = photo_mm(family)
    if width < face_mm(family)[0]:
        return Box(-BLEED, -BLEED, width + BLEED, height + 2 * BLEED)
    return Box(-BLEED, -BLEED, width + 2 * BLEED, height + BLEED)


def _field(family: Family, window: Box | None) -> Box:
    """What a photo leaves of the front."""
    width, height = face_mm(family)
    if window is None:
        return Box(0, 0, width, height)
    if window.right < width:
        return Box(window.right, 0, width - window.right, height)
    return Box(0, window.low, width, height - window.low)


def _label_margin(field: Box, *, plain: bool) -> tuple[float, float]:
    share = 0.055 if plain else 0.11
    least = min(field.width, field.height)
    wide = field.width > 1.5 * field.height
    across = 2 * share * least if wide and not plain else share * least
    return max(3.2, across), max(3.2, share * least)


def _rooms(label: Box) -> _Rooms:
    across = label.width * 0.82
    return _Rooms(
        shop=(across * 0.8, label.height * 0.055),
        name=(across, label.height * 0.42),
        words=(across, label.height * 0.2),
    )


def _composed(
    design: Design, family: Family, label: Box, ink: Colour, accent: Colour, shop: str
) -> tuple[tuple[Setting, ...], tuple[Shape, ...]]:
    """Shop, name, words and weight, one under the other: the name and its words stand in the middle."""
    rooms = _rooms(label)
    small = max(1.9, min(3.2, label.height * 0.055))
    head = set_text(shop, (rooms.shop[0], small * 1.6), lettering.CAPITALS, small, 1)
    foot = set_text(weight_of(family), (rooms.shop[0], small * 1.6), lettering.FIGURES, small, 1)
    edge = label.height * 0.085
    settings = [
        Setting(head, label.middle, label.top + edge, accent),
        Setting(foot, label.middle, label.low - edge - foot.height, accent),
    ]
    words = set_text(design.wrapper.text, rooms.words, lettering.WORDS, label.height * 0.082, 3)
    # Under a name in two lines there is little room left when the words take two lines as well.
    room = (rooms.name[0], rooms.name[1] * (0.86 if len(words.lines) > 1 else 1))
    name = set_text(design.name, room, lettering.NAME, label.height * 0.27, 2, leading=0.98)
    gap = label.height * 0.035
    parts = [part for part in (name, words) if part.lines[0]]
    rule = 2 * gap if name.lines[0] else 0
    tall = sum(part.height for part in parts) + gap * (len(parts) - 1) + rule
    # What is in the middle by measure looks low: the eye wants a little more room below.
    top = label.top + (label.height - tall) / 2 - label.height * 0.006
    rules: tuple[Shape, ...] = ()
    for part in parts:
        settings.append(Setting(part, label.middle, top, ink))
        top += part.height + gap
        if part is name:
            rules = rule_shapes(
                label.middle, top, min(label.width * 0.34, max(12.0, name.width * 0.5)), accent
            )
            top += rule
    return tuple(settings), rules


def set_text(
    text: str, room: tuple[float, float], voice: Voice, largest: float, lines: int, leading: float = 1.12
) -> Lettered:
    try:
        return lettering.fit(
            text, room, voice, largest=largest, smallest=1.2, most_lines=lines, leading=leading
        )
    except (TextTooLong, TextTooWide):
        return lettering.squeezed(text, room, voice, largest=largest)


def weight_of(family: Family) -> str:
    return f"{family.net_mg // 1000} g"


def rule_shapes(middle: float, y: float, width: float, colour: Colour) -> tuple[Shape, ...]:
    """A fine line with a cocoa bean in the middle."""
    half, bean = width / 2, 1.15
    almond = tuple(
        (middle + bx * bean, y + by * bean)
        for bx, by in (
            (-1.5, 0),
            (-0.8, -0.62),
            (0, -0.8),
            (0.8, -0.62),
            (1.5, 0),
            (0.8, 0.62),
            (0, 0.8),
            (-0.8, 0.62),
        )
    )
    return (
        Shape(((middle - half, y), (middle - 2.6, y)), colour, 0.22),
        Shape(((middle + 2.6, y), (middle + half, y)), colour, 0.22),
        Shape(almond, colour),
    )


def label_shapes(label: Box, palette: Palette) -> tuple[Shape, ...]:
    """A label with bitten corners, a fine line within its edge."""
    bite = min(label.width, label.height) * 0.075
    edge = 0.55
    inner = 1.7
    return (
        Shape(_bitten(label.inset(-edge, -edge), bite), palette.accent),
        Shape(_bitten(label, bite), palette.label),
        Shape(
            (*_bitten(label.inset(inner, inner), bite), _bitten(label.inset(inner, inner), bite)[0]),
            palette.accent,
            0.22,
        ),
    )


def _frame(label: Box, palette: Palette) -> tuple[Shape, ...]:
    bite = min(label.width, label.height) * 0.06
    outer, inner = _bitten(label, bite), _bitten(label.inset(1.3, 1.3), bite)
    colour = palette.accent_on_paper
    dots = tuple(
        circle(x, y, 0.55, colour, 16)
        for x in (label.left + bite * 0.34, label.right - bite * 0.34)
        for y in (label.top + bite * 0.34, label.low - bite * 0.34)
    )
    return (
        Shape((*outer, outer[0]), colour, 0.42),
        Shape((*inner, inner[0]), colour, 0.2),
        *dots,
    )


def _bitten(box: Box, bite: float) -> tuple[Point, ...]:
    """An oblong whose corners are taken away by a quarter circle."""
    corners = (
        (box.left, box.top, 90, 0),
        (box.right, box.top, 180, 90),
        (box.right, box.low, 270, 180),
        (box.left, box.low, 360, 270),
    )
    points: list[Point] = []
    for x, y, start, end in corners:
        arc = circle(x, y, bite, (0, 0, 0), 72).points
        steps = range(start // 5, end // 5 - 1, -1)
        points += [arc[step % 72] for step in steps]
    return tuple(points)


# ── Drawing ──────────────────────────────────────────────────────────────────────────────────────


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
