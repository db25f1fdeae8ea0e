"""Real workers at the real broker: what they take first, what they leave to others, and how they end."""

from __future__ import annotations

import os
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from config.settings import VAR_DIR
from devserver.children import Child
from devserver.stack import worker
from orders.models import Order, PendingWork
from orders.tasks import hanging, ring
from tests import loaded
from tests.conftest import database_url, share
from tests.orders.bells import broker_at, celery_address, emptied
from tests.orders.paid import ADA, design, paid_order

pytestmark = [pytest.mark.slow, pytest.mark.valkey, pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 200


class House:
    """A folder of its own and bells that hang at the broker; nobody works yet."""

    def __init__(self, var: Path, redis_url: str) -> None:
        self.var = var
        self.env = os.environ | {
            "COUVERTURE_VAR": str(var),
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "LOG_LEVEL": "WARNING",
        }

    @contextmanager
    def worker(self, *options: str, name: str = "Worker", **env: str) -> Iterator[Child]:
        """Ready, and gone at the end."""
        at_work = worker(self.var, env=self.env | env, name=name, options=options)
        at_work.start()
        try:
            at_work.wait_until_ready()
            yield at_work
        finally:
            at_work.kill()


@pytest.fixture
def house(valkey: str, shared: Path, settings) -> Iterator[House]:
    loaded.catalogue()
    loaded.rates()
    emptied(valkey)
    with tempfile.TemporaryDirectory(prefix="worker-") as folder, broker_at(celery_address(valkey)):
        share(Path(folder), ["ready"], VAR_DIR)
        share(Path(folder) / "media", ["modules"], shared)
        settings.MEDIA_ROOT = Path(folder) / "media"
        yield House(Path(folder), valkey)
    emptied(valkey)


def test_money_and_tickets_go_before_a_flood_of_pictures(house):
    orders(3)
    emptied(house.env["REDIS_URL"])
    ring(PendingWork.objects.filter(kind="picture"))
    ring(PendingWork.objects.exclude(kind="picture"))

    with house.worker("--concurrency", "1"):
        wait_until(lambda: undone() == 0)

    done = PendingWork.objects.order_by("done_at").values_list("kind", flat=True)
    assert list(done) == [*3 * ["invoice"], *3 * ["ticket"], *3 * ["confirmation"], *3 * ["picture"]]


def test_a_worker_of_the_floor_leaves_pictures_to_others(house):
    orders(2)

    with house.worker("--queues", "money,floor"):
        wait_until(lambda: undone("invoice", "ticket") == 0)

    assert set(attempts("picture", "confirmation")) == {0}
    assert hanging() == {"money": 0, "floor": 0, "mail": 2, "house": 0, "pictures": 2}


def test_what_is_rung_for_thrice_is_done_once_by_two_workers(house):
    made = orders(4)
    for _more in range(2):
        ring(PendingWork.objects.all())

    with house.worker("--concurrency", "2", name="One"), house.worker("--concurrency", "2", name="Two"):
        wait_until(lambda: undone() == 0 and not any(hanging().values()))

    assert set(attempts()) == {1}
    assert len(list((house.var / "mail").glob("*.eml"))) == len(made)


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_in_hand_and_begins_nothing(house):
    orders(6)

    with house.worker("--concurrency", "2") as first:
        wait_until(lambda: PendingWork.objects.exclude(lease=None).exists())
        os.kill(first.pid, signal.SIGTERM)
        wait_until(lambda: first.exit_code is not None)
        assert first.exit_code == 0
    begun = PendingWork.objects.filter(attempts__gt=0)
    assert begun.filter(done_at=None).count() == 0
    assert sum(hanging().values()) == undone()

    with house.worker("--concurrency", "2"):
        wait_until(lambda: undone() == 0)
    assert set(attempts()) == {1}


def test_a_process_that_has_grown_is_replaced_between_two_pieces_of_work(house):
    orders(2)
    with house.worker("--concurrency", "1", WORKER_MEMORY_MB="1") as grown:
        first = children_of(grown)
        wait_until(lambda: undone() == 0)
        wait_until(lambda: not first & children_of(grown))

    assert set(attempts()) == {1}


def children_of(child: Child) -> set[str]:
    return set(Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split())


def orders(count: int) -> list[Order]:
    """One bar each, and a bell for each piece of work."""
    buyers = (replace(ADA, email=f"buyer-{number}@example.org") for number in range(count))
    return [paid_order((design(), 1), contact=buyer) for buyer in buyers]


def undone(*kinds: str) -> int:
    return PendingWork.objects.filter(done_at=None, kind__in=kinds or PendingWork.Kind).count()


def attempts(*kinds: str) -> Counter[int]:
    return Counter(
        PendingWork.objects.filter(kind__in=kinds or PendingWork.Kind).values_list("attempts", flat=True)
    )


def wait_until(is_true: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert monotonic() < until, PendingWork.objects.values_list("kind", "attempts", "last_error")
        sleep(0.05)
