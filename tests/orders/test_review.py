"""Money that an order could not take: staff look at it, and the customer reads why it goes back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import Payment, PendingWork, Refund
from orders.money import payments, settlement
from orders.tasks import carry_out
from tests.orders.paid import operator
from tests.orders.till import Till, only_payment

SOON = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def shop(catalogue: None, till: Till, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


@pytest.fixture
def olga(catalogue: None) -> Client:
    office = Client()
    office.force_login(User.objects.create_superuser("olga"))
    return office


def reconcile_in(wait: timedelta = SOON) -> None:
    payments.reconcile(timezone.now() + wait)


def letters() -> list[mail.EmailMultiAlternatives]:
    """What the worker sends when it is told of everything twice."""
    PendingWork.objects.update(try_at=timezone.now())
    for work in PendingWork.objects.filter(kind="refund").order_by("pk"):
        carry_out(work.pk)
        carry_out(work.pk)
    return list(mail.outbox)  # type: ignore[arg-type]  # the shop writes no other


def look_at(olga: Client, payment: Payment) -> str:
    chosen = {"action": "look_at", "_selected_action": [str(payment.pk)]}
    answer = olga.post(reverse("admin:orders_payment_changelist"), chosen, follow=True)
    return answer.content.decode()


def worries(olga: Client) -> dict[str, int]:
    return {str(words): count for words, count, _at in olga.get("/admin/").context["worries"]}


# ── Looked at ────────────────────────────────────────────────────────────────────────────────────


def test_what_somebody_has_looked_at_is_no_worry_any_more_and_names_who(olga, buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    till.control("tampering", id=only_payment().session_id, field="currency", value='"usd"')
    reconcile_in()
    reconcile_in(2 * SOON)
    assert worries(olga)["Payments to review"] == 1

    assert "1 payment is done with." in look_at(olga, only_payment())

    assert "Payments to review" not in worries(olga)
    looked = only_payment()
    assert (looked.state, looked.looked_by and looked.looked_by.username) == ("review", "olga")
    assert looked.looked_at is not None
    assert "0 payments are done with." in look_at(olga, looked)


def test_afterwards_the_customer_may_pay_the_order_anew(olga, buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    till.control("tampering", id=only_payment().session_id, field="currency", value='"usd"')
    reconcile_in()
    reconcile_in(2 * SOON)
    with pytest.raises(payments.NotPayable):
        payments.start(order, at=timezone.now())

    look_at(olga, only_payment())
    second = payments.start(order, at=timezone.now())
    till.pay(second)
    reconcile_in(3 * SOON)

    order.refresh_from_db()
    assert order.is_paid
    assert [payment.state for payment in order.payments.all()] == ["review", "paid"]


def test_who_may_only_look_at_payments_decides_nothing(buyer, ada_bar, till):
    buyer.order_of(ada_bar.digest)
    Payment.objects.update(state="review")
    onlooker = Client()
    onlooker.force_login(operator("otto", "view_payment"))

    look_at(onlooker, only_payment())

    assert only_payment().looked_at is None


# ── The letters ──────────────────────────────────────────────────────────────────────────────────


def test_who_pays_a_cancelled_order_reads_once_that_the_money_goes_back(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    order.mark_cancelled(timezone.now())
    till.pay(page)
    reconcile_in()
    settlement.settle(only_payment(), at=timezone.now())
    reconcile_in(2 * SOON)

    (letter,) = letters()

    assert letter.to == ["ada@example.com"]
    assert letter.subject == f"Money back for your order {order.number} at Couverture"
    assert "after the order had been cancelled" in letter.body
    assert (
        f"€{order.total_cents // 100}.{order.total_cents % 100:02} goes back the way you paid." in letter.body
    )
    assert f"/orders/{order.token}/" in letter.body
    assert letter.extra_headers["Message-ID"].startswith(f"<refund-{Refund.objects.get().pk}@")
    (html,) = [str(part[0]) for part in letter.alternatives]
    assert "after the order had been cancelled" in html
    assert f"/orders/{order.token}/" in html


def test_in_german_when_the_order_was(buyer, ada_bar, till):
    buyer.spoken = "/de"
    order, page = buyer.order_of(ada_bar.digest)
    order.mark_cancelled(timezone.now())
    till.pay(page)
    reconcile_in()

    (letter,) = letters()

    assert letter.subject == f"Geld zurück für deine Bestellung {order.number} bei Couverture"
    assert "nachdem die Bestellung storniert war" in letter.body


def test_who_pays_twice_hears_of_the_second_payment(buyer, ada_bar, till):
    order, first = buyer.order_of(ada_bar.digest)
    Payment.objects.update(state="expired")
    second = payments.start(order, at=timezone.now())
    till.pay(first)
    till.pay(second)
    reconcile_in()
    settlement.settle(Payment.objects.get(attempt=1), at=timezone.now())
    reconcile_in(2 * SOON)

    (letter,) = letters()

    assert "when a second payment came in" in letter.body


def test_what_does_not_fit_goes_back_and_says_so(buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    till.control("tampering", id=only_payment().session_id, field="amount_total", value="1")
    reconcile_in()
    reconcile_in(2 * SOON)

    (letter,) = letters()

    assert "does not fit your order" in letter.body


def test_money_that_staff_give_back_is_told_of_by_staff(olga, buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    reconcile_in()
    form = {"reason": "goodwill", "key": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "other": "1.00"}
    olga.post(reverse("admin:orders_payment_refund", args=[only_payment().pk]), form)

    assert Refund.objects.get().payment.order == order
    assert letters() == []
