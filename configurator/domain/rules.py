"""The rules that staff keep in the catalogue, each a small value with one question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from configurator.domain.design import Design
from configurator.domain.family import (
    REFERENCE_MG,
    Cents,
    Family,
    Milligrams,
    Module,
    Text,
    round_half_up,
)
from configurator.domain.pricing import quote, surcharge_cents


@dataclass(frozen=True, slots=True)
class Problem:
    """``rule`` is a stable id, ``modules`` are those that take part, ``slot`` where it shows."""

    rule: str
    modules: tuple[str, ...]
    message: str
    slot: str = ""
    curable: bool = False
    """True when choosing more, or naming the bar, can still cure it."""


class Constraint(Protocol):
    """A rule of the catalogue; its key is stable, its reason is shown to the customer."""

    @property
    def key(self) -> str: ...

    @property
    def reason(self) -> Text: ...

    def concerns(self, module: Module) -> bool:
        """Whether adding the module could break the rule."""
        ...

    def about(self, family: Family) -> Iterable[str] | None:
        """The modules without which the rule cannot be broken; None when any bar can break it."""
        ...

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]: ...


@dataclass(frozen=True, slots=True)
class Excludes:
    """None of ``modules`` together with any of ``others``."""

    key: str
    modules: tuple[str, ...]
    others: tuple[str, ...]
    reason: Text

    def concerns(self, module: Module) -> bool:
        return module.key in self.modules or module.key in self.others

    def about(self, family: Family) -> Iterable[str]:
        return (*self.modules, *self.others)

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        here = [module for module in self.modules if design.has(module)]
        there = [module for module in self.others if design.has(module)]
        if here and there:
            yield Problem(self.key, (*here, *there), self.reason.to(locale))


@dataclass(frozen=True, slots=True)
class Needs:
    """Any of ``modules`` only together with at least one of ``one_of``."""

    key: str
    modules: tuple[str, ...]
    one_of: tuple[str, ...]
    reason: Text

    def concerns(self, module: Module) -> bool:
        return module.key in self.modules

    def about(self, family: Family) -> Iterable[str]:
        return self.modules

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        here = [module for module in self.modules if design.has(module)]
        if here and not any(design.has(module) for module in self.one_of):
            yield Problem(self.key, tuple(here), self.reason.to(locale), curable=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` of ``modules`` in one bar."""

    key: str
    modules: tuple[str, ...]
    most: int
    reason: Text

    def concerns(self, module: Module) -> bool:
        return module.key in self.modules

    def about(self, family: Family) -> Iterable[str]:
        return self.modules

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        here = [module for module in self.modules if design.has(module)]
        if len(here) > self.most:
            yield Problem(self.key, tuple(here), self.reason.to(locale))


@dataclass(frozen=True, slots=True)
class LimitGrams:
    """At most ``most_mg`` of ``modules`` together in 100 g of bar. Bases fill up and do not count."""

    key: str
    modules: tuple[str, ...]
    most_mg: Milligrams
    reason: Text

    def most_in(self, family: Family) -> Milligrams:
        return round_half_up(self.most_mg * family.net_mg, REFERENCE_MG)

    def concerns(self, module: Module) -> bool:
        return module.key in self.modules

    def about(self, family: Family) -> Iterable[str]:
        return self.modules

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        yield from _too_heavy(self, design, family, locale)


@dataclass(frozen=True, slots=True)
class LimitPercent:
    """``modules`` together are at most ``most_permille`` of the bar. Bases fill up and do not count."""

    key: str
    modules: tuple[str, ...]
    most_permille: int
    reason: Text

    def most_in(self, family: Family) -> Milligrams:
        return self.most_permille * family.net_mg // 1000

    def concerns(self, module: Module) -> bool:
        return module.key in self.modules

    def about(self, family: Family) -> Iterable[str]:
        return self.modules

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        yield from _too_heavy(self, design, family, locale)


def _too_heavy(
    rule: LimitGrams | LimitPercent, design: Design, family: Family, locale: str
) -> Iterator[Problem]:
    here = [choice for choice in design.choices if choice.module in rule.modules]
    if sum(choice.mg for choice in here) > rule.most_in(family):
        modules = tuple(dict.fromkeys(choice.module for choice in here))
        yield Problem(rule.key, modules, rule.reason.to(locale))


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What ``modules`` add to the price is at most ``most_cents``; without modules, the whole bar is."""

    key: str
    modules: tuple[str, ...]
    most_cents: Cents
    reason: Text

    def concerns(self, module: Module) -> bool:
        return self._counts(module.key)

    def about(self, family: Family) -> Iterable[str] | None:
        return self.modules or None

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        if self._cents(design, family) > self.most_cents:
            modules = tuple(dict.fromkeys(m for m in design.modules if self._counts(m)))
            yield Problem(self.key, modules, self.reason.to(locale))

    def _cents(self, design: Design, family: Family) -> Cents:
        if not self.modules:
            return quote(design, family, "en").total_cents
        portions = [(choice.module, choice.mg) for choice in design.choices]
        if design.base:
            portions.append((design.base, family.net_mg))
        return sum(surcharge_cents(family.modules[key], mg) for key, mg in portions if self._counts(key))

    def _counts(self, module: str) -> bool:
        return not self.modules or module in self.modules


@dataclass(frozen=True, slots=True)
class Avoid:
    """Nothing in the whole family that contains ``allergen`` or may carry it by its recipe."""

    key: str
    allergen: str
    reason: Text

    def about(self, family: Family) -> Iterable[str]:
        return (module.key for module in family.modules.values() if self.concerns(module))

    def concerns(self, module: Module) -> bool:
        return any(
            code == self.allergen or code.startswith(f"{self.allergen}-")
            for code in module.ingredient.allergens
        )

    def problems(self, design: Design, family: Family, locale: str) -> Iterator[Problem]:
        here = [module for module in design.modules if self.concerns(family.modules[module])]
        if here:
            yield Problem(self.key, tuple(here), self.reason.to(locale))
