"""One cart for several people: who gets what, what each parcel costs, and how every bar finds its parcel."""

import re

import pytest

from configurator import designs
from orders.models import Job, Order, Shipment, ShipmentLine
from orders.production import steps
from orders.production.refusals import PackedBeforeAllWrapped
from tests.orders.paid import MONDAY_NOON, bring_to, operator, paid_order
from tests.orders.paid import design as bar_of
from tests.orders.test_checkout import page_of
from tests.orders.till import Buyer

pytestmark = pytest.mark.usefixtures("till")

BEA = {
    "to2-name": "Bea",
    "to2-street": "Ring 1",
    "to2-extra": "",
    "to2-postcode": "1010",
    "to2-city": "Wien",
    "to2-country": "AT",
    "to2-gift_message": "For you",
    "to2-hide_prices": "on",
}


@pytest.fixture
def shared(buyer: Buyer, ada_bar, plain_bar) -> Buyer:
    """Three bars of Ada's and a plain one in the cart."""
    buyer.puts_into_cart(ada_bar.digest, 3)
    buyer.puts_into_cart(plain_bar.digest)
    return buyer


def press(buyer: Buyer, **fields: str):
    return buyer.client.post("/checkout/", {**buyer.address, **fields})


def unit_names(page: str) -> list[str]:
    return re.findall(r'name="(units-\w+)"', page)


def dealt(buyer: Buyer) -> dict[str, str]:
    """Two of Ada's bars and the plain one to Ada, one of Ada's to Bea."""
    first, second = unit_names(page_of(press(buyer, add_recipient="1")))
    return {"recipients": "2", **BEA, first: "2", second: "1", f"to2-{first}": "1", f"to2-{second}": ""}


def orders(buyer: Buyer, **fields: str):
    shown = page_of(press(buyer, **fields, recompute="1"))
    hidden = dict(re.findall(r'type="hidden" name="(expected_\w+)" value="([^"]*)"', shown))
    return press(buyer, **fields, **hidden, order="1")


def test_a_second_recipient_begins_with_nothing_and_the_first_with_everything(shared):
    page = page_of(press(shared, add_recipient="1"))
    first, second = unit_names(page)
    assert re.search(rf'name="{first}" value="3"', page)
    assert re.search(rf'name="{second}" value="1"', page)
    assert 'name="to2-street"' in page
    assert 'value="Ada Lovelace"' in page


def test_nothing_typed_is_lost_when_a_recipient_is_removed(shared):
    page = page_of(press(shared, **dealt(shared), remove_recipient="1"))
    assert 'name="recipients" value="1"' in page
    assert 'name="name" value="Bea"' in page
    assert "to2-" not in page


def test_bars_that_nobody_gets_are_named_before_anything_can_be_ordered(shared):
    fields = dealt(shared)
    fields[next(name for name in fields if name.startswith("to2-units"))] = ""
    answer = press(shared, **fields, recompute="1")
    assert "Ada: 2 of 3 given out" in page_of(answer)
    assert "Order with obligation to pay" not in page_of(answer)
    assert press(shared, **fields, expected_total="1", order="1").status_code == 422
    assert not Order.objects.exists()


def test_every_parcel_has_its_address_carriage_tax_and_card(shared):
    assert orders(shared, **dealt(shared)).status_code == 303
    order = Order.objects.get()
    ada, bea = order.shipments.order_by("place")
    assert [(parcel.name, parcel.country) for parcel in (ada, bea)] == [
        ("Ada Lovelace", "DE"),
        ("Bea", "AT"),
    ]
    assert (ada.shipping_cents, bea.shipping_cents) == (490, 890)
    assert order.shipping_cents == 490 + 890
    assert (ada.gift_message, bea.gift_message) == ("", "For you")
    assert (ada.net_mg, bea.net_mg) == (300_000, 100_000)
    lines = [(line.name, line.quantity, line.vat_permille) for line in order.lines.all()]
    assert lines == [("Ada", 2, 70), ("Plain", 1, 70), ("Ada", 1, 100)]
    carried = ShipmentLine.objects.order_by("shipment__place", "order_line__place")
    assert [(line.shipment.place, line.order_line.place, line.quantity) for line in carried] == [
        (1, 1, 2),
        (1, 2, 1),
        (2, 3, 1),
    ]
    assert sum(tax["gross_cents"] for tax in order.vat) == order.total_cents
    assert order.name == "Ada Lovelace"


def test_the_bill_may_go_elsewhere(shared):
    elsewhere = {
        "bill_elsewhere": "on",
        "bill-name": "Lovelace Ltd",
        "bill-street": "Street 2",
        "bill-postcode": "1009",
        "bill-city": "Luxembourg",
        "bill-country": "LU",
    }
    assert orders(shared, **elsewhere).status_code == 303
    order = Order.objects.get()
    assert (order.name, order.country, order.country_name) == ("Lovelace Ltd", "LU", "Luxembourg")
    assert order.shipments.get().name == "Ada Lovelace"


def test_a_bill_that_goes_elsewhere_needs_an_address(shared):
    answer = press(shared, bill_elsewhere="on", expected_total="1", order="1")
    assert answer.status_code == 422
    assert 'id="id_bill-street_error"' in page_of(answer)


def test_what_to_do_when_something_runs_out_is_kept_with_the_order(shared):
    orders(shared, substitution="wait")
    assert Order.objects.get().substitution == "wait"


@pytest.mark.books_differ
def test_parcels_of_one_order_leave_the_house_on_their_own(db, catalogue):
    order = paid_order((bar_of("Ada"), 2))
    first, second = Job.objects.order_by("index")
    apart = Shipment.objects.get()
    apart.pk, apart.place = None, 2
    apart.save()
    Job.objects.filter(pk=second.pk).update(shipment=apart)
    by = operator()
    bring_to(first, "shipped", by)
    apart.refresh_from_db()
    assert order.shipments.get(place=1).shipped_at == MONDAY_NOON
    assert apart.shipped_at is None


@pytest.mark.books_differ
def test_bars_of_one_parcel_wait_for_each_other(db, catalogue):
    paid_order((bar_of("Ada"), 2))
    first = Job.objects.earliest("index")
    by = operator()
    bring_to(first, "wrapped", by)
    with pytest.raises(PackedBeforeAllWrapped):
        steps.advance(first, "packed", by=by, at=MONDAY_NOON)


@pytest.mark.parametrize("people", [2, 4])
def test_the_checkout_asks_the_database_the_same_for_any_number_of_people(
    buyer, ada_bar, people, django_assert_num_queries
):
    buyer.puts_into_cart(ada_bar.digest, people)
    unit = unit_names(page_of(press(buyer, add_recipient="1")))[0]
    fields = {"recipients": str(people), unit: "1"} | {
        f"to{place}-{unit}": "1" for place in range(2, people + 1)
    }
    press(buyer, **fields, recompute="1")
    with django_assert_num_queries(2):
        press(buyer, **fields, recompute="1")


def test_a_bar_designed_twice_alike_is_one_line_and_another_is_another(buyer, ada_bar):
    designs.save(ada_bar.named("Bea"))
    buyer.puts_into_cart(ada_bar.digest)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.puts_into_cart(ada_bar.named("Bea").digest)
    orders(buyer)
    assert [(line.name, line.quantity) for line in Order.objects.get().lines.all()] == [
        ("Ada", 2),
        ("Bea", 1),
    ]
