"""The real catalogue, read from its files; and Ada's bar, which every test knows."""

from collections.abc import Callable
from functools import cache

import pytest

from configurator.catalogue_loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family


@pytest.fixture(scope="session")
def bar() -> Family:
    return from_files("bar-100")


@pytest.fixture(scope="session")
def mini() -> Family:
    return from_files("mini-40")


@pytest.fixture(scope="session")
def family_named() -> Callable[[str], Family]:
    return cache(from_files)


@pytest.fixture(scope="session")
def ada(bar: Family) -> Design:
    """Dark chocolate, almonds and raspberries: valid."""
    return (
        Design(bar.key, bar.version, "dark_60", name="Ada")
        .adding("almond_whole", "toppings", 12_000)
        .adding("raspberry_fd", "toppings", 2_500)
    )
