"""Whoever is signed in, on pages where guests must not pay for the question."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest


def signed_in(request: HttpRequest) -> User | None:
    """A browser without a session is a guest's: neither the database nor a cookie is asked."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def take_turns(user: User) -> None:
    """Within a transaction: whoever changes what this account holds waits for who came before."""
    # Not the whole row: an order that names the account must not wait for this, and this for the order's cart.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
