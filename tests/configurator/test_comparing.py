"""Bars side by side: what differs is marked, what is unknown or private is told in words."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.models import Creation
from configurator.studio.comparing import Row, compared, sections
from tests import loaded

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def bar(db) -> Family:
    loaded.catalogue()
    return current_family("bar-100")


@pytest.fixture
def ada(bar: Family) -> Design:
    design = Design(bar.key, bar.version, "dark_60", name="Ada").adding("almond_whole", "toppings", 12_000)
    designs.save(design)
    return design


@pytest.fixture
def berry(bar: Family) -> Design:
    design = Design(bar.key, bar.version, "milk_37", name="Berry").adding("almond_whole", "toppings", 6_000)
    design = design.adding("raspberry_fd", "toppings", 2_500)
    designs.save(design)
    return design


def page(client: Client, *words: str, only: str = "") -> str:
    response = client.get("/compare/", {"d": words} | ({"only": only} if only else {}))
    assert response.status_code == 200
    return response.content.decode()


def rows(*values: Design, locale: str = "en") -> dict[str, Row]:
    bars = [compared(designs.find(value.digest), locale) for value in values]
    return {row.name: row for section in sections(bars, locale) for row in section.rows}


def words(row: Row) -> list[list[str]]:
    return [[word.text for word in cell.words] for cell in row.cells]


def test_price_energy_and_every_gram_stand_side_by_side(ada: Design, berry: Design):
    found = rows(ada, berry)

    assert words(found["Price"]) == [["€5.60"], ["€6.15"]]
    assert words(found["Energy in 100 g"]) == [["577 kcal"], ["570 kcal"]]
    assert words(found["Roasted almonds, whole"]) == [["12\u00a0g"], ["6\u00a0g"]]
    assert words(found["Freeze-dried raspberry pieces"]) == [[], ["2.5\u00a0g"]]
    assert words(found["Contains"]) == [["almonds"], ["milk", "almonds"]]


def test_only_what_not_all_have_is_marked(ada: Design, berry: Design):
    found = rows(ada, berry)

    assert [name for name in ("Size", "Wrapper", "Face", "Can be ordered") if found[name].differs] == []
    assert found["Price"].differs
    contains = found["Contains"]
    assert [[word.is_shared for word in cell.words] for cell in contains.cells] == [[True], [False, True]]


def test_a_row_in_which_only_one_bar_has_something_differs(ada: Design, berry: Design):
    assert rows(ada, berry)["Freeze-dried raspberry pieces"].differs


def test_the_page_shows_two_bars_and_marks_differences_in_words_too(
    client: Client, ada: Design, berry: Design
):
    shown = page(client, ada.digest, berry.digest)

    assert shown.count('class="compare__bar"') == 2
    assert '<span class="visually-hidden">(differs)</span>' in shown
    assert "Size" in re.sub(r"<[^>]+>", "", shown)


def test_only_what_differs_can_be_shown(client: Client, ada: Design, berry: Design):
    shown = page(client, ada.digest, berry.digest, only="1")

    assert shown.count('class="compare__row ') == shown.count("compare__row--differs")


def test_an_address_and_a_code_name_a_bar_too(client: Client, ada: Design, berry: Design):
    shown = page(client, f"https://couverture.example/de/d/{ada.digest}/", berry.code.lower())

    assert shown.count('class="compare__bar"') == 2


@pytest.mark.parametrize("word", ["0" * 64, "not a bar", "<b>%00</b>", "2345A-6789B-C"])
def test_what_is_no_bar_is_told_in_words(client: Client, ada: Design, word: str):
    shown = page(client, ada.digest, word)

    assert "We found no bar for “" in shown
    assert "<b>" not in shown
    assert shown.count('class="compare__bar"') == 1


def test_somebody_elses_private_bar_is_unknown(client: Client, ada: Design, berry: Design):
    row, start = designs.find(berry.digest), designs.find(ada.digest)
    Creation.objects.create(
        maker="somebody", design=row, started_from=start, visibility="private", created_at=AT, changed_at=AT
    )

    shown = page(client, ada.digest, berry.digest)

    assert "We found no bar for “" in shown
    assert "Berry" not in shown


def test_one_bar_asks_for_another_and_offers_ready_ones(client: Client, ada: Design):
    loaded.ready_bars()
    shown = page(client, ada.digest)

    assert "One more bar, and you see how it differs from “Ada”." in shown
    assert "Midnight Salt" in shown


def test_no_bar_is_no_mistake(client: Client, bar: Family):
    assert "Which ones?" in page(client)


def test_five_bars_are_four(client: Client, bar: Family, ada: Design):
    others = [ada.named(f"Ada {number}") for number in range(4)]
    designs.save_all(others)
    shown = page(client, ada.digest, *(other.digest for other in others))

    assert shown.count('class="compare__bar"') == 4
    assert "Four bars fit side by side" in shown


def test_the_same_bar_twice_is_one(client: Client, ada: Design):
    assert page(client, ada.digest, ada.digest).count('class="compare__bar"') == 1


def test_bars_of_different_sizes_can_be_compared(client: Client, ada: Design):
    mini = current_family("mini-40")
    small = Design(mini.key, mini.version, "dark_60", name="Small").adding("almond_whole", "toppings", 4_800)
    designs.save(small)

    found = rows(ada, small, locale="de")

    assert words(found["Size"]) == [["Tafel, 100 g"], ["Minitafel, 40 g"]]


def test_a_bar_that_cannot_be_made_any_more_says_why(ada: Design, bar: Family):
    unnamed = ada.named("")
    designs.save(unnamed)

    assert words(rows(ada, unnamed)["Can be ordered"]) == [["yes"], ["Give your bar a name."]]


def test_what_is_mixed_in_and_what_lies_on_top_are_two_rows(bar: Family, ada: Design):
    mixed = Design(bar.key, bar.version, "dark_60", name="Mixed").adding(
        "almond_whole", "ingredients", 12_000
    )
    designs.save(mixed)
    found = rows(ada, mixed)

    assert words(found["Roasted almonds, whole (Mixed in)"]) == [[], ["12\u00a0g"]]
    assert words(found["Roasted almonds, whole (Toppings)"]) == [["12\u00a0g"], []]


def test_each_bar_takes_the_same_number_of_queries(
    client: Client, bar: Family, ada: Design, berry: Design, django_assert_num_queries: DjangoAssertNumQueries
):
    page(client, ada.digest, berry.digest)
    with django_assert_num_queries(5):
        page(client, ada.digest, berry.digest)
