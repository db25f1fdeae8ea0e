"""The shop's pages as people see them, on a phone too."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import loaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def phone(new_window: Callable[..., Page], live_server: LiveServer) -> Iterator[Page]:
    loaded.catalogue()
    loaded.ready_bars()
    window = new_window(viewport=PHONE, base_url=live_server.url)
    yield window
    window.wait_for_load_state("networkidle")


def test_a_ready_bar_opens_in_the_studio_and_the_language_changes_there(phone: Page) -> None:
    phone.goto("/bars/?tag=spicy")
    phone.get_by_role("link", name="Make it yours : Ember").first.click()
    expect(phone.locator("#name")).to_have_value("Ember")
    phone.locator("#name").fill("Glut")
    phone.keyboard.press("Enter")
    expect(phone.locator(".order-bar__name")).to_have_text("Glut")
    phone.get_by_role("link", name="Deutsch").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Entwirf deine Tafel")
    expect(phone.locator("#name")).to_have_value("Glut")
