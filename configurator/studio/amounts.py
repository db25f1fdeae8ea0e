"""Exact grams of a choice, as they are typed on the studio's page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from configurator.domain import recipe
from configurator.domain.family import Milligrams
from configurator.domain.label.words import written

EXACTLY: Final = "other"
"""Chosen instead of a dose, it gives the field for grams the word."""

GRAMS: Final = re.compile(r"\d{1,3}([.,]\d{1,3})?", re.ASCII)
DOSE: Final = re.compile(r"dose-(?P<place>\w{1,40}-[\w-]{1,60})", re.ASCII)
TYPED_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the fields for grams say; by place, as "toppings-almond_whole"."""

    typed: Mapping[str, str] = field(default_factory=dict)
    """Only of those whose field is open."""
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> Mapping[str, str]:
        """So that the next page shows what was mistyped, too."""
        pairs = {}
        for place in self.mistakes:
            pairs[f"dose-{place}"] = EXACTLY
            pairs[f"grams-{place}"] = self.typed[place]
        return pairs


NOTHING_TYPED: Final = Amounts()


def read_amounts(said: QueryDict, locale: str) -> Amounts:
    places = [found["place"] for name in said if (found := DOSE.fullmatch(name)) and said[name] == EXACTLY]
    typed = {place: said.get(f"grams-{place}", "").strip()[:TYPED_MAX] for place in places}
    mistaken = (place for place, grams in typed.items() if exact_mg(grams) is None)
    return Amounts(typed, dict.fromkeys(mistaken, mistake_words(locale)))


def exact_mg(typed: str) -> Milligrams | None:
    """12,5 or 12.5 → 12500; None for nothing, and for what is no number of grams."""
    typed = typed.strip()
    return int(Decimal(typed.replace(",", ".")) * 1000) or None if GRAMS.fullmatch(typed) else None


def exact_grams(mg: Milligrams, locale: str) -> str:
    """12500 → "12.5", in German "12,5": as it stands in the field."""
    return written(recipe.grams(mg), locale)


def mistake_words(locale: str) -> str:
    example = written("12.5", locale)
    return _("Write the grams as a number above 0, such as %(example)s.") % {"example": example}
