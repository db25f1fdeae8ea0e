"""The cart of an account: the same on every device; what a guest has put into another joins it at the sign-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from configurator.accounts import take_turns
from orders.buying import half_typed
from orders.buying.cart import LINES_MAX, count
from orders.gifts.gift_cards import CARDS_MAX
from orders.models import Cart, CartGiftCard, CartLine, CartVoucher, Order
from orders.models.cart import QUANTITY_MAX, new_key

PROMISE: Final = ("unit_cents", "currency", "held_until")


@dataclass(frozen=True, slots=True)
class Joined:
    """The account's cart after a sign-in."""

    count: int = 0
    """Bars in it."""
    of_two: bool = False
    """Whether this browser and the account had each something in theirs."""
    waiting: int = 0
    """Bars that found no room, in carts that come up when this one is ordered."""


def key_of(user: User) -> str:
    """Of the open cart; "" where there is none."""
    # The first: what found no room in it waits in another.
    open_ones = Cart.objects.filter(account=user.pk, order=None).order_by("pk")
    return open_ones.values_list("key", flat=True).first() or ""


def key_to_fill(user: User) -> str:
    if key := key_of(user):
        return key
    with transaction.atomic():
        take_turns(user)
        return key_of(user) or Cart.objects.create(account=user).key


def join(guest_key: str, user: User) -> Joined:
    """What stands in the browser's cart goes into the account's, however often and at however many doors it is asked.

    Nothing is lost: what finds no room becomes the account's next cart.
    """
    with transaction.atomic():
        take_turns(user)
        carts = _open_carts(guest_key, user)
        own, brought = _apart(carts, user)
        of_two = any(cart.lines.exists() for cart in own[:1]) and any(cart.lines.exists() for cart in brought)
        if brought and not own:
            main, *rest = [_taken_over(cart, user) for cart in brought]
        elif own:
            main, *rest = [*own, *brought]
        else:
            return Joined()
        waiting = sum(_poured(other, main, user) for other in rest)
        return Joined(count(main.key), of_two, waiting)


def _open_carts(guest_key: str, user: User) -> list[Cart]:
    whose = Q(account=user) | (Q(key=guest_key, account=None) if guest_key else Q(pk=None))
    carts = list(Cart.objects.select_for_update(of=("self",)).filter(whose, order=None).order_by("pk"))
    # Asked after the lock: a checkout that held one has made its order by now.
    ordered = set(Order.objects.filter(cart__in=carts).values_list("cart_id", flat=True))
    return [cart for cart in carts if cart.pk not in ordered]


def _apart(carts: Iterable[Cart], user: User) -> tuple[list[Cart], list[Cart]]:
    own: list[Cart] = []
    brought: list[Cart] = []
    for cart in carts:
        (own if cart.account_id == user.pk else brought).append(cart)
    return own, brought


def _taken_over(cart: Cart, user: User) -> Cart:
    """Under a new key: the one that the browser knows opens nothing any more."""
    before, cart.account, cart.key = cart.key, user, new_key()
    cart.save(update_fields=["account", "key"])
    half_typed.move(before, cart.key)
    return cart


def _poured(other: Cart, main: Cart, user: User) -> int:
    """All that there is room for; so many bars were left."""
    _more_of_the_same(other, main)
    _move_bars(other, main)
    _move_codes(other, main)
    left = count(other.key)
    if left or other.gift_cards.exists():
        _taken_over(other, user)
    else:
        other.delete()
    return left


def _more_of_the_same(other: Cart, main: Cart) -> None:
    there = {line.design_id: line for line in main.lines.filter(box=None)}
    for line in other.lines.filter(box=None, design__in=there):
        same = there[line.design_id]
        moved = min(line.quantity, QUANTITY_MAX - same.quantity)
        same.quantity += moved
        # What this browser was shown last holds.
        for name in PROMISE:
            setattr(same, name, getattr(line, name))
        same.save(update_fields=["quantity", *PROMISE])
        if moved == line.quantity:
            line.delete()
        else:
            line.quantity -= moved
            line.save(update_fields=["quantity"])


def _move_bars(other: Cart, main: Cart) -> None:
    room = LINES_MAX - main.lines.count()
    there = main.lines.filter(box=None).values("design")
    loose = list(other.lines.filter(box=None).exclude(design__in=there).values_list("pk", flat=True))
    CartLine.objects.filter(pk__in=loose[: max(0, room)]).update(cart=main)
    room -= len(loose)
    for box in other.boxes.prefetch_related("lines"):
        lines = len(box.lines.all())
        if lines <= room:
            box.lines.update(cart=main)
            box.cart = main
            box.save(update_fields=["cart"])
            room -= lines


def _move_codes(other: Cart, main: Cart) -> None:
    """Codes that do not go together say so in the cart; a card that finds no room waits with its cart."""
    entered = main.vouchers.values_list("voucher", flat=True)
    CartVoucher.objects.filter(pk__in=_of(other.vouchers.exclude(voucher__in=list(entered)))).update(
        cart=main
    )
    cards = list(main.gift_cards.values_list("card", flat=True))
    other.gift_cards.filter(card__in=cards).delete()
    room = max(0, CARDS_MAX - len(cards))
    CartGiftCard.objects.filter(pk__in=_of(other.gift_cards.all())[:room]).update(cart=main)


def _of(rows: Any) -> Sequence[int]:
    return list(rows.values_list("pk", flat=True))
