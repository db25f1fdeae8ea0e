"""Pending work: done once, tried again, given up in words; no lease, no work."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.celery import app
from configurator.pictures.picture_addresses import Picture
from configurator.pictures.previews import found
from orders.models import Order, PendingWork
from orders.production import outbox, tickets
from orders.tasks import carry_out, hanging, ring
from tests.orders.bells import broker_at, celery_address, emptied
from tests.orders.paid import ADA, design, only_job, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = timezone.now()


def owed(order: Order, kind: str) -> PendingWork:
    about = {"order": order} if kind == "confirmation" else {"job": only_job(order)}
    return PendingWork.objects.get(kind=kind, **about)


def look(work: PendingWork) -> tuple[bool, bool, int, str]:
    work.refresh_from_db()
    return (work.done_at is not None, work.stuck_at is not None, work.attempts, work.last_error)


@pytest.fixture
def order(db: None) -> Order:
    return paid_order()


def test_the_print_picture_is_made(order):
    carry_out(owed(order, "picture").pk)

    assert found(Picture(only_job(order).order_line.design_id, "print", 0, "png").address)
    assert look(owed(order, "picture")) == (True, False, 1, "")


def test_the_ticket_is_made(order):
    carry_out(owed(order, "ticket").pk)

    job = only_job(order)
    assert job.ticket.name == f"tickets/{job.code}.pdf"
    assert tickets.kept_or_made(job).startswith(b"%PDF-")


def test_the_confirmation_is_sent_to_the_customer(order):
    carry_out(owed(order, "confirmation").pk)

    (letter,) = mail.outbox
    assert letter.to == [ADA.email]
    assert order.number in letter.subject


@pytest.mark.parametrize("kind", ["picture", "ticket", "confirmation"])
def test_a_task_that_runs_twice_works_once(order, kind):
    work = owed(order, kind)

    carry_out(work.pk)
    carry_out(work.pk)

    assert look(work) == (True, False, 1, "")
    assert len(mail.outbox) == (1 if kind == "confirmation" else 0)


def test_a_task_for_work_that_is_gone_does_nothing(db):
    carry_out(-1)


def test_a_failing_mail_leaves_the_order_and_says_why(order, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    work = owed(order, "confirmation")

    carry_out(work.pk)

    assert look(work) == (False, False, 1, "ConnectionRefusedError: [Errno 111] Connection refused")
    assert work.try_at > timezone.now() + timedelta(seconds=25)
    assert list(outbox.failing()) == [work]
    assert Order.objects.get(pk=order.pk).is_paid


def test_failing_work_is_not_tried_before_its_pause_is_over(order):
    work = owed(order, "confirmation")
    failed(work, times=1)

    assert outbox.claim(work.pk, now=NOW + timedelta(seconds=29)) is None
    assert outbox.claim(work.pk, now=NOW + timedelta(seconds=30)) is not None


def failed(work: PendingWork, *, times: int) -> None:
    for _time in range(times):
        PendingWork.objects.filter(pk=work.pk).update(try_at=NOW)
        claimed = outbox.claim(work.pk, now=NOW)
        assert claimed is not None
        outbox.fail(claimed, OSError("the disk is full"), now=NOW)


def test_pauses_grow_to_two_hours():
    pauses = [outbox.pause_after(attempts).total_seconds() for attempts in range(1, 11)]

    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 7200]


def test_work_is_given_up_after_ten_attempts_and_people_see_it(order):
    work = owed(order, "ticket")

    failed(work, times=10)

    assert look(work) == (False, True, 10, "OSError: the disk is full")
    assert outbox.claim(work.pk, now=NOW + timedelta(days=1)) is None
    assert unheard(NOW + timedelta(days=1)) == others(order, work)


def unheard(now: datetime) -> list[int]:
    return sorted(work.pk for work in outbox.unheard(now=now))


def others(order: Order, work: PendingWork) -> list[int]:
    return list(PendingWork.objects.exclude(pk=work.pk).order_by("pk").values_list("pk", flat=True))


def test_a_person_can_ask_for_another_try(order):
    work = owed(order, "ticket")
    failed(work, times=10)

    assert outbox.try_again([work.pk], now=timezone.now()) == [work]
    carry_out(work.pk)

    assert look(work) == (True, False, 1, "")


def test_only_what_was_given_up_is_tried_again(order):
    assert outbox.try_again([owed(order, "ticket").pk], now=NOW) == []


def test_two_workers_never_hold_the_same_work(order):
    work = owed(order, "confirmation")

    first, second = (outbox.claim(work.pk, now=NOW) for _worker in range(2))

    assert first is not None
    assert second is None


def test_a_dead_workers_lease_runs_out(order, settings):
    work = owed(order, "confirmation")
    outbox.claim(work.pk, now=NOW)
    end = NOW + timedelta(seconds=settings.WORK_LEASE_SECONDS)

    assert outbox.claim(work.pk, now=end - timedelta(seconds=1)) is None
    taken_over = outbox.claim(work.pk, now=end)

    assert taken_over is not None
    assert taken_over.attempts == 2


def test_a_worker_that_was_too_slow_cannot_finish_for_its_successor(order, settings):
    work = owed(order, "confirmation")
    slow = outbox.claim(work.pk, now=NOW)
    quick = outbox.claim(work.pk, now=NOW + timedelta(seconds=settings.WORK_LEASE_SECONDS))
    assert slow is not None
    assert quick is not None

    assert outbox.finish(slow, now=NOW) is False
    assert outbox.fail(slow, OSError("late"), now=NOW) is False
    assert look(work) == (False, False, 2, "")
    assert outbox.finish(quick, now=NOW) is True


def test_work_that_kills_its_worker_every_time_is_given_up(order):
    work = owed(order, "ticket")
    PendingWork.objects.filter(pk=work.pk).update(attempts=9)
    assert outbox.claim(work.pk, now=NOW) is not None
    much_later = NOW + timedelta(hours=1)

    assert work.pk not in unheard(much_later)

    assert look(work) == (False, True, 10, "The worker died at every attempt.")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"lease": "8c1b1f4e-9f3c-4c56-9a3e-0c7a3b1f0000"}, "pending_work_lease_has_an_end"),
        ({"done_at": NOW, "stuck_at": NOW}, "pending_work_done_is_not_stuck"),
        ({"kind": "picture"}, "pending_work_is_for_what_its_kind_is_about"),
    ],
)
def test_the_database_keeps_the_outbox_sane(order, columns, constraint):
    work = PendingWork.objects.filter(pk=owed(order, "confirmation").pk)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        work.update(**columns)


@pytest.mark.django_db(transaction=True)
def test_an_order_is_paid_though_the_broker_is_away(caplog):
    with broker_at("redis://127.0.0.1:1/0"):
        order = paid_order((design(), 3))

    assert order.is_paid
    assert PendingWork.objects.count() == 8
    assert "the sweep will ring again" in caplog.text


@pytest.mark.valkey
def test_a_broker_that_refuses_every_bell_stops_nobody(valkey, order, caplog):
    broker = emptied(valkey)
    broker.set("money", "somebody else's, no queue of ours")
    with broker_at(celery_address(valkey)):
        ring(PendingWork.objects.order_by("-kind"))
    broker.flushdb()

    assert "the sweep will ring again" in caplog.text


@pytest.mark.valkey
def test_every_bell_hangs_in_the_queue_of_its_purpose(valkey, order):
    emptied(valkey)
    with broker_at(celery_address(valkey)):
        ring(PendingWork.objects.all())
        waiting = hanging()
    emptied(valkey)

    assert waiting == {"money": 1, "floor": 1, "mail": 1, "house": 0, "pictures": 1}


def test_a_broker_that_is_away_has_no_bells():
    with broker_at("redis://127.0.0.1:1/0"):
        assert set(hanging().values()) == {0}


def test_every_kind_of_work_has_a_purpose():
    assert set(PendingWork.PURPOSES) == set(PendingWork.Kind)


def test_every_task_of_the_clock_is_known_and_has_a_queue(settings):
    known = app.tasks.keys()

    assert set(settings.CELERY_TASK_ROUTES) <= known
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= known
