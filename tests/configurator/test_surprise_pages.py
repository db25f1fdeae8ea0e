"""Surprises over real HTTP: in the studio, as a start, and as a pool that tells the shop nothing."""

import json
import re

import pytest
from django.test import Client

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from configurator.domain.diets import EVERYTHING
from configurator.domain.edits import applied
from configurator.domain.family import Family
from configurator.domain.label.facts import facts_of
from configurator.domain.pricing import quote
from configurator.studio.surprises import as_json, caps
from tests import loaded
from tests.configurator.page_forms import sent_by


@pytest.fixture
def bar(db) -> Family:
    loaded.catalogue()
    return current_family("bar-100")


@pytest.fixture
def ada(bar: Family) -> Design:
    design = Design(bar.key, bar.version, "dark_60", name="Ada")
    design = design.adding("almond_whole", "toppings", 12_000).adding("raspberry_fd", "toppings", 2_500)
    designs.save(design)
    return design


def form(design: Design) -> dict[str, object]:
    """As the studio's page of the design would post it."""
    chosen = [choice.module for choice in design.in_slot("toppings")]
    doses = {f"dose-{choice.slot}-{choice.module}": choice.mg for choice in design.choices}
    return {
        "shown": design.digest,
        "base": design.base,
        "toppings": chosen,
        "name": design.name,
        "seed": 1,
        **doses,
    }


def in_studio(response) -> Design:
    digest = re.search(r"/studio/bar-100/([0-9a-f]{64})/", response["Location"])
    assert digest
    return designs.find(digest[1]).value


def test_without_scripts_a_button_surprises_and_keeps_what_is_locked(
    client: Client, bar: Family, ada: Design
):
    posted = form(ada) | {"surprise": "1", "lock": ["base", "toppings:almond_whole"], "most": "800"}
    found = in_studio(client.post("/studio/bar-100/", posted))

    assert found.base == "dark_60"
    assert [choice for choice in found.choices if choice.module == "almond_whole"] == [ada.choices[0]]
    assert found.recipe_digest != ada.recipe_digest
    assert found.name == "Ada"
    assert quote(found, bar, "en").total_cents <= 800
    assert designs.problems(found, bar, "en") == ()


def test_without_scripts_what_stays_and_the_price_stay_asked_for(client: Client, bar: Family, ada: Design):
    price = str(caps(bar)[3])
    posted = form(ada) | {"surprise": "1", "lock": ["base", "toppings:almond_whole"], "most": price}
    page = client.post("/studio/bar-100/", posted, follow=True).content.decode()

    assert sorted(sent_by(page)["lock"]) == ["base", "toppings:almond_whole"]
    assert sent_by(page)["most"] == [price]


def test_an_impossible_surprise_leaves_the_bar_and_says_why(client: Client, bar: Family, ada: Design):
    posted = form(ada) | {"surprise": "1", "lock": ["base", "toppings:almond_whole"], "most": "500"}
    response = client.post("/studio/bar-100/", posted, follow=True)

    assert "costs €5.60, more than €5.00" in response.content.decode()
    assert response.redirect_chain[-1][0].startswith(f"/studio/bar-100/{ada.digest}/")


def test_what_the_browser_picked_is_taken_as_it_is(client: Client, bar: Family, ada: Design):
    posted = form(ada) | {"surprise": "-toppings:raspberry_fd +toppings:sea_salt_flakes:600 base:milk_37"}
    found = in_studio(client.post("/studio/bar-100/", posted))

    assert list(found.modules) == ["milk_37", "almond_whole", "sea_salt_flakes"]


def test_the_pool_leads_to_bars_that_can_be_made_with_true_facts(client: Client, bar: Family, ada: Design):
    answer = client.post(
        "/surprise/bar-100/", form(ada) | {"lock": ["toppings:raspberry_fd"], "most": "900"}
    ).json()

    assert answer["reason"] == ""
    assert len(answer["bars"]) >= 12
    for offered in answer["bars"]:
        found = applied(ada, offered["edits"], bar)
        assert designs.problems(found, bar, "en") == ()
        assert offered["facts"] == json.loads(json.dumps(as_json(facts_of(found, bar))))
        assert ada.choices[1] in found.choices
        assert quote(found, bar, "en").total_cents <= 900


def test_the_pool_holds_something_for_every_diet(client: Client, bar: Family):
    pool = [
        offered["facts"] for offered in client.post("/surprise/bar-100/", {"size": "bar-100"}).json()["bars"]
    ]

    for code in EVERYTHING:
        assert any(code not in facts["contains"] for facts in pool), code
    for code in set(EVERYTHING) - {"MLK"}:
        assert any(code not in facts["contains"] + facts["traces"] and facts["zone"] == "F" for facts in pool)
    assert any(facts["vegan"] and facts["glutenFree"] and not facts["contains"] for facts in pool)


def test_the_pool_is_the_same_whatever_somebody_says_of_a_diet(client: Client, bar: Family, monkeypatch):
    monkeypatch.setattr("configurator.views.surprise.any_seed", lambda: 7)
    plain = client.post("/surprise/bar-100/", {"size": "bar-100"}).json()
    told = client.post("/surprise/bar-100/", {"size": "bar-100", "diet": "vegan", "avoid": "NUT-"}).json()

    assert plain == told


def test_an_empty_pool_says_why(client: Client, bar: Family, ada: Design):
    posted = form(ada) | {"lock": ["base", "toppings:almond_whole"], "most": "500"}
    answer = client.post("/surprise/bar-100/", posted).json()

    assert answer == {
        "bars": [],
        "reason": "The cheapest bar with what you keep costs €5.60, more than €5.00.",
    }


def test_the_home_page_begins_a_bar_with_a_surprise(client: Client, bar: Family):
    found = in_studio(client.post("/surprise/", {"size": "bar-100", "surprise": "1"}))

    assert found.name == "My surprise"
    assert designs.problems(found, bar, "en") == ()


def test_the_address_of_a_surprise_alone_opens_the_studio(client: Client, bar: Family):
    assert client.get("/surprise/")["Location"] == "/studio/bar-100/"


def test_the_home_page_takes_what_the_browser_picked(client: Client, bar: Family):
    posted = {"size": "bar-100", "surprise": "+toppings:almond_whole:12000 base:dark_60"}

    assert list(in_studio(client.post("/surprise/", posted)).modules) == ["dark_60", "almond_whole"]


@pytest.mark.parametrize("posted", [{}, {"size": "barrel"}, {"size": "%00"}])
def test_a_family_that_does_not_exist_is_not_found(client: Client, bar: Family, posted: dict[str, str]):
    assert client.post("/surprise/", posted).status_code == 404


def test_forged_locks_and_prices_do_no_harm(client: Client, bar: Family, ada: Design):
    posted = form(ada) | {
        "surprise": "+nowhere:nothing:1",
        "lock": ["\u0000", "a:b:c", 40 * "x"],
        "most": "-1e9",
    }

    assert designs.problems(in_studio(client.post("/studio/bar-100/", posted)), bar, "en") == ()
