"""Which allergens a piece of equipment carries now, and whether a bar's label speaks of all of them.

A piece of equipment has met what was brought to it since it was last washed and found clean by a second
person. A bar is worked on it only if its label names all that, as contained or as a possible trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from configurator.domain.label import Label
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.sheet import thawed
from orders.models.equipment import Cleaning, Contact, Equipment
from orders.models.production import Job
from orders.production import fills
from orders.production.refusals import LabelDoesNotCover, NotCleaned

Codes = frozenset[str]
NOTHING: Final[Codes] = frozenset()
LOOKED_AT_WITHIN: Final = timedelta(hours=12)


def label_of(job: Job) -> Label:
    """As it was frozen with the order, in the language of the country it goes to."""
    return thawed(job.order_line.labels[job.shipment.label_locale])


def named_on(label: Label) -> Codes:
    """What it speaks of, as contained or as a possible trace."""
    return frozenset(label.allergens) | frozenset(label.may_contain)


def named(codes: Iterable[str]) -> str:
    """For people: "milk, hazelnuts"."""
    language = get_language() or "en"
    return ", ".join(ALLERGENS[code].to(language) for code in sorted(codes))


def carried(places: Iterable[Equipment]) -> dict[str, Codes]:
    """Code of each piece of equipment → allergens on it; one query however many."""
    found = {place.pk: NOTHING for place in places}
    cleared = Cleaning.objects.filter(
        equipment=OuterRef("equipment"), kind__in=Cleaning.CLEARING, swab=Cleaning.Swab.CLEAN
    )
    contacts = Contact.objects.filter(equipment__in=found).annotate(
        clean_at=Subquery(cleared.order_by("-at").values("at")[:1])
    )
    since = contacts.filter(Q(clean_at=None) | Q(at__gt=F("clean_at"))).order_by()
    for key, allergens in since.values_list("equipment", "allergens"):
        found[key] |= frozenset(allergens)
    return found


def refuse_uncovered(place: Equipment, label: Label) -> Codes:
    """Under the lock of the equipment. What it carries. Raises LabelDoesNotCover."""
    there = carried([place])[place.pk]
    unnamed = there - named_on(label)
    if unnamed:
        raise LabelDoesNotCover(
            _(
                "%(place)s has met %(allergens)s, and the label of this bar says nothing of it. "
                "Take other equipment, or have it washed and looked at."
            )
            % {"place": place, "allergens": named(unnamed)}
        )
    return there


def meet(
    place: Equipment,
    brought: Codes,
    *,
    there: Codes,
    at: datetime,
    by: User | None,
    job: Job | None,
    why: str,
) -> None:
    """Writes down only what is new there, so that a day of a thousand bars is a line or two."""
    new = brought - there
    if new:
        Contact.objects.create(equipment=place, allergens=sorted(new), job=job, why=why, by=by, at=at)


def locked(place: Equipment) -> Equipment:
    """Whatever is brought to it waits for its turn. Orders are locked before equipment."""
    return Equipment.objects.select_for_update(no_key=True).get(pk=place.pk)


@transaction.atomic
def seen(place: Equipment, codes: Codes, *, why: str, by: User, at: datetime) -> None:
    """Somebody noticed that it met these: spilt, sprayed, a wrong ingredient. Raises NotCleaned without a reason."""
    if not codes or not why:
        raise NotCleaned(_("Say which allergens it met, and how."))
    place = locked(place)
    meet(place, codes, there=carried([place])[place.pk], at=at, by=by, job=None, why=why)


def clean(place: Equipment, kind: str, *, by: User, at: datetime) -> Cleaning:
    return Cleaning.objects.create(equipment=place, kind=kind, by=by, at=at)


@transaction.atomic
def verify(cleaning: Cleaning, swab: str, *, by: User, at: datetime) -> Cleaning:
    """A second person has looked and swabbed. Once. Raises NotCleaned."""
    locked(cleaning.equipment)
    cleaning = Cleaning.objects.get(pk=cleaning.pk)
    if cleaning.verified_at is not None:
        raise NotCleaned(_("Somebody has looked at this cleaning before."))
    if cleaning.by == by:
        raise NotCleaned(_("Somebody else has to look: whoever cleans does not judge their own work."))
    if at - cleaning.at > LOOKED_AT_WITHIN:
        raise NotCleaned(_("This was cleaned more than twelve hours ago. Clean it again before you look."))
    if Contact.objects.filter(equipment=cleaning.equipment, at__gt=cleaning.at).exists():
        raise NotCleaned(_("It has been worked on since it was cleaned. Clean it again before you look."))
    cleaning.swab, cleaning.verified_by, cleaning.verified_at = swab, by, at
    cleaning.save(update_fields=["swab", "verified_by", "verified_at"])
    if cleaning.clears:
        # Nothing of what was in it goes into the next fill.
        fills.cleaned(cleaning.equipment_id, at=at)
    return cleaning
