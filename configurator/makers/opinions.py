"""What friends think of a bar: its maker opens an address for them, and takes up what they suggest.

An opinion is for the maker alone; other friends do not read it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from configurator import designs
from configurator.domain.design import Design
from configurator.domain.edit_words import in_words
from configurator.domain.edits import EditsMistaken, read
from configurator.domain.family import Family
from configurator.domain.suggestions import NoLongerFits, with_suggestion
from configurator.makers import creations
from configurator.makers.creations import Change, Kept, Place
from configurator.makers.keeping import PRIVATE, NotYet
from configurator.models import Creation, Opinion
from configurator.models import Design as DesignRow

MOST: Final = 200
"""More friends than that are a crowd, and a crowd's opinions are a survey."""


class NotAsked(LookupError):
    """Nobody asks for opinions at this address, or no longer."""


# ── The address ──────────────────────────────────────────────────────────────────────────────────


def open_link(creation: Creation) -> None:
    """One address as long as it is open; a new one after it was closed. Raises NotYet."""
    if creation.visibility == PRIVATE:
        raise NotYet(_("Only you can see this bar. Let whoever has its address see it, then ask."))
    closed = Creation.objects.filter(pk=creation.pk, opinions_link="")
    closed.update(opinions_link=secrets.token_urlsafe(24))


def close_link(creation: Creation) -> None:
    Creation.objects.filter(pk=creation.pk).update(opinions_link="")


def asked_at(link: str) -> Creation:
    """What is private or deleted answers nobody, here neither. Raises NotAsked."""
    open_ones = Creation.objects.exclude(maker="").exclude(visibility=PRIVATE)
    creation = open_ones.filter(opinions_link=link).select_related("design").first() if link else None
    if creation is None:
        raise NotAsked(link)
    return creation


# ── What friends say ─────────────────────────────────────────────────────────────────────────────


def seen(creation: Creation, digest: str) -> DesignRow:
    """The bar that a friend had before them, as far as it is one of this creation's."""
    if digest in (*creation.past, *creation.future):
        return DesignRow.objects.filter(pk=digest).first() or creation.design
    return creation.design


def is_full(creation: Creation) -> bool:
    return Opinion.objects.filter(creation=creation).count() >= MOST


def give(creation: Creation, *, about: DesignRow, name: str, words: str, edits: str, at: datetime) -> Opinion:
    """What is sent twice is said once."""
    said = {"about": about, "name": name, "words": words, "edits": edits}
    with transaction.atomic():
        opinion, is_new = Opinion.objects.get_or_create(creation=creation, **said, defaults={"said_at": at})
        if is_new:
            Creation.objects.filter(pk=creation.pk).update(opinions_unread=F("opinions_unread") + 1)
    return opinion


# ── What its maker does with it ──────────────────────────────────────────────────────────────────


def of(creation: Creation, *, hidden: bool) -> QuerySet[Opinion]:
    """The latest first."""
    return Opinion.objects.filter(creation=creation, hidden_at__isnull=not hidden).select_related("about")


def was_read(creation: Creation) -> None:
    if creation.opinions_unread:
        Creation.objects.filter(pk=creation.pk).update(opinions_unread=0)


def hide(opinion: Opinion, *, at: datetime | None) -> None:
    """Or show it again, with no time."""
    opinion.hidden_at = at
    opinion.save(update_fields=["hidden_at"])


def report(opinion: Opinion, *, at: datetime) -> None:
    """To the staff, once; until they have looked at it."""
    Opinion.objects.filter(pk=opinion.pk, reported_at=None).update(reported_at=at)


def reported() -> QuerySet[Opinion]:
    """The first that was reported comes first."""
    return Opinion.objects.filter(reported_at__isnull=False).order_by("reported_at", "pk")


@dataclass(frozen=True, slots=True)
class Advice:
    """A suggestion as it stands for the bar today."""

    words: str
    obstacle: str = ""
    """Why it cannot be taken up; empty when one click does it."""


def advice(opinion: Opinion, design: Design, family: Family, locale: str) -> Advice | None:
    if not opinion.edits:
        return None
    try:
        words = _suggested(opinion, design, family, locale)
        with_suggestion(design, opinion.edits, family, locale)
    except NoLongerFits as why:
        return Advice(words, str(why))
    except EditsMistaken:
        return Advice(_("A change with something that we no longer have."), _("It is no longer made."))
    return Advice(words)


def _suggested(opinion: Opinion, design: Design, family: Family, locale: str) -> str:
    """In words for the bar that the friend saw: by now it may have what was suggested."""
    then = opinion.about
    design, family = (then.value, designs.family_of(then)) if then else (design, family)
    return in_words(read(opinion.edits, family), design, family, locale)


def take_up(
    opinion: Opinion, creation: Creation, design: Design, family: Family, *, locale: str, at: datetime
) -> Kept:
    """A change like any other, which the studio can undo. Raises NoLongerFits and EditsMistaken.

    ``design``: the creation's present one, as it can be made today.
    """
    made = with_suggestion(design, opinion.edits, family, locale)
    kept = creations.keep(
        Change(
            maker=creation.maker,
            place=Place(str(creation.key), creation.design_id, creation.design_id),
            shown=design.digest,
            said=designs.save(made).digest,
            made_at=at,
            complete=not designs.problems(made, family, locale),
        )
    )
    opinion.applied_at = at
    opinion.save(update_fields=["applied_at"])
    return kept
