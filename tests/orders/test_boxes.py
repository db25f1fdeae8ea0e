"""Gift boxes of 3, 6 or 12 bars, and the price that was promised when something was put into the cart."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from configurator.catalogue.publishing import publish
from configurator.models import Module as ModuleRow
from orders.buying import cart as carts
from orders.buying.basket import Basket
from orders.models import BoxSize, Cart, CartBox, CartLine, Job, Order, Shipment
from orders.models.cart import PRICE_HELD
from orders.production.release import release
from orders.production.tickets import bar_of_order
from tests.orders.test_cart import cart_page
from tests.orders.test_checkout import differences_of, page_of
from tests.orders.till import Buyer

pytestmark = pytest.mark.usefixtures("till")


def fill(buyer: Buyer, size: int, **bars: int):
    return buyer.client.post("/cart/box/", {"size": size} | {f"bar-{key}": n for key, n in bars.items()})


@pytest.fixture
def boxed(buyer: Buyer, ada_bar, plain_bar) -> Buyer:
    """A box of two bars of Ada's and a plain one, and Ada's bar once more beside it."""
    buyer.puts_into_cart(ada_bar.digest)
    buyer.puts_into_cart(plain_bar.digest)
    answer = fill(buyer, 3, **{ada_bar.digest: 2, plain_bar.digest: 1})
    assert answer.status_code == 303, page_of(answer)
    buyer.client.post(f"/cart/lines/{CartLine.objects.get(design=plain_bar.digest, box=None).pk}/removal/")
    return buyer


def basket() -> Basket:
    return carts.look(Cart.objects.get().key, locale="en", at=timezone.now())


def test_a_box_is_a_line_of_its_own_and_costs_its_bars_and_the_box(boxed, ada_bar):
    box = basket().boxes[0]
    prices = {line.design.name: line.unit_cents for line in box.bars}
    assert box.unit_cents == 2 * prices["Ada"] + prices["Plain"] + 290
    assert basket().goods_cents == box.unit_cents + prices["Ada"]
    assert basket().count == 4
    assert "Gift box of 3 bars" in cart_page(boxed)


@pytest.mark.parametrize(("size", "bars"), [(3, 2), (3, 4), (6, 3), (5, 5)])
def test_a_box_must_be_full(buyer, ada_bar, size, bars):
    buyer.puts_into_cart(ada_bar.digest)
    answer = fill(buyer, size, **{ada_bar.digest: bars})
    assert answer.status_code == 422
    assert f'value="{bars}"' in page_of(answer)
    assert not CartBox.objects.exists()


def test_more_boxes_are_more_of_every_bar(boxed):
    box = CartBox.objects.get()
    boxed.client.post(f"/cart/boxes/{box.pk}/", {"quantity": "4"})
    assert basket().count == 13
    boxed.client.post(f"/cart/boxes/{box.pk}/", {"quantity": "21"})
    assert "from 1 to 20" in cart_page(boxed)
    assert CartBox.objects.get().quantity == 4


def test_nobody_reaches_into_another_carts_box(boxed, new_buyer, ada_bar):
    box = CartBox.objects.get()
    stranger = new_buyer()
    stranger.puts_into_cart(ada_bar.digest)
    stranger.client.post(f"/cart/boxes/{box.pk}/", {"quantity": "9"})
    stranger.client.post(f"/cart/boxes/{box.pk}/removal/")
    assert CartBox.objects.get().quantity == 1


@pytest.mark.books_differ
def test_a_box_is_ordered_with_its_bars_and_told_on_their_tickets(boxed):
    assert boxed.orders().status_code == 303
    order = Order.objects.get()
    box = order.boxes.get()
    assert (box.size, box.quantity, box.unit_cents, box.vat_permille) == (3, 1, 290, 70)
    lines = [(line.name, line.quantity, line.box_id) for line in order.lines.all()]
    assert lines == [("Ada", 1, None), ("Ada", 2, box.pk), ("Plain", 1, box.pk)]
    paid = sum(line.total_cents for line in order.lines.all()) + box.total_cents
    assert (order.goods_cents, order.total_cents) == (paid, paid + order.shipping_cents)
    assert (Shipment.objects.get().net_mg, order.shipments.get().boxes.get().quantity) == (400_000, 1)
    order.mark_paid(timezone.now())
    release(order)
    jobs = Job.objects.select_related("order_line__box", "shipment").order_by("place")
    assert [bar_of_order(job) for job in jobs] == [
        "bar 1 of 4",
        "bar 2 of 4, box of 3",
        "bar 3 of 4, box of 3",
        "bar 4 of 4, box of 3",
    ]


def test_the_boxes_of_a_cancelled_order_are_back_in_the_cart(boxed):
    boxed.orders()
    order = Order.objects.get()
    boxed.client.post(f"/orders/{order.token}/cancellation/")
    cart = Cart.objects.get(order=None)
    seen = carts.look(cart.key, locale="en", at=timezone.now())
    assert [(box.size, [line.per_box for line in box.bars]) for box in seen.boxes] == [(3, [2, 1])]
    assert seen.count == 4


# ── The promised price ───────────────────────────────────────────────────────────────────────────


def promised(cents: int, *, minutes_ago: int) -> None:
    since = timezone.now() - timedelta(minutes=minutes_ago)
    CartLine.objects.update(unit_cents=cents, currency="EUR", held_until=since + PRICE_HELD)


def price_of_today() -> int:
    CartLine.objects.update(held_until=None)
    return basket().lines[0].unit_cents


def test_a_price_holds_for_an_hour_and_the_line_says_so(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    today = price_of_today()
    promised(today - 100, minutes_ago=59)
    line = basket().lines[0]
    assert (line.unit_cents, line.was_cents) == (today - 100, None)
    assert sum(price.cents for price in line.quote.lines) == today - 100
    assert buyer.orders().status_code == 303
    assert Order.objects.get().lines.get().unit_cents == today - 100


def test_a_promise_never_makes_anything_dearer(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    today = price_of_today()
    promised(today + 100, minutes_ago=1)
    assert basket().lines[0].unit_cents == today


def test_a_price_that_rose_after_the_hour_is_shown_and_agreed_to_before_paying(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    today = price_of_today()
    promised(today - 100, minutes_ago=61)
    page = cart_page(buyer)
    was, now = (f"€{cents // 100}.{cents % 100:02}" for cents in (today - 100, today))
    assert re.search(rf"<s>{was}</s>\s+now {now} each", page)
    assert "Go to checkout" not in page
    assert buyer.client.get("/checkout/")["Location"] == "/cart/"
    assert buyer.client.post("/cart/prices/")["Location"] == "/checkout/"
    assert buyer.client.get("/checkout/").status_code == 200
    assert basket().lines[0].was_cents is None


def test_a_promise_that_ends_while_the_checkout_is_open_is_shown_line_by_line(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    today = price_of_today()
    promised(today - 100, minutes_ago=1)
    shown = page_of(buyer.client.get("/checkout/"))
    hidden = dict(re.findall(r'type="hidden" name="(expected_total|seen)" value="([^"]*)"', shown))
    promised(today - 100, minutes_ago=61)
    answer = buyer.orders(**hidden)
    assert answer.status_code == 409
    was, now = (f"€{cents // 100}.{cents % 100:02}" for cents in (today - 100, today))
    assert differences_of(page_of(answer)) == [f"Ada: before {was} now {now}"]
    assert not Order.objects.exists()


# ── What cannot be had any more ──────────────────────────────────────────────────────────────────


def test_a_bar_without_its_almonds_stays_in_the_cart_with_what_could_be_taken_instead(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 2)
    ModuleRow.objects.filter(key="almond_whole").update(retired=True)
    publish("bar-100", at=timezone.now())
    page = cart_page(buyer)
    line = CartLine.objects.get()
    assert "no longer in our selection: " in page
    ways = re.findall(r'name="edits" value="([^"]+)"', page)
    assert ways
    buyer.client.post(f"/cart/lines/{line.pk}/replacement/", {"edits": ways[0]})
    line.refresh_from_db()
    assert "almond_whole" not in line.design.value.modules
    assert (line.quantity, basket().orderable) == (2, True)


def test_what_somebody_writes_as_a_substitute_changes_nothing(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    line = CartLine.objects.get()
    buyer.client.post(f"/cart/lines/{line.pk}/replacement/", {"edits": "-toppings:gold +x"})
    line.refresh_from_db()
    assert line.design_id == ada_bar.digest


# ── Sizes and prices are the office's ────────────────────────────────────────────────────────────


def in_the_office(admin_client, size: int, **fields: str):
    address = f"/admin/orders/boxsize/{size}/change/" if size else "/admin/orders/boxsize/add/"
    answer = admin_client.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()


def sizes_on_page(buyer: Buyer) -> list[str]:
    page = buyer.client.get("/cart/box/").content.decode()
    return re.findall(r'name="size" value="(\d+)"', page)


def test_staff_set_what_a_box_costs_and_the_files_leave_it_so(admin_client, boxed):
    in_the_office(admin_client, 3, cents="310", offered="on")
    call_command("load_rates", verbosity=0)
    carts.agree(Cart.objects.get().key, at=timezone.now())

    assert basket().boxes[0].packing_cents == 310


def test_staff_offer_another_size(admin_client, buyer, ada_bar):
    in_the_office(admin_client, 0, holds="2", cents="190", offered="on")
    buyer.puts_into_cart(ada_bar.digest)

    assert sizes_on_page(buyer) == ["2", "3", "6", "12"]
    assert fill(buyer, 2, **{ada_bar.digest: 2}).status_code == 303
    assert basket().boxes[0].packing_cents == 190


def test_a_size_that_is_not_offered_any_more_stays_in_the_carts_that_hold_it(admin_client, boxed, ada_bar):
    in_the_office(admin_client, 3, cents="290")

    assert sizes_on_page(boxed) == ["6", "12"]
    assert fill(boxed, 3, **{ada_bar.digest: 3}).status_code == 422
    assert basket().boxes[0].packing_cents == 290
    assert basket().orderable


def test_a_box_holds_two_bars_at_least_and_twenty_four_at_most(admin_client, catalogue):
    answers = [
        admin_client.post("/admin/orders/boxsize/add/", {"holds": holds, "cents": "100"}).status_code
        for holds in ("1", "25")
    ]
    assert answers == [200, 200]
    assert list(BoxSize.objects.values_list("holds", flat=True)) == [3, 6, 12]
