"""The content security policy of a page: django-csp writes the house's own anew for each, though it never changes."""

from __future__ import annotations

from typing import Any, Final

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

MARK: Final = "_csp"
"""So begins whatever django-csp keeps at a request or an answer that wants a policy of its own."""


class HousePolicy(CSPMiddleware):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._policy = build_policy()
        reports = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        # Whoever sets more than directives, or wants reports, gets all of django-csp.
        self._is_for_all = set(settings.CONTENT_SECURITY_POLICY) == {"DIRECTIVES"} and not reports

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not self._is_for_all or settings.DEBUG or _wants_its_own(request) or _wants_its_own(response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response


def _wants_its_own(of: HttpRequest | HttpResponseBase) -> bool:
    return any(name.startswith(MARK) for name in vars(of))
