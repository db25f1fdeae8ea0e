"""The pages of somebody's account; those of signing in are shop/account_urls.py's."""

from __future__ import annotations

from django.urls import path

from orders.views import account

pages = [
    path("account/", account.account, name="account"),
    path("account/orders/<slug:number>/", account.order, name="account-order"),
]
