"""Making what staff keep now the current catalogue: checked first, then frozen for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from configurator import models
from configurator.catalogue import freezing
from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.checks import claims_of_name, unmarked
from configurator.catalogue.families import assembled
from configurator.catalogue.files import CATEGORIES, KINDS, SAMPLE, tastes, textures
from configurator.catalogue.rule_lint import spoken
from configurator.domain.family import Family
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.linting import lint
from configurator.domain.rule_findings import Finding


@dataclass(frozen=True, slots=True)
class _Content:
    digest: str
    locale: str
    family: Family = field(compare=False)
    """What the digest stands for."""


@lru_cache(maxsize=32)
def _findings(content: _Content) -> tuple[Finding, ...]:
    """The same content has the same findings, however often it is published."""
    return lint(content.family, content.locale)


@transaction.atomic
def publish(key: str, *, at: datetime) -> models.FamilyVersion:
    """The same content is the same version. Raises CatalogueMistaken, and then publishes nothing."""
    row = models.Family.objects.select_for_update().get(key=key)
    slots = list(models.Slot.objects.all())
    modules = list(models.Module.objects.select_related("ingredient"))
    constraints = list(models.Constraint.objects.all())
    for mistake in _mistakes(slots, modules, constraints):
        raise CatalogueMistaken(mistake)
    family = assembled(row, slots, modules, constraints)
    frozen = freezing.freeze(family)
    digest = freezing.digest(frozen)
    for finding in _findings(_Content(digest, spoken(), family)):
        if finding.is_error:
            raise CatalogueMistaken(finding.words)
    number = row.versions.aggregate(last=Max("number"))["last"] or 0
    version, _is_new = models.FamilyVersion.objects.get_or_create(
        digest=digest,
        defaults={"family": row, "number": number + 1, "frozen": frozen, "published_at": at},
    )
    row.current = version
    row.save(update_fields=["current"])
    return version


def _mistakes(
    slots: list[models.Slot], modules: list[models.Module], constraints: list[models.Constraint]
) -> Iterator[str]:
    """What would break the pages or the label of every bar."""
    if not any("base" in slot.kinds for slot in slots):
        yield _("Slots: one of them must take the kind base.")
    for slot in slots:
        yield from _foreign(_("Slot %(key)s, kinds") % {"key": slot.key}, slot.kinds, (*KINDS, SAMPLE))
    for module in modules:
        yield from _foreign(
            _("Module %(key)s, also usable as") % {"key": module.key}, module.also_usable_as, KINDS
        )
        yield from _foreign(
            _("Module %(key)s, category") % {"key": module.key}, [module.category], CATEGORIES
        )
        yield from _foreign(_("Module %(key)s, tastes") % {"key": module.key}, module.tastes, tuple(tastes()))
        yield from _foreign(
            _("Module %(key)s, textures") % {"key": module.key}, module.textures, tuple(textures())
        )
        yield from _ingredient_mistakes(module.ingredient)
        if module.free_zone and module.ingredient.allergens:
            names = {"key": module.key, "codes": ", ".join(module.ingredient.allergens)}
            yield _("Module %(key)s contains %(codes)s and cannot be let into zone F.") % names
    keys = tuple(module.key for module in modules)
    for rule in constraints:
        yield from _foreign(_("Rule %(key)s") % {"key": rule.key}, [*rule.modules, *rule.others], keys)


def _ingredient_mistakes(ingredient: models.Ingredient) -> Iterator[str]:
    yield from _foreign(
        _("Ingredient %(key)s, allergens") % {"key": ingredient.key}, ingredient.allergens, tuple(ALLERGENS)
    )
    yield from _foreign(
        _("Ingredient %(key)s, traces") % {"key": ingredient.key}, ingredient.traces, tuple(ALLERGENS)
    )
    for language in ("en", "de"):
        text = getattr(ingredient, f"text_{language}")
        place = {"key": ingredient.key, "language": language}
        if text.count("**") % 2:
            yield _("Ingredient %(key)s, text %(language)s: a ** is not closed.") % place
        if ingredient.allergens and "**" not in text:
            yield _("Ingredient %(key)s, text %(language)s: emphasise its allergens as **word**.") % place
        for claim in claims_of_name(text):
            words = {**place, "claim": claim.reason(spoken())}
            yield (
                _("Ingredient %(key)s, text %(language)s: %(claim)s, which a label may not promise.") % words
            )
    for code in unmarked(ingredient.allergens, ingredient.text_en):
        names = {"key": ingredient.key, "code": code}
        yield _("Ingredient %(key)s, text en: %(code)s is not emphasised as **word**.") % names


def _foreign(place: str, written: object, allowed: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(written, list):
        yield _('%(place)s: write a list, such as ["%(example)s"].') % {"place": place, "example": allowed[0]}
        return
    for word in written:
        if word not in allowed:
            names = {"place": place, "word": word, "possible": ", ".join(allowed[:30])}
            yield _("%(place)s: “%(word)s” is unknown. Possible: %(possible)s.") % names
