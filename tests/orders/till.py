"""Ada at her browser, and the sandbox's till with its controls."""

import json
import re
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from orders.models import Order, Payment

SECRET = "whsec_sandbox"
DECLINED = "4000000000000002"
ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "street": "Teststraße 1",
    "extra": "",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
    "gift_message": "",
}


@dataclass(frozen=True)
class Till:
    address: str

    def control(self, name: str, **fields: Any) -> Any:
        body = urlencode(fields).encode()
        with urllib.request.urlopen(f"{self.address}/_sandbox/{name}", body, timeout=30) as answer:
            return json.loads(answer.read() or "{}")

    def pay(self, page: str, card: str = "4242424242424242", **fields: Any) -> str:
        """What the customer does on Stripe's page; the outcome."""
        session = page.rstrip("/").rpartition("/")[2]
        return str(self.control("pay", session=session, card=card, **fields)["outcome"])

    def fault(self, kind: str, **fields: Any) -> None:
        self.control("faults", kind=kind, **fields)

    def wait(self) -> None:
        self.control("wait")

    def counts(self) -> Any:
        with urllib.request.urlopen(f"{self.address}/_sandbox/", timeout=10) as answer:
            return json.loads(answer.read())


@dataclass
class Buyer:
    """Fills the forms that the pages show."""

    client: Client
    address: dict[str, str] = field(default_factory=lambda: dict(ADDRESS))
    spoken: str = ""
    """What the pages' addresses begin with: nothing in English, "/de" in German."""

    def puts_into_cart(self, digest: str, quantity: int = 1) -> HttpResponse:
        return self.client.post(f"{self.spoken}/cart/lines/", {"design": digest, "quantity": quantity})  # type: ignore[return-value]

    def total_shown(self) -> str:
        page = self.client.get(f"{self.spoken}/checkout/").content.decode()
        found = re.search(r'name="expected_total" value="(\d+)"', page)
        assert found, page
        return found[1]

    def orders(self, **changes: str) -> HttpResponse:
        """Presses the order button; the answer leads to Stripe's page."""
        total = changes.pop("expected_total", None) or self.total_shown()
        form = {**self.address, **changes, "expected_total": total, "order": "1"}
        return self.client.post(f"{self.spoken}/checkout/", form)  # type: ignore[return-value]

    def order_of(self, digest: str, quantity: int = 1) -> tuple[Order, str]:
        """An order placed, and the address of the page to pay it at."""
        self.puts_into_cart(digest, quantity)
        answer = self.orders()
        assert answer.status_code == 303, answer.content.decode()
        return Order.objects.latest("pk"), answer["Location"]


def only_payment() -> Payment:
    return Payment.objects.get()


def now() -> Any:
    return timezone.now()
