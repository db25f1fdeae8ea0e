"""What was said about an order: questions and answers, the colleagues' notes, claims and their photos."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage

from orders.models import Claim, ClaimPhoto, Message, Order, OrderNote
from orders.personal.people import File


def tell_messages(order: Order) -> dict[str, Any]:
    spoken = [
        {"from": "customer" if message.by_customer else "shop", "at": message.at, "words": message.words}
        for message in Message.objects.filter(order=order)
    ]
    noted = [{"at": note.at, "words": note.words} for note in OrderNote.objects.filter(order=order)]
    return {"messages": spoken, "notes_of_the_office": noted}


def forget_messages(order: Order, _at: datetime) -> None:
    Message.objects.filter(order=order).delete()
    OrderNote.objects.filter(order=order).delete()


def tell_claims(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "kind": claim.kind,
            "name": claim.name,
            "words": claim.words,
            "at": claim.at,
            "state": claim.state,
            "answer": claim.answer,
            "photos": [photo.digest for photo in claim.photos.all()],
        }
        for claim in Claim.objects.filter(order=order).prefetch_related("photos")
    ]


def files(order: Order) -> Iterator[File]:
    for photo in ClaimPhoto.objects.filter(claim__order=order):
        yield File(f"claims/{order.number}-{photo.digest[:12]}.jpg", photo.file_name)


def forget_claims(order: Order, _at: datetime) -> None:
    shown = list(ClaimPhoto.objects.filter(claim__order=order))
    Claim.objects.filter(order=order).delete()
    for photo in shown:
        # The same picture may have been shown for another order.
        if not ClaimPhoto.objects.filter(digest=photo.digest).exists():
            default_storage.delete(photo.file_name)
