"""Gift cards are paid for before they are worth anything, pay like money, and their book always sums up."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate
from pypdf import PdfReader

from configurator.designs import save
from configurator.domain.design import Design
from orders import tasks
from orders.buying import cart as carts
from orders.buying import checkout
from orders.buying.checkout import BillChanged
from orders.buying.due import bill
from orders.buying.wishes import Agreement
from orders.gifts import gift_card_codes, gift_card_sales, gift_cards
from orders.gifts.gift_card_sales import Gift
from orders.gifts.gift_cards import CardRefused, CardSpent
from orders.models import (
    GiftCard,
    GiftCardEntry,
    Job,
    Order,
    PendingWork,
    Refund,
)
from orders.models.append_only import RecordIsAppendOnly
from orders.money import drafts, payments, refunds, stripe_gateway
from orders.money.refunds import RefundTooLarge
from orders.money.settlement import close
from orders.prices.billing import LEAST_CENTS
from tests.orders.paid import ADA, MONDAY_NOON, design
from tests.orders.safeguards import without
from tests.orders.threads import in_threads
from tests.orders.till import Buyer, Till

GIFT = Gift(cents=5000, currency="EUR", name="Ada Lovelace", email="ada@example.com")
FORM = {"amount": "5000", "way": "print", "name": "Ada Lovelace", "email": "ada@example.com"}


def card_of(cents: int = 5000, *, at=MONDAY_NOON, **fields: Any) -> GiftCard:
    """Bought and paid, as settlement does it."""
    order = gift_card_sales.order(replace(GIFT, cents=cents, **fields), key=uuid.uuid4(), locale="en", at=at)
    with transaction.atomic():
        order.mark_paid(at)
        order.payments.create(
            attempt=1, state="paid", amount_cents=cents, captured_cents=cents, currency=order.currency,
            livemode=False, request={}, accepted=True, created_at=at, look_at=at,
        )  # fmt: skip
        gift_cards.issue(order, at=at)
    return GiftCard.objects.get(order=order)


def cart_with(*cards: GiftCard, bars: int = 2, name: str = "Ada") -> str:
    key = carts.add("", digest=save(design(name)).digest, quantity=bars, locale="en", at=MONDAY_NOON).key
    for card in cards:
        gift_cards.enter(key, card, currency="EUR", at=MONDAY_NOON)
    return key


def due_of(key: str):
    basket = carts.look(key, locale="en", at=MONDAY_NOON)
    return bill(basket, ADA.recipients, checkout.codes_of(basket, key, at=MONDAY_NOON), at=MONDAY_NOON)


def placed(key: str, *, at=MONDAY_NOON) -> Order:
    due = due_of(key)
    agreed = Agreement(due.total_cents, rest_cents=due.rest_cents)
    return checkout.place(key, wishes=ADA, agreement=agreed, locale="en", at=at)


def balance(card: GiftCard) -> int:
    card.refresh_from_db()
    return card.balance_cents


def movements(card: GiftCard) -> list[tuple[str, int]]:
    return [(entry.kind, entry.cents) for entry in card.entries.order_by("pk")]


def sends(work: PendingWork) -> None:
    """What was settled in a test's future is due now."""
    PendingWork.objects.filter(pk=work.pk).update(try_at=MONDAY_NOON)
    tasks.carry_out(work.pk)


# ── Buying one ───────────────────────────────────────────────────────────────────────────────────


def test_a_card_is_bought_paid_and_only_then_worth_something(buyer: Buyer, till: Till) -> None:
    answer = buyer.client.post("/gift-cards/", {**FORM, "key": uuid.uuid4()})
    assert answer.status_code == 303
    order = Order.objects.get()
    card = order.gift_card
    assert (order.total_cents, order.vat, order.sells_gift_card) == (5000, [], True)
    assert (card.balance_cents, card.issued_at) == (0, None)
    assert gift_cards.find(gift_card_codes.code_of(card)) is None
    till.pay(answer["Location"])
    payments.reconcile(timezone.now() + timedelta(minutes=5))
    order.refresh_from_db()
    card.refresh_from_db()
    assert order.is_paid
    assert balance(card) == 5000
    assert card.expires_on == date(localdate().year + 3, 12, 31)
    assert gift_cards.find(gift_card_codes.code_of(card)) == card
    assert Job.objects.count() == 0
    kinds = PendingWork.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["confirmation", "gift_card"]


def test_the_button_pressed_twice_is_one_card(buyer: Buyer, till: Till) -> None:
    form = {**FORM, "key": uuid.uuid4()}
    first, second = (buyer.client.post("/gift-cards/", form) for _press in range(2))
    assert first["Location"] == second["Location"]
    assert GiftCard.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": ""}, "Choose an amount."),
        ({"amount": "other"}, "Write an amount from €10.00 to €250.00."),
        ({"amount": "other", "other_amount": "9.99"}, "Write an amount from €10.00 to €250.00."),
        ({"amount": "other", "other_amount": "250.01"}, "Write an amount from €10.00 to €250.00."),
        ({"amount": "other", "other_amount": "many"}, "Write an amount such as 35 or 35.50."),
        ({"way": "mail"}, "Write where we mail the card to."),
        ({"way": "mail", "recipient_email": "grace"}, "This is no e-mail address."),
        (
            {"way": "mail", "recipient_email": "g@example.com", "send_on": "2020-01-01"},
            "Choose a day from today",
        ),
        ({"name": ""}, "Write the name."),
        ({"email": ""}, "Write your e-mail address"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client: Client, db: None, changes, words) -> None:
    answer = client.post(
        "/gift-cards/", {**FORM, "message": "Happy birthday", "key": uuid.uuid4(), **changes}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Happy birthday" in page
    assert not GiftCard.objects.exists()


def test_an_amount_of_ones_own_is_taken_to_the_cent(buyer: Buyer, till: Till) -> None:
    buyer.client.post(
        "/gift-cards/", {**FORM, "amount": "other", "other_amount": "33.5", "key": uuid.uuid4()}
    )
    assert GiftCard.objects.get().cents == 3350


def test_an_order_given_up_leaves_a_card_that_is_worth_nothing(buyer: Buyer, till: Till) -> None:
    buyer.client.post("/gift-cards/", {**FORM, "key": uuid.uuid4()})
    order = Order.objects.get()
    answer = buyer.client.post(f"/orders/{order.token}/cancellation/")
    assert answer["Location"] == "/gift-cards/"
    assert movements(order.gift_card) == []


# ── The code ─────────────────────────────────────────────────────────────────────────────────────


def test_the_code_is_kept_nowhere(db: None) -> None:
    card = card_of()
    signs = gift_card_codes.code_of(card).replace("-", "")
    row = GiftCard.objects.filter(pk=card.pk).values().get()
    assert len(signs) == 16
    assert not [value for value in row.values() if signs in str(value).replace("-", "").upper()]


def test_codes_differ_and_follow_the_secret_key(db: None, settings: Any) -> None:
    one, other = card_of(), card_of()
    code = gift_card_codes.code_of(one)
    assert code != gift_card_codes.code_of(other)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key of the shop"
    assert gift_card_codes.code_of(one) == code
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(gift_card_codes.CodeLost):
        gift_card_codes.code_of(one)
    assert gift_cards.find(code) == one


@pytest.mark.parametrize("typed", ["", "x", "0" * 16, "A" * 200, "\x00" * 16, "’; DROP"])
def test_what_is_no_code_finds_nothing(db: None, typed: str) -> None:
    card_of()
    assert gift_cards.find(typed) is None


def test_a_code_is_read_however_it_was_typed(db: None) -> None:
    card = card_of()
    code = gift_card_codes.code_of(card)
    for typed in (code, code.lower(), code.replace("-", ""), f"  {code.replace('-', ' ')} "):
        assert gift_cards.find(typed) == card


# ── In the cart ──────────────────────────────────────────────────────────────────────────────────


def test_the_box_for_vouchers_takes_a_gift_card(buyer: Buyer, ada_bar: Design) -> None:
    card = card_of(at=timezone.now())
    buyer.puts_into_cart(ada_bar.digest)
    buyer.client.post("/cart/vouchers/", {"code": gift_card_codes.code_of(card)})
    page = buyer.client.get("/cart/").content.decode()
    assert "A gift card with €50.00 pays at the checkout." in page
    assert gift_card_codes.code_of(card) not in page
    buyer.client.post("/cart/vouchers/removal/", {"code": card.number})
    assert "A gift card with" not in buyer.client.get("/cart/").content.decode()


def test_a_card_that_cannot_pay_says_why(catalogue: None) -> None:
    key = cart_with()

    def refusal(card: GiftCard, currency: str = "EUR", at=MONDAY_NOON) -> str:
        card.refresh_from_db()
        with pytest.raises(CardRefused) as refused:
            gift_cards.enter(key, card, currency=currency, at=at)
        return str(refused.value).replace(card.number, "G")

    card = card_of()
    assert refusal(card, "CHF") == "The gift card G pays orders in EUR. Choose that currency below."
    after = MONDAY_NOON.replace(year=2030)
    assert refusal(card, at=after) == "The gift card G has run out."
    gift_cards.enter(key, card, currency="EUR", at=MONDAY_NOON.replace(year=2029, month=12, day=31))
    gift_cards.block(card, why="lost", at=MONDAY_NOON)
    assert refusal(card) == "The gift card G is blocked. Please write to us."
    gift_cards.unblock(card)
    spent = card_of(1000)
    placed(cart_with(spent))
    assert refusal(spent) == "Nothing is left on the gift card G."


def test_a_cart_without_cards_asks_nothing_more(buyer: Buyer, ada_bar: Design) -> None:
    buyer.puts_into_cart(ada_bar.digest)
    buyer.client.get("/cart/")
    with connection.execute_wrapper(_no_question_about_cards):
        buyer.client.get("/cart/")
        buyer.client.get("/checkout/")


def _no_question_about_cards(execute, sql: str, params, many, context):
    assert 'FROM "orders_giftcard"' not in sql
    assert not sql.startswith('SELECT "orders_cartgiftcard"')
    return execute(sql, params, many, context)


# ── What it pays ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("balances", "total", "taken"),
    [
        ([5000], 1760, [1760]),
        ([1000], 1760, [1000]),
        ([1000, 5000], 1760, [1000, 760]),
        ([1700], 1760, [1660]),  # sixty cents could not be charged
        ([1760], 1760, [1760]),
        ([50], 120, [20]),
        ([], 1760, []),
    ],
)
def test_what_is_left_is_nothing_or_enough_to_be_charged(balances, total, taken) -> None:
    cards = [GiftCard(balance_cents=cents) for cents in balances]
    assert [share.cents for share in gift_cards.shares(cards, total)] == taken
    left = total - sum(taken)
    assert left == 0 or left >= LEAST_CENTS


def test_a_card_pays_and_is_no_reduction(catalogue: None) -> None:
    plain, with_card = due_of(cart_with(name="Plain")), due_of(cart_with(card_of(1000), name="Plain"))
    assert with_card.taxes == plain.taxes
    assert with_card.total_cents == plain.total_cents
    assert (with_card.gift_card_cents, with_card.rest_cents) == (1000, plain.total_cents - 1000)


def bought(buyer: Buyer, till: Till, cents: int = 5000, **fields: str) -> GiftCard:
    """In the shop, and paid at the till."""
    form = {
        **FORM,
        "amount": "other",
        "other_amount": f"{cents / 100:.2f}",
        "key": str(uuid.uuid4()),
        **fields,
    }
    answer = buyer.client.post("/gift-cards/", form)
    till.pay(answer["Location"])
    payments.reconcile(timezone.now() + timedelta(minutes=5))
    return GiftCard.objects.latest("pk")


def ordered_with(buyer: Buyer, ada_bar: Design, *cards: GiftCard, bars: int = 3) -> tuple[Order, str]:
    buyer.puts_into_cart(ada_bar.digest, bars)
    for card in cards:
        buyer.client.post("/cart/vouchers/", {"code": gift_card_codes.code_of(card)})
    answer = buyer.orders()
    assert answer.status_code == 303, answer.content.decode()
    return Order.objects.filter(sells_gift_card=False).latest("pk"), answer["Location"]


def paid_with(buyer: Buyer, till: Till, ada_bar: Design, *cards: GiftCard, bars: int = 3) -> Order:
    order, page = ordered_with(buyer, ada_bar, *cards, bars=bars)
    if order.due_cents:
        till.pay(page)
        payments.reconcile(timezone.now() + timedelta(minutes=5))
    order.refresh_from_db()
    assert order.is_paid
    return order


def test_stripe_is_asked_for_the_rest(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    card = bought(buyer, till, 1000)
    order, page = ordered_with(buyer, ada_bar, card)
    sums = {session["amount_total"] for session in till.sessions()}
    assert sums == {1000, order.total_cents - 1000}
    assert balance(card) == 0
    till.pay(page)
    payments.reconcile(timezone.now() + timedelta(minutes=5))
    order.refresh_from_db()
    assert order.is_paid
    assert movements(card) == [("issued", 1000), ("redeemed", -1000)]
    assert "−€10.00" in buyer.client.get(f"/orders/{order.token}/").content.decode()
    sends(PendingWork.objects.get(order=order, kind="confirmation"))
    assert "Gift card: −€10.00" in mail.outbox[0].body


def test_what_a_card_pays_wholly_needs_no_page_at_stripe(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    card = bought(buyer, till)
    order, page = ordered_with(buyer, ada_bar, card, bars=2)
    order.refresh_from_db()
    assert page == f"/orders/{order.token}/"
    assert (order.is_paid, order.due_cents) == (True, 0)
    assert len(till.sessions()) == 1  # the card's own
    assert Job.objects.filter(order_line__order=order).count() == 2
    assert balance(card) == 5000 - order.total_cents
    assert order.vat[0]["gross_cents"] == order.total_cents


def test_a_cart_whose_card_was_spent_elsewhere_is_shown_anew(
    buyer: Buyer, new_buyer: Callable[[], Buyer], ada_bar: Design, till: Till
) -> None:
    card = bought(buyer, till, 2000)
    late = new_buyer()
    late.puts_into_cart(ada_bar.digest, 3)
    late.client.post("/cart/vouchers/", {"code": gift_card_codes.code_of(card)})
    page = late.client.get("/checkout/").content.decode()
    rest = page.partition('name="expected_rest" value="')[2].partition('"')[0]
    paid_with(buyer, till, ada_bar, card)
    answer = late.orders(expected_rest=rest)
    assert answer.status_code == 409
    assert "Something has changed since you saw this page." in answer.content.decode()
    assert Order.objects.filter(sells_gift_card=False).count() == 1


def test_a_cancelled_order_gives_the_card_its_money_back(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    card = bought(buyer, till, 1000)
    order, _page = ordered_with(buyer, ada_bar, card)
    assert balance(card) == 0
    for _press in range(2):
        buyer.client.post(f"/orders/{order.token}/cancellation/")
    assert movements(card) == [("issued", 1000), ("redeemed", -1000), ("released", 1000)]


def test_an_order_that_nobody_pays_does_not_keep_the_card(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    card = bought(buyer, till, 1000)
    order, _page = ordered_with(buyer, ada_bar, card)
    drafts.sweep(timezone.now() + timedelta(hours=3))
    order.refresh_from_db()
    assert order.awaits_payment  # its page at Stripe may still be open
    payments.reconcile(timezone.now() + timedelta(hours=3))
    stripe_gateway.expire_session(order.payments.get().session_id or "")
    payments.reconcile(timezone.now() + timedelta(hours=4))
    drafts.sweep(timezone.now() + timedelta(hours=4))
    order.refresh_from_db()
    assert order.payment_state == "cancelled"
    assert balance(card) == 1000


def test_a_page_that_was_left_and_paid_late_goes_back_to_the_bank_alone(
    buyer: Buyer, ada_bar: Design, till: Till
) -> None:
    """The order was given up, so the card has its money; what Stripe took goes back by Stripe."""
    card = bought(buyer, till, 1000)
    order, _page = ordered_with(buyer, ada_bar, card)
    settled = order.payments.get()
    with transaction.atomic():
        close(Order.objects.select_for_update().get(pk=order.pk), at=timezone.now())
    till.pay(settled.url)
    payments.reconcile(timezone.now() + timedelta(minutes=10))
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.gift_card_cents) == (order.due_cents, 0)
    assert balance(card) == 1000


# ── Exactly once ─────────────────────────────────────────────────────────────────────────────────


def no_look_at_what_is_left(patch: pytest.MonkeyPatch) -> None:
    """As if it were enough to have read the balance before."""

    def take(card: GiftCard, cents: int, *, also_blocked: bool = False) -> bool:
        GiftCard.objects.filter(pk=card.pk).update(balance_cents=card.balance_cents - cents)
        return True

    patch.setattr(gift_cards, "_take", take)


@without(no_look_at_what_is_left)
def test_six_who_saw_the_last_cents_at_once_spend_them_once(transactional_db: None, catalogue: None) -> None:
    orders = [placed(cart_with(name=f"Bar {number}")) for number in range(6)]
    card = card_of(1000)

    def press(number: int) -> bool:
        try:
            with transaction.atomic():
                gift_cards.redeem(orders[number], gift_cards.shares([card], 1100), at=MONDAY_NOON)
                Order.objects.filter(pk=orders[number].pk).update(gift_card_cents=1000)
        except CardSpent:
            return False
        return True

    assert sum(in_threads(len(orders), press)) == 1
    assert movements(card) == [("issued", 1000), ("redeemed", -1000)]
    assert balance(card) == 0


def test_of_six_carts_ordered_at_once_one_is_paid_by_the_card(
    transactional_db: None, catalogue: None
) -> None:
    card = card_of(1000)
    keys = [cart_with(card, name=f"Bar {number}") for number in range(6)]
    due = due_of(keys[0])
    agreed = Agreement(due.total_cents, rest_cents=due.rest_cents)

    def press(number: int) -> int:
        try:
            order = checkout.place(keys[number], wishes=ADA, agreement=agreed, locale="en", at=MONDAY_NOON)
        except (CardSpent, BillChanged):
            return 0
        return order.gift_card_cents

    assert sorted(in_threads(len(keys), press)) == [0, 0, 0, 0, 0, 1000]
    assert Order.objects.filter(sells_gift_card=False).count() == 1
    assert movements(card) == [("issued", 1000), ("redeemed", -1000)]


# ── Giving back ──────────────────────────────────────────────────────────────────────────────────


def gives_back(order: Order, cents: int, **fields: Any) -> Refund:
    taken = order.payments.get(accepted=True)
    return refunds.request(
        taken,
        amount_cents=cents,
        reason=Refund.Reason.GOODWILL,
        key=str(uuid.uuid4()),
        at=timezone.now(),
        **fields,
    )


def test_a_refund_goes_to_the_card_first_and_then_to_the_bank(
    buyer: Buyer, ada_bar: Design, till: Till
) -> None:
    card = bought(buyer, till, 1000)
    order = paid_with(buyer, till, ada_bar, card)
    taken = order.payments.get(accepted=True)
    assert refunds.left(taken) == order.total_cents
    first = gives_back(order, 600)
    assert (first.amount_cents, first.gift_card_cents, first.state) == (0, 600, "succeeded")
    assert balance(card) == 600
    second = gives_back(order, 900)
    assert (second.amount_cents, second.gift_card_cents, second.state) == (500, 400, "requested")
    refunds.reconcile(timezone.now())
    assert balance(card) == 1000
    assert refunds.left(taken) == order.total_cents - 1500
    with pytest.raises(RefundTooLarge):
        gives_back(order, order.total_cents - 1499)
    gives_back(order, order.total_cents - 1500)
    refunds.reconcile(timezone.now())
    order.refresh_from_db()
    assert order.payment_state == "refunded"
    page = buyer.client.get(f"/orders/{order.token}/").content.decode()
    assert "(€4.00 to the gift card)" in page
    letter = PendingWork.objects.get(kind="refund", refund=second)
    tasks.carry_out(letter.pk)
    words = mail.outbox[-1].body
    assert "€4.00 is back on the gift card you paid with. €5.00 goes back the way you paid." in words


def test_what_only_a_card_paid_is_given_back_without_stripe(
    buyer: Buyer, ada_bar: Design, till: Till
) -> None:
    card = bought(buyer, till)
    order = paid_with(buyer, till, ada_bar, card, bars=1)
    refund = gives_back(order, order.total_cents)
    order.refresh_from_db()
    assert (refund.state, order.payment_state) == ("succeeded", "refunded")
    assert till.refunds() == []
    assert balance(card) == 5000


def test_the_same_refund_twice_counts_once(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    card = bought(buyer, till)
    order = paid_with(buyer, till, ada_bar, card, bars=1)
    taken = order.payments.get(accepted=True)
    for _press in range(2):
        refunds.request(taken, amount_cents=100, reason="goodwill", key="once", at=timezone.now())
    assert movements(card)[-1] == ("given_back", 100)
    assert Refund.objects.count() == 1


def test_money_that_comes_back_to_an_old_card_may_still_be_spent(catalogue: None) -> None:
    card = card_of(1000)
    order = placed(cart_with(card))
    GiftCard.objects.filter(pk=card.pk).update(expires_on=date(2026, 11, 1))
    with transaction.atomic():
        gift_cards.release(order, at=MONDAY_NOON)
        order.mark_cancelled(MONDAY_NOON)
    card.refresh_from_db()
    assert (card.balance_cents, card.expires_on) == (1000, date(2027, 11, 16))


def test_a_card_is_given_back_as_long_as_its_money_is_there(
    buyer: Buyer, ada_bar: Design, till: Till
) -> None:
    card = bought(buyer, till, 2000)
    order = card.order
    paid_with(buyer, till, ada_bar, card, bars=1)
    spent = 2000 - balance(card)
    with pytest.raises(RefundTooLarge):
        gives_back(order, 2000)
    assert refunds.left(order.payments.get()) == 2000 - spent
    gives_back(order, 2000 - spent)
    refunds.reconcile(timezone.now())
    assert balance(card) == 0
    assert movements(card)[-1] == ("taken_back", spent - 2000)


def test_a_card_whose_money_went_back_at_stripe_is_worth_nothing(
    buyer: Buyer, till: Till, ada_bar: Design
) -> None:
    card = bought(buyer, till, 2000)
    till.refund(card.order.payments.get(), 2000)
    payments.settle(card.order.payments.get(), at=timezone.now())
    assert balance(card) == 0
    other = bought(buyer, till, 2000)
    paid_with(buyer, till, ada_bar, other, bars=1)
    till.refund(other.order.payments.get(), 2000)
    payments.settle(other.order.payments.get(), at=timezone.now())
    other.refresh_from_db()
    assert other.blocked_at is not None


# ── The ledger ───────────────────────────────────────────────────────────────────────────────────


def test_the_ledger_is_only_added_to(db: None) -> None:
    entry = card_of().entries.get()
    entry.cents = 1
    for change in (entry.save, entry.delete, GiftCardEntry.objects.all().delete):
        with pytest.raises(RecordIsAppendOnly):
            change()
    with pytest.raises(RecordIsAppendOnly):
        GiftCardEntry.objects.update(cents=1)


@pytest.mark.parametrize("cents", [-1, 5001])
def test_the_database_keeps_a_balance_between_nothing_and_what_was_paid(db: None, cents: int) -> None:
    card = card_of(5000)
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftCard.objects.filter(pk=card.pk).update(balance_cents=F("balance_cents") - 5000 + cents)


# ── By mail and on paper ─────────────────────────────────────────────────────────────────────────


def test_the_card_comes_by_mail_to_be_printed(db: None) -> None:
    card = card_of(recipient="Grace", sender="Ada", message="To many bars")
    work = PendingWork.objects.get(gift_card=card)
    tasks.carry_out(work.pk)
    [letter] = mail.outbox
    code = gift_card_codes.code_of(card)
    assert letter.to == ["ada@example.com"]
    assert code in letter.body
    [(name, paper, kind)] = letter.attachments
    assert (name, kind) == (f"{card.number}.pdf", "application/pdf")
    words = PdfReader(BytesIO(paper)).pages[0].extract_text()
    for said in ("€50.00", "Grace", "Ada", "To many bars", code, "31 December 2029"):
        assert said in " ".join(words.split())


def test_the_card_is_mailed_to_somebody_on_the_morning_wished_for(db: None) -> None:
    day = date(2026, 12, 24)
    card = card_of(sender="Ada\nBcc: x@example.com", recipient_email="grace@example.com", send_on=day)
    work = PendingWork.objects.get(gift_card=card)
    assert (work.try_at.astimezone().date(), work.to_email) == (day, "grace@example.com")
    PendingWork.objects.filter(pk=work.pk).update(try_at=MONDAY_NOON)
    tasks.carry_out(work.pk)
    [letter] = mail.outbox
    assert letter.to == ["grace@example.com"]
    assert "\n" not in letter.subject


def test_a_blocked_card_is_not_sent_and_one_given_back_never(db: None) -> None:
    blocked, back = card_of(), card_of()
    gift_cards.block(blocked, why="stolen", at=MONDAY_NOON)
    back.order.mark_refunded(MONDAY_NOON)
    for card in (blocked, back):
        tasks.carry_out(PendingWork.objects.get(gift_card=card).pk)
    assert mail.outbox == []
    assert "CardBlocked" in PendingWork.objects.get().last_error


def test_only_the_browser_that_bought_it_gets_the_paper(buyer: Buyer, till: Till) -> None:
    card = bought(buyer, till)
    address = f"/orders/{card.order.token}/gift-card/"
    assert buyer.client.get(address)["Content-Type"] == "application/pdf"
    assert Client().get(address).status_code == 404
    code = gift_card_codes.code_of(card)
    for reader in (buyer.client, Client()):
        assert code not in reader.get(f"/orders/{card.order.token}/").content.decode()


# ── What is left ─────────────────────────────────────────────────────────────────────────────────


def test_whoever_has_the_code_sees_what_is_left(client: Client, catalogue: None) -> None:
    card = card_of(2000)
    placed(cart_with(card, bars=1))
    page = client.post("/gift-cards/balance/", {"code": gift_card_codes.code_of(card)}).content.decode()
    assert f"€{balance(card) / 100:.2f}" in page
    assert "paid an order with it" in page
    assert "ada@example.com" not in page


def test_codes_are_not_tried_out(client: Client, db: None) -> None:
    answers = [client.post("/gift-cards/balance/", {"code": "2" * 16}).status_code for _try in range(31)]
    assert answers == [422] * 30 + [429]
    assert client.post("/cart/vouchers/", {"code": "X"}).status_code == 429


# ── In the office ────────────────────────────────────────────────────────────────────────────────


def staff(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("sam", password="a-password-of-the-office", is_staff=True)
    for codename in permissions:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    return client


def test_staff_find_a_card_by_the_code_a_customer_reads_to_them(client: Client, db: None) -> None:
    card, other = card_of(), card_of()
    office = staff(client, "view_giftcard")
    code = gift_card_codes.code_of(card)
    found = office.get("/admin/orders/giftcard/", {"q": code}).content.decode()
    assert card.number in found
    assert other.number not in found
    page = office.get(f"/admin/orders/giftcard/{card.pk}/change/").content.decode()
    assert "50.00 EUR" in page
    assert code not in page


def test_staff_do_not_see_the_code_in_the_outbox(client: Client, db: None) -> None:
    card = card_of()
    work = PendingWork.objects.get(gift_card=card)
    page = staff(client, "view_letter", "change_letter").get(f"/admin/orders/letter/{work.pk}/change/")
    assert page.status_code == 200
    assert gift_card_codes.code_of(card) not in page.content.decode()


def test_blocking_takes_the_right_and_a_reason(client: Client, db: None) -> None:
    card = card_of()
    address = f"/admin/orders/giftcard/{card.pk}/block/"
    office = staff(client, "view_giftcard")
    assert office.post(address, {"why": "lost"}).status_code == 403
    User.objects.get().user_permissions.add(Permission.objects.get(codename="change_giftcard"))
    assert office.post(address, {"why": ""}).status_code == 422
    assert office.post(address, {"why": "lost"}).status_code == 302
    card.refresh_from_db()
    assert (card.blocked_why, card.blocked_by) == ("lost", User.objects.get(username="sam"))
    office.post(address, {"unblock": "1"})
    card.refresh_from_db()
    assert card.blocked_at is None


def test_the_list_of_cards_asks_as_often_for_three_as_for_one(client: Client, db: None) -> None:
    office = staff(client, "view_giftcard")
    counts = []
    for more in (1, 2):
        for _one in range(more):
            card_of()
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/admin/orders/giftcard/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
