"""A page says its language in its address; everything else goes by the visitor."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import loaded
from tests.configurator.people import Person, bar

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
FROM_HERE = {"Referer": "http://testserver/de/bars/"}

pytestmark = pytest.mark.django_db


def language_of(answer) -> str:
    found = re.search(r'<html lang="(\w+)">', answer.content.decode())
    assert found
    return found[1]


def test_the_same_page_has_an_address_in_each_language(client: Client) -> None:
    for path, spoken, bars in (("/legal/", "en", "/bars/"), ("/de/legal/", "de", "/de/bars/")):
        answer = client.get(path)
        assert language_of(answer) == answer["Content-Language"] == spoken
        assert f'href="{bars}"' in answer.content.decode()


@pytest.mark.parametrize("asked", ["de", "en"])
def test_a_pages_address_outweighs_what_the_browser_asks_for(client: Client, asked: str) -> None:
    client.cookies["django_language"] = asked
    for path, spoken in (("/legal/", "en"), ("/de/legal/", "de")):
        answer = client.get(path, headers={"Accept-Language": asked})
        assert language_of(answer) == spoken
        assert "Accept-Language" not in answer.get("Vary", "")


def test_an_address_leads_to_the_same_view_whichever_language_is_spoken() -> None:
    for spoken in ("en", "de"):
        with translation.override(spoken):
            assert reverse("shop:theme") == "/theme.css"
    with translation.override("de"):
        assert reverse("shop:home") == "/de/"
        assert reverse("orders:cart") == "/de/cart/"


def test_a_german_browser_is_led_to_the_german_front_door(client: Client) -> None:
    answer = client.get("/?from=letter", headers=GERMAN)
    assert (answer.status_code, answer["Location"]) == (302, "/de/?from=letter")
    assert answer["Vary"] == "Accept-Language, Cookie"


def test_whoever_asks_for_english_or_for_nothing_stays_at_the_english_door(client: Client) -> None:
    for asked in ({}, {"Accept-Language": "fr"}, {"Accept-Language": "en,de;q=0.5"}):
        answer = client.get("/", headers=asked)
        assert answer.status_code == 200
        assert "Accept-Language" in answer["Vary"]


def test_the_code_on_a_pack_leads_to_the_bar_in_the_scanners_own_language(client: Client) -> None:
    bar = f"/d/{'0' * 64}/"
    assert client.get(bar, headers=GERMAN)["Location"] == f"/de{bar}"


def test_no_other_page_leads_on(client: Client) -> None:
    assert client.get("/legal/", headers=GERMAN).status_code == 200


def test_a_german_browser_that_chose_english_is_not_led_back(client: Client) -> None:
    chosen = client.get("/", headers=GERMAN | FROM_HERE)
    assert chosen.status_code == 200
    assert chosen.cookies["django_language"].value == "en"
    later = client.get("/", headers=GERMAN)
    assert (later.status_code, language_of(later)) == (200, "en")


def test_a_browser_that_hides_where_it_comes_from_may_choose_too(client: Client) -> None:
    assert client.get("/", headers=GERMAN | {"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_reading_on_in_the_same_language_chooses_nothing(client: Client) -> None:
    answer = client.get("/de/legal/", headers=FROM_HERE)
    assert "django_language" not in answer.cookies


@pytest.mark.parametrize("origin", ["http://elsewhere.example/de/", "http://[broken", ""])
def test_a_link_from_elsewhere_chooses_nothing(client: Client, origin: str) -> None:
    answer = client.get("/legal/", headers={"Referer": origin})
    assert "django_language" not in answer.cookies


def test_the_choice_holds_where_addresses_have_no_language(client: Client) -> None:
    client.get("/de/legal/", headers={"Referer": "http://testserver/legal/"})
    answer = client.get("/api/nothing/")
    assert answer["Content-Language"] == "de"
    assert "Accept-Language" in answer["Vary"]


def test_the_api_answers_in_the_language_it_is_asked_in(client: Client) -> None:
    assert "There is nothing here" in client.get("/api/nothing/").json()["detail"]
    assert "Hier ist nichts" in client.get("/api/nothing/", headers=GERMAN).json()["detail"]


def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(client: Client) -> None:
    assert language_of(client.get("/de/nothing/")) == "de"
    assert language_of(client.get("/nothing/")) == "en"
    assert language_of(client.get("/de/d/" + "0" * 64 + "/")) == "de"
    assert client.get("/de/theme.css").status_code == 404


def test_a_forgotten_slash_keeps_the_language(client: Client) -> None:
    assert client.get("/de")["Location"] == "/de/"
    assert client.get("/de/legal")["Location"] == "/de/legal/"


def test_search_engines_find_each_page_once_in_each_language(client: Client) -> None:
    for path, canonical in (
        ("/bars/?page=2&tag=vegan&q=x", "/bars/"),
        ("/de/bars/?page=2&tag=vegan", "/de/bars/"),
    ):
        page = client.get(path).content.decode()
        ours = "http://127.0.0.1:8000"
        query = "?page=2&amp;tag=vegan"
        assert f'<link rel="canonical" href="{ours}{canonical}{query}">' in page
        assert f'<link rel="alternate" hreflang="en" href="{ours}/bars/{query}">' in page
        assert f'<link rel="alternate" hreflang="de" href="{ours}/de/bars/{query}">' in page
        assert f'<link rel="alternate" hreflang="x-default" href="{ours}/bars/{query}">' in page


def test_the_masthead_leads_to_the_same_page_in_the_other_language(client: Client) -> None:
    page = client.get("/de/bars/?tag=vegan").content.decode()
    assert 'href="/bars/?tag=vegan" data-prefix="" lang="en" hreflang="en"' in page
    assert 'href="/de/bars/?tag=vegan" data-prefix="/de" lang="de" hreflang="de" aria-current="true"' in page


def test_what_answers_a_form_leads_to_the_page_with_the_form_in_the_other_language() -> None:
    loaded.catalogue()
    ada = Person("ada")
    name = f"/mine/{ada.designs(bar()).pk}/name/"
    answer = ada.client.post(name, {"name": ""}, headers={"Referer": "http://testserver/mine/"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="/de/mine/"' in page
    assert f'href="/de{name}"' not in page.partition("<main")[0]


def test_a_page_that_is_not_there_is_offered_to_no_search_engine(client: Client) -> None:
    page = client.get("/nothing/").content.decode()
    assert "canonical" not in page
    assert "hreflang" not in page.partition("</head>")[0]
