"""Everything the sandbox remembers, kept in a folder so that a restart forgets nothing.

Each change is one line of JSON appended to a journal before the answer leaves; a start reads the
journal back and writes it anew as a snapshot, the last line of each record only.
"""

import fcntl
import json
import secrets
import string
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sandbox.refusal import Record

SIGNS = string.ascii_letters + string.digits


class StateFolderInUse(Exception):
    """Two sandboxes in one folder would overwrite each other."""


class Table:
    """Records of one kind by id, in the order they were made."""

    def __init__(self, name: str, unsaved: dict[tuple[str, str], Record]) -> None:
        self.name = name
        self._records: dict[str, Record] = {}
        self._unsaved = unsaved

    def get(self, key: str) -> Record | None:
        return self._records.get(key)

    def put(self, key: str, record: Record) -> None:
        self.load(key, record)
        self._unsaved[self.name, key] = record

    def load(self, key: str, record: Record) -> None:
        self._records[key] = record

    def records(self) -> list[Record]:
        return list(self._records.values())

    def items(self) -> list[tuple[str, Record]]:
        return list(self._records.items())


class State:
    def __init__(self, folder: Path) -> None:
        self._lock = threading.RLock()
        self._unsaved: dict[tuple[str, str], Record] = {}
        self.objects = self._table("objects")
        self.events = self._table("events")
        self.deliveries = self._table("deliveries")
        self.answers = self._table("answers")
        # What a session knows and its public object does not show: lines, terms, payer.
        self.backstage = self._table("backstage")
        self.settings = self._table("settings")
        self.expired_at: int | None = None
        """By the sandbox's clock, when what is overdue was closed last."""
        self._claim = _claim(folder)
        self._journal = self._open(folder / "journal.jsonl")

    def _table(self, name: str) -> Table:
        return Table(name, self._unsaved)

    def _tables(self) -> list[Table]:
        return [table for table in vars(self).values() if isinstance(table, Table)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One at a time; whatever was put is on disk when it ends."""
        with self._lock:
            try:
                yield
            finally:
                self._write(self._journal)

    def now(self) -> int:
        return int(time.time()) + self.clock_offset

    @property
    def clock_offset(self) -> int:
        clock = self.settings.get("clock") or {"offset": 0}
        return int(clock["offset"])

    def close(self) -> None:
        with self._lock:
            self._journal.close()
            self._claim.close()

    def _open(self, path: Path) -> TextIO:
        if path.exists():
            self._read(path)
        snapshot = path.with_suffix(".new")
        with snapshot.open("w", encoding="utf-8") as lines:
            for table in self._tables():
                for key, record in table.items():
                    lines.write(_line(table.name, key, record))
        snapshot.replace(path)
        return path.open("a", encoding="utf-8")

    def _read(self, path: Path) -> None:
        tables = {table.name: table for table in self._tables()}
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            # A kill in the middle of a write leaves a last line without its end: never answered.
            if line.endswith("\n"):
                name, key, record = json.loads(line)
                tables[name].load(key, record)

    def _write(self, journal: TextIO) -> None:
        if self._unsaved and not journal.closed:
            lines = [_line(name, key, record) for (name, key), record in self._unsaved.items()]
            self._unsaved.clear()
            journal.write("".join(lines))
            journal.flush()


def new_id(prefix: str, length: int = 24) -> str:
    # One call for all of them: a session has eight ids, and choosing sign by sign was a quarter of its making.
    return prefix + "".join(SIGNS[byte % len(SIGNS)] for byte in secrets.token_bytes(length))


def _line(table: str, key: str, record: Record) -> str:
    return json.dumps([table, key, record], separators=(",", ":")) + "\n"


def _claim(folder: Path) -> TextIO:
    folder.mkdir(parents=True, exist_ok=True)
    claim = (folder / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        claim.close()
        raise StateFolderInUse(f"Another sandbox already keeps its state in {folder}.") from error
    return claim
