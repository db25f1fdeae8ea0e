"""A paid order becomes exactly one job per bar, and a row for everything slow it is owed."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from orders.models import CapacityDay, Job, JobEvent, Order, PendingWork
from orders.production.release import release
from orders.sending import promise
from tests.orders.paid import MONDAY_NOON, design, jobs_of, only_job, paid_order, placed_order
from tests.orders.unguarded import unguarded

pytestmark = pytest.mark.usefixtures("catalogue")


def bars(order: Order) -> list[tuple[str, int, int, int]]:
    return [(job.order_line.name, job.index, job.place, job.of) for job in jobs_of(order)]


def work(order: Order) -> list[tuple[str, int | None]]:
    rows = PendingWork.objects.filter(order=order) | PendingWork.objects.filter(job__order_line__order=order)
    return sorted((row.kind, row.job.place if row.job else None) for row in rows)


def test_every_physical_bar_gets_one_job():
    order = paid_order((design("Ada"), 2), (design("Crunch", "milk_37", "cornflakes"), 1))

    assert bars(order) == [("Ada", 1, 1, 3), ("Ada", 2, 2, 3), ("Crunch", 1, 3, 3)]


def test_a_job_begins_in_the_queue_with_its_base_and_due_day():
    job = only_job(paid_order((design("Ada", "milk_37"), 1)))

    assert (job.job_state, job.base, job.due_on) == ("queued", "milk_37", date(2026, 11, 19))
    event = job.events.get()
    assert (event.from_state, event.to_state, event.by, event.at) == ("", "queued", None, MONDAY_NOON)


def test_an_order_is_owed_a_picture_and_a_ticket_per_bar_and_one_mail():
    order = paid_order((design(), 2))

    assert work(order) == [
        ("confirmation", None),
        ("invoice", None),
        *(("picture", place) for place in (1, 2)),
        *(("ticket", place) for place in (1, 2)),
    ]


def test_a_second_release_adds_nothing():
    order = paid_order((design(), 2))
    before = (bars(order), work(order), JobEvent.objects.count())

    release(order)

    assert (bars(order), work(order), JobEvent.objects.count()) == before


def test_a_second_release_adds_what_is_missing():
    order = paid_order((design(), 3))
    lost = jobs_of(order)[1]
    with unguarded("orders_jobevent"):
        JobEvent.objects.filter(job=lost)._raw_delete(using="default")
    lost.delete()

    release(order)

    assert sorted(bars(order)) == [("Ada", 1, 1, 3), ("Ada", 2, 2, 3), ("Ada", 3, 3, 3)]


def test_nothing_is_released_when_the_payment_is_rolled_back():
    order = placed_order((design(), 1))

    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        release(order)
        transaction.set_rollback(True)

    assert (Job.objects.count(), PendingWork.objects.count()) == (0, 0)


def test_the_bell_rings_after_the_commit_and_not_before(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        paid_order()

    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({}, "job_is_released_once_per_bar"),
        ({"index": 0}, "job_counts_bars_from_one"),
        ({"index": 2, "place": 2}, "job_place_is_in_the_order"),
        ({"index": 2, "job_state": "melted"}, "job_state_is_known"),
        ({"index": 2, "job_state": "scrapped"}, "job_scrapped_says_why_and_where"),
        ({"index": 2, "scrap_reason": "broken"}, "job_scrapped_says_why_and_where"),
    ],
)
def test_the_database_refuses_what_must_not_be(columns, constraint):
    job = only_job(paid_order())
    same_bar = {
        "order_line_id": job.order_line_id,
        "shipment_id": job.shipment_id,
        "index": 1,
        "place": 1,
        "of": 1,
        "due_on": job.due_on,
        "created_at": MONDAY_NOON,
    }

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Job.objects.create(**same_bar | columns)

    assert_names(refusal.value, constraint, columns="orders_job.order_line_id, orders_job.index")


def test_the_same_work_is_owed_once():
    order = paid_order()
    owed = PendingWork.objects.get(order=order, kind="confirmation")

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        PendingWork.objects.create(
            kind=owed.kind, order=order, created_at=MONDAY_NOON, try_at=MONDAY_NOON, rung_at=MONDAY_NOON
        )

    assert_names(refusal.value, "pending_work_once_per_order", columns="orders_pendingwork.order_id")


def test_a_bar_is_due_on_the_day_that_was_promised_and_a_day_closed_by_staff_moves_both(catalogue):
    CapacityDay.objects.update_or_create(day=date(2026, 11, 18), defaults={"bars": 0, "note": "No power"})
    order = paid_order()
    assert order.shipments.get().dispatch_on == only_job(order).due_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        (datetime(2026, 11, 16, 12, tzinfo=UTC), date(2026, 11, 19)),  # Monday → Thursday
        (datetime(2026, 11, 16, 13, tzinfo=UTC), date(2026, 11, 20)),  # after two in the shop
        (datetime(2026, 11, 20, 8, tzinfo=UTC), date(2026, 11, 25)),  # Friday → Wednesday
        (datetime(2026, 11, 22, 8, tzinfo=UTC), date(2026, 11, 26)),  # Sunday counts as Monday
        (datetime(2026, 12, 22, 8, tzinfo=UTC), date(2026, 12, 29)),  # over Christmas
    ],
)
def test_without_a_promised_day_it_is_due_in_three_days_on_which_somebody_works(catalogue, paid, due):
    order = placed_order((design(), 1))
    order.shipments.update(dispatch_on=None)
    with transaction.atomic():
        order.mark_paid(paid)
        release(order)
    assert only_job(order).due_on == due


def test_the_next_working_day_knows_holidays_and_what_staff_have_closed(catalogue):
    assert promise.next_working_day(date(2026, 12, 23)) == date(2026, 12, 28)
    CapacityDay.objects.update_or_create(day=date(2026, 12, 28), defaults={"bars": 0})
    assert promise.next_working_day(date(2026, 12, 23)) == date(2026, 12, 29)


def assert_names(refusal: IntegrityError, constraint: str, *, columns: str) -> None:
    """SQLite names a unique constraint by its columns, a check by its name; PostgreSQL names both."""
    assert constraint in str(refusal) or columns in str(refusal)
