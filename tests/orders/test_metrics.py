"""What a monitor reads: how much waits, how long, what was given up; for nobody else to see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import PendingWork
from orders.money import payments
from shop import account_letters
from shop.models import AccountLetter
from tests.orders.paid import operator, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture(autouse=True)
def token(settings) -> None:
    settings.METRICS_TOKEN = "a-token-of-the-monitor"


def read(token: str = "a-token-of-the-monitor") -> dict[str, int]:
    answer = Client().get("/metrics/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return {name: int(number) for name, number in (line.split() for line in lines if line[0] != "#")}


def of(metrics: dict[str, int], name: str) -> dict[str, int]:
    return {
        purpose: metrics[f'couverture_work_{name}{{purpose="{purpose}"}}']
        for purpose in ("money", "floor", "mail", "house", "pictures")
    }


def test_a_paid_order_waits_in_every_queue_that_has_to_do_with_it():
    paid_order(at=timezone.now())

    assert of(read(), "waiting") == {"money": 1, "floor": 1, "mail": 1, "house": 0, "pictures": 1}


def test_what_waits_longest_is_told_in_seconds():
    order = paid_order(at=timezone.now())
    PendingWork.objects.update(try_at=timezone.now() + timedelta(hours=1))
    order.work.filter(kind="invoice").update(try_at=timezone.now() - timedelta(hours=2))

    oldest = of(read(), "oldest_seconds")

    assert oldest.pop("money") >= 7200
    assert oldest == {"floor": 0, "mail": 0, "house": 0, "pictures": 0}


def test_what_was_given_up_waits_no_longer_and_is_counted():
    order = paid_order(at=timezone.now())
    order.work.filter(kind="invoice").update(stuck_at=timezone.now(), last_error="OSError")
    letter = account_letters.owe("unknown_account", "eve@example.com")
    AccountLetter.objects.filter(pk=letter.pk).update(stuck_at=timezone.now(), last_error="OSError")

    metrics = read()

    assert of(metrics, "given_up") == {"money": 1, "floor": 0, "mail": 1, "house": 0, "pictures": 0}
    assert of(metrics, "waiting")["money"] == 0


def test_done_work_is_not_counted():
    paid_order(at=timezone.now())
    PendingWork.objects.update(done_at=timezone.now())

    assert set(of(read(), "waiting").values()) == {0}


def test_a_clock_that_stands_still_is_seen():
    assert "couverture_clock_seconds" not in read()
    payments.reconcile(timezone.now() - timedelta(minutes=5))

    assert read()["couverture_clock_seconds"] >= 300


def test_every_number_says_what_it_is():
    page = Client().get("/metrics/", headers={"Authorization": "Bearer a-token-of-the-monitor"})
    lines = page.content.decode().splitlines()

    assert page["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    named = {line.split("{")[0].split()[0] for line in lines if line[0] != "#"}
    assert {line.split()[2] for line in lines if line.startswith("# HELP")} == named
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} == named


@pytest.mark.parametrize(
    "told", ["", "Bearer ", "Bearer another", "Basic a-token-of-the-monitor", "Bearer ü"]
)
def test_nobody_reads_it_without_the_token(told):
    answer = Client().get("/metrics/", headers={"Authorization": told})

    assert (answer.status_code, answer.content) == (401, b"")


def test_where_no_token_is_set_no_token_opens_it(settings):
    settings.METRICS_TOKEN = ""

    assert Client().get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 401


def test_staff_who_see_the_work_may_read_it(client):
    client.force_login(operator("bea", "view_pendingwork"))
    assert client.get("/metrics/").status_code == 200

    client.force_login(operator("carl", "view_job"))
    assert client.get("/metrics/").status_code == 401


@pytest.mark.parametrize("orders", [1, 3])
def test_reading_costs_the_same_however_much_waits(django_assert_num_queries, orders):
    for _order in range(orders):
        paid_order(at=timezone.now())

    with django_assert_num_queries(9):
        read()
