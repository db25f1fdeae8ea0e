"""Drafts: placed, and never at the payment page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Cart, Order
from orders.models.capacity import Booking
from orders.money import drafts
from tests.orders.paid import design, placed_order
from tests.orders.test_cart import cart_page

pytestmark = pytest.mark.usefixtures("catalogue")


def test_a_draft_is_given_up_after_two_hours_and_what_it_kept_is_free():
    order = placed_order((design(), 1), at=timezone.now() - timedelta(hours=2, minutes=1))
    assert drafts.sweep(timezone.now()) == 1
    order.refresh_from_db()
    assert order.payment_state == "cancelled"
    assert not Booking.objects.exists()
    assert drafts.sweep(timezone.now()) == 0


def test_a_young_draft_is_left_alone():
    placed_order((design(), 1), at=timezone.now() - timedelta(hours=1, minutes=59))
    assert drafts.sweep(timezone.now()) == 0


def test_the_bars_of_a_draft_are_in_the_cart_again(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 2)
    key = Cart.objects.get().key
    total = buyer.total_shown()
    buyer.orders(expected_total=total)
    Order.objects.update(placed_at=timezone.now() - timedelta(hours=3))
    order = Order.objects.get()
    order.payments.filter(session_id=None).update(state="abandoned")
    assert drafts.sweep(timezone.now()) == 1
    assert Cart.objects.get().key == key
    assert "Ada" in cart_page(buyer)


def test_an_order_at_the_payment_page_is_no_draft(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    Order.objects.update(placed_at=timezone.now() - timedelta(hours=3))
    assert drafts.sweep(timezone.now()) == 0
    order.refresh_from_db()
    assert order.awaits_payment
