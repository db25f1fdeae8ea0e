"""Tables from outside: shown before anything is written, whole or not at all, and never behind somebody's back."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from configurator.models import Module, OwnPrice, PriceList
from orders import stock
from orders.models import OfficeChange, StockMove
from orders.office.staff_groups import ensure_groups

pytestmark = pytest.mark.usefixtures("catalogue")
PRICES = "/admin/bring-in/prices/"


def colleague(name: str, group: str) -> Client:
    ensure_groups()
    user = User.objects.create_user(name, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def dollars(catalogue: None) -> PriceList:
    return PriceList.objects.create(
        currency="USD", name="Dollars", permille=1100, step_cents=5, valid_from="2026-01-01"
    )


def shown(client: Client, page: str, text: str) -> str:
    return client.post(page, {"text": text}).content.decode()


def confirm(client: Client, page: str, text: str, html: str):
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen, html
    return client.post(page, {"text": text, "seen": seen[1]}, follow=True)


def test_prices_are_shown_first_and_then_written(dollars):
    cat = colleague("cat", "catalogue")
    OwnPrice.objects.create(price_list=dollars, key="bar-100", cents=700)
    text = "currency,key,price\nUSD,bar-100,7.50\nUSD,almond_whole,0.95\n"

    html = shown(cat, PRICES, text)

    assert re.search(r'7\.00</td><td class="sum"><strong>7\.50', html)
    assert dollars.own.get().cents == 700

    answer = confirm(cat, PRICES, text, html)

    assert "2 values are changed." in answer.content.decode()
    assert dict(dollars.own.values_list("key", "cents")) == {"bar-100": 750, "almond_whole": 95}
    written = {
        (change.by.username, change.act)
        for change in OfficeChange.objects.filter(model="configurator.ownprice")
    }
    assert written == {("cat", "changed"), ("cat", "added")}


def test_one_mistake_changes_nothing_and_all_mistakes_are_named(dollars):
    cat = colleague("cat", "catalogue")
    text = "currency;key;price\nUSD;bar-100;7,50\nUSD;unobtainium;1\nXXX;bar-100;1\nUSD;almond_whole;cheap\n"

    answer = cat.post(PRICES, {"text": text})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Row 3 (unobtainium): Nothing of the catalogue has this key." in html
    assert "Row 4 (bar-100): There is no price list for “XXX” today." in html
    assert "Row 5 (almond_whole): “cheap” is no number." in html
    assert "USD;almond_whole;cheap" in html
    assert not OwnPrice.objects.exists()


def test_what_somebody_else_changed_meanwhile_is_shown_anew(dollars):
    cat = colleague("cat", "catalogue")
    text = "currency,key,price\nUSD,bar-100,7.50\n"
    html = shown(cat, PRICES, text)
    OwnPrice.objects.create(price_list=dollars, key="bar-100", cents=710)

    answer = confirm(cat, PRICES, text, html)

    assert "Somebody has changed some of it meanwhile." in answer.content.decode()
    assert dollars.own.get().cents == 710

    confirm(cat, PRICES, text, answer.content.decode())

    assert dollars.own.get().cents == 750


def test_modules_are_changed_by_the_columns_that_are_there(catalogue):
    cat = colleague("cat", "catalogue")
    page, text = "/admin/bring-in/modules/", "key,surcharge,name_de\nalmond_whole,0.99,Mandeln ganz\n"

    confirm(cat, page, text, shown(cat, page, text))

    module = Module.objects.get(key="almond_whole")
    assert (module.surcharge_cents, module.name_de, module.retired) == (99, "Mandeln ganz", False)
    (change,) = OfficeChange.objects.all()
    assert {field[0] for field in change.fields} == {"surcharge_cents", "name_de"}


def test_counted_shelves_become_moves_with_their_author(catalogue):
    pro = colleague("pro", "production")
    page, text = "/admin/bring-in/shelves/", "key,grams\nalmond_whole,2500\nraspberry_fd,150.5\n"

    confirm(pro, page, text, shown(pro, page, text))

    there = stock.on_hand(["almond_whole", "raspberry_fd"])
    assert there == {"almond_whole": 2_500_000, "raspberry_fd": 150_500}
    assert {move.by.username for move in StockMove.objects.all()} == {"pro"}
    assert "nothing would change" in shown(pro, page, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Choose a file, or paste its lines."),
        ("key,price\nbar-100,1\n", "The first row must name the columns."),
        ("currency,key,price,extra\nUSD,bar-100,1,2\n", "The first row must name the columns."),
        ("currency,key,price\nUSD,bar-100,1\nUSD,bar-100,2\n", "“bar-100” stands in the table twice."),
        ("currency,key,price\nUSD,bar-100,-1\n", "“-1” must be 0 or more"),
        ("currency,key,price\nUSD,bar-100,1.005\n", "with fewer decimals"),
        ("currency,key,price\nUSD,bar-100,1e99\n", "must be 0 or more"),
        ("currency,key,price\nUSD\n", "Row 2"),
    ],
)
def test_what_cannot_be_read_is_said(dollars, text, words):
    answer = colleague("cat", "catalogue").post(PRICES, {"text": text})

    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"currency,key,price\nUSD,bar-100,\xe4\n"])
def test_a_file_that_is_no_text_is_refused(dollars, content):
    answer = colleague("cat", "catalogue").post(PRICES, {"file": SimpleUploadedFile("prices.csv", content)})

    assert "not written in UTF-8" in answer.content.decode()


def test_a_file_is_as_good_as_its_lines(dollars):
    file = SimpleUploadedFile("prices.csv", "\ufeffcurrency,key,price\r\nUSD,bar-100,7.50\r\n".encode())

    assert (
        "<strong>7.50</strong>" in colleague("cat", "catalogue").post(PRICES, {"file": file}).content.decode()
    )


@pytest.mark.parametrize(
    ("group", "may"),
    [("owner", {"modules", "prices", "shelves"}), ("support", set()), ("production", {"shelves"}),
     ("catalogue", {"modules", "prices"}), ("accountant", set())],
)  # fmt: skip
def test_who_brings_in_what(group, may, catalogue):
    client = colleague("x", group)

    assert {kind for kind in ("modules", "prices", "shelves")
            if client.get(f"/admin/bring-in/{kind}/").status_code == 200} == may  # fmt: skip
    assert client.get("/admin/bring-in/nothing/").status_code == 404
