"""Whoever asks gets a copy of everything, or is forgotten: then only what tax law keeps is found anywhere."""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from configurator.models import Creation
from orders.buying import half_typed
from orders.models import (
    Cart,
    Claim,
    GiftCard,
    Invoice,
    InvoicePaper,
    Order,
    PersonalRequest,
    SavedFilter,
    Shipment,
)
from orders.money import invoices
from orders.personal import forgetting, papers, requests, retention
from orders.personal.open_matters import StillOpen
from orders.personal.people import orders_of
from shop import account_letters
from shop.models import AccountLetter
from tests.configurator.people import Person
from tests.orders import somebody
from tests.orders.paid import design, operator, paid_order, placed_order
from tests.orders.somebody import EMAIL, MARK, Somebody

KEPT = {"orders_invoice.content"}
ASKED = {"sure": "on", "browser": "on"}


@pytest.fixture
def quentin(catalogue: None) -> Somebody:
    return somebody.everywhere(timezone.now())


def forget(who: Somebody) -> None:
    forgetting.forget(who.person, at=timezone.now(), progress=lambda _done, _parts: None)


def done() -> PersonalRequest:
    """What was asked for last, as the worker does it."""
    asked = PersonalRequest.objects.latest("pk")
    requests.carry_out(asked.pk)
    asked.refresh_from_db()
    return asked


def in_account(who: Somebody) -> Client:
    """In the browser that designed, and with the password typed just now."""
    client = who.browser.client
    client.force_login(who.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(who.user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    return client


def by_link(email: str, client: Client) -> str:
    """The address in the mail that was asked for."""
    client.post("/my-data/", {"email": email})
    mail.outbox.clear()
    account_letters.send(AccountLetter.objects.latest("pk").pk)
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", str(mail.outbox[0].body))
    assert found
    return found[1]


# ── Forgotten ────────────────────────────────────────────────────────────────────────────────────


def test_of_somebody_with_everything_only_invoices_are_left(
    quentin: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    """Looked for in every column of every table, in every file and in the log."""
    caplog.set_level(logging.DEBUG)
    assert somebody.marked_tables() == somebody.MARKED_BEFORE

    forget(quentin)

    assert somebody.marked_tables() == KEPT
    paper = InvoicePaper.objects.get(invoice__order=quentin.order)
    left = [path for path in somebody.files() if not path.parent.match("previews/*/*")]
    assert [path.as_posix().endswith(paper.file) for path in left] == [True]
    assert [path for path in somebody.files() if somebody.says_the_mark(path)] == left
    assert MARK not in caplog.text.casefold()


def test_the_books_stay_as_they_are(quentin: Somebody) -> None:
    before = Order.objects.values_list("number", "total_cents", "country", "vat").get(pk=quentin.order.pk)
    forget(quentin)
    order = Order.objects.get(pk=quentin.order.pk)
    assert (order.number, order.total_cents, order.country, order.vat) == before
    assert order.forgotten_at is not None
    assert invoices.gaps() == []
    assert invoices.is_unchanged(Invoice.objects.get(order=order))
    payment = order.payments.get()
    assert (payment.captured_cents, payment.charge_id) == (order.total_cents, "ch_1")
    line = order.lines.get()
    assert (line.name, line.design.value.name, line.code) == ("", "", line.design.code)
    assert sum(part["mg"] for part in line.recipe) == line.net_mg


def test_its_order_page_opens_no_more_and_the_gift_card_still_pays(quentin: Somebody) -> None:
    forget(quentin)
    assert quentin.browser.looks_at(f"/orders/{quentin.order.token}/") == 404
    card = GiftCard.objects.get(order=quentin.card_order)
    assert (card.balance_cents, card.sender, card.recipient_email, card.message) == (5000, "", "", "")


def test_a_remix_stays_with_whoever_made_it_and_loses_the_words(quentin: Somebody) -> None:
    forget(quentin)
    remix = Creation.objects.get(pk=quentin.remix.pk)
    assert (remix.design_id, remix.parent_id) == (quentin.remix.design_id, None)
    assert (remix.started_from.value.name, remix.started_from.value.wrapper.text) == ("", "")
    assert remix.past == [remix.started_from_id]


def test_forgetting_twice_is_forgetting_once(quentin: Somebody) -> None:
    forget(quentin)
    forget(quentin)
    assert somebody.marked_tables() == KEPT


def test_others_keep_everything(quentin: Somebody) -> None:
    other = paid_order((design("Ada"), 1))
    forget(quentin)
    kept = Order.objects.get(pk=other.pk)
    assert (kept.email, kept.lines.get().name, kept.token) == ("ada@example.org", "Ada", other.token)
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["Open"]


def test_nobody_is_written_to_who_was_forgotten(quentin: Somebody) -> None:
    """A refund after it still has its credit note, with the name that the law wants on it, and no mail."""
    forget(quentin)
    order = Order.objects.get(pk=quentin.order.pk)
    refund = order.payments.get().refunds.get()
    note = invoices.credit(refund, at=timezone.now())
    assert note.content["buyer"]["name"] == somebody.NAME


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@example.org"])
def test_whoever_waits_for_bars_is_not_forgotten_yet(catalogue: None, email: str) -> None:
    paid, unpaid = paid_order((design(), 1)), placed_order((design("Bea"), 1))
    paid.work.filter(kind="invoice").update(done_at=timezone.now())
    link = by_link(email, Client())
    page = Client().post(f"{link}erasure/", ASKED)
    assert page.status_code == 409
    said = page.content.decode()
    assert f"{paid.number}</a>: It is paid and has not left us." in said
    assert f"{unpaid.number}</a>: It waits for its payment." in said
    assert PersonalRequest.objects.count() == 0
    assert Order.objects.get(pk=paid.pk).name == "Ada Lovelace"


def test_what_comes_up_after_the_button_is_waited_for(quentin: Somebody) -> None:
    """Nothing is half forgotten: the worker looks again the next day."""
    asked = requests.ask_to_forget(quentin.person, locale="en", at=timezone.now())
    Claim.objects.filter(order=quentin.order).update(state="open", decided_at=None, decided_by=None)
    before = somebody.marked_tables()
    assert done().done_at is None
    assert somebody.marked_tables() == before
    with pytest.raises(StillOpen):
        forget(quentin)
    assert asked.key == PersonalRequest.objects.get().key


# ── On the pages ─────────────────────────────────────────────────────────────────────────────────


def test_an_account_is_forgotten_on_its_page_after_its_password(quentin: Somebody) -> None:
    client = quentin.browser.client
    assert client.get("/account/my-data/erasure/").status_code == 302
    client.force_login(quentin.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/account/my-data/erasure/")["Location"].startswith("/account/really-you/?")

    client = in_account(quentin)
    number = Invoice.objects.get().number
    page = client.get("/account/my-data/erasure/").content.decode()
    assert number in page
    assert f"{timezone.now().year + 8}" in page
    assert client.post("/account/my-data/erasure/", {"browser": "on"}).status_code == 422

    answer = client.post("/account/my-data/erasure/", ASKED)

    assert answer.status_code == 303
    assert client.get("/account/").status_code == 302
    assert not User.objects.get(pk=quentin.user.pk).is_active
    assert done().done_at is not None
    page = client.get(answer["Location"]).content.decode()
    assert "You are forgotten" in page
    assert number in page
    assert not User.objects.filter(pk=quentin.user.pk).exists()
    assert somebody.marked_tables() == KEPT


def test_a_guest_gets_there_by_a_mail_and_nobody_else_does(catalogue: None) -> None:
    paid_order((design(), 1))
    stranger = Client()
    for email in ("ada@example.org", "nobody@example.org"):
        assert "A mail is on its way" in stranger.post("/my-data/", {"email": email}).content.decode()
    link = by_link("ada@example.org", stranger)
    assert stranger.get(link).status_code == 200
    assert stranger.get(link.replace("/my-data/", "/my-data/x")).status_code == 410
    assert stranger.get(link)["X-Robots-Tag"] == "noindex, nofollow"
    by_link("nobody@example.org", Client())
    assert "there is no order" in " ".join(str(mail.outbox[0].body).split())


def test_a_guest_is_forgotten_with_the_bars_and_the_cart_of_this_browser(catalogue: None) -> None:
    ada = Person("ada")
    creation = ada.designs(design("Gespräch"))
    ada.client.post("/cart/lines/", {"design": creation.design_id, "quantity": "1"})
    order = paid_order((design("Ada"), 1))
    order.lines.get().jobs.update(job_state="shipped")
    order.work.update(done_at=timezone.now())
    link = by_link("ada@example.org", ada.client)

    answer = ada.client.post(f"{link}erasure/", ASKED)

    assert answer.status_code == 303
    assert done().done_at is not None
    assert ada.client.cookies["maker"].value == ""
    assert Order.objects.get(pk=order.pk).name == ""
    assert (Creation.objects.count(), Cart.objects.count()) == (0, 0)


def test_what_a_guest_designed_in_another_browser_stays(catalogue: None) -> None:
    ada = Person("ada")
    ada.designs(design("Gespräch"))
    order = paid_order((design("Ada"), 1))
    order.lines.get().jobs.update(job_state="shipped")
    order.work.update(done_at=timezone.now())
    client = Client()
    assert client.post(f"{by_link('ada@example.org', client)}erasure/", ASKED).status_code == 303
    assert done().done_at is not None
    assert Order.objects.get(pk=order.pk).name == ""
    assert Creation.objects.count() == 1


def test_a_link_does_not_reach_into_an_account(quentin: Somebody) -> None:
    """Whoever can read the mails has to have the password as well."""
    client = Client()
    client.post(f"{by_link(EMAIL, client)}erasure/", ASKED)
    done()
    assert Order.objects.get(pk=quentin.order.pk).name == somebody.NAME
    assert User.objects.filter(pk=quentin.user.pk).exists()


def test_an_address_that_was_only_typed_shows_nobody_elses_orders(quentin: Somebody) -> None:
    paid_order((design(), 1))
    EmailAddress.objects.create(user=quentin.user, email="ada@example.org", verified=False, primary=False)
    assert [order.number for order in orders_of(quentin.person)] == [
        quentin.order.number,
        quentin.card_order.number,
    ]


def test_the_owner_forgets_somebody_who_wrote_a_letter(quentin: Somebody) -> None:
    office = Client()
    office.force_login(operator("olga", "view_personalrequest", "erase_personalrequest"))
    address = "/admin/orders/personalrequest/erasure/"
    assert Invoice.objects.get().number in office.post(address, {"email": EMAIL}).content.decode()
    assert PersonalRequest.objects.count() == 0
    # Another address than the one that was looked at is looked at first.
    office.post(address, {"email": "other@example.org", "seen": EMAIL, "sure": "1"})
    assert PersonalRequest.objects.count() == 0

    assert office.post(address, {"email": EMAIL, "seen": EMAIL, "sure": "1"}).status_code == 302

    asked = done()
    assert (asked.by and asked.by.username, asked.email, asked.user) == ("olga", "", None)
    assert not User.objects.filter(pk=quentin.user.pk).exists()
    assert Order.objects.get(pk=quentin.order.pk).name == ""
    assert office.get(f"/admin/orders/personalrequest/{asked.pk}/change/").status_code == 200


def close(answer: Any) -> None:
    """Not the whole of closing: that ends the connection of this test."""
    for closes in answer._resource_closers:
        closes()


# ── A copy ───────────────────────────────────────────────────────────────────────────────────────


def copy_of(client: Client, address: str) -> tuple[str, dict[str, Any], list[str]]:
    page = client.get(address).content.decode()
    found = re.search(r'href="([^"]+\.zip)"', page)
    assert found, page
    answer = client.get(found[1])
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    close(answer)
    with ZipFile(BytesIO(content)) as copy:
        told = {name: json.loads(copy.read(name)) for name in copy.namelist() if name.endswith(".json")}
        return copy.read("README.txt").decode(), told, copy.namelist()


def test_the_copy_holds_everything_of_somebody(quentin: Somebody) -> None:
    client = in_account(quentin)
    assert client.post("/de/account/my-data/copies/").status_code == 303
    assert "Gleich geht es los." in client.get("/de/account/my-data/").content.decode()
    asked = done()
    assert (asked.done_parts, asked.parts) == (asked.parts, asked.parts)

    read_me, told, names = copy_of(client, "/account/my-data/")

    assert "Was Couverture von dir weiß" in read_me
    order = next(each for each in told["orders.json"] if each["order"]["number"] == quentin.order.number)
    assert order["order"]["street"] == "Quittenallee 2"
    assert order["parcels"][0]["gift_message"] == "Quittengruß"
    assert [each["words"] for each in order["messages"]["messages"]][:2] == [
        "Wo bleibt die Quitte?",
        "Die Quitte kommt.",
    ]
    assert order["claims"][0]["words"] == "Quitte zerbrochen"
    assert order["invoices"][0]["number"] == Invoice.objects.get().number
    assert told["bars.json"][0]["opinions"][0]["words"] == "Schön, Quitte!"
    assert told["cart.json"][0]["typed_in_the_checkout"]["name"] == somebody.NAME
    assert told["account.json"]["addresses"][0]["email"] == EMAIL
    assert told["account.json"]["second_factors"][0]["type"] == "totp"
    assert told["gift_cards_received.json"][0]["for"] == somebody.NAME
    assert [name.partition("/")[0] for name in names if "/" in name] == ["photos", "invoices", "claims"]
    assert "quittensecret" not in json.dumps(told)


def test_nobody_else_fetches_it_and_after_a_week_nobody_does(quentin: Somebody) -> None:
    client = in_account(quentin)
    client.post("/account/my-data/copies/")
    asked = done()
    address = f"/account/my-data/copies/{asked.key}.zip"
    fetched = client.get(address)
    assert fetched.status_code == 200
    close(fetched)
    link = by_link(EMAIL, Client())
    assert Client().get(f"{link}copies/{asked.key}.zip").status_code == 404
    assert Client().get(address).status_code == 302

    requests.sweep(timezone.now() + requests.COPY_KEPT + timedelta(minutes=1))

    assert client.get(address).status_code == 404
    assert [path for path in somebody.files() if path.suffix == ".zip"] == []


def test_a_copy_goes_with_whoever_is_forgotten(quentin: Somebody) -> None:
    client = in_account(quentin)
    client.post("/account/my-data/copies/")
    done()
    client.post("/account/my-data/erasure/", ASKED)
    done()
    assert [path for path in somebody.files() if path.suffix == ".zip"] == []
    assert PersonalRequest.objects.count() == 1


# ── By itself ────────────────────────────────────────────────────────────────────────────────────


def aged(years: int) -> Invoice:
    """An invoice as it would have been made so many years ago."""
    made = timezone.now().replace(year=timezone.now().year - years, month=6, day=1)
    order = paid_order((design(f"Old {years}"), 1))
    Order.objects.filter(pk=order.pk).update(placed_at=made, paid_at=made)
    invoice = invoices.issue(order, at=made)
    InvoicePaper.objects.create(invoice=invoice, file=f"invoices/{years}.pdf", digest="0", made_at=made)
    return invoice


@pytest.mark.parametrize("years", [7, 8])
def test_the_database_gives_no_invoice_away_before_its_time(quentin: Somebody, years: int) -> None:
    invoice = aged(years)
    retention.let_go(timezone.now())
    assert Invoice.objects.filter(pk=invoice.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoicePaper.objects.filter(invoice=invoice).let_go()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_invoice SET number = 'X' WHERE id = %s", [invoice.pk])


def test_after_eight_years_papers_go_and_with_them_who_ordered(quentin: Somebody) -> None:
    invoice = aged(9)
    order = invoice.order
    order.shipments.update(shipped_at=timezone.now())
    order.lines.get().jobs.update(job_state="shipped")
    order.work.update(done_at=timezone.now())

    retention.let_go(timezone.now())

    assert not Invoice.objects.filter(pk=invoice.pk).exists()
    assert Invoice.objects.filter(order=quentin.order).exists()
    assert invoices.gaps() == []
    order.refresh_from_db()
    assert (order.name, order.email) == ("", "")
    assert Shipment.objects.get(order=order).name == ""


def test_papers_with_the_vat_of_another_country_are_kept_for_ten_years(quentin: Somebody) -> None:
    invoice = aged(9)
    abroad = {**invoice.content, "rates": [{"permille": 100, "countries": ["AT"]}]}
    assert papers.kept_until(Invoice(year=2026, content=abroad)) == date(2036, 12, 31)
    assert papers.kept_until(Invoice(year=2026, content=invoice.content)) == date(2034, 12, 31)


def test_orders_that_nobody_paid_and_carts_that_nobody_opens_go_much_sooner(quentin: Somebody) -> None:
    order = placed_order((design("Never"), 1))
    order.mark_cancelled(timezone.now() - timedelta(days=91))
    Cart.objects.filter(key=quentin.cart_key).update(
        account=None, created_at=timezone.now() - timedelta(days=400)
    )
    Cart.objects.get(key=quentin.cart_key).lines.update(held_until=timezone.now() - timedelta(days=400))
    never = User.objects.create_user("customer-never", email="typed@example.org")
    User.objects.filter(pk=never.pk).update(date_joined=timezone.now() - timedelta(days=31))

    retention.let_go(timezone.now())

    order.refresh_from_db()
    assert (order.name, order.email) == ("", "")
    assert not Cart.objects.filter(key=quentin.cart_key).exists()
    assert not User.objects.filter(pk=never.pk).exists()
    assert User.objects.filter(pk=quentin.user.pk).exists()
    assert half_typed.find(quentin.cart_key) == {"name": somebody.NAME, "email": EMAIL}
