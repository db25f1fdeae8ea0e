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
    _written: tuple[Any, str] | None = None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not _is_for_all() or settings.DEBUG or _wants_its_own(request) or _wants_its_own(response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy())
        return response

    def _policy(self) -> str:
        setting = settings.CONTENT_SECURITY_POLICY
        # A test may set another one under a server that runs.
        if self._written is None or self._written[0] is not setting:
            self._written = setting, build_policy()
        return self._written[1]


def _is_for_all() -> bool:
    """Whoever sets more than directives, or wants reports, gets all of django-csp."""
    reports = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
    return not reports and settings.CONTENT_SECURITY_POLICY.keys() == {"DIRECTIVES"}


def _wants_its_own(of: HttpRequest | HttpResponseBase) -> bool:
    return f" {MARK}" in f" {' '.join(vars(of))}"
