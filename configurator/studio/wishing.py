"""Bars for a wish: what somebody asks for → a few that have it, or what of it cannot be had together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, Literal, TypeAlias

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from configurator.catalogue.sold_out import gone
from configurator.domain.design import Design
from configurator.domain.diets import ANYTHING, PROFILES, Profile, admitted
from configurator.domain.family import Cents, Family, Module, Text
from configurator.domain.fulfilling import fulfilment, is_possible
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.obstacles import obstacles, ways_out
from configurator.domain.pricing import CURRENCY
from configurator.domain.surprise import NoSurprise, surprise
from configurator.domain.wishes import Wish, cents
from configurator.studio.surprises import stocked
from configurator.wording import money

ENOUGH: Final = 3
"""Bars for who eats everything; those with a diet find fewer among more."""
ENOUGH_WITH_A_DIET: Final = 2
TRIES: Final = 9
CARRIED_BY_AT_LEAST: Final = 2
"""What only one module tastes of is found by looking for the module."""
ALIKE_FROM: Final = 50
"""Per cent of their modules that two bars may share."""
MOST_KCAL: Final = (450, 500, 550)
KCAL_STEPS: Final = range(400, 700, 10)
MOST_DIGITS: Final = 6
TASTES_AT_MOST: Final = 8

PartKind: TypeAlias = Literal["like", "base", "most", "kcal"]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is wished; together they make the wish."""

    kind: PartKind
    key: str = ""
    """The taste or texture; empty for what there is once."""


@dataclass(frozen=True, slots=True)
class Trait:
    key: str
    name: str
    english: str


@dataclass(frozen=True)
class Asked:
    """What the form of wishes says, as far as it makes sense."""

    family: Family
    traits: tuple[Trait, ...] = ()
    bases: tuple[str, ...] = ()
    most_cents: Cents | None = None
    most_kcal: int | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        likes = [Part("like", trait.key) for trait in self.traits]
        bases = [Part("base")] if self.bases else []
        most = [Part("most")] if self.most_cents is not None else []
        kcal = [Part("kcal")] if self.most_kcal is not None else []
        return (*likes, *bases, *most, *kcal)

    def only(self, parts: Sequence[Part]) -> Asked:
        return replace(
            self,
            traits=tuple(trait for trait in self.traits if Part("like", trait.key) in parts),
            bases=self.bases if Part("base") in parts else (),
            most_cents=self.most_cents if Part("most") in parts else None,
            most_kcal=self.most_kcal if Part("kcal") in parts else None,
        )

    def without(self, parts: Sequence[Part]) -> Asked:
        return self.only([part for part in self.parts if part not in parts])

    def wish(self, profile: Profile = ANYTHING) -> Wish:
        modules = admitted(profile, self.family) - gone(self.family)
        if self.bases:
            others = {base.key for base in self.family.seats[self.family.base_slot.key]} - {*self.bases}
            modules -= others
        return Wish(
            Design(self.family.key, self.family.version),
            modules,
            tuple(trait.english for trait in self.traits),
            self.most_cents,
            self.most_kcal,
        )

    @cached_property
    def is_possible(self) -> bool:
        return is_possible(self.wish(), stocked(self.family))

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query["size"] = self.family.key
        query.setlist("like", [trait.key for trait in self.traits])
        query.setlist("base", list(self.bases))
        if self.most_cents is not None:
            query["most"] = str(self.most_cents)
        if self.most_kcal is not None:
            query["kcal"] = str(self.most_kcal)
        return query.urlencode()


@dataclass(frozen=True, slots=True)
class WayOut:
    """A wish that can be fulfilled, close to the one that cannot."""

    words: str
    asked: Asked


def read(query: QueryDict, family: Family, locale: str) -> Asked:
    """What is not understood is as if nobody had asked for it."""
    known = traits(family, locale)
    bases = {base.key for base in family.seats[family.base_slot.key] if not base.retired}
    return Asked(
        family,
        tuple(known[key] for key in dict.fromkeys(query.getlist("like")) if key in known)[:TASTES_AT_MOST],
        tuple(key for key in dict.fromkeys(query.getlist("base")) if key in bases),
        _number(query.get("most", "")),
        _number(query.get("kcal", "")),
    )


def traits(family: Family, locale: str) -> dict[str, Trait]:
    """Key → taste or texture that enough modules have, tastes first."""
    return {trait.key: trait for trait in (*tastes(family, locale), *textures(family, locale))}


def tastes(family: Family, locale: str) -> list[Trait]:
    return _traits([word for module in _modules(family) for word in module.tastes], locale)


def textures(family: Family, locale: str) -> list[Trait]:
    return _traits([word for module in _modules(family) for word in module.textures], locale)


def bars(asked: Asked, seed: int) -> list[Design]:
    """For everybody first, then some for each diet; none twice, those for one diet not too alike."""
    found: dict[str, Design] = {}
    for number, profile in enumerate(PROFILES):
        enough = ENOUGH if profile is ANYTHING else ENOUGH_WITH_A_DIET
        for bar in _different(asked.wish(profile), asked.family, seed + 1000 * number, enough):
            found.setdefault(bar.recipe_digest, bar)
    return list(found.values())


@lru_cache(maxsize=256)
def let_go(asked: Asked) -> tuple[tuple[Asked, tuple[Facts, ...]], ...]:
    """Each part of the wish let go of, and facts of a bar for each diet that can then be met."""
    ways = (asked.without((part,)) for part in asked.parts)
    return tuple((way, tuple(facts_of(bar, way.family) for bar in _for_each_diet(way))) for way in ways)


def in_the_way(asked: Asked) -> tuple[Part, ...]:
    """The least of what is wished that cannot be had together."""
    return obstacles(asked.parts, lambda parts: asked.only(parts).is_possible)


def ways(asked: Asked) -> list[WayOut]:
    """Each one click: a wish close to this one that can be fulfilled."""
    found = []
    for let_go in ways_out(asked.parts, lambda parts: asked.only(parts).is_possible):
        if let_go == (Part("most"),):
            found.append(_dearer(asked))
        elif let_go == (Part("kcal"),):
            found.append(_richer(asked))
        else:
            found.append(WayOut(_without_words(let_go, asked), asked.without(let_go)))
    return found


def part_words(part: Part, asked: Asked, locale: str) -> str:
    match part.kind:
        case "like":
            return next(trait.name for trait in asked.traits if trait.key == part.key)
        case "base":
            names = [asked.family.modules[key].name.to(locale) for key in asked.bases]
            return _("on %(bases)s") % {"bases": _(" or ").join(names)}
        case "most":
            return _("at most %(price)s") % {"price": money(asked.most_cents or 0, CURRENCY)}
        case "kcal":
            return _("at most %(kcal)s kcal in 100 g") % {"kcal": asked.most_kcal}


def carriers(asked: Asked, design: Design, locale: str) -> list[tuple[str, str]]:
    """For each taste or texture that was wished: what in the bar has it."""
    stock = stocked(asked.family)
    return [
        (
            trait.name,
            " + ".join(
                asked.family.modules[key].name.to(locale)
                for key in dict.fromkeys(design.modules)
                if trait.english in stock.traits[key]
            ),
        )
        for trait in asked.traits
    ]


def _for_each_diet(asked: Asked) -> Iterator[Design]:
    for number, profile in enumerate(PROFILES):
        yield from _different(asked.wish(profile), asked.family, 1 + 1000 * number, enough=1)


def _number(written: str) -> int | None:
    is_number = written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS
    return int(written) if is_number else None


def _modules(family: Family) -> list[Module]:
    return [module for module in family.modules.values() if not module.retired]


def _traits(words: list[Text], locale: str) -> list[Trait]:
    often = {word.en: word for word in words if words.count(word) >= CARRIED_BY_AT_LEAST}
    found = [Trait(slugify(english), word.to(locale), english) for english, word in often.items()]
    return sorted(found, key=lambda trait: trait.name.casefold())


def _different(wish: Wish, family: Family, seed: int, enough: int) -> list[Design]:
    """Fewer than enough only when there are no more, or none that are different."""
    chosen: list[Design] = []
    others: list[Design] = []
    for number in range(TRIES):
        if len(chosen) == enough:
            break
        try:
            bar = surprise(wish, stocked(family), seed + number)
        except NoSurprise:
            break
        alike = any(_are_alike(bar, other) for other in chosen)
        (others if alike else chosen).append(bar)
    # Where the wish leaves little choice, bars that are alike are better than none.
    return [*chosen, *_distinct(others, chosen)][:enough]


def _distinct(bars: list[Design], others: list[Design]) -> list[Design]:
    known = {bar.recipe_digest for bar in others}
    return list({bar.recipe_digest: bar for bar in bars if bar.recipe_digest not in known}.values())


def _are_alike(one: Design, other: Design) -> bool:
    ours, theirs = set(one.modules), set(other.modules)
    return 100 * len(ours & theirs) >= ALIKE_FROM * len(ours | theirs)


def _dearer(asked: Asked) -> WayOut:
    without = asked.without((Part("most"),))
    cheapest = fulfilment(without.wish(), stocked(asked.family))
    assert cheapest is not None
    least = cents(cheapest, asked.family)
    return WayOut(_("up to %(price)s") % {"price": money(least, CURRENCY)}, replace(asked, most_cents=least))


def _richer(asked: Asked) -> WayOut:
    """To the next ten that can be reached."""
    for kcal in KCAL_STEPS:
        other = replace(asked, most_kcal=kcal)
        if kcal > (asked.most_kcal or 0) and other.is_possible:
            return WayOut(_("up to %(kcal)s kcal in 100 g") % {"kcal": kcal}, other)
    return WayOut(_("with any number of calories"), asked.without((Part("kcal"),)))


def _without_words(let_go: Sequence[Part], asked: Asked) -> str:
    names = [_let_go_words(part, asked) for part in let_go]
    return _(" and ").join(names)


def _let_go_words(part: Part, asked: Asked) -> str:
    match part.kind:
        case "like":
            name = next(trait.name for trait in asked.traits if trait.key == part.key)
            return _("without “%(taste)s”") % {"taste": name}
        case "base":
            return _("on any base")
        case "most":
            return _("at any price")
        case "kcal":
            return _("with any number of calories")
