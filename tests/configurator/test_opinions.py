"""Friends say what they think of a bar and suggest a change; its maker takes it up with one click, and undoes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.edits import applied
from configurator.domain.family import Family
from configurator.domain.suggestions import NoLongerFits, suggestions, with_suggestion
from configurator.models import Creation, Opinion
from tests import loaded
from tests.configurator.page_forms import sent_by
from tests.configurator.people import MONDAY, Person
from tests.configurator.people import bar as adas

SWAP = "-toppings:almond_whole +toppings:hazelnut_whole:12000"


@pytest.fixture
def shop(db: None) -> None:
    loaded.catalogue()
    cache.clear()


@pytest.fixture
def ada(shop: None) -> Person:
    return Person("ada")


@pytest.fixture
def creation(ada: Person) -> Creation:
    creation = ada.designs(adas())
    ada.presses(f"/mine/{creation.pk}/opinions/link/", link="open")
    creation.refresh_from_db()
    return creation


def address(creation: Creation) -> str:
    return f"/opinions/{creation.opinions_link}/"


def opinion(creation: Creation, **said: object) -> Opinion:
    fields = {"words": "Lovely", "said_at": MONDAY, "about": creation.design} | said
    return Opinion.objects.create(creation=creation, **fields)


def says(creation: Creation, **fields: str) -> str:
    response = Client().post(address(creation), fields, follow=True)
    return unescape(re.sub(r"<[^>]*>", " ", response.content.decode()))


def takes_up(ada: Person, said: Opinion) -> str:
    return ada.presses(f"/mine/{said.creation_id}/opinions/{said.pk}/application/")


# ── What may be suggested ────────────────────────────────────────────────────────────────────────


def test_every_suggestion_was_tried_and_makes_no_problem(bar: Family) -> None:
    design = adas_design(bar)
    offered = suggestions(design, bar, "en")
    assert {each.kind for each in offered} == {"out", "swap", "base", "add"}
    assert len({each.edits for each in offered}) == len(offered)
    for each in offered:
        made = applied(design, each.edits, bar)
        assert made != design
        assert problems(made, bar, "en") == ()


def test_what_a_rule_forbids_is_not_suggested(bar: Family) -> None:
    full = adas_design(bar)
    for each in suggestions(full, bar, "en"):
        if each.kind == "add" and each.slot == "toppings":
            more = applied(full, each.edits, bar)
            full = full if problems(more, bar, "en") else more
        if len(full.in_slot("toppings")) == bar.slot("toppings").maximum:
            break
    assert not [
        each for each in suggestions(full, bar, "en") if (each.kind, each.slot) == ("add", "toppings")
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (lambda bar: bar.removing("almond_whole", "toppings"), "“Roasted almonds, whole” is no longer in the bar."),
        (
            lambda bar: bar.removing("almond_whole", "toppings").adding("hazelnut_whole", "toppings", 12_000),
            "“Roasted almonds, whole” is no longer in the bar.",
        ),
    ],
)  # fmt: skip
def test_a_suggestion_says_why_it_no_longer_fits(
    bar: Family, changed: Callable[[Design], Design], why: str
) -> None:
    with pytest.raises(NoLongerFits) as no:
        with_suggestion(changed(adas_design(bar)), SWAP, bar, "en")
    assert str(no.value) == why


def test_what_the_bar_has_already_is_no_change(bar: Family) -> None:
    has_it = adas_design(bar).adding("hazelnut_whole", "toppings", 12_000)
    with pytest.raises(NoLongerFits, match="like this already"):
        with_suggestion(has_it, "+toppings:hazelnut_whole:12000", bar, "en")


def test_a_suggestion_for_which_there_is_no_place_any_more_says_so(bar: Family) -> None:
    design, places = adas_design(bar), bar.slot("toppings").maximum
    kinds = ["pumpkin_seeds", "raspberry_fd", "almond_whole", "pistachio_chopped", "cranberry_dried"]
    for kind in [*kinds, "chili_flakes"]:
        design = design.adding(kind, "toppings", 500)
    assert len(design.in_slot("toppings")) == places
    with pytest.raises(NoLongerFits, match=str(places)):
        with_suggestion(design, "+toppings:hazelnut_whole:6000", bar, "en")


def adas_design(bar: Family) -> Design:
    return (
        Design(bar.key, bar.version, "dark_60", name="Ada")
        .adding("almond_whole", "toppings", 12_000)
        .adding("raspberry_fd", "toppings", 2_500)
    )


# ── The address ──────────────────────────────────────────────────────────────────────────────────


def test_nobody_is_asked_before_the_maker_asks(ada: Person) -> None:
    creation = ada.designs(adas())
    assert creation.opinions_link == ""
    assert Client().get("/opinions/none/").status_code == 404


def test_friends_need_no_account_and_see_picture_contents_price_and_label(creation: Creation) -> None:
    page = Client().get(address(creation))
    html = page.content.decode()
    assert page.status_code == 200
    assert f"/p/{creation.design_id}/" in html
    for words in ("Ada", "Roasted almonds, whole", "€", "Ingredients"):
        assert words in html
    assert f"/d/{creation.design_id}/label.pdf" in html
    assert 'content="noindex, nofollow"' in html
    assert "<script" not in html.partition("<main")[2].partition("</main")[0]


def test_an_address_cannot_be_guessed_and_stays_until_it_is_closed(ada: Person, creation: Creation) -> None:
    assert len(creation.opinions_link) == 32
    ada.presses(f"/mine/{creation.pk}/opinions/link/", link="open")
    assert Creation.objects.get().opinions_link == creation.opinions_link


def test_a_closed_address_answers_nobody_and_what_was_said_stays(ada: Person, creation: Creation) -> None:
    says(creation, words="Lovely")
    assert "The address is closed." in ada.presses(f"/mine/{creation.pk}/opinions/link/", link="close")
    assert Client().get(address(creation)).status_code == 404
    assert Client().post(address(creation), {"words": "Late"}).status_code == 404
    assert "Lovely" in ada.reads(f"/mine/{creation.pk}/opinions/")
    ada.presses(f"/mine/{creation.pk}/opinions/link/", link="open")
    assert Creation.objects.get().opinions_link not in ("", creation.opinions_link)


def test_a_private_bar_asks_nobody(ada: Person, creation: Creation) -> None:
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="private")
    assert Client().get(address(creation)).status_code == 404
    assert "Only you can see this bar." in ada.presses(f"/mine/{creation.pk}/opinions/link/", link="open")
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="unlisted")
    assert Client().get(address(creation)).status_code == 200


def test_a_deleted_bar_asks_nobody(ada: Person, creation: Creation) -> None:
    ada.presses(f"/mine/{creation.pk}/deletion/")
    assert Client().get(address(creation)).status_code == 404


def test_a_copy_has_no_address_and_no_opinions(ada: Person, creation: Creation) -> None:
    says(creation, words="Lovely")
    ada.presses(f"/mine/{creation.pk}/copies/")
    copy = Creation.objects.exclude(pk=creation.pk).get()
    assert (copy.opinions_link, copy.opinions_unread, copy.opinions.count()) == ("", 0, 0)


# ── What friends say ─────────────────────────────────────────────────────────────────────────────


def test_a_friend_says_what_they_think_and_suggests_a_change(creation: Creation) -> None:
    form = sent_by(Client().get(address(creation)).content.decode(), form="opinion-form")
    assert form["about"] == [creation.design_id]
    page = says(creation, words="  Lovely!\r\n\r\nLess  sour? ", name=" Bea ", edits=SWAP)
    assert "Thank you." in page
    said = Opinion.objects.get()
    assert (said.words, said.name, said.edits) == ("Lovely!\n\nLess sour?", "Bea", SWAP)
    assert (said.creation, said.about) == (creation, creation.design)


def test_what_is_sent_twice_is_said_once(creation: Creation) -> None:
    says(creation, words="Lovely")
    says(creation, words="Lovely")
    assert Opinion.objects.count() == 1
    assert Creation.objects.get().opinions_unread == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "Say something, or choose a change."),
        ({"words": "x" * 601}, "600"),
        ({"words": "Lovely", "name": "x" * 41}, "40"),
        ({"words": "Buy at https://example.org"}, "Leave addresses of pages out, please"),
        (
            {"words": "Lovely", "edits": "+toppings:uranium:5000"},
            "This change is not possible with this bar.",
        ),
        ({"edits": "+toppings:almond_whole:9999999"}, "This change is not possible with this bar."),
        ({"words": "\0"}, "Null"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_stays_in_its_field(
    creation: Creation, fields: dict[str, str], why: str
) -> None:
    answer = Client().post(address(creation), fields)
    assert answer.status_code == 422
    assert why in unescape(answer.content.decode())
    assert fields.get("words", "").strip("\0") in unescape(answer.content.decode())
    assert not Opinion.objects.exists()


def test_words_are_shown_as_they_are_and_never_run(ada: Person, creation: Creation) -> None:
    says(creation, words="<script>alert(1)</script>", name="<b>Bea</b>")
    html = ada.client.get(f"/mine/{creation.pk}/opinions/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;Bea&lt;/b&gt;" in html


def test_friends_do_not_read_each_other(creation: Creation) -> None:
    says(creation, words="Between us")
    assert b"Between us" not in Client().get(address(creation)).content


def test_a_suggestion_is_of_the_bar_that_the_friend_saw(ada: Person, creation: Creation) -> None:
    seen = creation.design_id
    ada.presses(f"/mine/{creation.pk}/name/", name="Renamed")
    says(creation, edits=SWAP, about=seen)
    assert Opinion.objects.get().about_id == seen
    assert "on the bar as it was then" in ada.reads(f"/mine/{creation.pk}/opinions/")


def test_a_forged_bar_is_not_what_a_friend_saw(ada: Person, creation: Creation) -> None:
    other = designs.save(adas("Elsewhere"))
    says(creation, words="Lovely", about=other.digest)
    says(creation, words="Fine", about="'; --")
    assert set(Opinion.objects.values_list("about", flat=True)) == {creation.design_id}


def test_more_than_people_say_is_asked_to_wait(creation: Creation) -> None:
    codes = [
        Client().post(address(creation), {"words": f"Lovely {number}"}).status_code for number in range(21)
    ]
    assert codes == [302] * 20 + [429]


def test_a_bar_takes_so_many_opinions_and_no_more(creation: Creation) -> None:
    Opinion.objects.bulk_create(
        Opinion(creation=creation, words=f"{number}", said_at=MONDAY) for number in range(200)
    )
    assert b"as many opinions as it can take" in Client().get(address(creation)).content
    assert Client().post(address(creation), {"words": "One more"}).status_code == 422
    assert Opinion.objects.count() == 200


def test_an_opinion_that_says_nothing_is_refused_by_the_database(creation: Creation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        opinion(creation, words="")


# ── What the maker does ──────────────────────────────────────────────────────────────────────────


def test_the_studio_tells_how_many_are_new_until_they_are_read(ada: Person, creation: Creation) -> None:
    studio = f"/studio/bar-100/{creation.design_id}/"
    assert "Ask friends what they think" in ada.reads(studio)
    says(creation, words="Lovely")
    assert "1 new opinion" in ada.reads(studio)
    assert "1 new opinion" in ada.reads(f"/d/{creation.design_id}/")
    assert "Lovely" in ada.reads(f"/mine/{creation.pk}/opinions/")
    assert "Ask friends what they think" in ada.reads(studio)


def test_whoever_has_designed_nothing_is_offered_nothing(shop: None) -> None:
    page = Client().get("/studio/bar-100/", follow=True).content.decode()
    assert "Ask friends what they think" not in page


@pytest.mark.parametrize("unread", [0, 3])
def test_the_studio_asks_nothing_more_for_opinions(
    ada: Person, unread: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    creation = ada.designs(adas(), opinions_unread=unread)
    studio = f"/studio/bar-100/{creation.design_id}/"
    ada.client.get(studio)
    with django_assert_num_queries(4) as asked:
        ada.client.get(studio)
    assert not [query for query in asked.captured_queries if "configurator_opinion" in query["sql"]]


@pytest.mark.parametrize("number", [1, 3])
def test_more_opinions_take_no_more_queries(
    ada: Person, creation: Creation, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        opinion(creation, words=f"Lovely {each}", edits=SWAP)
    ada.client.get(f"/mine/{creation.pk}/opinions/")
    with django_assert_num_queries(5):
        ada.client.get(f"/mine/{creation.pk}/opinions/")


def test_one_click_takes_a_suggestion_up_and_undo_takes_it_back(ada: Person, creation: Creation) -> None:
    said = opinion(creation, edits=SWAP)
    assert "Swap “Roasted almonds, whole” for “Roasted hazelnuts, whole”." in ada.reads(
        f"/mine/{creation.pk}/opinions/"
    )
    page = takes_up(ada, said)
    assert "Your bar is changed as suggested. Undo takes it back." in page
    changed = Creation.objects.get()
    assert changed.design.value.has("hazelnut_whole")
    assert not changed.design.value.has("almond_whole")
    assert (changed.past, changed.design.value.name) == ([creation.design_id], "Ada")
    studio = ada.client.get(f"/studio/bar-100/{changed.design_id}/").content.decode()
    ada.client.post("/studio/bar-100/", sent_by(studio) | {"undo": ["1"]})
    assert Creation.objects.get().design_id == creation.design_id
    assert "Taken up" in ada.reads(f"/mine/{creation.pk}/opinions/")


def test_a_suggestion_that_no_longer_fits_says_why_and_changes_nothing(
    ada: Person, creation: Creation
) -> None:
    said = opinion(creation, edits=SWAP)
    later = designs.save(adas().removing("almond_whole", "toppings"))
    Creation.objects.update(design=later)
    page = ada.reads(f"/mine/{creation.pk}/opinions/")
    assert "This no longer fits: “Roasted almonds, whole” is no longer in the bar." in page
    assert "Change my bar like this" not in page
    assert "This no longer fits: “Roasted almonds, whole” is no longer in the bar." in takes_up(ada, said)
    assert Creation.objects.get().design == later
    assert Opinion.objects.get().applied_at is None


def test_a_suggestion_of_what_we_no_longer_know_says_so(ada: Person, creation: Creation) -> None:
    said = opinion(creation, edits="+toppings:uranium:5000")
    assert "It is no longer made." in ada.reads(f"/mine/{creation.pk}/opinions/")
    assert "no longer make" in takes_up(ada, said)
    assert Creation.objects.get().design == creation.design


def test_words_alone_cannot_be_taken_up(ada: Person, creation: Creation) -> None:
    assert "no longer" in takes_up(ada, opinion(creation))
    assert Creation.objects.get().design == creation.design


def test_a_suggestion_that_was_pressed_twice_is_done_once(ada: Person, creation: Creation) -> None:
    said = opinion(creation, edits=SWAP)
    takes_up(ada, said)
    assert "This no longer fits" in takes_up(ada, said)
    assert Creation.objects.get().past == [creation.design_id]


def test_what_is_hidden_can_be_shown_again(ada: Person, creation: Creation) -> None:
    said, page = opinion(creation), f"/mine/{creation.pk}/opinions/"
    assert "Lovely" not in ada.presses(f"{page}{said.pk}/hiding/")
    assert "Lovely" in ada.reads(f"{page}?hidden=1")
    assert "Lovely" in ada.presses(f"{page}{said.pk}/hiding/", show="1")


@pytest.mark.parametrize("act", ["link", "{}/application", "{}/hiding", "{}/report"])
def test_nobody_else_reads_or_does_anything(ada: Person, creation: Creation, act: str) -> None:
    said, ben = opinion(creation, edits=SWAP), Person("ben")
    bens = ben.designs(adas("Bens"))
    before = Creation.objects.order_by("pk").values(), Opinion.objects.values().get()
    assert ben.looks_at(f"/mine/{creation.pk}/opinions/") == 404
    path = act.format(said.pk)
    assert ben.client.post(f"/mine/{creation.pk}/opinions/{path}/", {"link": "close"}).status_code == 404
    assert Client().post(f"/mine/{creation.pk}/opinions/{path}/").status_code == 404
    if act != "link":
        assert ben.client.post(f"/mine/{bens.pk}/opinions/{path}/").status_code == 404
    assert ada.looks_at(f"/mine/{creation.pk}/opinions/{path}/") == 405
    assert list(before[0]) == list(Creation.objects.order_by("pk").values())
    assert before[1] == Opinion.objects.values().get()


def test_opinions_go_with_the_bar(creation: Creation) -> None:
    opinion(creation)
    creation.delete()
    assert not Opinion.objects.exists()
