"""The page of the API, in a browser that enforces the content security policy."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


@pytest.mark.browser
def test_the_page_explains_the_api_and_tries_it(live_server: LiveServer, page: Page) -> None:
    call_command("load_catalogue", verbosity=0)
    page.goto(f"{live_server.url}/api/docs/")
    review = page.locator("#operations-reviews-review")
    review.locator(".opblock-summary-control").click()
    review.get_by_role("button", name="Execute").click()
    answer = review.locator(".live-responses-table .response-col_status").nth(1)
    answer.wait_for()
    assert "200" in answer.inner_text()
