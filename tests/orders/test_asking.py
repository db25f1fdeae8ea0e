"""How were your bars? Asked once, some days after they came, of those who allowed it, and never after a no."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from orders import letters
from orders.after import reviews
from orders.emails import confirmation, review_request
from orders.models import Letter, Order, Payment, Refund, Shipment
from orders.periodic import ask_how_it_was
from orders.tasks import carry_out
from tests.orders.paid import ADA, MONDAY_NOON, design, paid_for_two, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")

A_DAY = timedelta(days=1)
LEFT = MONDAY_NOON + 3 * A_DAY
LATER = MONDAY_NOON + 20 * A_DAY


@pytest.fixture
def postbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def agrees(order: Order) -> Order:
    Order.objects.filter(pk=order.pk).update(review_agreed_at=order.placed_at)
    order.refresh_from_db()
    return order


def leaves(order: Order, at=LEFT) -> Order:
    order.shipments.update(shipped_at=at)
    return order


@pytest.fixture
def arrived() -> Order:
    """Ada's bar, sent on a Thursday; she allowed the question."""
    return leaves(agrees(paid_order()))


def address(order: Order) -> str:
    return f"/orders/{order.token}/objection/"


# ── Who is asked, and when ───────────────────────────────────────────────────────────────────────


def test_whoever_allowed_it_is_asked_once_some_days_after_the_bars_came(arrived):
    there = arrived.shipments.get().arrive_until
    day = (LEFT + timedelta(days=(there - LEFT.date()).days)).replace(hour=12)
    assert reviews.due(day + 3 * A_DAY) == []
    assert reviews.due(day + 4 * A_DAY) == [arrived]

    letters.review(arrived, at=LATER)
    letters.review(arrived, at=LATER)
    assert reviews.due(LATER) == []
    assert Letter.objects.filter(kind="review").count() == 1


def test_beat_asks(arrived, settings):
    Order.objects.update(placed_at=timezone.now() - 20 * A_DAY, review_agreed_at=timezone.now() - 20 * A_DAY)
    Shipment.objects.update(shipped_at=timezone.now() - 17 * A_DAY, arrive_from=None, arrive_until=None)
    assert (ask_how_it_was(), ask_how_it_was()) == (1, 0)
    assert Letter.objects.get(kind="review").order == arrived


def test_nobody_is_asked_who_did_not_tick_the_box():
    leaves(paid_order())
    assert reviews.due(LATER) == []


def test_a_parcel_that_has_not_left_has_not_arrived():
    order = agrees(paid_for_two((design(), 1, 1)))
    order.shipments.filter(place=1).update(shipped_at=LEFT)
    assert reviews.due(LATER) == []
    leaves(order)
    assert reviews.due(LATER) == [order]


def test_one_that_left_late_has_arrived_later(arrived):
    leaves(arrived, LATER - 2 * A_DAY)
    assert reviews.due(LATER) == []


def test_nobody_is_asked_after_two_months(arrived):
    assert reviews.due(LEFT + 61 * A_DAY) == []


def test_nobody_is_asked_where_money_went_back(arrived):
    payment = Payment.objects.create(
        order=arrived, attempt=1, state="paid", amount_cents=1, captured_cents=1, currency="EUR", livemode=False,
        request={}, created_at=LEFT, look_at=LEFT,
    )  # fmt: skip
    Refund.objects.create(
        payment=payment,
        amount_cents=1,
        reason="damaged",
        request_key=str(uuid4()),
        created_at=LEFT,
        look_at=LEFT,
    )
    assert reviews.due(LATER) == []


# ── Saying no ────────────────────────────────────────────────────────────────────────────────────


def test_opening_the_link_changes_nothing_and_its_button_does(arrived, client):
    shown = client.get(address(arrived))
    assert "Do not ask me" in shown.content.decode()
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    assert reviews.due(LATER) == [arrived]

    assert "Done: we do not ask you" in client.post(address(arrived)).content.decode()
    assert reviews.due(LATER) == []


def test_a_mail_program_says_no_for_its_reader_without_a_cookie(arrived):
    program = Client(enforce_csrf_checks=True)
    assert program.post(address(arrived), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert reviews.due(LATER) == []


def test_a_no_holds_for_all_orders_of_the_address_until_it_is_allowed_anew(arrived, client):
    other = leaves(agrees(paid_order((design("Other"), 1))))
    client.post(address(arrived))
    assert reviews.due(LATER) == []
    Order.objects.filter(pk=other.pk).update(review_agreed_at=timezone.now() + A_DAY)
    assert reviews.due(LATER) == [other]


def test_a_no_that_comes_after_the_mail_was_owed_still_stops_it(arrived, client, postbox):
    letters.review(arrived, at=timezone.now())
    client.post(address(arrived))
    carry_out(Letter.objects.get(kind="review").pk)
    assert postbox == []
    assert not Letter.objects.filter(kind="review").exists()


def test_an_unknown_link_is_nobodys(client):
    assert client.post("/orders/unknown/objection/").status_code == 404


# ── What is said ─────────────────────────────────────────────────────────────────────────────────


def test_the_mail_asks_one_thing_and_says_how_to_say_no(arrived, postbox):
    letters.review(arrived, at=timezone.now())
    carry_out(Letter.objects.get(kind="review").pk)
    (sent,) = postbox
    link = f"<http://127.0.0.1:8000{address(arrived)}>"
    assert sent.extra_headers["List-Unsubscribe"] == link
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for text in (sent.body, str(sent.alternatives[0][0])):
        assert "Just answer this mail." in text
        assert address(arrived) in text
        assert "€" not in text


def test_the_confirmation_tells_of_the_box_that_was_ticked(arrived):
    assert address(arrived) in str(confirmation(arrived).body)
    silent = paid_order((design("Other"), 1))
    assert address(silent) not in str(confirmation(silent).body)


def test_in_german_too():
    order = agrees(paid_order(locale="de"))
    written = review_request(order)
    assert written.subject == f"Wie waren deine Tafeln? Bestellung {order.number} bei Couverture"
    assert f"/de/orders/{order.token}/objection/" in str(written.body)


# ── The box at the checkout ──────────────────────────────────────────────────────────────────────


def test_the_box_is_empty_and_only_a_tick_is_a_yes(buyer, ada_bar, till):
    buyer.puts_into_cart(ada_bar.digest)
    page = buyer.client.get("/checkout/").content.decode()
    assert '<input type="checkbox" name="may_be_asked"' in page
    assert "checked" not in page.partition('name="may_be_asked"')[2].partition(">")[0]
    buyer.orders()
    assert Order.objects.get().review_agreed_at is None

    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders(may_be_asked="on")
    assert Order.objects.latest("pk").review_agreed_at is not None
    assert ADA.may_be_asked is False
