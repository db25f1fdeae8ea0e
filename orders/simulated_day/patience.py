"""What people do when the shop does not answer: wait, then look where things stand and go on from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, connection

Answer = TypeVar("Answer")

AWAY: Final = (OperationalError, InterfaceError)
MOST_TIMES: Final = 20
"""In a row; whatever fails more often is no fault of the machine."""
LONGEST_SECONDS: Final = 60
LOOKS_EVERY_SECONDS: Final = 0.2
HAPPENED: Final = "times the database went away"


def until_done(look_and_go_on: Callable[[], Answer], happened: Counter[str]) -> Answer:
    """Begun again whenever the database went away; nobody can tell what of it was written down, so it looks first."""
    for _time in range(MOST_TIMES):
        try:
            return look_and_go_on()
        except AWAY:
            happened[HAPPENED] += 1
            _wait_until_back()
    return look_and_go_on()


def _wait_until_back() -> None:
    until = monotonic() + LONGEST_SECONDS
    while True:
        connection.close()
        try:
            connection.ensure_connection()
        except AWAY:
            if monotonic() > until:
                raise
            sleep(LOOKS_EVERY_SECONDS)
        else:
            return
