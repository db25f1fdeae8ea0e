import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from orders.buying import cart as carts
from orders.buying.bills import Bill
from orders.buying.due import bill
from orders.models import CarriageRate, Cart, Destination, Order, Payment, VatRate
from orders.prices.billing import included_vat
from orders.prices.tax import tax_class
from tests.orders.paid import ADA_AT_HOME, placed_order
from tests.orders.till import ADDRESS, Buyer

pytestmark = pytest.mark.usefixtures("till")

BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def page_of(answer) -> str:
    return str(answer.content.decode())


def checkout_page(buyer: Buyer, **form: str) -> str:
    if form:
        return page_of(
            buyer.client.post(f"{buyer.spoken}/checkout/", {**buyer.address, **form, "recompute": "country"})
        )
    return page_of(buyer.client.get(f"{buyer.spoken}/checkout/"))


def test_the_page_shows_everything_right_above_a_button_that_says_it_costs_money(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 2)
    page = checkout_page(buyer)
    above = page.partition("Order with obligation to pay")[0]
    for words in (
        "Ada",
        "Milk chocolate",
        "2 ×",
        "per kg",
        "Shipping to Germany",
        "€4.90",
        "of which 7\u00a0% VAT",
        "Total",
        "if you pay now, the time to make your bars included",
        "right of withdrawal",
        "legal guarantee of two years",
        "Ingredients: ",
        "Nutrition declaration",
        "May contain ",
    ):
        assert words in above.replace("&#x27;", "'"), words
    assert 'type="checkbox" name="terms' not in page


def test_the_button_is_worded_as_german_law_wants(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    buyer.spoken = "/de"
    assert "Zahlungspflichtig bestellen" in checkout_page(buyer)


def test_another_country_has_another_shipping(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    page = checkout_page(buyer, country="AT", email="typed@example.com")
    assert "Shipping to Austria" in page
    assert "€8.90" in page
    assert "of which 10\u00a0% VAT" in page
    assert 'value="typed@example.com"' in page
    assert "field__error" not in page


def test_a_full_cart_ships_for_free(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 20)
    page = checkout_page(buyer)
    assert re.search(r"Shipping to Germany</dt><dd class=\"price\">free<", page)


def test_a_country_whose_language_our_labels_lack_is_not_offered(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    offered = ["DE", "AT", "LU", "IE", "MT"]
    # Where the parcel goes, and where the bill may go.
    assert re.findall(r'<option value="(\w\w)"', checkout_page(buyer)) == 2 * offered
    assert "We do not ship to this country yet." in page_of(buyer.orders(country="FR"))


@pytest.mark.parametrize(
    ("country", "postcode", "example"),
    [("DE", "1234", "10115"), ("AT", "10115", "1010"), ("IE", "12345", "D02 X285")],
)
def test_a_postcode_that_cannot_be_is_refused_with_one_that_can(buyer, ada_bar, country, postcode, example):
    buyer.puts_into_cart(ada_bar.digest)
    answer = buyer.orders(country=country, postcode=postcode)
    assert answer.status_code == 422
    assert f"looks like {example}. Correct it, or choose another country." in page_of(answer)
    assert 'value="Ada Lovelace"' in page_of(answer)
    assert not Order.objects.exists()


@pytest.mark.parametrize("missing", ["email", "name", "street", "postcode", "city", "country"])
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(buyer, ada_bar, missing):
    buyer.puts_into_cart(ada_bar.digest)
    answer = buyer.orders(**{missing: "", "expected_total": "1"})
    assert answer.status_code == 422
    page = page_of(answer)
    assert f'id="id_{missing}_error"' in page
    for name, typed in ADDRESS.items():
        if name not in {missing, "country"} and typed:
            assert f'value="{typed}"' in page


def test_the_order_keeps_what_was_promised(buyer, ada_bar):
    order, _page = buyer.order_of(ada_bar.digest, 3)
    review = designs.review(ada_bar, current_family("bar-100"), "en")
    line = order.lines.get()
    assert (line.design_id, line.code, line.name) == (ada_bar.digest, ada_bar.code, "Ada")
    assert (line.quantity, line.unit_cents) == (3, review.quote.total_cents)
    assert line.price_lines == [asdict(price) for price in review.quote.lines]
    assert line.cents_per_kg == review.quote.cents_per_kg
    assert [(part["module"], part["mg"]) for part in line.recipe] == [
        (portion.module, portion.mg) for portion in review.recipe
    ]
    assert sum(part["mg"] for part in line.recipe) == line.net_mg == 100_000
    assert line.allergens == list(review.label.allergens)
    assert line.labels["en"]["ingredients"] == review.label.ingredients
    assert sorted(line.labels) == ["de", "en"]
    assert line.labels["de"]["ingredients"].startswith("Zutaten: ")
    assert order.goods_cents == 3 * line.unit_cents
    assert order.total_cents == order.goods_cents + 490
    parcel = order.shipments.get()
    assert {name: getattr(parcel, name) for name in ADDRESS if name != "email"} | {
        "email": order.email
    } == ADDRESS
    assert (parcel.net_mg, parcel.label_locale) == (300_000, "de")
    carried = parcel.lines.get()
    assert (carried.order_line, carried.quantity) == (line, 3)


def test_an_order_shows_nothing_of_how_many_there_are(buyer, new_buyer, ada_bar):
    first, _page = buyer.order_of(ada_bar.digest)
    second, _page = new_buyer().order_of(ada_bar.digest)
    for order in (first, second):
        assert re.fullmatch(r"C-[2-9A-HJ-NP-TV-Z]{8}", order.number)
        assert len(order.token) == 32
    assert first.number != second.number


def test_the_order_button_twice_is_one_order_and_one_page(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    total = buyer.total_shown()
    first = buyer.orders(expected_total=total)
    second = buyer.orders(expected_total=total)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_second_tab_with_another_address_is_shown_the_order_that_holds(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    total = buyer.total_shown()
    buyer.orders(expected_total=total)
    answer = buyer.orders(expected_total=total, city="Hamburg")
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.token}/"
    assert order.city == "Berlin"
    assert "Please check the address" in page_of(buyer.client.get(answer["Location"]))


def test_one_cart_cannot_become_two_orders(buyer, ada_bar):
    order, _page = buyer.order_of(ada_bar.digest)
    order.pk, order.number, order.token = None, "C-OTHER", "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_what_was_ordered_is_out_of_the_cart_and_a_new_cart_begins(buyer, ada_bar, plain_bar):
    buyer.order_of(ada_bar.digest)
    assert "Your cart is empty" in page_of(buyer.client.get("/cart/"))
    buyer.puts_into_cart(plain_bar.digest)
    assert [line.design.name for line in Order.objects.get().lines.all()] == ["Ada"]
    assert Cart.objects.count() == 2


def test_a_shipping_that_changed_meanwhile_is_shown_before_anything_is_ordered(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    total = buyer.total_shown()
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', checkout_page(buyer))
    _domestic_standard_costs(590)
    answer = buyer.orders(expected_total=total, seen=seen)
    assert answer.status_code == 409
    page = page_of(answer)
    assert "has changed since you saw this page" in page
    assert differences_of(page) == ["Shipping to Germany: before €4.90 now €5.90"]
    assert f'name="expected_total" value="{int(total) + 100}"' in page
    assert not Order.objects.exists()


def _domestic_standard_costs(cents: int) -> None:
    rates = CarriageRate.objects.filter(zone="domestic", method="standard", currency="EUR")
    for rate in rates.filter(cents=490):
        rate.cents = cents
        rate.save()


def differences_of(page: str) -> list[str]:
    listed = page.partition('<ul class="differences">')[2].partition("</ul>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<li>(.*?)</li>", listed)]


def test_a_country_changed_without_a_look_at_its_shipping_is_shown_first(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    answer = buyer.orders(country="AT", postcode="1010")
    assert answer.status_code == 409
    assert not Order.objects.exists()


def test_a_total_from_the_browser_is_never_believed(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    assert buyer.orders(expected_total="1").status_code == 409
    assert not Order.objects.exists()


def test_a_parcel_has_a_weight_limit(buyer, ada_bar, plain_bar):
    for design in (ada_bar, plain_bar, ada_bar.named("Bea"), ada_bar.named("Cleo")):
        designs.save(design)
        buyer.puts_into_cart(design.digest, 99)
    page = checkout_page(buyer)
    assert "carries 30 kg" in page
    assert "Order with obligation to pay" not in page


@pytest.fixture
def ships_to_america(catalogue):
    """As if our carrier went there."""
    vat = VatRate.objects.filter(country="DE").earliest("pk")
    VatRate.objects.update_or_create(
        country="US", tax_class=vat.tax_class, valid_from=vat.valid_from, defaults={"permille": 0}
    )
    germany = Destination.objects.get(country="DE")
    Destination.objects.update_or_create(
        country="US",
        defaults={
            "place": 99,
            "zone": germany.zone,
            "name_en": "the United States",
            "name_de": "die USA",
            "label_locale": "en",
            "postcode_pattern": germany.postcode_pattern,
            "postcode_example": germany.postcode_example,
        },
    )


def test_what_may_not_be_sold_in_a_country_is_not_shipped_there(buyer, ada_bar, ships_to_america):
    spiced = ada_bar.adding("tonka", "ingredients", 100)
    designs.save(spiced)
    buyer.puts_into_cart(spiced.digest)
    page = checkout_page(buyer, country="US")
    assert (
        "“Ada” cannot be shipped to the United States. Tonka bean, grated: not permitted in food there."
        in page
    )
    assert "Order with obligation to pay" not in page
    assert buyer.orders(country="US", expected_total="1").status_code == 422
    assert not Order.objects.exists()


def test_nothing_is_shipped_to_america_without_an_importer(buyer, ada_bar, ships_to_america, settings):
    buyer.puts_into_cart(ada_bar.digest)
    assert "our importer there is not registered" in checkout_page(buyer, country="US")
    settings.FSVP_IMPORTER = "Bea Imports, Brooklyn"
    assert "Order with obligation to pay" in checkout_page(buyer, country="US")


def test_an_empty_cart_has_no_checkout(client, catalogue):
    assert client.get("/checkout/")["Location"] == "/cart/"


def test_without_rates_the_shop_says_so_instead_of_failing(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    for destination in Destination.objects.all():
        destination.label_locale = ""
        destination.save()
    answer = buyer.client.get("/checkout/")
    assert answer.status_code == 503
    assert "We cannot take orders just now" in page_of(answer)


# ── VAT ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("dark_72", "dark_plain"),
        ("milk_37", "milk"),
        ("gianduja_milk", "milk"),
        ("ruby_35", "milk"),
        ("white_32", "white"),
        ("blond_33", "white"),
        ("vegan_white", "white"),
        ("vegan_rice", "dark_plain"),
    ],
)
def test_the_tax_class_is_what_is_in_the_bar(plain_bar, base, expected):
    assert tax_class(plain_bar.on_base(base), current_family("bar-100")) == expected


def test_dark_chocolate_with_something_in_it_is_another_tax_class(ada_bar):
    assert tax_class(ada_bar.on_base("dark_72"), current_family("bar-100")) == "filled"


def _french_bill(buyer: Buyer) -> Bill:
    basket = carts.look(Cart.objects.get().key, locale="en", at=timezone.now())
    return bill(basket, (replace(ADA_AT_HOME, country="FR"),), at=datetime(2026, 6, 1, tzinfo=UTC))


def test_shipping_is_taxed_like_the_goods_it_carries(buyer, ada_bar, plain_bar):
    buyer.puts_into_cart(plain_bar.digest)
    buyer.puts_into_cart(ada_bar.digest, 2)
    bill = _french_bill(buyer)
    assert [tax.permille for tax in bill.taxes] == [55, 200]
    assert sum(tax.gross_cents for tax in bill.taxes) == bill.total_cents
    low, high = bill.taxes
    share = low.gross_cents - bill.lines[0].bars.total_cents
    assert low.vat_cents == included_vat(bill.lines[0].bars.total_cents, 55) + included_vat(share, 55)
    assert high.vat_cents == included_vat(bill.lines[1].bars.total_cents, 200) + included_vat(
        bill.shipping_cents - share, 200
    )


def test_a_rate_counts_from_its_first_day_to_its_last(buyer, plain_bar):
    buyer.puts_into_cart(plain_bar.digest)
    VatRate.objects.filter(country="FR", tax_class="dark_plain").update(valid_until=date(2026, 5, 31))
    VatRate.objects.create(
        country="FR", tax_class="dark_plain", permille=70, valid_from=date(2026, 6, 1), source="test"
    )
    assert _french_bill(buyer).lines[0].permille == 70


def test_a_new_rate_holds_from_midnight_in_the_shop(ada_bar):
    VatRate.objects.filter(country="DE").update(valid_until=date(2026, 12, 31))
    VatRate.objects.create(
        country="DE", tax_class="any", permille=80, valid_from=date(2027, 1, 1), source="test"
    )
    still, already = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
    orders = [placed_order((ada_bar, 1), at=at) for at in (still, already)]
    assert [order.lines.get().vat_permille for order in orders] == [70, 80]


def test_the_order_sums_up_its_vat_by_rate(buyer, ada_bar):
    order, _page = buyer.order_of(ada_bar.digest)
    line = order.lines.get()
    assert order.vat == [
        {
            "permille": 70,
            "gross_cents": order.total_cents,
            "vat_cents": line.vat_cents + included_vat(490, 70),
        }
    ]


# ── What it costs us ─────────────────────────────────────────────────────────────────────────────


def test_a_guest_checkout_from_a_bars_page_to_the_payment_page_costs_at_most_30_queries(
    buyer, new_buyer, ada_bar
):
    _walk(new_buyer(), ada_bar)  # what changes a few times a year is read once and kept for a moment
    with CaptureQueriesContext(connection) as asked:
        _walk(buyer, ada_bar)
    questions = [query["sql"] for query in asked if not query["sql"].startswith(BRACKETS)]
    assert len(questions) <= 30, "\n".join(questions)


def _walk(buyer: Buyer, bar: Design) -> None:
    """Five requests."""
    assert buyer.client.get(f"/d/{bar.digest}/").status_code == 200
    buyer.puts_into_cart(bar.digest)
    buyer.client.get("/cart/")
    assert buyer.orders().status_code == 303
