"""Our own mistakes: told without a trace to the caller, and with it to the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.views import APIView

from config.problem_details import handle


def test_a_mistake_of_ours_shows_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    mistake = ZeroDivisionError("a secret of the house")
    context: dict[str, Any] = {"request": Request(RequestFactory().get("/")), "view": APIView()}
    response = handle(mistake, context)
    assert response.status_code == 500
    assert response.data == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "That went wrong on our side. Try again later.",
    }
    assert "a secret of the house" in caplog.text
