"""Bars side by side, for who cannot decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from configurator import designs, limits
from configurator.answers import later
from configurator.makers import keeping, standing
from configurator.makers.makers import maker_of
from configurator.models import Design as DesignRow
from configurator.studio.comparing import MOST, Compared, compared, find, sections
from configurator.wording import locale

COMPARISONS_A_MINUTE: Final = 60
OWN_OFFERED: Final = 8
READY_OFFERED: Final = 24
READ_AT_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that could be added."""

    name: str
    bars: list[DesignRow]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """``d`` names a bar: by its digest, its address, or the code on its pack."""
    if not limits.within("comparisons", request, most=COMPARISONS_A_MINUTE, seconds=60):
        return later(request)
    rows, unknown = find(request.GET.getlist("d")[:READ_AT_MOST])
    # What is private is unknown to everybody else; and only bars are compared, not boxes of samples.
    seen = [row for row in rows if keeping.may_see(request, row.digest) and designs.family_of(row).is_bar]
    unknown += [row.digest for row in rows if row not in seen]
    bars = [compared(row, locale()) for row in seen[:MOST]]
    page = {
        "bars": bars,
        "columns": [(bar, _query(other for other in bars if other is not bar)) for bar in bars],
        "sections": sections(bars, locale()) if len(bars) > 1 else (),
        "unknown": unknown,
        "too_many": len(seen) > MOST,
        "only": "only" in request.GET,
        "query": _query(bars),
        "groups": _groups(request, bars) if len(bars) < MOST else [],
    }
    return render(request, "configurator/compare.html", page)


def _groups(request: HttpRequest, bars: list[Compared]) -> list[Group]:
    there = {bar.digest for bar in bars}
    kept = keeping.kept_by(maker_of(request)).exclude(design__in=there)[:OWN_OFFERED]
    own = Group(_("My bars"), list({creation.design_id: creation.design for creation in kept}.values()))
    ready = [row for source in standing.on_sale for row in source().exclude(pk__in=there)[:READY_OFFERED]]
    return [group for group in (own, Group(_("Ready bars"), ready)) if group.bars]


def _query(bars: Iterable[Compared]) -> str:
    return "&".join(f"d={bar.digest}" for bar in bars)
