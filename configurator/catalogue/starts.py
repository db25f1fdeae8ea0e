"""Written recipes → designs: what the studio opens with, and the ready bars of the shop."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from configurator.domain.design import SCATTERED, Choice, Design, Inscription, Wrapper
from configurator.domain.family import Family, Slot

STARTS: Final = Path(__file__).parent / "starts.toml"


class ModuleMissing(LookupError):
    """A written recipe names a module that the family does not have."""


def start(family: Family, locale: str = "en") -> Design:
    """The studio never opens empty; without a recipe of its own a family starts from its first base."""
    written = _starts().get(family.key)
    if written is None:
        return Design(family.key, family.version, family.seats[family.base_slot.key][0].key)
    return written_design({**written, "name": written["name"][locale]}, family)


def written_design(recipe: Mapping[str, Any], family: Family) -> Design:
    """A recipe as TOML holds it → a design of the family. Raises ModuleMissing."""
    choices = [
        _choice(chosen, slot, family)
        for slot in family.slots
        if slot is not family.base_slot
        for chosen in _chosen(recipe, slot)
    ]
    return Design(
        family=family.key,
        version=family.version,
        base=_known(recipe["base"], family) if family.is_bar else None,
        choices=tuple(choices),
        name=recipe["name"],
        seed=recipe.get("seed", 1),
        face=recipe.get("face", ""),
        inscription=Inscription(recipe.get("inscription", "")),
        wrapper=Wrapper(**recipe.get("wrapper", {})),
    )


def _chosen(recipe: Mapping[str, Any], slot: Slot) -> Iterator[Mapping[str, str]]:
    for chosen in recipe.get(slot.key, ()):
        yield {"module": chosen} if isinstance(chosen, str) else chosen


def _choice(chosen: Mapping[str, str], slot: Slot, family: Family) -> Choice:
    key = _known(chosen["module"], family)
    usual_mg = family.usual_dose(family.modules[key])
    mg = int(Decimal(chosen["grams"]) * 1000) if "grams" in chosen else usual_mg
    return Choice(slot.key, key, mg, chosen.get("pattern", SCATTERED))


def _known(key: str, family: Family) -> str:
    if key not in family.modules:
        raise ModuleMissing(f"{family.key} has no module {key!r}.")
    return key


@cache
def _starts() -> dict[str, Any]:
    return tomllib.loads(STARTS.read_text(encoding="utf-8"))
