"""A card of a bar to print: its picture, its name, what is in it, when it was designed, where to find it."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import date
from typing import Final

import segno
from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.recipe import recipe
from configurator.pictures.prints import compiled
from configurator.wording import grams

INK: Final = "#2a1710"


def card_pdf(
    design: Design,
    family: Family,
    locale: str,
    *,
    code: str,
    day: date,
    address: str,
    picture: bytes,
    size: tuple[int, int],
) -> bytes:
    """A6. ``picture`` is a JPEG of that size; without an address nobody is told where to look."""
    name = design.name or _("A bar without a name")
    said = {
        "title": name,
        "name": name,
        "lang": locale,
        "parts": _parts(design, family, locale),
        "said": f"{family.name.to(locale)}",
        "day": _("Designed on %(day)s") % {"day": formats.date_format(day, "DATE_FORMAT")},
        "shop": settings.SHOP_NAME,
        "code": code if address else "",
    }
    return compiled(
        "card.typ",
        card=json.dumps(said),
        picture=_as_svg(picture, size),
        code=segno.make(address, error="m", micro=False).svg_inline(border=0, dark=INK) if address else "",
    )


def _parts(design: Design, family: Family, locale: str) -> list[str]:
    """The base fills up the bar; of all else the grams are said."""
    return [
        family.modules[portion.module].name.to(locale)
        + ("" if portion.slot == family.base_slot.key else f" {grams(portion.mg)}")
        for portion in recipe(design, family)
    ]


def _as_svg(picture: bytes, size: tuple[int, int]) -> str:
    # typst takes pictures as files or text; a picture inside an SVG needs no file.
    width, height = size
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/jpeg;base64,{b64encode(picture).decode()}"/></svg>'
    )
