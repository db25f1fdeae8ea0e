"""The open part of the API, asked over HTTP as a stranger asks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from pytest_django import DjangoDbBlocker

from configurator.models import Design

pytestmark = pytest.mark.django_db

ADA = {
    "family": "bar-100",
    "base": "dark_60",
    "modules": [
        {"module": "almond_whole", "slot": "toppings", "grams": "12"},
        {"module": "raspberry_fd", "slot": "toppings"},
        {"module": "sea_salt_flakes", "slot": "toppings", "grams": "0.6"},
    ],
    "name": "Ada",
    "locale": "en",
    "country": "DE",
}


@pytest.fixture(scope="module", autouse=True)
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all these tests, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_catalogue", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def post(client: Client) -> Callable[..., Any]:
    def send(address: str, body: Any, **headers: Any) -> Any:
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return client.post(f"/api/v1/{address}", text, content_type="application/json", **headers)

    return send


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in response.json()["errors"]}


# ── Reviews ──────────────────────────────────────────────────────────────────────────────────────


def test_a_review_says_all_there_is_to_say(post: Callable[..., Any], client: Client) -> None:
    answer = post("reviews/", ADA).json()
    assert list(answer) == [
        "digest", "code", "valid", "problems", "domains", "quote", "recipe", "label", "scene", "preview",
    ]  # fmt: skip
    assert (answer["valid"], answer["problems"]) == (True, [])
    assert answer["recipe"] == [
        {"module": "dark_60", "grams": "84.9"},
        {"module": "almond_whole", "grams": "12"},
        {"module": "raspberry_fd", "grams": "2.5"},
        {"module": "sea_salt_flakes", "grams": "0.6"},
    ]
    assert answer["quote"]["currency"] == "EUR"
    assert answer["quote"]["total_cents"] == sum(line["cents"] for line in answer["quote"]["lines"])
    label = answer["label"]["eu"]
    assert label["ingredients"] == (
        "Ingredients: dark chocolate (cocoa mass, sugar, cocoa butter, emulsifier: lecithins (sunflower), "
        "ground vanilla), roasted **almonds** 12 %, freeze-dried raspberries 2.5 %, sea salt."
    )
    assert label["allergens"] == ["NUT-ALM"]
    assert label["nutrition"] == {
        "energy": "2356 kJ / 567 kcal",
        "fat": "40 g",
        "saturates": "21 g",
        "carbohydrate": "40 g",
        "sugars": "34 g",
        "fibre": "9.0 g",
        "protein": "8.4 g",
        "salt": "0.61 g",
    }
    assert label["statements"] == []
    assert (label["zone"], label["net"], label["quid"][0]["share"]) == ("O", "100 g", "12 %")
    american = answer["label"]["us"]
    assert american["name"] == "Semisweet chocolate"
    assert american["contains"] == ["TREENUT:ALMOND"]
    assert american["contains_statement"] == "Contains: Almonds."
    assert (american["serving"], american["servings"]) == ("1/3 bar (33g)", 3)
    assert (american["nutrition"]["calories"], american["nutrition"]["total_fat"]) == (180, "13")
    assert american["blocked"] == []
    assert answer["domains"]["toppings"]["almond_whole"] == {
        "state": "chosen",
        "reason": "",
        "because": [],
    }
    assert answer["domains"]["base"]["milk_37"]["state"] == "open"
    assert len(answer["scene"]["pieces"]) > 10
    assert answer["scene"]["words"][0] == "Roasted almonds, whole: scattered, 11 pieces"
    assert answer["preview"].startswith(f"/p/{answer['digest']}/600?v=")


def test_a_reviewed_design_has_a_picture(post: Callable[..., Any], client: Client) -> None:
    picture = client.get(post("reviews/", ADA).json()["preview"], headers={"Accept": "image/webp"})
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")


def test_a_review_answers_in_german(post: Callable[..., Any]) -> None:
    asked = post("reviews/", ADA | {"locale": "de"}).json()
    spoken = {name: value for name, value in ADA.items() if name != "locale"}
    heard = post("reviews/", spoken, headers={"Accept-Language": "de-AT"}).json()
    assert asked["label"]["eu"]["nutrition"]["fibre"] == "9,0 g"
    assert asked == heard


def test_a_design_that_breaks_rules_is_reviewed_with_its_problems(post: Callable[..., Any]) -> None:
    heavy = [
        {"module": "hazelnut_whole", "slot": "toppings", "grams": "25"},
        {"module": "cashew_roasted", "slot": "toppings", "grams": "18"},
    ]
    answer = post("reviews/", ADA | {"base": "dark_72", "modules": heavy, "name": "x" * 31}).json()
    assert answer["valid"] is False
    assert [problem["rule"] for problem in answer["problems"]] == ["inclusions", "name"]
    assert answer["problems"][0]["modules"] == ["cashew_roasted", "hazelnut_whole"]


def test_a_design_may_be_unfinished(post: Callable[..., Any]) -> None:
    answer = post("reviews/", {"family": "mini-40"}).json()
    assert [problem["rule"] for problem in answer["problems"]] == ["base", "name"]
    assert answer["recipe"] == []


def test_the_same_module_in_two_slots_is_one_line_of_the_recipe(post: Callable[..., Any]) -> None:
    almonds = [
        {"module": "almond_whole", "slot": "ingredients", "grams": "8"},
        {"module": "almond_whole", "slot": "toppings", "grams": "4.5"},
    ]
    answer = post("reviews/", ADA | {"modules": almonds}).json()
    assert answer["recipe"][1:] == [{"module": "almond_whole", "grams": "12.5"}]


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"family": "brick"}, "/family", "We make no “brick”. There are: bar-100, mini-40, heart-80, slab-250."),
        ({"family": None}, "/family", "This field may not be null."),
        ({"family": 5}, "/family", "Write it as text, in quotes."),
        ({"base": "tofu"}, "/base", "We have no “tofu”. All we have is listed at /api/v1/modules/."),
        ({"base": ["dark_60"]}, "/base", "Write it as text, in quotes."),
        ({"name": "x" * 5000}, "/name", "Ensure this field has no more than 120 characters."),
        ({"name": "a\0b"}, "/name", "Null characters are not allowed."),
        ({"seed": -1}, "/seed", "Ensure this value is greater than or equal to 0."),
        ({"seed": 2**31}, "/seed", "Ensure this value is less than or equal to 2147483647."),
        ({"locale": "fr"}, "/locale", '"fr" is not a valid choice.'),
        ({"country": "Germany"}, "/country", "Write a country as two capitals, such as “DE”."),
        ({"modules": {}}, "/modules", 'Expected a list of items but got type "dict".'),
        ({"modules": [{}] * 25}, "/modules", "Ensure this field has no more than 24 elements."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_field(
    post: Callable[..., Any], change: dict[str, Any], pointer: str, words: str
) -> None:
    assert errors(post("reviews/", ADA | change)) == {pointer: words}


GRAMS = "Write grams as text with up to three decimals, above 0 and below 1000, such as “2.5”."


@pytest.mark.parametrize(
    "grams", ["abc", "-1", "1e9", "1000000000", "0", "0.000", "", "1.", ".5", "1.2345", "٣", "NaN", 12, 2.5, None, [], {}, True]
)  # fmt: skip
def test_grams_are_exact_text(post: Callable[..., Any], grams: Any) -> None:
    almonds = {"module": "almond_whole", "slot": "toppings", "grams": grams}
    assert errors(post("reviews/", ADA | {"modules": [almonds]})) == {"/modules/0/grams": GRAMS}


@pytest.mark.parametrize(
    ("choice", "pointer"),
    [
        ({"module": "tofu", "slot": "toppings"}, "/modules/1/module"),
        ({"module": "almond_whole", "slot": "lid"}, "/modules/1/slot"),
        ({"module": "almond_whole", "slot": "base"}, "/modules/1/slot"),
        ({"module": "chili_flakes", "slot": "toppings"}, "/modules/1/module"),
        ({"module": "almond_whole", "slot": "toppings", "gram": "1"}, "/modules/1/gram"),
        ({"slot": "toppings"}, "/modules/1/module"),
        ("almond_whole", "/modules/1"),
    ],
)
def test_a_mistake_in_a_module_is_named_at_its_place(
    post: Callable[..., Any], choice: Any, pointer: str
) -> None:
    first = {"module": "chili_flakes", "slot": "toppings"}
    assert list(errors(post("reviews/", ADA | {"modules": [first, choice]}))) == [pointer]


def test_a_misspelt_field_is_not_taken_for_a_missing_one(post: Callable[..., Any]) -> None:
    assert errors(post("reviews/", ADA | {"nam/e": "x"})) == {
        "/nam~1e": "There is no such field. There are: family, base, modules, name, seed, face, moves, "
        "inscription, wrapper, locale, country."
    }


def test_a_design_says_how_its_pieces_lie_and_what_its_paper_shows(post: Callable[..., Any]) -> None:
    almonds = {"module": "almond_whole", "slot": "toppings"}
    move = {**almonds, "index": 0, "x": 400, "y": 300, "turn": 45}
    paper = {"pattern": "waves", "text": "For Ada"}
    said = ADA | {
        "modules": [{**almonds, "grams": "12", "pattern": "letter:A"}],
        "face": "moulded",
        "moves": [move],
        "inscription": "Hello",
        "wrapper": paper,
    }
    answer = post("designs/", said).json()
    assert answer["modules"][0]["pattern"] == "letter:A"
    assert (answer["face"], answer["moves"], answer["inscription"]) == ("moulded", [move], "Hello")
    assert (answer["wrapper"], answer["photos"]) == (paper, [])
    assert (
        post("designs/", ADA | {"face": "poured"}).json()["digest"] == post("designs/", ADA).json()["digest"]
    )


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        ({"face": "round"}, "/face", "There is no face “round” for this bar. There are: poured, moulded."),
        (
            {"modules": [{"module": "almond_whole", "slot": "toppings", "pattern": "zigzag"}]},
            "/modules/0/pattern",
            "There is no pattern “zigzag”. There are: scattered, rows, border, left-half, right-half, "
            "heart, diagonal, ring, letter:A.",
        ),
        (
            {"moves": [{"module": "pecan_halves", "slot": "toppings", "index": 0, "x": 1, "y": 1}]},
            "/moves/0",
            "“pecan_halves” is not chosen in the slot “toppings”, so no piece of it can be moved.",
        ),
        (
            {
                "modules": [{"module": "rice_puffed", "slot": "ingredients"}],
                "moves": [{"module": "rice_puffed", "slot": "ingredients", "index": 0, "x": 1, "y": 1}],
            },
            "/moves/0",
            "“rice_puffed” has no pieces on top that could be moved.",
        ),
        ({"wrapper": {"pattern": "fur"}}, "/wrapper/pattern", '"fur" is not a valid choice.'),
    ],
)
def test_an_arrangement_that_we_do_not_have_is_named(
    post: Callable[..., Any], wrong: dict[str, Any], place: str, words: str
) -> None:
    assert errors(post("reviews/", ADA | wrong)) == {place: words}


@pytest.mark.parametrize("body", ["[]", '"Ada"', "5", "null", "true"])
def test_a_design_is_an_object(post: Callable[..., Any], body: str) -> None:
    assert list(errors(post("reviews/", body))) == [""]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"family": }',
        "[" * 30_000,
        '{"seed": NaN}',
        '{"seed": ' + "9" * 5000 + "}",
        '{"family": "\\ud800"}',
        b'{"family": "\xff"}',
    ],
)
def test_what_is_no_json_is_refused_in_words(post: Callable[..., Any], body: str | bytes) -> None:
    response = post("reviews/", body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_too_large_a_body_is_refused(post: Callable[..., Any]) -> None:
    response = post("reviews/", json.dumps(ADA | {"name": "x" * 70_000}))
    assert problem(response) == (413, "Request Entity Too Large")


# ── Problem details ──────────────────────────────────────────────────────────────────────────────


def problem(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["detail"]
    return body["status"], body["title"]


@pytest.mark.parametrize(
    "address",
    ["", "v1/", "v1/nothing/", "v1/families", "v1/families/brick/", "v1/families/%00/", "v1/modules/%00/", "v1/designs/" + "%00" * 64 + "/", "v1/modules/tofu/", "v1/designs/x/", "v1/designs/" + "0" * 64 + "/"],
)  # fmt: skip
def test_what_does_not_exist_is_404_in_words(client: Client, address: str) -> None:
    assert problem(client.get(f"/api/{address}")) == (404, "Not Found")


def test_a_wrong_method_is_405_and_names_the_right_ones(client: Client) -> None:
    response = client.get("/api/v1/reviews/")
    assert problem(response) == (405, "Method Not Allowed")
    assert response["Allow"] == "POST"
    for method in ("options", "delete", "put", "trace"):
        assert problem(client.generic(method.upper(), "/api/v1/families/")) == (405, "Method Not Allowed")


def test_another_kind_of_body_is_415(client: Client) -> None:
    response = client.post("/api/v1/reviews/", {"family": "bar-100"})
    assert problem(response) == (415, "Unsupported Media Type")


def test_another_kind_of_answer_is_406(client: Client) -> None:
    response = client.get("/api/v1/families/", headers={"Accept": "text/csv"})
    assert problem(response) == (406, "Not Acceptable")


@pytest.mark.parametrize("address", ["reviews/", "designs/"])
def test_too_many_calls_are_429(post: Callable[..., Any], settings: Any, address: str) -> None:
    settings.API_CALLS_PER_MINUTE = {"reviews": 2, "designs": 2}
    allowed = [post(address, ADA).status_code for _call in range(2)]
    assert max(allowed) < 300
    response = post(address, ADA)
    assert problem(response) == (429, "Too Many Requests")
    assert 0 < int(response["Retry-After"]) <= 60


# ── Designs ──────────────────────────────────────────────────────────────────────────────────────


def test_a_design_is_kept_once_and_found_again(post: Callable[..., Any], client: Client) -> None:
    kept = post("designs/", ADA)
    answer = kept.json()
    assert (kept.status_code, kept["Location"]) == (201, f"/api/v1/designs/{answer['digest']}/")
    assert post("designs/", ADA).json() == answer
    assert Design.objects.count() == 1
    assert client.get(kept["Location"]).json() == answer
    typed = answer["code"].replace("-", " ").lower()
    assert client.get(f"/api/v1/designs/{typed}/").json() == answer
    assert answer["modules"][0] == {
        "module": "almond_whole",
        "slot": "toppings",
        "grams": "12",
        "pattern": "scattered",
    }
    assert client.get(answer["page"]).status_code == 200
    assert client.get(answer["studio"]).status_code == 200


def test_what_was_kept_can_be_sent_again(post: Callable[..., Any]) -> None:
    kept = post("designs/", ADA).json()
    again = {name: kept[name] for name in ("family", "base", "modules", "name", "seed")}
    assert post("designs/", again).json()["digest"] == kept["digest"]
    assert post("reviews/", ADA).json()["digest"] == kept["digest"]


def test_a_misread_code_is_noticed(post: Callable[..., Any], client: Client) -> None:
    code = post("designs/", ADA).json()["code"]
    wrong = ("3" if code[0] == "2" else "2") + code[1:]
    response = client.get(f"/api/v1/designs/{wrong}/")
    assert response.json()["detail"] == (
        f"“{wrong}” is neither a digest nor a code on a pack. Compare it once more."
    )


# ── Families and modules ─────────────────────────────────────────────────────────────────────────


def test_the_families_tell_what_fits_where(client: Client) -> None:
    answer = client.get("/api/v1/families/").json()
    assert [family["key"] for family in answer["results"]] == ["bar-100", "mini-40", "heart-80", "slab-250"]
    bar = client.get("/api/v1/families/bar-100/").json()
    assert bar == answer["results"][0]
    assert (bar["net_grams"], bar["length_mm"], bar["width_mm"]) == ("100", "160", "80")
    assert bar["inclusions_max_percent"] == "40"
    assert [(slot["key"], slot["minimum"], slot["maximum"]) for slot in bar["slots"]] == [
        ("base", 1, 1),
        ("ingredients", 0, 3),
        ("toppings", 0, 6),
        ("decorations", 0, 2),
    ]


def keys(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [module["key"] for module in response.json()["results"]]


def test_all_modules_are_listed_page_by_page(client: Client) -> None:
    first = client.get("/api/v1/modules/").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (132, 50, None)
    found, address = [], "/api/v1/modules/?page_size=60"
    while address:
        page = client.get(address).json()
        found += [module["key"] for module in page["results"]]
        address = page["next"]
    assert len(set(found)) == 132
    assert problem(client.get("/api/v1/modules/?page=9")) == (404, "Not Found")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=base&search=ruby", ["ruby_35"]),
        ("search=MANDEL+gebrannte", ["almond_caramelised"]),
        ("search=cornfl&slot=toppings", ["cornflakes", "cornflakes_gf", "cornflower_petals"]),
        ("category=flowers&slot=ingredients", ["lavender_flowers"]),
        ("slot=decorations&search=gold", ["gold_leaf"]),
        ("search=nothing-of-this-name", []),
    ],
)
def test_modules_are_found(client: Client, query: str, found: list[str]) -> None:
    assert keys(client.get(f"/api/v1/modules/?{query}")) == found


def test_doses_and_prices_are_those_of_the_family(client: Client) -> None:
    bar = client.get("/api/v1/modules/almond_whole/").json()
    mini = client.get("/api/v1/modules/almond_whole/?family=mini-40").json()
    assert (bar["usual_grams"], bar["largest_grams"], bar["surcharge_cents"]) == ("12", "30", 70)
    assert (mini["usual_grams"], mini["largest_grams"], mini["surcharge_cents"]) == ("4.8", "12", 28)
    assert bar["slots"] == ["ingredients", "toppings"]
    assert bar["allergens"] == ["NUT-ALM"]
    assert "NUT-HAZ" in bar["may_contain"]
    assert bar["piece"] == {
        "shape": "ellipsoid", "length_mm": "22", "width_mm": "12", "height_mm": "8", "grams": "1.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("family=brick", "/family"),
        ("slot=lid", "/slot"),
        ("kind=fish", "/kind"),
        ("category=fish", "/category"),
        ("colour=red", "/colour"),
        ("page_size=0", "/page_size"),
        ("page_size=201", "/page_size"),
        ("page_size=0000000001999", "/page_size"),
        ("page_size=many", "/page_size"),
        ("page_size=" + "9" * 5000, "/page_size"),
        ("without_allergens=PNT", "/without_allergens"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(client: Client, query: str, pointer: str) -> None:
    assert list(errors(client.get(f"/api/v1/modules/?{query}"))) == [pointer]


def test_allergens_and_diets_are_searched_in_the_body_not_the_address(post: Callable[..., Any]) -> None:
    toppings = {"slot": "toppings", "category": "crunch"}
    without = post("modules/searches/?page_size=200", toppings | {"without_allergens": ["GLU", "MLK"]})
    assert keys(without) == [
        "cocoa_nibs",
        "quinoa_puffed",
        "amaranth_puffed",
        "buckwheat_roasted",
        "rice_puffed",
        "cornflakes_gf",
    ]
    strict = {"without_allergens": ["GLU", "MLK"], "without_traces": True}
    assert "buckwheat_roasted" not in keys(post("modules/searches/", toppings | strict))
    vegan = keys(post("modules/searches/?page_size=200", {"kind": "base", "diets": ["vegan"]}))
    assert "milk_37" not in vegan
    assert "vegan_white" in vegan
    assert errors(post("modules/searches/", {"without_allergens": ["nuts"]})) == {
        "/without_allergens/0": '"nuts" is not a valid choice.'
    }
    assert problem(post("modules/searches/?page=99", {})) == (404, "Not Found")


def test_a_page_costs_the_same_queries_however_long(client: Client) -> None:
    client.get("/api/v1/modules/")
    counted = []
    for size in (1, 3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(keys(client.get(f"/api/v1/modules/?page_size={size}"))) == size
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 2


# ── Schema and page ──────────────────────────────────────────────────────────────────────────────


def test_answers_are_as_the_schema_says(post: Callable[..., Any], client: Client) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/json"}).json()
    review = post("reviews/", ADA).json()
    design = post("designs/", ADA).json()
    family = client.get("/api/v1/families/bar-100/").json()
    modules = client.get("/api/v1/modules/?page_size=200").json()
    wrong = post("reviews/", {}).json()
    for name, answer in [
        ("Review", review),
        ("Design", design),
        ("Family", family),
        ("PaginatedModuleList", modules),
        ("Problem", wrong),
    ]:
        described = {"$ref": f"#/components/schemas/{name}", "components": schema["components"]}
        assert [error.message for error in Draft202012Validator(described).iter_errors(answer)] == []
    assert set(schema["components"]["schemas"]["Review"]["properties"]) == set(review)
    assert set(schema["components"]["schemas"]["EuLabel"]["properties"]) == set(review["label"]["eu"])
    assert set(schema["components"]["schemas"]["UsLabel"]["properties"]) == set(review["label"]["us"])


def test_the_schema_is_published_with_its_problems(client: Client) -> None:
    schema = client.get("/api/schema/?format=json").json()
    for address in ("/api/v1/reviews/", "/api/v1/designs/", "/api/v1/modules/", "/api/v1/jobs/"):
        for operation in schema["paths"][address].values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_the_page_of_the_api_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "script-src 'self';" in page["Content-Security-Policy"] + ";"
    assert "http" not in page.content.decode().replace("http-equiv", "")
