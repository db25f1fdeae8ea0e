"""The sweep rings for what nobody heard, and leaves alone what is in hands or done."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.core import mail

from configurator.purposes import Purpose
from orders import periodic
from orders.models import PendingWork
from orders.production import outbox
from orders.tasks import carry_out, hanging, ring
from tests.orders.bells import broker_at, celery_address, emptied
from tests.orders.paid import MONDAY_NOON, design, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
PATIENCE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def owed(catalogue: None) -> list[int]:
    """Three pieces of work whose bell nobody heard: the broker was emptied."""
    paid_order()
    return list(PendingWork.objects.order_by("pk").values_list("pk", flat=True))


def unheard(now: datetime, *purposes: Purpose) -> list[int]:
    return sorted(work.pk for work in outbox.unheard(now=now, purposes=purposes or Purpose))


def test_what_was_just_rung_is_left_to_the_broker(owed):
    assert unheard(MONDAY_NOON + PATIENCE - timedelta(seconds=1)) == []


def test_what_nobody_heard_is_rung_again(owed):
    assert unheard(MONDAY_NOON + PATIENCE) == owed


def test_each_sweep_rings_once(owed):
    unheard(MONDAY_NOON + PATIENCE)

    assert unheard(MONDAY_NOON + PATIENCE + timedelta(seconds=30)) == []
    assert unheard(MONDAY_NOON + 2 * PATIENCE) == owed


def test_done_work_is_not_rung_for(owed):
    for work_id in owed[:2]:
        carry_out(work_id)

    assert unheard(MONDAY_NOON + PATIENCE) == owed[2:]


def test_work_in_hands_is_not_rung_for_until_its_lease_is_over(owed, settings):
    outbox.claim(owed[0], now=MONDAY_NOON)
    end = MONDAY_NOON + timedelta(seconds=settings.WORK_LEASE_SECONDS)

    assert unheard(MONDAY_NOON + PATIENCE) == owed[1:]
    assert unheard(end) == owed


def test_an_emptied_broker_loses_nothing(owed):
    for work_id in unheard(MONDAY_NOON + PATIENCE):
        carry_out(work_id)

    assert PendingWork.objects.filter(done_at=None).count() == 0
    assert len(mail.outbox) == 1


def test_a_sweep_takes_a_bounded_number_and_the_next_one_goes_on(owed, monkeypatch):
    monkeypatch.setattr(outbox, "SWEPT_AT_ONCE", 2)
    paid_order((design(), 2))
    tickets = PendingWork.objects.filter(kind="ticket").order_by("pk")
    first, second, third = tickets.values_list("pk", flat=True)

    assert unheard(MONDAY_NOON + PATIENCE, Purpose.FLOOR) == [first, second]
    assert unheard(MONDAY_NOON + PATIENCE, Purpose.FLOOR) == [third]


def test_a_flood_of_pictures_keeps_no_forgotten_ticket_waiting(owed, monkeypatch):
    monkeypatch.setattr(outbox, "SWEPT_AT_ONCE", 2)
    paid_order((design(), 5))
    PendingWork.objects.filter(kind="picture").update(rung_at=MONDAY_NOON - timedelta(hours=1))

    rung = outbox.unheard(now=MONDAY_NOON + PATIENCE)

    kinds = Counter(work.kind for work in rung)
    assert kinds == {"invoice": 2, "ticket": 2, "confirmation": 2, "picture": 2}


@pytest.mark.valkey
@pytest.mark.django_db(transaction=True)
def test_where_bells_enough_hang_nobody_rings_once_more(valkey, owed, monkeypatch):
    monkeypatch.setattr(outbox, "SWEPT_AT_ONCE", 2)
    PendingWork.objects.update(rung_at=MONDAY_NOON)
    ticket = PendingWork.objects.get(kind="ticket")

    with broker_at(celery_address(valkey)):
        emptied(valkey)
        ring([ticket, ticket])
        assert hanging()[Purpose.FLOOR] == 2
        assert periodic.sweep() == 3

        emptied(valkey)
        assert hanging()[Purpose.FLOOR] == 0
        assert periodic.sweep() == 1
        emptied(valkey)


def test_beat_sweeps_and_says_how_many_it_rang_for(owed):
    PendingWork.objects.update(rung_at=MONDAY_NOON)

    assert periodic.sweep() == 4
    assert periodic.sweep() == 0


@pytest.mark.parametrize("bars", [1, 3])
def test_a_sweep_costs_the_same_however_much_is_owed(django_assert_num_queries, bars):
    paid_order((design(), bars))

    with django_assert_num_queries(2 + len({*PendingWork.PURPOSES.values()})):
        unheard(MONDAY_NOON + PATIENCE)
