"""Every address of the shop, read from its own list, with a real thing put in for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from configurator.models import Check, Opinion, Photo
from orders.models import (
    CartLine,
    Claim,
    ClaimPhoto,
    Cleaning,
    GiftCard,
    Job,
    KeptAddress,
    Lot,
    Message,
    PrintedLabel,
    Recall,
    Reminder,
    Run,
    SavedFilter,
)
from orders.papers.keys import key_of
from shop import proven_addresses
from tests.permissions.people import House

PART: Final = re.compile(r"<(?:\w+:)?(\w+)>")
MODULE: Final = "almond_whole"
API: Final = "/api/"
API_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
PAGE_METHODS: Final = ("GET", "POST")


def routes() -> list[str]:
    """As they are written: "/orders/<token:token>/"."""
    return sorted(set(_under(get_resolver())))


def methods(route: str) -> tuple[str, ...]:
    return API_METHODS if route.startswith(API) else PAGE_METHODS


def address(route: str, house: House) -> str:
    record = re.fullmatch(r"/admin/([a-z]+)/([a-z]+)/<(?:id|path:object_id)>/.*", route)
    if record:
        return PART.sub(_first_of(record[1], record[2]), route)
    known = _known(house) | _on_the_floor(route)
    if route.startswith("/photos/"):
        known["digest"] = Photo.objects.get().digest
    if "/modules/" in route:
        known["key"] = MODULE
    if "/papers/" in route:
        known |= {"key": key_of(house.order), "number": house.order.invoices.get().number}
    if "/my-data/" in route:
        key = "nobodys" if "/forgotten/" in route else proven_addresses.key_of(house.order.email)
        known |= {"key": key, "copy_key": "nobodys"}
    known |= _by_code(route, house)
    if route.startswith("/cart/bars/"):
        known["digest"] = CartLine.objects.earliest("pk").design_id
    if route.startswith("/reminders/"):
        known["token"] = Reminder.objects.get().token
    return PART.sub(lambda part: str(known.get(part[1], "1")), route)


def _by_code(route: str, house: House) -> dict[str, Any]:
    """Each kind of paper has codes of its own."""
    if route.startswith("/c/"):
        return {"code": house.order.lines.get().code}
    if route.startswith("/bars/"):
        return {"code": PrintedLabel.objects.get().code}
    if route.startswith("/l/"):
        return {"code": Lot.objects.get().code}
    return {}


def _on_the_floor(route: str) -> dict[str, Any]:
    if not route.startswith("/floor/equipment/"):
        return {}
    return {"key": "KIT-F", "cleaning_id": Cleaning.objects.get().pk}


def _under(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + _written(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _under(pattern, route)


def _written(pattern: str) -> str:
    """The pages stand in the shop's first language; Django's own few are regular expressions."""
    plain = pattern.replace("[language/]", "")
    plain = re.sub(r"\(\?P<app_label>[^)]*\)", "<app_label>", plain)
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", plain).strip("^$")


def _first_of(app: str, model: str) -> str:
    found = apps.get_model(app, model)._default_manager.first()
    return str(found.pk) if found else "1"


def _known(house: House) -> dict[str, Any]:
    bar = house.order.lines.get()
    return {
        "token": house.order.token,
        "order_id": house.order.pk,
        "invoice_id": house.order.invoices.get().pk,
        "number": house.order.number,
        "code": Job.objects.get().code,
        "digest": bar.design_id,
        "reference": bar.design_id,
        "payment_id": house.payment.pk,
        "letter_id": house.order.work.get(kind="confirmation").pk,
        "work_id": house.order.work.get(kind="confirmation").pk,
        "dispute_id": "dp_1",
        "address_id": KeptAddress.objects.get().pk,
        "recall_id": Recall.objects.get().pk,
        "lot_id": Lot.objects.get().pk,
        "claim_id": Claim.objects.get().pk,
        "photo_id": ClaimPhoto.objects.get().pk,
        "run_id": Run.objects.get().pk,
        "search_id": SavedFilter.objects.get().pk,
        "message_id": Message.objects.get().pk,
        "reminder_id": Reminder.objects.get().pk,
        "card_id": GiftCard.objects.get().pk,
        "line_id": CartLine.objects.earliest("pk").pk,
        "key": house.creation.key,
        "link": house.creation.opinions_link,
        "check": Check.objects.get().pk,
        "opinion": Opinion.objects.get().pk,
        "family": "bar-100",
        "module": MODULE,
        "slot": "toppings",
        "app_label": "orders",
        "url": "nowhere",
        "rest": "nowhere",
        "content_type_id": "1",
        "object_id": "1",
        "name": "300",
        "kind": "prices",
        "section": "pages",
        "station": "kitting",
    }
