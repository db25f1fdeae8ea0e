"""The paper sleeve of a bar: laid out once in millimetres, for the picture and for the press."""

from __future__ import annotations

from dataclasses import dataclass

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.rendering import lettering
from configurator.rendering.lettering import Lettered, TextTooLong, TextTooWide, Voice
from configurator.rendering.papers import BLEED, Palette, Point, Shape, circle, palette_of, shapes
from configurator.rendering.solids import Colour

KRAFT = "#D8BD96"
"""The paper of a bar that has no base yet."""
SHOP = "Couverture"
NAME_SMALLEST, WORDS_SMALLEST = 3.2, 2.3
"""Of an em in millimetres; smaller type fills in on uncoated paper."""


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
    frame = frame_shapes(label, palette) if plain else label_shapes(label, palette)
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


def frame_shapes(label: Box, palette: Palette) -> tuple[Shape, ...]:
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
