"""Ways to eat that a pool of bars is spread over, so that whoever filters it finds something.

Nobody tells us how they eat: each pool holds something for everybody, and the browser picks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from configurator.domain.family import Family
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.facts import PINE_NUT, Facts, facts

NUTS: Final = ("NUT-", "PNT", PINE_NUT)
GLUTEN: Final = ("GLU",)
MILK: Final = ("MLK",)
EVERYTHING: Final = (*ALLERGENS, PINE_NUT)


@dataclass(frozen=True, slots=True)
class Profile:
    avoids: tuple[str, ...] = ()
    """Codes, or beginnings of codes, that nothing may contain."""
    no_traces_of: tuple[str, ...] = ()
    """Those that suppliers must rule out too."""
    in_free_zone: bool = False
    vegan: bool = False
    gluten_free: bool = False
    strictly: bool = False
    """Without alcohol, and with nothing that halal or a vegetarian rules out."""

    def admits(self, facts: Facts) -> bool:
        return (
            not _touches(facts.contains, self.avoids)
            and not _touches(facts.traces, self.no_traces_of)
            and (facts.zone == "F" or not self.in_free_zone)
            and (facts.vegan or not self.vegan)
            and (facts.gluten_free or not self.gluten_free)
            and (not self.strictly or (facts.vegetarian and facts.halal and facts.alcohol_free))
        )


ANYTHING: Final = Profile()

_FREE: Final = Profile(EVERYTHING, in_free_zone=True, vegan=True, gluten_free=True, strictly=True)

PROFILES: Final = (
    ANYTHING,
    Profile(vegan=True),
    Profile(NUTS),
    Profile(GLUTEN, gluten_free=True),
    Profile(strictly=True),
    Profile(NUTS, vegan=True),
    Profile(GLUTEN, vegan=True, gluten_free=True),
    Profile((*NUTS, *GLUTEN), gluten_free=True),
    Profile((*NUTS, *MILK, *GLUTEN), vegan=True, gluten_free=True, strictly=True),
    # Who rules out traces needs zone F, where the last ones are those of the suppliers.
    _FREE,
    Profile(
        EVERYTHING,
        no_traces_of=tuple(code for code in EVERYTHING if code not in MILK),
        in_free_zone=True,
        vegan=True,
        gluten_free=True,
        strictly=True,
    ),
    Profile(EVERYTHING, no_traces_of=MILK, in_free_zone=True, vegan=True, gluten_free=True, strictly=True),
    Profile(
        EVERYTHING, no_traces_of=EVERYTHING, in_free_zone=True, vegan=True, gluten_free=True, strictly=True
    ),
)
"""From everybody's to the strictest: each diet is met by one of them, when it can be met at all."""


def admitted(profile: Profile, family: Family) -> frozenset[str]:
    """The modules of which a bar for the profile can be made."""
    return frozenset(key for key, known in _known(family).items() if profile.admits(known))


@lru_cache(maxsize=64)
def _known(family: Family) -> dict[str, Facts]:
    """Versions of a catalogue never change."""
    return {key: facts(module, family) for key, module in family.modules.items()}


def _touches(codes: tuple[str, ...], beginnings: tuple[str, ...]) -> bool:
    return any(code.startswith(beginnings) for code in codes)
