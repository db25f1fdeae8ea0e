"""What every test stands on: a real database, the real broker, real processes, a real browser.

Nothing here skips. A test whose browser, broker or database is missing fails and says what to install.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest
from django.core.cache import cache
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from config.settings import RULES_ARE_COMPILED, VAR_DIR
from configurator import kept_briefly, limits
from configurator.catalogue import price_lists, sold_out
from devserver.stack import Stack, broker
from orders.models.shipping import TariffVersion
from tests import loaded
from tests.balance import LongestFirst, longest_first
from tests.ports import two_free_ports

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# At Django's door ten may wait. Two windows ask for more at once, and whom the kernel turns away comes
# back after seconds, which double.
ThreadedWSGIServer.request_queue_size = 128
# Playwright runs an event loop in this thread; Django must not take its own calls for asynchronous ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# How long an example takes is the machine's matter, not the property's.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


# ── Every test ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """A test that reaches for the world outside has forgotten its sandbox."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {address[0]}:{address[1]}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_nearby)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, not in memory: threads and other processes meet there as in the shop."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session", autouse=True)
def swept_past_the_guards() -> Iterator[None]:
    """Between tests all tables are emptied; SQLite knows no TRUNCATE, and DELETE is what triggers refuse."""
    flush = SQLite.ops_class.sql_flush

    def without_guards(self: Any, *what: Any, **how: Any) -> list[str]:
        statements = flush(self, *what, **how)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
        return [
            *(f'DROP TRIGGER "{name}"' for name, _sql in guards),
            *statements,
            *(sql for _name, sql in guards),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLite.ops_class, "sql_flush", without_guards)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        loaded.make_copies()


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    """Files and mail of a test go where no other test looks."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_FOLDER = tmp_path / "mail"
    if request.node.get_closest_marker("browser"):
        share(settings.MEDIA_ROOT, PICTURES, request.getfixturevalue("shared"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


PICTURES: Final = ("modules", "previews")
"""Their addresses say all that decides them, so whichever test makes one first has made it for all browsers."""


def share(folder: Path, names: Iterable[str], shared: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (shared / name).mkdir(exist_ok=True)
        (folder / name).symlink_to(shared / name)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    """What a process keeps of its tables must not outlive their test. Price lists
    there are none, and nothing is counted, until one makes some; and then no clock makes it read again."""
    settings.SHELVES_SECONDS = 3600
    kept_briefly.forget_all()
    price_lists.lists.keep((), 3600)
    sold_out.shelves.keep({}, 3600)


@pytest.fixture(autouse=True)
def unread_tariff() -> None:
    """What an earlier test left in memory of rates and working weeks is not this one's."""
    TariffVersion.forget()


@pytest.fixture(autouse=True)
def one_window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is limited by the minute is counted in one that does not end in the middle of a test.

    In a browser minutes pass: what it asks for in all of them would be too much for one.
    """
    if "live_server" not in request.fixturenames:
        monkeypatch.setattr(limits, "time", lambda: 1_800_000_000.0)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page asked for in German leaves its language behind in this thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def hurried_passwords(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Hashing slowly guards real passwords and would only slow these; the stack's processes know no other way."""
    if "stack" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def postgres_where_needed(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.fail("This test needs PostgreSQL: run it by bin/test, or set DATABASE_URL.")


def pytest_report_header() -> str:
    return f"rules: {'compiled' if RULES_ARE_COMPILED else 'as written'}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    # xdist would begin with the files of most tests, and end with those few that take a minute each.
    config.option.loadscopereorder = False
    return LongestFirst(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What we owe must hold on both databases, whose locks and constraints differ; what is seen of it does not."""
    for test in items:
        known = any(map(test.get_closest_marker, ("postgres", "browser", "both_databases")))
        if "orders" in test.path.parts and not known and _asks_tables(test) and not _is_counter_proof(test):
            test.add_marker(pytest.mark.both_databases)
    # One worker alone runs what somebody picked, in its order.
    if hasattr(config, "workerinput"):
        longest_first(items)


def _asks_tables(test: pytest.Item) -> bool:
    fixtures = test.fixturenames if isinstance(test, pytest.Function) else []
    return test.get_closest_marker("django_db") is not None or not {"db", "transactional_db"}.isdisjoint(
        fixtures
    )


def _is_counter_proof(test: pytest.Item) -> bool:
    """That a test fails without its safeguard need be seen once (tests/orders/safeguards.py)."""
    parameters = (
        test.callspec.params if isinstance(test, pytest.Function) and hasattr(test, "callspec") else {}
    )
    return parameters.get("without") is not None


# ── The broker and the whole stack ───────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The address of a real broker, as REDIS_URL would name it."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        address = Path(folder) / "broker.sock"
        server = broker(Path(folder), address, env=os.environ)
        server.start()
        try:
            server.wait_until_ready()
            yield f"unix://{address}"
        finally:
            server.stop()


@pytest.fixture
def stack_env() -> dict[str, str]:
    """Variables that a test module wants for the stack's processes; override it there."""
    return {}


@pytest.fixture
def stack(transactional_db: None, stack_env: dict[str, str], shared: Path) -> Iterator[Stack]:
    """The whole shop in its own processes, on this test's database.

    Has `url`, `sandbox_url`, `env`, `var` (mail/, media/, log/) and the processes `broker`, `sandbox`,
    `web` and `worker`, each with `pid`, `kill()`, `start()` and `wait_until_ready()`. The test itself
    may use models: it sees the same rows.
    """
    loaded.catalogue()
    loaded.rates()
    loaded.ready_bars()
    with tempfile.TemporaryDirectory(prefix="stack-") as folder:
        share(Path(folder), ["ready"], VAR_DIR)
        share(Path(folder) / "media", ["modules"], shared)
        running = Stack(Path(folder), port=two_free_ports(), env={"DATABASE_URL": database_url()} | stack_env)
        try:
            running.start()
            yield running
        finally:
            running.stop()


def database_url() -> str:
    names = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{names['NAME']}"
    return f"postgresql://{names['USER']}:{names['PASSWORD']}@/{names['NAME']}?host={names['HOST']}"


# ── The browser ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.fail("Chromium is missing: apt-get install chromium, or set CHROMIUM to its path.")
    # A busy machine is slower than a person's patience; what is right in the end is right.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_window(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens private windows, each a visitor of its own; arguments as for Playwright's new_context.

    Scripts that fail and anything the content security policy stops fail the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(**options: Any) -> Page:
        context = chromium.new_context(**({"locale": "en-GB"} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend(_violation(message)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_window: Callable[..., Page]) -> Page:
    return new_window()


def _violation(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []
