"""Who runs what, and when: the longest tests first, so that at the end nobody waits for a single worker."""

from typing import Final

import pytest
from xdist.scheduler import LoadFileScheduling

LONGEST: Final = (
    "tests/configurator/test_previews.py",  # makes the pictures that every browser asks for
    "tests/journeys/test_for_everyone.py",
    "tests/orders/test_kill.py",
    "tests/configurator/test_canvas_browser.py",
    "tests/orders/test_death.py",
    "tests/devserver/test_front_door.py",
    "tests/configurator/test_label_any_bar.py",
    "tests/configurator/test_surprise.py",
    "tests/journeys/test_bar.py",
    "tests/journeys/test_floor.py",
    "tests/journeys/test_privacy.py",
    "tests/configurator/test_steps_browser.py",
    "tests/configurator/test_keeping_browser.py",
    "tests/configurator/test_shelves_browser.py",
    "tests/configurator/test_creations.py",
    "tests/orders/test_faults.py",
)
"""Each of their tests goes to whichever worker is free; every other file stays whole, with what its tests share."""


class LongestFirst(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return nodeid if file in LONGEST else file


def longest_first(tests: list[pytest.Item]) -> None:
    tests.sort(key=_place)


def _place(test: pytest.Item) -> int:
    file, _, _name = test.nodeid.partition("::")
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)
