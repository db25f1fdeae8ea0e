"""Second factors as this shop has them: their words, their picture, and how their secrets are kept (docs/accounts.md)."""

from __future__ import annotations

from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Final

import segno
from allauth.account.adapter import get_adapter as accounts
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_reset
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import staff

View = Callable[..., HttpResponseBase]
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What signing in asks for; recovery codes stand in for them."""
PURPOSE: Final = b"secrets of second factors"


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # it ships no types
    error_messages: Final = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy(
            "While your account asks for a second step, its address stays. Take the second step off, change the "
            "address, and set the step up again."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes stand in for an app or a passkey: set one of them up first."
        ),
        "incorrect_code": gettext_lazy("This is not right, or no longer. Try again with the newest code."),
        "unverified_email": gettext_lazy(
            "First confirm your new address, or keep the present one; then set up a second step."
        ),
    }

    def get_totp_issuer(self) -> str:
        return settings.SHOP_NAME

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, error="m", micro=False).svg_inline(
            border=2, scale=5, dark="#2a1710", light="#fff"
        )

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # allauth's word
        before = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": before + 1} if before else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SHOP_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The browser shows it; a customer's user name is nobody's to see."""
        said = super().get_public_key_credential_user_entity(user)
        return {**said, "display_name": self.get_totp_label(user)}

    def encrypt(self, text: str) -> str:
        """A copy of the database alone makes no codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text).decode()
        except InvalidToken:
            # The key is gone: then no code is right, rather than one that could be guessed.
            return b32encode(token_bytes(20)).decode()


def _box() -> MultiFernet:
    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(sha256(PURPOSE + key.encode()).digest()))
            for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]
    )


def are_set_up(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def take_off(user: User) -> int:
    """All of them, recovery codes too; how many there were."""
    gone, _per_model = Authenticator.objects.filter(user=user).delete()
    return int(gone)


def asked_for(request: HttpRequest) -> HttpResponseRedirect:
    """To where this session gives a factor; without any, to where one is set up."""
    ways = [
        way for way in accounts().get_reauthentication_methods(request.user) if way["id"] != "reauthenticate"
    ]
    if not ways:
        return HttpResponseRedirect(reverse("mfa_index"))
    here = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{ways[0]['url']}?{here}")


def given_first(view: View) -> View:
    """A window that was open when a factor was set up, elsewhere, knows the password alone: it changes none."""

    @wraps(view)
    def given(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and are_set_up(user) and not staff.has_given_factor(request):
            return asked_for(request)
        return view(request, *args, **kwargs)

    return given


def _has_it(request: HttpRequest, user: User, authenticator: Authenticator, **_said: Any) -> None:
    """Whoever has just set one up has given it."""
    if request.user.is_authenticated:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


authenticator_added.connect(_has_it)
authenticator_reset.connect(_has_it)
