"""Almonds run out like almonds: once, and for everybody at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from configurator.catalogue.families import current_family
from configurator.domain.recipe import recipe
from configurator.models import Module
from orders import stock
from orders.models import Order, Stock, StockHold, StockMove
from orders.models.append_only import RecordIsAppendOnly
from orders.money import refunds
from orders.production import steps
from orders.production.release import release
from orders.stock import OutOfStock, Shortage
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, placed_order
from tests.orders.threads import all_look_first

ALMONDS, RASPBERRIES = "almond_whole", "raspberry_fd"
DOSE = 8_000
LATER = MONDAY_NOON + timedelta(minutes=30)
UNTIL = MONDAY_NOON + timedelta(hours=1)
AFTER = UNTIL + timedelta(seconds=1)
BUYERS, UNITS = 24, 10


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_user("bea", is_staff=True)


def on_the_shelf(bea: User, **mg: int) -> None:
    for module, amount in mg.items():
        stock.count(Module.objects.get(key=module), mg=amount, by=bea, at=MONDAY_NOON)


def reserve(order: Order, at=MONDAY_NOON, until=UNTIL, **mg: int) -> None:
    with transaction.atomic():
        stock.reserve(order, mg, until=until, at=at)


def left(module: str = ALMONDS, at=MONDAY_NOON) -> int:
    return stock.left([module], at=at)[module]


# ── What bars need ───────────────────────────────────────────────────────────────────────────────


def test_two_designs_with_almonds_need_the_same_almonds(catalogue):
    family = current_family("bar-100")
    ada, bob = design("Ada"), design("Bob", "milk_37", ALMONDS)
    dose = family.usual_dose(family.modules[ALMONDS])

    needed = stock.needs([(recipe(ada, family), 2), (recipe(bob, family), 3)])

    assert needed[ALMONDS] == 5 * dose
    assert sum(needed.values()) == 5 * family.net_mg


def test_an_order_needs_what_was_frozen_with_it(catalogue):
    family = current_family("bar-100")
    order = placed_order((design("Ada"), 2), (design("Bob", "milk_37"), 1))

    assert stock.needs_of(order) == stock.needs(
        [(recipe(design("Ada"), family), 2), (recipe(design("Bob", "milk_37"), family), 1)]
    )


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────


def test_what_nobody_counts_never_runs_out(catalogue):
    reserve(placed_order((design(), 1)), almond_whole=10**12)

    assert stock.shortages({ALMONDS: 10**12}, at=MONDAY_NOON) == ()
    assert not StockHold.objects.exists()


def test_a_count_sets_right_whatever_was_written_before(bea):
    almonds = Module.objects.get(key=ALMONDS)
    stock.receive(almonds, mg=5_000_000, by=bea, at=MONDAY_NOON, note="sack 17")
    stock.waste(almonds, mg=20_000, by=bea, at=LATER, note="spilt")
    stock.count(almonds, mg=4_900_000, by=bea, at=LATER)

    assert list(StockMove.objects.order_by("pk").values_list("kind", "mg", "by__username", "note")) == [
        ("received", 5_000_000, "bea", "sack 17"),
        ("wasted", -20_000, "bea", "spilt"),
        ("counted", -80_000, "bea", ""),
    ]
    assert left() == 4_900_000


def test_what_moved_is_never_rewritten(bea):
    on_the_shelf(bea, almond_whole=1)
    move = StockMove.objects.get()
    move.mg = 2
    with pytest.raises(RecordIsAppendOnly):
        move.save()
    with pytest.raises(RecordIsAppendOnly):
        move.delete()
    with pytest.raises(RecordIsAppendOnly):
        StockMove.objects.update(mg=2)


def test_while_it_is_not_limited_it_does_not_run_out(bea):
    on_the_shelf(bea, almond_whole=0)
    assert stock.shortages({ALMONDS: 1}, at=MONDAY_NOON) == (Shortage(ALMONDS, 1, 0),)

    Stock.objects.update(limited=False)

    assert stock.shortages({ALMONDS: 1}, at=MONDAY_NOON) == ()


# ── Keeping for an order ─────────────────────────────────────────────────────────────────────────


def test_what_is_kept_for_one_order_is_not_there_for_another(bea):
    ada, bob = placed_order((design("Ada"), 1)), placed_order((design("Bob"), 1))
    on_the_shelf(bea, almond_whole=10, raspberry_fd=10)
    reserve(ada, almond_whole=7)

    with pytest.raises(OutOfStock) as refusal:
        reserve(bob, almond_whole=4, raspberry_fd=4)

    assert refusal.value.shortages == (Shortage(ALMONDS, wanted_mg=4, left_mg=3),)
    assert left(RASPBERRIES) == 10


def test_nobody_is_kept_out_by_what_is_kept_for_them(bea):
    order = placed_order((design(), 1))
    on_the_shelf(bea, almond_whole=10)
    reserve(order, almond_whole=7)

    assert stock.shortages({ALMONDS: 10}, at=MONDAY_NOON, order=order) == ()
    reserve(order, almond_whole=10, at=LATER, until=UNTIL + timedelta(hours=1))

    assert StockHold.objects.values_list("mg", "until").get() == (10, UNTIL + timedelta(hours=1))


def test_a_hold_ends_by_itself(bea):
    ada, bob = placed_order((design("Ada"), 1)), placed_order((design("Bob"), 1))
    on_the_shelf(bea, almond_whole=10)
    reserve(ada, almond_whole=10)
    assert (left(at=LATER), left(at=AFTER)) == (0, 10)

    reserve(bob, almond_whole=10, at=AFTER, until=AFTER + timedelta(hours=1))


def test_while_a_bank_works_the_hold_is_kept_longer_and_never_made_shorter(bea):
    order = placed_order((design(), 1))
    on_the_shelf(bea, almond_whole=10)
    reserve(order, almond_whole=10)
    stock.extend(order, until=AFTER + timedelta(days=3))
    stock.extend(order, until=AFTER)

    assert left(at=AFTER + timedelta(days=2)) == 0


def test_what_is_given_up_is_there_for_others(bea):
    order = placed_order((design(), 1))
    on_the_shelf(bea, almond_whole=10)
    reserve(order, almond_whole=10)

    stock.free(order)

    assert left() == 10


# ── Paid ─────────────────────────────────────────────────────────────────────────────────────────


def paid(order: Order, at=LATER) -> None:
    with transaction.atomic():
        stock.promise_to(order, at=at)


def test_a_paid_order_takes_its_own_once_however_often(bea):
    order = placed_order((design(), 2))
    needed = stock.needs_of(order)[ALMONDS]
    on_the_shelf(bea, almond_whole=needed + 5)
    reserve(order, almond_whole=needed)

    for _again in range(2):
        paid(order)

    assert left() == 5
    assert not StockHold.objects.exists()
    assert StockMove.objects.get(kind="reserved").mg == -needed


def test_what_was_paid_late_is_taken_while_it_is_there(bea):
    late = placed_order((design("Ada"), 1))
    needed = stock.needs_of(late)[ALMONDS]
    on_the_shelf(bea, almond_whole=needed)
    reserve(late, almond_whole=needed)

    paid(late, at=AFTER)

    assert left(at=AFTER) == 0


def test_what_was_paid_late_is_refused_when_it_is_promised_to_another(bea):
    late, other = placed_order((design("Ada"), 1)), placed_order((design("Bob"), 1))
    needed = stock.needs_of(late)[ALMONDS]
    on_the_shelf(bea, almond_whole=needed + 1, raspberry_fd=10**6)
    reserve(late, almond_whole=needed)
    reserve(other, almond_whole=needed, at=AFTER, until=AFTER + timedelta(hours=1))

    with pytest.raises(OutOfStock) as refusal:
        paid(late, at=AFTER)

    assert refusal.value.shortages == (Shortage(ALMONDS, needed, 1),)
    assert not StockMove.objects.filter(order=late).exists()


def test_what_was_promised_in_time_is_kept_though_a_count_finds_less(bea):
    order = placed_order((design(), 1))
    needed = stock.needs_of(order)[ALMONDS]
    on_the_shelf(bea, almond_whole=needed)
    reserve(order, almond_whole=needed)
    on_the_shelf(bea, almond_whole=1)

    paid(order)

    assert left() == 1 - needed


def test_an_order_given_back_whole_puts_it_back_once(bea):
    order = placed_order((design(), 1))
    on_the_shelf(bea, almond_whole=50_000)
    reserve(order, **stock.needs_of(order))
    paid(order)
    for _again in range(2):
        with transaction.atomic():
            stock.give_back(order, at=LATER)

    assert left() == 50_000
    assert StockMove.objects.filter(order=order).count() == 2


# ── A bar that is left out ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def counted_order(bea) -> Order:
    """Two equal bars with almonds and raspberries, paid, and both modules counted."""
    order = placed_order((design(), 2))
    on_the_shelf(bea, almond_whole=50_000, raspberry_fd=50_000)
    reserve(order, **stock.needs_of(order))
    paid(order)
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        release(order)
    return order


def leave_out(job, bea, missing=ALMONDS) -> None:
    steps.hold(job, f"{missing}: not before Friday", by=bea, at=LATER)
    steps.leave_out(job, by=bea, at=LATER)


def test_a_bar_left_out_before_it_was_begun_gives_back_all_but_what_was_missing(counted_order, bea):
    needed = stock.needs_of(counted_order)
    job, _other = jobs_of(counted_order)
    leave_out(job, bea)
    assert not steps.leave_out(job, by=bea, at=LATER)

    assert left(RASPBERRIES) == 50_000 - needed[RASPBERRIES] // 2
    assert left(ALMONDS) == 50_000 - needed[ALMONDS]
    assert list(StockMove.objects.exclude(note="").values_list("stock", "kind", "mg", "note")) == [
        (ALMONDS, "counted", -needed[ALMONDS] // 2, job.code)
    ]
    assert {move.job for move in StockMove.objects.filter(kind="returned", order=counted_order)} == {job}


def test_what_was_begun_is_used(counted_order, bea):
    needed = stock.needs_of(counted_order)
    job, _other = jobs_of(counted_order)
    bring_to(job, "kitted", bea)
    leave_out(job, bea)

    assert left(RASPBERRIES) == 50_000 - needed[RASPBERRIES]


def test_the_remake_of_a_bar_gives_nothing_back(counted_order, bea):
    """What it stands for took it from the shelf, and failed."""
    needed = stock.needs_of(counted_order)
    job, _other = jobs_of(counted_order)
    bring_to(job, "moulded", bea)
    leave_out(steps.scrap(job, "broken", by=bea, at=LATER).remake, bea)

    assert left(RASPBERRIES) == 50_000 - needed[RASPBERRIES]


def test_the_rest_of_the_order_gives_back_the_rest_and_what_was_missing_stays_missing(counted_order, bea):
    needed = stock.needs_of(counted_order)
    leave_out(jobs_of(counted_order)[0], bea)
    for _again in range(2):
        with transaction.atomic():
            stock.give_back(counted_order, at=LATER)

    assert left(RASPBERRIES) == 50_000
    assert left(ALMONDS) == 50_000 - needed[ALMONDS] // 2


def test_an_order_with_a_bar_left_out_is_not_begun_by_that(counted_order, bea):
    first, second = jobs_of(counted_order)
    leave_out(first, bea)
    assert not refunds.is_begun(counted_order)
    bring_to(second, "kitted", bea)
    assert refunds.is_begun(counted_order)


# ── At the same moment ───────────────────────────────────────────────────────────────────────────


def buyers_at_once(buy: Callable[[Order], None], orders: list[Order]) -> int:
    """How many of them were promised theirs."""
    gate = Barrier(len(orders))

    def press(order: Order) -> bool:
        gate.wait()
        try:
            buy(order)
        except OutOfStock:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(orders)) as threads:
        return sum(threads.map(press, orders))


@pytest.fixture
def crowd(transactional_db: None, bea: User, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Each wants one of the last ten, and everybody has time to look before anybody takes."""
    orders = [placed_order((design(f"Bar {number}"), 1)) for number in range(BUYERS)]
    on_the_shelf(bea, almond_whole=UNITS * DOSE, raspberry_fd=BUYERS * DOSE)
    count = stock.left

    def slowly(*args, **kwargs):
        there = count(*args, **kwargs)
        sleep(0.02)
        return there

    monkeypatch.setattr(stock, "left", slowly)
    return orders


def test_twenty_four_buy_the_last_ten_and_ten_get_them(crowd):
    promised = buyers_at_once(lambda order: reserve(order, almond_whole=DOSE, raspberry_fd=DOSE), crowd)

    assert promised == UNITS
    assert sorted(StockHold.objects.values_list("stock").order_by().distinct()) == [
        (ALMONDS,),
        (RASPBERRIES,),
    ]
    assert StockHold.objects.count() == 2 * UNITS
    assert left() == 0


def test_without_the_lock_the_same_crowd_is_promised_too_much(crowd, monkeypatch):
    """The control: what keeps the promise above is the lock in a transaction, not luck."""
    monkeypatch.setattr(stock, "_locked", stock._limited)
    look = stock.left
    monkeypatch.setattr(stock, "left", all_look_first(look, BUYERS))

    def buy(order: Order) -> None:
        stock.reserve(order, {ALMONDS: DOSE}, until=UNTIL, at=MONDAY_NOON)

    promised = buyers_at_once(buy, crowd)

    assert promised == BUYERS
    assert look([ALMONDS], at=MONDAY_NOON)[ALMONDS] < 0


def test_baskets_in_any_order_never_wait_for_each_other_in_a_circle(crowd):
    mirrored = iter([(ALMONDS, RASPBERRIES), (RASPBERRIES, ALMONDS)] * BUYERS)

    def buy(order: Order) -> None:
        reserve(order, **dict.fromkeys(next(mirrored), DOSE))

    assert buyers_at_once(buy, crowd) == UNITS


def test_the_same_few_questions_for_one_module_and_for_many(bea, django_assert_num_queries):
    order = placed_order((design(), 1))
    keys = list(Module.objects.values_list("key", flat=True)[:12])
    on_the_shelf(bea, **dict.fromkeys(keys, 100))
    for some in (keys[:1], keys):
        with transaction.atomic(), django_assert_num_queries(4):
            stock.reserve(order, dict.fromkeys(some, 1), until=UNTIL, at=MONDAY_NOON)
