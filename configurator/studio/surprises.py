"""Surprises for everybody: a pool of bars spread over all ways to eat, from which the browser picks.

Nobody tells us what they avoid. So we answer with bars for each diet, and with the facts to choose by.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from configurator.catalogue.sold_out import gone
from configurator.domain.design import Design
from configurator.domain.diets import ANYTHING, PROFILES, Profile, admitted
from configurator.domain.edits import Adding, Edit, EditsMistaken, OnBase, Removing, applied, written
from configurator.domain.family import Cents, Family
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.surprise import NoSurprise, obstacle, surprise
from configurator.domain.wishes import Larder, Wish, larder
from configurator.makers import pairings
from configurator.wording import locale

BUTTON: Final = "surprise"
"""Its value: the edits that a script has picked for its browser's owner, or anything for any surprise."""

SEEDS: Final = 2**31
FOR_EACH_DIET: Final = 2
MOST_LOCKS: Final = 24
LOCK: Final = re.compile(r"base|\w{1,40}:[\w-]{1,60}", re.ASCII)
CAPS: Final = (50, 100, 150, 250, 400)
"""What a bar may cost beyond the bare one, in cents, as the studio offers it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a surprise has to leave alone, as the studio's form says it."""

    locks: frozenset[str] = frozenset()
    """As "base" or "toppings:almond_whole"."""
    most_cents: Cents | None = None

    @classmethod
    def read(cls, said: QueryDict) -> Asked:
        most = said.get("most", "")
        return cls(
            frozenset(filter(LOCK.fullmatch, said.getlist("lock")[:MOST_LOCKS])),
            int(most) if most.isascii() and most.isdigit() and len(most) <= 6 else None,
        )

    @property
    def query(self) -> dict[str, str | list[str]]:
        """So that the next page asks for the same, also without scripts."""
        most = "" if self.most_cents is None else str(self.most_cents)
        return {"lock": sorted(self.locks), "most": most}

    def kept(self, design: Design) -> Design:
        """The bar without all that is not locked."""
        bar = design if "base" in self.locks else design.on_base(None)
        for choice in design.choices:
            if f"{choice.slot}:{choice.module}" not in self.locks:
                bar = bar.removing(choice.module, choice.slot)
        return bar

    def wish(self, design: Design, family: Family, profile: Profile = ANYTHING) -> Wish:
        modules = admitted(profile, family) - gone(family)
        return Wish(self.kept(design), modules, most_cents=self.most_cents)


def surprised(design: Design, asked: Asked, family: Family, seed: int | None = None) -> Design:
    """Under no diet at all: for who has no scripts, or avoids nothing. Raises NoSurprise."""
    return surprise(asked.wish(design, family), stocked(family), any_seed() if seed is None else seed)


def pool(design: Design, asked: Asked, family: Family, seed: int) -> list[Design]:
    """The same pool for everybody: for each diet a few bars, none twice. Raises NoSurprise."""
    found = {bar.recipe_digest: bar for bar in _spread(design, asked, family, seed)}
    if not found:
        raise NoSurprise(obstacle(asked.wish(design, family), stocked(family)))
    return list(found.values())


def in_browser(design: Design, bars: Iterable[Design], family: Family) -> list[dict[str, Any]]:
    """What a script needs to pick one of the bars, and the edits that lead to it."""
    return [{"edits": edits(design, bar, family), "facts": as_json(facts_of(bar, family))} for bar in bars]


def edits(before: Design, after: Design, family: Family) -> str:
    """What to change to get from one design to the other."""
    there = {(choice.slot, choice.module): choice.mg for choice in before.choices}
    wanted = {(choice.slot, choice.module): choice.mg for choice in after.choices}
    steps: list[Edit] = [Removing(*place) for place in there if place not in wanted]
    steps += [Adding(*place, mg) for place, mg in wanted.items() if there.get(place) != mg]
    if after.base is not None and after.base != before.base:
        steps.append(OnBase(family.base_slot.key, after.base))
    return written(tuple(steps))


def as_json(facts: Facts) -> dict[str, Any]:
    """As static/js/diet.js reads facts."""
    return {
        "contains": list(facts.contains),
        "traces": list(facts.traces),
        "zone": facts.zone,
        "vegan": facts.vegan,
        "vegetarian": facts.vegetarian,
        "halal": facts.halal,
        "alcoholFree": facts.alcohol_free,
        "glutenFree": facts.gluten_free,
    }


def begun(family: Family) -> Design:
    """Nothing but a name."""
    return Design(family.key, family.version, name=_("My surprise"))


def caps(family: Family) -> list[Cents]:
    """Rounded to half euros, as prices are thought of."""
    return [-(-(family.price_cents + extra) // 50) * 50 for extra in CAPS]


def in_studio(request: HttpRequest, family: Family) -> dict[str, Any]:
    """What the studio's page shows of the last surprise that was asked for."""
    asked = Asked.read(request.POST if request.method == "POST" else request.GET)
    return {"locks": asked.locks, "caps": caps(family), "cap": asked.most_cents}


def with_surprise(request: HttpRequest, design: Design, family: Family) -> Design:
    """The studio's bar as the form says it, or the surprise that its button asks for."""
    if BUTTON not in request.POST:
        return design
    chosen = picked(request, design, family)
    if chosen is not None:
        return chosen
    try:
        return surprised(design, Asked.read(request.POST), family)
    except NoSurprise as none:
        messages.warning(request, none.words.to(locale()))
        return design


def picked(request: HttpRequest, design: Design, family: Family) -> Design | None:
    try:
        return applied(design, request.POST.get(BUTTON, ""), family)
    except EditsMistaken:
        return None


def any_seed() -> int:
    return secrets.randbelow(SEEDS)


@lru_cache(maxsize=64)
def stocked(family: Family) -> Larder:
    """Versions of a catalogue never change, so each is looked through once."""
    return larder(family, pairings.liked(family))


def _spread(design: Design, asked: Asked, family: Family, seed: int) -> Iterable[Design]:
    for number, profile in enumerate(PROFILES):
        wish = asked.wish(design, family, profile)
        try:
            for other in range(FOR_EACH_DIET):
                yield surprise(wish, stocked(family), seed + 100 * number + other)
        except NoSurprise:
            continue
