"""The page of wishes: bars that are just so, or what cannot be had together, over real HTTP."""

import re
import time
from html import escape

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.diets import EVERYTHING
from configurator.domain.family import Family
from configurator.domain.label.facts import facts_of
from configurator.models import Design as DesignRow
from configurator.studio.surprises import stocked
from configurator.studio.wishing import Part, bars, in_the_way, read, ways
from tests import loaded

CRUNCHY = "like=crunchy&like=salty&most=700&kcal=570"
IMPOSSIBLE = "like=salty&like=fruity&kcal=450&most=600&base=milk_37"


@pytest.fixture
def bar(db) -> Family:
    loaded.catalogue()
    return current_family("bar-100")


def shown(client: Client, query: str) -> str:
    response = client.get(f"/wish/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def found(page: str) -> list[DesignRow]:
    return [
        designs.find(digest) for digest in dict.fromkeys(re.findall(r"/studio/bar-100/([0-9a-f]{64})/", page))
    ]


def test_every_bar_that_is_shown_keeps_the_wish(client: Client, bar: Family):
    asked = read(QueryDict(CRUNCHY), bar, "en")
    rows = found(shown(client, CRUNCHY))

    assert len(rows) >= 3
    assert all(stocked(bar).fulfils(row.value, asked.wish()) for row in rows)
    assert all(designs.problems(row.value, bar, "en") == () for row in rows)


def test_those_for_everybody_are_not_alike(bar: Family):
    modules = [set(found.modules) for found in bars(read(QueryDict(CRUNCHY), bar, "en"), 1)[:3]]

    assert len(modules) == 3
    for place, one in enumerate(modules):
        for other in modules[:place]:
            assert 2 * len(one & other) < len(one | other)


@pytest.mark.parametrize(
    "query",
    [
        "size=bar-100",
        CRUNCHY,
        IMPOSSIBLE,
        "kcal=450",
        "like=fruity&like=floral&like=spicy&like=creamy&most=800",
        "kcal=400",
    ],
)
def test_an_answer_takes_a_second_at_most(client: Client, bar: Family, query: str):
    shown(client, "size=bar-100")
    before = time.process_time()
    shown(client, query)

    assert time.process_time() - before < 1


def test_a_wish_for_anything_holds_something_for_every_diet(client: Client, bar: Family):
    """Told to everybody alike; which of them fits is seen in the browser alone."""
    pool = [facts_of(row.value, bar) for row in found(shown(client, "size=bar-100"))]

    for code in EVERYTHING:
        assert any(code not in facts.contains for facts in pool), code
    for code in set(EVERYTHING) - {"MLK"}:
        assert any(code not in facts.contains + facts.traces and facts.zone == "F" for facts in pool), code
    assert any(facts.vegan and facts.gluten_free and facts.halal and facts.alcohol_free for facts in pool)
    assert any(not facts.contains for facts in pool)


def test_what_cannot_be_had_together_is_said_with_a_click_for_each_way_out(client: Client, bar: Family):
    page = shown(client, IMPOSSIBLE)

    assert "No bar can be all of that." in page
    assert "<li>at most €6.00</li><li>at most 450 kcal in 100 g</li>" in page
    ways_out = re.findall(r'<a class="button button--small" href="\?([^"#]+)#found">([^<]+)</a>', page)
    assert [words for _query, words in ways_out] == ["up to €8.06", "up to 530 kcal in 100 g"]
    for query, _words in ways_out:
        assert len(found(shown(client, query.replace("&amp;", "&")))) >= 1


def test_the_explanation_is_minimal(bar: Family):
    asked = read(QueryDict(IMPOSSIBLE), bar, "en")
    obstacles = in_the_way(asked)

    assert obstacles == (Part("most"), Part("kcal"))
    assert not asked.only(obstacles).is_possible
    assert all(asked.only([part for part in obstacles if part != let_go]).is_possible for let_go in obstacles)
    assert all(way.asked.is_possible for way in ways(asked))


def test_the_same_wish_finds_the_same_bars_and_others_when_asked(client: Client, bar: Family):
    first = found(shown(client, CRUNCHY))

    assert found(shown(client, CRUNCHY)) == first
    assert found(shown(client, f"{CRUNCHY}&more=1")) != first


def test_what_is_not_understood_is_as_if_nobody_had_asked(client: Client, bar: Family):
    strange = (
        "like=%00&like=nosuch&base=almond_whole&base=%F0%9F%8D%AB&most=-5&kcal=many&size=barrel&more=99999999"
    )

    assert len(found(shown(client, strange))) >= 3


def test_huge_numbers_limit_nothing(client: Client, bar: Family):
    assert len(found(shown(client, "size=bar-100&most=" + 50 * "9" + "&kcal=" + 50 * "9"))) >= 3


def test_without_a_question_there_is_only_the_form(
    client: Client, bar: Family, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        page = shown(client, "")

    assert found(page) == []
    assert 'value="crunchy"' in page


def test_the_number_of_bars_changes_no_number_of_queries(
    client: Client, bar: Family, django_assert_num_queries: DjangoAssertNumQueries
):
    shown(client, CRUNCHY)
    with django_assert_num_queries(2):
        shown(client, "size=bar-100")
    with django_assert_num_queries(2):
        shown(client, "kcal=430")


def test_every_browser_learns_what_letting_go_of_a_wish_would_bring(client: Client, bar: Family):
    answer = client.get(f"/wish/facts/?{CRUNCHY}")
    ways = {way["query"]: way["bars"] for way in answer.json()["ways"]}
    asked = read(QueryDict(CRUNCHY), bar, "en")

    assert list(ways) == [asked.without((part,)).query for part in asked.parts]
    for query, facts in ways.items():
        assert any(one["vegan"] for one in facts), query
        assert set(facts[0]) == {
            "contains",
            "traces",
            "zone",
            "vegan",
            "vegetarian",
            "halal",
            "alcoholFree",
            "glutenFree",
        }
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert f'data-facts="/wish/facts/?{escape(asked.query)}"' in shown(client, CRUNCHY)


def test_a_shop_without_a_catalogue_fulfils_no_wish(client: Client, db: None):
    assert [client.get(address).status_code for address in ("/wish/", "/wish/facts/")] == [404, 404]


def test_german_wishes_find_the_same_bars(client: Client, bar: Family):
    page = client.get(f"/de/wish/?{CRUNCHY}").content.decode()

    assert "knackig" in page
    assert {row.recipe_digest for row in found(page)} == {
        row.recipe_digest for row in found(shown(client, CRUNCHY))
    }


def test_somebody_who_wishes_without_end_is_asked_to_wait(client: Client, bar: Family):
    answers = [client.get("/wish/?kcal=400").status_code for _ in range(61)]

    assert answers == 60 * [200] + [429]
