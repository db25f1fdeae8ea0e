"""Whoever reads German meets no English: every page that a link leads to, the order, its mail, staff's pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest
from babel.messages.pofile import read_po
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import resolve
from pytest_django import Settings

from configurator.catalogue.families import current_families
from devserver.installation import ROOT
from devserver.sentences import GERMAN
from orders.emails import confirmation
from orders.models import Job
from shop.models import ReadyBar
from shop.ready_bars import load_written

OF_EACH_VIEW = 3
SPOKEN_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "content")
NEVER_ALONE = {
    "a",
    "and",
    "are",
    "for",
    "from",
    "in",
    "is",
    "it",
    "not",
    "of",
    "on",
    "or",
    "the",
    "this",
    "to",
    "with",
    "you",
    "your",
}
"""A German sentence may hold one of these by chance; two of them it holds only when it is none."""
GERMAN_TOO = {"in", "is", "a", "on"}


class Words(HTMLParser):
    """What a reader sees or hears, piece by piece; not what says of itself that it is in another language."""

    VOID = frozenset(
        {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        silent = tag in {"script", "style", "code"} or named.get("lang", "de") != "de" or self._silent
        if not silent:
            self.words += [
                named[name] or "" for name in SPOKEN_ATTRIBUTES if name in named and _speaks(tag, named)
            ]
        if tag not in self.VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def _speaks(tag: str, named: dict[str, str | None]) -> bool:
    return (
        tag != "meta"
        or named.get("name") == "description"
        or (named.get("property") or "").endswith(":description")
    )


Reader = Callable[[str], list[str]]


@pytest.fixture
def english_in(catalogue: None) -> Reader:
    """What of a page is English: what the shop says in English and otherwise in German, and what sounds like it."""
    english = _sentences() | _names()

    def read(page: str) -> list[str]:
        parser = Words()
        parser.feed(page)
        said = [" ".join(words.split()) for words in parser.words]
        return [words for words in said if words in english or _sounds_english(words)]

    return read


def _sentences() -> set[str]:
    with (ROOT / GERMAN).open("rb") as file:
        said = [(message.id, message.string) for message in read_po(file, locale="de") if message.id]
    return {
        english
        for english, german in said
        if isinstance(english, str) and english != german and " " in english
    }


def _names() -> set[str]:
    names = [module.name for family in current_families() for module in family.modules.values()]
    return {name.to("en") for name in names if name.to("en") != name.to("de")}


def _sounds_english(words: str) -> bool:
    # An address or a code of an order is drawn by lot, and may hold any word.
    said = re.sub(r"https?://\S+", "", words.lower())
    found = Counter(re.findall(r"\b[a-z]+\b", said))
    heard = {word for word in NEVER_ALONE if found[word]}
    return len(heard) > 1 and bool(heard - GERMAN_TOO)


def pages(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """Every page that links lead to, a few of each kind."""
    waiting, seen, kinds = [start], {start}, Counter[str]()
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code in {301, 302, 303}:
            links = [answer["Location"]]
        elif answer.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            yield path, text
            links = re.findall(r'href="([^"]+)"', text)
        else:
            continue
        for link in links:
            address = urldefrag(urljoin(path, link.replace("&amp;", "&")))[0]
            if not address.startswith("/de/") or address in seen:
                continue
            view = resolve(address.partition("?")[0]).view_name
            if kinds[view] < OF_EACH_VIEW:
                kinds[view] += 1
                seen.add(address)
                waiting.append(address)


@pytest.fixture(autouse=True)
def stocked(catalogue: None) -> None:
    load_written()


@pytest.fixture
def outbox(settings: Settings) -> list[mail.EmailMessage]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def test_no_page_that_a_german_reader_can_reach_holds_english(client: Client, english_in: Reader) -> None:
    written = _written_on_bars()
    found = {
        path: remains
        for path, text in pages(client, "/de/")
        if (remains := [words for words in english_in(text) if words not in written])
    }
    assert found == {}


def _written_on_bars() -> set[str]:
    """Names and words that somebody gave a bar are in whatever language they are."""
    designs = [bar.design.value for bar in ReadyBar.objects.select_related("design")]
    return {words for bar in designs for words in (bar.name, bar.wrapper.text, bar.inscription.text)}


def test_the_way_from_the_cart_to_the_letter_is_german(buyer, ada_bar, till, outbox, english_in) -> None:
    buyer.spoken = "/de"
    buyer.puts_into_cart(ada_bar.digest)
    for path in ("/de/cart/", "/de/checkout/"):
        assert english_in(buyer.client.get(path).content.decode()) == [], path
    refused = buyer.client.post(
        "/de/checkout/", {"order": "1", "expected_total": "1", "email": "x"}
    ).content.decode()
    assert english_in(refused) == []
    order, page = buyer.order_of(ada_bar.digest)
    unpaid = buyer.client.get(f"/de/orders/{order.token}/").content.decode()
    assert english_in(unpaid) == []
    assert till.pay(page) == "paid"
    buyer.client.get(f"/de/pay/return/{order.payments.get().pk}/")
    paid = buyer.client.get(f"/de/orders/{order.token}/").content.decode()
    assert english_in(paid) == []
    confirmation(order).send()
    (letter,) = outbox
    assert english_in(str(letter.alternatives[0][0])) == []
    assert english_in(letter.body) == []


def test_failures_are_german_too(client: Client, english_in: Reader) -> None:
    for path in ("/de/nothing/", f"/de/d/{'0' * 64}/", "/de/studio/none/"):
        assert english_in(client.get(path).content.decode()) == [], path
    mistyped = client.post("/de/c/", {"code": "nothing"}).content.decode()
    assert english_in(mistyped) == []


def test_staff_who_read_german_find_their_pages_in_german(buyer, ada_bar, till, english_in) -> None:
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    buyer.client.get(f"/pay/return/{order.payments.get().pk}/")
    staff = Client(headers={"Accept-Language": "de"})
    staff.force_login(User.objects.create_superuser("grace", password="longer-than-twelve"))
    job = Job.objects.get()
    for path in (
        "/admin/",
        "/admin/orders/order/",
        f"/admin/orders/order/{order.pk}/change/",
        "/floor/",
        f"/floor/jobs/{job.code}/",
    ):
        assert english_in(staff.get(path).content.decode()) == [], path
