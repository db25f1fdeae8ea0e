"""Every answer carries the policy that django-csp would write for it."""

from collections.abc import Callable

import pytest
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from pytest_django import Settings

from config.page_policy import HousePolicy

Page = Callable[[HttpRequest], HttpResponseBase]


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def set_by_itself(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", headers={"Content-Security-Policy": "default-src 'none'"})


def not_found(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing", status=404)


PAGES: list[Page] = [
    plain,
    set_by_itself,
    not_found,
    csp_update({"img-src": ["data:"]})(plain),
    csp_exempt()(plain),
]


def policies(page: Page) -> list[dict[str, str]]:
    return [_policies(middleware(page), page) for middleware in (HousePolicy, CSPMiddleware)]


def _policies(middleware: CSPMiddleware, page: Page) -> dict[str, str]:
    request = RequestFactory().get("/")
    answer = middleware.process_response(request, page(request))
    return {name: value for name, value in answer.items() if name.startswith("Content-Security-Policy")}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("debug", [False, True])
def test_a_page_has_the_policy_that_it_asks_for(page: Page, debug: bool, settings: Settings) -> None:
    settings.DEBUG = debug
    ours, theirs = policies(page)
    assert ours == theirs


def test_who_wants_reports_gets_them(settings: Settings) -> None:
    settings.CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    ours, theirs = policies(plain)
    assert sorted(ours) == ["Content-Security-Policy", "Content-Security-Policy-Report-Only"]
    assert ours == theirs


def test_another_policy_holds_from_the_next_answer_on(settings: Settings) -> None:
    middleware = HousePolicy(plain)
    before = _policies(middleware, plain)
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    assert _policies(middleware, plain) == {"Content-Security-Policy": "default-src 'none'"} != before
