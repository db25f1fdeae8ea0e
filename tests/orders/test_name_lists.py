"""One bar for each name of a list: seen as a whole first, put into the cart once, ordered in one order."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from configurator.domain.design import Design
from orders.buying.checkout_forms import worth_keeping
from orders.buying.name_lists import ListUnreadable, decoded, read
from orders.models import CartLine, Order
from orders.money import payments
from tests.orders.paid import ADA_AT_HOME
from tests.orders.till import Buyer, Till

GUESTS = [f"Guest {number}" for number in range(1, 201)]


def entries(text: str) -> list[tuple[str, int]]:
    return [(entry.name, entry.quantity) for entry in read(text) if not entry.refusals]


def refusals(text: str) -> list[tuple[tuple[int, ...], str]]:
    return [(entry.lines, entry.refusals[0]) for entry in read(text) if entry.refusals]


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("Ada\nGrace", [("Ada", 1), ("Grace", 1)]),
        ("Name;Bars\nAda;2\nGrace;", [("Ada", 2), ("Grace", 1)]),
        ("Ada,3\r\n\r\nGrace\r\n", [("Ada", 3), ("Grace", 1)]),
        ("Ada\t2", [("Ada", 2)]),
        ('"Lovelace, Ada";1', [("Lovelace, Ada", 1)]),
        ("Ada\nGrace\nAda", [("Ada", 2), ("Grace", 1)]),
        ("  Ada   Lovelace ", [("Ada Lovelace", 1)]),
        ("Jose\u0301", [("José", 1)]),
    ],
)
def test_a_list_is_read_as_spreadsheets_and_people_write_it(text, bars) -> None:
    assert entries(text) == bars


def test_each_mistake_is_told_with_its_line() -> None:
    text = "Ada\nGrace;0\n;2\nBob;2;blue\nAda;99"
    how_many = "Write the name, and after it at most how many bars, from 1 to 99."
    assert refusals(text) == [
        ((1, 5), "99 bars of one design is the most for one order."),
        ((2,), how_many),
        ((3,), "The name is missing: it stands first on its line."),
        ((4,), how_many),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "Name"])
def test_an_empty_list_asks_for_a_name(text) -> None:
    with pytest.raises(ListUnreadable, match="Write at least one name"):
        read(text)


def test_a_list_holds_200_names() -> None:
    assert len(read("\n".join(GUESTS))) == 200
    with pytest.raises(ListUnreadable, match="A list holds 200 names"):
        read("\n".join([*GUESTS, "One more"]))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("utf-8-sig"), "Zoë"),
        ("Zoë".encode("cp1252"), "Zoë"),
        ("Zoë".encode("utf-16"), "Zoë"),
    ],
)
def test_a_file_is_read_in_whatever_letters_it_came(content, text) -> None:
    assert decoded(content) == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a" * 64_001, "64 kB is the most"),
        (b"PK\x03\x04", "save as CSV"),
        (b"\xff\xfea", "cannot be read"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(content, words) -> None:
    with pytest.raises(ListUnreadable, match=words):
        decoded(content)


def address(bar: Design) -> str:
    return f"/d/{bar.digest}/names/"


def test_the_whole_list_is_seen_before_anything_is_in_the_cart(buyer: Buyer, ada_bar: Design) -> None:
    text = "\n".join([*GUESTS[:11], "漢字", "W" * 40, "Guest 1"])
    answer = buyer.client.post(address(ada_bar), {"names": text})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "11 names fit" in page
    assert "2 entries cannot be made as they are:" in page
    assert "Line 12, “漢字”:" in page
    assert "2 × Guest 1 (lines 1, 14)" in page
    assert "Volume price" in page
    assert "漢字" in page.rpartition('id="id_names"')[2]
    assert not CartLine.objects.exists()


def test_a_file_is_looked_at_and_stands_in_the_box_from_then_on(buyer: Buyer, ada_bar: Design) -> None:
    file = SimpleUploadedFile("guests.csv", "Name;Bars\nZoë;2".encode("cp1252"))
    page = buyer.client.post(address(ada_bar), {"file": file}).content.decode()
    assert "1 name fits" in page
    assert "Zoë;2" in page.rpartition('id="id_names"')[2]


def puts(client: Client, bar: Design, names: list[str]) -> list[int]:
    """Presses the button until it is done; how many were in the cart after each press."""
    counts, put = [], "0"
    while True:
        answer = client.post(address(bar), {"names": "\n".join(names), "put": put})
        counts.append(CartLine.objects.count())
        if answer.status_code == 303:
            return counts
        found = re.search(r'name="put" value="(\d+)"', answer.content.decode())
        assert found, answer.content.decode()
        put = found[1]


def test_bars_go_into_the_cart_by_fifty_and_never_twice(buyer: Buyer, ada_bar: Design) -> None:
    names = GUESTS[:120]
    assert puts(buyer.client, ada_bar, names) == [50, 100, 120]
    assert puts(buyer.client, ada_bar, names) == [120, 120, 120]
    assert set(CartLine.objects.values_list("quantity", flat=True)) == {1}
    designs = {line.design.value.name for line in CartLine.objects.select_related("design")}
    assert designs == set(names)


def test_fifty_bars_cost_as_many_questions_as_ten(buyer: Buyer, ada_bar: Design) -> None:
    asked = []
    for names in (GUESTS[:10], GUESTS[50:100]):
        with CaptureQueriesContext(connection) as queries:
            buyer.client.post(address(ada_bar), {"names": "\n".join(names), "put": "0"})
        asked.append(len(queries))
        CartLine.objects.all().delete()
    assert asked[1] <= asked[0]


def test_two_hundred_names_are_one_order(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    puts(buyer.client, ada_bar, GUESTS)
    with CaptureQueriesContext(connection) as asked:
        answer = buyer.orders()
    assert answer.status_code == 303
    order = Order.objects.get()
    assert order.lines.count() == 200
    assert len(asked) < 60
    [session] = till.sessions()
    assert session["amount_total"] == order.total_cents
    till.pay(answer["Location"])
    payments.settle(order.payments.get(), at=order.placed_at)
    order.refresh_from_db()
    assert order.is_paid


def test_a_bar_that_nobody_may_see_has_no_page_of_names(client: Client, catalogue: None) -> None:
    for digest in ("0" * 64, "nothing"):
        assert client.get(f"/d/{digest}/names/").status_code == 404


def test_who_asks_too_often_waits(buyer: Buyer, ada_bar: Design) -> None:
    answers = [buyer.client.post(address(ada_bar), {"names": "Ada"}).status_code for _try in range(21)]
    assert answers == [200] * 20 + [429]


def test_200_names_are_given_out_to_twenty_people(buyer: Buyer, ada_bar: Design, till: Till) -> None:
    puts(buyer.client, ada_bar, GUESTS)
    form = {"recipients": "20", "email": "ada@example.org"} | for_twenty(buyer.client)
    assert len(form) > 4000
    looked = buyer.client.post("/checkout/", form).content.decode()
    hidden = dict(re.findall(r'name="(expected_\w+|seen)" value="([^"]*)"', looked))
    answer = buyer.client.post("/checkout/", form | hidden | {"order": "1"})
    assert answer.status_code == 303
    order = Order.objects.get()
    assert [parcel.lines.count() for parcel in order.shipments.all()] == [10] * 20


def for_twenty(client: Client) -> dict[str, str]:
    """Each of them at Ada's, with ten of the bars."""
    page = client.post("/checkout/", {"recipients": "1", "add_recipient": "1"}).content.decode()
    units = re.findall(r'name="(units-[^"]+)"', page)
    form: dict[str, str] = {}
    for place in range(1, 21):
        prefix = "" if place == 1 else f"to{place}-"
        form |= {f"{prefix}{field}": value for field, value in ADA_AT_HOME.address.items()}
        form |= {
            f"{prefix}{unit}": "1" if number % 20 == place - 1 else "" for number, unit in enumerate(units)
        }
    return form


def test_what_was_typed_for_twenty_people_is_kept_until_they_come_back() -> None:
    typed = {f"to{place}-{field}": "x" for place in range(2, 21) for field in ADA_AT_HOME.address}
    dealt = {f"to{number % 19 + 2}-units-line-{number}": "1" for number in range(250)}
    blank = {f"to{place}-units-line-{number}": "" for place in range(2, 21) for number in range(250)}
    assert worth_keeping({**blank, **typed, **dealt}) == typed | dealt
