import re
from datetime import timedelta

import pytest
from django.utils import timezone

from configurator import designs
from configurator.models import Module
from configurator.pictures import photos
from orders.models import Job, Order, Voucher
from orders.money import payments, refunds
from tests.orders.paid import with_photo_print
from tests.orders.till import Buyer, Till


def page(buyer: Buyer, order: Order) -> str:
    return str(buyer.client.get(f"/orders/{order.token}/").content.decode())


def paid(buyer: Buyer, till: Till, digest: str, quantity: int = 1) -> Order:
    order, address = buyer.order_of(digest, quantity)
    till.pay(address)
    payment = order.payments.get()
    payments.settle(payment, at=timezone.now())
    order.refresh_from_db()
    return order


def test_it_shows_what_was_bought_and_where_each_bar_is(buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest, 2)
    shown = page(buyer, order)
    assert order.number in shown
    assert "Paid" in shown
    assert "2 bars</span>" in shown
    assert "Waiting for its turn in the kitchen" in shown
    assert ada_bar.code in shown
    assert f"/p/{ada_bar.digest}/wrapped-300?v=" in shown
    assert "Ingredients: " in shown
    assert "Pay now" not in shown


def amounts(shown: str) -> list[str]:
    """What stands in the sums, one below the other."""
    sums = shown.partition('<dl class="sums">')[2].partition("</dl>")[0]
    return re.findall(r"<dd[^>]*>([^<]+)</dd>", sums)


def test_the_sums_add_up_with_a_code_for_free_shipping(buyer, ada_bar):
    starts = timezone.now() - timedelta(days=1)
    Voucher.objects.create(code="POST", kind=Voucher.Kind.FREE_SHIPPING, currency="EUR", valid_from=starts)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.client.post("/cart/vouchers/", {"code": "POST"})
    checkout = buyer.client.get("/checkout/").content.decode()
    buyer.orders()
    order = Order.objects.get()
    bars, shipping, free, total, *_taxes = amounts(page(buyer, order))
    assert (shipping, free) == ("€4.90", "−€4.90")
    assert bars == total
    assert amounts(checkout)[:4] == [bars, shipping, free, total]


def test_whose_bank_still_works_is_not_asked_to_pay_again(buyer, ada_bar, till):
    order, address = buyer.order_of(ada_bar.digest)
    till.pay(address, "bankdebit")
    payments.settle(order.payments.get(), at=timezone.now())
    shown = page(buyer, order)
    assert "Your bank is working on your payment." in shown
    assert "Pay now" not in shown


def test_money_that_goes_back_is_shown_with_its_day(buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest)
    payment = order.payments.get()
    refunds.request(payment, amount_cents=123, reason="goodwill", key="a-wish", at=timezone.now())
    shown = page(buyer, order)
    assert "Paid back on " in shown
    assert amounts(shown)[-1] == "−€1.23"
    payments.reconcile(timezone.now() + timedelta(minutes=5))


def test_what_was_paid_back_is_not_said_to_be_in_the_making(buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest)
    payment = order.payments.get()
    refunds.request(
        payment, amount_cents=order.total_cents, reason="withdrawn", key="a-wish", at=timezone.now()
    )
    payments.reconcile(timezone.now() + timedelta(minutes=5))
    shown = page(buyer, order)
    assert "You get back all that you paid." in shown
    assert "Waiting for its turn" not in shown
    assert "arrives" not in shown


def test_the_arrival_is_promised_where_somebody_looks_first(buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest)
    shown = page(buyer, order)
    assert shown.count("the time to make the bars included") == 1
    assert shown.index("the time to make the bars included") < shown.index("Waiting for its turn")


def test_a_cancelled_order_promises_nothing(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    payments.cancel(order, at=timezone.now())
    shown = page(buyer, order)
    assert "Nothing is made of this order" in shown
    assert "arrives" not in shown


def test_the_link_of_an_order_shows_its_photo_in_another_browser_too(buyer, new_buyer, ada_bar):
    bar = designs.save(with_photo_print(ada_bar)).value
    digest = bar.photos[0].digest
    session = buyer.client.session
    session[photos.SESSION_KEY] = [digest]
    session.save()
    order, _page = buyer.order_of(bar.digest)
    with_link, without = new_buyer(), new_buyer()

    assert order.lines.get().design_id == bar.digest
    page(with_link, order)

    seen = [who.client.get(f"/photos/{digest}/").status_code for who in (with_link, without)]
    assert seen == [200, 404]


def test_bars_at_another_step_stand_apart(buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest, 3)
    Job.objects.filter(index=1).update(job_state="cooling")
    shown = page(buyer, order)
    assert "1 bar of 3" in shown
    assert "2 bars of 3" in shown
    assert "Cooling down" in shown


def test_the_address_is_shown_only_in_the_browser_that_ordered(buyer, new_buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest)
    assert "Teststraße 1" in page(buyer, order)
    shown = page(new_buyer(), order)
    assert "Lovelace" not in shown
    assert "Teststraße" not in shown
    assert "ada@example.com" not in shown
    assert "Berlin, Germany" in shown


def test_the_link_is_kept_out_of_other_sites_search_engines_and_caches(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    answer = buyer.client.get(f"/orders/{order.token}/")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_what_was_bought_stays_as_it_was_whatever_happens_to_the_catalogue(buyer, ada_bar, till):
    order = paid(buyer, till, ada_bar.digest)
    line = order.lines.get()
    before = (line.price_lines, line.labels, line.recipe)
    Module.objects.update(surcharge_cents=9999, name_en="Changed", name_de="Geändert")
    line.refresh_from_db()
    assert (line.price_lines, line.labels, line.recipe) == before
    assert "Changed" not in page(buyer, order)


@pytest.mark.parametrize("quantity", [1, 3])
def test_the_page_costs_the_same_queries_for_any_number_of_bars(
    buyer, ada_bar, till, quantity, django_assert_num_queries
):
    order = paid(buyer, till, ada_bar.digest, quantity)
    with django_assert_num_queries(9):
        page(buyer, order)


def test_a_gift_message_is_text_whatever_is_in_it(buyer, ada_bar, till):
    buyer.address["gift_message"] = "<script>alert(1)</script>\nLove"
    order, _page = buyer.order_of(ada_bar.digest)
    shown = page(buyer, order)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Love" in shown


def test_an_order_page_cannot_be_guessed(client, buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    assert client.get(f"/orders/{order.number}/").status_code == 404
    assert client.get(f"/orders/{order.pk}/").status_code == 404
    assert client.get(f"/orders/{order.token.swapcase()}/").status_code == 404


def test_the_pay_button_is_the_orders_own(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    shown = page(buyer, order)
    assert re.findall(r'action="(/orders/[^"]+)"', shown) == [
        f"/orders/{order.token}/payments/",
        f"/orders/{order.token}/cancellation/",
        f"/orders/{order.token}/questions/",
    ]


def test_who_comes_back_from_the_payment_page_finds_the_order_beside_the_empty_cart(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    page = buyer.client.get("/cart/").content.decode()
    assert "Your cart is empty" in page
    assert f"Your order {order.number} over €{order.total_cents / 100:.2f} waits for its payment." in page
    assert f'href="/orders/{order.token}/"' in page
