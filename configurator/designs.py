"""Journeys of a design: look at it from every side, keep it, find it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final

from configurator import models
from configurator.catalogue import price_lists
from configurator.catalogue.families import family_under
from configurator.domain import constraints
from configurator.domain.constraints import Problem, check_known
from configurator.domain.design import Design, from_canonical
from configurator.domain.domains import ModuleState, domains
from configurator.domain.family import Family
from configurator.domain.label import Label, label
from configurator.domain.pricing import Quote
from configurator.domain.recipe import Portion, recipe
from configurator.domain.scene import Scene, lay_out
from configurator.pictures import measuring
from configurator.written_once import WrittenOnce

DIGEST: Final = re.compile("[0-9a-f]{64}")


class DesignUnknown(LookupError):
    """Nobody kept a design of that digest or code."""


@dataclass(frozen=True)
class Review:
    """Everything there is to say of a design: what the studio shows and the API answers."""

    design: Design
    family: Family
    locale: str
    problems: tuple[Problem, ...]
    quote: Quote
    recipe: tuple[Portion, ...]
    label: Label
    scene: Scene

    @cached_property
    def domains(self) -> dict[str, dict[str, ModuleState]]:
        """What could still be chosen; the dearest answer, so only for whoever asks."""
        return domains(self.design, self.family, self.locale)

    @property
    def valid(self) -> bool:
        return not self.problems

    @cached_property
    def digest(self) -> str:
        return self.design.digest


def review(design: Design, family: Family, locale: str) -> Review:
    """Raises ModuleUnknown or SlotUnknown for a design that is not of this family."""
    check_known(design, family)
    return Review(
        design=design,
        family=family,
        locale=locale,
        problems=problems(design, family, locale),
        quote=price_lists.priced(design, family, locale),
        recipe=recipe(design, family),
        label=label(design, family, locale),
        scene=lay_out(design, family),
    )


def kept_review(row: models.Design, locale: str) -> Review:
    """Of a design that is kept: what never changes of it is found out once in a process."""
    lasting = _lasting(row.canonical, locale)
    design, family = lasting.design, lasting.family
    return replace(
        lasting,
        # Prices go by the day and the visitor's currency, and a photo may have been deleted since.
        quote=price_lists.priced(design, family, locale),
        problems=problems(design, family, locale) if design.photos else lasting.problems,
    )


@lru_cache(maxsize=256)
def _lasting(canonical: str, locale: str) -> Review:
    """By what decides it to the last letter; the version of its family is a part of that."""
    design = from_canonical(canonical)
    return review(design, family_under(design.version), locale)


def problems(design: Design, family: Family, locale: str) -> tuple[Problem, ...]:
    """All that keeps a design from being made: the catalogue's rules, and what print and type can do."""
    return (*constraints.problems(design, family, locale), *measuring.problems(design, family, locale))


def save(design: Design) -> models.Design:
    """Keep the design; the same design is kept once."""
    check_known(design, family_under(design.version))
    row, _ = models.Design.objects.get_or_create(digest=design.digest, defaults=_columns(design))
    return row


def save_all(values: Sequence[Design]) -> None:
    """Keep several designs at once."""
    for value in values:
        check_known(value, family_under(value.version))
    rows = [models.Design(digest=value.digest, **_columns(value)) for value in values]
    models.Design.objects.bulk_create(rows, ignore_conflicts=True)


def _columns(design: Design) -> dict[str, Any]:
    return {
        "code": design.code,
        "family_version_id": design.version,
        "canonical": design.canonical,
        "recipe_digest": design.recipe_digest,
        # For lists only; the whole name stands in the canonical form.
        "name": design.name[:120],
    }


def find(digest: str) -> models.Design:
    # What is no digest may hold signs that a database refuses.
    rows = _of_digest(digest) if DIGEST.fullmatch(digest) else []
    if not rows:
        raise DesignUnknown(digest)
    return rows[0]


_of_digest: Final = WrittenOnce(lambda digest: models.Design.objects.filter(pk=digest))


def find_by_code(code: str) -> models.Design:
    """Two designs of one code are possible but never seen; the older one had it printed first."""
    row = models.Design.objects.filter(code=code).order_by("created_at", "digest").first()
    if row is None:
        raise DesignUnknown(code)
    return row


def family_of(row: models.Design) -> Family:
    return family_under(row.family_version_id)
