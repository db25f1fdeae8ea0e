"""What somebody designs is kept without an account, step by step, and nothing is overwritten unseen."""

from __future__ import annotations

import random
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from configurator.domain.steps import MOST_STEPS
from configurator.makers import makers
from configurator.models import Creation, CreationStep, DayCount
from tests import loaded
from tests.configurator.page_forms import sent_by

pytestmark = pytest.mark.django_db

TOPPINGS = ["hazelnut_whole", "raspberry_fd", "sea_salt_flakes"]


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


class Window:
    """A browser's window without scripts: it sends the form of the page that it shows."""

    def __init__(self, client: Client, address: str = "/studio/bar-100/") -> None:
        self.client = client
        self.open(address)

    def open(self, address: str) -> None:
        response = self.client.get(address, follow=True)
        assert response.status_code == 200
        self.page = response.content.decode()
        self.address = response.request["PATH_INFO"]

    def send(self, **changes: str | list[str]) -> None:
        response: Any = self.client.post(self.address_of_form, self.form | changes)
        assert response.status_code == 302, response.content
        self.open(response["Location"])

    @property
    def address_of_form(self) -> str:
        found = re.search(r'<form id="design" method="post" action="([^"]+)"', self.page)
        assert found
        return found[1]

    @property
    def form(self) -> dict[str, list[str]]:
        return sent_by(self.page)

    @property
    def digest(self) -> str:
        return self.form["shown"][0]

    @property
    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def may(self, step: str) -> bool:
        button = re.search(rf'<button[^>]*id="{step}"[^>]*>', self.page)
        assert button
        return 'aria-disabled="true"' not in button[0]


@pytest.fixture
def window(client: Client) -> Window:
    return Window(client)


def only() -> Creation:
    return Creation.objects.get()


# ── Beginning ────────────────────────────────────────────────────────────────────────────────────


def test_a_creation_begins_with_the_first_change_not_with_opening(client: Client, window: Window) -> None:
    start = window.digest
    assert (Creation.objects.count(), makers.COOKIE in client.cookies) == (0, False)
    window.send(name="Ada")
    creation = only()
    assert (creation.design_id, creation.started_from_id, creation.past) == (window.digest, start, [start])
    assert client.cookies[makers.COOKIE]["max-age"] == 90 * 86_400
    assert client.cookies[makers.COOKIE]["httponly"]


def test_a_form_sent_as_it_is_begins_nothing(window: Window) -> None:
    window.send()
    assert Creation.objects.count() == 0


def test_a_button_that_is_pressed_twice_begins_one_bar(client: Client, window: Window) -> None:
    form = window.form | {"name": ["Ada"]}
    answers = [client.post(window.address_of_form, form) for _ in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert len(only().past) == 1


def test_an_earlier_step_is_found_again_among_many_bars(client: Client, window: Window) -> None:
    window.send(name="Ada")
    ada = window.address
    window.send(name="Bo")
    for number in range(21):
        Window(client).send(name=f"Bar {number}")
    window.open(ada)
    assert "This is an earlier step." in window.words


def test_what_happens_is_counted_by_day_and_by_nothing_else(window: Window) -> None:
    window.send(name="")
    window.send(name="Ada")
    window.send(name="Ada’s")
    assert dict(DayCount.objects.values_list("what", "number")) == {"opened": 1, "changed": 1, "valid": 1}


def test_opening_the_present_step_again_goes_on_with_it(client: Client, window: Window) -> None:
    window.send(name="Ada")
    other = Window(client, window.address)
    other.send(name="Bo")
    assert len(only().past) == 2


def test_coming_back_to_the_start_begins_another_bar(client: Client, window: Window) -> None:
    window.send(name="Ada")
    Window(client).send(name="Bo")
    assert Creation.objects.count() == 2


def test_a_creation_is_its_makers_alone(client: Client, window: Window) -> None:
    window.send(name="Ada")
    stranger = Window(Client(), window.address)
    assert stranger.form["creation"] == [""]
    stranger.client.post(
        stranger.address_of_form, stranger.form | {"creation": window.form["creation"], "name": "Bo"}
    )
    assert Creation.objects.count() == 2
    assert Creation.objects.get(pk=window.form["creation"][0].partition(":")[0]).design.name == "Ada"


def test_every_step_is_remembered_but_not_the_start(window: Window) -> None:
    start, steps = window.digest, set()
    for name in ("Ada", "Bo"):
        window.send(name=name)
        steps.add(window.digest)
    window.send(name="Cy", undo="1")
    kept = set(CreationStep.objects.values_list("design_id", flat=True))
    assert start not in kept
    assert kept == steps | {only().future[-1]}


# ── Back and forth ───────────────────────────────────────────────────────────────────────────────


def test_fifty_random_edits_and_fifty_undos_return_to_the_start(window: Window) -> None:
    chance = random.Random(4)
    start, shown = window.digest, []
    for number in range(MOST_STEPS):
        shown.append(window.digest)
        window.send(**a_change(chance, number, window.form))
        assert window.digest != shown[-1]
    end = window.digest
    for digest in reversed(shown):
        window.send(undo="1")
        assert window.digest == digest
    assert (window.digest, window.may("undo"), window.may("redo")) == (start, False, True)
    for _ in range(MOST_STEPS):
        window.send(redo="1")
    assert (window.digest, window.may("redo")) == (end, False)


def a_change(chance: random.Random, number: int, form: dict[str, list[str]]) -> dict[str, str | list[str]]:
    others = chance.sample([*TOPPINGS, "almond_whole", "cranberry_dried"], 3)
    return chance.choice(
        [
            {"name": f"Bar {number}"},
            {"scatter": "1"},
            {"toppings": others, "name": f"Three {number}"},
            {"base": chance.choice(["dark_60", "white_32"]), "name": f"Base {number}"},
            {"wrapper-text": f"No. {number}"},
            {"size": chance.choice(["mini-40", "slab-250", "bar-100", "heart-80"]), "name": f"Size {number}"},
        ]
    )


def test_starting_over_can_be_undone(window: Window) -> None:
    start = window.digest
    window.send(name="Ada")
    window.send(name="Bo")
    mine = window.digest
    window.send(reset="1")
    assert (window.digest, window.may("reset"), window.may("undo")) == (start, False, True)
    window.send(undo="1")
    assert window.digest == mine


def test_undo_takes_back_what_was_typed_but_not_sent_yet(window: Window) -> None:
    window.send(name="Ada")
    ada = window.digest
    window.send(name="Bo", undo="1")
    assert window.digest == ada
    window.send(redo="1")
    assert window.form["name"] == ["Bo"]


def test_nothing_to_undo_changes_nothing(window: Window) -> None:
    start = window.digest
    window.send(undo="1")
    window.send(redo="1")
    window.send(reset="1")
    assert (window.digest, Creation.objects.count()) == (start, 0)


def test_back_in_the_browser_shows_an_earlier_step_and_one_goes_on_from_there(
    client: Client, window: Window
) -> None:
    window.send(name="Ada")
    ada, address = window.digest, window.address
    window.send(name="Bo")
    latest = window.address
    window.open(address)
    assert f'This is an earlier step. <a href="{latest}">Go to the latest</a>' in window.page
    assert (window.may("undo"), window.may("redo")) == (True, True)
    window.send(name="Cy")
    assert "earlier step" not in window.page
    assert only().past[-1] == ada
    assert only().design.name == "Cy"


def test_the_oldest_of_more_than_fifty_steps_is_forgotten_but_not_the_start(window: Window) -> None:
    start = window.digest
    for number in range(MOST_STEPS + 2):
        window.send(name=f"Bar {number}")
    assert len(only().past) == MOST_STEPS
    window.send(reset="1")
    assert window.digest == start


# ── Two windows ──────────────────────────────────────────────────────────────────────────────────


def test_two_windows_on_one_bar_overwrite_nothing_and_are_told(client: Client, window: Window) -> None:
    window.send(name="Ada")
    other = Window(client, window.address)
    window.send(name="Bo")
    bo = window.digest
    other.send(wrapper="stripes")
    assert "This bar was changed in another window. Here you go on with a copy of your own." in other.words
    assert f'<a href="/studio/bar-100/{bo}/">Open the other one</a>' in other.page
    assert {(c.design.name, len(c.past)) for c in Creation.objects.all()} == {("Bo", 2), ("Ada", 2)}
    window.send(name="Bob")
    assert "another window" not in window.words
    other.send(undo="1")
    assert (other.form["name"], other.form["wrapper"]) == (["Ada"], ["plain"])
    assert Creation.objects.count() == 2


def test_the_same_change_sent_twice_is_one_step_and_no_copy(client: Client, window: Window) -> None:
    window.send(name="Ada")
    form = window.form | {"name": "Bo"}
    for _ in range(2):
        client.post(window.address_of_form, form)
    assert len(only().past) == 2


@pytest.mark.parametrize("step", ["", "undo"])
def test_a_page_whose_answer_was_lost_is_no_other_window(client: Client, window: Window, step: str) -> None:
    window.send(name="Ada", tab="t-1")
    stale = window.form
    client.post(window.address_of_form, stale | {"name": "Bo", "tab": "t-1"})
    client.post(window.address_of_form, stale | {"name": "Cy", "tab": "t-1"} | ({step: "1"} if step else {}))
    assert Creation.objects.count() == 1


def test_a_page_whose_first_answer_was_lost_goes_on_with_its_creation(client: Client, window: Window) -> None:
    window.send(name="Zoe")  # somebody who has been here before
    fresh = Window(client)
    form = fresh.form
    for name in ("Ada", "Bo"):
        client.post(fresh.address_of_form, form | {"name": name, "tab": "t-2"})
    assert [len(creation.past) for creation in Creation.objects.order_by("created_at")] == [1, 2]


@pytest.mark.parametrize("forged", ["x", "::", "0" * 36 + ":a:b", "\0", "a" * 5000])
def test_a_forged_place_is_no_place(client: Client, window: Window, forged: str) -> None:
    window.send(creation=forged, name="Ada")
    assert only().design.name == "Ada"
