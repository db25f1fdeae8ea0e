"""Programs, too, learn why not and what to do about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests import loaded

pytestmark = pytest.mark.django_db

WHITE = {"family": "bar-100", "base": "white_32", "name": "Ada", "locale": "en"}


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    loaded.catalogue()


def posted(client: Client, address: str, wanted: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.post(address, json.dumps(wanted), content_type="application/json")
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def test_a_blocked_module_names_what_stands_in_its_way(client: Client) -> None:
    answer = posted(client, "/api/v1/reviews/", WHITE)
    assert answer["domains"]["decorations"]["bronze_lustre"] == {
        "state": "blocked",
        "reason": "Bronze lustre needs a brown base: on a pale one it looks like dust.",
        "because": ["base:white_32"],
    }


def test_a_problem_comes_with_its_repairs(client: Client) -> None:
    lustre = [{"module": "bronze_lustre", "slot": "decorations"}]
    answer = posted(client, "/api/v1/reviews/", WHITE | {"modules": lustre})
    (problem,) = answer["problems"]
    assert problem["rule"] == "lustre-on-dark"
    assert problem["repairs"][0] == {
        "words": "Change the base to “Dark chocolate 60 %”.",
        "edits": "base:dark_60",
        "cents": 0,
        "base": "dark_60",
        "modules": [{"module": "bronze_lustre", "slot": "decorations", "grams": "0.05"}],
    }


def test_repairs_are_asked_for_by_module_and_slot(client: Client) -> None:
    wanted = WHITE | {"module": "bronze_lustre", "slot": "decorations"}
    answer = posted(client, "/api/v1/repairs/", wanted)
    assert (answer["state"], answer["because"]) == ("blocked", ["base:white_32"])
    assert answer["repairs"][0]["words"] == (
        "Change the base to “Milk chocolate 37 %” and add “Bronze lustre powder”."
    )
    assert len(answer["repairs"]) == 5


def test_what_can_be_chosen_needs_no_repairs(client: Client) -> None:
    answer = posted(client, "/api/v1/repairs/", WHITE | {"module": "almond_whole", "slot": "toppings"})
    assert answer == {"state": "open", "reason": "", "because": [], "repairs": []}


@pytest.mark.parametrize(
    ("place", "field", "words"),
    [
        (
            {"module": "unicorn", "slot": "toppings"},
            "module",
            "We have no “unicorn”. All we have is listed at /api/v1/modules/.",
        ),
        (
            {"module": "almond_whole", "slot": "decorations"},
            "slot",
            "“almond_whole” does not go there. It goes into: ingredients, toppings.",
        ),
        (
            {"module": "almond_whole", "slot": "roof"},
            "slot",
            "There is no slot “roof”. There are: base, ingredients, toppings, decorations.",
        ),
    ],
)
def test_a_mistaken_place_is_named(client: Client, place: Any, field: str, words: str) -> None:
    answer = posted(client, "/api/v1/repairs/", WHITE | place, status=400)
    assert words in json.dumps(answer, ensure_ascii=False)
    assert field in json.dumps(answer)


def test_a_photo_of_somebody_elses_is_never_said(client: Client) -> None:
    posted(client, "/api/v1/repairs/", WHITE | {"photo": "x", "module": "x", "slot": "x"}, status=400)
