"""What the customer allowed for the case that an ingredient runs out, as the people on the floor need it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from configurator.domain.design import Choice, Design
from configurator.domain.domains import Inquiry
from configurator.domain.family import Family, Milligrams, Module
from configurator.domain.label.facts import Facts, facts_of
from configurator.domain.recipe import grams
from configurator.domain.repairs import substitutes
from configurator.families import FamilyUnknown, family_under
from configurator.sold_out import offered_family
from orders.models.order import OrderLine, Substitution
from orders.models.production import Job

TO_DO: Final[dict[str, Promise]] = {
    Substitution.NEAREST: _(
        "Put the bar on hold and tell the office: it writes to the customer and makes a label that names "
        "what comes in instead. Then the bar goes on with the nearest that is named here."
    ),
    Substitution.WAIT: _("Put the bar on hold until the ingredient is back. Its parcel waits with it."),
    Substitution.REFUND: _("Do not make this bar. Put it on hold, and its money goes back."),
}
DIETS: Final = ("vegan", "vegetarian", "halal", "alcohol_free", "gluten_free")
ON_TICKET: Final[dict[str, Promise]] = {
    Substitution.NEAREST: _("If something runs out: take the nearest"),
    Substitution.WAIT: _("If something runs out: wait"),
    Substitution.REFUND: _("If something runs out: pay back"),
}


@dataclass(frozen=True, slots=True)
class Nearest:
    """What may be taken instead; empty when nothing may."""

    gone: str
    instead: str
    grams: str


def ingredients(line: OrderLine, language: str) -> list[tuple[str, str]]:
    """Key and name of each module in the bar, once."""
    family = family_under(line.family_version)
    keys = dict.fromkeys(portion["module"] for portion in line.recipe)
    return [(key, family.modules[key].name.to(language)) for key in keys]


def hold_words(job: Job, language: str) -> str:
    """ "almond_whole: until Friday" as a person reads it."""
    key, colon, note = job.hold_reason.partition(":")
    return dict(ingredients(job.order_line, language)).get(key, key) + colon + note


def nearest(line: OrderLine, language: str) -> list[Nearest]:
    """For each module that is laid on or mixed in. Only where the customer allowed it."""
    if line.order.substitution != Substitution.NEAREST:
        return []
    family = _today(line)
    return list(_nearest(line.design.value.under(family), line, family, language))


def _today(line: OrderLine) -> Family:
    """As it is offered now; as it was, where the catalogue no longer knows what is in the bar."""
    then = family_under(line.family_version)
    try:
        now = offered_family(line.family)
    except FamilyUnknown:
        return then
    return now if all(key in now.modules for key in line.design.value.modules) else then


def _nearest(design: Design, line: OrderLine, family: Family, language: str) -> Iterator[Nearest]:
    before = facts_of(design, family)
    for choice in design.choices:
        gone = family.modules[choice.module].name.to(language)
        swapped = _swapped(design, choice, family)
        fitting = (found for found in swapped if _asks_no_more(before, facts_of(found[1], family)))
        module, _bar, mg = next(fitting, (None, design, 0))
        instead = (module.name.to(language), grams(mg)) if module else ("", "")
        yield Nearest(gone, *instead)


def _swapped(design: Design, choice: Choice, family: Family) -> Iterator[tuple[Module, Design, Milligrams]]:
    bare = design.removing(choice.module, choice.slot)
    inquiry = Inquiry(bare, family, "en")
    for module in substitutes(choice.module, choice.slot, design, family):
        mg = inquiry.state(module.key, choice.slot).mg
        yield module, bare.adding(module.key, choice.slot, mg), mg


def _asks_no_more(before: Facts, after: Facts) -> bool:
    """Nobody is given an allergen or a food that was not agreed to."""
    return (
        set(after.contains) <= set(before.contains)
        and set(after.traces) <= {*before.contains, *before.traces}
        and after.zone in {before.zone, "F"}
        and all(getattr(after, diet) or not getattr(before, diet) for diet in DIETS)
    )
