"""The sweep rings for what nobody heard, and leaves alone what is in hands or done."""

from datetime import timedelta

import pytest
from django.core import mail

from orders import periodic
from orders.models import PendingWork
from orders.production import outbox
from orders.tasks import carry_out
from tests.orders.paid import MONDAY_NOON, design, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
PATIENCE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def owed(catalogue: None) -> list[int]:
    """Three pieces of work whose bell nobody heard: the broker was emptied."""
    paid_order()
    return list(PendingWork.objects.order_by("pk").values_list("pk", flat=True))


def test_what_was_just_rung_is_left_to_the_broker(owed):
    assert outbox.unheard(now=MONDAY_NOON + PATIENCE - timedelta(seconds=1)) == []


def test_what_nobody_heard_is_rung_again(owed):
    assert outbox.unheard(now=MONDAY_NOON + PATIENCE) == owed


def test_each_sweep_rings_once(owed):
    outbox.unheard(now=MONDAY_NOON + PATIENCE)

    assert outbox.unheard(now=MONDAY_NOON + PATIENCE + timedelta(seconds=30)) == []
    assert outbox.unheard(now=MONDAY_NOON + 2 * PATIENCE) == owed


def test_done_work_is_not_rung_for(owed):
    for work_id in owed[:2]:
        carry_out(work_id)

    assert outbox.unheard(now=MONDAY_NOON + PATIENCE) == owed[2:]


def test_work_in_hands_is_not_rung_for_until_its_lease_is_over(owed, settings):
    outbox.claim(owed[0], now=MONDAY_NOON)
    end = MONDAY_NOON + timedelta(seconds=settings.WORK_LEASE_SECONDS)

    assert outbox.unheard(now=MONDAY_NOON + PATIENCE) == owed[1:]
    assert outbox.unheard(now=end) == owed


def test_an_emptied_broker_loses_nothing(owed):
    for work_id in outbox.unheard(now=MONDAY_NOON + PATIENCE):
        carry_out(work_id)

    assert PendingWork.objects.filter(done_at=None).count() == 0
    assert len(mail.outbox) == 1


def test_a_sweep_takes_a_bounded_number_and_the_next_one_goes_on(owed, monkeypatch):
    monkeypatch.setattr(outbox, "SWEPT_AT_ONCE", 2)

    assert outbox.unheard(now=MONDAY_NOON + PATIENCE) == owed[:2]
    assert outbox.unheard(now=MONDAY_NOON + PATIENCE) == owed[2:]


def test_beat_sweeps_and_says_how_many_it_rang_for(owed):
    PendingWork.objects.update(rung_at=MONDAY_NOON)

    assert periodic.sweep() == 4
    assert periodic.sweep() == 0


@pytest.mark.parametrize("bars", [1, 3])
def test_a_sweep_costs_the_same_however_much_is_owed(django_assert_num_queries, bars):
    paid_order((design(), bars))

    with django_assert_num_queries(3):
        outbox.unheard(now=MONDAY_NOON + PATIENCE)
