"""Signed delivery of events in the background, tried again when the receiver does not answer 2xx."""

import heapq
import http.client
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import stripe

from sandbox.refusal import Record
from sandbox.state import State

SENDERS = 4
ANSWER_WITHIN_SECONDS = 10
LAST_SENDINGS_SECONDS = 1


@dataclass(frozen=True)
class Endpoint:
    url: str
    secret: str


@dataclass(frozen=True, order=True)
class Errand:
    due: float
    number: int
    event_id: str = field(compare=False)
    attempt: int = field(compare=False, default=0)


class Courier:
    """Sends from a few threads, so events may arrive in any order, as Stripe's do."""

    def __init__(self, state: State, endpoint: Endpoint | None, *, retry_after: tuple[float, ...]) -> None:
        self._state = state
        self._endpoint = endpoint
        self._retry_after = retry_after
        self._errands: list[Errand] = []
        self._numbers = itertools.count()
        self._news = threading.Condition()
        self._under_way = 0
        self._stopped = False

    @property
    def endpoints(self) -> int:
        return 1 if self._endpoint else 0

    def start(self) -> None:
        for event_id, delivery in self._state.deliveries.items():
            if delivery["state"] == "pending":
                self._add(event_id, delay=0.0)
        for _ in range(SENDERS):
            threading.Thread(target=self._work, name="webhooks", daemon=True).start()

    def stop(self) -> None:
        with self._news:
            self._stopped = True
            self._news.notify_all()
            self._news.wait_for(lambda: self._under_way == 0, timeout=LAST_SENDINGS_SECONDS)

    def deliver(self, event_id: str, *, copies: int = 1, delay: float = 0.0) -> None:
        first = {"state": "pending", "delayed": delay > 0, "attempts": []}
        self._state.deliveries.put(event_id, first)
        for _ in range(copies):
            self._add(event_id, delay=delay)

    def withhold(self, event_id: str) -> None:
        dropped = {"state": "dropped", "delayed": False, "attempts": []}
        self._state.deliveries.put(event_id, dropped)

    def wait_until_tried(self, event_id: str, *, seconds: float) -> None:
        """Until the receiver answered once; not for what was dropped or delayed on purpose."""
        with self._news:
            self._news.wait_for(lambda: self._was_tried(event_id), timeout=seconds)

    def wait_until_quiet(self, *, seconds: float) -> bool:
        with self._news:
            return self._news.wait_for(self._is_quiet, timeout=seconds)

    def _was_tried(self, event_id: str) -> bool:
        delivery = self._state.deliveries.get(event_id)
        if delivery is None or delivery["state"] != "pending":
            return True
        return bool(delivery["attempts"]) or delivery["delayed"] is True

    def _is_quiet(self) -> bool:
        return not self._errands and self._under_way == 0

    def _add(self, event_id: str, *, delay: float, attempt: int = 0) -> None:
        with self._news:
            errand = Errand(time.monotonic() + delay, next(self._numbers), event_id, attempt)
            heapq.heappush(self._errands, errand)
            self._news.notify_all()

    def _work(self) -> None:
        while (errand := self._next()) is not None:
            try:
                self._run(errand)
            finally:
                with self._news:
                    self._under_way -= 1
                    self._news.notify_all()

    def _next(self) -> Errand | None:
        with self._news:
            while not self._stopped:
                wait = self._errands[0].due - time.monotonic() if self._errands else None
                if wait is not None and wait <= 0:
                    self._under_way += 1
                    return heapq.heappop(self._errands)
                self._news.wait(timeout=wait)
        return None

    def _run(self, errand: Errand) -> None:
        # The transaction that made the event holds this lock until the event is on disk.
        with self._state.transaction():
            event = self._state.events.get(errand.event_id)
        if event is not None and self._endpoint is not None:
            answer = post_event(self._endpoint, event)
            with self._state.transaction():
                self._record(errand, event, answer)

    def _record(self, errand: Errand, event: Record, answer: int | None) -> None:
        delivery = self._state.deliveries.get(errand.event_id) or {"state": "pending", "attempts": []}
        attempts = [*delivery["attempts"], {"at": self._state.now(), "http": answer}]
        if answer is not None and 200 <= answer < 300:
            outcome = "delivered"
            self._state.events.put(errand.event_id, event | {"pending_webhooks": 0})
        elif errand.attempt < len(self._retry_after):
            outcome = delivery["state"]
            delay = self._retry_after[errand.attempt]
            self._add(errand.event_id, delay=delay, attempt=errand.attempt + 1)
        else:
            outcome = "delivered" if delivery["state"] == "delivered" else "failed"
        self._state.deliveries.put(errand.event_id, delivery | {"state": outcome, "attempts": attempts})


def post_event(endpoint: Endpoint, event: Record) -> int | None:
    """The receiver's answer, None if there was none. Redirects are not followed, as at Stripe."""
    address = urlsplit(endpoint.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=ANSWER_WITHIN_SECONDS)
    body = json.dumps(event, indent=2)
    target = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
    try:
        connection.request("POST", target, body.encode(), _headers(body, endpoint.secret))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _headers(body: str, secret: str) -> dict[str, str]:
    signature = stripe.WebhookSignature.generate_signature_header(body, secret)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (sandbox)",
        "Stripe-Signature": signature,
    }
