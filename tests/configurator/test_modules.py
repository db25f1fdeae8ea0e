"""What is told of the modules: on their cards, on their pages, in the table of all, and to the filter."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from configurator.catalogue.families import current_family
from configurator.catalogue.publishing import publish
from configurator.domain.family import Family
from configurator.domain.label.facts import facts
from configurator.models import Module
from configurator.studio import module_pages
from configurator.studio.shelves import CATEGORIES, Shelf, hits, shelves
from configurator.templatetags import diet
from tests import loaded

FEW = 12
"""As many cards as one looks through without losing heart."""


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def family(catalogue: None) -> Family:
    return current_family("bar-100")


@pytest.fixture
def toppings(family: Family) -> Shelf:
    return shelves(family.version, "en")["toppings"]


# ── Cards ────────────────────────────────────────────────────────────────────────────────────────


def test_every_module_says_how_it_tastes_how_it_feels_and_where_it_comes_from(family: Family) -> None:
    for module in family.modules.values():
        assert module.tastes, module.key
        assert module.textures, module.key
        assert module.origin.en, module.key
        assert module.origin.de, module.key


def test_a_card_says_all_that_one_wants_to_know_before_choosing(toppings: Shelf) -> None:
    card = next(card for card in toppings.cards if card.key == "walnut_halves")
    assert (card.name, card.tastes, card.origin) == (
        "Walnut halves",
        "nutty, earthy, mild, crunchy, soft",
        "Périgord, France",
    )
    assert (card.usual_mg, card.surcharge_cents, card.kcal) == (10_000, 80, 69)
    assert card.allergens == "walnuts"
    assert card.traces == "almonds, cashew nuts, hazelnuts, pecan nuts, pistachios, peanuts, sesame"
    assert card.goes_with


def test_two_choices_leave_few_toppings(toppings: Shelf) -> None:
    """From all toppings by one kind and one word to a dozen, wherever one wants to go."""
    for card in toppings.cards:
        kind = [other for other in toppings.cards if other.category == card.category]
        shortest = min(sum(attribute in other.attributes for other in kind) for attribute in card.attributes)
        assert min(shortest, len(kind)) <= FEW, card.key


def test_even_one_choice_can_leave_few(toppings: Shelf) -> None:
    by_one_word = {
        attribute.name: sum(attribute in card.attributes for card in toppings.cards)
        for attribute in toppings.attributes
    }
    assert by_one_word["salty"] == 7
    assert len([count for count in by_one_word.values() if 2 <= count <= FEW]) >= 20


# ── Search ───────────────────────────────────────────────────────────────────────────────────────


FIRST_FOUND = {
    "almond": "almond_whole",
    "Mandeln": "almond_whole",
    "hazlenut": "hazelnut_whole",
    "himbere": "raspberry_fd",
    "nuesse gesalzen": "peanut_salted",
    "sea salt": "sea_salt_flakes",
    "Meersalz": "sea_salt_flakes",
    "spicy hot": "chili_flakes",
    "Ecuador passion": "passionfruit_fd",
}


def test_either_language_finds_it_first(family: Family) -> None:
    for locale in ("en", "de"):
        for search, first in FIRST_FOUND.items():
            found = hits(family.version, locale, search)
            in_toppings = [card for card in found if card.startswith("toppings-")]
            assert min(in_toppings, key=found.__getitem__) == f"toppings-{first}", search


def test_without_scripts_a_search_is_ranked_and_tells_of_the_other_shelves(client: Client) -> None:
    page = client.get("/studio/bar-100/?step=decorations&q=hazlenut", follow=True)
    address = page.redirect_chain[-1][0]
    shown = client.get(f"{address}?step=decorations&q=hazlenut").content.decode()
    assert re.search(r'data-words="%s found">2 found</span>', shown)
    nothing = shown[shown.index('for="step-decorations"') :]
    assert re.search(r'<label class="shelf__way" for="step-toppings">2 in Toppings</label>', nothing)
    first = re.search(r'aria-label="Toppings">\s*<li[^>]*id="card-toppings-(\w+)"', shown)
    assert first
    assert first[1] == "hazelnut_whole"


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


def test_a_module_has_a_page_of_its_own_in_each_language(client: Client) -> None:
    english = client.get("/m/raspberry_fd/").content.decode()
    german = client.get("/de/m/raspberry_fd/").content.decode()
    assert "<h1>Freeze-dried raspberry pieces</h1>" in english
    assert "<h1>Himbeerstücke, gefriergetrocknet</h1>" in german
    assert "Serbia" in english
    assert "Serbien" in german
    assert 'hreflang="de"' in english


def test_search_engines_read_what_a_module_is(client: Client) -> None:
    page = client.get("/m/oat_crunch/").content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block
    told = json.loads(block[1])
    assert (told["@type"], told["name"]) == ("MenuItem", "Honey oat granola")
    assert told["url"] == f"{settings.SHOP_URL}/m/oat_crunch/"
    assert told["suitableForDiet"] == ["https://schema.org/VegetarianDiet"]


def test_the_structured_text_cannot_break_out_of_the_page(client: Client, family: Family) -> None:
    Module.objects.filter(key="matcha").update(origin_en="</script><b>&")
    publish("bar-100", at=now())
    page = client.get("/m/matcha/").content.decode()
    assert "</script><b>" not in page
    assert "\\u003c/script\\u003e\\u003cb\\u003e\\u0026" in page


def test_one_click_starts_a_bar_with_any_module(client: Client, family: Family) -> None:
    for key in family.modules:
        there = client.get(f"/m/{key}/bar/")
        assert there.status_code == 302, key
        assert re.fullmatch(r"/studio/bar-100/[0-9a-f]{64}/", there["Location"]), key


def test_a_bar_to_start_from_has_no_problem_and_nothing_else(family: Family) -> None:
    saffron = module_pages.bar_with(family.modules["saffron"], family, "en")
    assert saffron
    assert tuple(saffron.modules) == ("dark_60", "saffron")


def test_a_retired_module_keeps_its_page_and_says_so(client: Client) -> None:
    Module.objects.filter(key="matcha").update(retired=True)
    publish("bar-100", at=now())
    page = client.get("/m/matcha/").content.decode()
    assert "No longer in our selection" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Start a bar with it" not in page
    assert client.get("/m/matcha/bar/")["Location"] == "/studio/bar-100/"
    assert "Matcha" not in client.get("/modules/").content.decode()


def test_an_unknown_module_is_not_found(client: Client) -> None:
    assert client.get("/m/moonlight/").status_code == 404
    assert client.get("/m/moonlight/bar/").status_code == 404


# ── The table of all ─────────────────────────────────────────────────────────────────────────────


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', page)]


def all_names(client: Client, query: str = "") -> list[str]:
    pages = (client.get(f"/modules/?page={number}&{query}").content.decode() for number in range(1, 5))
    return [name for page in pages for name in names(page)]


def test_without_scripts_the_facts_of_all_modules_are_read_in_one_table(
    client: Client, family: Family
) -> None:
    read = all_names(client)
    assert len(read) == len(family.modules)
    assert read == sorted(read, key=str.casefold)
    page = client.get("/modules/").content.decode()
    row = re.search(r"<tr [^>]*>\s*<th[^>]*><a[^>]*>Butter biscuit pieces.*?</tr>", page, re.DOTALL)
    assert row
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0])
    assert cells[:9] == [
        *("Crunch", "egg, wheat, milk", "almonds, hazelnuts, soya", "O"),
        *("no", "yes", "yes", "yes", "no"),
    ]


def test_a_heading_sorts_by_its_column_and_again_the_other_way_round(client: Client) -> None:
    by_kcal = client.get("/modules/?sort=kcal").content.decode()
    assert 'aria-sort="ascending"' in by_kcal
    assert "?sort=kcal&amp;order=desc" in by_kcal
    assert all_names(client, "sort=kcal")[-1] == "Edible photo/text print (cocoa-butter transfer)"
    other = client.get("/modules/?sort=kcal&order=desc").content.decode()
    assert "sort=kcal&amp;order=desc&amp;page=2" in other
    assert names(other)[0] == "Edible photo/text print (cocoa-butter transfer)"


def test_every_column_sorts(client: Client) -> None:
    for column in module_pages.COLUMNS:
        assert client.get(f"/modules/?sort={column}&order=desc").status_code == 200


def test_what_the_table_does_not_understand_is_no_mistake(client: Client) -> None:
    for query in ("sort=moonlight", "order=sideways", "page=1000", "q=%00", "q=" + "x" * 500):
        assert client.get(f"/modules/?{query}").status_code == 200


def test_the_table_is_searched_by_the_same_words(client: Client) -> None:
    assert names(client.get("/modules/?q=hazlenut").content.decode())[0] == "Roasted hazelnuts, whole"
    assert "Nothing is found" in client.get("/modules/?q=moonlight").content.decode()


def test_the_table_costs_no_more_queries_for_many_modules(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/modules/")
    with django_assert_max_num_queries(6):
        client.get("/modules/")


# ── The filter's facts ───────────────────────────────────────────────────────────────────────────


def test_every_card_and_every_bar_carries_its_facts(client: Client, family: Family) -> None:
    loaded.ready_bars()
    studio = client.get("/studio/bar-100/", follow=True).content.decode()
    card = re.search(r'<li class="module[^>]*id="card-toppings-pine_nuts"[^>]*>', studio)
    assert card
    known = facts(family.modules["pine_nuts"], family)
    assert f'data-contains="PINE" data-traces="{" ".join(known.traces)}" data-zone="O" data-vegan' in card[0]
    bars = client.get("/bars/").content.decode()
    cards = re.findall(r'<li class="bar-card"[^>]*>', bars)
    assert len(cards) == 12
    assert all("data-contains=" in card and "data-zone=" in card for card in cards)


def test_nothing_of_the_filter_has_a_name_under_which_it_could_be_sent(client: Client) -> None:
    page = client.get("/studio/bar-100/", follow=True).content.decode()
    panel = page[page.index("<diet-filter") : page.index("</diet-filter>")]
    assert len(re.findall(r"<input", panel)) == 59
    assert not re.search(r"<(?:input|button|select)[^>]* name=", panel)
    assert "<form" not in panel


def test_the_words_of_the_panel_and_the_groups_of_the_script_are_the_same() -> None:
    script = (Path(settings.BASE_DIR) / "static/js/diet.js").read_text(encoding="utf-8")
    groups = script[script.index("export const GROUPS") : script.index("export const NEEDS")]
    written = re.findall(r"^  (\w+): \[", groups, re.MULTILINE)
    assert written == [group.key for group in (*diet.ALLERGENS, *diet.NUTS, *diet.GRAINS)]
    needs = re.search(r"NEEDS = .*?\(\[(.*?)\]\)", script)
    assert needs
    assert re.findall(r'"(\w+)"', needs[1]) == [need.key for need in diet.DIETS]


def test_the_kinds_of_the_catalogue_have_names() -> None:
    known = {*CATEGORIES, "base"}
    assert set(Module.objects.values_list("category", flat=True)) <= known
