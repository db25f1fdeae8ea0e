"""The page of the API, in a browser that enforces the content security policy."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import loaded


@pytest.mark.browser
def test_the_page_explains_the_api_and_tries_it(live_server: LiveServer, page: Page) -> None:
    loaded.catalogue()
    page.goto(f"{live_server.url}/api/docs/")
    review = page.locator("#operations-reviews-review")
    review.locator(".opblock-summary-control").click()
    review.get_by_role("button", name="Execute").click()
    answer = review.locator(".live-responses-table .response-col_status").nth(1)
    answer.wait_for()
    assert "200" in answer.inner_text()
