"""Where invoices are opened: by the key from the mail, by who ordered, and by those of the staff who may."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client

from orders import emails
from orders.models import Invoice, Order
from orders.money import invoices
from orders.papers import invoice_files, keys
from orders.views import papers as views
from tests.orders.paid import MONDAY_NOON, design, paid_order, placed_order
from tests.orders.test_invoices import gives_back, payment_of

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def order(catalogue: None) -> Order:
    return paid_order()


@pytest.fixture
def bill(order: Order) -> Invoice:
    made = invoices.issue(order, at=MONDAY_NOON)
    invoice_files.make(made, at=MONDAY_NOON)
    return made


def page(order: Order, key: str = "") -> str:
    return f"/orders/{order.token}/papers/{key or keys.key_of(order)}/"


def test_the_key_from_the_mail_opens_the_invoice(client, order, bill):
    shown = client.get(page(order)).content.decode()
    assert bill.number in shown

    answer = client.get(f"{page(order)}{bill.number}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == invoice_files.read(bill.paper)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("key", ["0" * 32, "x"])
def test_the_link_of_the_order_alone_opens_none(client, order, bill, key):
    assert client.get(page(order, key)).status_code == 404
    assert client.get(f"{page(order, key)}{bill.number}.pdf").status_code == 404


def test_the_key_of_one_order_opens_no_paper_of_another(client, order, bill):
    other = paid_order()
    assert client.get(f"{page(other)}{bill.number}.pdf").status_code == 404
    assert client.get(page(order, keys.key_of(other))).status_code == 404


def test_a_key_from_before_the_secret_was_changed_still_opens(client, order, bill, settings):
    old = page(order)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret-of-this-shop"
    assert client.get(old).status_code == 200
    assert page(order) != old


def test_before_it_is_written_the_page_says_so(client, order):
    assert "being written" in client.get(page(order)).content.decode()
    invoices.issue(order, at=MONDAY_NOON)
    assert "being written" in client.get(page(order)).content.decode()


def test_before_it_is_paid_there_is_no_invoice_to_wait_for(client):
    assert "as soon as the order is paid" in client.get(page(placed_order((design(), 1)))).content.decode()


def test_a_changed_file_is_not_handed_out_and_is_no_error_page(client, order, bill):
    default_storage.delete(bill.paper.file)
    answer = client.get(f"{page(order)}{bill.number}.pdf")
    assert answer.status_code == 503
    assert "cannot be read just now" in answer.content.decode()


def test_whoever_asks_too_often_waits(client, order, monkeypatch):
    monkeypatch.setattr(views, "LOOKS_A_MINUTE", 2)
    assert [client.get(page(order)).status_code for _look in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("notes", [1, 3])
def test_the_page_costs_the_same_however_many_papers(client, order, bill, notes, django_assert_num_queries):
    payment = payment_of(order)
    for _note in range(notes):
        gives_back(payment, 100)
    with django_assert_num_queries(2):
        shown = client.get(page(order)).content.decode()
    assert shown.count("K-2026-") >= notes


def test_only_where_it_was_ordered_the_order_page_leads_to_the_papers(buyer, ada_bar):
    order, _page = buyer.order_of(ada_bar.digest, 1)
    Order.objects.filter(pk=order.pk).update(payment_state="paid", paid_at=MONDAY_NOON)
    order.refresh_from_db()

    address = keys.address_of(order)
    assert address in buyer.client.get(f"/orders/{order.token}/").content.decode()
    assert address not in Client().get(f"/orders/{order.token}/").content.decode()


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_confirmation_leads_to_the_papers_in_its_language(order, locale):
    Order.objects.update(locale=locale)
    order.refresh_from_db()
    letter = emails.confirmation(paid_order(locale=locale))
    assert "/papers/" in str(letter.body)
    assert ("/de/orders/" in str(letter.body)) is (locale == "de")
    assert mail.outbox == []


# ── The office ───────────────────────────────────────────────────────────────────────────────────


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("olga", password="an-office-password", is_staff=True)
    for codename in permissions:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client = Client()
    client.force_login(user)
    return client


def test_the_office_finds_an_invoice_by_number_order_and_mail_and_opens_it(bill):
    office = staff("view_invoice")
    for asked in (bill.number, bill.order.number, "ada@example.org"):
        assert bill.number in office.get(f"/admin/orders/invoice/?q={asked}").content.decode()
    assert office.get(f"/admin/orders/invoice/{bill.pk}/file/").content.startswith(b"%PDF")
    assert "As it was made" in office.get(f"/admin/orders/invoice/{bill.pk}/change/").content.decode()


def test_whoever_may_not_view_invoices_opens_none(bill):
    office = staff("view_order")
    assert office.get("/admin/orders/invoice/").status_code == 403
    assert office.get(f"/admin/orders/invoice/{bill.pk}/file/").status_code == 403


@pytest.mark.parametrize("papers", [1, 3])
def test_the_offices_list_costs_the_same_however_long(papers, django_assert_num_queries):
    office = staff("view_invoice")
    for _one in range(papers):
        invoice_files.make(invoices.issue(paid_order(), at=MONDAY_NOON), at=MONDAY_NOON)
    office.get("/admin/orders/invoice/")
    with django_assert_num_queries(9):
        office.get("/admin/orders/invoice/")
