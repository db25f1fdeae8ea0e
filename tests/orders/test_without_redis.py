"""Redis or Valkey rings and counts; the shop designs, sells and takes money without it."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils import timezone

from config.broker import cache as cache_at
from orders.models import Job, StripeEvent
from orders.money import payments
from tests.orders.bells import broker_at
from tests.orders.till import only_payment

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def without_redis() -> Iterator[None]:
    with override_settings(CACHES={"default": cache_at(NOBODY_LISTENS)}), broker_at(NOBODY_LISTENS):
        yield


def test_a_bar_is_designed_ordered_and_paid(
    buyer, ada_bar, till, without_redis, django_capture_on_commit_callbacks, caplog
):
    designed = buyer.client.post("/studio/bar-100/", {"base": "milk_37", "name": "Ada"})
    assert designed.status_code == 302
    order, page = buyer.order_of(ada_bar.digest)
    assert buyer.client.get(f"/orders/{order.token}/").status_code == 200
    assert till.pay(page) == "paid"
    with django_capture_on_commit_callbacks(execute=True):
        buyer.client.get(f"/pay/return/{only_payment().pk}/")
    order.refresh_from_db()
    assert order.is_paid
    assert Job.objects.count() == 1
    assert "The cache is away" in caplog.text
    assert "the sweep will ring again" in caplog.text


def test_what_stripe_could_not_deliver_is_fetched_all_the_same(
    buyer, ada_bar, till_that_rings, without_redis
):
    _order, page = buyer.order_of(ada_bar.digest)
    till_that_rings.fault("drop_webhook", event="*", times=9)
    till_that_rings.pay(page)
    payments.reconcile(timezone.now())
    fetched = StripeEvent.objects.filter(source="poll", type="checkout.session.completed")
    assert [event.state for event in fetched] == ["done"]
