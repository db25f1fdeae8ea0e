"""Prepares the database, unless nothing that goes into it has changed since the last time."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from devserver.installation import PYTHON, ROOT
from devserver.refusal import CannotStart
from devserver.stack import Stack
from devserver.steps import report

SOURCES = ("configurator", "shop", "orders", "locale")
SUFFIXES = frozenset({".py", ".csv", ".toml", ".json", ".po", ".mo"})


def prepare_once(stack: Stack, *, password_file: Path) -> None:
    began = monotonic()
    stamp = stack.var / "prepared"
    if _is_own(stack) and stamp.exists() and stamp.read_text() == _fingerprint():
        report("Database", monotonic() - began, "unchanged")
    else:
        _prepare(stack, password_file)
        stamp.write_text(_fingerprint())


def _is_own(stack: Stack) -> bool:
    """A database that others may have changed is looked at every time."""
    return not stack.env.get("DATABASE_URL") and (stack.var / "couverture.sqlite3").exists()


def _prepare(stack: Stack, password_file: Path) -> None:
    command = [str(PYTHON), "-m", "devserver.prepare", str(password_file)]
    done = subprocess.run(command, cwd=ROOT, env=stack.env, check=False)
    if done.returncode:
        raise CannotStart("The database could not be prepared; the reason stands above.")


def _fingerprint() -> str:
    """Of code too: it decides what a row of the catalogue becomes."""
    digest = hashlib.sha256()
    for file in sorted(_files()):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (file for file in (ROOT / folder).rglob("*") if file.suffix in SUFFIXES)
