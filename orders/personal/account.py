"""The account itself: its addresses, second factors, sessions and the mails about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from configurator.pictures import photos
from configurator.studio import tastes
from orders.buying.address_book import WORDS, addresses_of
from orders.personal import office
from orders.personal.bars import forget_photos
from orders.personal.people import Person
from shop.models import AccountLetter


def tell(person: Person) -> dict[str, Any]:
    letters = AccountLetter.objects.filter(person.wrote("email"))
    told: dict[str, Any] = {"mails_owed": list(letters.values("kind", "email", "locale", "created_at"))}
    return told | (_told(person.user) if person.user else {})


def forget(person: Person, _at: datetime) -> None:
    """The account goes last, and with it all that hangs on it."""
    AccountLetter.objects.filter(person.wrote("email")).delete()
    if person.user is None:
        return
    for session in sessions_of(person.user):
        shown = session.get_decoded().get(photos.SESSION_KEY, [])
        session.delete()
        forget_photos(shown)
    office.forget_changes_of(User.objects.filter(pk=person.user.pk))
    office.forget_changes_of(EmailAddress.objects.filter(user=person.user))
    addresses_of(person.user).delete()
    tastes.forget(person.user)
    User.objects.filter(pk=person.user.pk, is_staff=False, is_superuser=False).delete()


def sessions_of(user: User) -> Iterator[Session]:
    """Whose they are stands within, signed: each has to be opened."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session


def _told(user: User) -> dict[str, Any]:
    return {
        "opened": user.date_joined,
        "last_signed_in": user.last_login,
        "taste": asdict(taste) if (taste := tastes.taste_of(user)).says_something else None,
        "kept_addresses": list(addresses_of(user).values(*WORDS)),
        "addresses": list(
            EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user)
            .order_by("pk")
            .values("type", "created_at", "last_used_at")
        ),
    }
