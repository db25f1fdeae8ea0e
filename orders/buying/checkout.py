"""From a cart to an order: the one moment in which it is placed.

Prepare under lock (price, check, reserve, write the order), then pay with nothing open (payments.py), then
settle (settlement.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from configurator.domain.recipe import recipe
from configurator.written_once import WrittenOnce
from orders import stock
from orders.buying import cart as carts
from orders.buying.basket import Basket
from orders.buying.due import bill
from orders.buying.order_writing import order_of, write_lines
from orders.buying.wishes import Agreement, Wishes
from orders.gifts import gift_cards
from orders.models import Cart, Order
from orders.models.order import Parts
from orders.money import payments
from orders.prices import vouchers
from orders.prices.vouchers import Entered
from orders.sending import promise
from orders.sending.carriage import Tariff

HOLD: Final = timedelta(minutes=70)
"""A payment page is open for an hour; so long nobody else may have what this order needs."""


class CartEmpty(Exception):
    """There is nothing to order."""


class CartNotOrderable(Exception):
    """At least one bar of the cart cannot be made as it is."""


class BillChanged(Exception):
    """The customer agreed to another total, or to an earlier arrival, than what holds now."""


def place(
    key: str,
    *,
    wishes: Wishes,
    agreement: Agreement,
    locale: str,
    at: datetime,
    tariff: Tariff | None = None,
    to_pay: bool = False,
) -> Order:
    """The order of that cart: placed now, or the one that was placed from it before.

    ``to_pay``: with its first attempt to pay, where money is due, which is written down with it.

    Raises CartEmpty, CartNotOrderable, NotShipped, NotDealtOut, OutOfStock, DayFull, VoucherRefused,
    CardSpent or BillChanged; then nothing has happened.
    """
    try:
        with transaction.atomic():
            for cart in _locked(key):
                # Asked after the lock: a first press that held it has made its order by now.
                basket = carts.look_inside(cart, locale=locale, at=at)
                if not basket.lines:
                    return _placed_before(cart)
                order, parts = _place(cart, basket, wishes, agreement, locale, at, tariff)
                if to_pay and order.due_cents:
                    payments.begin(order, parts, at=at)
                return order
            raise CartEmpty
    except IntegrityError:
        # SQLite has no row locks: two presses of the button at once end at the unique constraint.
        return Order.objects.get(cart__key=key)


_locked: Final = WrittenOnce(lambda key: Cart.objects.select_for_update(of=("self",)).filter(key=key))
_placed: Final = WrittenOnce(lambda cart_id: Order.objects.filter(cart=cart_id))


def _placed_before(cart: Cart) -> Order:
    """What became of a cart that is not open, or holds nothing. Raises CartEmpty."""
    for placed in _placed(cart.pk):
        return placed
    raise CartEmpty


def codes_of(basket: Basket, cart: Cart | str, *, at: datetime) -> Entered:
    """What the codes of that cart are worth; asked only when there are any."""
    found = vouchers.entered(cart, currency=basket.currency, at=at) if basket.has_codes else Entered()
    if not basket.has_gift_cards:
        return found
    cards, refused = gift_cards.entered(cart, currency=basket.currency, at=at)
    return replace(found, refusals=(*found.refusals, *refused), gift_cards=cards)


def day_of(text: str) -> date | None:
    """A day as a form sends it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def refill(order: Order, key: str, *, at: datetime) -> Cart:
    """What a cancelled order held, back in the open cart of that key, so that nothing has to be redone."""
    return carts.put_back(order, key, at=at)


def _place(
    cart: Cart,
    basket: Basket,
    wishes: Wishes,
    agreement: Agreement,
    locale: str,
    at: datetime,
    tariff: Tariff | None,
) -> tuple[Order, Parts]:
    if not basket.orderable:
        raise CartNotOrderable
    entered = codes_of(basket, cart, at=at)
    due = bill(basket, wishes.recipients, entered, at=at, tariff=tariff)
    if not due.agreed(agreement):
        raise BillChanged
    order = order_of(cart, wishes, due, locale, at)
    # Always in this order, so that no two checkouts wait for each other.
    vouchers.use(order, entered.vouchers, at=at, until=at + HOLD)
    promise.book(order, [parcel.plan for parcel in due.parcels], until=at + HOLD, at=at)
    stock.reserve(order, _needs(basket), until=at + HOLD, at=at)
    parts = write_lines(order, due, locale)
    gift_cards.redeem(order, due.gift_cards, at=at)
    return order, parts


def _needs(basket: Basket) -> dict[str, int]:
    return stock.needs((recipe(bars.design, bars.family), bars.quantity) for bars in basket.lines)
