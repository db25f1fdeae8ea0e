"""The page behind the square code on a bar: all of the bar, and nothing of whoever ordered it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Job, PrintedLabel
from orders.models.labels import new_label_code
from orders.production import labels, recall, steps
from orders.views.bars import CODES_A_MINUTE
from tests.orders.lots import ALMONDS, DARK, KG, filled, lot, weigh_all
from tests.orders.paid import MONDAY_NOON, bring_to, design, only_job, operator, paid_order, running

LATER = MONDAY_NOON + timedelta(hours=3)
pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(db):
    return operator()


@pytest.fixture
def almonds(bea):
    return lot(bea)


@pytest.fixture
def printed(bea, almonds) -> PrintedLabel:
    chocolate = lot(bea, DARK)
    job = only_job(paid_order((design("Für Oma", "dark_60", ALMONDS), 1)))
    weigh_all(job, bea)
    running(job, bea)
    filled(bea, (chocolate, KG), temperer="T-O")
    bring_to(job, "checked", bea)
    return labels.print_label(job, by=bea, at=LATER)


def page_of(printed: PrintedLabel, prefix: str = "") -> str:
    answer = Client().get(f"{prefix}/bars/{printed.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", ("Best before", "31 May 2027", "Lot", "Our lot", "Roasted almonds, whole", "Ingredients:")),
        ("/de", ("Mindestens haltbar bis", "31. Mai 2027", "Los", "Unsere Charge", "Mandeln", "Zutaten:")),
    ],
)
def test_the_page_tells_all_of_the_bar(printed, almonds, prefix: str, told: tuple[str, ...]) -> None:
    page = page_of(printed, prefix)
    for words in (*told, "Für Oma", printed.job.code, printed.code, almonds.code):
        assert words in page, words


def test_the_page_tells_nothing_of_whoever_ordered_it(printed) -> None:
    order = printed.job.order_line.order
    page = page_of(printed)
    for private in (order.email, order.name, order.street, order.number, order.token, "Mandorle Sud"):
        assert private not in page


def test_no_search_engine_keeps_it_and_no_cache(printed) -> None:
    answer = Client().get(f"/bars/{printed.code}/")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()


def test_a_code_typed_in_small_letters_leads_to_its_page(printed) -> None:
    answer = Client().get(f"/bars/{printed.code.lower().replace('-', '')}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/bars/{printed.code}/")


@pytest.mark.parametrize("code", ["nonsense", "B-2222-2222-22222", "%00", "ticket"])
def test_what_is_no_code_finds_nothing(db, code: str) -> None:
    assert Client().get(f"/bars/{code}/").status_code == 404


def test_neither_a_ticket_nor_a_code_that_was_never_printed_finds_a_bar(printed) -> None:
    assert Client().get(f"/bars/{printed.job.code}/").status_code == 404
    assert Client().get(f"/bars/{new_label_code()}/").status_code == 404


def test_whoever_tries_many_codes_has_to_wait(printed) -> None:
    visitor = Client()
    answers = [visitor.get(f"/bars/{new_label_code()}/").status_code for _try in range(CODES_A_MINUTE + 1)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_a_recalled_bar_warns_before_and_after_customers_were_told(printed, almonds, bea) -> None:
    recall.mock(almonds, "Exercise", by=bea, at=LATER)
    assert "notice--bad" not in page_of(printed), "an exercise frightens nobody"

    made = recall.recall(almonds, "Metal", by=bea, at=LATER)
    assert "Please wait before you eat this bar" in page_of(printed)
    assert "Metal" not in page_of(printed)

    recall.tell(made, by=bea, at=LATER)
    assert "Please do not eat this bar" in page_of(printed)
    assert "Bitte iss diese Tafel nicht" in page_of(printed, "/de")


def test_a_bar_that_has_nothing_of_the_lot_does_not_warn(printed, bea) -> None:
    recall.recall(lot(bea, ALMONDS, number="another"), "Metal", by=bea, at=LATER)
    assert "notice--bad" not in page_of(printed)


def test_the_bar_is_ordered_again_from_its_page(printed) -> None:
    code = printed.job.order_line.code
    assert f'href="/c/{code}/"' in page_of(printed)
    assert Client().get(f"/c/{code}/").status_code == 200


def test_a_label_that_should_be_on_no_bar_says_so(printed, bea) -> None:
    assert "should be on no bar" not in page_of(printed)
    steps.scrap(printed.job, "dropped", by=bea, at=LATER)
    assert "should be on no bar" in page_of(printed)


def test_it_costs_the_same_however_many_lots_are_in_the_bar(printed, bea, django_assert_num_queries) -> None:
    page_of(printed)
    more = {**{name: getattr(printed, name) for name in ("locale", "made_on", "best_before", "text")}}
    job = Job.objects.get()
    second = PrintedLabel.objects.create(
        job=job, number=2, lots=printed.lots * 3, sha256="", at=timezone.now(), **more
    )
    for each in (printed, second):
        with django_assert_num_queries(6):
            page_of(each)
