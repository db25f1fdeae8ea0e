"""Each bar knows its lots: weighed within what a scale can do, from what may be used, and used up once."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from configurator.models import Module
from orders import lots, stock
from orders.models import CupDose, Job, Lot, Order, Payment, StockMove, TemperFill
from orders.money import cancelling
from orders.production import carry_over, fills, kitting, pouring, steps
from orders.production.fills import FillRefused
from orders.production.refusals import (
    DoseRefused,
    LotBlocked,
    LotExpired,
    LotUnknown,
    NotAtTheScale,
    NotWeighed,
    OutOfTolerance,
    WrongModule,
)
from orders.production.release import release
from tests.orders.lots import ALMONDS, DARK, IN_MAY, KG, RASPBERRIES, filled, lot, weigh_all
from tests.orders.paid import (
    MONDAY_NOON,
    bring_to,
    design,
    jobs_of,
    only_job,
    placed_order,
    running,
)
from tests.orders.threads import in_threads

LATER = MONDAY_NOON + timedelta(hours=1)
HANDS = [
    kind for kind in StockMove.Kind.values if kind not in [each.value for each in StockMove.NOT_BY_HANDS]
]


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_user("bea", is_staff=True)


@pytest.fixture
def sacks(bea: User) -> dict[str, Lot]:
    return {module: lot(bea, module) for module in (ALMONDS, RASPBERRIES, DARK)}


def paid(bars: int = 1) -> Order:
    order = placed_order((design(), bars))
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        stock.promise_to(order, at=MONDAY_NOON)
        release(order)
    return order


@pytest.fixture
def job(sacks: dict[str, Lot]) -> Job:
    return only_job(paid())


def wanted(job: Job, module: str = ALMONDS) -> int:
    return next(each.target_mg for each in kitting.wanted(job, "en") if each.module == module)


def base_mg(job: Job) -> int:
    return sum(portion["mg"] for portion in job.order_line.recipe if portion["module"] == DARK)


def left(module: str = ALMONDS) -> int:
    return stock.left([module], at=MONDAY_NOON)[module]


def moved(**filters: object) -> int:
    return int(StockMove.objects.filter(**filters).aggregate(mg=Sum("mg"))["mg"] or 0)


# ── At the scale ─────────────────────────────────────────────────────────────────────────────────


@given(st.integers(1, 60_000), st.integers(0, 70_000))
def test_a_tenth_or_three_tenths_of_a_gram_is_what_may_be_missing(target: int, weighed: int) -> None:
    assert kitting.fits(weighed, target) == (abs(weighed - target) * 10 <= max(3_000, target // 10 * 10))


def test_a_dose_says_which_lot_who_and_how_much(job, sacks, bea):
    target = wanted(job)
    made = kitting.dose(job, sacks[ALMONDS], target + 200, by=bea, at=LATER)

    assert (made.job, made.lot, made.module, made.target_mg, made.actual_mg, made.by, made.at) == (
        *(job, sacks[ALMONDS], ALMONDS, target, target + 200),
        *(bea, LATER),
    )


def test_a_message_that_comes_twice_is_one_dose(job, sacks, bea):
    scan = uuid4()
    first, again = (
        kitting.dose(job, sacks[ALMONDS], wanted(job), by=bea, at=LATER, scan=scan) for _each in range(2)
    )
    assert first == again


def test_the_end_of_one_lot_and_the_beginning_of_the_next_make_one_dose(job, sacks, bea):
    target, next_sack = wanted(job), lot(bea)
    kitting.dose(job, sacks[ALMONDS], target // 4, by=bea, at=LATER, more_to_come=True)
    kitting.dose(job, next_sack, target - target // 4, by=bea, at=LATER)

    assert next(each for each in kitting.wanted(job, "en") if each.module == ALMONDS).is_done


def test_until_the_bar_is_kitted_a_dose_can_be_poured_back(job, sacks, bea):
    kitting.dose(job, sacks[ALMONDS], wanted(job), by=bea, at=LATER)

    assert kitting.pour_back(job)
    assert not kitting.pour_back(job)
    assert not CupDose.objects.exists()
    assert lots.rest(sacks[ALMONDS]) == 10 * KG


@pytest.mark.parametrize("off", [-3_000, 3_000, -(10**6) + 1])
def test_too_little_and_too_much_are_weighed_anew(job, sacks, bea, off):
    with pytest.raises(OutOfTolerance):
        kitting.dose(job, sacks[ALMONDS], max(1, wanted(job) + off), by=bea, at=LATER)


def test_twice_the_dose_is_too_much(job, sacks, bea):
    kitting.dose(job, sacks[ALMONDS], wanted(job), by=bea, at=LATER)
    with pytest.raises(OutOfTolerance):
        kitting.dose(job, sacks[ALMONDS], wanted(job), by=bea, at=LATER)


def test_another_module_is_a_red_stop_that_says_what_is_wanted(job, bea):
    with pytest.raises(WrongModule) as stop:
        kitting.dose(job, lot(bea, "hazelnut_whole"), 8_000, by=bea, at=LATER)
    assert stop.value.words.startswith("This is ")
    assert "Still wanted: " in stop.value.words


def test_what_is_past_its_date_is_a_red_stop_that_names_the_next(job, bea, sacks):
    old = lot(bea, best_before=MONDAY_NOON.date())
    tomorrow = MONDAY_NOON + timedelta(days=1)
    with pytest.raises(LotExpired) as stop:
        kitting.dose(job, old, wanted(job), by=bea, at=tomorrow)
    assert sacks[ALMONDS].code in stop.value.words
    kitting.dose(job, old, wanted(job), by=bea, at=LATER)


def test_what_is_blocked_is_a_red_stop(job, bea, sacks):
    Lot.objects.filter(stock=ALMONDS).update(blocked_at=LATER, blocked_why="Salmonella")
    with pytest.raises(LotBlocked) as stop:
        kitting.dose(job, sacks[ALMONDS], wanted(job), by=bea, at=LATER)
    assert "Salmonella" in stop.value.words
    assert "there is no other" in stop.value.words


@pytest.mark.parametrize("code", ["L-AAA-AAAA", "almonds", "7KQX-M2PRT", ""])
def test_what_was_not_received_has_no_label_that_opens_anything(catalogue, code):
    with pytest.raises(LotUnknown):
        kitting.lot_of(code)


def test_nothing_is_weighed_for_a_bar_that_waits_is_further_on_or_not_made(job, sacks, bea):
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    for change in (lambda: None, lambda: steps.hold(job, ALMONDS, by=bea, at=LATER)):
        change()
        with pytest.raises(NotAtTheScale):
            kitting.dose(job, sacks[ALMONDS], wanted(job), by=bea, at=LATER)
        with pytest.raises(NotAtTheScale):
            kitting.pour_back(job)


# ── At the steps ─────────────────────────────────────────────────────────────────────────────────


def test_what_came_in_lots_goes_into_no_bar_without_saying_which(job, bea, sacks):
    with pytest.raises(NotWeighed) as stop:
        steps.advance(job, "kitted", by=bea, at=LATER)
    assert "Weigh first" in str(stop.value)

    weigh_all(job, bea)
    Lot.objects.filter(pk=sacks[ALMONDS].pk).update(blocked_at=LATER, blocked_why="Glass")
    with pytest.raises(NotWeighed):
        steps.advance(job, "kitted", by=bea, at=LATER)
    assert moved(kind="dosed") == 0

    Lot.objects.update(blocked_at=None, blocked_why="")
    steps.advance(job, "kitted", by=bea, at=LATER)
    running(job, bea)
    with pytest.raises(NotWeighed):
        steps.advance(job, "moulded", by=bea, at=LATER)


def test_a_bar_takes_what_was_weighed_and_its_promise_is_kept_once(job, sacks, bea):
    target = wanted(job)
    assert left() == 10 * KG - target
    kitting.dose(job, sacks[ALMONDS], target + 300, by=bea, at=LATER)
    assert left() == 10 * KG - target
    weigh_all(job, bea)
    for _twice in range(2):
        steps.advance(job, "kitted", by=bea, at=LATER)

    assert left() == 10 * KG - target - 300
    assert lots.rest(sacks[ALMONDS]) == stock.on_hand([ALMONDS])[ALMONDS] == 10 * KG - target - 300
    assert moved(stock=ALMONDS, kind__in=StockMove.PROMISES) == 0


def test_a_step_that_is_taken_again_books_what_has_changed(job, sacks, bea):
    target, other = wanted(job), lot(bea)
    for sack, mg in ((sacks[ALMONDS], target), (sacks[ALMONDS], target), (other, target + 100)):
        with transaction.atomic():
            stock.take(job, [stock.Taken(ALMONDS, mg, lot_id=sack.pk)], at=LATER)

    assert (lots.rest(sacks[ALMONDS]), lots.rest(other)) == (10 * KG, 10 * KG - target - 100)
    assert left() == 20 * KG - target - 100
    assert moved(stock=ALMONDS, kind__in=StockMove.PROMISES) == 0


def test_a_remake_takes_anew_and_nothing_is_promised_twice(job, sacks, bea):
    target, base = wanted(job), base_mg(job)
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    remake = steps.scrap(job, "dropped", by=bea, at=LATER).remake
    assert (left(), left(DARK)) == (10 * KG - target, 10 * KG - base)

    weigh_all(remake, bea)
    steps.advance(remake, "kitted", by=bea, at=LATER)
    pouring.pour(remake, filled(bea, (sacks[DARK], KG)), by=bea, at=LATER)
    running(remake, bea)
    steps.advance(remake, "moulded", by=bea, at=LATER)

    assert (left(), left(DARK)) == (10 * KG - 2 * target, 10 * KG - base)
    assert moved(kind__in=StockMove.PROMISES) == 0


def test_what_has_no_lots_is_taken_as_planned(bea):
    for module in (ALMONDS, DARK):
        stock.count(Module.objects.get(key=module), mg=KG, by=bea, at=MONDAY_NOON)
    job = only_job(paid())
    bring_to(job, "moulded", bea)

    assert stock.on_hand([ALMONDS, DARK]) == {ALMONDS: KG - wanted(job), DARK: KG - base_mg(job)}
    assert (left(), left(DARK)) == (KG - wanted(job), KG - base_mg(job))
    assert moved(kind__in=StockMove.PROMISES) == 0


def test_what_is_not_counted_at_all_moves_nothing(bea):
    bring_to(only_job(paid()), "moulded", bea)
    assert not StockMove.objects.exists()


def test_half_a_kit_does_not_keep_an_order_from_being_cancelled(sacks, bea):
    order = paid(2)
    Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.total_cents,
        captured_cents=order.total_cents, currency="EUR", livemode=False, request={},
        created_at=MONDAY_NOON, look_at=MONDAY_NOON,
    )  # fmt: skip
    first, _second = jobs_of(order)
    kitting.dose(first, sacks[ALMONDS], wanted(first), by=bea, at=LATER)
    cancelling.cancel(order, seen=cancelling.offer(order).seen, at=LATER)

    assert left() == lots.rest(sacks[ALMONDS]) == 10 * KG
    assert moved(kind__in=StockMove.PROMISES) == 0


# ── Temperers ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_in_a_temperer_can_still_be_promised(sacks, bea):
    made = filled(bea, (sacks[DARK], 6 * KG))

    assert (left(DARK), lots.rest(sacks[DARK]), fills.rest(made)) == (10 * KG, 4 * KG, 6 * KG)
    assert stock.on_hand([DARK]) == {DARK: 10 * KG}


def test_a_bar_is_poured_from_the_temperer(job, sacks, bea):
    made = filled(bea, (sacks[DARK], 6 * KG))
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    running(job, bea)
    pouring.pour(job, made, by=bea, at=LATER)
    steps.advance(job, "moulded", by=bea, at=LATER)

    assert fills.rest(made) == 6 * KG - base_mg(job)
    assert left(DARK) == 10 * KG - base_mg(job)


def test_a_bar_is_poured_from_what_is_in_the_temperer_of_its_run(job, sacks, bea):
    made = filled(bea, (sacks[DARK], 6 * KG), temperer=running(job, bea).temperer_id)
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    steps.advance(job, "moulded", by=bea, at=LATER)

    assert (job.pour.fill, fills.rest(made)) == (made, 6 * KG - base_mg(job))


def test_what_is_left_goes_into_the_next_fill_until_it_is_emptied_and_cleaned(sacks, bea):
    first = filled(bea, (sacks[DARK], 2 * KG))
    second = filled(bea, (sacks[DARK], 1 * KG), at=LATER)
    assert (second.carry_over_from, second.carry_over_mg, fills.rest(second)) == (first, 2 * KG, 3 * KG)
    assert fills.rest(first) == 0

    assert fills.empty(second, by=bea, at=LATER)
    assert not fills.empty(second, by=bea, at=LATER)
    film = filled(bea, (sacks[DARK], KG), at=LATER)
    assert (film.carry_over_from, film.carry_over_mg) == (second, 0)

    fills.empty(film, by=bea, at=LATER)
    assert fills.cleaned("T1", at=LATER)
    fresh = filled(bea, (sacks[DARK], KG), at=LATER)
    assert (fresh.carry_over_from, fresh.carry_over_mg) == (None, 0)
    assert sorted(carry_over.ancestors([film.pk])) == [first.pk, second.pk, film.pk]
    assert sorted(carry_over.descendants([first.pk])) == [first.pk, second.pk, film.pk]
    assert stock.on_hand([DARK])[DARK] == lots.rest(sacks[DARK]) + KG


def test_it_is_not_clean_before_it_is_empty(sacks, bea):
    filled(bea, (sacks[DARK], KG))
    assert not fills.cleaned("T1", at=LATER)
    assert not fills.cleaned("T2", at=LATER)


@pytest.mark.parametrize(
    "refused",
    [
        lambda bea, dark, milk: {},
        lambda bea, dark, milk: {dark: 0},
        lambda bea, dark, milk: {dark: KG, milk: KG},
        lambda bea, dark, milk: {lot(bea): KG},
        lambda bea, dark, milk: {lot(bea, DARK, best_before=MONDAY_NOON.date()): KG},
        lambda bea, dark, milk: {milk: KG},
    ],
)
def test_what_does_not_belong_into_a_temperer_does_not_go_in(
    sacks, bea, refused: Callable[..., dict[Lot, int]]
):
    milk = lot(bea, "milk_37")
    filled(bea, (sacks[DARK], KG))
    with pytest.raises(FillRefused):
        fills.fill("T1", refused(bea, sacks[DARK], milk), by=bea, at=MONDAY_NOON + timedelta(days=1))
    assert TemperFill.objects.count() == 1
    assert fills.rest(TemperFill.objects.get()) == KG


def test_a_bar_is_not_poured_from_another_chocolate_nor_from_a_blocked_one(job, sacks, bea):
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    milk = filled(bea, (lot(bea, "milk_37"), KG), temperer="T2")
    with pytest.raises(WrongModule):
        pouring.pour(job, milk, by=bea, at=LATER)

    first = filled(bea, (sacks[DARK], KG))
    topped_up = filled(bea, (lot(bea, DARK, best_before=IN_MAY), KG))
    with pytest.raises(NotAtTheScale):
        pouring.pour(job, first, by=bea, at=LATER)
    Lot.objects.filter(pk=sacks[DARK].pk).update(blocked_at=LATER, blocked_why="Metal")
    with pytest.raises(LotBlocked):
        pouring.pour(job, topped_up, by=bea, at=LATER)
    with pytest.raises(FillRefused):
        filled(bea, (lot(bea, DARK), KG))


# ── Many at once ─────────────────────────────────────────────────────────────────────────────────

OPERATORS = 8


def press_at_once(press: Callable[[int], object], count: int = OPERATORS) -> int:
    """How many of them were let through."""
    gate = Barrier(count)

    def one(number: int) -> bool:
        gate.wait()
        try:
            press(number)
        except (DoseRefused, FillRefused):
            return False
        return True

    return sum(in_threads(count, one))


def test_eight_who_weigh_for_one_cup_fill_it_once(transactional_db, job, sacks, bea):
    target = wanted(job)
    weighed = press_at_once(lambda _one: kitting.dose(job, sacks[ALMONDS], target, by=bea, at=LATER))

    assert weighed == 1
    assert CupDose.objects.count() == 1


def test_without_the_lock_the_same_eight_fill_it_over(transactional_db, job, sacks, bea, monkeypatch):
    """The control: what keeps the cup right is the order's lock, not luck."""
    gate = Barrier(OPERATORS)
    target = wanted(job)
    look = kitting._weighed

    def look_together(of: Job) -> dict[str, int]:
        seen = look(of)
        gate.wait(timeout=60)
        return seen

    monkeypatch.setattr(kitting, "_weighed", look_together)
    monkeypatch.setattr(
        kitting, "locked", lambda of: Job.objects.select_related("order_line__order").get(pk=of.pk)
    )
    monkeypatch.setattr(kitting, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(Lot.objects, "select_for_update", lambda **_how: Lot.objects.all(), raising=False)
    weighed = press_at_once(lambda _one: kitting.dose(job, sacks[ALMONDS], target, by=bea, at=LATER))

    assert weighed == OPERATORS


def test_eight_who_fill_one_temperer_fill_it_one_after_the_other(transactional_db, sacks, bea):
    press_at_once(lambda _one: filled(bea, (sacks[DARK], KG // 10)))

    assert TemperFill.objects.filter(closed_at=None).count() == 1
    inside = sum(fills.rest(each) for each in TemperFill.objects.all())
    assert inside + lots.rest(sacks[DARK]) == stock.on_hand([DARK])[DARK] == 10 * KG


def test_while_bars_are_made_counted_and_cancelled_the_books_agree(transactional_db, sacks, bea):
    """Kitted, cancelled, wasted and counted at the same moment: nothing is lost, nothing promised twice."""
    jobs = jobs_of(paid(OPERATORS))
    for job in jobs:
        weigh_all(job, bea)
    almonds = Module.objects.get(key=ALMONDS)

    def work(number: int) -> None:
        if number % 4 == 3:
            stock.waste(almonds, mg=1_000, by=bea, at=LATER, note="spilt", lot=sacks[ALMONDS])
        steps.advance(jobs[number], "kitted", by=bea, at=LATER)

    assert press_at_once(work) == OPERATORS
    dosed = -sum(CupDose.objects.filter(module=ALMONDS).values_list("actual_mg", flat=True))
    assert lots.rest(sacks[ALMONDS]) == 10 * KG + dosed - 2_000
    assert moved(stock=ALMONDS) == left() == lots.rest(sacks[ALMONDS])
    assert moved(stock=ALMONDS, kind__in=StockMove.PROMISES) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dosed", "mg": -1, "job": None},
        {"kind": "fulfilled", "mg": 1},
        {"kind": "reserved", "mg": -1, "job": None},
        {"kind": "received", "mg": -1, "job": None},
        {"kind": "counted", "mg": -1},
        {"kind": "carried", "mg": -1, "job": None},
    ],
)
def test_the_database_takes_no_move_that_makes_no_sense(job, wrong):
    move = {"stock_id": ALMONDS, "job": job, "at": LATER} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMove.objects.create(**move)
