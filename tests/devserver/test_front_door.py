"""bin/dev as a stranger meets it: what stands in the way is said in one sentence, and nothing stays behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from devserver.installation import ROOT
from tests.ports import two_free_ports

LAST_LINE = "Ctrl-C stops everything."


def refusal(*arguments: str, var: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "devserver", *arguments],
        cwd=ROOT,
        env=os.environ | {"COUVERTURE_VAR": str(var), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr.strip()


def _heed_ctrl_c() -> None:
    """A shell that runs the tests in the background has it ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running_shop(var: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """bin/dev's own supervisor, started and ready."""
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "devserver", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"COUVERTURE_VAR": str(var), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509  # no threads run before the fork
    )
    assert supervisor.stdout is not None
    try:
        said = ""
        while LAST_LINE not in said:
            line = supervisor.stdout.readline()
            assert line, said
            said += line
        yield supervisor
    finally:
        supervisor.kill()
        supervisor.wait()
        supervisor.stdout.close()


def test_resetting_spares_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada")
    said = refusal("--reset", "--port", str(two_free_ports()), var=tmp_path)
    assert (
        said == f"bin/dev: {tmp_path} held other files before, so --reset leaves it alone; empty it yourself."
    )
    assert letter.read_text() == "Dear Ada"


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other_program:
        port = other_program.getsockname()[1]
        assert refusal("--port", str(port), var=tmp_path) == (
            f"bin/dev: Port {port} is in use by another program; choose another with --port."
        )


def test_a_port_that_cannot_be_is_refused(tmp_path: Path) -> None:
    assert refusal("--port", "80", var=tmp_path) == (
        "bin/dev: Port 80 is out of range; choose one from 1024 to 65534 with --port."
    )


def test_an_unwritable_folder_is_named() -> None:
    assert refusal(var=Path("/proc/shop")) == (
        "bin/dev: The folder /proc/shop cannot be written (No such file or directory); "
        "make it yours or clone somewhere else."
    )


def test_a_python_that_is_too_old_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "bin" / "python"), "-m", "devserver"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "Couverture needs Python 3.11 or newer: install it (on Debian: apt-get install python3 python3-venv) "
        "and try again.\n"
    )


@pytest.mark.slow
@pytest.mark.valkey
def test_a_database_of_another_version_is_named_with_the_way_out(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "couverture.sqlite3")) as database, database:
        database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)")
        database.execute(
            "INSERT INTO django_migrations VALUES (1, 'orders', '0099_of_tomorrow', '2026-11-23')"
        )
    assert refusal("--port", str(two_free_ports()), var=tmp_path) == (
        "This database was made by another version of the shop (orders.0099_of_tomorrow). bin/dev --reset "
        "forgets everything in var/ and makes a new one; a database of your own, that DATABASE_URL names, you "
        "empty yourself.\n"
        "bin/dev: The database could not be prepared; the reason stands above."
    )


@pytest.mark.slow
@pytest.mark.valkey
def test_the_shop_starts_twice_with_one_password_and_leaves_no_process_behind(tmp_path: Path) -> None:
    port = two_free_ports()
    with running_shop(tmp_path, port) as first:
        password = (tmp_path / "staff_password").read_text()
        assert (tmp_path / "staff_password").stat().st_mode & 0o777 == 0o600
        assert refusal(var=tmp_path) == (
            "bin/dev: The shop is already running from this folder; stop it there with Ctrl-C."
        )
        family = psutil.Process(first.pid).children(recursive=True)
        first.send_signal(signal.SIGINT)
        assert first.wait(30) == 0
        assert psutil.wait_procs(family, timeout=60)[1] == []

    with running_shop(tmp_path, port) as second:
        assert (tmp_path / "staff_password").read_text() == password
        with urlopen(f"http://127.0.0.1:{port}/health/") as answer:
            assert answer.read() == b"ok\n"
        family = psutil.Process(second.pid).children(recursive=True)
        second.kill()
        assert psutil.wait_procs(family, timeout=60)[1] == []
