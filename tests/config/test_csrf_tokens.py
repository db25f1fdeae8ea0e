"""What a page's form carries is a token as Django would write it."""

from collections import Counter

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CsrfViewMiddleware, get_token
from django.template import engines
from django.test import RequestFactory

from config.csrf_tokens import drawn

VISITORS = RequestFactory()


def guarded(request: HttpRequest) -> int:
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    guard = CsrfViewMiddleware(answer)
    guard.process_request(request)
    refused = guard.process_view(request, answer, (), {})
    return (refused or answer(request)).status_code


def token_on_page(request: HttpRequest) -> str:
    return engines["django"].from_string("{{ csrf_token }}").render({}, request)


def sent(token: str, *, cookie: str) -> int:
    VISITORS.cookies["csrftoken"] = cookie
    try:
        return guarded(VISITORS.post("/", {"csrfmiddlewaretoken": token}))
    finally:
        del VISITORS.cookies["csrftoken"]


def test_a_new_visitors_form_is_taken_with_the_cookie_that_comes_with_it():
    request = VISITORS.get("/")
    token = token_on_page(request)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"] is True
    assert sent(token, cookie=request.META["CSRF_COOKIE"]) == 200


def test_a_form_is_not_taken_with_the_cookie_of_somebody_else():
    token = token_on_page(VISITORS.get("/"))
    assert sent(token, cookie=drawn()) == 403
    assert sent(drawn() + drawn(), cookie=drawn()) == 403


def test_whoever_has_a_cookie_keeps_it_on_every_page():
    request = VISITORS.get("/")
    request.META["CSRF_COOKIE"] = secret = drawn()
    first, second = token_on_page(request), token_on_page(request)
    assert request.META["CSRF_COOKIE"] == secret
    assert first != second
    assert [sent(token, cookie=secret) for token in (first, second, get_token(request))] == [200, 200, 200]


def test_a_page_without_a_form_sends_no_cookie():
    request = VISITORS.get("/")
    engines["django"].from_string("nothing to send").render({}, request)
    assert "CSRF_COOKIE" not in request.META


def test_every_sign_is_as_likely_as_every_other():
    signs = Counter("".join(drawn() for _secret in range(20_000)))
    assert set(signs) == set(CSRF_ALLOWED_CHARS)
    fair = 20_000 * 32 / len(CSRF_ALLOWED_CHARS)
    assert max(signs.values()) == pytest.approx(fair, rel=0.07)
    assert min(signs.values()) == pytest.approx(fair, rel=0.07)
