"""What a lot may contain and the label of a bar does not name: such a lot never goes into such a bar.

A supplier's specification may warn of more than our module does. Whatever weighs, pours, prints or moves on asks here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from configurator.catalogue.families import family_under
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label import Label
from configurator.domain.samples import bags
from orders.models.lots import FillInput, Lot, TemperFill
from orders.models.production import Job
from orders.production import allergens, carry_over, trace
from orders.production.allergens import NOTHING, Codes

CARRIES_MORE = ~Q(traces=[])
"""Of lots: their specification names more than their module does."""


def named_for(job: Job, module: str) -> Codes:
    """What the label of the bar names where this module lies, as contained or as a possible trace."""
    label, line = allergens.label_of(job), job.order_line
    if not label.bags:
        return allergens.named_on(label)
    return named_in(label, line.design.value, family_under(line.family_version), module)


def named_in(label: Label, design: Design, family: Family, module: str) -> Codes:
    """The same of any design: a bag of samples has a label of its own beside that of the lid."""
    packs = zip(bags(design, family), label.bags, strict=True)
    own = (own for pack, own in packs if module in pack.modules)
    return frozenset.intersection(*(allergens.named_on(each) for each in (label, *own)))


def of_lot(lot: Lot, job: Job) -> Codes:
    """Allergens that it may bring into this bar, and of which the label says nothing."""
    return frozenset(lot.traces) - named_for(job, lot.stock_id) if lot.traces else NOTHING


def in_fill(fill: TemperFill, job: Job) -> tuple[Lot, Codes] | None:
    """The same of what is in a temperer."""
    return _first(carriers_in(fill.pk), job)


def carriers_in(fill: int) -> QuerySet[Lot]:
    """Lots in a temperer that carry more, also by what earlier fills left."""
    inputs = FillInput.objects.filter(fill__in=carry_over.ancestors([fill]))
    return Lot.objects.filter(CARRIES_MORE, pk__in=inputs.values("lot")).order_by("pk")


def in_bar(job: Job) -> tuple[Lot, Codes] | None:
    """The same of what is in it already: a specification may come late."""
    if not Lot.objects.filter(CARRIES_MORE).exists():
        return None
    return _first((origin.lot for origin in trace.lots_of(job)), job)


def words(lot: Lot, codes: Codes) -> str:
    return _("Lot %(code)s may contain %(allergens)s, and the label of this bar says nothing of it.") % {
        "code": lot.code,
        "allergens": allergens.named(codes),
    }


def _first(lots: Iterable[Lot], job: Job) -> tuple[Lot, Codes] | None:
    return next(((lot, codes) for lot in lots if (codes := of_lot(lot, job))), None)
