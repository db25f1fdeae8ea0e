"""What the customer allowed for the case that an ingredient runs out, as the people on the floor need it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from configurator.catalogue.families import FamilyUnknown, current_family, family_under
from configurator.catalogue.sold_out import as_offered
from configurator.domain.design import Choice, Design
from configurator.domain.domains import Inquiry
from configurator.domain.family import Family, Milligrams, Module
from configurator.domain.label import label as label_of
from configurator.domain.label.facts import facts_of
from configurator.domain.label.sheet import thawed
from configurator.domain.recipe import grams
from configurator.domain.repairs import substitutes
from orders.models.order import OrderLine, Substitution
from orders.models.production import Job
from orders.production import unnamed
from orders.production.allergens import Codes

TO_DO: Final[dict[str, Promise]] = {
    Substitution.NEAREST: _(
        "Put the bar on hold and tell the office: it writes to the customer and makes a label that names "
        "what comes in instead. Then the bar goes on with the nearest that is named here."
    ),
    Substitution.WAIT: _("Put the bar on hold until the ingredient is back. Its parcel waits with it."),
    Substitution.REFUND: _("Do not make this bar. Put it on hold, and its money goes back."),
}
DIETS: Final[dict[str, Promise]] = {
    "vegan": _("vegan"),
    "vegetarian": _("vegetarian"),
    "halal": _("halal"),
    "alcohol_free": _("free of alcohol"),
    "gluten_free": _("gluten free"),
}
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


@dataclass(frozen=True, slots=True)
class Way:
    """A bar in which one module stands in the place of another, and what it asks of whoever eats it."""

    module: Module
    mg: Milligrams
    design: Design
    family: Family
    contains: tuple[str, ...]
    """Allergens that the label of the bar did not name as contained."""
    may_contain: tuple[str, ...]
    """Traces that it did not name at all."""
    diets: tuple[str, ...]
    """Keys of DIETS that are lost."""
    other_zone: bool
    named: Codes
    """All that the label then speaks of where the module lies."""

    @property
    def asks_nothing(self) -> bool:
        return not (self.contains or self.may_contain or self.diets or self.other_zone)


def ingredients(line: OrderLine, language: str) -> list[tuple[str, str]]:
    """Key and name of each module in the bar, once."""
    return [(key, name_of(key, line, language)) for key in modules_of(line)]


def modules_of(line: OrderLine) -> list[str]:
    return list(dict.fromkeys(portion["module"] for portion in line.recipe))


def name_of(module: str, line: OrderLine, language: str) -> str:
    return family_under(line.family_version).modules[module].name.to(language)


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
    then, has = family_under(line.family_version), tuple(line.design.value.modules)
    try:
        now = as_offered(current_family(line.family), promised=has)
    except FamilyUnknown:
        return then
    return now if all(key in now.modules for key in has) else then


def _nearest(design: Design, line: OrderLine, family: Family, language: str) -> Iterator[Nearest]:
    for choice in design.choices:
        gone = family.modules[choice.module].name.to(language)
        way = next((way for way in _ways(design, choice, line, family) if way.asks_nothing), None)
        yield Nearest(gone, way.module.name.to(language), grams(way.mg)) if way else Nearest(gone, "", "")


def ways(line: OrderLine, gone: str) -> Iterator[Way]:
    """What may stand in for a module of the bar, the nearest first. For what it is poured of, there is nothing."""
    family = _today(line)
    design = line.design.value.under(family)
    places = [choice for choice in design.choices if choice.module == gone]
    if len(places) == 1:
        yield from _ways(design, places[0], line, family)


def _ways(design: Design, choice: Choice, line: OrderLine, family: Family) -> Iterator[Way]:
    before = facts_of(line.design.value, family_under(line.family_version))
    carried = [thawed(label) for label in line.labels.values()]
    contains = frozenset.intersection(*(frozenset(label.allergens) for label in carried))
    named = frozenset.intersection(*(frozenset((*label.allergens, *label.may_contain)) for label in carried))
    for module, made, mg in _swapped(design, choice, family):
        after = facts_of(made, family)
        declared = label_of(made, family, line.order.locale)
        yield Way(
            module=module,
            mg=mg,
            design=made,
            family=family,
            contains=tuple(sorted({*declared.allergens, *after.contains} - contains - set(before.contains))),
            may_contain=tuple(
                sorted({*declared.may_contain, *after.traces} - named - {*before.contains, *before.traces})
            ),
            diets=tuple(diet for diet in DIETS if getattr(before, diet) and not getattr(after, diet)),
            other_zone=after.zone not in {before.zone, "F"},
            named=unnamed.named_in(declared, made, family, module.key),
        )


def _swapped(design: Design, choice: Choice, family: Family) -> Iterator[tuple[Module, Design, Milligrams]]:
    bare = design.removing(choice.module, choice.slot)
    inquiry = Inquiry(bare, family, "en")
    for module in substitutes(choice.module, choice.slot, design, family):
        mg = inquiry.state(module.key, choice.slot).mg
        yield module, bare.adding(module.key, choice.slot, mg), mg
