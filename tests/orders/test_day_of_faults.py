"""A day of the manufactory during which the web server, the worker, the broker and the database die again and again.

All of them are killed with SIGKILL at seeded moments, while people buy, pay and make bars; half of the customers never
come back from the page where they pay. Afterwards every rule of the day holds, nothing waits, each bar has its ticket
and each order its letter.
"""

from __future__ import annotations

import email
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic, sleep

import psycopg
import pytest

from config.settings import VAR_DIR
from devserver.installation import PYTHON, ROOT
from devserver.stack import Stack
from tests.conftest import share
from tests.ports import two_free_ports
from tests.postgres import MORTAL, Server, postgres_server

SEED = 20261123
ORDERS = 8
ROUNDS_LEAST = 1
MORTALS = ("web", "worker", "broker", "database")
# A few seconds on an idle machine.
CALM_SECONDS = 240
DUE = "SELECT kind, attempts, last_error FROM orders_pendingwork WHERE done_at IS NULL AND kind <> 'shipped'"
LAST_SIGNS = 6_000
pytestmark = [pytest.mark.slow, pytest.mark.valkey, pytest.mark.postgres, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class House:
    stack: Stack
    database: Server

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database.address) as connection:
            return connection.execute(question.encode()).fetchall()

    def lose(self, what: str) -> None:
        """Somebody pulls the plug, and puts it back."""
        if what == "database":
            self.database.kill()
            sleep(0.5)
            self.database.start()
            return
        child = {"web": self.stack.web, "worker": self.stack.worker, "broker": self.stack.broker}[what]
        child.kill()
        sleep(0.5)
        child.start()
        child.wait_until_ready()


@pytest.fixture
def house() -> Iterator[House]:
    with (
        postgres_server(MORTAL) as database,
        tempfile.TemporaryDirectory(prefix="stack-") as folder,
    ):
        share(Path(folder), ["ready"], VAR_DIR)
        env = {
            "DATABASE_URL": database.address,
            "WORK_LEASE_SECONDS": "5",
            "WORK_SWEEP_SECONDS": "1",
            "LOG_LEVEL": "WARNING",
        }
        stack = Stack(Path(folder), port=two_free_ports(), env=env)
        for command in ("migrate", "load_catalogue", "load_rates", "ensure_groups"):
            subprocess.run(
                [PYTHON, "manage.py", command], cwd=ROOT, env=stack.env, check=True, stdout=subprocess.DEVNULL
            )
        stack.start()
        try:
            yield House(stack, database)
        finally:
            stack.stop()


def test_whatever_dies_during_a_day_every_bar_is_paid_made_and_sent_once(house, tmp_path):
    chance = Random(SEED)
    lost: Counter[str] = Counter()
    said = tmp_path / "said.txt"
    with said.open("w") as paper:
        day = subprocess.Popen(
            [
                PYTHON,
                "manage.py",
                "simulate_day",
                "--faults",
                "--orders",
                str(ORDERS),
                "--report",
                tmp_path / "day.html",
            ],
            cwd=ROOT,
            env=house.stack.env,
            stdout=paper,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_people_come(said)
            while day.poll() is None:
                for what in chance.sample(MORTALS, len(MORTALS)):
                    sleep(chance.uniform(0.2, 1))
                    house.lose(what)
                    lost[what] += day.poll() is None
        finally:
            day.kill()
            day.wait()
    told = said.read_text()

    assert day.returncode == 0, told
    assert "✗" not in told
    assert min(lost.values()) >= ROUNDS_LEAST, lost
    assert "times the database went away" in told
    assert_nothing_waits(house)
    assert house.ask("SELECT code FROM orders_job WHERE ticket = ''") == []
    assert_one_letter_each(house)


def wait_until_people_come(said: Path) -> None:
    until = monotonic() + CALM_SECONDS
    while "Bought" not in said.read_text():
        assert monotonic() < until, said.read_text()
        sleep(0.2)


def assert_nothing_waits(house: House) -> None:
    """But for letters that wait an hour for a tracking number."""
    until = monotonic() + CALM_SECONDS
    while left := house.ask(DUE):
        if monotonic() > until:
            worker = house.stack.worker.log.read_text(errors="replace")[-LAST_SIGNS:]
            pytest.fail(f"Still to be done: {Counter(left).most_common(5)}; the worker said last:\n{worker}")
        sleep(0.5)


def assert_one_letter_each(house: House) -> None:
    """A worker that dies between the mail server's yes and its own mark sends the same letter once more."""
    letters = [
        email.message_from_bytes(file.read_bytes()) for file in (house.stack.var / "mail").glob("*.eml")
    ]
    told = {(str(letter["Message-ID"]).partition("-")[0].strip("<"), letter["To"]) for letter in letters}
    buyers = {f"buyer-{number}@example.org" for number in range(1, ORDERS + 1)}

    for kind in ("order", "production"):
        assert {to for of, to in told if of == kind} == buyers
        known = [letter["Message-ID"] for letter in letters if f"<{kind}-" in letter["Message-ID"]]
        assert len(set(known)) == ORDERS
