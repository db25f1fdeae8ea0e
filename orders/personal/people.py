"""Somebody of whom the shop holds something, known by nothing but what they have proven to hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from configurator.makers.makers import maker_of_account
from orders.models import Cart, Order, PersonalRequest


@dataclass(frozen=True, slots=True)
class Person:
    emails: tuple[str, ...] = ()
    """Whose mails they have proven to read."""
    user: User | None = None
    makers: tuple[str, ...] = ()
    carts: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()

    def wrote(self, field: str) -> Q:
        """Rows with one of their addresses in this field."""
        mine = (Q(**{f"{field}__iexact": email}) for email in self.emails)
        return reduce(or_, mine, Q(pk__in=()))


@dataclass(frozen=True, slots=True)
class File:
    """One that the copy holds."""

    name: str
    """In the copy."""
    stored: str
    """In the shop's storage."""


def with_account(user: User, photos: Iterable[str] = ()) -> Person:
    """Bars and cart are the account's, in whichever browser."""
    return Person(emails=emails_of(user), user=user, makers=(maker_of_account(user),), photos=tuple(photos))


def asking(request: PersonalRequest) -> Person:
    makers, carts, photos = (tuple(request.browser.get(name, ())) for name in ("makers", "carts", "photos"))
    if request.user:
        return with_account(request.user, photos)
    emails = (request.email,) if request.email else ()
    return Person(emails=emails, makers=makers, carts=carts, photos=photos)


def emails_of(user: User) -> tuple[str, ...]:
    """Only those that were confirmed: whoever adds a stranger's address gets nothing of the stranger's."""
    return tuple(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def orders_of(person: Person) -> QuerySet[Order]:
    """As an account's page has them (account_orders.py): what was ordered with an account is the account's alone."""
    guests = Q(account=None) & person.wrote("email")
    mine = guests | Q(account=person.user) if person.user else guests
    return Order.objects.filter(mine).order_by("placed_at", "pk")


def carts_of(person: Person) -> QuerySet[Cart]:
    """That have not become an order."""
    mine = Q(key__in=person.carts) | (Q(account=person.user) if person.user else Q(pk__in=()))
    return Cart.objects.filter(mine, order=None)
