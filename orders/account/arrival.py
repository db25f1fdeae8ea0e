"""Somebody signs in: bars and cart of this browser become the account's (docs/accounts.md)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from configurator.makers import keeping
from configurator.makers.makers import maker_of_account, maker_of_browser
from configurator.pictures import photos
from orders.buying import account_carts, cookies
from orders.buying.account_carts import Joined


def arrive(request: HttpRequest, user: User, response: HttpResponse) -> None:
    own = maker_of_account(user)
    bars = keeping.take_over(maker_of_browser(request), own)
    photos.show_to(request, keeping.photos_of(own))
    joined = account_carts.join(cookies.guest_cart_key(request), user)
    for words in _news(joined, bars):
        messages.info(request, words)
    cookies.remember_count(response, joined.count, request.session.session_key or "")


def _news(joined: Joined, bars: int) -> list[str]:
    news = []
    if bars:
        words = ngettext(
            "The bar that you designed here is in your account now.",
            "The %(bars)d bars that you designed here are in your account now.",
            bars,
        )
        news.append(words % {"bars": bars})
    if joined.of_two:
        news.append(_("What was in your cart here and what was in your account's are in one cart now."))
    if joined.waiting:
        words = ngettext(
            "%(bars)d bar found no room in it. It waits, and comes into your cart when you have ordered this one.",
            "%(bars)d bars found no room in it. They wait, and come into your cart when you have ordered this one.",
            joined.waiting,
        )
        news.append(words % {"bars": joined.waiting})
    return news
