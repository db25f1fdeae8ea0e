"""The studio of a box of samples: the same form, without what only bars have."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from tests import loaded
from tests.configurator.page_forms import sent_by
from tests.configurator.test_studio import LIVE, address_after, design_at, page_of

STUDIO = "/studio/sample-box/"


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def opened(client: Client) -> str:
    return page_of(client, STUDIO)


def chosen(address: str) -> list[str]:
    return [choice.module for choice in design_at(address).choices]


def test_it_opens_with_a_box_that_can_be_ordered(opened: str) -> None:
    assert "Fill your sample box" in opened
    assert 'id="add" disabled' not in opened
    assert "Bag" not in re.findall(r'name="(step)" value="paper"', opened)


@pytest.mark.parametrize(
    "only_of_bars", ["wrapper-text", "surprise-most", 'id="placing"', "Scatter anew", 'id="finish"']
)
def test_what_only_bars_have_is_left_out(opened: str, only_of_bars: str) -> None:
    assert only_of_bars not in opened


def test_another_sample_is_ticked_and_its_whole_portion_is_in_the_box(client: Client, opened: str) -> None:
    form = sent_by(opened)
    form["samples"] = [*form["samples"], "almond_whole"]
    address = address_after(client.post(STUDIO, form))
    choice = next(choice for choice in design_at(address).choices if choice.module == "almond_whole")
    assert choice.mg == 12_000


def test_a_sample_is_taken_out_by_its_button(client: Client, opened: str) -> None:
    form = sent_by(opened)
    address = address_after(client.post(STUDIO, {**form, "remove": "samples:milk_37"}))
    assert "milk_37" not in chosen(address)


def test_a_change_with_scripts_brings_picture_labels_and_price(client: Client, opened: str) -> None:
    form = sent_by(opened)
    form["samples"] = [*form["samples"], "almond_whole"]
    answer = client.post(STUDIO, form, headers=LIVE).content.decode()
    assert "Roasted almonds, whole" in answer
    assert "Ingredients: roasted <strong>almonds</strong>." in answer
    assert 'id="preview"' in answer
    assert 'id="wrapped"' not in answer


def test_a_box_has_no_size_to_change(client: Client, opened: str) -> None:
    assert client.post(STUDIO, {**sent_by(opened), "size": "bar-100"}).status_code == 404


def test_the_canvas_is_told_of_bags_that_nobody_takes_hold_of(client: Client, opened: str) -> None:
    answer = client.post(f"{STUDIO}drawing/", {**sent_by(opened), "width": "600"}).json()
    assert answer["pieces"] == []
    assert answer["body"].endswith("/bodies/sample-box-5/none.webp")
    assert client.get(answer["body"]).status_code == 200
    beyond = answer["body"].replace("sample-box-5", "sample-box-99")
    assert client.get(beyond).status_code == 404


def test_what_keeps_a_sample_out_is_told_with_ways_out(client: Client) -> None:
    family = current_family("sample-box")
    full = Design(family.key, family.version, name="Full")
    for key in list(family.modules)[:8]:
        full = full.adding(key, "samples", family.usual_dose(family.modules[key]))
    designs.save(full)
    page = page_of(client, f"{STUDIO}{full.digest}/why/samples/raspberry_fd/")
    assert "all 8 places are taken" in page
    assert 'name="repair"' in page


@pytest.mark.parametrize("kind", ["600.jpg", "wrapped-300.jpg", "share.jpg"])
def test_it_has_all_pictures_that_pages_ask_for(client: Client, opened: str, kind: str) -> None:
    digest = sent_by(opened)["shown"][0]
    assert client.get(f"/p/{digest}/{kind}").status_code == 200


def test_its_page_shows_the_label_of_each_bag_and_offers_nothing_of_bars(client: Client, opened: str) -> None:
    digest = sent_by(opened)["shown"][0]
    page = page_of(client, f"/d/{digest}/")
    assert "Ingredients: roasted <strong>hazelnuts</strong>." in page
    assert "One of" not in page
    assert "United States" not in page
    assert client.get(f"/d/{digest}/label.pdf").headers["Content-Type"] == "application/pdf"


def test_it_is_not_compared_with_bars(client: Client, opened: str) -> None:
    digest = sent_by(opened)["shown"][0]
    assert "We found no bar" in page_of(client, f"/compare/?d={digest}")


def test_the_api_reviews_a_box_with_the_label_of_each_bag(client: Client) -> None:
    keys = ("milk_37", "almond_whole", "raspberry_fd")
    asked = {
        "family": "sample-box",
        "name": "To taste",
        "modules": [{"module": key, "slot": "samples"} for key in keys],
    }
    answer = client.post("/api/v1/reviews/", asked, content_type="application/json").json()
    assert answer["problems"] == []
    assert [bag["net"] for bag in answer["label"]["eu"]["bags"]] == ["12 g", "10 g", "2.5 g"]
    listed = client.get("/api/v1/families/").json()["results"]
    assert "sample-box" not in [family["key"] for family in listed]
    assert client.get("/api/v1/families/sample-box/").json()["slots"][0]["kinds"] == ["sample"]


def test_it_is_kept_among_what_its_maker_designed_but_not_shown_in_the_gallery(
    client: Client, opened: str
) -> None:
    form = sent_by(opened)
    address = address_after(client.post(STUDIO, {**form, "remove": "samples:milk_37"}))
    digest = address.rstrip("/").rpartition("/")[2]
    done = client.post("/mine/finished/", {"design": digest})
    page = page_of(client, done["Location"])
    assert "To taste" in page
    assert 'id="wrapped"' not in page
    answer = client.post(f"{done['Location']}visibility/", {"visibility": "public"}, follow=True)
    assert "The gallery shows bars." in answer.content.decode()
    assert client.get("/mine/").status_code == 200


def test_the_way_to_it_stands_on_the_first_page_and_in_the_studio(client: Client) -> None:
    assert STUDIO in page_of(client, "/")
    assert STUDIO in page_of(client, "/studio/bar-100/")
