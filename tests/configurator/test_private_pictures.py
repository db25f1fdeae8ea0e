"""A photo on a bar is seen by the person who brought it, and by nobody else."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from configurator import designs
from configurator.domain.design import Design, Wrapper
from configurator.pictures import previews
from tests import loaded

BLUE = (20, 60, 250)


@pytest.fixture
def mine(client: Client) -> Design:
    """Ada's bar in a paper with a very blue photo that she has just uploaded."""
    loaded.catalogue()
    file = BytesIO()
    Image.new("RGB", (1600, 1600), BLUE).save(file, "JPEG")
    form = {
        "family": "bar-100",
        "base": "dark_60",
        "name": "Ada",
        "wrapper": "dots",
        "photo-for": "wrapper",
        "wrapper-upload": SimpleUploadedFile("sea.jpg", file.getvalue(), "image/jpeg"),
    }
    studio = client.post("/photos/", form)["Location"]
    design: Design = designs.find(studio.partition("?")[0].split("/")[-2]).value
    assert design.wrapper.photo
    return design


def blue_share(content: bytes) -> float:
    """How much of a picture is as blue as the photo."""
    pixels = Image.open(BytesIO(content)).convert("RGB").resize((120, 90)).tobytes()
    reds, greens, blues = pixels[0::3], pixels[1::3], pixels[2::3]
    blue = sum(b > 130 and r < 90 and g < 120 for r, g, b in zip(reds, greens, blues, strict=True))
    return blue / len(reds)


@pytest.mark.django_db
def test_its_owner_sees_the_photo(client: Client, mine: Design) -> None:
    answer = client.get(previews.url_for(mine, 600, "wrapped"))
    assert answer["Cache-Control"] == "private, no-store"
    assert blue_share(answer.content) > 0.08


@pytest.mark.django_db
def test_a_stranger_sees_the_pattern_at_the_same_address(client: Client, mine: Design) -> None:
    answer = Client().get(previews.url_for(mine, 600, "wrapped"))
    assert answer["Cache-Control"] == "private, no-store"
    assert blue_share(answer.content) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["wrapped", "share"])
def test_public_pictures_show_no_photo_even_to_its_owner(client: Client, mine: Design, kind: str) -> None:
    url = previews.share_url(mine.digest) if kind == "share" else previews.wrapped_url(mine.digest)
    assert blue_share(client.get(url).content) == 0


@pytest.mark.django_db
def test_a_bar_without_a_photo_has_only_public_addresses(client: Client, mine: Design) -> None:
    plain = mine.wrapped(Wrapper())
    assert previews.url_for(plain) == previews.preview_url(plain.digest)
