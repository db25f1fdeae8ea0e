"""One cart for one account: the same on every device; what a guest has put into another joins it, and nothing is lost."""

from __future__ import annotations

from threading import local

import pytest
from django.contrib.auth.models import User
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from configurator.designs import save_all
from configurator.domain.design import Design
from orders.buying import account_carts
from orders.buying.cart import LINES_MAX
from orders.gifts import gift_cards
from orders.models import Cart, CartGiftCard, CartLine, CartVoucher, Order, Voucher
from tests.orders.paid import design, placed_order
from tests.orders.safeguards import without
from tests.orders.test_account_orders import EVE, signed_in
from tests.orders.test_gift_cards import card_of
from tests.orders.threads import all_look_first, in_threads
from tests.orders.till import Buyer, Till
from tests.shop.people import account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DOORS = 4
HERE = "What was in your cart here and what was in your account&#x27;s are in one cart now."


def held(user: User) -> list[tuple[str, int]]:
    """Bars of the open cart, as its page shows them."""
    lines = CartLine.objects.filter(cart__key=account_carts.key_of(user)).order_by("pk")
    return [(line.design.name, line.quantity) for line in lines.select_related("design")]


def badge(client: Client) -> tuple[int, int]:
    """On the cart's page, and as every other page has it from the browser."""
    return client.get("/cart/").context["cart_count"], client.get("/legal/").context["cart_count"]


def test_a_guests_cart_is_there_after_the_sign_in_and_on_the_next_device(
    buyer: Buyer, ada_bar: Design
) -> None:
    user = account()
    buyer.puts_into_cart(ada_bar.digest, 2)
    guest_key = Cart.objects.get().key
    buyer.client.post("/checkout/typed/", {"street": "Kirchgasse 7"})
    signed_in(user, buyer.client)
    assert held(user) == [("Ada", 2)]
    phone = signed_in(user)
    for client in (buyer.client, phone):
        assert badge(client) == (2, 2)
        assert 'value="Kirchgasse 7"' in client.get("/checkout/").content.decode()
    # The key that the browser knew opens nothing any more, whoever may have it.
    assert not Cart.objects.filter(key=guest_key).exists()
    phone.post("/cart/lines/", {"design": ada_bar.digest, "quantity": "1"})
    assert held(user) == [("Ada", 3)]
    assert badge(buyer.client) == (3, 3)


def test_two_carts_become_one_and_the_page_says_so(buyer: Buyer, ada_bar: Design, plain_bar: Design) -> None:
    user = account()
    phone = Buyer(signed_in(user))
    phone.puts_into_cart(ada_bar.digest, 2)
    buyer.puts_into_cart(ada_bar.digest, 3)
    buyer.puts_into_cart(plain_bar.digest, 1)
    buyer.client.post("/cart/box/", {"size": "3", f"bar-{ada_bar.digest}": "3"})
    signed_in(user, buyer.client)
    assert HERE in buyer.client.get("/cart/").content.decode()
    assert held(user) == [("Ada", 5), ("Plain", 1), ("Ada", 3)]
    assert badge(phone.client) == (9, 9)
    assert Cart.objects.count() == 1


def test_whoever_signs_out_leaves_no_cart_and_no_badge_behind(buyer: Buyer, ada_bar: Design) -> None:
    user = account()
    signed_in(user, buyer.client)
    buyer.puts_into_cart(ada_bar.digest, 2)
    buyer.client.post("/account/sign-out/")
    assert badge(buyer.client) == (0, 0)
    buyer.puts_into_cart(ada_bar.digest, 1)
    assert badge(buyer.client) == (1, 1)
    assert held(user) == [("Ada", 2)]
    # Somebody else at the same machine takes nothing of it along but what they chose themselves.
    eve = account(EVE)
    signed_in(eve, buyer.client)
    assert (held(eve), held(user)) == ([("Ada", 1)], [("Ada", 2)])


def test_what_an_account_ordered_is_out_of_its_cart_on_every_device(ada_bar: Design, till: Till) -> None:
    user = account()
    phone, desk = Buyer(signed_in(user)), Buyer(signed_in(user))
    phone.puts_into_cart(ada_bar.digest, 1)
    desk.orders()
    assert Order.objects.get().account == user
    assert badge(phone.client) == (0, 0)
    phone.puts_into_cart(ada_bar.digest, 4)
    assert badge(desk.client) == (4, 4)


def test_nothing_is_lost_where_the_cart_is_full(buyer: Buyer, ada_bar: Design, plain_bar: Design) -> None:
    user = account()
    full = Cart.objects.create(account=user)
    named = [ada_bar.named(f"Bar {number}") for number in range(LINES_MAX - 1)]
    save_all(named)
    CartLine.objects.bulk_create(
        CartLine(cart=full, design_id=each.digest, quantity=99 if each is named[0] else 1) for each in named
    )
    buyer.puts_into_cart(named[0].digest, 5)
    buyer.puts_into_cart(ada_bar.digest, 1)
    buyer.puts_into_cart(plain_bar.digest, 2)
    signed_in(user, buyer.client)
    page = buyer.client.get("/account/").content.decode()
    assert (
        "7 bars found no room in it. They wait, and come into your cart when you have ordered this one."
        in page
    )
    assert len(held(user)) == LINES_MAX
    assert held(user)[0] == ("Bar 0", 99)
    assert held(user)[-1] == ("Ada", 1)
    full.lines.all().delete()
    close(full)
    assert held(user) == [("Bar 0", 5), ("Plain", 2)]


def test_codes_come_along_and_each_stands_once(buyer: Buyer, ada_bar: Design) -> None:
    user = account()
    own = Cart.objects.create(account=user)
    one, two = (
        Voucher.objects.create(code=code, kind="percent", permille=100, valid_from=timezone.now())
        for code in ("ONE", "TWO")
    )
    buyer.puts_into_cart(ada_bar.digest, 1)
    guest = Cart.objects.get(account=None)
    CartVoucher.objects.create(cart=own, voucher=one)
    for voucher in (one, two):
        CartVoucher.objects.create(cart=guest, voucher=voucher)
    signed_in(user, buyer.client)
    assert list(CartVoucher.objects.values_list("cart", "voucher__code")) == [
        (own.pk, "ONE"),
        (own.pk, "TWO"),
    ]


def test_gift_cards_beyond_what_an_order_takes_wait_with_the_next_cart(buyer: Buyer, ada_bar: Design) -> None:
    user = account()
    own = Cart.objects.create(account=user)
    CartLine.objects.create(cart=own, design_id=ada_bar.digest, quantity=1)
    cards = [card_of() for _number in range(gift_cards.CARDS_MAX + 1)]
    for card in cards[:-2]:
        CartGiftCard.objects.create(cart=own, card=card)
    buyer.puts_into_cart(ada_bar.digest, 1)
    guest = Cart.objects.get(account=None)
    for card in cards[-3:]:
        CartGiftCard.objects.create(cart=guest, card=card)
    signed_in(user, buyer.client)
    assert list(own.gift_cards.values_list("card", flat=True)) == [card.pk for card in cards[:-1]]
    [waits] = CartGiftCard.objects.exclude(cart=own)
    assert (waits.card, waits.cart.account) == (cards[-1], user)


def no_turns(patch: pytest.MonkeyPatch) -> None:
    """Nobody waits for anybody, and all look before one goes on."""
    patch.setattr(account_carts, "take_turns", lambda user: None)
    look, before = all_look_first(account_carts.key_of, DOORS), local()

    def second_look(user: User) -> str:
        is_first, before.looked = not hasattr(before, "looked"), True
        return "" if is_first else look(user)

    patch.setattr(account_carts, "key_of", second_look)


def no_locks(patch: pytest.MonkeyPatch) -> None:
    def unlocked(guest_key: str, user: User) -> list[Cart]:
        return list(Cart.objects.filter(Q(account=user) | Q(key=guest_key), order=None).order_by("pk"))

    patch.setattr(account_carts, "take_turns", lambda user: None)
    patch.setattr(account_carts, "_open_carts", all_look_first(unlocked, DOORS))


@pytest.mark.django_db(transaction=True)
def test_the_same_cart_joined_at_several_doors_at_once_counts_once(
    buyer: Buyer, ada_bar: Design, plain_bar: Design
) -> None:
    join_at_several_doors(buyer, ada_bar, plain_bar)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@without(no_locks)
def test_a_cart_is_joined_once_because_of_its_lock(buyer: Buyer, ada_bar: Design, plain_bar: Design) -> None:
    join_at_several_doors(buyer, ada_bar, plain_bar)


def join_at_several_doors(buyer: Buyer, ada_bar: Design, plain_bar: Design) -> None:
    user = account()
    Buyer(signed_in(user)).puts_into_cart(ada_bar.digest, 2)
    buyer.puts_into_cart(ada_bar.digest, 3)
    buyer.puts_into_cart(plain_bar.digest, 1)
    key = Cart.objects.get(account=None).key
    joined = in_threads(DOORS, lambda _number: account_carts.join(key, user))
    assert held(user) == [("Ada", 5), ("Plain", 1)]
    assert [each.count for each in joined] == [6, 6, 6, 6]
    assert sorted(each.of_two for each in joined) == [False, False, False, True]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@without(no_turns)
def test_two_tabs_of_a_new_account_fill_one_cart() -> None:
    user = account()
    assert len(set(in_threads(DOORS, lambda _number: account_carts.key_to_fill(user)))) == 1
    assert Cart.objects.count() == 1


def test_staff_find_their_cart_when_they_go_to_the_office(buyer: Buyer, ada_bar: Design) -> None:
    olga = User.objects.create_superuser("olga", password="an-office-password")
    buyer.puts_into_cart(ada_bar.digest, 1)
    buyer.client.post("/admin/login/?next=/admin/", {"username": "olga", "password": "an-office-password"})
    assert held(olga) == [("Ada", 1)]


def close(cart: Cart) -> None:
    """As an order does."""
    order = placed_order((design(), 1))
    Order.objects.filter(pk=order.pk).update(cart=cart)
