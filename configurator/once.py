"""One at a time for each name, across threads and processes of this machine."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

_LOCKS = 1024
_PAUSE_SECONDS = 0.004


@contextmanager
def alone(name: str, *, longest_wait: float) -> Iterator[None]:
    """Waits for whoever does the same; goes ahead after the longest wait, so it must be harmless twice.

    The lock belongs to an open file: it ends with the process, whatever ended it.
    """
    number = int.from_bytes(sha256(name.encode()).digest()[:8], "big") % _LOCKS
    with (_folder() / f"{number}.lock").open("wb") as file:
        until = monotonic() + longest_wait
        while not _taken(file.fileno()) and monotonic() < until:
            sleep(_PAUSE_SECONDS)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"couverture-locks-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
