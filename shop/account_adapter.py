"""How allauth does things in this shop: its mails wait in our outbox, its words are ours, nobody has a user name."""

from __future__ import annotations

import secrets
from time import time
from typing import Any, Final

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from configurator import limits
from shop import account_letters

NAME_BYTES: Final = 12
REALLY_YOU: Final[dict[str, Any]] = {
    "reauthenticate": _("With your password"),
    "mfa_reauthenticate": _("With a code from your app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it ships no types
    error_messages: Final = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _(
            "This address and this password do not belong together. Check both, or have a new password sent."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right, or no longer. Type the newest one."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link is no longer good. Ask for a new one."),
        "too_many_login_attempts": _(
            "Those were many tries. Please wait five minutes, or have a new password sent."
        ),
        "same_as_current": _("This is your address already."),
        "rate_limited": _("Those were many tries. Please wait a few minutes."),
    }

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """Nobody sees it, and it tells nothing: customers are known by their address."""
        return f"customer-{secrets.token_hex(NAME_BYTES)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """A digest: limits need no more."""
        return limits.visitor(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Never inside the request, and without the key that it brings: that is made when it is sent."""
        account_letters.owe(_kind(template_prefix), email, context.get("user"))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        address = email or _address(user)
        if address:
            account_letters.owe(_kind(template_prefix), address, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of whoever has signed in just now."""
        return not _was_just_here() and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """In the shop's words, and the first as it is best for this account: recovery codes are for emergencies."""
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        by_code = ways.get("mfa_reauthenticate")
        if by_code and not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            ways["mfa_reauthenticate"] = ways.pop("mfa_reauthenticate")
        return [way | {"description": REALLY_YOU[name]} for name, way in ways.items()]


def _was_just_here() -> bool:
    request = context.request
    records = get_authentication_records(request, request.user)
    return bool(records) and time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def _kind(template_prefix: str) -> str:
    return template_prefix.rpartition("/")[2]


def _address(user: User) -> str:
    return user.email
