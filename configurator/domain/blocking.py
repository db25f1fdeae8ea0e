"""What stands in the way of a module: the first thing that does, in words, and the choices it is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from configurator.domain.constraints import in_grams, percent
from configurator.domain.family import Milligrams, Module, Slot, Text
from configurator.domain.in_the_making import Standing
from configurator.domain.module_seats import Cap, Decision, Seat
from configurator.domain.rules import Avoid, Constraint, Excludes


class Obstacle(Protocol):
    def words(self, locale: str) -> str: ...

    def background(self, locale: str) -> str:
        """The law or the craft behind it, or ""."""
        ...

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """Without any of these it would be no obstacle, or a smaller one."""
        ...


def obstacle(seat: Seat, here: Standing) -> Obstacle:
    """Of a module that leads nowhere from here."""
    if here.admits(seat):
        return _Debt(seat, here)
    if seat.barred:
        return _Never(seat, _refusing(seat, here))
    return _limit(seat, here)


def _limit(seat: Seat, here: Standing) -> Obstacle:
    """That leaves no place for a module, or not enough of something."""
    if not seat.is_base and here.taken[seat.slot.key] >= seat.slot.maximum:
        return _Full(seat.slot)
    if not seat.is_base and here.room_for(seat) < seat.least_mg:
        return _Enough(seat) if _is_enough(seat, here) else _NoRoom(seat, here)
    if not here.present.isdisjoint(seat.foes):
        return _Foes(seat, _refusing(seat, here))
    for index, load, easy, cap in seat.strains:
        if here.used.get(index, 0) > easy and here.left(cap, seat) < load:
            return _Exhausted(seat, cap)
    return _Debt(seat, here)


def _is_enough(seat: Seat, here: Standing) -> bool:
    return seat.largest_mg - here.mg.get(seat.module.key, 0) < seat.least_mg


def _refusing(seat: Seat, here: Standing) -> Constraint | None:
    """The rule that refuses the module at all, or beside what is here; None for a retired one."""
    both = here.present | {seat.module.key}
    for rule in here.book.rules_about([seat.module.key]):
        if isinstance(rule, Avoid):
            return rule
        if isinstance(rule, Excludes) and not (both.isdisjoint(rule.modules) or both.isdisjoint(rule.others)):
            return rule
    return None


@dataclass(frozen=True, slots=True)
class _Never:
    seat: Seat
    rule: Constraint | None

    def words(self, locale: str) -> str:
        if self.seat.module.retired or not self.rule:
            return _out_of_stock(self.seat.module, locale)
        return self.rule.reason.to(locale)

    def background(self, locale: str) -> str:
        return ""

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class _Full:
    slot: Slot

    def words(self, locale: str) -> str:
        return _full(self.slot.name.to(locale), self.slot.maximum, locale)

    def background(self, locale: str) -> str:
        return ""

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return tuple(decision for decision in decided if decision.slot == self.slot.key)


@dataclass(frozen=True, slots=True)
class _Enough:
    seat: Seat

    def words(self, locale: str) -> str:
        return _enough(self.seat, locale)

    def background(self, locale: str) -> str:
        return ""

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return tuple(decision for decision in decided if decision.module == self.seat.module.key)


@dataclass(frozen=True, slots=True)
class _NoRoom:
    seat: Seat
    here: Standing

    def words(self, locale: str) -> str:
        return _no_room(self.seat.usual_mg, max(0, self.here.room_mg), locale)

    def background(self, locale: str) -> str:
        return _chocolate(self.here.book.family.inclusions_max_permille, locale)

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return tuple(d for d in decided if d.slot != self.here.book.family.base_slot.key)


@dataclass(frozen=True, slots=True)
class _Foes:
    seat: Seat
    rule: Constraint | None

    def words(self, locale: str) -> str:
        return self.rule.reason.to(locale) if self.rule else ""

    def background(self, locale: str) -> str:
        return ""

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """Each of them is enough to refuse the module, unless one module stands there twice."""
        foes = tuple(decision for decision in decided if decision.module in self.seat.foes)
        return tuple(decision for decision in foes if decision.module == foes[0].module)


@dataclass(frozen=True, slots=True)
class _Exhausted:
    seat: Seat
    cap: Cap

    def words(self, locale: str) -> str:
        return self.cap.rule.reason.to(locale)

    def background(self, locale: str) -> str:
        return ""

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return tuple(d for d in decided if not self.cap.modules or d.module in self.cap.modules)


@dataclass(frozen=True, slots=True)
class _Debt:
    """What could no longer be met, first of all what the module itself needs."""

    seat: Seat
    here: Standing

    def words(self, locale: str) -> str:
        here, seat = self.here, self.seat
        left = here.left_with(seat)
        # What the module itself needs, before what others do.
        for need, ways in zip(seat.needs, seat.ways, strict=True):
            if not ways & (left | here.of_present):
                return need.reason.to(locale)
        for need in here.needs:
            if not here.book.meeting(need) & (left | seat.of_module):
                return need.reason.to(locale) if seat.is_base else _nothing_left(need.reason, locale)
        if here.is_complete and not here.meets(seat.needs):
            return next(need for need in seat.needs if not here.meets((need,))).reason.to(locale)
        for slot in here.short_with(seat):
            if not here.book.sets.of_slot[slot.key] & left:
                return _never_filled(slot, locale)
        return _words(
            locale,
            "Not everything that this bar still needs could be added then.",
            "Dann ließe sich nicht mehr alles hinzufügen, was diese Tafel noch braucht.",
        )

    def background(self, locale: str) -> str:
        return ""

    def involved(self, decided: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return decided


def _out_of_stock(module: Module, locale: str) -> str:
    name = module.name.to(locale)
    return _words(locale, f"We no longer have {name}.", f"{name} haben wir nicht mehr.")


# A hundred modules are blocked in the same words.
@lru_cache(maxsize=256)
def _full(name: str, places: int, locale: str) -> str:
    return _words(
        locale,
        f"{name}: all {places} places are taken. Remove one first.",
        f"{name}: Alle {places} Plätze sind belegt. Nimm zuerst etwas weg.",
    )


def _enough(seat: Seat, locale: str) -> str:
    name, most = seat.module.name.to(locale), in_grams(seat.largest_mg, locale)
    return _words(
        locale,
        f"{name}: the bar holds as much of it as we may use ({most}).",
        f"{name}: Davon ist schon so viel in der Tafel, wie wir verwenden dürfen ({most}).",
    )


@lru_cache(maxsize=4096)
def _no_room(usual_mg: Milligrams, left_mg: Milligrams, locale: str) -> str:
    usual, left = in_grams(usual_mg, locale), in_grams(left_mg, locale)
    return _words(locale, f"Needs {usual}, only {left} are left.", f"Braucht {usual}, nur {left} sind frei.")


@lru_cache(maxsize=256)
def _chocolate(most_permille: int, locale: str) -> str:
    limit = percent(most_permille, 1000, locale)
    return _words(
        locale,
        f"Above {limit} of other ingredients the bar may no longer be called chocolate. "
        "Use less of something, or remove it.",
        f"Über {limit} anderer Zutaten darf die Tafel nicht mehr Schokolade heißen. "
        "Nimm von etwas weniger oder lass es weg.",
    )


def _nothing_left(reason: Text, locale: str) -> str:
    return _words(
        locale,
        f"Then nothing could be added any more to meet this: {reason.en}",
        f"Dann ließe sich nichts mehr hinzufügen, um dies zu erfüllen: {reason.de}",
    )


def _never_filled(slot: Slot, locale: str) -> str:
    name = slot.name.to(locale)
    return _words(
        locale,
        f"{name}: then nothing could be chosen any more that goes with the rest.",
        f"{name}: Dann ließe sich nichts mehr wählen, was zum Rest passt.",
    )


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
