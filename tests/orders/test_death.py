"""Web server and worker killed at chosen points of the checkout, and what the sweep makes of it.

Each death is a SIGKILL at a border: a statement of SQL, a commit, a call to Stripe, a mail, a file
(mortal.py). Then a new process takes over, the customer presses again what did not answer, and beat
sweeps. Whatever died: one order, charged once, one job for each bar, one letter, its modules used
once, and our ledger is the sandbox's money.
"""

from __future__ import annotations

import email
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.utils import timezone

from configurator.models import Module
from devserver.installation import ROOT
from orders import stock
from orders.models import Fulfilment, Job, Order, PendingWork, Refund, StockHold, StockMove
from orders.production.run_outs import shortage
from sandbox.server import Settings, running
from sandbox.webhooks import Endpoint
from tests.conftest import database_url
from tests.orders import books
from tests.orders.till import ADDRESS, SECRET, Buyer, Till
from tests.ports import two_free_ports

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PLACING = [
    "before INSERT orders_order",
    "INSERT orders_order",
    "INSERT orders_orderline",
    "INSERT orders_orderline > before COMMIT",
    "INSERT orders_orderline > COMMIT",
    "INSERT orders_payment",
    "INSERT orders_payment > COMMIT",
    "before POST /v1/checkout/sessions",
    "POST /v1/checkout/sessions",
    "POST /v1/checkout/sessions > UPDATE orders_payment",
]
SETTLING = [
    "before INSERT orders_stripeevent",
    "INSERT orders_stripeevent",
    "INSERT orders_stripeevent > UPDATE orders_stripeevent",
    "INSERT orders_stripeevent > GET /v1/checkout/sessions",
    "INSERT orders_ledgerentry",
    "UPDATE orders_order",
    "INSERT orders_fulfilment",
    "INSERT orders_job",
    "INSERT orders_job > before COMMIT",
    "INSERT orders_job > COMMIT",
]
WORKING = [
    "UPDATE orders_pendingwork > UPDATE orders_pendingwork",
    "before MAIL",
    "MAIL",
    "before FILE tickets",
    "FILE tickets",
]
REFUNDING = ["before POST /v1/refunds", "POST /v1/refunds", "UPDATE orders_refund"]
LEAVING_OUT = {
    "INSERT orders_refund": (0, 0),
    "INSERT orders_refund > before COMMIT": (0, 0),
    "INSERT orders_refund > COMMIT": (1, 0),
    "before POST /v1/refunds": (1, 0),
    "POST /v1/refunds": (1, 1),
    "UPDATE orders_refund": (1, 1),
}
"""Of a bar that cannot be made, and what the death leaves behind: refunds in our books, and at Stripe."""
BARS = 2
PATIENCE_S = 60


@dataclass
class Shop:
    """Children of a nursery: one web server at a time, and workers that come and go."""

    nursery: subprocess.Popen[str]
    port: int
    var: Path
    web: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def opens(self, *, dies: str = "") -> None:
        self.closes()
        self.web = int(self._told(role="web", port=self.port, dies=dies))
        until = monotonic() + PATIENCE_S
        while not self._listens():
            assert monotonic() < until, f"no web server for {dies!r}"
            sleep(0.02)

    def closes(self) -> None:
        with suppress(ProcessLookupError):
            if self.web:
                os.kill(self.web, 9)
        until = monotonic() + PATIENCE_S
        while self._listens():
            assert monotonic() < until
            sleep(0.02)

    def works(self, *, minutes: int, kinds: tuple[str, ...] = ("confirmation",), dies: str = "") -> bool:
        """True when the worker lived to the end."""
        self._told(role="worker", minutes=minutes, kinds=kinds, dies=dies)
        return int(self._heard()) == 0

    def letters_to(self, address: str) -> list[str]:
        files = [email.message_from_bytes(file.read_bytes()) for file in (self.var / "mail").glob("*.eml")]
        return [str(letter["Message-ID"]) for letter in files if letter["To"] == address]

    def _told(self, **errand: Any) -> str:
        assert self.nursery.stdin
        self.nursery.stdin.write(json.dumps(errand) + "\n")
        self.nursery.stdin.flush()
        return self._heard()

    def _heard(self) -> str:
        assert self.nursery.stdout
        return self.nursery.stdout.readline().strip()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class Answer:
    """As Django's test client gives it, for the buyer who knows no other."""

    status_code: int
    content: bytes
    headers: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


@dataclass
class Browser:
    """Over real HTTP, and a person at it: what gives no answer is pressed again once the shop is back."""

    shop: Shop
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str) -> Answer:
        return self._sent("GET", path, {})

    def post(self, path: str, form: dict[str, Any]) -> Answer:
        token = self.http.cookies.get("csrftoken") or ""
        return self._sent("POST", path, {"csrfmiddlewaretoken": token, **form})

    def post_once(self, path: str, form: dict[str, Any]) -> Answer:
        token = self.http.cookies.get("csrftoken") or ""
        return self._sent_once("POST", path, {"csrfmiddlewaretoken": token, **form})

    def _sent(self, method: str, path: str, form: dict[str, Any]) -> Answer:
        for _press in range(2):
            with suppress(requests.ConnectionError):
                return self._sent_once(method, path, form)
            self.http.close()
            self.shop.opens()
        raise AssertionError(f"No answer to {method} {path}")

    def _sent_once(self, method: str, path: str, form: dict[str, Any]) -> Answer:
        address = self.shop.url + path
        answer = self.http.request(method, address, data=form, allow_redirects=False, timeout=PATIENCE_S)
        if "Content-Length" not in answer.headers:  # killed after the status line: no answer either
            raise requests.ConnectionError(f"cut short: {method} {path}")
        return Answer(answer.status_code, answer.content, dict(answer.headers))


@pytest.fixture
def shop(tmp_path: Path, ada_bar: Any) -> Iterator[tuple[Shop, Till]]:
    port = two_free_ports()
    endpoint = Endpoint(f"http://127.0.0.1:{port}/stripe/webhook/", SECRET)
    with running(Settings(tmp_path / "sandbox", endpoint=endpoint, retry_after=(0.3,) * 30)) as sandbox:
        env = {
            **{name: text for name, text in os.environ.items() if name != "REDIS_URL"},
            "COUVERTURE_VAR": str(tmp_path),
            "DESIGN": ada_bar.digest,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
            "PAYMENT_ATTEMPTS_PER_HOUR": "10000",
            "SHOP_URL": f"http://127.0.0.1:{port}",
            "STRIPE_API_BASE": sandbox.address,
            "STRIPE_WEBHOOK_SECRETS": SECRET,
            "WORK_LEASE_SECONDS": "0",
        }
        nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.orders.mortal"],
            cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        open_shop = Shop(nursery, port, tmp_path)
        try:
            assert open_shop._heard() == "ready"
            yield open_shop, Till(sandbox.address)
        finally:
            open_shop.closes()
            nursery.kill()
            nursery.communicate()


@pytest.fixture(autouse=True)
def counted(ada_bar: Any) -> None:
    """More almonds than all orders of a test need, counted to the milligram."""
    olga = User.objects.create_user("olga", is_staff=True)
    stock.count(Module.objects.get(key="almond_whole"), mg=10**9, by=olga, at=timezone.now())


def buyer_of(shop: Shop, number: int) -> Buyer:
    browser = Browser(shop)
    return Buyer(browser, {**ADDRESS, "email": f"buyer-{number}@example.com"})  # type: ignore[arg-type]


def puts_into_cart(buyer: Buyer, digest: str) -> None:
    buyer.client.get("/cart/")
    buyer.client.get(f"/d/{digest}/")
    buyer.puts_into_cart(digest, BARS)


def only_the_news_that_counts(till: Till) -> None:
    """Else the process might die of a notice that we do not even work on."""
    for event in ("payment_intent.*", "charge.succeeded"):
        till.fault("forget_event", event=event, times=1000)


def orders_and_pays(buyer: Buyer, till: Till) -> None:
    page = buyer.orders()["Location"]
    if "/orders/" in page:
        page = buyer.client.post(page.removeprefix(buyer.client.shop.url) + "payments/", {})["Location"]  # type: ignore[attr-defined]
    till.pay(page)


def order_of(buyer: Buyer) -> Order:
    return Order.objects.get(email=buyer.address["email"])


def test_a_web_server_that_is_killed_anywhere_loses_and_doubles_nothing(shop, ada_bar):
    open_shop, till = shop
    only_the_news_that_counts(till)
    buyers = []
    for number, point in enumerate(PLACING + SETTLING):
        buyer = buyer_of(open_shop, number)
        open_shop.opens()
        puts_into_cart(buyer, ada_bar.digest)
        buyer.total_shown()
        open_shop.opens(dies=point)
        first = open_shop.web
        orders_and_pays(buyer, till)
        wait_for_death(open_shop, first, point)
        buyers.append(buyer)
    open_shop.opens()
    till.wait()
    for minutes in (5, 10, 20):
        assert open_shop.works(minutes=minutes)
    for buyer, point in zip(buyers, PLACING + SETTLING, strict=True):
        assert_all_is_well(order_of(buyer), open_shop, point)
    assert books.ledger() == till.money()


def test_a_customer_who_gives_up_after_a_death_is_charged_nothing_and_keeps_nothing(shop, ada_bar):
    open_shop, till = shop
    for number, point in enumerate(PLACING[::3]):
        buyer = buyer_of(open_shop, number)
        open_shop.opens()
        puts_into_cart(buyer, ada_bar.digest)
        total = buyer.total_shown()
        open_shop.opens(dies=point)
        form = {**buyer.address, "expected_total": total, "order": "1"}
        with pytest.raises(requests.ConnectionError):
            buyer.client.post_once("/checkout/", form)  # type: ignore[attr-defined]
    assert open_shop.works(minutes=16 * 24 * 60)
    assert set(Order.objects.values_list("payment_state", flat=True)) == {"cancelled"}
    assert till.money() == {}
    assert not Job.objects.exists()
    assert not StockHold.objects.exists()


def test_a_worker_that_is_killed_anywhere_loses_and_doubles_nothing(shop, ada_bar):
    open_shop, till = shop
    open_shop.opens()
    for number, point in enumerate(WORKING):
        buyer = buyer_of(open_shop, number)
        puts_into_cart(buyer, ada_bar.digest)
        orders_and_pays(buyer, till)
        till.wait()
        kinds = ("ticket",) if "FILE" in point else ("confirmation",)
        assert not open_shop.works(minutes=5, kinds=kinds, dies=point), f"nobody died: {point}"
        assert open_shop.works(minutes=10, kinds=kinds)
        if "FILE" in point:
            assert open_shop.works(minutes=15)
            assert Job.objects.filter(order_line__order=order_of(buyer), ticket="").count() == 0
        assert_all_is_well(order_of(buyer), open_shop, point)
    assert books.ledger() == till.money()


def test_a_refund_is_made_once_whenever_its_sender_is_killed(shop, ada_bar):
    open_shop, till = shop
    open_shop.opens()
    for number, point in enumerate(REFUNDING):
        buyer = buyer_of(open_shop, number)
        puts_into_cart(buyer, ada_bar.digest)
        page = buyer.orders()["Location"]
        order_of(buyer).mark_cancelled(timezone.now())
        till.pay(page)
        till.wait()
        assert not open_shop.works(minutes=5, dies=point), f"nobody died: {point}"
        for minutes in (30, 40):
            assert open_shop.works(minutes=minutes)
    assert [refund["status"] for refund in till.refunds()] == ["succeeded"] * len(REFUNDING)
    assert sum(till.money().values()) == 0
    assert books.ledger() == till.money()


def test_what_the_customer_allowed_is_carried_out_once_wherever_the_worker_is_killed(shop, ada_bar):
    """All almonds are gone; money back was allowed."""
    open_shop, till = shop
    open_shop.opens()
    buyers = [buyer_of(open_shop, number) for number in range(len(LEAVING_OUT))]
    for buyer in buyers:
        puts_into_cart(buyer, ada_bar.digest)
        orders_and_pays(buyer, till)
    till.wait()
    assert open_shop.works(minutes=5)
    run_out_of_almonds()
    for number, (buyer, (point, left_behind)) in enumerate(zip(buyers, LEAVING_OUT.items(), strict=True)):
        order = order_of(buyer)
        PendingWork.objects.filter(run_out__order=order).update(try_at=timezone.now(), rung_at=timezone.now())
        assert not open_shop.works(minutes=20, kinds=("consent",), dies=point), f"nobody died: {point}"
        refunds = Refund.objects.filter(payment__order=order)
        assert (refunds.count(), len(till.refunds()) - number) == left_behind, point
        for minutes in (30, 40):
            assert open_shop.works(minutes=minutes, kinds=("consent", "message"))
        assert_all_is_given_back(order, open_shop, point)
    assert sum(till.money().values()) == 0
    assert books.ledger() == till.money()


def run_out_of_almonds() -> None:
    """Nothing is carried out before a test says so."""
    at, olga = timezone.now(), User.objects.get(username="olga")
    stock.count(Module.objects.get(key="almond_whole"), mg=0, by=olga, at=at)
    shortage.look_after("almond_whole", at=at)
    a_week_on = at + timedelta(days=7)
    PendingWork.objects.filter(kind="consent").update(try_at=a_week_on, rung_at=a_week_on)


def assert_all_is_given_back(order: Order, shop: Shop, point: str) -> None:
    refund = Refund.objects.get(payment__order=order)
    assert (refund.reason, refund.state, refund.amount_cents) == (
        "ran_out", "succeeded", order.total_cents,
    ), point  # fmt: skip
    reasons = Job.objects.filter(order_line__order=order).values_list("scrap_reason", flat=True)
    assert list(reasons) == ["left out"] * BARS, point
    assert (order.messages.count(), used_almonds(order)) == (1, 0), point
    # Beside the confirmation of the order.
    assert len(shop.letters_to(order.email)) == 2, point


def test_without_the_sweep_deaths_would_leave_their_marks(shop, ada_bar):
    """The counter-proof: the webhook is lost with its process, and nobody looks again."""
    open_shop, till = shop
    only_the_news_that_counts(till)
    buyer = buyer_of(open_shop, 0)
    open_shop.opens()
    puts_into_cart(buyer, ada_bar.digest)
    page = buyer.orders()["Location"]
    claimed = "INSERT orders_stripeevent > UPDATE orders_stripeevent"
    open_shop.opens(dies=claimed)
    doomed = open_shop.web
    till.pay(page)
    wait_for_death(open_shop, doomed, claimed)
    till.wait()
    assert books.ledger() != till.money()
    assert PendingWork.objects.count() == 0


def wait_for_death(shop: Shop, web: int, point: str) -> None:
    """The webhook may be later than its customer."""
    until = monotonic() + PATIENCE_S
    while shop.web == web and shop._listens():
        assert monotonic() < until, f"nobody died: {point}"
        sleep(0.05)
    if not shop._listens():
        shop.opens()


def assert_all_is_well(order: Order, shop: Shop, point: str) -> None:
    assert order.payment_state == "paid", point
    assert order.payments.filter(accepted=True).count() == 1, point
    assert Fulfilment.objects.filter(order=order).count() == 1, point
    assert Job.objects.filter(order_line__order=order).count() == BARS, point
    assert not PendingWork.objects.filter(order=order, kind="confirmation", done_at=None).exists(), point
    letters = shop.letters_to(order.email)
    # The one window that our side cannot close: died between the mail server's yes and our own note.
    assert len(set(letters)) == 1, point
    assert len(letters) == (2 if point == "MAIL" else 1), point
    assert used_almonds(order) == stock.needs_of(order)["almond_whole"], point
    assert not StockHold.objects.filter(order=order).exists(), point


def used_almonds(order: Order) -> int:
    moves = StockMove.objects.filter(order=order, stock__module__key="almond_whole")
    return -int(sum(moves.values_list("mg", flat=True)))
