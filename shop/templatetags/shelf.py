"""The cards of what is for sale."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from shop.ready_bars import Offer

register = template.Library()


@dataclass(frozen=True)
class _Card:
    """An offer, told from others by all that its card shows."""

    offer: Offer = field(compare=False)
    comparing: str
    """The form of the page in which bars are ticked to be compared, or ""."""
    level: int
    of: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        offer, bar = self.offer, self.offer.bar
        words = (bar.name, offer.story, *bar.tags)
        object.__setattr__(self, "of", (bar.design_id, offer.locale, offer.quote, offer.sold_out, words))


@register.simple_tag
def bar_card(offer: Offer, comparing: str = "", level: int = 2) -> SafeString:
    """A dozen stand on a page and change a few times a year, so each is rendered once in a process.

    Nothing of a visitor stands on it: its button belongs to the one form of the page (shop/_into_cart.html).
    """
    return _rendered(_Card(offer, comparing, level))


@lru_cache(maxsize=512)
def _rendered(card: _Card) -> SafeString:
    shown = {"offer": card.offer, "comparing": card.comparing, "level": card.level}
    return render_to_string("shop/_bar.html", shown)
