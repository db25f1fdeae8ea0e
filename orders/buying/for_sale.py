"""Whether a kept design can be sold today; if not, why, and what could be taken instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from configurator import designs
from configurator.catalogue.families import family_under
from configurator.catalogue.sold_out import as_offered
from configurator.domain.design import Design
from configurator.domain.domains import Inquiry
from configurator.domain.edits import Adding, EditsMistaken, OnBase, Removing, applied, written
from configurator.domain.family import Chocolate, Family, Ingredient
from configurator.domain.label import label
from configurator.domain.repairs import substitutes
from configurator.models import Design as DesignRow
from configurator.models import FamilyVersion

PRICE_PROMISE: Final = timedelta(days=30)
"""So long a design keeps the price it was made at after the catalogue has changed."""
WAYS_PER_MODULE: Final = 3


@dataclass(frozen=True, slots=True)
class Way:
    """What one click does to a bar that cannot be had as it is."""

    words: str
    edits: str
    """As ``edits.applied`` reads them; empty: the same bar as it is made today."""


class NoWay(ValueError):
    """The edits lead to no bar that could be made today."""


def reasons_against(row: DesignRow, locale: str, at: datetime) -> tuple[str, ...]:
    review = designs.kept_review(row, locale)
    design, family = review.design, review.family
    words = tuple(problem.message for problem in review.problems)
    current = row.current_version
    if current == row.family_version_id:
        return words
    if current is None or not _is_same_food(design, family, family_under(current)):
        gone = _named(_changed(design, family, current), family, locale)
        return (
            *words,
            _(
                "An ingredient of this bar has changed or is no longer in our selection%(which)s. "
                "Open it in the studio to see what has changed."
            )
            % {"which": f": {gone}" if gone else ""},
        )
    if not words and (broken := _broken_today(design, family_under(current), locale)):
        return (*broken, _("Open this bar in the studio to see what has changed."))
    if _promise_ended(row, at):
        return (
            *words,
            _(
                "This bar was designed with an older selection, and its price is no longer kept. "
                "Open it in the studio to see what has changed."
            ),
        )
    return words


def ways_out(row: DesignRow, locale: str, *, sold_out: Collection[str] = ()) -> tuple[Way, ...]:
    """What could be taken instead of what is gone, the most similar first."""
    current = row.current_version
    if current is None:
        return ()
    today = as_offered(family_under(current))
    gone = {key for key in row.value.modules if key not in today.modules or today.modules[key].retired}
    design = row.value.under(today)
    if gone or sold_out:
        return tuple(_instead(design, today, gone | set(sold_out), locale))
    if current != row.family_version_id and not designs.problems(design, today, locale):
        return (Way(_("Take it as we make it today, at the price of today"), ""),)
    return ()


def taking(row: DesignRow, edits: str) -> Design:
    """The bar with what was taken instead, as it is made today. Raises NoWay."""
    current = row.current_version
    if current is None:
        raise NoWay
    today = family_under(current)
    try:
        return applied(row.value.under(today), edits, today) if edits else row.value.under(today)
    except EditsMistaken as mistaken:
        raise NoWay from mistaken


def _instead(design: Design, today: Family, gone: set[str], locale: str) -> Iterator[Way]:
    seats = [(today.base_slot.key, design.base)] if design.base else []
    seats += [(choice.slot, choice.module) for choice in design.choices]
    for slot, key in seats:
        if key not in gone or key not in today.modules:
            continue
        offered = (module for module in substitutes(key, slot, design, today) if module.key not in gone)
        for module in islice(offered, WAYS_PER_MODULE):
            names = {"gone": today.modules[key].name.to(locale), "new": module.name.to(locale)}
            yield Way(_("%(new)s instead of %(gone)s") % names, _swap(design, today, slot, key, module.key))


def _swap(design: Design, today: Family, slot: str, gone: str, new: str) -> str:
    if slot == today.base_slot.key:
        return written((OnBase(slot, new),))
    mg = Inquiry(design.removing(gone, slot), today, "en").state(new, slot).mg
    return written((Removing(slot, gone), Adding(slot, new, mg)))


def _broken_today(design: Design, today: Family, locale: str) -> tuple[str, ...]:
    """The promise keeps a price, never what we can no longer make."""
    return tuple(problem.message for problem in designs.problems(design.under(today), today, locale))


def _is_same_food(design: Design, then: Family, today: Family) -> bool:
    """The promise keeps a price, never an allergen list: what is recalled or relabelled is not sold."""
    same = not _changed(design, then, today.version)
    return same and _warned_of(design, today) <= _warned_of(design, then)


def _changed(design: Design, then: Family, version: str | None) -> list[str]:
    today = family_under(version) if version else None
    return [
        key
        for key in dict.fromkeys(design.modules)
        if today is None or _food(key, then) != _food(key, today) or today.modules[key].retired
    ]


def _named(keys: list[str], family: Family, locale: str) -> str:
    return ", ".join(family.modules[key].name.to(locale) for key in keys)


def _warned_of(design: Design, today: Family) -> set[str]:
    """Also what the bar may meet in its zone, which changes with the rest of the catalogue."""
    return set(label(design, today, "en").may_contain)


def _food(key: str, family: Family) -> tuple[Ingredient, Chocolate | None] | None:
    """What stands on the label because of this module; notes for staff do not."""
    module = family.modules.get(key)
    return (replace(module.ingredient, note=""), module.chocolate) if module else None


def _promise_ended(row: DesignRow, at: datetime) -> bool:
    if row.created_at + PRICE_PROMISE > at:
        return False
    return FamilyVersion.objects.filter(
        family=row.family_version.family_id,
        number__gt=row.family_version.number,
        published_at__lte=at - PRICE_PROMISE,
    ).exists()
