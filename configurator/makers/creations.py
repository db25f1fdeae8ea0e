"""What somebody is designing: every change is kept without an account, and can be undone and done again.

A page says which step of which creation it shows. When another window has gone on in the meantime, the
page goes on with a copy: nothing is ever overwritten unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from configurator import day_counts
from configurator.domain.steps import Steps
from configurator.makers import lineage
from configurator.models import Creation, CreationStep, DayCount
from configurator.models import Design as DesignRow

Step: TypeAlias = Literal["undo", "redo", "reset"]

STEPS: Final[tuple[Step, ...]] = ("undo", "redo", "reset")
PLACE: Final = re.compile(
    r"(?P<key>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?P<head>[0-9a-f]{64}):(?P<at>[0-9a-f]{64})"
)
LOOKED_THROUGH: Final = 20
"""Of somebody's creations that came by the same design, the latest."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a creation, as a page stands at it."""

    key: str
    head: str
    """The creation's present design, as the page knows it."""
    at: str
    """The step that the page shows; another one than the head after Back."""

    @property
    def is_head(self) -> bool:
        return self.at == self.head

    def __str__(self) -> str:
        return f"{self.key}:{self.head}:{self.at}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a page sends: where it stands, what it shows, and what its form says."""

    maker: str
    place: Place | None
    shown: str
    said: str
    made_at: datetime
    complete: bool = False
    """Whether what it says could be ordered."""
    tab: str = ""
    """Names the page in the browser; empty without scripts."""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the page stands after its change."""

    creation: Creation | None
    design: str
    other: Creation | None = None
    """The one that another window has gone on with; this page has a copy of its own now."""

    @property
    def trail(self) -> Trail:
        return trail(self.creation, self.design) if self.creation else Trail()


@dataclass(frozen=True, slots=True)
class Trail:
    """What a page can do with the steps of its creation; nothing as long as it has none."""

    place: Place | None = None
    undoable: bool = False
    redoable: bool = False
    resettable: bool = False
    opinions_unread: int = 0

    @property
    def latest(self) -> str:
        """Where the creation has gone on to, when the page shows an earlier step."""
        return self.place.head if self.place and not self.place.is_head else ""


def trail(creation: Creation, at: str) -> Trail:
    steps = steps_of(creation).at(at)
    return Trail(
        place=Place(str(creation.key), creation.design_id, at),
        undoable=bool(steps.past),
        redoable=bool(steps.future),
        resettable=at != creation.started_from_id,
        opinions_unread=creation.opinions_unread,
    )


def read_place(typed: str) -> Place | None:
    """What stands in a form may be forged; a place that nobody has is no place."""
    found = PLACE.fullmatch(typed)
    return Place(found["key"], found["head"], found["at"]) if found else None


def opened(maker: str, digest: str) -> Trail:
    """The creation of which somebody opens a step by its address.

    The design it started from opens none: whoever comes back to it begins another bar.
    """
    if not maker:
        return Trail()
    own = Creation.objects.filter(maker=maker)
    if present := own.filter(design=digest).first():
        return trail(present, digest)
    for creation in own.filter(steps__design=digest)[:LOOKED_THROUGH]:
        if digest in (*creation.past, *creation.future):
            return trail(creation, digest)
    return Trail()


def steps_of(creation: Creation) -> Steps:
    return Steps(tuple(creation.past), creation.design_id, tuple(creation.future))


def remember_steps(creation: Creation, digests: Iterable[str]) -> None:
    """Whoever makes the bar private closes all of these designs; what it began as was there before."""
    steps = frozenset(digests) - {creation.started_from_id}
    CreationStep.objects.bulk_create(
        [CreationStep(creation=creation, design_id=digest) for digest in steps], ignore_conflicts=True
    )


def keep(change: Change) -> Kept:
    """Keep the change, or take the step that it asks for."""
    creation = _creation(change)
    if creation is None:
        return _begun(change)
    steps, is_known = _next(change, creation), _is_known(change, creation)
    if steps == steps_of(creation) or (steps.now == creation.design_id and not is_known):
        # Also a change that came once more because its first answer was lost.
        return Kept(creation, steps.now)
    if is_known and _moved(creation, steps, change):
        remember_steps(creation, {steps.now, change.said} & {steps.now, *steps.past, *steps.future})
        _count_complete(creation, change)
        return Kept(creation, steps.now)
    return _copied(change, creation)


def _creation(change: Change) -> Creation | None:
    own = Creation.objects.filter(maker=change.maker)
    if change.place:
        return own.filter(pk=change.place.key).first()
    # The answer to the page's first change may have been lost.
    return own.filter(tab=change.tab).first() if change.tab else None


def _is_known(change: Change, creation: Creation) -> bool:
    """Whether the page knows how far the creation has come, or it was the page itself that brought it there."""
    told = change.place is not None and change.place.head == creation.design_id
    return told or (change.tab != "" and change.tab == creation.tab)


def _next(change: Change, creation: Creation) -> Steps:
    steps, place = steps_of(creation), change.place
    # A step is taken from where the page stands, and so is a change, unless the page missed an answer.
    if place and (change.step or place.head == creation.design_id):
        steps = _seen_from(place, steps, change)
    return _after(change, steps, creation.started_from_id)


def _seen_from(place: Place, steps: Steps, change: Change) -> Steps:
    """A step that was never taken may be somebody else's bar: only what the page could show counts."""
    return steps.at(place.at if place.at in (*steps.past, steps.now, *steps.future) else change.shown)


def _after(change: Change, steps: Steps, started_from: str) -> Steps:
    if change.step is None:
        return steps.changed(change.said)
    if change.said != change.shown:
        # What the form says was not sent yet: that is the change to undo.
        steps = steps.changed(change.said)
    steps = steps.among(_kept_of(steps))
    if change.step == "undo":
        return steps.undone()
    return steps.redone() if change.step == "redo" else steps.changed(started_from)


def _kept_of(steps: Steps) -> tuple[str, ...]:
    return tuple(
        DesignRow.objects.filter(pk__in=(*steps.past, *steps.future)).values_list("digest", flat=True)
    )


def _begun(change: Change) -> Kept:
    """A creation begins with the first change, not with opening."""
    steps = _after(change, Steps((), change.shown), change.shown)
    if steps == Steps((), change.shown):
        return Kept(None, change.shown)
    # Pressed twice, or once more: who has made this very bar of that one has it already.
    alike = Creation.objects.filter(maker=change.maker, design=steps.now, started_from=change.shown)
    if twin := alike.first():
        return Kept(twin, steps.now)
    parent = lineage.origin(change.shown, change.maker)
    creation = Creation.objects.create(
        maker=change.maker,
        design_id=steps.now,
        started_from_id=change.shown,
        parent=parent,
        is_remix=parent is not None,
        tab=change.tab,
        past=list(steps.past),
        future=list(steps.future),
        created_at=change.made_at,
        changed_at=change.made_at,
    )
    remember_steps(creation, (*steps.past, steps.now, *steps.future))
    day_counts.count(DayCount.What.CHANGED, change.made_at.date())
    _count_complete(creation, change)
    return Kept(creation, steps.now)


def _moved(creation: Creation, steps: Steps, change: Change) -> bool:
    """False when another window was quicker."""
    before = creation.design_id
    creation.design_id, creation.past, creation.future = steps.now, list(steps.past), list(steps.future)
    creation.tab, creation.changed_at = change.tab, change.made_at
    return bool(
        Creation.objects.filter(pk=creation.pk, design_id=before).update(
            design_id=steps.now,
            past=creation.past,
            future=creation.future,
            tab=change.tab,
            changed_at=change.made_at,
        )
    )


def _copied(change: Change, creation: Creation) -> Kept:
    """The steps up to what the page showed, and its change, as a creation of their own."""
    other = Creation.objects.get(pk=creation.pk)
    steps = steps_of(other)
    if change.place:
        steps = _seen_from(change.place, steps, change)
    steps = _after(change, Steps(steps.past, steps.now), other.started_from_id)
    copy = Creation.objects.create(
        maker=change.maker,
        design_id=steps.now,
        started_from_id=other.started_from_id,
        parent_id=other.parent_id,
        is_remix=other.is_remix,
        tab=change.tab,
        past=list(steps.past),
        future=list(steps.future),
        created_at=change.made_at,
        changed_at=change.made_at,
        complete_at=other.complete_at,
    )
    remember_steps(copy, (steps.now, *_kept_of(steps)))
    return Kept(copy, steps.now, other)


def _count_complete(creation: Creation, change: Change) -> None:
    if change.complete and creation.complete_at is None:
        creation.complete_at = change.made_at
        creation.save(update_fields=["complete_at"])
        day_counts.count(DayCount.What.VALID, change.made_at.date())
