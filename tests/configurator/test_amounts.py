"""Exact grams, and what a form says all the same when a part of it cannot be read."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from configurator import designs
from configurator.domain.design import Design
from configurator.studio.amounts import exact_grams, exact_mg
from tests import loaded
from tests.configurator.page_forms import sent_by

HAZELNUTS = "toppings-hazelnut_whole"


@pytest.mark.parametrize(
    ("typed", "mg"),
    [
        ("12", 12_000),
        ("12.5", 12_500),
        ("12,5", 12_500),
        (" 0,25 ", 250),
        ("0", None),
        ("0.0", None),
        ("-3", None),
        ("1e3", None),
        ("١٢", None),
        ("1.234,5", None),
        ("12.3456", None),
        ("", None),
    ],
)
def test_grams_are_read_with_a_point_or_a_comma(typed: str, mg: int | None) -> None:
    assert exact_mg(typed) == mg


@pytest.mark.parametrize(("locale", "words"), [("en", "12.5"), ("de", "12,5")])
def test_grams_stand_in_the_field_as_the_language_writes_them(locale: str, words: str) -> None:
    assert exact_grams(12_500, locale) == words


@pytest.fixture
def opened(client: Client, db: None) -> str:
    loaded.catalogue()
    return page_of(client, "/studio/bar-100/")


def page_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def sent(client: Client, page: str, address: str = "/studio/bar-100/", **changes: Any) -> str:
    response: Any = client.post(address, sent_by(page) | changes)
    assert response.status_code == 302, response.content
    return page_of(client, response["Location"])


def design_in(page: str) -> Design:
    return designs.find(sent_by(page)["shown"][0]).value


def hazelnuts_mg(page: str) -> int:
    return next(choice.mg for choice in design_in(page).choices if choice.module == "hazelnut_whole")


def test_exact_grams_are_taken_to_the_milligram_and_stay_open(client: Client, opened: str) -> None:
    page = sent(client, opened, **{f"dose-{HAZELNUTS}": "other", f"grams-{HAZELNUTS}": "10.55"})
    assert hazelnuts_mg(page) == 10_550
    assert sent_by(page)[f"dose-{HAZELNUTS}"] == ["other"]
    assert sent_by(page)[f"grams-{HAZELNUTS}"] == ["10.55"]


def test_mistyped_grams_are_refused_in_words_and_kept_while_all_else_counts(
    client: Client, opened: str
) -> None:
    page = sent(client, opened, name="Ada", **{f"dose-{HAZELNUTS}": "other", f"grams-{HAZELNUTS}": "many"})
    assert (hazelnuts_mg(page), design_in(page).name) == (12_000, "Ada")
    assert f'id="grams-{HAZELNUTS}-error">Write the grams as a number above 0, such as 12.5.<' in page
    assert sent_by(page)[f"grams-{HAZELNUTS}"] == ["many"]


def test_too_many_grams_are_a_problem_beside_their_field_with_a_way_out(client: Client, opened: str) -> None:
    page = sent(client, opened, **{f"dose-{HAZELNUTS}": "other", f"grams-{HAZELNUTS}": "31"})
    words = "Roasted hazelnuts, whole: 31 g is too much, at most 30 g go into this bar."
    assert f'id="grams-{HAZELNUTS}-error">{words}<' in page
    assert 'id="add" disabled' in page
    edits = re.findall(r'name="repair" value="([^"]+)"', page)[0]
    assert "is too much" not in sent(client, page, repair=edits)


def test_the_rest_of_the_forty_percent_is_a_meter_with_words(opened: str) -> None:
    meter = re.search(r"<meter[^>]*>", opened)
    assert meter
    assert {'max="40000"', 'value="20800"', 'aria-labelledby="room-words"'} <= set(
        meter[0].rstrip(">").split()
    )
    assert "19.2\u00a0g of 40\u00a0g still free for ingredients and toppings." in opened


# ── What a refused form says all the same ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "mistake",
    [
        {"base": "concrete"},
        {"seed": "-3"},
        {"repair": "-nonsense"},
        {"move": "nowhere"},
        {"wrapper": "gold"},
        {f"dose-{HAZELNUTS}": "lots"},
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_counts(
    client: Client, opened: str, mistake: dict[str, str]
) -> None:
    page = sent(client, opened, name="Ada", **{"wrapper-text": "for you"}, **mistake)
    design = design_in(page)
    assert (design.name, design.wrapper.text, design.base) == ("Ada", "for you", "milk_37")
    assert 'class="notice notice--bad"' in page


def test_an_upload_beside_another_mistake_keeps_what_else_was_typed(client: Client, opened: str) -> None:
    picture = BytesIO()
    Image.linear_gradient("L").save(picture, "JPEG")
    upload = SimpleUploadedFile("us.jpg", picture.getvalue(), "image/jpeg")
    typed = {
        "photo-for": "wrapper",
        "wrapper-upload": upload,
        "wrapper-text": "for you",
        "seed": "-3",
        f"dose-{HAZELNUTS}": "other",
        f"grams-{HAZELNUTS}": "many",
    }
    page = sent(client, opened, "/photos/", name="Ada", **typed)
    design = design_in(page)
    assert (design.name, design.wrapper.text, design.wrapper.photo is not None) == ("Ada", "for you", True)
    assert sent_by(page)[f"grams-{HAZELNUTS}"] == ["many"]


# ── Why, and what helps, by plain pages ──────────────────────────────────────────────────────────


def test_a_blocked_module_has_a_page_that_says_why_and_repairs_with_one_click(
    client: Client, opened: str
) -> None:
    page = sent(client, opened, ingredients=["caramel_salted"])
    posted: Any = client.post("/studio/bar-100/", sent_by(page) | {"why": "ingredients:popping_candy"})
    why = page_of(client, posted["Location"])
    assert "Popping candy goes flat beside anything moist or oily." in why
    assert "In the way: Soft salted caramel pieces." in why
    form = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', why)[0] for name in ("shown", "creation", "step")
    }
    repaired: Any = client.post(
        posted["Location"], form | {"repair": re.findall(r'name="repair" value="([^"]+)"', why)[0]}
    )
    page = page_of(client, repaired["Location"])
    assert design_in(page).has("popping_candy")
    assert 'id="add" disabled' not in page
    page = sent(client, page, undo="1")
    assert not design_in(page).has("popping_candy")
    assert design_in(page).has("caramel_salted")


def test_an_old_page_of_reasons_says_that_they_are_gone(client: Client, opened: str) -> None:
    address = f"/studio/bar-100/{sent_by(opened)['shown'][0]}/why"
    assert "By now nothing stands in its way" in page_of(client, f"{address}/toppings/almond_whole/")
    assert "It is in your bar already." in page_of(client, f"{address}/toppings/hazelnut_whole/")


@pytest.mark.parametrize("place", ["toppings/gravel", "roof/almond_whole", "decorations/almond_whole"])
def test_there_is_no_reason_for_what_there_is_not(client: Client, opened: str, place: str) -> None:
    assert client.get(f"/studio/bar-100/{sent_by(opened)['shown'][0]}/why/{place}/").status_code == 404


def test_a_forged_repair_is_told_and_changes_nothing(client: Client, opened: str) -> None:
    address = f"/studio/bar-100/{sent_by(opened)['shown'][0]}/why/toppings/almond_whole/"
    response = client.post(address, {"repair": "+toppings:gravel:5"}, follow=True)
    assert "This could not be read. Choose once more." in unescape(response.content.decode())
