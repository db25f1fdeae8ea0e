"""What somebody has designed in this browser, what friends and chocolatiers said of it, and the photos on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from configurator import designs
from configurator.domain.design import Design, Inscription
from configurator.models import Creation, Photo
from configurator.models import Design as DesignRow
from configurator.pictures import photos
from orders.account import untouched
from orders.models import OrderLine
from orders.personal import office
from orders.personal.people import File, Person, orders_of


def tell(person: Person) -> list[dict[str, Any]]:
    return [_told(creation) for creation in _kept_by(person)]


def files(person: Person) -> Iterator[File]:
    """The photos of bars that they keep, have ordered, or have only laid out."""
    shown = dict.fromkeys(person.photos)
    for row in DesignRow.objects.filter(pk__in=[*_designed(person), *_ordered(person)]):
        shown |= dict.fromkeys(photo.digest for photo in row.value.photos)
    for digest in Photo.objects.filter(pk__in=shown).values_list("pk", flat=True):
        yield File(f"photos/{digest[:12]}.jpg", photos.name_of(digest))


def forget(person: Person, _at: datetime) -> None:
    for creation in list(_kept_by(person)):
        with transaction.atomic():
            _forget(creation)
    forget_photos(person.photos)


def forget_designs(digests: Iterable[str]) -> None:
    """Those that nobody keeps, orders or sells, with their pictures and photos."""
    left = list(digests)
    shown = {photo.digest for row in DesignRow.objects.filter(pk__in=left) for photo in row.value.photos}
    untouched.forget_designs(untouched.unnamed(DesignRow.objects.all()), left)
    forget_photos(shown)


def forget_photos(digests: Collection[str]) -> None:
    for digest in digests:
        if not DesignRow.objects.filter(canonical__contains=digest).exists():
            photos.forget(digest)


def without_words(row: DesignRow) -> DesignRow:
    """The same bar as anybody could have designed it: no name, no words, no photo."""
    design: Design = row.value
    paper = replace(design.wrapper, text="", photo=None)
    return designs.save(replace(design, name="", wrapper=paper, inscription=Inscription()))


def _kept_by(person: Person) -> QuerySet[Creation]:
    return Creation.objects.filter(maker__in=[maker for maker in person.makers if maker]).order_by(
        "created_at"
    )


def _told(creation: Creation) -> dict[str, Any]:
    return {
        "name": creation.design.value.name,
        "design": creation.design.canonical,
        "begun": creation.created_at,
        "changed": creation.changed_at,
        "seen_by": creation.visibility,
        "published": creation.published_at,
        "opinions": list(creation.opinions.values("name", "words", "edits", "said_at")),
        "checks": list(creation.checks.values("question", "asked_at", "answer", "answered_at")),
    }


def _designed(person: Person) -> list[str]:
    return untouched.designs_of(list(_kept_by(person).values_list("pk", flat=True)))


def _ordered(person: Person) -> Iterable[str]:
    return OrderLine.every.filter(order__in=orders_of(person)).values_list("design_id", flat=True)


def _forget(creation: Creation) -> None:
    designed = set(untouched.designs_of([creation.pk]))
    office.forget_changes_of(Creation.objects.filter(pk=creation.pk))
    left = designed | {creation.started_from_id, *filter(None, [creation.shown_id])}
    creation.delete()
    for row in DesignRow.objects.filter(pk__in=designed):
        _take_out_of_remixes(row)
    forget_designs(left)


def _take_out_of_remixes(row: DesignRow) -> None:
    """What others made of it stays theirs, and began at the same bar without the words.

    Somebody who keeps, as a step of their own, the very same words has come to them alone.
    """
    plain = without_words(row)
    if plain.pk != row.pk:
        for remix in Creation.objects.filter(started_from=row):
            _begin_at(remix, row.pk, plain.pk)


def _begin_at(remix: Creation, old: str, new: str) -> None:
    remix.past = [new if digest == old else digest for digest in remix.past]
    remix.future = [new if digest == old else digest for digest in remix.future]
    remix.design_id = new if remix.design_id == old else remix.design_id
    remix.started_from_id = new
    remix.save(update_fields=["past", "future", "design", "started_from"])
    # A step never is what a bar began as.
    remix.steps.filter(design__in=(old, new)).delete()
