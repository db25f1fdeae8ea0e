"""Codes count when they may, are explained when they may not, and are never used once too often."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from configurator.catalogue import price_lists
from configurator.catalogue.families import current_family
from configurator.domain.pricing import quote
from configurator.models import PriceList as PriceListRow
from configurator.wording import money
from orders.models import Cart, Order, Payment, Voucher, VoucherUse
from orders.prices import vouchers
from orders.prices.billing import Carriage, Goods, Reduction, ReductionKind, VolumePrice, VoucherTerms, bill
from orders.prices.vouchers import VoucherRefused
from tests.orders.paid import ADA, MONDAY_NOON, design, placed_order
from tests.orders.threads import all_look_first
from tests.orders.till import Buyer

BUYERS, USES = 24, 10
A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def cart(db: None) -> Cart:
    return Cart.objects.create()


def voucher(code: str = "TEN", **fields) -> Voucher:
    made = Voucher(
        **{
            "code": code,
            "kind": "amount",
            "cents": 1000,
            "valid_from": MONDAY_NOON - A_DAY,
            "uses_per_customer": None,
            **fields,
        }
    )
    made.full_clean()
    made.save()
    return made


def ten_percent(code: str = "PERCENT", **fields) -> Voucher:
    return voucher(code, **{"kind": "percent", "cents": None, "permille": 100, **fields})


def enters(cart: Cart, code: str, currency: str = "EUR", at=MONDAY_NOON) -> Voucher:
    return vouchers.enter(cart.key, code, currency=currency, at=at)


def order_of(email: str = ADA.email, name: str = "Ada") -> Order:
    return placed_order((design(name), 1), contact=replace(ADA, email=email))


def uses(order: Order, *codes: Voucher, at=MONDAY_NOON, until=None) -> None:
    with transaction.atomic():
        vouchers.use(order, codes, at=at, until=until)


def refusal(do, *arguments, **more) -> str:
    with pytest.raises(VoucherRefused) as refused:
        do(*arguments, **more)
    return str(refused.value)


# ── Typing a code ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["TEN-2026", "ten-2026", " ten - 2026 ", "Ten-2026\n"])
def test_a_code_is_read_however_it_was_typed(cart, typed):
    made = voucher("TEN-2026")
    assert enters(cart, typed) == made
    assert vouchers.entered(cart, currency="EUR", at=MONDAY_NOON).terms == (
        VoucherTerms("TEN-2026", ReductionKind.AMOUNT, 1000),
    )


@pytest.mark.parametrize("typed", ["NONE", "", "T" * 40, "\x00", "ТЕN", "' OR 1=1"])
def test_what_is_no_code_is_said_to_be_none(cart, typed):
    voucher()
    words = refusal(enters, cart, typed)
    assert words.startswith("We do not know the code “")
    assert words.endswith("Compare it with your card or mail once more.")


def test_the_same_code_twice_counts_once(cart):
    voucher(combinable=True)
    enters(cart, "TEN")
    enters(cart, "ten")
    assert len(vouchers.entered(cart, currency="EUR", at=MONDAY_NOON).vouchers) == 1


def test_a_code_is_taken_out_again(cart):
    voucher()
    enters(cart, "TEN")
    vouchers.leave(cart.key, "ten")
    assert vouchers.entered(cart, currency="EUR", at=MONDAY_NOON).vouchers == ()


def test_a_code_needs_a_cart_and_an_ordered_one_is_closed(catalogue):
    voucher()
    assert refusal(vouchers.enter, "nobody", "TEN", currency="EUR", at=MONDAY_NOON) == (
        "Put a bar into the cart first, then type the code."
    )
    ordered = order_of().cart
    assert "Put a bar into the cart first" in refusal(enters, ordered, "TEN")


# ── Whether it counts ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"valid_until": MONDAY_NOON}, "The code “TEN” has run out."),
        ({"valid_from": MONDAY_NOON + A_DAY}, "The code “TEN” is not valid yet."),
        (
            {"currency": "CHF"},
            "The code “TEN” is for orders in CHF. Choose that currency below.",
        ),
    ],
)
def test_a_code_counts_in_its_time_and_currency(cart, fields, words):
    voucher(**fields)
    assert refusal(enters, cart, "TEN") == words


def test_a_code_counts_from_its_first_moment_to_its_last(cart):
    voucher(valid_from=MONDAY_NOON, valid_until=MONDAY_NOON + A_DAY)
    for moment in (MONDAY_NOON, MONDAY_NOON + A_DAY - timedelta(microseconds=1)):
        assert enters(cart, "TEN", at=moment).code == "TEN"


def test_percent_without_a_least_value_counts_in_every_currency(cart):
    ten_percent()
    assert enters(cart, "PERCENT", currency="GBP").code == "PERCENT"
    ten_percent("FROM", least_goods_cents=3000)
    assert "is for orders in EUR" in refusal(enters, cart, "FROM", currency="GBP")


def test_a_code_that_ended_in_the_cart_is_explained_and_not_dropped(cart):
    voucher(valid_until=MONDAY_NOON + A_DAY)
    enters(cart, "TEN")
    seen = vouchers.entered(cart.key, currency="EUR", at=MONDAY_NOON + A_DAY)
    assert seen.vouchers == ()
    assert seen.refusals == (("TEN", "The code “TEN” has run out."),)


def test_the_codes_of_a_cart_are_one_query(cart, django_assert_num_queries):
    for code in ("ONE", "TWO", "THREE"):
        voucher(code, combinable=True, uses_most=5)
        enters(cart, code)
    with django_assert_num_queries(1):
        assert len(vouchers.entered(cart, currency="EUR", at=MONDAY_NOON).vouchers) == 3


# ── Together with others ─────────────────────────────────────────────────────────────────────────


def test_codes_stand_together_only_when_all_allow_it(cart):
    voucher("ALONE")
    voucher("FRIEND", combinable=True)
    ten_percent("FELLOW", combinable=True)
    enters(cart, "FRIEND")
    enters(cart, "FELLOW")
    assert refusal(enters, cart, "ALONE") == (
        "The code “ALONE” cannot be combined with others. Take the other one out first."
    )
    vouchers.leave(cart.key, "FRIEND")
    vouchers.leave(cart.key, "FELLOW")
    enters(cart, "ALONE")
    assert "The code “ALONE” cannot be combined" in refusal(enters, cart, "FRIEND")


def test_one_order_takes_three_codes(cart):
    for number in range(4):
        voucher(f"CODE{number}", combinable=True)
    for number in range(3):
        enters(cart, f"CODE{number}")
    assert refusal(enters, cart, "CODE3") == "One order takes 3 codes."


def test_a_code_may_stand_back_behind_volume_prices(db):
    twelve = [Goods("ada", 635, 12, 70)]
    modest = vouchers.terms([ten_percent(on_volume_price=False)])
    due = bill(twelve, volume=[VolumePrice(10, 50)], vouchers=modest)
    assert [(part.kind, part.cents) for part in due.reductions] == [("volume", 12 * 32), ("percent", 0)]
    assert bill(twelve, vouchers=modest).reductions == (Reduction(ReductionKind.PERCENT, "PERCENT", 762),)


@pytest.mark.parametrize(
    ("fields", "bars", "words"),
    [
        ({"least_goods_cents": 3000}, 4, "“TEN” counts from €30.00 of goods on: €4.60 more."),
        ({"on_volume_price": False}, 12, "“TEN” does not count together with volume prices."),
        (
            {"kind": "free_shipping", "cents": None},
            4,
            "“TEN” is not needed: the shipping is free already.",
        ),
        ({}, 4, None),
    ],
)
def test_a_code_that_takes_nothing_says_why(db, fields, bars, words):
    held = vouchers.Entered((voucher(**fields),))
    due = bill([Goods("ada", 635, bars, 70)], [Carriage(1, 0)], [VolumePrice(10, 50)], held.terms)
    assert vouchers.idle_words(held, due, "EUR") == ((words,) if words else ())


def test_what_other_codes_have_taken_is_said_too(db):
    held = vouchers.Entered((voucher("ALL", cents=9900), voucher("MORE", cents=100)))
    due = bill([Goods("ada", 635, 1, 70)], vouchers=held.terms)
    assert vouchers.idle_words(held, due, "EUR") == (
        "“MORE” takes nothing off: the other codes have taken all they may.",
        "Vouchers leave €1.00 of the goods to be paid: a card cannot be charged with less.",
    )


# ── Using it ─────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_used_by_an_order_and_counted(catalogue):
    made = voucher(uses_most=2)
    uses(order_of(name="One"), made)
    uses(order_of("bea@example.org", "Two"), made)
    assert refusal(uses, order_of("cleo@example.org", "Three"), made) == (
        "The code “TEN” has been used as often as it can be."
    )
    assert VoucherUse.objects.count() == 2


def test_a_refused_code_leaves_no_trace_of_the_others(catalogue):
    good, used_up = voucher("GOOD", combinable=True), voucher("GONE", combinable=True, uses_most=1)
    uses(order_of(name="One"), used_up)
    with pytest.raises(VoucherRefused):
        uses(order_of("bea@example.org", "Two"), good, used_up)
    assert not good.uses.exists()


def test_a_customer_uses_a_code_as_often_as_it_says_however_the_address_is_written(catalogue):
    made = voucher(uses_per_customer=1)
    uses(order_of("Ada@Example.org", "One"), made)
    assert refusal(uses, order_of(" ada@example.ORG ", "Two"), made) == (
        "You have used the code “TEN” before. Take it out of the cart, then order."
    )
    uses(order_of("bea@example.org", "Three"), made)


def test_a_cancelled_order_gives_its_use_back(catalogue, cart):
    made = voucher(uses_most=1, uses_per_customer=1)
    first = order_of(name="One")
    uses(first, made)
    assert "used as often as it can be" in refusal(enters, cart, "TEN")
    first.mark_cancelled(MONDAY_NOON)
    enters(cart, "TEN")
    assert vouchers.entered(cart, currency="EUR", at=MONDAY_NOON).refusals == ()
    uses(order_of(name="Two"), made)


def test_a_refunded_order_has_used_its_code(catalogue):
    made = voucher(uses_most=1)
    order = order_of(name="One")
    uses(order, made)
    order.mark_paid(MONDAY_NOON)
    order.mark_refunded(MONDAY_NOON)
    assert "used as often" in refusal(uses, order_of("bea@example.org", "Two"), made)


def test_the_address_of_a_customer_is_not_kept_with_the_use(catalogue):
    uses(order_of(), voucher())
    assert ADA.email not in VoucherUse.objects.get().customer


# ── Given back ───────────────────────────────────────────────────────────────────────────────────


def attempt(order: Order, state: str) -> Payment:
    return Payment.objects.create(
        order=order, attempt=1, state=state, amount_cents=order.total_cents, currency="EUR", livemode=False,
        request={}, created_at=MONDAY_NOON, look_at=MONDAY_NOON,
    )  # fmt: skip


def test_an_order_that_nobody_pays_gives_its_code_back(catalogue):
    left, other = order_of(), order_of(name="Other")
    made = voucher(uses_most=1, uses_per_customer=1)
    uses(left, made, until=MONDAY_NOON + AN_HOUR)
    assert "as often as it can be" in refusal(uses, other, made, at=MONDAY_NOON + AN_HOUR - A_MINUTE)

    uses(other, made, at=MONDAY_NOON + AN_HOUR)
    assert "as often as it can be" in refusal(comes_back, left, at=MONDAY_NOON + AN_HOUR)


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [("created", True), ("open", True), ("processing", True), ("expired", False), ("failed", False)],
)
def test_while_it_may_be_paid_still_the_clock_gives_nothing_back(catalogue, state, is_kept):
    left, other = order_of(), order_of(name="Other")
    made = voucher(uses_most=1)
    uses(left, made, until=MONDAY_NOON + AN_HOUR)
    attempt(left, state)

    if is_kept:
        assert "as often as it can be" in refusal(uses, other, made, at=MONDAY_NOON + A_DAY)
    else:
        uses(other, made, at=MONDAY_NOON + A_DAY)


def test_whoever_comes_back_in_time_keeps_the_code_although_it_has_run_out(catalogue):
    order = order_of()
    made = voucher(uses_most=1, uses_per_customer=1, valid_until=MONDAY_NOON + AN_HOUR)
    uses(order, made, until=MONDAY_NOON + AN_HOUR)

    comes_back(order, at=MONDAY_NOON + 2 * AN_HOUR)
    assert VoucherUse.objects.get().until == MONDAY_NOON + 3 * AN_HOUR


def test_a_paid_order_keeps_its_use_for_good(catalogue):
    order, other = order_of(), order_of(name="Other")
    made = voucher(uses_most=1)
    uses(order, made, until=MONDAY_NOON + AN_HOUR)
    order.mark_paid(MONDAY_NOON)
    assert "as often as it can be" in refusal(uses, other, made, at=MONDAY_NOON + 300 * A_DAY)


def test_whose_code_is_another_s_now_is_told_so_instead_of_being_sent_to_pay(buyer, ada_bar, till):
    made = voucher(uses_most=1, valid_from=timezone.now() - A_DAY)
    order, _page = buyer.order_of(ada_bar.digest)
    other = order_of("bea@example.org")
    VoucherUse.objects.create(
        voucher=made, order=order, customer="ada", at=timezone.now() - A_DAY, until=timezone.now() - AN_HOUR
    )
    Payment.objects.update(state="expired")
    uses(other, made, at=timezone.now())

    told = buyer.client.post(f"/orders/{order.token}/payments/", follow=True).content.decode()
    assert "somebody else has used it up since" in told
    assert order.payments.count() == 1


# ── Many at once ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def crowd(transactional_db: None, catalogue: None, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Each wants to use a code that ten may use, and everybody has time to count before anybody writes."""
    orders = [order_of(f"{number}@example.org", f"Bar {number}") for number in range(BUYERS)]
    count = vouchers._used

    def slowly(*args, **by):
        used = count(*args, **by)
        sleep(0.02)
        return used

    monkeypatch.setattr(vouchers, "_used", slowly)
    return orders


def used_at_once(use, orders: list[Order]) -> int:
    gate = Barrier(len(orders))

    def press(order: Order) -> bool:
        gate.wait()
        try:
            use(order)
        except VoucherRefused:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(orders)) as threads:
        return sum(threads.map(press, orders))


def test_twenty_four_use_a_code_for_ten_and_ten_may(crowd):
    made = voucher(uses_most=USES)
    assert used_at_once(lambda order: uses(order, made), crowd) == USES
    assert made.uses.count() == USES


def test_one_customer_in_twenty_four_tabs_uses_a_code_once(crowd):
    Order.objects.update(email=ADA.email)
    for order in crowd:
        order.refresh_from_db()
    made = voucher(uses_per_customer=1)
    assert used_at_once(lambda order: uses(order, made), crowd) == 1


def test_without_the_lock_the_same_crowd_uses_it_too_often(crowd, monkeypatch):
    """The control: what keeps the limit above is the lock in a transaction, not luck."""
    monkeypatch.setattr(vouchers, "_used", all_look_first(vouchers._used, BUYERS))
    made = voucher(uses_most=USES)
    monkeypatch.setattr(vouchers, "locked", lambda wanted: list(Voucher.objects.filter(pk__in=wanted)))
    assert used_at_once(lambda order: vouchers.use(order, [made], at=MONDAY_NOON), crowd) == BUYERS


def comes_back(order: Order, at=MONDAY_NOON) -> None:
    """Ada presses pay again, when her page has run out."""
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order.pk)
        vouchers.use_again(order, at=at, until=at + AN_HOUR)


def test_the_last_use_given_back_goes_to_one_of_two_who_want_it_at_once(crowd):
    first, second, *_others = crowd
    made = voucher(uses_most=1)
    uses(first, made, until=MONDAY_NOON + AN_HOUR)
    later = MONDAY_NOON + 2 * AN_HOUR

    def press(order: Order) -> None:
        comes_back(order, at=later) if order == first else uses(order, made, at=later)

    assert used_at_once(press, [first, second]) == 1
    assert VoucherUse.objects.filter(vouchers.counting(later)).distinct().count() == 1


def test_two_new_orders_at_once_get_the_last_use_that_was_given_back_once(crowd):
    gone, second, third, *_others = crowd
    made = voucher(uses_most=1)
    uses(gone, made, until=MONDAY_NOON + AN_HOUR)
    later = MONDAY_NOON + 2 * AN_HOUR

    assert used_at_once(lambda order: uses(order, made, at=later), [second, third]) == 1


def test_two_codes_used_in_any_order_never_wait_for_each_other(crowd):
    one, two = voucher("ONE", combinable=True), voucher("TWO", combinable=True)
    turns = iter([(one, two), (two, one)] * BUYERS)
    assert used_at_once(lambda order: uses(order, *next(turns)), crowd) == BUYERS


# ── On the page ──────────────────────────────────────────────────────────────────────────────────


def test_a_code_typed_on_the_page_counts_and_leaves(buyer: Buyer, ada_bar):
    voucher()
    buyer.puts_into_cart(ada_bar.digest)
    answer = buyer.client.post("/cart/vouchers/", {"code": "ten"}, follow=True)
    assert "The code “TEN” counts." in answer.content.decode()
    buyer.client.post("/cart/vouchers/removal/", {"code": "TEN"})
    cart = Cart.objects.get()
    assert not cart.vouchers.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write the code that stands on your card or in your mail."),
        ("X" * 41, "A code has 20 signs at most."),
        ("NONE", "We do not know the code “NONE”."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_wrong_code_is_explained_on_the_page(buyer: Buyer, ada_bar, typed, words):
    buyer.puts_into_cart(ada_bar.digest)
    answer = buyer.client.post("/cart/vouchers/", {"code": typed}, follow=True)
    assert words in answer.content.decode().replace("&#x27;", "'")


def test_who_tries_codes_out_is_stopped(buyer: Buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    answers = [buyer.client.post("/cart/vouchers/", {"code": f"TRY{n}"}).status_code for n in range(31)]
    assert answers == [303] * 30 + [429]


def test_the_cart_shows_what_codes_and_numbers_take_off_and_what_more_bars_would(buyer: Buyer, ada_bar):
    ten_percent()
    buyer.puts_into_cart(ada_bar.digest, 9)
    page = buyer.client.post("/cart/vouchers/", {"code": "PERCENT"}, follow=True).content.decode()
    assert "With 1 bar more (10 in all), each costs 5\u00a0% less." in page
    assert "Volume price" not in page
    buyer.puts_into_cart(ada_bar.digest, 1)
    page = buyer.client.get("/cart/").content.decode()
    assert "With 15 bars more (25 in all), each costs 8\u00a0% less." in page
    each = current_family("bar-100")
    cents = quote(ada_bar, each, "en").total_cents
    due = bill(
        [Goods("ada", cents, 10, 0)],
        volume=[VolumePrice(10, 50)],
        vouchers=vouchers.terms(Voucher.objects.all()),
    )
    for reduction in due.reductions:
        assert f"−{money(reduction.cents, 'EUR')}" in page
    assert money(due.goods_cents, "EUR") in page


def test_free_shipping_is_not_doubted_before_the_country_is_known(buyer: Buyer, ada_bar):
    voucher("FREE", kind="free_shipping", cents=None)
    buyer.puts_into_cart(ada_bar.digest)
    page = buyer.client.post("/cart/vouchers/", {"code": "FREE"}, follow=True).content.decode()
    assert "is not needed" not in page


# ── In the office ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "percent", "cents": 1000},
        {"kind": "percent", "cents": None, "permille": 1001},
        {"kind": "amount", "cents": None},
        {"kind": "amount", "cents": 0},
        {"kind": "free_shipping", "cents": 5},
        {"code": "ten"},
        {"code": "T"},
        {"valid_until": MONDAY_NOON - A_DAY},
    ],
)
def test_a_voucher_that_contradicts_itself_cannot_be_made(db, fields):
    with pytest.raises(ValidationError):
        voucher(**fields)


@pytest.fixture
def office(client, db):
    client.force_login(User.objects.create_superuser("bea"))
    return client


def test_staff_make_a_voucher_follow_it_and_stop_it(office, catalogue):
    form = {
        "code": "SUMMER",
        "kind": "percent",
        "permille": "100",
        "currency": "EUR",
        "least_goods_cents": "0",
        "on_volume_price": "on",
        "valid_from_0": "2026-11-01",
        "valid_from_1": "00:00:00",
        "uses-TOTAL_FORMS": "0",
        "uses-INITIAL_FORMS": "0",
    }
    answer = office.post("/admin/orders/voucher/add/", form)
    assert answer.status_code == 302, answer.content.decode()
    made = Voucher.objects.get(code="SUMMER")
    uses(order_of(), made)
    page = office.get("/admin/orders/voucher/").content.decode()
    assert "−10\u00a0%" in page
    assert (
        made.uses.get().order.number
        in office.get(f"/admin/orders/voucher/{made.pk}/change/").content.decode()
    )
    office.post("/admin/orders/voucher/", {"action": "stop", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.valid_until is not None
    assert office.get(f"/admin/orders/voucher/{made.pk}/delete/").status_code == 403


def test_the_list_of_vouchers_asks_as_much_for_three_as_for_one(office, django_assert_max_num_queries):
    voucher("ONE")
    office.get("/admin/orders/voucher/")
    with django_assert_max_num_queries(8) as first:
        office.get("/admin/orders/voucher/")
    voucher("TWO")
    voucher("THREE")
    with django_assert_max_num_queries(len(first)):
        office.get("/admin/orders/voucher/")


# ── Less than a card can be charged with ─────────────────────────────────────────────────────────


@pytest.mark.usefixtures("till")
@pytest.mark.parametrize("code", ["ALL", "GIFT"])
def test_a_code_worth_more_than_the_goods_leaves_what_a_card_takes_and_says_so(buyer, ada_bar, code):
    everything = {"kind": "percent", "cents": None, "permille": 1000}
    voucher(code, valid_from=timezone.now() - A_DAY, **(everything if code == "ALL" else {"cents": 100_000}))
    buyer.puts_into_cart(ada_bar.digest)
    buyer.client.post("/cart/vouchers/", {"code": code})
    words = "Vouchers leave €1.00 of the goods to be paid: a card cannot be charged with less."

    assert words in buyer.client.get("/cart/").content.decode()
    assert words in buyer.client.get("/checkout/").content.decode()
    answer = buyer.orders()
    assert (answer.status_code, answer["Location"].startswith("http://127.0.0.1")) == (303, True)
    assert Order.objects.get().goods_cents == 100


@pytest.mark.usefixtures("till")
def test_who_orders_less_than_a_card_takes_is_told_and_not_sent_to_pay(buyer, ada_bar):
    today = timezone.localdate()
    cheap = PriceListRow.objects.create(currency="EUR", name="Cheap", permille=100, valid_from=today)
    price_lists.forget()
    voucher("POST", kind="free_shipping", cents=None, valid_from=timezone.now() - A_DAY)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.client.post("/cart/vouchers/", {"code": "POST"})

    page = buyer.client.get("/checkout/").content.decode()

    assert cheap.pk
    assert "A card cannot be charged with so little. Put something more into your cart." in page
    assert buyer.orders(expected_total="1").status_code == 422
    assert not Order.objects.exists()
