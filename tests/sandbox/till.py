"""The cast: a shop that only listens, a bar for 19.98 euros, the till that is the sandbox."""

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

import stripe

SECRET = "whsec_sandbox"
BAR = {"currency": "eur", "unit_amount": 999, "product_data": {"name": "Ada's bar"}}
ORDER: dict[str, Any] = {
    "mode": "payment",
    "success_url": "http://127.0.0.1:9/return?session={CHECKOUT_SESSION_ID}",
    "cancel_url": "http://127.0.0.1:9/cart",
    "customer_email": "ada@example.com",
    "client_reference_id": "order-7",
    "metadata": {"payment": "p-1"},
    "payment_intent_data": {"metadata": {"payment": "p-1"}},
    "line_items": [{"quantity": 2, "price_data": BAR}],
}


@dataclass
class Shop:
    """Takes webhooks; answers what `answers` says first, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[tuple[str, str]] = field(default_factory=list)

    def events(self) -> list[stripe.Event]:
        return [stripe.Webhook.construct_event(body, seal, SECRET) for body, seal in self.received]

    def types(self) -> list[str]:
        return sorted(event.type for event in self.events())

    def take(self, body: str, signature: str) -> int:
        self.received.append((body, signature))
        return self.answers.pop(0) if self.answers else 200


@dataclass(frozen=True)
class Reply:
    http: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Till:
    """The sandbox as its users see it: by the SDK and by its controls."""

    address: str
    http: stripe.RequestsClient

    @property
    def client(self) -> stripe.StripeClient:
        return self.client_with(retries=0)

    def client_with(self, *, retries: int, key: str = "sk_test_sandbox") -> stripe.StripeClient:
        return stripe.StripeClient(
            key,
            base_addresses={"api": self.address},
            max_network_retries=retries,
            http_client=self.http,
        )

    def open_session(self, **changes: Any) -> stripe.checkout.Session:
        return self.client.v1.checkout.sessions.create({**ORDER, **changes})  # type: ignore[arg-type]

    def session(self, session_id: str) -> stripe.checkout.Session:
        return self.client.v1.checkout.sessions.retrieve(session_id)

    def paid_session(self, **changes: Any) -> stripe.checkout.Session:
        session = self.open_session(**changes)
        self.pay(session)
        return self.session(session.id)

    def pay(self, session: stripe.checkout.Session, card: str = "4242424242424242", **more: str) -> Any:
        return self.control("pay", session=session.id, card=card, **more)

    def fault(self, kind: str, **more: Any) -> None:
        self.control("faults", kind=kind, **more)

    def control(self, name: str, **fields: Any) -> Any:
        reply = call("POST", f"{self.address}/_sandbox/{name}", fields)
        assert reply.http == 200, reply.body
        return reply.json

    def look(self, name: str) -> Any:
        return call("GET", f"{self.address}/_sandbox/{name}").json

    def deliveries(self, event_type: str) -> list[Any]:
        return [delivery for delivery in self.look("deliveries") if delivery["type"] == event_type]

    def quiet(self) -> None:
        assert self.control("wait", seconds=5) == {"quiet": True}


def call(method: str, url: str, form: dict[str, Any] | None = None, **headers: str) -> Reply:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    body = urlencode(form or {}) if method == "POST" else None
    try:
        connection.request(method, f"{address.path}?{address.query}", body, headers)
        return _reply(connection.getresponse())
    finally:
        connection.close()


def _reply(response: HTTPResponse) -> Reply:
    return Reply(response.status, dict(response.getheaders()), response.read().decode())
