"""One line per step, with its time."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Step:
    """What is being done; `note` says in a few words how it went."""

    def __init__(self) -> None:
        self.note = ""


@contextmanager
def step(name: str) -> Iterator[Step]:
    began = monotonic()
    doing = Step()
    yield doing
    report(name, monotonic() - began, doing.note)


def report(name: str, seconds: float, note: str = "") -> None:
    print(f"  {name:<22} {seconds:6.1f} s  {note}".rstrip(), flush=True)
