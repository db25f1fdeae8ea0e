"""A bar by wish: what it shall taste and feel like, what it may cost, how much energy it may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from configurator import designs, limits
from configurator.answers import later
from configurator.catalogue import price_lists
from configurator.catalogue.sold_out import gone, offered_families
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.pricing import Quote
from configurator.pictures.previews import picture_height, preview_url
from configurator.studio.surprises import as_json, caps, stocked
from configurator.studio.wishing import (
    MOST_KCAL,
    Asked,
    bars,
    carriers,
    in_the_way,
    let_go,
    part_words,
    read,
    tastes,
    textures,
    ways,
)
from configurator.wording import locale

WISHES_A_MINUTE: Final = 60
HOUR: Final = 3600
SHOWN: Final = 6
MOST_PAGES: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A bar for a wish, with all that is shown of it."""

    design: Design
    family: Family
    quote: Quote
    facts: Facts
    kcal: int
    title: str
    words: str
    carriers: list[tuple[str, str]]

    @property
    def picture(self) -> str:
        return preview_url(self.design.digest, 600)

    @property
    def picture_height(self) -> int:
        return picture_height(self.family, 600)


@require_safe
def wish(request: HttpRequest) -> HttpResponse:
    """Without a question only the form; with one, bars that fit it or what stands in their way."""
    families = _families_or_404()
    asked = read(request.GET, _family(request, families), locale())
    page = {"asked": asked, "families": families, **_choices(asked)}
    if not asked.parts and "size" not in request.GET:
        return render(request, "configurator/wish.html", page)
    if not _is_calm(request):
        return later(request)
    return render(request, "configurator/wish.html", page | _answer(request, asked))


@require_safe
@cache_control(public=True, max_age=HOUR)
def wish_facts(request: HttpRequest) -> HttpResponse:
    """Of the bars that can be had without one of the wishes, for a browser whose owner eats none of those found.

    Every browser asks, so that nothing is told by asking.
    """
    if not limits.within("wish-facts", request, most=WISHES_A_MINUTE, seconds=60):
        return JsonResponse({"ways": []}, status=429, headers={"Cache-Control": "no-store"})
    asked = read(request.GET, _family(request, _families_or_404()), locale())
    ways = [{"query": way.query, "bars": [as_json(one) for one in facts]} for way, facts in let_go(asked)]
    return JsonResponse({"ways": ways})


def _answer(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    if not asked.is_possible:
        obstacles = [part_words(part, asked, locale()) for part in in_the_way(asked)]
        return {"obstacles": obstacles, "ways": ways(asked), "is_asked": True}
    found = [bar.named(_name(asked)) for bar in bars(asked, _seed(request))]
    designs.save_all(found)
    return {
        "is_asked": True,
        "found": [_found(bar, asked) for bar in found],
        "shown": SHOWN,
        "next": _page(request) + 1,
        # For who finds nothing among them that fits a diet: each wish let go of, as far as that helps.
        "drops": [(part_words(part, asked, locale()), asked.without((part,))) for part in asked.parts],
    }


def _choices(asked: Asked) -> dict[str, Any]:
    family = asked.family
    prices = {*caps(family), *([asked.most_cents] if asked.most_cents is not None else [])}
    energies = {*MOST_KCAL, *([asked.most_kcal] if asked.most_kcal is not None else [])}
    return {
        "tastes": tastes(family, locale()),
        "textures": textures(family, locale()),
        "bases": [
            (base.key, base.name.to(locale()))
            for base in family.seats[family.base_slot.key]
            if not base.retired and base.key not in gone(family)
        ],
        "liked": {trait.key for trait in asked.traits},
        "prices": sorted(prices),
        "energies": sorted(energies),
    }


def _found(bar: Design, asked: Asked) -> Found:
    family = asked.family
    names = [family.modules[key].name.to(locale()) for key in dict.fromkeys(bar.modules)]
    return Found(
        design=bar,
        family=family,
        quote=price_lists.priced(bar, family, locale()),
        facts=facts_of(bar, family),
        kcal=round(stocked(family).kcal(bar)),
        title=names[0],
        words=" · ".join(names[1:]),
        carriers=carriers(asked, bar, locale()),
    )


def _name(asked: Asked) -> str:
    """What was wished for, as far as it fits on the wrapper."""
    for number in (3, 2, 1):
        name = " & ".join(trait.name.capitalize() for trait in asked.traits[:number])
        if name and len(name) <= asked.family.name_max:
            return name
    return _("My wish")


def _families_or_404() -> tuple[Family, ...]:
    """Before a catalogue is loaded there is nothing to wish for."""
    if families := offered_families():
        return families
    raise Http404


def _family(request: HttpRequest, families: tuple[Family, ...]) -> Family:
    return next((family for family in families if family.key == request.GET.get("size")), families[0])


def _page(request: HttpRequest) -> int:
    written = request.GET.get("more", "")
    return (
        min(MOST_PAGES, int(written)) if written.isascii() and written.isdigit() and len(written) < 4 else 0
    )


def _seed(request: HttpRequest) -> int:
    """The same wish finds the same bars, until somebody asks for others."""
    return 1 + 100_000 * _page(request)


def _is_calm(request: HttpRequest) -> bool:
    return limits.within("wishes", request, most=WISHES_A_MINUTE, seconds=60)
