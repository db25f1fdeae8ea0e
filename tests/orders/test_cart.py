import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from configurator import designs
from configurator.catalogue import price_lists
from configurator.catalogue.families import current_family
from configurator.catalogue.publishing import publish
from configurator.domain.design import Design
from configurator.models import Design as DesignRow
from configurator.models import FamilyVersion, PriceList
from configurator.models import Ingredient as IngredientRow
from configurator.models import Module as ModuleRow
from orders.models import Cart, CartLine
from tests.orders.till import Buyer

BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def quantities() -> list[int]:
    return list(CartLine.objects.values_list("quantity", flat=True))


def cart_page(buyer: Buyer) -> str:
    return buyer.client.get(f"{buyer.spoken}/cart/").content.decode()


def notes(page: str) -> list[str]:
    return re.findall(r'<p class="notice[^"]*"[^>]*>([^<]*)</p>', page)


def test_an_empty_cart_invites_and_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/cart/").content.decode()
    assert "Your cart is empty" in page
    assert '/studio/bar-100/"' in page


def test_a_bar_goes_into_the_cart_with_its_price_weight_and_allergens(buyer, ada_bar):
    answer = buyer.puts_into_cart(ada_bar.digest)
    assert (answer.status_code, answer["Location"]) == (303, "/cart/")
    page = cart_page(buyer)
    quote = designs.review(ada_bar, current_family("bar-100"), "en").quote
    assert f"€{quote.total_cents // 100}.{quote.total_cents % 100:02}" in page
    assert f"€{quote.cents_per_kg // 100}.{quote.cents_per_kg % 100:02} per kg" in page
    assert "almonds" in page
    assert "milk" in page
    assert "100\u00a0g" in page
    assert f"/p/{ada_bar.digest}/wrapped-300?v=" in page


def test_the_same_design_twice_is_one_line(buyer, ada_bar, plain_bar):
    buyer.puts_into_cart(ada_bar.digest, 2)
    buyer.puts_into_cart(plain_bar.digest)
    buyer.puts_into_cart(ada_bar.digest, 3)
    assert quantities() == [5, 1]


def test_a_line_never_grows_over_99(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 60)
    buyer.puts_into_cart(ada_bar.digest, 60)
    assert quantities() == [99]


@pytest.mark.parametrize("quantity", ["0", "-1", "100", "two", "1.5"])
def test_a_quantity_out_of_bounds_is_refused_in_words(buyer, ada_bar, quantity):
    buyer.client.post("/cart/lines/", {"design": ada_bar.digest, "quantity": quantity})
    assert quantities() == []
    assert "choose from 1 to 99 bars of one design" in cart_page(buyer)


def test_quantities_change_and_zero_removes(buyer, ada_bar, plain_bar):
    buyer.puts_into_cart(ada_bar.digest)
    buyer.puts_into_cart(plain_bar.digest)
    first, second = CartLine.objects.values_list("pk", flat=True)
    buyer.client.post(f"/cart/lines/{first}/", {"quantity": "7"})
    buyer.client.post(f"/cart/lines/{second}/", {"quantity": "0"})
    assert quantities() == [7]
    buyer.client.post(f"/cart/lines/{first}/removal/")
    assert quantities() == []


def test_a_wrong_quantity_changes_nothing_and_says_what_is_right(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 4)
    line = CartLine.objects.get()
    buyer.client.post(f"/cart/lines/{line.pk}/", {"quantity": "many"})
    assert quantities() == [4]
    assert "Write how many as a whole number from 1 to 99." in cart_page(buyer)


def test_nobody_reaches_into_another_cart(buyer, new_buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest, 4)
    line = CartLine.objects.get()
    stranger = new_buyer()
    stranger.puts_into_cart(ada_bar.digest)
    stranger.client.post(f"/cart/lines/{line.pk}/", {"quantity": "9"})
    stranger.client.post(f"/cart/lines/{line.pk}/removal/")
    assert quantities() == [4, 1]


def test_a_cookie_that_somebody_wrote_is_no_cart(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    buyer.client.cookies["cart"] = f"{Cart.objects.get().key}:1:forged:signature"
    assert "Your cart is empty" in cart_page(buyer)


def test_the_badge_counts_bars_without_asking_the_database(buyer, ada_bar, django_assert_num_queries):
    buyer.puts_into_cart(ada_bar.digest, 3)
    buyer.client.get("/cart/")
    with django_assert_num_queries(0):
        page = buyer.client.get("/legal/").content.decode()
    assert re.search(r'masthead__count">3<', page)


def test_an_unknown_design_is_refused_in_words(buyer):
    buyer.puts_into_cart("0" * 64)
    assert "This design is not kept any more" in cart_page(buyer)
    assert quantities() == []


def test_a_bar_without_a_name_is_refused_with_the_reason(buyer, ada_bar):
    nameless = ada_bar.named("")
    designs.save(nameless)
    buyer.puts_into_cart(nameless.digest)
    assert quantities() == []
    assert "name" in notes(cart_page(buyer))[0].lower()


def _almonds(**columns: object) -> None:
    ModuleRow.objects.filter(key="almond_whole").update(**columns)


def _published(days_ago: int) -> None:
    """The catalogue as it is now came out so many days ago; every design is older still."""
    publish("bar-100", at=timezone.now() - timedelta(days=days_ago))
    DesignRow.objects.update(created_at=timezone.now() - timedelta(days=400))


def _almonds_cost_more(days_ago: int) -> None:
    _almonds(surcharge_cents=F("surcharge_cents") + 50)
    _published(days_ago)


def test_the_price_of_a_design_is_kept_for_a_month_after_a_change(buyer, ada_bar):
    _almonds_cost_more(days_ago=29)
    buyer.puts_into_cart(ada_bar.digest)
    assert quantities() == [1]


def test_a_design_from_a_catalogue_long_gone_is_refused_with_the_way_out(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    _almonds_cost_more(days_ago=31)
    page = cart_page(buyer)
    assert "its price is no longer kept" in page
    assert "Go to checkout" not in page
    assert buyer.client.get("/checkout/")["Location"] == "/cart/"


def test_a_change_that_was_taken_back_leaves_the_designs_of_today_for_sale(buyer, ada_bar):
    _almonds_cost_more(days_ago=40)
    _almonds(surcharge_cents=F("surcharge_cents") - 50)
    _published(days_ago=35)
    buyer.puts_into_cart(ada_bar.digest)
    assert quantities() == [1]


def test_a_recalled_ingredient_is_not_sold_from_the_day_it_is_retired(buyer, ada_bar, plain_bar):
    buyer.puts_into_cart(ada_bar.digest)
    buyer.puts_into_cart(plain_bar.digest)
    _almonds(retired=True)
    _published(days_ago=0)
    page = cart_page(buyer)
    assert page.count("An ingredient of this bar has changed or is no longer in our selection: ") == 1
    assert "Go to checkout" not in page
    buyer.client.post(f"/cart/lines/{CartLine.objects.earliest('pk').pk}/removal/")
    assert "Go to checkout" in cart_page(buyer)


def test_a_bar_is_never_sold_with_food_facts_of_yesterday(buyer, ada_bar, plain_bar):
    IngredientRow.objects.filter(modules__key="almond_whole").update(traces=["SES"])
    _published(days_ago=0)
    buyer.puts_into_cart(ada_bar.digest)
    assert quantities() == []
    assert "Open it in the studio to see what has changed." in cart_page(buyer)
    buyer.puts_into_cart(plain_bar.digest)
    assert quantities() == [1]


def test_a_new_allergen_in_zone_o_changes_the_warning_of_all_that_is_made_there(buyer, ada_bar, plain_bar):
    walnuts = IngredientRow.objects.filter(modules__key="walnut_halves")
    walnuts.update(text_en="**walnuts**, **celery**", allergens=["CEL", "NUT-WAL"])
    _published(days_ago=0)
    buyer.puts_into_cart(ada_bar.digest)
    assert quantities() == []
    assert "Open it in the studio to see what has changed." in cart_page(buyer)
    buyer.puts_into_cart(plain_bar.digest)  # made in zone F
    assert quantities() == [1]


def test_the_cart_warns_of_what_the_bar_may_contain(buyer, ada_bar, plain_bar):
    buyer.puts_into_cart(ada_bar.digest)
    assert "May contain egg, barley, oats, wheat, Brazil nuts" in cart_page(buyer)


def test_a_note_for_staff_changes_nothing_for_customers(buyer, ada_bar):
    IngredientRow.objects.filter(modules__key="almond_whole").update(note="Order from the new supplier.")
    _published(days_ago=0)
    buyer.puts_into_cart(ada_bar.digest)
    assert quantities() == [1]


@pytest.mark.parametrize("bars", [1, 3])
def test_the_cart_page_costs_the_same_queries_for_any_number_of_bars(
    buyer, ada_bar, bars, django_assert_num_queries
):
    for number in range(bars):
        design = ada_bar.named(f"Bar {number}")
        designs.save(design)
        buyer.puts_into_cart(design.digest)
    buyer.client.get("/cart/")
    with django_assert_num_queries(2):
        buyer.client.get("/cart/")


def test_the_first_bar_is_put_into_the_cart_in_five_queries_and_each_further_one_in_seven(
    buyer, new_buyer, ada_bar
):
    new_buyer().puts_into_cart(ada_bar.digest)  # the first of a day begins its count
    assert len(_asked(buyer, ada_bar)) == 5
    assert len(_asked(buyer, ada_bar)) == 7


def _asked(buyer: Buyer, bar: Design) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        buyer.puts_into_cart(bar.digest)
    return [query["sql"] for query in asked if not query["sql"].startswith(BRACKETS)]


def test_the_cart_speaks_german(buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    buyer.spoken = "/de"
    assert "Mandeln" in cart_page(buyer)


# ── Reduced prices ───────────────────────────────────────────────────────────────────────────────


def test_beside_a_reduced_price_the_lowest_of_the_thirty_days_before_stands_to_the_end(buyer, ada_bar, till):
    FamilyVersion.objects.update(published_at=timezone.now() - timedelta(days=100))
    full = designs.review(ada_bar, current_family("bar-100"), "en").quote.total_cents
    today = timezone.localdate()
    PriceList.objects.create(currency="EUR", name="Sale", permille=800, valid_from=today, reduced=True)
    price_lists.forget()
    buyer.puts_into_cart(ada_bar.digest)
    words = f"Lowest price of the 30 days before: €{full // 100}.{full % 100:02}"

    assert words in cart_page(buyer)
    assert words in buyer.client.get("/checkout/").content.decode()


def test_a_price_that_is_not_reduced_speaks_of_no_other(buyer, ada_bar, till):
    buyer.puts_into_cart(ada_bar.digest)
    assert "Lowest price" not in cart_page(buyer)
    assert "Lowest price" not in buyer.client.get("/checkout/").content.decode()
