"""The admin: everything to see, nothing to break, and what is stuck in plain sight."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import (
    Discrepancy,
    Dispute,
    FraudWarning,
    Job,
    LedgerEntry,
    Order,
    Payment,
    PendingWork,
    Refund,
    StripeEvent,
)
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, only_job, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
RECORDS = [
    Order, Job, Payment, PendingWork, Refund, StripeEvent, Dispute, FraudWarning, LedgerEntry, Discrepancy,
]  # fmt: skip


@pytest.fixture
def office(client: Client, catalogue: None) -> User:
    user = User.objects.create_superuser("olga", password="an-office-password")
    client.force_login(user)
    return user


def listing(model: type) -> str:
    return reverse(f"admin:orders_{model.__name__.lower()}_changelist")


def page(record: Model) -> str:
    return reverse(f"admin:orders_{record._meta.model_name}_change", args=[record.pk])


def stick(work: PendingWork) -> None:
    PendingWork.objects.filter(pk=work.pk).update(
        attempts=10, stuck_at=timezone.now(), last_error="OSError: the disk is full"
    )


@pytest.mark.parametrize("model", RECORDS)
def test_every_list_opens(client, office, model):
    paid_order()

    assert client.get(listing(model), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("model", RECORDS)
def test_nothing_is_added_or_deleted_by_hand(client, office, model):
    add = listing(model) + "add/"

    assert client.get(add).status_code == 403
    order = paid_order()
    record = {Order: order, Job: only_job(order)}.get(model)
    if record:
        assert client.post(page(record) + "delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [Order, Job, PendingWork])
def test_nothing_is_edited_by_hand(client, office, model):
    paid_order()
    record = model.objects.earliest("pk")

    answer = client.post(page(record), {"job_state": "shipped", "payment_state": "refunded", "attempts": "0"})

    assert answer.status_code == 403
    assert model.objects.filter(pk=record.pk).values().get() == _columns(record)


def _columns(record: Model) -> dict[str, object]:
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def test_an_order_shows_its_bars_their_pictures_and_where_they_are(client, office):
    order = paid_order((design("Ada"), 2))
    first, second = jobs_of(order)
    bring_to(first, "moulded", office)

    shown = client.get(page(order)).content.decode()

    for expected in (
        f"/p/{first.order_line.design_id}/300?v=",
        f"{first.code}</a> Moulded",
        f"{second.code}</a> Queued",
        f"{first.code} · Moulded</a> · olga",
        f"/orders/{order.token}/",
        "Ada Lovelace",
    ):
        assert expected in shown, expected


def test_the_order_list_counts_what_has_shipped(client, office):
    order = paid_order((design(), 2))
    for job in jobs_of(order):
        bring_to(job, "wrapped", office)
    for job in jobs_of(order):
        bring_to(job, "packed", office)
    bring_to(jobs_of(order)[0], "shipped", office)
    paid_order()

    (_new, shipped) = client.get(listing(Order)).context["cl"].queryset.order_by("-pk")

    assert (shipped.shipped, shipped.bars) == (2, 2)


def test_a_job_links_to_the_floor_and_to_its_ticket(client, office):
    job = only_job(paid_order())

    shown = client.get(page(job)).content.decode()

    assert f"/floor/jobs/{job.code}/" in shown
    assert f"/floor/jobs/{job.code}/ticket.pdf" in shown
    assert "Kitted → Moulded → Topped → Cooling → Demoulded → Checked → Wrapped → Packed → Shipped" in shown


def test_all_is_well_is_said(client, office):
    assert "Nothing is stuck." in client.get("/admin/").content.decode()


def test_what_is_stuck_is_counted_on_the_first_page_and_one_tap_away(client, office):
    order = paid_order()
    PendingWork.objects.update(try_at=timezone.now())
    stick(order.work.get(kind="confirmation"))
    Payment.objects.create(
        order=order, attempt=1, state="review", amount_cents=1, currency="EUR", livemode=False, request={},
        created_at=MONDAY_NOON, look_at=MONDAY_NOON,
    )  # fmt: skip
    StripeEvent.objects.create(
        id="evt_1", type="charge.updated", created_at=MONDAY_NOON, received_at=MONDAY_NOON, source="webhook",
        payload={}, state="failed", attempts=StripeEvent.ATTEMPTS_MAX, next_at=MONDAY_NOON,
    )  # fmt: skip
    for name, until in (("died", -1), ("at_it", +1)):
        StripeEvent.objects.create(
            id=f"evt_{name}", type="charge.updated", created_at=MONDAY_NOON, received_at=MONDAY_NOON,
            source="webhook", payload={}, state="working", attempts=StripeEvent.ATTEMPTS_MAX,
            next_at=timezone.now() + until * timedelta(minutes=1),
        )  # fmt: skip

    front = client.get("/admin/")

    worries = [(str(words), count, address) for words, count, address in front.context["worries"]]
    assert [(words, count) for words, count, _address in worries] == [
        ("Mails that fail", 1),
        ("Payments to review", 1),
        ("Stripe events given up", 2),
    ]
    for _words, count, address in worries:
        assert client.get(address).context["cl"].result_count == count


@pytest.mark.parametrize("orders", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [(Order, 9), (Job, 5), (PendingWork, 4)])
def test_lists_cost_the_same_however_long_they_are(
    client, office, django_assert_num_queries, model, queries, orders
):
    for number in range(orders):
        paid_order((design(f"Bar {number}"), 1 + number))
    client.get(listing(model))

    with django_assert_num_queries(queries):
        client.get(listing(model))


@pytest.mark.parametrize("bars", [1, 3])
def test_an_order_costs_the_same_however_many_bars_it_has(client, office, django_assert_num_queries, bars):
    order = paid_order((design(), bars))
    client.get(page(order))

    with django_assert_num_queries(31):
        client.get(page(order))


def test_history_has_no_page_to_edit_it(client, office):
    paid_order()

    assert client.get("/admin/orders/jobevent/").status_code == 404
