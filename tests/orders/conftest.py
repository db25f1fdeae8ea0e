"""The cast of an order: Ada buys bars, the sandbox takes the money, our books must agree with its."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings as ShopSettings
from pytest_django.live_server_helper import LiveServer

from configurator import designs
from configurator.catalogue.families import current_family, family_under
from configurator.domain.design import Choice, Design
from configurator.models import Family as FamilyRow
from orders.models import Destination
from sandbox.server import Sandbox, Settings, running
from sandbox.webhooks import Endpoint
from tests import loaded
from tests.orders.safeguards import pytest_generate_tests, pytest_pyfunc_call  # noqa: F401  # pytest finds them here
from tests.orders.till import SECRET, Buyer, Till


@pytest.fixture
def catalogue(db: None) -> None:
    """What bars are made of, and what it costs to send them."""
    family_under.cache_clear()
    if not FamilyRow.objects.filter(current__isnull=False).exists():
        loaded.catalogue()
    if not Destination.objects.exists():
        loaded.rates()


@pytest.fixture
def ada_bar(catalogue: None) -> Design:
    """Milk chocolate with almonds and raspberries."""
    family = current_family("bar-100")
    return kept(
        Design(
            family=family.key,
            version=family.version,
            base="milk_37",
            choices=tuple(
                Choice("toppings", key, family.usual_dose(family.modules[key]))
                for key in ("almond_whole", "raspberry_fd")
            ),
            name="Ada",
        )
    )


@pytest.fixture
def plain_bar(catalogue: None) -> Design:
    """Nothing but dark chocolate."""
    family = current_family("bar-100")
    return kept(Design(family=family.key, version=family.version, base="dark_72", name="Plain"))


def kept(design: Design) -> Design:
    designs.save(design)
    return design


@pytest.fixture
def buyer(client: Client, ada_bar: Design) -> Buyer:
    return Buyer(client)


@pytest.fixture
def new_buyer(ada_bar: Design) -> Callable[[], Buyer]:
    return lambda: Buyer(Client())


@pytest.fixture
def till(tmp_path: Path, settings: ShopSettings) -> Iterator[Till]:
    """A sandbox that tells nobody: webhooks are lost on the way."""
    with running(Settings(tmp_path / "sandbox")) as sandbox:
        yield _till(sandbox, settings)


@pytest.fixture
def till_that_rings(
    tmp_path: Path, settings: ShopSettings, transactional_db: None, live_server: LiveServer
) -> Iterator[Till]:
    """A sandbox that sends its webhooks to a shop that listens."""
    settings.SHOP_URL = live_server.url
    endpoint = Endpoint(f"{live_server.url}/stripe/webhook/", SECRET)
    with running(Settings(tmp_path / "sandbox", endpoint=endpoint, retry_after=(0.1, 0.2, 0.4))) as sandbox:
        yield _till(sandbox, settings)


def _till(sandbox: Sandbox, settings: ShopSettings) -> Till:
    settings.STRIPE_API_BASE = sandbox.address
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    return Till(sandbox.address)
