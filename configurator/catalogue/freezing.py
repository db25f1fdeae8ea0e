"""A family ↔ the JSON of its published version, and the digest that names it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias

from configurator.domain.family import (
    POURED,
    Chocolate,
    Diet,
    Face,
    Family,
    Ingredient,
    Module,
    Nutrition,
    Shape,
    Slot,
    Text,
)
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

Frozen: TypeAlias = dict[str, Any]
Rule: TypeAlias = Excludes | Needs | Limit | LimitGrams | LimitPercent | LimitPrice | Avoid
CONSTRAINTS: dict[str, type[Rule]] = {
    "excludes": Excludes,
    "needs": Needs,
    "limit": Limit,
    "limit-grams": LimitGrams,
    "limit-percent": LimitPercent,
    "limit-price": LimitPrice,
    "avoid": Avoid,
}


def freeze(family: Family) -> Frozen:
    """Everything but the version, which is the digest of the result."""
    shell = asdict(replace(family, modules={}, constraints=()))
    del shell["version"], shell["seats"], shell["base_slot"]
    if family.is_bar:
        # Versions from before there was anything else say nothing of it, and keep their digests.
        del shell["form"]
    shell["constraints"] = [
        {"kind": _kind(constraint), **asdict(constraint)}  # type: ignore[call-overload]  # a Protocol, but always one of our dataclasses
        for constraint in family.constraints
    ]
    modules = {key: _frozen_module(module) for key, module in family.modules.items()}
    return {**_as_json(shell), "modules": modules}


@lru_cache(maxsize=4096)
def _frozen_module(module: Module) -> Frozen:
    """All families share their modules, and few change between two versions."""
    return _as_json(asdict(module))


def _as_json(fields: dict[str, Any]) -> Frozen:
    plain: Frozen = json.loads(json.dumps(fields, default=_plain, sort_keys=True))
    return plain


def digest(frozen: Frozen) -> str:
    canonical = json.dumps(frozen, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(canonical.encode()).hexdigest()


def thaw(frozen: Frozen, version: str) -> Family:
    return Family(
        **{
            **frozen,
            "version": version,
            "name": Text(**frozen["name"]),
            # Versions from before bars had faces say nothing of them.
            "faces": tuple(_face(face) for face in frozen.get("faces", ())) or (POURED,),
            "slots": tuple(_slot(slot) for slot in frozen["slots"]),
            "modules": {module["key"]: _module(module) for module in _by_place(frozen)},
            "constraints": tuple(_constraint(rule) for rule in frozen["constraints"]),
        }
    )


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(value)


def _kind(constraint: Constraint) -> str:
    return next(kind for kind, rule in CONSTRAINTS.items() if isinstance(constraint, rule))


def _by_place(frozen: Frozen) -> list[Frozen]:
    # JSON objects keep no order in PostgreSQL, so the place stands in each module.
    return sorted(frozen["modules"].values(), key=lambda module: module["position"])


def _face(frozen: Frozen) -> Face:
    return Face(frozen["key"], Text(**frozen["name"]))


def _slot(frozen: Frozen) -> Slot:
    return Slot(**{**frozen, "name": Text(**frozen["name"]), "kinds": frozenset(frozen["kinds"])})


def _module(frozen: Frozen) -> Module:
    chocolate = frozen["chocolate"]
    return Module(
        **{
            **frozen,
            "also_usable_as": frozenset(frozen["also_usable_as"]),
            "name": Text(**frozen["name"]),
            "tastes": tuple(Text(**taste) for taste in frozen["tastes"]),
            # Versions from before say nothing of texture and origin.
            "textures": tuple(Text(**texture) for texture in frozen.get("textures", ())),
            "origin": Text(**frozen.get("origin", {"en": "", "de": ""})),
            "shape": Shape(**frozen["shape"]),
            "ingredient": _ingredient(frozen["ingredient"]),
            "chocolate": _chocolate(chocolate) if chocolate else None,
        }
    )


def _ingredient(frozen: Frozen) -> Ingredient:
    return Ingredient(
        **{
            **frozen,
            "text": Text(**frozen["text"]),
            "nutrition": Nutrition(**{name: Decimal(amount) for name, amount in frozen["nutrition"].items()}),
            "diet": Diet(**frozen["diet"]),
            "allergens": tuple(frozen["allergens"]),
            "us_allergens": tuple(frozen["us_allergens"]),
            "traces": tuple(frozen["traces"]),
        }
    )


def _chocolate(frozen: Frozen) -> Chocolate:
    return Chocolate(
        **{
            **frozen,
            "legal_name": Text(**frozen["legal_name"]),
            "cocoa_solids_pct": Decimal(frozen["cocoa_solids_pct"]),
            "milk_solids_pct": Decimal(frozen["milk_solids_pct"]),
        }
    )


def _constraint(frozen: Frozen) -> Constraint:
    fields = {name: value for name, value in frozen.items() if name != "kind"}
    fields["reason"] = Text(**fields["reason"])
    for name in ("modules", "others", "one_of"):
        if name in fields:
            fields[name] = tuple(fields[name])
    return CONSTRAINTS[frozen["kind"]](**fields)
