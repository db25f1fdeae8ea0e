"""How many different bars a family can make: counted exactly, never estimated.

Counted is a base together with what is chosen for each slot, wherever there are amounts with which the
rules let it be made. How much of each, how the pieces lie, names, words and papers are not counted: with
them there would be no end to it.

Every rule about amounts is an upper bound. So there are such amounts exactly if the smallest will do,
a milligram of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Final, Protocol, TypeAlias

from configurator.domain.family import Cents, Family, Module, Slot, Text
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rules import (
    Avoid,
    Constraint,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
)

MOST_STATES: Final = 400_000
"""Beyond it rules are so entangled that counting would take minutes."""

_Counts: TypeAlias = tuple[int, ...]
"""How many are chosen, slot by slot."""
_State: TypeAlias = tuple[_Counts, tuple[int, ...]]
_OVER: Final = -1
"""What a watch says after its last module, when the rule can no longer break."""


class NotCounted(ValueError):
    """The rules cannot be counted exactly; the message says which one, or that there are too many."""


def possibilities(family: Family) -> int:
    """Raises NotCounted."""
    rules = [_watched(rule, family) for rule in family.constraints]
    barred = frozenset[str]().union(*(rule.barred for rule in rules))
    watches = [watch for rule in rules for watch in rule.watches]
    bases = [base for base in family.seats[family.base_slot.key] if not base.retired]
    allowed = [base for base in bases if base.key not in barred]
    others = [slot for slot in family.slots if slot is not family.base_slot]
    # What can be a base and a topping too is on the bar already when it comes to the toppings.
    both = [base for base in allowed if any(slot.takes(base) for slot in others)]
    groups = [[base for base in allowed if base not in both], *([base] for base in both)]
    return sum(_on_bases(group, watches, barred, family) for group in groups)


def _on_bases(
    bases: Sequence[Module], watches: Sequence[_Watch], barred: frozenset[str], family: Family
) -> int:
    slots = [slot for slot in family.slots if slot is not family.base_slot]
    reached: Mapping[_State, int] = _begun(bases, watches, tuple(0 for _slot in slots))
    ways = {
        module.key: _ways(module, slots, family)
        for module in family.modules.values()
        if not module.retired and module.key not in barred
    }
    there = frozenset(base.key for base in bases)
    for step in _steps(watches, [key for key, way in ways.items() if way], there):
        reached = _chosen_or_not(reached, step, ways[step.module], watches, slots)
    return sum(
        number
        for (counts, states), number in reached.items()
        if _fits(counts, slots, family) and _all_allow(states, watches)
    )


def _all_allow(states: tuple[int, ...], watches: Sequence[_Watch]) -> bool:
    pairs = zip(states, watches, strict=True)
    return all(state == _OVER or watch.allows(state) for state, watch in pairs)


def _begun(bases: Sequence[Module], watches: Sequence[_Watch], nothing: _Counts) -> Mapping[_State, int]:
    begun: dict[_State, int] = defaultdict(int)
    for base in bases:
        states = _moved(tuple(watch.start for watch in watches), base.key, 0, range(len(watches)), watches)
        if states is not None:
            begun[nothing, states] += 1
    return begun


def _fits(counts: _Counts, slots: Sequence[Slot], family: Family) -> bool:
    enough = all(slot.minimum <= count for slot, count in zip(slots, counts, strict=True))
    return enough and sum(counts) * 1000 <= family.inclusions_max_permille * family.net_mg


def _ways(module: Module, slots: Sequence[Slot], family: Family) -> list[_Counts]:
    """The slots that it may be chosen for, one or several at once, as long as a milligram for each is not too much."""
    places = [place for place, slot in enumerate(slots) if slot.takes(module)]
    return [
        tuple(int(place in chosen) for place in range(len(slots)))
        for size in range(1, min(len(places), family.largest_dose(module)) + 1)
        for chosen in combinations(places, size)
    ]


@dataclass(frozen=True, slots=True)
class _Step:
    module: str
    watching: tuple[int, ...]
    """Watches that a choice of the module moves."""
    over: tuple[int, ...]
    """Watches whose last module this is."""


def _chosen_or_not(
    reached: Mapping[_State, int],
    step: _Step,
    ways: Iterable[_Counts],
    watches: Sequence[_Watch],
    slots: Sequence[Slot],
) -> Mapping[_State, int]:
    after: dict[_State, int] = defaultdict(int)
    for (counts, states), number in reached.items():
        if (left := _closed(states, step.over, watches)) is not None:
            after[counts, left] += number
        for way in ways:
            more = tuple(map(int.__add__, counts, way))
            if any(count > slot.maximum for count, slot in zip(more, slots, strict=True)):
                continue
            moved = _moved(states, step.module, sum(way), step.watching, watches)
            if moved is not None and (left := _closed(moved, step.over, watches)) is not None:
                after[more, left] += number
    if len(after) > MOST_STATES:
        raise NotCounted(f"The rules around {step.module} are too entangled to be counted.")
    return after


def _moved(
    states: tuple[int, ...], module: str, slots: int, watching: Iterable[int], watches: Sequence[_Watch]
) -> tuple[int, ...] | None:
    moved = list(states)
    for place in watching:
        state = watches[place].after(states[place], module, slots)
        if state is None:
            return None
        moved[place] = state
    return tuple(moved)


def _closed(
    states: tuple[int, ...], over: Sequence[int], watches: Sequence[_Watch]
) -> tuple[int, ...] | None:
    """States that differ only in what no longer matters are one state."""
    if not over:
        return states
    if not all(watches[place].allows(states[place]) for place in over):
        return None
    return tuple(_OVER if place in over else state for place, state in enumerate(states))


def _steps(watches: Sequence[_Watch], modules: Sequence[str], there: frozenset[str]) -> Iterator[_Step]:
    """Modules in an order in which rules are over as soon as may be; those of no rule come last."""
    order = list(dict.fromkeys([*_by_rule(watches, frozenset(modules)), *modules]))
    last = [max((order.index(key) for key in watch.modules if key in order), default=0) for watch in watches]
    for number, module in enumerate(order):
        yield _Step(
            module,
            watching=tuple(
                place
                for place, watch in enumerate(watches)
                if module in watch.modules and not (watch.by_presence and module in there)
            ),
            over=tuple(place for place, at in enumerate(last) if at == number),
        )


def _by_rule(watches: Sequence[_Watch], modules: frozenset[str]) -> Iterator[str]:
    """Rule after rule, next always the one that brings in the fewest modules of its own."""
    waiting = [watch.modules & modules for watch in watches]
    seen: set[str] = set()
    while waiting:
        next_one = min(waiting, key=lambda keys: (len(keys - seen), -len(keys & seen), sorted(keys)))
        waiting.remove(next_one)
        yield from sorted(next_one - seen)
        seen |= next_one


# ── What a rule has to keep in mind while modules are gone through one by one ────────────────────


class _Watch(Protocol):
    by_presence: ClassVar[bool]
    """Whether it asks only what is on the bar, not how much of it."""

    @property
    def start(self) -> int: ...

    @property
    def modules(self) -> frozenset[str]: ...

    def after(self, state: int, module: str, slots: int) -> int | None:
        """None when the rule is broken. ``slots`` is how many the module is chosen for; 0 for the base."""
        ...

    def allows(self, state: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Apart:
    """Not one of these together with one of those."""

    these: frozenset[str]
    those: frozenset[str]
    start: int = 0
    by_presence: ClassVar[bool] = True

    @property
    def modules(self) -> frozenset[str]:
        return self.these | self.those

    def after(self, state: int, module: str, _slots: int) -> int | None:
        state |= (module in self.these) | (module in self.those) << 1
        return None if state == 3 else state

    def allows(self, _state: int) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class _Together:
    """These only with one of those."""

    these: frozenset[str]
    those: frozenset[str]
    start: int = 0
    by_presence: ClassVar[bool] = True

    @property
    def modules(self) -> frozenset[str]:
        return self.these | self.those

    def after(self, state: int, module: str, _slots: int) -> int | None:
        return 2 if state == 2 or module in self.those else state | (module in self.these)

    def allows(self, state: int) -> bool:
        return state != 1


@dataclass(frozen=True, slots=True)
class _Few:
    """At most so many of these."""

    modules: frozenset[str]
    most: int
    start: int = 0
    by_presence: ClassVar[bool] = True

    def after(self, state: int, module: str, _slots: int) -> int | None:
        state += module in self.modules
        return state if state <= self.most else None

    def allows(self, _state: int) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class _Light:
    """At most so much of these together: milligrams or cents, for each slot that they are chosen for."""

    each: Mapping[str, int]
    bases: Mapping[str, int]
    most: int
    start: int = 0
    by_presence: ClassVar[bool] = False

    @property
    def modules(self) -> frozenset[str]:
        return frozenset(self.each)

    def after(self, state: int, module: str, slots: int) -> int | None:
        state += self.each.get(module, 0) * slots if slots else self.bases.get(module, 0)
        return state if state <= self.most else None

    def allows(self, _state: int) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class _Watched:
    watches: tuple[_Watch, ...] = ()
    barred: frozenset[str] = frozenset()
    """Modules that can never be chosen."""


def _watched(rule: Constraint, family: Family) -> _Watched:
    match rule:
        case Excludes(modules=these, others=those):
            return _Watched((_Apart(frozenset(these), frozenset(those)),))
        case Needs(modules=these, one_of=those):
            return _Watched((_Together(frozenset(these), frozenset(those)),))
        case Limit(modules=these, most=most):
            return _Watched((_Few(frozenset(these), most),))
        case LimitGrams() | LimitPercent():
            return _Watched((_Light(dict.fromkeys(rule.modules, 1), {}, rule.most_in(family)),))
        case LimitPrice():
            return _Watched((_cheap(rule, family),))
        case Avoid():
            concerned = (key for key, module in family.modules.items() if rule.concerns(module))
            return _Watched(barred=frozenset(concerned))
        case _:
            raise NotCounted(f"No way of counting is known for the rule {rule.key}.")


def _cheap(rule: LimitPrice, family: Family) -> _Light:
    counted = [module for module in family.modules.values() if rule.concerns(module)]
    each = {module.key: surcharge_cents(module, 1) for module in counted}
    whole: dict[str, Cents] = {
        base.key: surcharge_cents(base, family.net_mg)
        for base in family.seats[family.base_slot.key]
        if rule.concerns(base)
    }
    return _Light(
        {key: cents for key, cents in each.items() if cents},
        whole,
        rule.most_cents,
        start=0 if rule.modules else family.price_cents,
    )


# ── A large number as people say it ──────────────────────────────────────────────────────────────

_LARGE: Final = {
    6: (Text("million", "Million"), Text("million", "Millionen")),
    9: (Text("billion", "Milliarde"), Text("billion", "Milliarden")),
    12: (Text("trillion", "Billion"), Text("trillion", "Billionen")),
    15: (Text("quadrillion", "Billiarde"), Text("quadrillion", "Billiarden")),
    18: (Text("quintillion", "Trillion"), Text("quintillion", "Trillionen")),
    21: (Text("sextillion", "Trilliarde"), Text("sextillion", "Trilliarden")),
    24: (Text("septillion", "Quadrillion"), Text("septillion", "Quadrillionen")),
    27: (Text("octillion", "Quadrilliarde"), Text("octillion", "Quadrilliarden")),
    30: (Text("nonillion", "Quintillion"), Text("nonillion", "Quintillionen")),
}
"""Powers of ten and their names, for one and for more."""


def in_words(number: int, locale: str) -> str:
    """As "3.1 quintillion", never more than there are; small numbers stay as they are."""
    power = max((power for power in _LARGE if 10**power <= number), default=0)
    if not power:
        return in_digits(number, locale)
    whole, tenth = divmod(number * 10 // 10**power, 10)
    one, more = _LARGE[power]
    name = (one if (whole, tenth) == (1, 0) else more).to(locale)
    point = "," if locale == "de" else "."
    return f"{whole}{point}{tenth} {name}" if whole < 10 and tenth else f"{in_digits(whole, locale)} {name}"


def in_digits(number: int, locale: str) -> str:
    """Every digit, in groups of three."""
    return f"{number:,}".replace(",", "." if locale == "de" else ",")
