"""What the studio page shows of a reviewed design: the shelves, the bar so far, the news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from configurator.catalogue import price_lists
from configurator.designs import Review
from configurator.domain.arrangements import (
    arrangement,
    contents,
    in_words,
    pattern_names,
)
from configurator.domain.constraints import Problem
from configurator.domain.design import LETTER, WRAPPERS, Choice, Design, choice_modules
from configurator.domain.domains import ModuleState, domains
from configurator.domain.family import Family, Milligrams, Slot
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.pricing import quote, surcharge_cents
from configurator.domain.recipe import numbered
from configurator.domain.repairs import Repair, cures
from configurator.domain.samples import cents_per_kg
from configurator.pictures import photos
from configurator.rendering.inscriptions import carries_words, words_of
from configurator.studio.amounts import NOTHING_TYPED, Amounts, exact_grams
from configurator.studio.shelves import Dose, ModuleCard, Shelf, card_of, hits, shelves
from configurator.wording import money

WRAPPER_NAMES: Final[dict[str, str | Promise]] = {
    "plain": gettext_lazy("Plain"),
    "stripes": gettext_lazy("Stripes"),
    "dots": gettext_lazy("Dots"),
    "leaves": gettext_lazy("Leaves"),
    "waves": gettext_lazy("Waves"),
    "confetti": gettext_lazy("Confetti"),
}

DOSE_RULES: Final = ("dose-minimum", "dose-maximum")


@dataclass(frozen=True, slots=True)
class Cure:
    """One click that takes away what a problem is about."""

    slot: str
    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A card as it stands for this design: chosen, open, or blocked with its reason."""

    card: ModuleCard
    state: Literal["chosen", "open", "blocked"]
    reason: str
    instead_of: Cure | None = None
    """The one choice that stands in the way, when there is just one."""
    hidden: bool = False
    """Left out by a search; it stays in the form, because the form is the design."""


@dataclass(frozen=True, slots=True)
class OfferedShelf:
    shelf: Shelf
    offers: tuple[Offer, ...]
    """The best hits of a search first."""
    chosen: int
    hits: int | None = None
    """What a search finds here; None without one."""

    @property
    def key(self) -> str:
        return self.shelf.slot.key


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Portion:
    """A choice in the bar so far, with the doses that it could have."""

    card: ModuleCard
    slot_name: str
    mg: Milligrams
    cents: int
    is_retired: bool
    """No longer sold; it stays in the bars that were made with it, which cannot be ordered so."""
    doses: tuple[Dose, ...]
    is_exact: bool
    """Its grams are typed, not one of the doses."""
    exact: str
    """The grams as they are, or as they were typed."""
    mistake: str
    """What is wrong with its amount."""
    patterns: tuple[Option, ...]
    """Empty for what has no pieces to arrange on top."""
    letter: str
    """The sign that the pieces are laid in; empty for other patterns."""
    moved: int
    """Pieces that the customer has laid one by one."""
    arrangement: str
    """How its pieces lie, in words."""
    number: int = 0
    """On the bag, of what is a sample."""
    cents_per_kg: int | None = None
    """Of a bag that needs one."""


@dataclass(frozen=True, slots=True)
class Complaint:
    message: str
    address: str
    """Where it can be cured: a place on this page, or on the one with the wrapper's shelf open."""
    cures: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Studio:
    """The studio's page of one design."""

    review: Review
    search: str = ""
    amounts: Amounts = NOTHING_TYPED

    @property
    def shelves(self) -> tuple[OfferedShelf, ...]:
        put_up = shelves(self.review.family.version, self.review.locale)
        places = hits(self.review.family.version, self.review.locale, self.search)
        return tuple(self._offered(shelf, places) for shelf in put_up.values())

    @property
    def base(self) -> ModuleCard | None:
        key = self.review.design.base
        return self._card(self.review.family.base_slot.key, key) if key else None

    @property
    def base_is_retired(self) -> bool:
        key = self.review.design.base
        return key is not None and self.review.family.modules[key].retired

    @property
    def portions(self) -> tuple[Portion, ...]:
        """In the order of the slots, as they are listed in the bar so far."""
        return tuple(
            self._portion(self._card(slot.key, choice.module), choice, slot)
            for slot in self.review.family.slots
            for choice in self.review.design.in_slot(slot.key)
        )

    def _portion(self, card: ModuleCard, choice: Choice, slot: Slot) -> Portion:
        module, locale = self.review.family.modules[choice.module], self.review.locale
        is_exact = card.id in self.amounts.typed or all(dose.mg != choice.mg for dose in card.doses)
        is_bar = self.review.family.is_bar
        lies_on_top = is_bar and "mix-in" not in slot.kinds and module.shape.hint != "sheet"
        cents = surcharge_cents(module, choice.mg, price_lists.active())
        return Portion(
            card=card,
            slot_name=slot.name.to(locale),
            mg=choice.mg,
            cents=cents,
            is_retired=module.retired,
            doses=card.doses,
            is_exact=is_exact,
            exact=self.amounts.typed.get(card.id, exact_grams(choice.mg, locale)),
            mistake=self.amounts.mistakes.get(card.id, self._dose_mistake(choice)),
            patterns=_patterns(choice, locale) if lies_on_top else (),
            letter=choice.pattern.removeprefix(LETTER) if choice.pattern.startswith(LETTER) else "",
            moved=self._moved(choice),
            arrangement=arrangement(choice, self.review.scene, self.review.family, locale) if is_bar else "",
            number=self._numbers[slot.key, choice.module] if not is_bar else 0,
            cents_per_kg=None if is_bar else cents_per_kg(cents, choice.mg),
        )

    @property
    def _numbers(self) -> dict[tuple[str, str], int]:
        return numbered(self.review.design, self.review.family)

    def _dose_mistake(self, choice: Choice) -> str:
        doses = (p for p in self.review.problems if p.rule in DOSE_RULES and choice.module in p.modules)
        return next((problem.message for problem in doses), "")

    def _moved(self, choice: Choice) -> int:
        place = (choice.slot, choice.module)
        return sum(piece.moved for piece in self.review.scene.pieces if (piece.slot, piece.module) == place)

    @property
    def faces(self) -> tuple[Option, ...]:
        """Empty for a family that is made in one way only."""
        faces = self.review.family.faces
        chosen = self.review.design.face or faces[0].key
        options = (Option(face.key, face.name.to(self.review.locale), face.key == chosen) for face in faces)
        return tuple(options) if len(faces) > 1 else ()

    @property
    def wrappers(self) -> tuple[Option, ...]:
        chosen = self.review.design.wrapper.pattern
        return tuple(Option(key, str(WRAPPER_NAMES[key]), key == chosen) for key in WRAPPERS)

    @property
    def inscribable(self) -> bool:
        """Whether there is something on the bar that carries the customer's words."""
        chosen = choice_modules(self.review.design, self.review.family)
        return any(carries_words(module) for _choice, module in chosen)

    @property
    def face_name(self) -> str:
        """Empty for a family that is made in one way only."""
        return next((face.name for face in self.faces if face.chosen), "")

    @property
    def wrapper_name(self) -> str:
        return next((wrapper.name for wrapper in self.wrappers if wrapper.chosen), "")

    @property
    def inscription_words(self) -> str:
        """What everybody may read on the chocolate: words, even where its maker sees a photo."""
        return words_of(self.review.design).text if self.inscribable else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of a bar that is fine as it is."""
        return (*left_over_words(self.review), *photos.notes(self.review.design, self.review.family))

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        return tuple(
            Complaint(
                message=problem.message,
                address=self._address(problem),
                cures=cures(
                    problem,
                    self.review.design,
                    self.review.family,
                    self.review.locale,
                    price_lists.active(),
                ),
            )
            for problem in self.review.problems
        )

    def _address(self, problem: Problem) -> str:
        is_photo = problem.rule.startswith("photo")
        if problem.slot == "name":
            return "#name"
        if problem.slot == "face":
            return f"#face-{self.review.family.faces[0].key}"
        if problem.slot == "wrapper":
            return f"?step=paper#{'wrapper-upload' if is_photo else 'wrapper-text'}"
        if problem.slot == "inscription":
            words = "inscription" if self.inscribable else "inscription-field"
            return f"?step=paper#{'inscription-upload' if is_photo else words}"
        return "#bar"

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong with the words typed for the name, the wrapper or the chocolate."""
        typed = [p for p in self.review.problems if p.slot and not p.rule.startswith("photo")]
        return {problem.slot: problem.message for problem in reversed(typed)}

    @property
    def room_mg(self) -> Milligrams:
        """What may still be added before the bar may no longer be called chocolate."""
        return max(0, self.most_mg - self.review.design.inclusions_mg)

    @property
    def most_mg(self) -> Milligrams:
        family = self.review.family
        return family.inclusions_max_permille * family.net_mg // 1000

    @property
    def high_mg(self) -> Milligrams:
        """From here on the meter says that little is left."""
        return self.most_mg * 4 // 5

    @property
    def used_mg(self) -> Milligrams:
        return min(self.most_mg, self.review.design.inclusions_mg)

    @property
    def allergens(self) -> tuple[str, ...]:
        return tuple(ALLERGENS[code].to(self.review.locale) for code in self.review.label.allergens)

    @property
    def description(self) -> str:
        return in_words(self.review.scene, self.review.design, self.review.family, self.review.locale)

    @property
    def summary(self) -> str:
        return contents(self.review.design, self.review.family, self.review.locale)

    def changed_since(self, shown: Design) -> tuple[Offer, ...]:
        """The cards that look different now; all others can stay on the page as they are."""
        before = domains(shown, self.review.family, self.review.locale)
        return tuple(
            offer
            for shelf in self.shelves
            for offer in shelf.offers
            if offer != self._offer(offer.card, before[shelf.key][offer.card.key])
        )

    def _offered(self, shelf: Shelf, places: Mapping[str, int]) -> OfferedShelf:
        """``places``: card → its place among what the search finds."""
        states = self.review.domains[shelf.slot.key]
        found = sorted((card for card in shelf.cards if card.id in places), key=lambda card: places[card.id])
        left_out = [card for card in shelf.cards if card.id not in places]
        offers = (self._offer(card, states[card.key]) for card in (*found, *left_out))
        return OfferedShelf(
            shelf=shelf,
            offers=tuple(replace(offer, hidden=offer.card.id not in places) for offer in offers),
            hits=len(found) if self.search.strip() else None,
            chosen=sum(state.state == "chosen" for state in states.values()),
        )

    def _offer(self, card: ModuleCard, state: ModuleState) -> Offer:
        return Offer(card, state.state, state.reason, self._in_the_way(state.because))

    def _in_the_way(self, because: tuple[str, ...]) -> Cure | None:
        """The choice without which the module could be had; a base is not given up by one click on a card."""
        slot, _, module = because[0].partition(":") if len(because) == 1 else ("", "", "")
        if not module or slot == self.review.family.base_slot.key:
            return None
        return Cure(slot, module, self.review.family.modules[module].name.to(self.review.locale))

    def _card(self, slot: str, module: str) -> ModuleCard:
        """What is no longer sold stands on no shelf, but still in the bars that were made with it."""
        family, locale = self.review.family, self.review.locale
        cards = shelves(family.version, locale)[slot].cards
        if card := next((card for card in cards if card.key == module), None):
            return card
        return card_of(family.modules[module], family.slot(slot), family, locale)


def _patterns(choice: Choice, locale: str) -> tuple[Option, ...]:
    chosen = "letter" if choice.pattern.startswith(LETTER) else choice.pattern
    return tuple(Option(key, name, key == chosen) for key, name in pattern_names(locale).items())


def left_over_words(review: Review) -> tuple[str, ...]:
    """Pieces for which there is no room on top go into the chocolate, and the customer is told."""
    modules = review.family.modules
    return tuple(
        ngettext(
            "%(name)s: %(fits)s of %(wanted)s piece fits on top; the rest goes into the chocolate.",
            "%(name)s: %(fits)s of %(wanted)s pieces fit on top; the rest goes into the chocolate.",
            left.wanted,
        )
        % {"name": modules[left.module].name.to(review.locale), "fits": left.fits, "wanted": left.wanted}
        for left in review.scene.left_over
    )


def brought_up(design: Design, then: Family, now: Family, locale: str) -> tuple[Design, tuple[str, ...]]:
    """An older design under today's catalogue, and in words what is different.

    What is no longer sold stays in it, as a problem that names its ways out; only what the catalogue no
    longer knows at all is left out.
    """
    base = design.base if design.base in now.modules else None
    kept = tuple(
        choice for choice in design.choices if choice.module in now.modules and choice.slot in now.seats
    )
    today = replace(design.under(now), base=base, choices=kept)
    lost = tuple(key for key in design.modules if not today.has(key))
    names = ", ".join(then.modules[key].name.to(locale) for key in lost)
    prices = price_lists.active()
    before = quote(design, then, locale, prices).total_cents
    after = quote(today, now, locale, prices).total_cents
    news = []
    if lost:
        news.append(_("No longer in our selection and taken out: %(names)s.") % {"names": names})
    if before != after:
        news.append(
            _("This bar cost %(before)s when it was designed; today it costs %(after)s.")
            % {"before": money(before), "after": money(after)}
        )
    return today, tuple(news)
