"""Two to four bars side by side: what each is and costs, and in what they differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from configurator import designs
from configurator.catalogue import price_lists
from configurator.designs import DesignUnknown
from configurator.domain.codes import CodeMistyped
from configurator.domain.design import Design, read_code
from configurator.domain.family import Family
from configurator.domain.label import Label, label
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.pricing import Quote
from configurator.models import Design as DesignRow
from configurator.pictures.previews import picture_height, preview_url
from configurator.rendering.inscriptions import carries_words, words_of
from configurator.studio.page import WRAPPER_NAMES
from configurator.wording import grams, money

MOST: Final = 4
DIGEST: Final = re.compile("[0-9a-f]{64}")
LONGEST: Final = 300
WORDY_FROM: Final = 12


@dataclass(frozen=True, slots=True)
class Compared:
    """A bar with all that it is compared by."""

    design: Design
    family: Family
    quote: Quote
    label: Label
    facts: Facts
    problem: str

    @property
    def digest(self) -> str:
        return self.design.digest

    @property
    def name(self) -> str:
        return self.design.name or _("A bar without a name")

    @property
    def picture(self) -> str:
        return preview_url(self.digest, 600)

    @property
    def picture_height(self) -> int:
        return picture_height(self.family, 600)


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    is_shared: bool
    """By all bars; the others are what to look at."""


@dataclass(frozen=True, slots=True)
class Cell:
    bar: str
    words: tuple[Word, ...]
    """None where the bar has nothing of that."""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return any(not word.is_shared for cell in self.cells for word in cell.words)

    @property
    def is_wordy(self) -> bool:
        """Too long for a quarter of a phone's width."""
        return any(len(", ".join(word.text for word in cell.words)) > WORDY_FROM for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    rows: tuple[Row, ...]


def find(written: Iterable[str]) -> tuple[list[DesignRow], list[str]]:
    """Digests, addresses of bars or codes from packs → the bars, each once, and what was none."""
    found: dict[str, DesignRow] = {}
    unknown = []
    for text in dict.fromkeys(word.strip()[:LONGEST] for word in written if word.strip()):
        try:
            row = _find(text)
            found.setdefault(row.digest, row)
        except (DesignUnknown, CodeMistyped):
            unknown.append(text)
    return list(found.values()), unknown


def compared(row: DesignRow, locale: str) -> Compared:
    design, family = row.value, designs.family_of(row)
    problems = designs.problems(design, family, locale)
    return Compared(
        design,
        family,
        price_lists.priced(design, family, locale),
        label(design, family, locale),
        facts_of(design, family),
        problems[0].message if problems else "",
    )


def sections(bars: Sequence[Compared], locale: str) -> tuple[Section, ...]:
    return (
        Section(_("At a glance"), _glance(bars, locale)),
        Section(_("Allergens and diet"), _diet(bars, locale)),
        Section(_("What is in it"), _inside(bars, locale)),
        Section(_("How it looks"), _looks(bars, locale)),
    )


def _find(text: str) -> DesignRow:
    digest = DIGEST.search(text)
    return designs.find(digest[0]) if digest else designs.find_by_code(read_code(text))


def _glance(bars: Sequence[Compared], locale: str) -> tuple[Row, ...]:
    return (
        _row(_("Price"), bars, lambda bar: [money(bar.quote.total_cents)]),
        _row(_("Price per kilogram"), bars, lambda bar: [money(bar.quote.cents_per_kg)]),
        _row(_("Size"), bars, lambda bar: [bar.family.name.to(locale)]),
        _row(_("Energy in 100 g"), bars, lambda bar: [_kcal(bar)]),
        _row(_("Sugars in 100 g"), bars, lambda bar: [bar.label.nutrition.sugars]),
        _row(_("Legal name"), bars, lambda bar: [bar.label.name]),
        _row(_("Can be ordered"), bars, lambda bar: [bar.problem or _("yes")]),
    )


def _kcal(bar: Compared) -> str:
    """The label says kilojoules first; people compare the other number."""
    return bar.label.nutrition.energy.rpartition(" / ")[2]


def _diet(bars: Sequence[Compared], locale: str) -> tuple[Row, ...]:
    return (
        _row(_("Contains"), bars, lambda bar: allergen_names(bar.label.allergens, locale)),
        _row(_("May contain"), bars, lambda bar: allergen_names(bar.label.may_contain, locale)),
        _row(_("By its recipe"), bars, lambda bar: _suits(bar.facts)),
    )


def allergen_names(codes: Iterable[str], locale: str) -> list[str]:
    return [ALLERGENS[code].to(locale) for code in codes]


def _suits(facts: Facts) -> list[str]:
    words = {
        _("vegan"): facts.vegan,
        _("vegetarian"): facts.vegetarian and not facts.vegan,
        _("without gluten"): facts.gluten_free,
        _("without alcohol"): facts.alcohol_free,
    }
    return [word for word, is_so in words.items() if is_so]


def _inside(bars: Sequence[Compared], locale: str) -> tuple[Row, ...]:
    """A row for each module that is in any of them, in the order of the slots."""
    longest = max(len(bar.family.slots) for bar in bars)
    places = {
        (slot.key, choice.module): slot.name.to(locale)
        for place in range(longest)
        for bar in bars
        for slot in bar.family.slots[place : place + 1]
        for choice in bar.design.in_slot(slot.key)
    }
    modules = {key: bar.family.modules[key].name.to(locale) for bar in bars for key in bar.design.modules}
    often = Counter(module for _slot, module in places)
    base = _row(_("Base"), bars, lambda bar: _base(bar, locale))
    # What lies on one bar and is mixed into another stands in two rows.
    return (
        base,
        *(
            _row(
                f"{modules[module]} ({slot_name})" if often[module] > 1 else modules[module],
                bars,
                _dose_in((slot, module)),
            )
            for (slot, module), slot_name in places.items()
        ),
    )


def _base(bar: Compared, locale: str) -> list[str]:
    if bar.design.base is None:
        return []
    fill_mg = bar.family.net_mg - bar.design.inclusions_mg
    return [f"{bar.family.modules[bar.design.base].name.to(locale)}, {grams(fill_mg)}"]


def _dose_in(place: tuple[str, str]) -> Callable[[Compared], list[str]]:
    def dose(bar: Compared) -> list[str]:
        return [grams(choice.mg) for choice in bar.design.choices if (choice.slot, choice.module) == place]

    return dose


def _looks(bars: Sequence[Compared], locale: str) -> tuple[Row, ...]:
    return (
        _row(_("Face"), bars, lambda bar: [_face(bar, locale)]),
        _row(_("Wrapper"), bars, lambda bar: [str(WRAPPER_NAMES[bar.design.wrapper.pattern])]),
        _row(_("Words on the wrapper"), bars, lambda bar: _said(bar.design.wrapper.text)),
        _row(_("Words on the chocolate"), bars, lambda bar: _said(_inscription(bar))),
    )


def _face(bar: Compared, locale: str) -> str:
    key = bar.design.face or bar.family.faces[0].key
    return next((face.name.to(locale) for face in bar.family.faces if face.key == key), key)


def _inscription(bar: Compared) -> str:
    modules = (bar.family.modules[choice.module] for choice in bar.design.choices)
    return words_of(bar.design).text if any(map(carries_words, modules)) else ""


def _said(words: str) -> list[str]:
    return [words] if words else []


def _row(name: str, bars: Sequence[Compared], of: Callable[[Compared], list[str]]) -> Row:
    said = [of(bar) for bar in bars]
    shared = set.intersection(*map(set, said))
    cells = (
        Cell(bar.name, tuple(Word(text, text in shared) for text in texts))
        for bar, texts in zip(bars, said, strict=True)
    )
    return Row(name, tuple(cells))
