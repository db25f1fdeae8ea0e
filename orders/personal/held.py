"""What a page says of somebody's records before they decide: how much there is, and what would stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from configurator.models import Creation
from orders.models import GiftCard
from orders.personal import forgetting, open_matters, reminded
from orders.personal.open_matters import OpenMatter
from orders.personal.people import Person, carts_of, orders_of


@dataclass(frozen=True, slots=True)
class Held:
    orders: int
    gift_cards: int
    reminders: int
    bars: int
    """Of the account or of this browser, as its cart."""
    carts: int
    papers: list[tuple[str, date]]
    """That stay, each with its last day."""
    open: list[OpenMatter]
    """What has to be settled first."""


def of(person: Person) -> Held:
    return Held(
        orders=orders_of(person).count(),
        gift_cards=GiftCard.objects.filter(person.wrote("recipient_email")).count(),
        reminders=reminded.of(person).count(),
        bars=Creation.objects.filter(maker__in=[maker for maker in person.makers if maker]).count(),
        carts=carts_of(person).filter(lines__isnull=False).distinct().count(),
        papers=forgetting.what_stays(person),
        open=open_matters.of_person(person),
    )


def knows(email: str) -> bool:
    person = Person(emails=(email,))
    received = GiftCard.objects.filter(person.wrote("recipient_email"))
    return any(rows.exists() for rows in (orders_of(person), received, reminded.of(person)))
