"""The office in a narrow window: no page scrolls sideways, and no button is too small to hit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from orders.models import Order, PendingWork
from tests import loaded
from tests.orders.paid import design, jobs_of, paid_order

PHONE = {"viewport": {"width": 360, "height": 740}}
SMALLEST_TARGET = 24
PASSWORD = "a-password-of-the-office"
LONG_ERROR = f"SMTPRecipientsRefused: https://support.example.com/{'a' * 120}"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(transactional_db: None) -> Order:
    loaded.catalogue()
    loaded.rates()
    User.objects.create_superuser("bea", password=PASSWORD)
    order = paid_order((design(), 2))
    failed = PendingWork.objects.filter(job__in=jobs_of(order), kind="ticket")
    failed.update(attempts=10, stuck_at=timezone.now(), last_error=LONG_ERROR)
    return order


def addresses(order: Order) -> list[str]:
    failed = PendingWork.objects.filter(kind="ticket").latest("pk")
    lists = ("module", "ingredient")
    return [
        "/admin/",
        *(f"/admin/configurator/{model}/{page}" for model in lists for page in ("", "add/")),
        "/admin/configurator/ingredient/labels/",
        "/admin/auth/group/add/",
        "/admin/orders/capacityday/",
        "/admin/orders/order/",
        f"/admin/orders/order/{order.pk}/change/",
        f"/admin/orders/pendingwork/{failed.pk}/change/",
        f"/admin/orders/pendingwork/{failed.pk}/again/",
    ]


@pytest.mark.parametrize(
    ("locale", "name", "password"),
    [("en-GB", "Username:", "Password:"), ("de-DE", "Benutzername:", "Passwort:")],
)
def test_every_page_of_the_office_fits_a_phone(
    order: Order,
    live_server: LiveServer,
    new_window: Callable[..., Page],
    locale: str,
    name: str,
    password: str,
) -> None:
    page = new_window(base_url=live_server.url, locale=locale, **PHONE)
    page.goto("/admin/")
    page.get_by_label(name).fill("bea")
    page.get_by_label(password).fill(PASSWORD)
    page.locator("[type=submit]").click()

    found: dict[str, tuple[int, list[object]]] = {}
    for address in addresses(order):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        small = page.evaluate(
            """smallest => [...document.querySelectorAll("button, input[type=submit], select, .button")]
                .map(target => [target.textContent.trim() || target.name, target.getBoundingClientRect().height])
                .filter(([, height]) => height && height < smallest)""",
            SMALLEST_TARGET,
        )
        found |= {address: (wide, small)} if wide > PHONE["viewport"]["width"] or small else {}
    assert found == {}
