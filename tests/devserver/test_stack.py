"""The stack that journeys stand on: its own processes, this test's rows."""

from urllib.request import urlopen

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from devserver.stack import Stack


@pytest.mark.slow
@pytest.mark.valkey
@pytest.mark.browser
def test_test_and_processes_share_one_database_and_a_dead_worker_can_be_replaced(
    stack: Stack, page: Page
) -> None:
    User.objects.create_superuser("ada", password="chocolate")
    page.goto(f"{stack.url}/admin/")
    page.locator("#id_username").fill("ada")
    page.locator("#id_password").fill("chocolate")
    page.locator("[type=submit]").click()
    expect(page.locator("#user-tools")).to_contain_text("ada")

    stack.worker.kill()
    assert stack.worker.exit_code == -9
    stack.worker.start()
    stack.worker.wait_until_ready()
    with urlopen(stack.sandbox_url) as front_page:
        assert b"no money moves" in front_page.read()
