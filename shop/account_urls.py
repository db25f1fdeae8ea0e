"""The pages of signing in: allauth's views under addresses of ours, each counted before it believes anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.account import views as accounts
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from redis.exceptions import RedisError

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
    ]
)
