"""Who may keep an answer: the visitor's own browser, and nobody in between unless it is everybody's."""

import pytest
from django.test import Client

from tests import loaded
from tests.configurator.people import Person, bar

FOR_WHO_ASKED = "private, no-cache"


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.mark.parametrize("page", ["d/{}/", "studio/bar-100/{}/", "compare/?d={}", "d/{}/label.pdf"])
def test_nobody_in_between_keeps_a_private_bar(page: str) -> None:
    ada = Person("ada")
    digest = ada.designs(bar(), visibility="private").design_id
    answer = ada.client.get(f"/{page.format(digest)}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == FOR_WHO_ASKED
    stranger = Client().get(f"/{page.format(digest)}")
    assert stranger["Cache-Control"] == FOR_WHO_ASKED


@pytest.mark.parametrize("page", ["", "de/", "cart/", "c/", "nowhere/", "api/v1/families/", "admin/login/"])
def test_what_does_not_say_so_is_kept_by_nobody_else(client: Client, page: str) -> None:
    assert (
        client.get(f"/{page}")["Cache-Control"].replace("max-age=0, ", "").startswith(("private", "no-cache"))
    )


@pytest.mark.parametrize("page", ["robots.txt", "theme.css", "papers/dots/none.webp"])
def test_what_is_everybodys_may_be_kept_by_everybody(client: Client, page: str) -> None:
    assert client.get(f"/{page}")["Cache-Control"].startswith("public, max-age=")


def test_a_panel_and_a_page_of_one_address_are_not_mixed_up(client: Client) -> None:
    digest = Person("ada").designs(bar()).design_id
    answer = client.get(f"/studio/bar-100/{digest}/why/toppings/cranberry_dried/")
    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
