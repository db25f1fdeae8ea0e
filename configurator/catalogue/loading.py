"""The catalogue's files → rows → published versions. Loading the same files again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import transaction

from configurator import models
from configurator.catalogue import files
from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.families import as_published, assembled
from configurator.catalogue.files import FOLDER
from configurator.catalogue.publishing import publish
from configurator.domain.family import Family


@dataclass(frozen=True, slots=True)
class Loaded:
    modules: int
    retired: int
    published: tuple[models.FamilyVersion, ...]


@transaction.atomic
def load(
    *,
    at: datetime,
    modules_file: Path = FOLDER / "modules.csv",
    families_file: Path = FOLDER / "families.toml",
) -> Loaded:
    """Raises CatalogueMistaken and then leaves everything as it was."""
    rows = files.modules(modules_file)
    shape = files.families(families_file)
    _keep_modules(rows)
    keys = [row.key for row in rows]
    # A module that left the file stays for the designs that use it, but cannot be chosen.
    retired = models.Module.objects.exclude(key__in=keys).update(retired=True)
    _keep_shape(shape, frozenset(keys), families_file.name)
    published = tuple(publish(family["key"], at=at) for family in shape["families"])
    return Loaded(len(rows), retired, published)


def from_files(key: str) -> Family:
    """The family that loading the files would publish, without a database."""
    shape = files.families()
    row = next(family for family in shape["families"] if family["key"] == key)
    return as_published(
        assembled(
            models.Family(key=key, **_named(row)),
            [models.Slot(key=slot["key"], **_named(slot)) for slot in shape["slots"]],
            [_unsaved(module) for module in files.modules()],
            [
                models.Constraint(key=rule["key"], **_rule(rule))
                for rule in sorted(shape["constraints"], key=itemgetter("key"))
            ],
        )
    )


def _unsaved(row: files.Row) -> models.Module:
    ingredient = models.Ingredient(key=row.key, **row.ingredient)
    return models.Module(key=row.key, ingredient=ingredient, **row.module)


def _keep_modules(rows: Sequence[files.Row]) -> None:
    modules = [_unsaved(row) for row in rows]
    models.Ingredient.objects.bulk_create(
        [module.ingredient for module in modules],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=sorted(rows[0].ingredient),
    )
    kept = models.Ingredient.objects.in_bulk([row.key for row in rows], field_name="key")
    for module in modules:
        module.ingredient = kept[module.key]
    models.Module.objects.bulk_create(
        modules,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[*sorted(rows[0].module), "ingredient"],
    )


def _keep_shape(shape: Mapping[str, Any], keys: frozenset[str], file: str) -> None:
    for place, slot in enumerate(shape["slots"]):
        models.Slot.objects.update_or_create(key=slot["key"], defaults={**_named(slot), "position": place})
    for place, family in enumerate(shape["families"]):
        models.Family.objects.update_or_create(
            key=family["key"], defaults={**_named(family), "position": place}
        )
    for rule in shape["constraints"]:
        _keep_constraint(rule, keys, file)
    # Rules that staff have added stay; they take one away in the admin.


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    name = fields["name"]
    rest = {key: value for key, value in fields.items() if key not in {"key", "name"}}
    return {**rest, "name_en": name["en"], "name_de": name["de"]}


def _keep_constraint(rule: Mapping[str, Any], keys: frozenset[str], file: str) -> None:
    unknown = {*rule.get("modules", ()), *_others(rule)} - keys
    if unknown:
        raise CatalogueMistaken(f"{file}, constraint {rule['key']}: “{min(unknown)}” is not a module.")
    models.Constraint.objects.update_or_create(key=rule["key"], defaults=_rule(rule))


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": rule["kind"],
        "modules": rule.get("modules", []),
        "others": _others(rule),
        "most": rule.get("most", 0),
        "allergen": rule.get("allergen", ""),
        "reason_en": rule["reason"]["en"],
        "reason_de": rule["reason"]["de"],
    }


def _others(rule: Mapping[str, Any]) -> list[str]:
    others: list[str] = rule.get("others") or rule.get("one_of") or []
    return others
