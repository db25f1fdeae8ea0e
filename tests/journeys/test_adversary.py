"""Somebody who means ill: what must never succeed, and is always told why."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.catalogue.publishing import publish
from configurator.domain.design import MOST_CHOICES
from configurator.models import Constraint, Creation
from configurator.views import why as why_views
from orders.models import CartLine
from tests import loaded
from tests.configurator.people import Person, bar, words

pytestmark = pytest.mark.django_db

STUDIO = "/studio/bar-100/"
FORM = {"base": "dark_60", "name": "Mallory"}
NO_BAR = "0" * 64


@pytest.fixture(autouse=True)
def shop(db: None) -> None:
    loaded.catalogue()
    loaded.rates()


@pytest.fixture
def ada() -> Person:
    return Person("ada")


@pytest.fixture
def mallory() -> Person:
    return Person("mallory")


@pytest.fixture
def secret(ada: Person) -> str:
    """Ada's private bar; Mallory had its address before it became one."""
    return ada.designs(bar("Secret"), visibility="private").design_id


def opened_with(client: Client) -> str:
    return client.get(STUDIO)["Location"].split("/")[-2]


def in_carts() -> list[str]:
    return list(CartLine.objects.values_list("design__name", flat=True))


# ── What is somebody else's ──────────────────────────────────────────────────────────────────────


def test_nobody_closes_the_studio_to_others_by_keeping_what_it_opens_with_private(
    mallory: Person,
) -> None:
    start = opened_with(mallory.client)
    mallory.presses("/mine/finished/", design=start)
    mallory.designs(designs.find(start).value, visibility="private")
    Creation.objects.update(visibility="private")
    assert Client().get(STUDIO, follow=True).status_code == 200


def test_a_bar_that_somebody_only_kept_is_not_theirs_to_close(ada: Person, mallory: Person) -> None:
    wished = designs.save(bar("My wish"))
    mallory.presses("/mine/finished/", design=wished.digest)
    Creation.objects.update(visibility="private")
    assert ada.looks_at(f"/d/{wished.digest}/") == 200


def test_a_friend_who_changed_nothing_does_not_hold_a_bar_open(ada: Person, mallory: Person) -> None:
    creation = ada.designs(bar())
    mallory.presses("/mine/finished/", design=creation.design_id)
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="private")
    assert Client().get(f"/d/{creation.design_id}/").status_code == 404


@pytest.mark.parametrize("step", ["undo", "redo", "reset", "surprise", "order"])
def test_a_form_that_claims_to_show_a_private_bar_opens_it_to_nobody(
    mallory: Person, secret: str, step: str
) -> None:
    mallory.client.post(STUDIO, FORM | {"shown": secret, step: "1"})
    assert mallory.looks_at(f"/d/{secret}/") == 404
    assert not Creation.objects.filter(maker=mallory.maker, design=secret).exists()


def test_a_refused_form_brings_nothing_of_a_private_bar(mallory: Person, secret: str) -> None:
    refused = {"shown": secret, "seed": "x", "base": "x", "toppings": "x", "name": "x" * 300}
    mallory.client.post(STUDIO, FORM | refused | {"inscription": "changed"})
    brought = Creation.objects.filter(maker=mallory.maker)
    assert [creation.design.name == "Secret" for creation in brought] == [False]


def test_a_forged_step_leads_into_nobody_elses_bar(mallory: Person, secret: str) -> None:
    own = mallory.designs(bar("Mine"), start=bar("Mine before"))
    shown = own.design_id
    for step in ("undo", "redo", "reset", "undo"):
        place = f"{own.pk}:{Creation.objects.get(pk=own.pk).design_id}:{secret}"
        mallory.client.post(STUDIO, FORM | {"shown": shown, "creation": place, step: "1"})
    kept = Creation.objects.filter(maker=mallory.maker)
    assert all(secret not in (c.design_id, *c.past, *c.future) for c in kept)


def test_a_private_bar_goes_into_nobody_elses_cart(mallory: Person, ada: Person, secret: str) -> None:
    said = mallory.presses("/cart/lines/", design=secret)
    assert "This design is not kept any more." in said
    assert "Secret" not in said
    assert "Secret" in ada.presses("/cart/lines/", design=secret)


# ── Bars that cannot be made ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "edits",
    [
        "base:almond_whole",
        "+toppings:dark_60:5000",
        "+toppings:almond_whole:0",
        "+toppings:almond_whole:9999999",
        "-base:dark_60",
    ],
)
def test_a_forged_repair_makes_no_bar_that_can_be_ordered(mallory: Person, edits: str) -> None:
    address = mallory.client.post(STUDIO, FORM | {"repair": edits, "order": "1"})["Location"]
    assert not address.startswith("/cart/")
    said = mallory.presses("/cart/lines/", design=address.partition("?")[0].split("/")[-2])
    assert "Your bar is in the cart." not in said
    assert in_carts() == []


def test_a_forged_repair_cannot_pile_up_more_than_any_bar_takes(mallory: Person) -> None:
    toppings = [module.key for module in current_family("bar-100").seats["toppings"]][: MOST_CHOICES + 1]
    edits = " ".join(f"+toppings:{key}:100" for key in toppings)
    said = words(mallory.client.post(STUDIO, FORM | {"repair": edits}, follow=True).content.decode())
    assert "What helps could not be read. Choose it once more." in said


def test_a_new_rule_holds_for_bars_that_were_designed_before_it(mallory: Person) -> None:
    old = designs.save(bar("Old"))
    Constraint.objects.create(
        key="no-almonds-on-dark",
        kind=Constraint.Kind.EXCLUDES,
        modules=["almond_whole"],
        others=["dark_60"],
        reason_en="Almonds slip off dark chocolate.",
        reason_de="Mandeln rutschen von dunkler Schokolade.",
    )
    publish("bar-100", at=timezone.now())
    said = mallory.presses("/cart/lines/", design=old.digest)
    assert "Almonds slip off dark chocolate." in said
    assert "Open this bar in the studio to see what has changed." in said
    assert in_carts() == []


# ── What a database or a browser cannot hold ─────────────────────────────────────────────────────


@pytest.mark.parametrize("tab", ["\0", "a" * 5000, "🍫", "a b"])
def test_the_name_of_a_page_is_a_name_or_nothing(mallory: Person, tab: str) -> None:
    mallory.client.post(STUDIO, FORM | {"shown": opened_with(mallory.client), "tab": tab})
    assert Creation.objects.get(maker=mallory.maker).tab == ""


def test_an_endless_search_makes_no_endless_address(mallory: Person) -> None:
    answer = mallory.client.post(STUDIO, FORM | {"q": "a" * 100_000, "step": "b" * 100_000})
    assert len(answer["Location"]) < 400


@pytest.mark.parametrize(
    "address",
    [
        "/compare/?d=%00&d=" + "9" * 3000,
        "/wish/?like=%00&most=%D9%A3&kcal=1e9&size=%00&more=%C2%B2",
        "/wish/?size=bar-100&most=-1&kcal=NaN",
        "/wish/facts/?size=bar-100&more=999999999999",
        "/modules/?q=%00&page=1e9&sort=%00",
        "/gallery/?by=%00&page=99999999999999999999",
        "/mine/?deleted=%00&page=-1",
        f"/d/{NO_BAR}/label.pdf",
        f"/studio/bar-100/{NO_BAR}/why/toppings/almond_whole/",
        "/m/%00/",
        "/p/%00/600",
        "/api/v1/designs/%00/",
        "/api/v1/modules/?search=%00",
        "/de//evil.example/",
        "/de/de/",
    ],
)
def test_a_hostile_address_breaks_nothing_and_leads_nowhere_else(mallory: Person, address: str) -> None:
    answer = mallory.client.get(address)
    assert answer.status_code < 500
    assert b"//evil.example" not in answer.content.replace(b"/de//evil.example", b"")


@pytest.mark.parametrize("address", ["/cart/lines/", "/cart/lines/99999999999999999999/"])
@pytest.mark.parametrize("quantity", ["-1", "0.5", "1e9", "NaN", "9" * 6000, "\0", "100"])
def test_no_quantity_but_a_whole_number_of_bars_is_taken(
    mallory: Person, address: str, quantity: str
) -> None:
    design = designs.save(bar()).digest
    assert mallory.client.post(address, {"design": design, "quantity": quantity}).status_code == 303
    assert in_carts() == []


@pytest.mark.parametrize(
    "said",
    [
        {"modules": [{"module": "almond_whole", "slot": "toppings", "grams": grams}]}
        for grams in ("-1", "1e9", "NaN", "1,5", "٣", "0", 5, None, ["1"], {"g": 1}, "9" * 100)
    ]
    + [
        {"seed": seed}
        for seed in (-1, 2**31, 10**400, "1e9", True, None, [1], 1.5)
        if seed is not True  # counts as 1
    ]
    + [{"family": "\0"}, {"base": ["dark_60"]}, {"modules": {}}, {"moves": "x"}, {"repair": "x"}],
    ids=lambda said: json.dumps(said)[:60],
)
@pytest.mark.parametrize("door", ["reviews", "designs"])
def test_the_api_names_the_field_that_it_refuses(door: str, said: dict[str, Any]) -> None:
    body = {"family": "bar-100", "base": "dark_60", "name": "Ada"} | said
    answer = Client().post(f"/api/v1/{door}/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(said))}")


def test_asking_why_is_not_endless(mallory: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(why_views, "ANSWERS_A_MINUTE", 1)
    address = f"{STUDIO}{designs.save(bar()).digest}/why/toppings/hazelnut_whole/"
    assert [mallory.looks_at(address) for _time in range(2)] == [200, 429]


# ── At the same moment ───────────────────────────────────────────────────────────────────────────


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    def then_hang_up(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(then_hang_up, acts))


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_change_a_bar_at_once_lose_neither_change(mallory: Person) -> None:
    own = mallory.designs(bar("Mine"), start=bar("Mine before"))
    place = f"{own.pk}:{own.design_id}:{own.design_id}"

    def tab(name: str) -> Callable[[], Any]:
        client = Client()
        client.cookies = mallory.client.cookies
        form = FORM | {"shown": own.design_id, "creation": place, "name": name, "tab": name}
        return lambda: client.post(STUDIO, form).status_code

    assert at_once(tab("One"), tab("Two")) == [302, 302]
    kept = Creation.objects.filter(maker=mallory.maker)
    assert sorted(creation.design.name for creation in kept) == ["One", "Two"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_put_one_line_into_the_cart(mallory: Person) -> None:
    first, second = (designs.save(bar(name)).digest for name in ("First", "Second"))
    mallory.presses("/cart/lines/", design=first)

    def press() -> int:
        client = Client()
        client.cookies = mallory.client.cookies
        return client.post("/cart/lines/", {"design": second}).status_code

    assert at_once(press, press) == [303, 303]
    assert list(CartLine.objects.order_by("pk").values_list("quantity", flat=True)) == [1, 2]
