"""A bank takes money back or warns of it: in our books, before the eyes of staff, with the evidence."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from orders.models import Dispute, FraudWarning, Job, LedgerEntry, Order
from orders.money import audit, inbox, ledger, payments
from orders.tasks import carry_out
from tests.orders.paid import bring_to
from tests.orders.safeguards import without
from tests.orders.till import Buyer, Till, only_payment

DISPUTED = "4000000000000259"


@pytest.fixture
def olga(client: Client, catalogue: None) -> Client:
    client.force_login(User.objects.create_superuser("olga", password="an-office-password"))
    return client


@pytest.fixture
def paid(new_buyer, ada_bar, till: Till) -> Order:
    return pay(new_buyer(), ada_bar.digest, till)


def pay(buyer: Buyer, digest: str, till: Till) -> Order:
    order, page = buyer.order_of(digest)
    till.pay(page)
    payments.settle(only_payment(), at=timezone.now())
    order.refresh_from_db()
    return order


def later(minutes: int) -> None:
    payments.reconcile(timezone.now() + timedelta(minutes=minutes))


def worries(olga: Client) -> dict[str, int]:
    return {str(words): count for words, count, _address in olga.get("/admin/").context["worries"]}


def test_a_dispute_takes_the_money_and_a_won_one_brings_it_back(olga, paid, till):
    dispute = till.control("disputes", charge=till.charge_of(only_payment()))
    payments.settle(only_payment(), at=timezone.now())
    kept = Dispute.objects.get()
    assert (kept.pk, kept.state, kept.reason, kept.cents) == (
        dispute["id"],
        "needs_response",
        "fraudulent",
        paid.total_cents,
    )
    assert kept.answer_by is not None
    assert ledger.kept(paid) == 0
    assert worries(olga) == {"Disputes to answer": 1}
    till.control("dispute-ends", dispute=kept.pk, won="true")
    payments.settle(only_payment(), at=timezone.now())
    kept.refresh_from_db()
    assert kept.state == "won"
    assert [entry.kind for entry in LedgerEntry.objects.all()] == ["charge", "dispute", "dispute_reversal"]
    assert ledger.kept(paid) == paid.total_cents
    assert worries(olga) == {}


def test_an_inquiry_takes_nothing_and_is_shown_all_the_same(olga, paid, till):
    till.control("disputes", charge=till.charge_of(only_payment()), inquiry="true")
    payments.settle(only_payment(), at=timezone.now())
    assert Dispute.objects.get().state == "warning_needs_response"
    assert ledger.kept(paid) == paid.total_cents
    assert worries(olga) == {"Disputes to answer": 1}


def test_the_evidence_says_what_was_ordered_made_sent_and_written(olga, paid, till):
    for work in [*paid.work.all(), *Job.objects.get().work.filter(kind="ticket")]:
        carry_out(work.pk)
    bring_to(Job.objects.get(), "shipped", User.objects.get(username="olga"), timezone.now())
    paid.shipments.update(carrier="DHL", tracking_number="JJD000390007", shipped_at=timezone.now())
    dispute = till.control("disputes", charge=till.charge_of(only_payment()))["id"]
    payments.settle(only_payment(), at=timezone.now())
    answer = olga.get(f"/admin/orders/dispute/{dispute}/evidence.txt")
    text = answer.content.decode()
    for expected in (
        f"Dispute {dispute} (fraudulent), charge {only_payment().charge_id}",
        f"Number {paid.number}, placed",
        "Customer: Ada Lovelace, ada@example.com",
        "1 × Ada: ",
        "Label: Milk chocolate",
        f"ticket {Job.objects.get().code}: queued ",
        "with DHL, tracking number JJD000390007",
        "Confirmation mail to ada@example.com: sent ",
    ):
        assert expected in text, (expected, text)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    shown = olga.get(f"/admin/orders/dispute/{dispute}/change/").content.decode()
    assert "tracking number JJD000390007" in shown


def test_who_is_not_of_the_office_sees_no_evidence(paid, till, client):
    dispute = till.control("disputes", charge=till.charge_of(only_payment()))["id"]
    payments.settle(only_payment(), at=timezone.now())
    client.force_login(User.objects.create_user("bea", password="a-floor-password", is_staff=True))
    assert client.get(f"/admin/orders/dispute/{dispute}/evidence.txt").status_code == 403


# ── Nobody told us ───────────────────────────────────────────────────────────────────────────────


def no_audit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(audit, "compare", lambda at: None)


@without(no_audit)
def test_a_dispute_whose_event_was_never_made_is_found(paid, till):
    till.fault("forget_event", event="*", times=9)
    till.control("disputes", charge=till.charge_of(only_payment()))
    later(20)
    assert Dispute.objects.get().state == "needs_response"


@without(no_audit)
def test_a_refund_at_stripe_whose_event_was_never_made_is_found(paid, till):
    till.fault("forget_event", event="*", times=9)
    till.refund(only_payment(), cents=150)
    later(20)
    assert ledger.kept(paid) == paid.total_cents - 150


@without(no_audit)
def test_a_warning_of_fraud_whose_event_was_never_made_is_found(paid, till):
    till.fault("forget_event", event="*", times=9)
    till.control("early-fraud-warnings", charge=till.charge_of(only_payment()))
    later(1)
    assert FraudWarning.objects.get().kind == "made_with_stolen_card"


def no_poll(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inbox, "poll", lambda at: None)


@without(no_poll)
def test_what_could_not_be_delivered_is_fetched(till_that_rings: Till, new_buyer, ada_bar, settings):
    """The endpoint was down; the audit alone would wait until webhooks have had their time."""
    order = pay(new_buyer(), ada_bar.digest, till_that_rings)
    # What still rings for the payment would tell of the refund, too.
    till_that_rings.wait()
    till_that_rings.fault("drop_webhook", event="*", times=9)
    till_that_rings.refund(only_payment(), cents=150)
    later(1)
    assert ledger.kept(order) == order.total_cents - 150


def test_a_warning_of_fraud_is_shown_until_somebody_has_looked(olga, till_that_rings, new_buyer, ada_bar):
    pay(new_buyer(), ada_bar.digest, till_that_rings)
    till_that_rings.control("early-fraud-warnings", charge=till_that_rings.charge_of(only_payment()))
    till_that_rings.wait()
    warning = FraudWarning.objects.get()
    assert worries(olga) == {"Warnings of fraud": 1}
    chosen = {"action": "mark_seen", "_selected_action": [warning.pk]}
    answer = olga.post("/admin/orders/fraudwarning/?unseen=1", chosen, follow=True)
    assert "1 warning is done with." in answer.content.decode()
    assert worries(olga) == {}
