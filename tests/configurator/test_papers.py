"""The snippets of paper from which a wrapper is chosen."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from configurator.domain.design import WRAPPERS
from tests import loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None, client: Client) -> Client:
    loaded.catalogue()
    return client


def snippet(shop: Client, pattern: str, base: str) -> Image.Image:
    answer = shop.get(f"/papers/{pattern}/{base}.webp")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    return Image.open(BytesIO(answer.content)).convert("RGB")


def test_every_paper_can_be_looked_at_before_it_is_chosen(shop: Client) -> None:
    drawn = [snippet(shop, pattern, "dark_72") for pattern in WRAPPERS]
    assert {picture.size for picture in drawn} == {(192, 116)}
    assert len({picture.tobytes() for picture in drawn}) == len(WRAPPERS)


def test_a_paper_has_the_colours_that_go_with_the_base(shop: Client) -> None:
    ruby, dark, none = (
        snippet(shop, "dots", base).getpixel((96, 58)) for base in ("ruby_35", "dark_72", "none")
    )
    assert len({ruby, dark, none}) == 3


@pytest.mark.parametrize("address", ["tartan/dark_72", "dots/cheese", "dots/almond_whole"])
def test_there_is_no_other_paper(shop: Client, address: str) -> None:
    assert shop.get(f"/papers/{address}.webp").status_code == 404


def test_the_studio_offers_the_papers_of_its_bars_base(shop: Client) -> None:
    page = shop.get("/studio/bar-100/", follow=True).content.decode()
    assert all(f"/papers/{pattern}/milk_37.webp" in page for pattern in WRAPPERS)
