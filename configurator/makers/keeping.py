"""What somebody has designed and keeps, without an account: its name, who may see it, the gallery, its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from configurator import day_counts, designs, staff
from configurator.catalogue.families import all_current_families
from configurator.catalogue.starts import start
from configurator.domain.claims import Claim, claims
from configurator.domain.constraints import Problem
from configurator.domain.design import Design
from configurator.makers import creations, lineage, standing
from configurator.makers.makers import maker_of
from configurator.models import Creation, CreationStep, DayCount
from configurator.models import Design as DesignRow
from configurator.written_once import WrittenOnce

KEPT: Final = timedelta(days=90)
"""So long a bar waits for its maker after the last change."""
REGRET: Final = timedelta(days=1)
"""So long a deletion can be taken back."""
LOOKED_THROUGH: Final = 40
"""Bars of an account, for the photos on them."""

PUBLIC = Creation.Visibility.PUBLIC
UNLISTED = Creation.Visibility.UNLISTED
PRIVATE = Creation.Visibility.PRIVATE


class NotYours(LookupError):
    """Nobody who asks like this keeps such a bar; whether somebody else does is not said."""


class NotYet(ValueError):
    """The bar is not ready for what is asked; the message tells its maker why."""


# ── Whose and for whom ───────────────────────────────────────────────────────────────────────────


def kept_by(maker: str) -> QuerySet[Creation]:
    """The last changed first."""
    kept = Creation.objects.filter(maker=maker) if maker else Creation.objects.none()
    return kept.select_related("design", "shown")


def own(maker: str, key: UUID) -> Creation:
    """Raises NotYours."""
    found = kept_by(maker).filter(pk=key).first()
    if found is None:
        raise NotYours(key)
    return found


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a creation to a design: it is this bar, shows it, or came by it on its way."""

    key: UUID
    maker: str
    visibility: str
    design: str
    shown: str | None
    started_from: str
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None

    def hangs(self, digest: str) -> bool:
        """In the gallery, as this design."""
        return self.shown == digest and self.visibility == PUBLIC and bool(self.maker)


def ties(digest: str) -> tuple[Tie, ...]:
    return tuple(Tie(*each) for each in _tied(digest))


def _tied_to(digest: str) -> QuerySet[Creation, tuple[Any, ...]]:
    # In the order of a tie.
    kept = Creation.objects.order_by().values_list(
        *("key", "maker", "visibility", "design_id", "shown_id", "started_from_id"),
        *("created_at", "changed_at", "published_at"),
    )
    shown = kept.filter(Q(design=digest) | Q(shown=digest, visibility=PUBLIC))
    # Apart, so that each half finds its rows by an index.
    both: QuerySet[Creation, tuple[Any, ...]] = shown.union(kept.filter(steps__design=digest))
    return both


_tied: Final = WrittenOnce(_tied_to)


def may_see(request: HttpRequest, digest: str, known: Sequence[Tie] | None = None) -> bool:
    """What somebody keeps private, or has deleted, answers nobody else; if others show the same bar, it does.

    ``known``: the design's ties, where they have been asked for already.
    """
    maker = maker_of(request)
    if staff.may(request, "configurator.view_design"):
        return True
    # A step on one's way to a bar of one's own stays one's own, whoever else has come to the same.
    kept = ties(digest) if known is None else known
    return not _is_closed(digest, maker, kept) or creations.opened(maker, digest).place is not None


def may_have_again(request: HttpRequest, digest: str) -> bool:
    """By the code on its pack: what was ordered may be had again by whoever holds it, also what is private."""
    return may_see(request, digest) or standing.is_ordered(digest)


def anybody_may_have_again(digest: str) -> bool:
    """Whoever has its code: for what is opened another day, in another browser."""
    return standing.is_ordered(digest) or not _is_closed(digest, "", ties(digest))


def among_shown(digests: Collection[str], maker: str) -> frozenset[str]:
    """Of these designs those that whoever keeps bars under this name certainly may see, in a few questions.

    Sold, ordered, their own, or shown to others. A list can do without the name of the rest.
    """
    kept = Creation.objects.order_by().exclude(maker="").filter(design__in=digests)
    shared = Q(visibility=PUBLIC) | (Q(visibility=UNLISTED) & ~Q(started_from=F("design")))
    open_ones = kept.filter(Q(maker=maker) | shared).values_list("design_id", flat=True)
    return frozenset([*open_ones, *standing.sold_or_ordered(digests)])


def _is_closed(digest: str, maker: str, kept: Sequence[Tie]) -> bool:
    if any(tie.maker and (tie.maker == maker or tie.visibility == PUBLIC) for tie in kept):
        return False
    # Whoever has changed nothing has no say over a bar that was there before.
    designed = [tie for tie in kept if tie.started_from != digest]
    if not designed or any(tie.maker and tie.visibility != PRIVATE for tie in designed):
        return False
    is_only_deleted = not any(tie.maker for tie in designed)
    return not (_is_ours(digest) or (is_only_deleted and standing.is_ordered(digest)))


def _is_ours(digest: str) -> bool:
    """Sold ready, or what the studio opens with: nobody can close these to others."""
    return standing.is_on_sale(digest) or any(
        start(family, language).digest == digest
        for family in all_current_families()
        for language, _name in settings.LANGUAGES
    )


def take_over(guest: str, account: str) -> int:
    """Whoever signs in brings along what they designed as a guest; how many bars those were."""
    if not guest:
        return 0
    return Creation.objects.filter(maker=guest).update(maker=account)


def photos_of(account: str) -> list[str]:
    """On the latest bars, the newest last: what their maker put there, not what stood on the bar it began as."""
    own = kept_by(account).exclude(design=F("started_from")).select_related("started_from", "design")
    latest = list(own[:LOOKED_THROUGH])[::-1]
    return [
        photo.digest
        for creation in latest
        for photo in creation.design.value.photos
        if photo.digest not in {before.digest for before in creation.started_from.value.photos}
    ]


def in_gallery() -> QuerySet[Creation]:
    return Creation.objects.filter(visibility=PUBLIC).exclude(maker="")


def showing(digest: str, maker: str, known: Sequence[Tie]) -> Creation | None:
    """Whose bar a page shows: the visitor's own, else the first that was published, else the first shared.

    Asks only where there is one.
    """
    kept = [tie for tie in known if tie.maker and (tie.design == digest or tie.hangs(digest))]
    mine = [tie for tie in kept if tie.maker == maker and tie.design == digest]
    open_ones = [tie for tie in kept if tie.visibility != PRIVATE]
    if mine:
        chosen = min(mine, key=lambda tie: (-tie.changed_at.timestamp(), tie.key))
    elif open_ones:
        chosen = min(open_ones, key=_shown_first)
    else:
        return None
    related = Creation.objects.select_related("parent", "started_from", "design", "shown")
    return related.filter(pk=chosen.key).first()


def _shown_first(tie: Tie) -> tuple[bool, datetime, datetime, UUID]:
    return tie.published_at is None, tie.published_at or tie.created_at, tie.created_at, tie.key


# ── Done ─────────────────────────────────────────────────────────────────────────────────────────


def finish(maker: str, row: DesignRow, *, problems: tuple[Problem, ...], at: datetime) -> Creation:
    """Done for today: a success, whether it is ordered or not. Raises NotYet."""
    if problems:
        raise NotYet(problems[0].message)
    creation = kept_by(maker).filter(design=row).first() or _taken_up(maker, row, at)
    if creation.finished_at is None:
        day_counts.count(DayCount.What.FINISHED, at.date())
    creation.finished_at = at
    creation.save(update_fields=["finished_at"])
    return creation


def _taken_up(maker: str, row: DesignRow, at: datetime) -> Creation:
    """A bar of which nothing was changed: kept, but nobody's own design yet."""
    parent = lineage.origin(row.digest, maker)
    return Creation.objects.create(
        maker=maker,
        design=row,
        started_from=row,
        parent=parent,
        is_remix=parent is not None,
        created_at=at,
        changed_at=at,
    )


def is_own_design(creation: Creation) -> bool:
    """Whether its maker has changed anything of what it began as."""
    return creation.design_id != creation.started_from_id


# ── Copies and names ─────────────────────────────────────────────────────────────────────────────


def copy(creation: Creation, *, at: datetime) -> Creation:
    copied = Creation.objects.create(
        maker=creation.maker,
        design_id=creation.design_id,
        started_from_id=creation.started_from_id,
        parent_id=creation.parent_id,
        is_remix=creation.is_remix,
        past=creation.past,
        visibility=PRIVATE if creation.visibility == PRIVATE else UNLISTED,
        created_at=at,
        changed_at=at,
        complete_at=creation.complete_at,
    )
    steps = CreationStep.objects.filter(creation=creation).values_list("design_id", flat=True)
    creations.remember_steps(copied, (creation.design_id, *steps))
    return copied


def rename(creation: Creation, name: str, *, locale: str, at: datetime) -> None:
    """A change like any other, which the studio can undo. Raises NotYet."""
    named = creation.design.value.named(name)
    wrong = [
        p for p in designs.problems(named, designs.family_of(creation.design), locale) if p.slot == "name"
    ]
    if wrong:
        raise NotYet(wrong[0].message)
    row = designs.save(named)
    steps = creations.steps_of(creation).changed(row.digest)
    present = Creation.objects.filter(pk=creation.pk, design=creation.design_id)
    if not present.update(design=row, past=list(steps.past), future=list(steps.future), changed_at=at):
        raise NotYet(_("This bar was changed in another window meanwhile. Look at it once more."))
    creations.remember_steps(creation, (row.digest,))


# ── Who may see it ───────────────────────────────────────────────────────────────────────────────


def withdraw(creation: Creation, visibility: str) -> None:
    """Out of the gallery, or never in it: private or unlisted."""
    creation.visibility = visibility
    creation.shown = creation.published_at = creation.held_at = None
    creation.save(update_fields=["visibility", "shown", "published_at", "held_at"])


def publish(creation: Creation, *, locale: str, at: datetime) -> None:
    """Into the gallery as it is now, or before staff first. Raises NotYet."""
    if not designs.family_of(creation.design).is_bar:
        raise NotYet(_("The gallery shows bars. Share the address of your box instead."))
    problems = designs.problems(creation.design.value, designs.family_of(creation.design), locale)
    if problems:
        raise NotYet(problems[0].message)
    if not is_own_design(creation):
        raise NotYet(_("It is still the bar that it began as. Change something, and it is yours to show."))
    if held_words(creation.design.value) or was_refused(creation):
        _hold(creation, at)
    else:
        let_in(creation, at=at)


def let_in(creation: Creation, *, at: datetime) -> None:
    """Into the gallery; a bar that waited for staff is shown as it was when its maker asked."""
    creation.shown = creation.shown if creation.held_at else creation.design
    creation.visibility, creation.published_at = PUBLIC, at
    creation.held_at = creation.refused_at = None
    creation.save(update_fields=["shown", "visibility", "published_at", "held_at", "refused_at"])
    day_counts.count(DayCount.What.PUBLISHED, at.date())


def refuse(creation: Creation, *, at: datetime) -> None:
    """Staff say no, before or after it was shown. Its maker keeps it and whoever has the address."""
    creation.refused_at = at
    creation.visibility = UNLISTED if creation.visibility == PUBLIC else creation.visibility
    creation.shown = creation.published_at = creation.held_at = None
    creation.save(update_fields=["refused_at", "visibility", "shown", "published_at", "held_at"])


def _hold(creation: Creation, at: datetime) -> None:
    creation.visibility = UNLISTED if creation.visibility == PUBLIC else creation.visibility
    creation.shown, creation.published_at, creation.held_at = creation.design, None, at
    creation.save(update_fields=["visibility", "shown", "published_at", "held_at"])


def held_words(design: Design) -> tuple[Claim, ...]:
    """Of all that everybody could read on the bar and its paper."""
    return claims(design.name, design.wrapper.text, design.inscription.text)


def was_refused(creation: Creation) -> bool:
    """What staff have taken out does not come back as a copy."""
    named_so = Q(maker=creation.maker, design__name=creation.design.name)
    same = Q(pk=creation.pk) | Q(design=creation.design_id) | named_so
    return Creation.objects.filter(same, refused_at__isnull=False).exists()


# ── The end ──────────────────────────────────────────────────────────────────────────────────────


def delete(creation: Creation, *, at: datetime) -> str:
    """Off its maker's list and closed to everybody at once; the token takes it back for a day."""
    token = signing.dumps(str(creation.key), salt=_of_maker(creation.maker))
    creation.maker, creation.changed_at = "", at
    creation.save(update_fields=["maker", "changed_at"])
    return token


def deleted(maker: str, token: str) -> Creation | None:
    """What the token could bring back."""
    try:
        key = signing.loads(token, salt=_of_maker(maker), max_age=REGRET)
    except signing.BadSignature:
        return None
    return Creation.objects.filter(pk=key, maker="").select_related("design").first() if maker else None


def bring_back(maker: str, token: str) -> Creation:
    """Raises NotYours."""
    creation = deleted(maker, token)
    if creation is None:
        raise NotYours(token)
    creation.maker = maker
    creation.save(update_fields=["maker"])
    return creation


def _of_maker(maker: str) -> str:
    """Only the browser that deleted a bar can bring it back."""
    return f"deleted bar {maker}"
