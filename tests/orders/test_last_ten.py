"""Twenty-four press the order button at the same moment: stock, days, orders and carts agree afterwards."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils.timezone import localdate

from configurator.catalogue.families import current_family
from configurator.designs import save
from configurator.models import Module
from orders import stock
from orders.buying import cart, checkout
from orders.buying.checkout import BillChanged
from orders.buying.due import bill
from orders.buying.wishes import Agreement
from orders.models import Booking, CapacityDay, Cart, Order, OrderLine, Shipment, StockHold
from orders.money import payments
from orders.production.kinds import kind_of
from orders.production.planning.earliest import Wanted
from orders.sending import promise
from orders.sending.promise import DayFull
from orders.stock import OutOfStock
from tests.orders.paid import ADA, MONDAY_NOON, design

BUYERS, LAST = 24, 10
ALMONDS = "almond_whole"


@pytest.fixture
def keys(transactional_db: None, catalogue: None) -> list[str]:
    """Twenty-four carts with one bar each, all of the same almonds."""
    digest = save(design("Ada")).digest
    return [
        cart.add("", digest=digest, quantity=1, locale="en", at=MONDAY_NOON).key for _buyer in range(BUYERS)
    ]


def all_press(keys: list[str]) -> Counter[str]:
    due = bill(cart.look(keys[0], locale="en", at=MONDAY_NOON), ADA.recipients, at=MONDAY_NOON)
    agreed, gate = Agreement(due.total_cents, due.arrive_until), Barrier(len(keys))

    def press(key: str) -> str:
        gate.wait()
        try:
            checkout.place(key, wishes=ADA, agreement=agreed, locale="en", at=MONDAY_NOON)
        except (OutOfStock, DayFull, BillChanged) as refusal:
            return type(refusal).__name__
        else:
            return "placed"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as threads:
        return Counter(threads.map(press, keys))


def leaves_on() -> date:
    wanted = Wanted({kind_of(design(), current_family("bar-100")): 1})
    return promise.plans([wanted], at=MONDAY_NOON)[0].dispatch_on


def almonds_for(bars: int) -> None:
    family = current_family("bar-100")
    dose = family.usual_dose(family.modules[ALMONDS])
    bea = User.objects.create_user("bea")
    stock.count(Module.objects.get(key=ALMONDS), mg=bars * dose, by=bea, at=MONDAY_NOON)


def test_ten_bars_of_almonds_make_ten_orders_and_the_others_keep_their_carts(keys):
    almonds_for(LAST)

    assert all_press(keys) == {"placed": LAST, "OutOfStock": BUYERS - LAST}

    rows = (Order, OrderLine, Shipment, Booking, StockHold)
    assert [model.objects.count() for model in rows] == [LAST] * len(rows)
    assert stock.left([ALMONDS], at=MONDAY_NOON) == {ALMONDS: 0}
    assert Cart.objects.filter(order=None, lines__quantity=1).count() == BUYERS - LAST


def test_who_gives_up_makes_room_for_one_more(keys):
    almonds_for(LAST)
    all_press(keys)
    payments.cancel(Order.objects.all()[0], at=MONDAY_NOON + timedelta(minutes=5))

    waiting = list(Cart.objects.filter(order=None).values_list("key", flat=True))
    assert all_press(waiting) == {"placed": 1, "OutOfStock": BUYERS - LAST - 1}


def test_ten_places_of_a_day_make_ten_orders_and_the_others_are_shown_another_day(keys):
    first = leaves_on()
    CapacityDay.objects.update_or_create(day=first, defaults={"bars": LAST})

    outcomes = all_press(keys)

    assert outcomes["placed"] == LAST
    assert outcomes["DayFull"] + outcomes["BillChanged"] == BUYERS - LAST
    assert list(Booking.objects.values_list("day", "bars")) == [(first, 1)] * LAST
    assert leaves_on() > first > localdate(MONDAY_NOON)
