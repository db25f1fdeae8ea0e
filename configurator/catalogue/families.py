"""Rows → domain families, cached by version: the only bridge between tables and rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from configurator import models
from configurator.catalogue import freezing
from configurator.catalogue.files import SAMPLE, tastes, textures
from configurator.domain.family import (
    POURED,
    Chocolate,
    Diet,
    Face,
    Family,
    Form,
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
from configurator.domain.samples import as_samples

Kind = models.Constraint.Kind
LIMITS: Final[dict[str, type[Limit | LimitGrams | LimitPercent | LimitPrice]]] = {
    Kind.LIMIT: Limit,
    Kind.LIMIT_GRAMS: LimitGrams,
    Kind.LIMIT_PERCENT: LimitPercent,
    Kind.LIMIT_PRICE: LimitPrice,
}
KEY: Final = re.compile(r"[a-z0-9_-]{1,20}")


class FamilyUnknown(LookupError):
    """No family, or no kept version, of that name."""


def current_family(key: str) -> Family:
    # What is no key may hold signs that a database refuses.
    if not KEY.fullmatch(key):
        raise FamilyUnknown(key)
    version = models.Family.objects.filter(key=key).values_list("current_id", flat=True).first()
    if version is None:
        raise FamilyUnknown(key)
    return family_under(version)


def current_families() -> tuple[Family, ...]:
    """The bars, which nearly every page is about."""
    return tuple(family for family in all_current_families() if family.is_bar)


def all_current_families() -> tuple[Family, ...]:
    """With the boxes of samples."""
    versions = models.Family.objects.filter(current__isnull=False).values_list("current_id", flat=True)
    return tuple(family_under(version) for version in versions if version)


@lru_cache(maxsize=64)
def family_under(version: str) -> Family:
    """Versions never change, so a process reads each one once."""
    row = models.FamilyVersion.objects.filter(pk=version).first()
    if row is None:
        raise FamilyUnknown(version)
    return freezing.thaw(row.frozen, version)


def as_published(family: Family) -> Family:
    """The family under the version that its content has."""
    return replace(family, version=freezing.digest(freezing.freeze(family)))


def assembled(
    row: models.Family,
    slots: Iterable[models.Slot],
    modules: Iterable[models.Module],
    constraints: Iterable[models.Constraint],
) -> Family:
    """Rows, saved or not, as a family that has no version yet."""
    liked, felt = tastes(), textures()
    form: Form = row.form  # type: ignore[assignment]  # the column's choices are the same two words
    made = (_module(module, liked, felt) for module in modules)
    sold = made if form == "bar" else as_samples(made, row.portion_cents)
    return Family(
        key=row.key,
        version="",
        name=Text(row.name_en, row.name_de),
        net_mg=row.net_mg,
        length=row.length,
        width=row.width,
        price_cents=row.price_cents,
        name_max=row.name_max,
        inclusions_max_permille=row.inclusions_max_permille if form == "bar" else 1000,
        form=form,
        slots=tuple(_slot(slot) for slot in slots if (SAMPLE in slot.kinds) == (form == "samples")),
        modules={module.key: module for module in sold},
        constraints=tuple(_constraint(rule) for rule in constraints if _is_about(rule, form)),
        outline=row.outline,  # type: ignore[arg-type]  # the column's choices are the same two words
        faces=tuple(Face(face["key"], Text(**face["name"])) for face in row.faces) or (POURED,),
    )


def _is_about(rule: models.Constraint, form: Form) -> bool:
    """Bags do not meet; what must not be sold at all is in no bag either."""
    return form == "bar" or rule.kind == Kind.AVOID


def _slot(row: models.Slot) -> Slot:
    return Slot(
        key=row.key,
        name=Text(row.name_en, row.name_de),
        kinds=frozenset(row.kinds),
        minimum=row.minimum,
        maximum=row.maximum,
    )


def _module(row: models.Module, liked: dict[str, Text], felt: dict[str, Text]) -> Module:
    return Module(
        key=row.key,
        kind=row.kind,  # type: ignore[arg-type]  # the column's choices are the same four words
        also_usable_as=frozenset(row.also_usable_as),
        name=Text(row.name_en, row.name_de),
        category=row.category,
        tastes=tuple(liked[taste] for taste in row.tastes),
        dose_mg=row.dose_mg,
        max_dose_mg=row.max_dose_mg,
        surcharge_cents=row.surcharge_cents,
        cost_cents_per_kg=row.cost_cents_per_kg,
        colour=row.colour,
        shape=Shape(row.shape_hint, row.length, row.width, row.height, row.piece_ug),
        ingredient=_ingredient(row.ingredient),
        chocolate=_chocolate(row) if row.kind == models.Module.Kind.BASE else None,
        retired=row.retired,
        position=row.position,
        textures=tuple(felt[texture] for texture in row.textures),
        origin=Text(row.origin_en, row.origin_de),
        free_zone=row.free_zone,
    )


def _ingredient(row: models.Ingredient) -> Ingredient:
    return Ingredient(
        text=Text(row.text_en, row.text_de),
        nutrition=Nutrition(**{name: getattr(row, name) for name in models.NUTRIENTS}),
        allergens=tuple(row.allergens),
        us_allergens=tuple(row.us_allergens),
        traces=tuple(row.traces),
        so2_mg_per_kg=row.so2_mg_per_kg,
        diet=Diet(
            vegan=row.vegan,
            vegetarian=row.vegetarian,
            gluten_free=row.gluten_free,
            halal_ok=row.halal_ok,
            alcohol_free=row.alcohol_free,
        ),
        contains_flour=row.contains_flour,
        shelf_life_months=row.shelf_life_months,
        note=row.note,
        market_block=row.market_block,
    )


def _chocolate(row: models.Module) -> Chocolate:
    return Chocolate(
        legal_name=Text(row.legal_name_en, row.legal_name_de),
        legal_name_us=row.legal_name_us,
        reserved_name=row.reserved_name,
        cocoa_solids_pct=row.cocoa_solids_pct,
        milk_solids_pct=row.milk_solids_pct,
    )


def _constraint(row: models.Constraint) -> Constraint:
    reason = Text(row.reason_en, row.reason_de)
    modules, others = tuple(row.modules), tuple(row.others)
    match row.kind:
        case Kind.EXCLUDES | Kind.BASE_EXCLUDES:
            return Excludes(row.key, modules, others, reason)
        case Kind.NEEDS:
            return Needs(row.key, modules, others, reason)
        case Kind.AVOID:
            return Avoid(row.key, row.allergen, reason)
        case _:
            return LIMITS[row.kind](row.key, modules, row.most, reason)
