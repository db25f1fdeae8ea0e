"""The chocolatier's check: a maker asks, somebody of us answers in words and perhaps with a variant to take up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from configurator import designs
from configurator.domain.constraints import ModuleUnknown, SlotUnknown, check_known
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.makers import creations
from configurator.makers.creations import Change, Kept, Place
from configurator.makers.keeping import NotYet
from configurator.models import Check, Creation
from configurator.models import Design as DesignRow

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def waiting() -> QuerySet[Check]:
    """Of bars that their makers have not deleted since."""
    return Check.objects.filter(answered_at=None).exclude(creation__maker="")


def of(creation: Creation) -> QuerySet[Check]:
    """The latest few; whoever asks on has read what came before."""
    return Check.objects.filter(creation=creation).select_related("variant")[:5]


def ask(creation: Creation, question: str, *, at: datetime) -> bool:
    """False for whoever waits for an answer already."""
    try:
        with transaction.atomic():
            Check.objects.create(creation=creation, about=creation.design, question=question, asked_at=at)
    except IntegrityError:
        return False
    return True


def answer(check: Check, *, words: str, variant: DesignRow | None, by: User, at: datetime) -> bool:
    """False when a colleague was quicker."""
    with transaction.atomic():
        open_one = Check.objects.filter(pk=check.pk, answered_at=None)
        if not open_one.update(answer=words, variant=variant, answered_by=by, answered_at=at):
            return False
        Creation.objects.filter(pk=check.creation_id).update(opinions_unread=F("opinions_unread") + 1)
    return True


def with_variant(check: Check, design: Design, family: Family) -> Design | None:
    """The bar with what the variant has inside; its name, wrapper and words stay its maker's."""
    if check.variant is None:
        return None
    variant = check.variant.value
    if variant.family != design.family:
        return None
    made = replace(
        variant.under(family), name=design.name, wrapper=design.wrapper, inscription=design.inscription
    )
    try:
        check_known(made, family)
    except (ModuleUnknown, SlotUnknown):
        return None
    return made


def accept(
    check: Check, creation: Creation, design: Design, family: Family, *, locale: str, at: datetime
) -> Kept:
    """A change like any other, which the studio can undo. Raises NotYet.

    ``design``: the creation's present one, as it can be made today.
    """
    made = with_variant(check, design, family)
    if made is None or made == design:
        raise NotYet(_("There is nothing to take up, or no longer."))
    problems = designs.problems(made, family, locale)
    if problems:
        raise NotYet(_("Their bar cannot be made any more: %(why)s") % {"why": problems[0].message})
    kept = creations.keep(
        Change(
            maker=creation.maker,
            place=Place(str(creation.key), creation.design_id, creation.design_id),
            shown=design.digest,
            said=designs.save(made).digest,
            made_at=at,
            complete=True,
        )
    )
    Check.objects.filter(pk=check.pk).update(accepted_at=at)
    return kept
