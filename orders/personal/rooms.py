"""The rooms of the house that hold something of a person: what each tells of it, and how it forgets.

A module that comes to hold something adds its room: `rooms.ROOMS.append(Room("letters", tell, forget))`, or, where
it hangs on an order, `rooms.OF_AN_ORDER.insert(0, Part("letters", tell, forget))`. What becomes of each field of
each table stands in tests/orders/personal_fields.txt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from orders.models import Order
from orders.personal import account, bars, bought, carts, gifts, office, open_matters, papers, reminded, said
from orders.personal.open_matters import StillOpen
from orders.personal.people import File, Person, orders_of


def _no_files(_of: Any) -> Iterable[File]:
    return ()


@dataclass(frozen=True, slots=True)
class Part:
    """Something that hangs on an order, and is forgotten with it under the order's lock."""

    name: str
    tell: Callable[[Order], Any]
    forget: Callable[[Order, datetime], None]
    files: Callable[[Order], Iterable[File]] = _no_files


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    tell: Callable[[Person], Any]
    """For the copy: words, numbers, lists of them; nothing where there is nothing."""
    forget: Callable[[Person, datetime], None]
    """May be called twice: a worker may die halfway."""
    files: Callable[[Person], Iterable[File]] = _no_files


OF_AN_ORDER: Final[list[Part]] = [
    Part("changes", lambda _order: [], office.forget_changes),
    Part("invoices", papers.tell, papers.forget, papers.files),
    Part("messages", said.tell_messages, said.forget_messages),
    Part("claims", said.tell_claims, said.forget_claims, said.files),
    Part("gift_card", gifts.tell_bought, gifts.forget_bought),
    Part("mails", bought.tell_mails, bought.forget_mails),
    Part("payments", bought.tell_payments, bought.forget_payments),
    Part("parcels", bought.tell_parcels, bought.forget_parcels),
    Part("bars", bought.tell_bars, bought.forget_bars),
    Part("order", bought.tell_order, bought.forget_order),
]
"""The order itself comes last: the others are found by what it says."""


def forget_order(order: Order, at: datetime) -> None:
    """Raises StillOpen where something came up in the meantime."""
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if open_matters.of_order(locked):
            raise StillOpen
        for part in OF_AN_ORDER:
            part.forget(locked, at)


def _tell_orders(person: Person) -> list[dict[str, Any]]:
    return [{part.name: part.tell(order) for part in reversed(OF_AN_ORDER)} for order in orders_of(person)]


def _files_of_orders(person: Person) -> Iterator[File]:
    for order in orders_of(person):
        for part in OF_AN_ORDER:
            yield from part.files(order)


def _forget_orders(person: Person, at: datetime) -> None:
    for order in list(orders_of(person)):
        forget_order(order, at)


ROOMS: Final[list[Room]] = [
    Room("searches", lambda _person: [], office.forget_searches),
    Room("gift_cards_received", gifts.tell_received, gifts.forget_received),
    Room("reminders", reminded.tell, reminded.forget),
    Room("cart", carts.tell, carts.forget),
    Room("bars", bars.tell, bars.forget, bars.files),
    Room("orders", _tell_orders, _forget_orders, _files_of_orders),
]

ACCOUNT: Final = Room("account", account.tell, account.forget)
"""After all others, some of which hang on it."""


def all_rooms() -> tuple[Room, ...]:
    return (*ROOMS, ACCOUNT)
