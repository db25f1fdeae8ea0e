"""Making what staff keep now the current catalogue: checked first, then frozen for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from configurator import freezing, models
from configurator.catalogue_cells import CatalogueMistaken
from configurator.catalogue_file import CATEGORIES, KINDS, tastes, textures
from configurator.domain.label.allergens import ALLERGENS
from configurator.families import assembled


@transaction.atomic
def publish(key: str, *, at: datetime) -> models.FamilyVersion:
    """The same content is the same version. Raises CatalogueMistaken, and then publishes nothing."""
    row = models.Family.objects.select_for_update().get(key=key)
    slots = list(models.Slot.objects.all())
    modules = list(models.Module.objects.select_related("ingredient"))
    constraints = list(models.Constraint.objects.all())
    for mistake in _mistakes(slots, modules, constraints):
        raise CatalogueMistaken(mistake)
    frozen = freezing.freeze(assembled(row, slots, modules, constraints))
    number = row.versions.aggregate(last=Max("number"))["last"] or 0
    version, _ = models.FamilyVersion.objects.get_or_create(
        digest=freezing.digest(frozen),
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
        yield "Slots: one of them must take the kind base."
    for slot in slots:
        yield from _foreign(f"Slot {slot.key}, kinds", slot.kinds, KINDS)
    for module in modules:
        place = f"Module {module.key}"
        yield from _foreign(f"{place}, also usable as", module.also_usable_as, KINDS)
        yield from _foreign(f"{place}, category", [module.category], CATEGORIES)
        yield from _foreign(f"{place}, tastes", module.tastes, tuple(tastes()))
        yield from _foreign(f"{place}, textures", module.textures, tuple(textures()))
        yield from _ingredient_mistakes(module.ingredient)
    keys = tuple(module.key for module in modules)
    for rule in constraints:
        yield from _foreign(f"Constraint {rule.key}", [*rule.modules, *rule.others], keys)


def _ingredient_mistakes(ingredient: models.Ingredient) -> Iterator[str]:
    place = f"Ingredient {ingredient.key}"
    yield from _foreign(f"{place}, allergens", ingredient.allergens, tuple(ALLERGENS))
    yield from _foreign(f"{place}, traces", ingredient.traces, tuple(ALLERGENS))
    for language in ("en", "de"):
        text = getattr(ingredient, f"text_{language}")
        if text.count("**") % 2:
            yield f"{place}, text {language}: a ** is not closed."
        if ingredient.allergens and "**" not in text:
            yield f"{place}, text {language}: emphasise its allergens as **word**."


def _foreign(place: str, written: object, allowed: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(written, list):
        yield f'{place}: write a list, such as ["{allowed[0]}"].'
        return
    for word in written:
        if word not in allowed:
            yield f"{place}: “{word}” is unknown. Possible: {', '.join(allowed[:30])}."
