"""Orders are found by whatever is at hand, searches are kept, and a list leaves the house as a table."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from orders.models import OfficeChange, Order, SavedFilter
from orders.office import exporting
from orders.office.staff_groups import ensure_groups
from tests.orders.paid import ADA, ADA_AT_HOME, design, only_job, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
ORDERS = "/admin/orders/order/"


def colleague(name: str, group: str) -> Client:
    ensure_groups()
    user = User.objects.create_user(name, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def for_somebody(name: str, email: str, bar: str = "Ada") -> Order:
    wishes = replace(ADA, email=email, recipients=(replace(ADA_AT_HOME, name=name),))
    return paid_order((design(bar), 1), contact=wishes)


def found(client: Client, typed: str) -> list[str]:
    return [order.name for order in client.get(ORDERS, {"q": typed}).context["cl"].queryset]


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def grace(catalogue: None) -> Order:
    for_somebody("Ada Lovelace", "ada@example.org")
    return for_somebody("Grace Hopper", "grace@example.org", bar="For the admiral")


@pytest.mark.parametrize(
    "typed",
    ["grace@example.org", "GRACE@example", "hopper", "grace hopper", "admiral"],
)
def test_an_order_is_found_by_words(grace, typed):
    assert found(colleague("sue", "support"), typed) == ["Grace Hopper"]


def test_an_order_is_found_by_its_number_and_by_codes_from_paper(grace):
    sue = colleague("sue", "support")
    line, job = grace.lines.get(), only_job(grace)

    for typed in (grace.number, grace.number.lower(), f" {grace.number} "):
        assert found(sue, typed) == ["Grace Hopper"], typed
    assert found(sue, line.code) == ["Grace Hopper"]
    assert found(sue, line.code.lower()) == ["Grace Hopper"]
    assert found(sue, job.code) == ["Grace Hopper"]


def test_what_is_nowhere_is_not_found(grace):
    assert found(colleague("sue", "support"), "nobody-at-all") == []


def test_a_search_is_kept_under_a_name_and_is_its_owners_alone(grace):
    sue, tom = colleague("sue", "support"), colleague("tom", "support")

    sue.post(f"{ORDERS}searches/", {"name": "Admirals", "query": "q=hopper"})

    assert '<a href="?q=hopper">Admirals</a>' in sue.get(ORDERS).content.decode()
    assert "Admirals" not in tom.get(ORDERS).content.decode()
    kept = SavedFilter.objects.get()
    assert tom.post(f"{ORDERS}searches/{kept.pk}/removal/").status_code == 404
    sue.post(f"{ORDERS}searches/{kept.pk}/removal/")
    assert not SavedFilter.objects.exists()


def test_the_same_name_is_the_same_search(grace):
    sue = colleague("sue", "support")

    for words in ("hopper", "lovelace"):
        sue.post(f"{ORDERS}searches/", {"name": "Mine", "query": f"q={words}"})

    assert SavedFilter.objects.get().query == "q=lovelace"


def test_a_list_leaves_as_csv_just_as_it_is_filtered(grace):
    answer = colleague("ann", "accountant").post(f"{ORDERS}orders.csv?q=hopper")

    heading, row = table(answer)
    assert heading[:2] == ["number", "ordered"]
    assert (row[0], row[4], row[5]) == (grace.number, "Grace Hopper", "grace@example.org")
    assert row[10] == f"{grace.total_cents / 100:.2f}"
    assert row[13] == "1"


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "\tx"])
def test_a_name_never_becomes_a_formula(name):
    order = paid_order()
    Order.objects.filter(pk=order.pk).update(name=name)
    ann = colleague("ann", "accountant")

    row = table(ann.post(f"{ORDERS}orders.csv"))[1]
    sheet = zipfile.ZipFile(io.BytesIO(ann.post(f"{ORDERS}orders.xlsx").getvalue()))
    cells = sheet.read("xl/worksheets/sheet1.xml").decode()

    assert row[4] == f"'{name}"
    assert "<f>" not in cells
    assert name.strip() in cells.replace("&amp;", "&")


def test_both_tables_have_a_row_for_every_order(monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    for _each in range(5):
        paid_order()
    ann = colleague("ann", "accountant")

    rows = table(ann.post(f"{ORDERS}orders.csv"))
    sheet = zipfile.ZipFile(io.BytesIO(ann.post(f"{ORDERS}orders.xlsx").getvalue()))

    assert sorted(row[0] for row in rows[1:]) == sorted(Order.objects.values_list("number", flat=True))
    assert sheet.read("xl/worksheets/sheet1.xml").decode().count("<row ") == 6


def test_too_many_orders_are_not_taken_out_at_once(monkeypatch, grace):
    monkeypatch.setattr(exporting, "ROWS_MOST", 1)

    answer = colleague("ann", "accountant").post(f"{ORDERS}orders.csv", follow=True)

    assert "more than 1 orders" in answer.content.decode()


def test_who_took_out_what_is_written_down(grace):
    colleague("ann", "accountant").post(f"{ORDERS}orders.csv?q=hopper")

    change = OfficeChange.objects.get()
    assert (change.by.username, change.words) == ("ann", "CSV with 1 orders")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_only_who_may_takes_orders_out_and_never_by_a_link(kind, grace):
    support, owner = colleague("sue", "support"), colleague("olga", "owner")

    assert support.post(f"{ORDERS}orders.{kind}").status_code == 403
    assert owner.get(f"{ORDERS}orders.{kind}").status_code == 403
    assert "As CSV" not in support.get(ORDERS).content.decode()
    assert "As CSV" in owner.get(ORDERS).content.decode()


@pytest.mark.parametrize("orders", [1, 4])
def test_a_table_costs_the_same_however_long_it_is(django_assert_num_queries, orders):
    for _each in range(orders):
        paid_order()
    ann = colleague("ann", "accountant")

    with django_assert_num_queries(11):
        ann.post(f"{ORDERS}orders.csv").getvalue()
