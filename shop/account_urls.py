"""The pages of signing in: allauth's views under addresses of ours, each counted before it believes anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.account import views as accounts
from allauth.mfa.base import views as steps
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, re_path, reverse_lazy
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

from shop.passkeys import NewPasskey
from shop.second_factors import given_first

View = Callable[..., HttpResponseBase]


def counted(view: View) -> View:
    """Where tries cannot be counted, nobody tries: allauth counts in the cache, and the cache may be away."""

    @wraps(view)
    def later(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (RedisError, ConnectionError):
            return render(request, "account/later.html", status=503)

    return later


def all_counted(patterns: Sequence[URLPattern]) -> list[URLPattern]:
    for pattern in patterns:
        pattern.callback = counted(pattern.callback)
    return list(patterns)


def kept_safe(address: str, view: View, name: str) -> URLPattern:
    """A page about second factors: of whoever has given theirs, and in no cache."""
    return path(f"account/safety/{address}", never_cache(given_first(view)), name=name)


to_overview = {"success_url": reverse_lazy("mfa_index")}

# allauth's own list has more: phones, codes instead of links, names.
pages = all_counted(
    [
        path("account/sign-in/", accounts.login, name="account_login"),
        path("account/sign-out/", accounts.logout, name="account_logout"),
        path("account/new/", accounts.signup, name="account_signup"),
        path("account/closed/", accounts.account_inactive, name="account_inactive"),
        path("account/really-you/", accounts.reauthenticate, name="account_reauthenticate"),
        path("account/email/", accounts.email, name="account_email"),
        path("account/email/sent/", accounts.email_verification_sent, name="account_email_verification_sent"),
        re_path(r"^account/email/(?P<key>[-:\w]+)/$", accounts.confirm_email, name="account_confirm_email"),
        path("account/password/", accounts.password_change, name="account_change_password"),
        path("account/password/first/", accounts.password_set, name="account_set_password"),
        path("account/password/forgotten/", accounts.password_reset, name="account_reset_password"),
        path("account/password/sent/", accounts.password_reset_done, name="account_reset_password_done"),
        path(
            "account/password/changed/",
            accounts.password_reset_from_key_done,
            name="account_reset_password_from_key_done",
        ),
        re_path(
            r"^account/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
            accounts.password_reset_from_key,
            name="account_reset_password_from_key",
        ),
        path("account/sign-in/second-step/", steps.authenticate, name="mfa_authenticate"),
        path("account/sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
        path("account/really-you/code/", steps.reauthenticate, name="mfa_reauthenticate"),
        path(
            "account/really-you/passkey/",
            passkeys.reauthenticate_webauthn,
            name="mfa_reauthenticate_webauthn",
        ),
        kept_safe("", steps.index, "mfa_index"),
        kept_safe("app/", apps.activate_totp, "mfa_activate_totp"),
        kept_safe("app/removal/", apps.deactivate_totp, "mfa_deactivate_totp"),
        kept_safe("passkeys/", NewPasskey.as_view(), "mfa_add_webauthn"),
        kept_safe(
            "passkeys/<int:pk>/removal/",
            passkeys.RemoveWebAuthnView.as_view(**to_overview),
            "mfa_remove_webauthn",
        ),
        kept_safe("codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
        kept_safe("codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
        kept_safe("codes/file/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    ]
)
