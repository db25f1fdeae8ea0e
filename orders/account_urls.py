"""The pages of somebody's account; those of signing in are shop/account_urls.py's."""

from __future__ import annotations

from django.urls import path

from orders.views import account, account_reminders, addresses, tastes

pages = [
    path("account/", account.account, name="account"),
    path("account/orders/<slug:number>/", account.order, name="account-order"),
    path("account/taste/", tastes.taste, name="taste"),
    path("account/taste/removal/", tastes.forget, name="taste-removal"),
    path("account/reminders/", account_reminders.reminders, name="account-reminders"),
    path("account/reminders/<int:reminder_id>/end/", account_reminders.end, name="account-reminder-end"),
    path("account/addresses/", addresses.addresses, name="addresses"),
    path("account/addresses/new/", addresses.new_address, name="new-address"),
    path("account/addresses/<int:address_id>/", addresses.address, name="address"),
    path("account/addresses/<int:address_id>/removal/", addresses.remove, name="address-removal"),
    path("account/addresses/<int:address_id>/preference/", addresses.prefer, name="address-preference"),
]
