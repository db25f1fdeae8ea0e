"""A screen on the wall that nobody touches."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from orders.floor_forms import ScanForm
from orders.production import day_board, queue
from orders.views.floor_access import Staff, floor_page


@require_safe
@floor_page("orders.view_job")
def show(request: Staff) -> HttpResponse:
    return render(request, "floor/board.html", _context() | {"scan": ScanForm()})


@require_safe
@floor_page("orders.view_job")
def now(request: Staff) -> HttpResponse:
    """Nothing, as long as nothing has changed."""
    context = _context()
    if request.headers.get("If-None-Match") == context["digest"]:
        return HttpResponseNotModified()
    answer = render(request, "floor/_board.html", context)
    answer["ETag"] = context["digest"]
    return answer


def _context() -> dict[str, Any]:
    at = timezone.now()
    board = day_board.day_board(at=at)
    signs = (translation.get_language(), timezone.localdate(at), *day_board.signs(board))
    return {
        "board": board,
        "today": timezone.localdate(at),
        "many": queue.MANY,
        "stations": list(board.stations.items()),
        "digest": f'"{sha256(repr(signs).encode()).hexdigest()[:24]}"',
    }
