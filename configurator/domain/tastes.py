"""What somebody likes, and the bar that begins with as much of it as goes together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from configurator.domain.completing import finished
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.domains import Inquiry
from configurator.domain.family import Family, Text
from configurator.domain.rulebook import rulebook
from configurator.domain.wishes import LITTLE, USUAL, at_home_first, dose

PLENTY: Final = 150
"""In per cent of the usual dose, as the others."""
AMOUNTS: Final = (LITTLE, USUAL, PLENTY)
LIKED_MAX: Final = 12
"""One more than the largest bar has places for; who likes everything likes nothing best."""


@dataclass(frozen=True, slots=True)
class Taste:
    """Modules by their keys, of whichever family. What somebody must avoid never stands here."""

    base: str = ""
    """The favourite; empty for none."""
    liked: tuple[str, ...] = ()
    """Each once, the most liked first."""
    amount: int = USUAL
    """One of AMOUNTS."""

    @property
    def says_something(self) -> bool:
        return bool(self.base or self.liked)


@dataclass(frozen=True, slots=True)
class LeftOut:
    module: str
    reason: str


@dataclass(frozen=True, slots=True)
class Beginning:
    design: Design
    taken: tuple[str, ...]
    """What is liked and in it: the base first, then in the order of the likes."""
    left_out: tuple[LeftOut, ...]
    added: tuple[str, ...]
    """What came along because something that is liked needs it."""


def begun_with(taste: Taste, usual: Design, family: Family, locale: str) -> Beginning:
    """A bar that can be made: earlier likes never make way for later ones.

    ``usual``: what else the studio opens with. Its name stays, and its base where none is liked or to be had; all of
    it where nothing of the taste is.
    """
    bare = replace(usual, base=None, choices=())
    kitchen = _Kitchen(bare, family, locale, taste.amount)
    for key in dict.fromkeys(filter(None, (taste.base, *taste.liked))):
        kitchen.take(key)
    whole = kitchen.finished(usual.base)
    if whole is None or not kitchen.taken:
        return Beginning(usual, (), tuple(kitchen.left_out), ())
    added = tuple(choice.module for choice in whole.choices if not kitchen.design.has(choice.module))
    return Beginning(kitchen.in_amounts(whole), tuple(kitchen.taken), tuple(kitchen.left_out), added)


def taste_of(design: Design, family: Family) -> Taste:
    """What there is most of is liked most."""
    heaviest_first = sorted(design.choices, key=lambda choice: (-choice.mg, choice.module))
    liked = tuple(dict.fromkeys(choice.module for choice in heaviest_first))[:LIKED_MAX]
    shares = sorted(
        100 * choice.mg // family.usual_dose(family.modules[choice.module]) for choice in design.choices
    )
    middle = shares[len(shares) // 2] if shares else USUAL
    return Taste(design.base or "", liked, min(AMOUNTS, key=lambda amount: abs(amount - middle)))


class _Kitchen:
    """A bar that grows by what somebody likes, one after another."""

    def __init__(self, bare: Design, family: Family, locale: str, amount: int) -> None:
        self.design, self.family, self.locale, self.amount = bare, family, locale, amount
        self.taken: list[str] = []
        self.left_out: list[LeftOut] = []

    def take(self, key: str) -> None:
        """Where it leads to a bar that can be made; else it is left out, with the reason."""
        inquiry = Inquiry(self.design, self.family, self.locale)
        reason = ""
        for slot in self._slots(key):
            state = inquiry.state(key, slot)
            if state.state == "open":
                self.design = self._with(key, slot, state.mg)
                self.taken.append(key)
                return
            reason = reason or state.reason
        self.left_out.append(LeftOut(key, reason or _NOT_HERE.to(self.locale)))

    def _slots(self, key: str) -> Iterator[str]:
        module = self.family.modules.get(key)
        if module is None:
            return
        if module.kind == "base":
            yield self.family.base_slot.key
        else:
            yield from (slot.key for slot in at_home_first(module, self.family))

    def _with(self, key: str, slot: str, offered_mg: int) -> Design:
        if slot == self.family.base_slot.key:
            return self.design.on_base(key)
        little_mg = dose(self.family.modules[key], LITTLE, self.family)
        return self.design.adding(
            key, slot, min(offered_mg, little_mg) if self.amount == LITTLE else offered_mg
        )

    def finished(self, usual_base: str | None) -> Design | None:
        """With a base, and with what the likes need."""
        if self.design.base is None and usual_base is not None:
            state = Inquiry(self.design, self.family, self.locale).state(
                usual_base, self.family.base_slot.key
            )
            if state.state == "open":
                self.design = self.design.on_base(usual_base)
        return finished(self.design, rulebook(self.family))

    def in_amounts(self, whole: Design) -> Design:
        """More than usual of each like that there is room for, the most liked first."""
        if self.amount != PLENTY:
            return whole
        for key in self.taken:
            for choice in whole.choices:
                if choice.module == key:
                    more = whole.adding(key, choice.slot, dose(self.family.modules[key], PLENTY, self.family))
                    whole = whole if problems(more, self.family, self.locale) else more
        return whole


_NOT_HERE: Final = Text("We do not make it in this size.", "In dieser Größe gibt es das nicht.")
