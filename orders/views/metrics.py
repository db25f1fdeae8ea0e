"""What a monitor reads (docs/operations.md, "What is watched")."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from configurator import staff
from orders import waiting
from orders.waiting import Waiting

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    at = timezone.now()
    lines = _lines(waiting.waiting(at=at), waiting.clock_seconds(at=at))
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=TEXT)


def _may_read(request: HttpRequest) -> bool:
    """A monitor by its token, staff who may see pending work by themselves."""
    told, known = request.headers.get("Authorization", ""), settings.METRICS_TOKEN
    if known and secrets.compare_digest(told.encode(), f"Bearer {known}".encode()):
        return True
    return staff.may(request, "orders.view_pendingwork")


def _lines(rows: list[Waiting], clock_seconds: int | None) -> Iterator[str]:
    yield from _gauge(
        "couverture_work_waiting", "Due and not done.", ((row.purpose, row.length) for row in rows)
    )
    yield from _gauge(
        "couverture_work_oldest_seconds",
        "Since the one that waits longest was due.",
        ((row.purpose, row.oldest_seconds) for row in rows),
    )
    yield from _gauge(
        "couverture_work_given_up",
        "Tried in vain until nobody tries any more.",
        ((row.purpose, row.given_up) for row in rows),
    )
    if clock_seconds is not None:
        yield from _gauge(
            "couverture_clock_seconds",
            "Since the clock's last stroke that a worker heard.",
            [("", clock_seconds)],
        )


def _gauge(name: str, words: str, numbers: Iterable[tuple[str, int]]) -> Iterator[str]:
    """As Prometheus reads it; a number without a purpose is the shop's."""
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"
    for purpose, number in numbers:
        labels = f'{{purpose="{purpose}"}}' if purpose else ""
        yield f"{name}{labels} {number}"
