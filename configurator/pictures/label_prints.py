"""The legal label as the printer takes it: a PDF of the label's own size, in type of the legal size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import segno
import typst
from django.conf import settings

from configurator.domain.design import Design
from configurator.domain.family import Family, Text
from configurator.domain.label import Label, label
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.markets import UNITED_STATES, Block, blocks
from configurator.domain.label.packs import (
    SMALL_X_HEIGHT,
    X_HEIGHT,
    digit_height,
    largest_surface_cm2,
    x_height,
)
from configurator.domain.label.sheet import LOT, sheet
from configurator.domain.label.us import UsLabel, us_label
from configurator.domain.label.us_panel import in_a_line, panel
from configurator.pictures.prints import compiled
from configurator.rendering.type_sizes import digit_ratio, x_ratio

REGULAR: Final = "FiraSansExtraCondensed-Regular"
BOLD: Final = "FiraSansExtraCondensed-Bold"
OVERFLOW: Final = "label-overflow"
STICKER: Final = (60.0, 90.0)
"""Millimetres: the usual back label, and the first that is tried."""
EDGE: Final = 4.0
"""What stays free around a label that covers the whole back."""
LARGEST: Final = (152.0, 107.0)
OVER_THE_EDGE: Final = (1.5, 1.75)
"""A label that is higher than the back is folded to the front."""
ASIDE_IN_X_HEIGHTS: Final = 46
"""Width of the column beside the list."""
STAMP: Final = 6.5

BAG_LABEL: Final = (41.0, 48.0)
"""On the back of a bag."""
BAG_DIGITS: Final = 2.0
"""Millimetres: no bag weighs 50 g (76/211/EEC Annex I point 3.1)."""
CONTAINS: Final = Text("Contains", "Enthält")

BEST_BY: Final = "Best by"
US_X_HEIGHT: Final = 25.4 / 16
"""101.2(c): a sixteenth of an inch, measured on the small o."""
US_LINE_HEIGHTS: Final = (90.0, 110.0, 130.0, 142.0)
SMALL_US_SQUARE_INCHES: Final = 40
US_HEIGHTS: Final = (130.0, 150.0, 180.0, 210.0, 240.0, 270.0, 300.0)
THICK: Final = 15.0
"""What the strip needs at each end of a wrapped bar."""
WIDEST_US: Final = 74.0
CM2_PER_SQUARE_INCH: Final = 6.4516
US_DIGITS: Final = ((5, 25.4 / 16), (25, 25.4 / 8), (100, 25.4 * 3 / 16))
LARGEST_US_DIGITS: Final = 25.4 / 4


DOTS: Final = 4
"""Of a printer of 300 dots to the inch, for each module of the square code."""
DOTS_PER_INCH: Final = 300


class CannotBePrinted(ValueError):
    """There is no legal label of this bar."""


class LabelTooLong(CannotBePrinted):
    """Not even the largest label of the family holds this text in legal type."""


class LabelUnfinished(CannotBePrinted):
    """Without a base a bar has no legal name."""


class NotSoldThere(CannotBePrinted):
    """A module may not be sold in that country."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        super().__init__(", ".join(block.module for block in blocks))
        self.blocks = blocks


@dataclass(frozen=True, slots=True)
class Format:
    """Of a label, in millimetres."""

    width: float
    height: float
    layout: Literal["tall", "wide", "dense"]


@dataclass(frozen=True, slots=True)
class Stamped:
    """What is known only of a bar that was made."""

    best_before: str
    lot: str
    code: str
    """Of this very label."""
    address: str
    """Of the bar's page: what its square code says."""


def pdf(design: Design, family: Family, locale: str) -> bytes:
    """Of a bar as it would be made today. Raises CannotBePrinted."""
    return label_pdf(label(design, family, locale), family, design.name, design.code)


def label_pdf(of: Label, family: Family, title: str, code: str, stamped: Stamped | None = None) -> bytes:
    """On the smallest of the family's labels that holds it. Raises CannotBePrinted."""
    made = _stamped(stamped) if stamped else {}
    if of.bags:
        return _bags_pdf(of, family, title, code, made)
    if not of.name or not family.is_bar:
        raise LabelUnfinished(code)
    sheets = (_said(of, family, size, title, code) | made for size in formats(family))
    return _first_that_fits("label.typ", sheets, f"{family.key}, {of.locale}")


def _stamped(made: Stamped) -> dict[str, Any]:
    square = segno.make(made.address, error="m", micro=False)
    modules, _high = square.symbol_size(border=0)
    # Each module is a whole number of the printer's dots, so that none is thicker than its neighbour.
    side = modules * DOTS * 25.4 / DOTS_PER_INCH
    return {"stamped": {**asdict(made), "square": square.svg_inline(border=0), "side": side}}


def _bags_pdf(of: Label, family: Family, title: str, code: str, made: dict[str, Any]) -> bytes:
    """The label of the lid, then that of each bag by its number, a page each."""
    said = {
        "box": asdict(sheet(of)),
        "marked": [_marked(bag.ingredients) for bag in of.bags],
        "contains": CONTAINS.to(of.locale),
        "allergens": ", ".join(ALLERGENS[code_of].to(of.locale) for code_of in of.allergens),
        "inside": [f"{number} {bag.name}" for number, bag in enumerate(of.bags, start=1)],
        "width": BAG_LABEL[0],
        "height": BAG_LABEL[1],
        "size": SMALL_X_HEIGHT / 10 / x_ratio(REGULAR),
        "lid_size": X_HEIGHT / 10 / x_ratio(REGULAR),
        "digits": BAG_DIGITS / digit_ratio(BOLD),
        "address": settings.SHOP_ADDRESS,
        "title": title,
        "code": code,
        **made,
    }
    try:
        return compiled("bags.typ", label=json.dumps(said))
    except typst.TypstError as error:
        if OVERFLOW not in str(error):
            raise
    raise LabelTooLong(f"{family.key}, {of.locale}")


def us_pdf(design: Design, family: Family) -> bytes:
    """The label of the United States. Raises CannotBePrinted."""
    of = us_label(design, family)
    if not of.name:
        raise LabelUnfinished(design.code)
    if of.blocked:
        raise NotSoldThere(blocks(design, family, UNITED_STATES))
    sheets = (_said_us(of, family, size, design.name, design.code) for size in us_formats(of, family))
    return _first_that_fits("label-us.typ", sheets, f"{family.key}, {UNITED_STATES}")


def _first_that_fits(file: str, sheets: Iterator[dict[str, Any]], what: str) -> bytes:
    for said in sheets:
        try:
            return compiled(file, label=json.dumps(said))
        except typst.TypstError as error:
            if OVERFLOW not in str(error):
                raise
    raise LabelTooLong(what)


def formats(family: Family) -> Iterator[Format]:
    """From the usual one to the one for the longest text."""
    back = (family.length / 10 - 2 * EDGE, family.width / 10 - 2 * EDGE)
    if max(back) >= max(STICKER) and min(back) >= min(STICKER):
        yield Format(*STICKER, "tall")
    width, height = (min(side, most) for side, most in zip(back, LARGEST, strict=True))
    yield Format(width, height, "wide")
    yield Format(width, height, "dense")
    yield from (Format(width, height * share, "dense") for share in OVER_THE_EDGE)


def _said(of: Label, family: Family, size: Format, title: str, code: str) -> dict[str, Any]:
    x_height_mm = x_height(family) / 10
    return {
        "sheet": asdict(sheet(of)),
        "ingredients": _marked(of.ingredients),
        "width": size.width,
        "height": size.height,
        "layout": size.layout,
        "aside": ASIDE_IN_X_HEIGHTS * x_height_mm,
        # The bold face is a little larger than the regular one, so the regular one decides.
        "size": x_height_mm / x_ratio(REGULAR),
        "digits": digit_height(family.net_mg) / 10 / digit_ratio(BOLD),
        "stamp": STAMP,
        "address": settings.SHOP_ADDRESS,
        "title": title,
        "code": code,
    }


def _marked(text: str) -> list[tuple[str, bool]]:
    """A label's ``**word**`` → (word, True)."""
    return [(part, place % 2 == 1) for place, part in enumerate(text.split("**")) if part]


# ── The United States ────────────────────────────────────────────────────────────────────────────


def us_formats(of: UsLabel, family: Family) -> Iterator[Format]:
    """A strip along the bar, for its panel needs height more than width; and for a small pack that such a
    strip is too narrow for, a wide one with the nutrition in a line. Each may go round the bar once."""
    short, long = sorted((family.length / 10, family.width / 10))
    width = min(WIDEST_US, short - 2 * EDGE)
    yield from (Format(width, high, "tall") for high in US_HEIGHTS if high <= 2 * (long + THICK))
    if _is_small_in_us(short, long) and in_a_line(of):
        heights = (high for high in US_LINE_HEIGHTS if high <= 2 * (short + THICK))
        yield from (Format(long - 2 * EDGE, high, "dense") for high in heights)


def _is_small_in_us(short: float, long: float) -> bool:
    """By all that can bear a label (101.9(j)(13)(ii)): both faces and the edges."""
    square_mm = 2 * (short * long + (short + long) * THICK)
    return square_mm / 100 / CM2_PER_SQUARE_INCH <= SMALL_US_SQUARE_INCHES


def _said_us(of: UsLabel, family: Family, size: Format, title: str, code: str) -> dict[str, Any]:
    return {
        "name": of.name,
        "net": of.net_quantity,
        "panel": asdict(panel(of)),
        "line": in_a_line(of) if size.layout == "dense" else "",
        "ingredients": of.ingredients,
        "contains": of.contains_statement,
        "precaution": of.precaution,
        "storage": of.storage,
        "stamps": [BEST_BY, LOT.en],
        "address": settings.SHOP_ADDRESS,
        "width": size.width,
        "height": size.height,
        "size": US_X_HEIGHT / x_ratio(REGULAR),
        "digits": us_digit_height(family) / digit_ratio(BOLD),
        "title": title,
        "code": code,
    }


def us_digit_height(family: Family) -> float:
    """By the area of the principal display panel (101.7(i)): 1/16, 1/8, 3/16 or 1/4 inch."""
    square_inches = float(largest_surface_cm2(family)) / CM2_PER_SQUARE_INCH
    return next((height for up_to, height in US_DIGITS if square_inches <= up_to), LARGEST_US_DIGITS)
