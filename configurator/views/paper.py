"""Snippets of the papers, in the colours that go with each base."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from configurator.catalogue.families import current_families
from configurator.domain.design import WRAPPERS
from configurator.rendering.papers import palette_of
from configurator.rendering.sleeves import swatch
from configurator.rendering.wrapping import KRAFT

SIZE: Final = (192, 116)
PX_PER_MM: Final = 5.0
FOR_A_DAY: Final = "public, max-age=86400"
NO_BASE: Final = "none"


@require_safe
def paper(request: HttpRequest, pattern: str, base: str) -> HttpResponse:
    """``base`` is "none" while no base is chosen."""
    colours = {
        module.key: module.colour
        for family in current_families()
        for module in family.seats[family.base_slot.key]
    } | {NO_BASE: KRAFT}
    if pattern not in WRAPPERS or base not in colours:
        raise Http404
    content = _snippet(pattern, base, colours[base])
    return HttpResponse(content, content_type="image/webp", headers={"Cache-Control": FOR_A_DAY})


@lru_cache(maxsize=128)
def _snippet(pattern: str, base: str, colour: str) -> bytes:
    file = BytesIO()
    swatch(pattern, palette_of(base, colour), SIZE, PX_PER_MM).save(file, "WEBP", quality=82)
    return file.getvalue()
