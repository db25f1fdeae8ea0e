"""Ada at her browser, and the sandbox's till with its controls."""

import json
import re
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
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
        with urllib.request.urlopen(f"{self.address}/_sandbox/{name}", body, timeout=60) as answer:
            return json.loads(answer.read() or "{}")

    def pay(self, page: str, card: str = "4242424242424242", **fields: Any) -> str:
        """What the customer does on Stripe's page; the outcome."""
        session = page.rstrip("/").rpartition("/")[2]
        return str(self.control("pay", session=session, card=card, **fields)["outcome"])

    def fault(self, kind: str, **fields: Any) -> None:
        self.control("faults", kind=kind, **fields)

    def calm_down(self) -> None:
        """No more faults, and nothing under way."""
        request = urllib.request.Request(f"{self.address}/_sandbox/faults", method="DELETE")
        with urllib.request.urlopen(request, timeout=60):
            self.wait()

    def money(self) -> dict[tuple[str, str], int]:
        """Every movement in the sandbox's own book, by kind and what moved it."""
        lines = self._listed("balance_transactions")
        return {(line["reporting_category"], line["source"]): line["amount"] for line in lines}

    def refunds(self) -> list[Any]:
        return self._listed("refunds")

    def refund(self, payment: Payment, cents: int) -> None:
        """What somebody does in Stripe's dashboard, where nobody knows of our marks."""
        form = urlencode({"payment_intent": payment.intent_id, "amount": cents}).encode()
        with urllib.request.urlopen(self._request("refunds", form), timeout=60):
            pass

    def sessions(self) -> list[Any]:
        return self._listed("checkout/sessions")

    def charge_of(self, payment: Payment) -> str:
        """As the sandbox knows it, whatever our own row says."""
        charges = self._listed("charges")
        marked = [charge for charge in charges if charge["metadata"].get("payment") == str(payment.pk)]
        return str(next(charge["id"] for charge in marked if charge["paid"]))

    def _listed(self, name: str) -> list[Any]:
        with urllib.request.urlopen(self._request(f"{name}?limit=100"), timeout=60) as answer:
            page = json.loads(answer.read())
        assert not page["has_more"]
        return list(page["data"])

    def _request(self, path: str, form: bytes | None = None) -> urllib.request.Request:
        key = {"Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}"}
        return urllib.request.Request(f"{self.address}/v1/{path}", form, headers=key)

    def wait(self) -> None:
        self.control("wait")

    def counts(self) -> Any:
        with urllib.request.urlopen(f"{self.address}/_sandbox/", timeout=60) as answer:
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
