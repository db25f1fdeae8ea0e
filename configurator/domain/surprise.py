"""A bar that nobody thought of: seeded, always one that can be made, and put together with taste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Module, Text
from configurator.domain.fulfilling import varied
from configurator.domain.rulebook import rulebook
from configurator.domain.seeded import Stream, stream
from configurator.domain.wishes import LITTLE, NAMELESS, USUAL, Larder, Wish, cents, dose, seated

ATTEMPTS: Final = 6
NUMBERS: Final = (2, 3, 3, 3, 4, 4)
"""How many things lie on a bar: three most often."""
DECORATED_ONCE_IN: Final = 8

START, LIKED, CONTRAST, SHARED, REPEATED, WANTED, LIGHT = 3, 5, 1, 1, -4, 1, 3
"""Points for what goes with the bar so far; each point doubles the chance."""
MOST_LIKED: Final = 2
TRIES: Final = 8


class NoSurprise(LookupError):
    """Nothing of that kind can be made; says why."""

    def __init__(self, words: Text) -> None:
        self.words = words
        super().__init__(words.en)


def surprise(wish: Wish, larder: Larder, seed: int) -> Design:
    """Raises NoSurprise."""
    for attempt in range(ATTEMPTS):
        found = _Cook(wish, larder, stream("surprise", seed, attempt)).bar()
        if found is None:
            break
        if _is_new(found, wish) and larder.fulfils(found, wish):
            return replace(found, seed=1 + stream("scatter", seed, attempt).at(0) % 9_999)
    raise NoSurprise(obstacle(wish, larder))


def obstacle(wish: Wish, larder: Larder) -> Text:
    """Why there is no surprise: what is kept, its price, or nothing left to choose."""
    bases = larder.bases(wish)
    if not bases:
        return Text(
            "There is no base that you have not ruled out.", "Es gibt keine Basis, die du nicht ausschließt."
        )
    kept = [wish.kept.on_base(base.key) for base in bases]
    sound = [design for design in kept if not _hopeless(design, larder.family)]
    if not sound:
        return _why_hopeless(kept[0], larder.family)
    least = min(cents(design, larder.family) for design in sound)
    if wish.most_cents is not None and least > wish.most_cents:
        return _too_dear(least, wish.most_cents)
    return Text(
        "Beside what you keep, nothing else fits in. Let go of something.",
        "Neben dem, was du behältst, passt nichts mehr hinein. Lass etwas davon los.",
    )


def _is_new(design: Design, wish: Wish) -> bool:
    return design.choices != wish.kept.choices or design.base != wish.kept.base


def _hopeless(design: Design, family: Family) -> bool:
    return any(not problem.curable for problem in problems(design, family, "en"))


def _why_hopeless(design: Design, family: Family) -> Text:
    en, de = (
        next(problem.message for problem in problems(design, family, locale) if problem.rule not in NAMELESS)
        for locale in ("en", "de")
    )
    return Text(en, de)


def _too_dear(least: Cents, most: Cents) -> Text:
    return Text(
        f"The cheapest bar with what you keep costs €{_euros(least)}, more than €{_euros(most)}.",
        f"Die günstigste Tafel mit dem, was du behältst, kostet {_euros(least, ',')} €, "
        f"mehr als {_euros(most, ',')} €.",
    )


def _euros(amount: Cents, point: str = ".") -> str:
    return f"{amount // 100}{point}{amount % 100:02}"


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a module would come to lie beside."""

    liked: Counter[str]
    """Module → how many in the bar like it."""
    categories: Counter[str]
    traits: frozenset[str]


class _Cook:
    """Puts one bar together: a base first, then one thing after another that goes with the rest."""

    def __init__(self, wish: Wish, larder: Larder, dice: Stream) -> None:
        self.wish, self.larder, self.dice = wish, larder, dice
        self.family = larder.family
        self.choices = larder.choices(wish)
        self.thrown = 0

    def bar(self) -> Design | None:
        """None when no bar at all fulfils the wish."""
        plate = self._core()
        if plate is not None:
            for _ in range(self._number(plate)):
                plate = self._with_one_more(plate)
        return plate

    def _core(self) -> Design | None:
        """The least that fulfils the wish, on a base by chance."""
        bases = list(self.larder.bases(self.wish))
        while base := self._picked(bases, self.wish.kept):
            core = varied(self.wish, self.larder, base, self.dice)
            if core is not None:
                return core
            bases.remove(base)
        return None

    def _number(self, plate: Design) -> int:
        """How many things are still to come: at least one, unless one has come for the wish's sake."""
        planned = NUMBERS[self._throw(len(NUMBERS))]
        return max(int(plate.choices == self.wish.kept.choices), planned - len(plate.choices))

    def _with_one_more(self, plate: Design) -> Design:
        """The bar as it is when nothing fits any more."""
        there = set(plate.modules)
        left = [module for module in self.choices if module.key not in there]
        if self._throw(DECORATED_ONCE_IN):
            left = [module for module in left if module.kind != "decoration"]
        for _ in range(TRIES):
            module = self._picked(left, plate)
            if module is None:
                break
            grown = self._laid(module, plate)
            if grown is not None:
                return grown
            left.remove(module)
        return plate

    def _picked(self, modules: Sequence[Module], plate: Design) -> Module | None:
        """By chance; each point doubles it."""
        beside = self._beside(plate)
        weights = [1 << max(0, self._points(module, beside)) for module in modules]
        if not weights:
            return None
        mark = self._throw(sum(weights))
        for module, weight in zip(modules, weights, strict=True):
            mark -= weight
            if mark < 0:
                return module
        return None

    def _beside(self, plate: Design) -> _Beside:
        modules = list(plate.modules)
        return _Beside(
            liked=Counter(key for module in modules for key in self.larder.liked.get(module, ())),
            categories=Counter(self.family.modules[module].category for module in modules),
            traits=self.larder.has_traits(plate),
        )

    def _points(self, module: Module, beside: _Beside) -> int:
        traits, most = self.larder.traits[module.key], self.wish.most_kcal
        return (
            START
            + LIKED * min(MOST_LIKED, beside.liked[module.key])
            + REPEATED * beside.categories[module.category]
            + SHARED * bool(traits & beside.traits)
            + CONTRAST * bool(traits - beside.traits)
            + (WANTED * (not traits.isdisjoint(self.wish.traits)) if self.wish.traits else 0)
            + (LIGHT * (self.larder.energy[module.key] < 1000 * most) if most is not None else 0)
        )

    def _laid(self, module: Module, plate: Design) -> Design | None:
        """At its usual dose, or at a small one where room or money is short."""
        for percent in (USUAL, LITTLE):
            mg = dose(module, percent, self.family)
            grown = seated(plate, {module.key: mg}, self.family)
            if grown is not None and self._is_within(grown, module):
                return grown
        return None

    def _is_within(self, plate: Design, module: Module) -> bool:
        most_mg = self.family.inclusions_max_permille * self.family.net_mg // 1000
        return (
            plate.inclusions_mg <= most_mg
            and (self.wish.most_cents is None or cents(plate, self.family) <= self.wish.most_cents)
            and (self.wish.most_kcal is None or self.larder.kcal(plate) <= self.wish.most_kcal)
            and not any(
                not problem.curable
                for rule in rulebook(self.family).rules_about((module.key,))
                for problem in rule.problems(plate, self.family, "en")
            )
        )

    def _throw(self, sides: int) -> int:
        self.thrown += 1
        return self.dice.at(self.thrown) % sides
