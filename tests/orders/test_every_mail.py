"""Every mail, in both languages, of the smallest order and of ten bars with the longest names.

Read as a mail program shows it: narrow and wide, in dark colours, with its pictures blocked, and as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape

import pytest
from django.core.mail import EmailMultiAlternatives
from playwright.sync_api import Page

from configurator.designs import save
from orders import emails
from orders.buying import cart, checkout
from orders.buying.due import bill
from orders.buying.wishes import Agreement
from orders.models import Order
from tests.accessibility import violations
from tests.orders.every_mail import Case, of_accounts, of_orders
from tests.orders.longest import (
    CARD_WORDS,
    INSCRIBED,
    LONG_CITY,
    LONG_EXTRA,
    LONG_NAME,
    LONG_STREET,
    NAMES,
    WIDE_NAME,
    WRAPPER_WORDS,
    longest_order,
)
from tests.orders.paid import ADA, MONDAY_NOON, design

pytestmark = pytest.mark.usefixtures("catalogue")

CASES = [Case(locale, is_long) for locale in ("en", "de") for is_long in (False, True)]
CLIPPED_AT = 102_000
"""Gmail shows no more of a mail than that."""
MONEY = re.compile(r"€\d+\.\d\d|\d+,\d\d\s€")
LINK = re.compile(r"https?://[^\s\"<>]+")
OF_PAGES = ("region", "landmark-one-main")
"""What axe asks of a page, and a mail has none of: the mail program around it has."""
ENGLISH = re.compile(r"\b(the|your|you|and|with|order|bars?|parcel|from|goes)\b", re.IGNORECASE)
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5)
    .map(part => part.textContent.trim().slice(0, 40))"""


@cache
def mails(case: Case) -> dict[str, EmailMultiAlternatives]:
    """Written once: a mail is all text by then, whatever becomes of its rows."""
    return {**dict(of_orders(case)), **dict(of_accounts(case))}


def html_of(mail: EmailMultiAlternatives) -> str:
    (html, kind), *_none = mail.alternatives
    assert kind == "text/html"
    return str(html)


def words_of(html: str) -> str:
    """What a reader sees of it."""
    body = re.sub(r"(?s)^.*?<body>|<!--.*?-->", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def shown_links(html: str) -> set[str]:
    return {unescape(link) for link in re.findall(r'href="(https?://[^"]+)"', html)}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_mail_says_the_same_in_both_of_its_parts(case):
    for name, mail in mails(case).items():
        html, text = html_of(mail), str(mail.body)
        typed = set(LINK.findall(case.answer))
        assert set(MONEY.findall(" ".join(text.split()))) == set(MONEY.findall(words_of(html))), name
        assert set(LINK.findall(text)) - typed == shown_links(html), name
        assert "\n\n\n" not in text, name
        assert "None" not in text + words_of(html), name


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_mail_speaks_the_language_of_its_order(case):
    for name, mail in mails(case).items():
        assert f'<html lang="{case.locale}">' in html_of(mail), name
        told = f"{mail.subject} {mail.body} {words_of(html_of(mail))}".replace("Couverture, 1 Cocoa Lane", "")
        said = ENGLISH.findall(LINK.sub("", told).replace(case.email, ""))
        assert bool(said) == (case.locale == "en"), (name, said)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_mail_carries_what_mail_programs_go_by(case):
    for name, mail in mails(case).items():
        sent = mail.message()
        by_a_person = name == "answer" or name.startswith("claim-decided")
        assert sent["Auto-Submitted"] == (None if by_a_person else "auto-generated"), name
        assert sent["Reply-To"] == "hello@couverture.example", name
        assert re.fullmatch(r"<[^@\s]+@127\.0\.0\.1>", sent["Message-ID"]), name
        assert (sent["List-Unsubscribe"] is not None) == (name in {"review", "reminder"}), name
        html = html_of(mail)
        assert re.search(r'<div style="display: none[^"]*">[^<]{10,}</div>', html), name
        assert re.search(r"<img(?![^>]*\salt=)", html) is None, name
        assert len(html.encode()) < CLIPPED_AT, name


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_confirmation_of_ten_bars_leaves_nothing_out(locale):
    order = longest_order(locale)
    mail = emails.confirmation(order)
    line = order.lines.all()[0]
    told = (
        *NAMES, LONG_NAME, LONG_STREET, LONG_EXTRA, LONG_CITY, WIDE_NAME, WRAPPER_WORDS, INSCRIBED,
        *CARD_WORDS.splitlines(), *(each.code for each in order.lines.all()), *line.label["nutrition"].values(),
        *(price["text"] for price in line.price_lines), line.label["storage"], line.label["precaution"],
    )  # fmt: skip
    for part in (str(mail.body), words_of(html_of(mail))):
        plain = " ".join(part.split())
        assert [each for each in told if " ".join(each.split()) not in plain] == []


def test_bars_that_differ_only_in_their_names_share_one_label_and_the_mail_stays_short():
    mail = emails.confirmation(order_of_names(200))
    assert html_of(mail).count("<h3>") == str(mail.body).count("Ingredients: ") == 1
    assert all(f"Guest {number}" in str(mail.body) for number in range(200))
    for written in (mail, emails.in_production(Order.objects.get())):
        assert len(html_of(written).encode()) < CLIPPED_AT
        assert html_of(written).count("<img") == emails.PICTURED_MOST


def order_of_names(count: int) -> Order:
    key = ""
    for number in range(count):
        digest = save(design(f"Guest {number}")).digest
        key = cart.add(key, digest=digest, quantity=1, locale="en", at=MONDAY_NOON).key
    due = bill(cart.look(key, locale="en", at=MONDAY_NOON), ADA.recipients, at=MONDAY_NOON)
    return checkout.place(key, wishes=ADA, agreement=Agreement(due.total_cents), locale="en", at=MONDAY_NOON)


@pytest.mark.browser
@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_mail_is_wider_than_the_window_of_a_mail_program(new_window: Callable[..., Page], case: Case):
    """With its pictures blocked: there is nobody to fetch them from. Light and dark, each read by axe."""
    windows = [
        new_window(viewport={"width": width, "height": 700}, color_scheme=colours)
        for width, colours in ((360, "light"), (640, "light"), (360, "dark"))
    ]
    for name, mail in mails(case).items():
        for window in windows:
            window.set_content(html_of(mail), wait_until="domcontentloaded")
            assert window.evaluate(TOO_WIDE) == [], name
            assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            if not case.is_long:
                assert [each for each in violations(window) if not each.startswith(OF_PAGES)] == [], name
