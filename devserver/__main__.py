"""Starts the whole shop on this machine and keeps it running until Ctrl-C."""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import FrameType
from typing import NoReturn

from devserver.children import Child
from devserver.installation import ROOT, install
from devserver.preparation import prepare_once
from devserver.refusal import CannotStart
from devserver.stack import Stack, is_free
from devserver.steps import report

VAR = Path(os.environ.get("COUVERTURE_VAR") or ROOT / "var")
PASSWORD_FILE = VAR / "staff_password"
MARK = ".couverture"
LOOK_SECONDS = 0.5


def main() -> None:
    options = _options()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        _run(port=options.port, reset=options.reset)
    except CannotStart as refusal:
        sys.exit(f"bin/dev: {refusal}")
    except KeyboardInterrupt:
        print("\nStopped.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/dev", description=__doc__)
    parser.add_argument(
        "--port",
        type=int,
        default=8000,
        help="the shop's port; the sandbox takes the next one (default: 8000)",
    )
    parser.add_argument(
        "--reset",
        action="store_true",
        help="forget everything in var/ first: orders, mail, pictures, password",
    )
    return parser.parse_args()


def _run(*, port: int, reset: bool) -> None:
    began = monotonic()
    for folder in (ROOT, VAR):
        _check_writable(folder)
    _mark_new(VAR)
    with _only_one():
        _check_free(port, port + 1)
        if reset:
            _check_ours()
            _forget()
        install("requirements.txt")
        stack = Stack(VAR, port=port, reload=True)
        try:
            # What the shelf is filled with rings already, for whoever may wait for it.
            stack.start_broker()
            prepare_once(stack, password_file=PASSWORD_FILE)
            stack.start()
            report("Everything", monotonic() - began)
            _welcome(stack)
            _watch(stack.children)
        finally:
            _ignore_signals()
            stack.stop()


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStart(
            f"The folder {folder} cannot be written ({error.strerror}); make it yours or clone somewhere else."
        ) from None


@contextmanager
def _only_one() -> Iterator[None]:
    """One supervisor for each folder: two would share a database, a broker and a password."""
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                "The shop is already running from this folder; stop it there with Ctrl-C."
            ) from None
        yield


def _check_free(*ports: int) -> None:
    for port in ports:
        if not 1024 <= port <= 65535:
            raise CannotStart(f"Port {port} is out of range; choose one from 1024 to 65534 with --port.")
        if not is_free(port):
            raise CannotStart(f"Port {port} is in use by another program; choose another with --port.")


def _mark_new(folder: Path) -> None:
    """What we began ourselves we may empty later; a folder that held something before stays untouched."""
    if not any(folder.iterdir()):
        (folder / MARK).touch()


def _check_ours() -> None:
    if not (VAR / MARK).exists():
        raise CannotStart(f"{VAR} held other files before, so --reset leaves it alone; empty it yourself.")


def _forget() -> None:
    for path in VAR.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in {"lock", MARK}:
            path.unlink()


def _welcome(stack: Stack) -> None:
    password = PASSWORD_FILE.read_text().strip() if PASSWORD_FILE.exists() else "with the password you know"
    print(
        f"""
  Shop       {stack.url}/
  Admin      {stack.url}/admin/   admin  {password}
  Floor      {stack.url}/floor/
  API        {stack.url}/api/docs/
  Mailbox    {stack.url}/mailbox/
  Payments   {stack.sandbox_url}/   a sandbox: no money moves

  Logs are in {VAR / "log"}. Ctrl-C stops everything.
""",
        flush=True,
    )


def _watch(children: list[Child]) -> NoReturn:
    while True:
        for child in children:
            if child.exit_code is not None:
                raise CannotStart(child.obituary())
        sleep(LOOK_SECONDS)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)


if __name__ == "__main__":
    main()
