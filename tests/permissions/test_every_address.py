"""Every address × everybody: what it answers, and that a refusal changes nothing.

The answers stand in answers.txt, a line for each method of each address: one word where all get the same,
else one for each of the people, in the order of its head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from tests import loaded
from tests.permissions.addresses import API, address, methods, routes
from tests.permissions.people import BUYER, CUSTOMER, GUEST, PEOPLE, House, furnished

ANSWERS: Final = Path(__file__).with_name("answers.txt")
SIGN_IN, REFUSED, FACTOR_FIRST = "sign-in", "refused", "factor-first"
OPEN_IN_THE_OFFICE: Final = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")
WRITING: Final = ("INSERT", "UPDATE", "DELETE")
WRITTEN_ALWAYS: Final = ("django_session", "orders_apitoken")
"""That somebody was here."""
READING: Final = re.compile(
    r"POST /admin/(\w+/\w+/(<path:object_id>/(history/)?)?"
    r"|orders/dispute/.*/evidence.txt|orders/order/(orders.(csv|xlsx)|searches/.*))"
)


@pytest.fixture
def house(db: None) -> House:
    loaded.catalogue()
    loaded.rates()
    return furnished()


def expected() -> dict[str, list[str]]:
    lines = [line.split() for line in ANSWERS.read_text().splitlines() if line[:1] not in ("", "#")]
    return {
        f"{method} {route}": answers * (len(PEOPLE) if len(answers) == 1 else 1)
        for method, route, *answers in lines
    }


def asked() -> list[tuple[str, str]]:
    return [(method, route) for route in routes() for method in methods(route)]


def test_every_address_has_its_line(house: House) -> None:
    """A new one fails here, with what it answers now: is that what it should?"""
    known = expected()
    missing = [(method, route) for method, route in asked() if f"{method} {route}" not in known]
    clients = {who: house.client(who) for who in PEOPLE}
    lines = [_line(house, clients, method, route) for method, route in missing]
    assert not lines, "\n" + "\n".join(lines)


def test_no_line_is_left_of_an_address_that_is_gone() -> None:
    there = {f"{method} {route}" for method, route in asked()}
    assert [line for line in expected() if line not in there] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_every_address_answers_everybody_as_it_should(house: House, who: str) -> None:
    known, place, client = expected(), PEOPLE.index(who), house.client(who)
    wrong = []
    for method, route in asked():
        should = known.get(f"{method} {route}", [])[place : place + 1]
        answer = _knock(house, client, who, method, route)
        if should and [answer] != should:
            wrong.append(f"{method} {route} answers {who}: {answer}, not {should[0]}")
    assert wrong == []


@pytest.mark.parametrize("who", [GUEST, CUSTOMER, BUYER])
def test_the_office_and_the_floor_are_closed_to_whoever_is_not_of_the_staff(who: str) -> None:
    place = PEOPLE.index(who)
    inside = {
        line: answers[place]
        for line, answers in expected().items()
        if line.split()[1].startswith(("/admin/", "/floor/"))
        and not line.split()[1].startswith(OPEN_IN_THE_OFFICE)
    }
    assert {line: answer for line, answer in inside.items() if answer not in {SIGN_IN, REFUSED, "405"}} == {}


def test_an_accountant_presses_no_button_of_the_office() -> None:
    """Lists and histories answer a form as they answer a look."""
    place = PEOPLE.index("accountant")
    pressed = {
        line: answers[place]
        for line, answers in expected().items()
        if line.startswith(("POST /admin/orders/", "POST /admin/configurator/", "POST /floor/"))
        and not READING.fullmatch(line)
    }
    assert {line: answer for line, answer in pressed.items() if answer not in {REFUSED, "405"}} == {}


def test_where_a_second_factor_is_needed_a_password_alone_opens_no_door_of_the_staff(
    house: House, settings: Settings
) -> None:
    """Not even to the owner. Everywhere they are led to where they set one up, or met as a customer is. Tokens are a key of their own."""
    settings.STAFF_NEED_SECOND_FACTOR = True
    known, customer, client = expected(), PEOPLE.index(CUSTOMER), house.client("owner")
    led_on = {SIGN_IN, REFUSED, "405", FACTOR_FIRST}
    wrong = []
    for method, route in asked():
        if route.startswith((API, *OPEN_IN_THE_OFFICE)):
            continue
        answer = _knock(house, client, "owner", method, route)
        if answer not in {known[f"{method} {route}"][customer], *led_on}:
            wrong.append(f"{method} {route}: {answer}")
    assert wrong == []


def _line(house: House, clients: dict[str, Client], method: str, route: str) -> str:
    answers = [_knock(house, client, who, method, route) for who, client in clients.items()]
    return " ".join([method, route, *(answers[:1] if len(set(answers)) == 1 else answers)])


def _knock(house: House, client: Client, who: str, method: str, route: str) -> str:
    """What happened is undone: the next one finds the house as it was."""
    cache.clear()
    headers = {"Authorization": f"Bearer {house.tokens[who]}"} if API in route and who in house.tokens else {}
    cookies = deepcopy(client.cookies)
    with transaction.atomic(), _nothing_written_unless_let_in() as watched:
        reply = client.generic(method, address(route, house), headers=headers)
        answer = watched["answer"] = _said(reply)
        # Not the whole of closing: that ends the request, and with it the connection of this test.
        for closes in getattr(reply, "_resource_closers", ()):
            closes()
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def _said(reply: HttpResponseBase) -> str:
    if reply.status_code == 403:
        return REFUSED
    if reply.status_code in (302, 303) and "/login/" in reply["Location"]:
        return SIGN_IN
    if reply.status_code == 302 and reply["Location"] == "/account/safety/":
        return FACTOR_FIRST
    return str(reply.status_code)


@contextmanager
def _nothing_written_unless_let_in() -> Iterator[dict[str, str]]:
    written: list[str] = []
    watched: dict[str, str] = {}

    def watch(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith(WRITING) and not any(table in sql for table in WRITTEN_ALWAYS):
            written.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(watch):
        yield watched
    assert not written or watched["answer"] not in {SIGN_IN, REFUSED, FACTOR_FIRST, "401", "404", "405"}, (
        written
    )
