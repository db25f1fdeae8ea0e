"""Workers die and brokers forget; every bar still gets one job, one ticket and one mail.

A real worker process with beat is killed with SIGKILL ten times, at seeded random moments, and the
broker is emptied once. One window cannot be closed from our side: a worker that dies between the
mail server's yes and its own mark `done` sends the letter again. It carries the same Message-ID, by
which mailboxes drop the copy; a kill can cause one such copy at most per process it kills.
"""

from __future__ import annotations

import email
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
from pypdfium2 import PdfDocument
from redis import Redis

from configurator.pictures.picture_addresses import Picture
from configurator.pictures.previews import preview
from devserver.stack import Stack
from orders.buying.wishes import Wishes
from orders.models import Job, Order, PendingWork
from orders.production import tickets
from tests.orders.bells import broker_at, celery_address
from tests.orders.paid import ADA, design, paid_order

SEED = 20261121
ORDERS, KILLS = 200, 10
EMPTIED_AFTER_KILL = 4
LEASE_SECONDS = 5
PROCESSES = 2
pytestmark = [pytest.mark.slow, pytest.mark.valkey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stack_env(request: pytest.FixtureRequest) -> dict[str, str]:
    return {
        "WORK_LEASE_SECONDS": str(LEASE_SECONDS),
        "WORK_SWEEP_SECONDS": str(getattr(request, "param", 1)),
        "LOG_LEVEL": "WARNING",
    }


@pytest.mark.timeout(600)  # 45 s when the machine has nothing else to do
def test_nothing_is_lost_and_nothing_is_made_twice(stack, settings):
    settings.MEDIA_ROOT = stack.var / "media"
    chance = random.Random(SEED)
    orders: list[Order] = []
    left_by_the_dead = []

    for kill in range(1, KILLS + 1):
        stack.worker.kill()
        left_by_the_dead.append(undone())
        if kill == EMPTIED_AFTER_KILL:
            broker_of(stack).flushall()
        orders += pay_for(ORDERS // KILLS, stack, first=len(orders))
        stack.worker.start()
        stack.worker.wait_until_ready()
        sleep(chance.uniform(0.1, 1.2))
    wait_until(lambda: undone() == 0, seconds=300)

    assert sum(left > 0 for left in left_by_the_dead[1:]) >= KILLS // 2, "killed while there was work"
    assert_one_job_per_bar(orders)
    assert_one_ticket_per_bar(stack)
    assert_one_mail_per_order(orders, stack, killed=KILLS * PROCESSES)


@pytest.mark.parametrize("stack_env", [3600], indirect=True)
def test_without_the_sweep_work_would_be_lost(stack, settings):
    """The counter-proof: the very same faults, and nobody rings again."""
    settings.MEDIA_ROOT = stack.var / "media"
    stack.worker.kill()
    orders = pay_for(5, stack)

    broker_of(stack).flushall()
    stack.worker.start()
    stack.worker.wait_until_ready()
    sleep(3)

    assert undone() == 4 * len(orders)


def pay_for(count: int, stack: Stack, *, first: int = 0) -> list[Order]:
    """Bells ring at the broker as they do for the webhook; the pictures are warm."""
    bars = [design("Ada"), design("Crunch", "milk_37", "cornflakes")]
    with broker_at(celery_address(stack.env["REDIS_URL"])):
        orders = [
            paid_order((bars[number % 2], 1), contact=buyer(number)) for number in range(first, first + count)
        ]
    for bar in bars:
        preview(Picture(bar.digest, "print", 0, "png"))
        preview(Picture(bar.digest, "bar", tickets.PICTURE_WIDTH, "jpg"))
    return orders


def buyer(number: int) -> Wishes:
    return replace(ADA, email=f"buyer-{number}@example.org")


def broker_of(stack: Stack) -> Redis:
    return Redis(unix_socket_path=str(stack.socket))


def undone() -> int:
    return PendingWork.objects.filter(done_at=None).count()


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> None:
    until = monotonic() + seconds
    while not is_true():
        if monotonic() > until:
            left = PendingWork.objects.filter(done_at=None).values_list("kind", "attempts", "last_error")
            pytest.fail(f"After {seconds:.0f} s still to be done: {Counter(left).most_common(5)}")
        sleep(0.25)


def assert_one_job_per_bar(orders: list[Order]) -> None:
    jobs = Counter(Job.objects.values_list("order_line__order_id", flat=True))
    assert jobs == {order.pk: 1 for order in orders}


def assert_one_ticket_per_bar(stack: Stack) -> None:
    codes = sorted(Job.objects.values_list("code", flat=True))
    files = sorted((stack.var / "media" / "tickets").iterdir())

    assert [file.stem for file in files] == codes
    for file in files:
        with PdfDocument(file) as paper:
            assert file.stem in paper[0].get_textpage().get_text_range()
    assert Job.objects.filter(ticket="").count() == 0


def assert_one_mail_per_order(orders: list[Order], stack: Stack, *, killed: int) -> None:
    letters = [email.message_from_bytes(file.read_bytes()) for file in mails(stack)]
    sent = {(letter["To"], letter["Message-ID"]) for letter in letters}

    assert sorted(to for to, _message_id in sent) == sorted(order.email for order in orders)
    assert len({message_id for _to, message_id in sent}) == len(orders)
    assert len(letters) - len(orders) <= killed


def mails(stack: Stack) -> list[Path]:
    return list((stack.var / "mail").glob("*.eml"))
