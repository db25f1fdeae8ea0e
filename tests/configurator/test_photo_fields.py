"""The studio's fields for photos: what they keep, and what they say when a photo stays with its owner."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from configurator import designs
from configurator.domain.design import Design
from tests import loaded
from tests.configurator.page_forms import sent_by

STUDIO = "/studio/bar-100/"
STAYS = "The photo of whoever shared this bar stays with them; the wrapper shows its pattern."


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def printed(client: Client) -> Design:
    """A bar with its maker's photo as the transfer print."""
    form = sent_by(client.get(STUDIO, follow=True).content.decode())
    file = BytesIO()
    Image.new("RGB", (1800, 1400), (40, 60, 160)).save(file, "JPEG")
    upload = SimpleUploadedFile("me.jpg", file.getvalue(), content_type="image/jpeg")
    choices: dict[str, Any] = {
        "decorations": ["transfer_print"],
        "photo-for": "inscription",
        "inscription-upload": upload,
    }
    return shown_by(client.post("/photos/", {**form, **choices}, follow=True))


def shown_by(response: Any) -> Design:
    return designs.find(sent_by(response.content.decode())["shown"][0]).value


def page_of(client: Client, design: Design) -> str:
    return client.get(f"{STUDIO}{design.digest}/").content.decode()


def test_a_photo_comes_back_with_its_print(client: Client, printed: Design) -> None:
    assert printed.inscription.photo is not None
    form = {**sent_by(page_of(client, printed)), "remove": "decorations:transfer_print"}
    without = shown_by(client.post(STUDIO, form, follow=True))
    page = page_of(client, without)
    assert f'src="/p/{without.digest}/600?v=' in page
    renamed = shown_by(client.post(STUDIO, {**sent_by(page), "name": "Ada"}, follow=True))
    again = {**sent_by(page_of(client, renamed)), "decorations": ["transfer_print"]}
    back = shown_by(client.post(STUDIO, again, follow=True))
    assert back.inscription.photo == printed.inscription.photo


def test_the_studio_says_that_a_photo_stays_with_its_owner(client: Client, printed: Design) -> None:
    assert STAYS in page_of(Client(), printed)
    assert STAYS not in page_of(client, printed)
