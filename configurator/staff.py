"""Who of the staff is asking: whoever may see what customers may not has said twice who they are (docs/accounts.md)."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest


def may(request: HttpRequest, permission: str) -> bool:
    user = getattr(request, "user", None)
    return (
        isinstance(user, User) and user.is_staff and user.has_perm(permission) and not lacks_factor(request)
    )


def lacks_factor(request: HttpRequest) -> bool:
    """Whether the doors of the staff stay shut, for this session knows no more than a password."""
    return settings.STAFF_NEED_SECOND_FACTOR and not has_given_factor(request)


def has_given_factor(request: HttpRequest) -> bool:
    """In this session, and one that still holds: a factor that was taken off counts no longer."""
    given = [
        record.get("id")
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa"
    ]
    return bool(given) and Authenticator.objects.filter(user_id=request.user.pk, pk__in=given).exists()
