"""From a bar to its lots and from a lot to its bars, whatever a temperer has kept."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from configurator.models import Module
from orders.models import CupDose, FillInput, Job, Lot, Pour, Stock, Supplier, TemperFill
from orders.production import fills, pouring, steps, trace
from tests.orders.lots import DARK, KG, RASPBERRIES, filled, lot, weigh_all
from tests.orders.paid import MONDAY_NOON, design, jobs_of, operator, paid_order, running

LATER = MONDAY_NOON + timedelta(hours=1)


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_user("bea", is_staff=True)


def poured(job: Job, fill: TemperFill, by: User) -> None:
    weigh_all(job, by)
    steps.advance(job, "kitted", by=by, at=LATER)
    pouring.pour(job, fill, by=by, at=LATER)
    running(job, by, LATER)
    steps.advance(job, "moulded", by=by, at=LATER)


def codes(job: Job) -> list[tuple[str, bool]]:
    return [(origin.lot.code, origin.carried_over) for origin in trace.lots_of(job)]


def test_a_bar_names_its_lots_and_what_three_fills_have_left(bea):
    almonds, raspberries = lot(bea), lot(bea, RASPBERRIES)
    first, second, third = (lot(bea, DARK) for _each in range(3))
    early, late, clean = jobs_of(paid_order((design(), 3)))

    poured(early, filled(bea, (first, KG)), bea)
    filled(bea, (second, KG))
    last = filled(bea, (third, KG))
    poured(late, last, bea)
    fills.empty(last, by=bea, at=LATER)
    fills.cleaned("T1", at=LATER)
    poured(clean, filled(bea, (third, KG)), bea)

    in_cup = [(almonds.code, False), (raspberries.code, False)]
    assert codes(early) == [*in_cup, (first.code, False)]
    assert codes(late) == [*in_cup, (third.code, False), (second.code, True), (first.code, True)]
    assert codes(clean) == [*in_cup, (third.code, False)]
    assert list(trace.bars_of(first).order_by("pk")) == [early, late]
    assert list(trace.bars_of(second)) == [late]
    assert list(trace.bars_of(third).order_by("pk")) == [late, clean]
    assert trace.bars_of(almonds).count() == 3


def test_no_bar_is_good_for_longer_than_what_is_in_it(bea):
    lot(bea, best_before=date(2027, 2, 1))
    lot(bea, RASPBERRIES, best_before=date(2027, 1, 15))
    dark = lot(bea, DARK, best_before=date(2027, 1, 31))
    job = jobs_of(paid_order((design(), 1)))[0]
    assert trace.best_before(job) is None
    poured(job, filled(bea, (dark, KG)), bea)

    assert trace.best_before(job) == date(2027, 1, 15)


def test_a_bar_is_traced_with_the_same_few_questions_however_long_the_chain(bea, django_assert_num_queries):
    sack = lot(bea, DARK)
    lot(bea), lot(bea, RASPBERRIES)
    short, long = jobs_of(paid_order((design(), 2)))
    poured(short, filled(bea, (sack, KG // 10)), bea)
    for _fill in range(20):
        last = filled(bea, (sack, KG // 10))
    poured(long, last, bea)

    for job in (short, long):
        with django_assert_num_queries(4):
            trace.lots_of(job)
        with django_assert_num_queries(1):
            list(trace.bars_of(sack))


def test_the_floor_reads_the_lots_of_a_bar(bea, client):
    almonds, dark = lot(bea), lot(bea, DARK)
    lot(bea, RASPBERRIES)
    job, untouched = jobs_of(paid_order((design(), 2)))
    poured(job, filled(bea, (dark, KG)), bea)
    client.force_login(operator("ben", "view_job", "view_lot"))

    shown = client.get(f"/floor/jobs/{job.code}/lots/").content.decode()
    assert all(words in shown for words in (almonds.code, dark.code, "Mandorle Sud", "31 May 2027"))
    assert (
        "Nothing of it is known by lot" in client.get(f"/floor/jobs/{untouched.code}/lots/").content.decode()
    )
    assert f"/floor/jobs/{job.code}/lots/" in client.get(f"/floor/jobs/{job.code}/").content.decode()

    client.force_login(operator("eve", "view_job"))
    assert client.get(f"/floor/jobs/{job.code}/lots/").status_code == 403
    assert "/lots/" not in client.get(f"/floor/jobs/{job.code}/").content.decode()


# ── Against a graph walked by hand ───────────────────────────────────────────────────────────────

LOTS, BARS = 4, 6
some_fills = st.lists(
    st.tuples(st.booleans(), st.sets(st.integers(0, LOTS - 1), max_size=3)), min_size=1, max_size=8
)
"""Whether something of the one before is in it, and which lots went in."""
some_pours = st.dictionaries(st.integers(0, BARS - 1), st.integers(0, 7))
some_doses = st.sets(st.tuples(st.integers(0, BARS - 1), st.integers(0, LOTS - 1)), max_size=6)


@pytest.fixture
def shelf(bea: User) -> tuple[list[Lot], list[Job]]:
    jobs = jobs_of(paid_order((design(), BARS)))
    stock, _made = Stock.objects.get_or_create(module=Module.objects.get(key=DARK))
    supplier = Supplier.objects.create(name="Anybody")
    lots = [
        Lot.objects.create(
            stock=stock,
            supplier=supplier,
            supplier_lot=str(number),
            best_before=date(2027, 1, 1),
            received_at=MONDAY_NOON,
        )
        for number in range(LOTS)
    ]
    return lots, jobs


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_fills, some_pours, some_doses)
def test_the_database_walks_as_a_person_would(shelf, filled_with, pours, doses) -> None:
    lots, jobs = shelf
    with transaction.atomic():
        inside = _by_hand(lots, jobs, filled_with, pours, doses)
        _written(lots, jobs, filled_with, pours, doses)
        for job, expected in zip(jobs, inside, strict=True):
            assert {origin.lot for origin in trace.lots_of(job)} == expected
        for lot_ in lots:
            expected_jobs = {job for job, has in zip(jobs, inside, strict=True) if lot_ in has}
            assert set(trace.bars_of(lot_)) == expected_jobs
        transaction.set_rollback(True)


def _by_hand(lots, jobs, filled_with, pours, doses) -> list[set[Lot]]:
    in_fill: list[set[Lot]] = []
    for carries, numbers in filled_with:
        before = in_fill[-1] if in_fill and carries else set()
        in_fill.append(before | {lots[number] for number in numbers})
    bars = [{lots[which] for bar, which in doses if bar == number} for number in range(len(jobs))]
    for bar, fill in pours.items():
        bars[bar] |= in_fill[fill % len(in_fill)]
    return bars


def _written(lots, jobs, filled_with, pours, doses) -> None:
    made: list[TemperFill] = []
    for number, (carries, numbers) in enumerate(filled_with):
        at = MONDAY_NOON + timedelta(minutes=number)
        fill = TemperFill.objects.create(
            temperer="T1",
            stock_id=DARK,
            carry_over_from=made[-1] if made and carries else None,
            opened_at=at,
            closed_at=at,
        )
        FillInput.objects.bulk_create(FillInput(fill=fill, lot=lots[each], mg=1) for each in numbers)
        made.append(fill)
    Pour.objects.bulk_create(
        Pour(job=jobs[bar], fill=made[fill % len(made)], at=LATER) for bar, fill in pours.items()
    )
    CupDose.objects.bulk_create(
        CupDose(job=jobs[bar], lot=lots[which], module=DARK, target_mg=1, actual_mg=1, at=LATER)
        for bar, which in doses
    )
