"""Where somebody comes in: what this browser had as a guest's comes along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from orders.account.arrival import arrive
from shop.account_adapter import AccountAdapter


class CustomerAdapter(AccountAdapter):
    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """The last step of every way in."""
        response: HttpResponse = super().post_login(request, user, **how)
        arrive(request, user, response)
        return response
