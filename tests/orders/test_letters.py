"""Mails on the way of an order: each is owed once, tells only what concerns it, and speaks its language."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from orders import letters
from orders.emails import MONEY_BACK, WHY
from orders.emails import mail as mail_of
from orders.models import Letter, Order, Payment, Refund, Shipment
from orders.money import parts, payments, refunds
from orders.production import steps
from orders.tasks import carry_out
from tests.orders.paid import GRACE, as_a_gift, bring_to, design, jobs_of, operator, paid_for_two, paid_order
from tests.orders.till import only_payment

pytestmark = pytest.mark.usefixtures("catalogue")

SOON = timedelta(minutes=5)


@pytest.fixture
def postbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def bea():
    return operator()


@pytest.fixture
def shared(bea) -> Order:
    """A bar for Ada herself, two others for Grace in Wien."""
    return paid_for_two((design("Ada"), 1, 0), (design("Grace", "dark_72"), 0, 2))


def ship(parcel: Shipment, bea) -> None:
    jobs = list(parcel.jobs.order_by("pk"))
    for job in jobs:
        bring_to(job, "wrapped", bea)
    for job in jobs:
        bring_to(job, "packed", bea)
    bring_to(jobs[0], "shipped", bea)


def owed(kind: str) -> Letter:
    return Letter.objects.get(kind=kind)


def texts(letter: Letter) -> tuple[str, str]:
    """Plain and HTML, as they would be sent now."""
    written = mail_of(letter)
    (html, _kind), *_none = written.alternatives
    return str(written.body), str(html)


# ── A parcel has left ────────────────────────────────────────────────────────────────────────────


def test_a_parcel_that_left_is_told_of_with_what_is_in_it_and_how_to_follow_it(bea):
    order = paid_order((design(), 2), contact=as_a_gift("Happy birthday"))
    Shipment.objects.update(carrier="DHL", tracking_number="003404341606530122")
    ship(order.shipments.get(), bea)

    written = mail_of(owed("shipped"))
    assert (written.to, written.subject) == (
        ["ada@example.org"],
        f"Your parcel is on its way: order {order.number} at Couverture",
    )
    for text in texts(owed("shipped")):
        assert "2 × Ada" in text
        assert "003404341606530122" in text
        assert "https://nolp.dhl.de/" in text
        assert "Ada Lovelace" in text
        assert "Happy birthday" in text
        assert ", arrives " in text
        assert "€" not in text


def test_a_parcel_of_several_tells_only_its_own(shared, bea):
    hers, graces = shared.shipments.order_by("place")
    ship(graces, bea)

    letter = owed("shipped")
    assert letter.shipment == graces
    assert "Your parcel to Grace Hopper is on its way" in str(mail_of(letter).subject)
    for text in texts(letter):
        assert "2 × Grace" in text
        assert "Parcel 2 of 2" in text
        assert "Marktgasse 2" in text
        assert "× Ada" not in text
        assert hers.street not in text


def test_a_parcel_is_told_of_once_whatever_is_scanned_or_rung_again(bea, postbox):
    order = paid_order()
    Shipment.objects.update(tracking_number="1")
    ship(order.shipments.get(), bea)
    assert not steps.advance(jobs_of(order)[0], "shipped", by=bea, at=timezone.now())
    letters.shipped(order.shipments.get(), at=timezone.now())

    for _time in range(2):
        carry_out(owed("shipped").pk)
    assert [letter.subject for letter in postbox] == [mail_of(owed("shipped")).subject]


def test_it_waits_an_hour_for_its_tracking_number_and_no_longer(bea, postbox):
    order = paid_order()
    ship(order.shipments.get(), bea)
    late = Letter.objects.filter(kind="shipped")
    assert late.get().try_at - late.get().created_at == timedelta(hours=1)
    late.update(try_at=timezone.now() + timedelta(minutes=1))
    carry_out(late.get().pk)
    assert postbox == []

    late.update(try_at=timezone.now())
    carry_out(late.get().pk)
    (sent,) = postbox
    assert "Tracking number" not in sent.body


def test_the_number_typed_in_the_office_sends_it_at_once(admin_client, bea, postbox):
    order = paid_order()
    ship(order.shipments.get(), bea)
    Letter.objects.filter(kind="shipped").update(try_at=timezone.now() + timedelta(hours=1))
    parcel = order.shipments.get()
    typed = {"carrier": parcel.carrier, "tracking_number": "003404341606530122"}
    assert admin_client.post(f"/admin/orders/shipment/{parcel.pk}/change/", typed).status_code == 302

    carry_out(owed("shipped").pk)
    (sent,) = postbox
    assert "003404341606530122" in sent.body


def test_what_was_left_out_is_not_said_to_be_in_the_parcel(bea):
    order = paid_order((design("Ada"), 1), (design("Grace"), 1))
    gone, kept = jobs_of(order)
    steps.hold(gone, "almond_whole", by=bea, at=timezone.now())
    steps.leave_out(gone, by=bea, at=timezone.now())
    bring_to(kept, "shipped", bea)

    text, _html = texts(owed("shipped"))
    inside, _colon, outside = text.partition("Left out")
    assert "1 × Grace" in inside
    assert "Ada\n" not in inside.partition("IN THIS PARCEL")[2]
    assert "1 × Ada" in outside


# ── The first bar is being made ──────────────────────────────────────────────────────────────────


def test_the_first_bar_weighed_out_is_told_of_once_with_a_picture_of_each(bea):
    order = paid_order((design("Ada"), 1), (design("Grace"), 1))
    assert not Letter.objects.filter(kind="production").exists()
    for job in jobs_of(order):
        bring_to(job, "moulded", bea)

    _text, html = texts(owed("production"))
    for line in order.lines.all():
        assert f"/p/{line.design_id}/wrapped-300.jpg" in html
    assert html.count("<img") == 2


# ── A payment failed ─────────────────────────────────────────────────────────────────────────────


def test_a_bank_that_says_no_after_days_is_told_of(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page, "bankdebit")
    payments.settle(only_payment(), at=timezone.now())
    assert not Letter.objects.filter(kind="unpaid").exists()
    till.control("settlements", session=only_payment().session_id, succeeded="false")
    for _bell in range(2):
        payments.settle(only_payment(), at=timezone.now())

    for text in texts(owed("unpaid")):
        assert f"/orders/{order.token}/" in text
        assert order.number in text
        assert "Nothing has been taken" in text


# ── Money goes back ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def paid(buyer, ada_bar, plain_bar, till) -> Order:
    buyer.puts_into_cart(plain_bar.digest)
    order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payments.settle(only_payment(), at=timezone.now())
    assert isinstance(order, Order)
    order.refresh_from_db()
    return order


def give_back(
    order: Order, cents: int, reason: str = "damaged", shares: dict[str, int] | None = None
) -> Refund:
    return refunds.request(
        order.payments.get(),
        amount_cents=cents,
        reason=reason,
        key=str(uuid4()),
        at=timezone.now(),
        shares=shares,
    )


def test_what_staff_give_back_is_told_of_by_line_when_stripe_has_taken_it(paid, till):
    line = paid.lines.get(name="Plain")
    refund = give_back(paid, 350, shares={f"line-{line.pk}": 250})
    assert not Letter.objects.filter(kind="refund").exists()

    payments.reconcile(timezone.now() + SOON)
    payments.reconcile(timezone.now() + 2 * SOON)
    assert owed("refund").refund == refund
    for text in texts(owed("refund")):
        assert "did not reach you in one piece" in text
        assert "€3.50 goes back the way you paid." in text
        assert "1 × Plain" in text
        assert "€2.50" in text
        assert "Other amount" in text
        assert "€1.00" in text
        assert "all that you had paid" not in text


def test_all_of_it_is_said_to_be_all(paid, till):
    give_back(paid, paid.total_cents, "withdrawn")
    payments.reconcile(timezone.now() + SOON)
    for text in texts(owed("refund")):
        assert "That is all that you had paid." in text


@pytest.mark.parametrize("reason", Refund.Reason.values)
def test_every_reason_has_words_and_a_suspicion_is_not_told(paid, till, reason):
    give_back(paid, 100, reason)
    payments.reconcile(timezone.now() + SOON)
    text, _html = texts(owed("refund"))
    assert str(WHY.get(reason, MONEY_BACK)) in text
    assert "fraud" not in text


def test_a_refund_that_stripe_refuses_is_not_promised(paid, till):
    refund = give_back(paid, 100)
    Payment.objects.filter(pk=refund.payment_id).update(intent_id="pi_unknown")
    payments.reconcile(timezone.now() + SOON)
    refund.refresh_from_db()
    assert (refund.state, Letter.objects.filter(kind="refund").count()) == ("failed", 0)


def test_equal_bars_to_two_people_are_told_apart(catalogue):
    order = paid_for_two((design("Ada"), 1, 2))
    assert [part.name for part in parts.of(order)] == [
        "1 × Ada, parcel 1: Ada Lovelace, Berlin, Germany",
        "2 × Ada, parcel 2: Grace Hopper, Wien, Austria",
        "Shipping",
    ]


def test_equal_bars_to_two_people_in_one_country_say_how_many_go_to_whom(catalogue):
    order = paid_for_two(
        (design("Ada"), 1, 2), to=replace(GRACE, country="DE", postcode="80331", city="München")
    )
    assert parts.of(order)[0].name == (
        "3 × Ada, 1 × parcel 1: Ada Lovelace, Berlin, Germany; 2 × parcel 2: Grace Hopper, München, Germany"
    )


def test_an_order_to_one_person_names_nobody_in_its_parts(catalogue):
    assert [part.name for part in parts.of(paid_order())] == ["1 × Ada", "Shipping"]


def test_the_refund_form_tells_equal_bars_to_two_people_apart(admin_client):
    order = paid_for_two((design("Ada"), 1, 2))
    payment = Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.total_cents,
        captured_cents=order.total_cents, currency="EUR", livemode=False, request={},
        created_at=timezone.now(), look_at=timezone.now(),
    )  # fmt: skip
    form = admin_client.get(f"/admin/orders/payment/{payment.pk}/refund/").content.decode()
    assert "1 × Ada, parcel 1: Ada Lovelace, Berlin, Germany" in form
    assert "2 × Ada, parcel 2: Grace Hopper, Wien, Austria" in form
