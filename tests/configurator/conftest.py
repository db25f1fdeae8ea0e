"""The real catalogue, read from its files; Ada's bar, which every test knows; and a shop to browse."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family
from tests import loaded


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


@pytest.fixture
def new_window(new_window: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Windows that let the server finish: a closed window is an error to a server that still sends."""
    pages: list[Page] = []

    def open_window(**options: Any) -> Page:
        pages.append(new_window(**options))
        return pages[-1]

    yield open_window
    for page in pages:
        page.wait_for_load_state("networkidle")


@pytest.fixture
def shop_url(live_server: LiveServer) -> str:
    loaded.catalogue()
    return live_server.url
