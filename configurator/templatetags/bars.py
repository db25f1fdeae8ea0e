"""How prices, grams, cards and labels are written on a page."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from configurator import wording
from configurator.currency import active
from configurator.designs import Review
from configurator.domain.label import Label
from configurator.domain.label.sheet import Sheet, thawed
from configurator.domain.label.sheet import sheet as printed_sheet
from configurator.pictures.previews import picture_height, preview_url, wrapped_url
from configurator.studio.page import Offer, Studio
from configurator.studio.zoning import zone_note

register = template.Library()

UNIT: Final = re.compile(r"(?<=\d) (?=(?:%|€|[kµ]?g|kcal|kJ|[cm]?m)(?!\w))")

register.filter("money", wording.money)
register.filter("extra", wording.extra)
register.filter("grams", wording.grams)


@register.filter
def emphasised(text: str) -> SafeString:
    """A label's ``**word**`` as bold type, whatever else it holds as plain text."""
    parts = enumerate(text.split("**"))
    return format_html_join(
        "", "{}", ((_bold(part) if place % 2 else conditional_escape(part),) for place, part in parts)
    )


@register.filter
def sheet(label: Label | dict[str, Any]) -> Sheet:
    """The label as it is read; one that an order kept is plain values."""
    return printed_sheet(label if isinstance(label, Label) else thawed(label))


register.simple_tag(zone_note)


@register.filter
def unbroken(amount: str) -> str:
    """A number never parts from its unit: "2356 kJ / 567 kcal" breaks behind the stroke only."""
    return " / ".join(part.replace(" ", wording.NBSP) for part in amount.split(" / "))


@register.filter
def holding_units(words: str) -> str:
    """A sentence in which no number parts from its unit at the end of a line."""
    return UNIT.sub(wording.NBSP, words)


@register.simple_tag
def module_card(offer: Offer, live: object = "") -> SafeString:
    """Two hundred cards stand on a page and few of them change, so each look is rendered once."""
    return _module_card(offer, live=bool(live), locale=wording.locale(), currency=active())


@lru_cache(maxsize=8192)
def _module_card(
    offer: Offer, *, live: bool, locale: str, currency: str
) -> SafeString:  # the words depend on them
    return render_to_string("configurator/_module.html", {"offer": offer, "card": offer.card, "live": live})


@register.simple_tag(takes_context=True)
def lasting(context: dict[str, Any], template: str) -> SafeString:
    """A part of a bar's page that its design decides alone: rendered once in a process, however many look at it."""
    return _lasting(template, _Shown(context["review"]), settings.SHOP_NAME, settings.SHOP_ADDRESS)


@dataclass(frozen=True)
class _Shown:
    """A review, told from others by its design and language alone."""

    review: Review = field(compare=False)
    of: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", (self.review.digest, self.review.locale))


@lru_cache(maxsize=1024)
def _lasting(template: str, shown: _Shown, shop: str, address: str) -> SafeString:
    review = shown.review
    return render_to_string(
        template,
        {
            "review": review,
            "studio": Studio(review),
            "shop": {"name": shop, "address": address},
            "is_only_shown": True,
            "picture": preview_url(review.digest, 600),
            "picture_large": preview_url(review.digest, 1200),
            "picture_height": picture_height(review.family, 600),
            "picture_wrapped": wrapped_url(review.digest),
            "eager": True,
        },
    )


def _bold(word: str) -> SafeString:
    return format_html("<strong>{}</strong>", word)
