"""What somebody has designed and keeps: seen by those who may, found again, shown, and gone for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.makers import keeping
from configurator.makers.keeping import NotYet
from configurator.models import Creation, DayCount
from configurator.models import Design as DesignRow
from shop.ready_bars import load_written
from tests import loaded
from tests.configurator.people import MONDAY, Person, bar

ACTS = ("copies", "name", "visibility", "deletion", "shares")


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def ada() -> Person:
    return Person("ada")


@pytest.fixture
def ben() -> Person:
    return Person("ben")


def page_of(creation: Creation) -> str:
    return f"/d/{creation.design_id}/"


def count(what: DayCount.What) -> int:
    return sum(DayCount.objects.filter(what=what).values_list("number", flat=True))


# ── My bars ──────────────────────────────────────────────────────────────────────────────────────


def test_nobody_has_an_empty_page_it_invites() -> None:
    page = Client().get("/mine/")
    assert b"Nothing here yet" in page.content
    assert b'href="/studio/bar-100/"' in page.content
    assert "maker" not in page.cookies


def test_my_bars_are_listed_the_last_changed_first(ada: Person, ben: Person) -> None:
    ada.designs(bar("Old"))
    ada.designs(bar("New"), changed_at=MONDAY + timedelta(hours=1))
    ben.designs(bar("Bens"))
    page = ada.reads("/mine/")
    assert page.index("New") < page.index("Old")
    assert "Bens" not in page


@pytest.mark.parametrize("bars", [1, 3])
def test_more_bars_take_no_more_queries(
    ada: Person, bars: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(bars):
        ada.designs(bar(f"Bar {number}"))
    ada.client.get("/mine/")
    with django_assert_num_queries(2):
        ada.client.get("/mine/")


@pytest.mark.parametrize("others", [1, 3])
def test_a_bar_that_was_shared_is_told_of_in_at_most_five_queries(
    ada: Person, ben: Person, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    creation = ada.designs(
        bar("Told"), visibility="public", shown=designs.save(bar("Told")), published_at=MONDAY
    )
    for number in range(others):
        Person(f"other {number}").designs(bar(f"From it {number}"), bar("Told"), parent=creation)
    ben.looks_at(page_of(creation))
    with django_assert_num_queries(4):
        ben.looks_at(page_of(creation))


def test_many_bars_stand_on_several_pages(ada: Person) -> None:
    for number in range(13):
        ada.designs(bar(f"Bar {number}"), changed_at=MONDAY + timedelta(hours=number))
    assert "Bar 12" in ada.reads("/mine/")
    assert "Bar 0 " in ada.reads("/mine/?page=2")
    assert "Page 2 of 2" in ada.reads("/mine/?page=2")


def test_a_visit_keeps_the_browser_known_for_another_ninety_days(ada: Person) -> None:
    ada.designs(bar())
    assert ada.client.get("/mine/").cookies["maker"]["max-age"] == 90 * 86_400


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_can_do_anything_with_a_bar(ada: Person, ben: Person, act: str) -> None:
    creation = ada.designs(bar())
    before = Creation.objects.values().get()
    fields = {"name": "Ben's", "visibility": "private"}
    assert ben.client.post(f"/mine/{creation.pk}/{act}/", fields).status_code == 404
    assert Client().post(f"/mine/{creation.pk}/{act}/", fields).status_code == 404
    assert ben.looks_at(f"/mine/{creation.pk}/") == 404
    assert Creation.objects.values().get() == before


@pytest.mark.parametrize("act", ACTS)
def test_looking_changes_nothing(ada: Person, act: str) -> None:
    creation = ada.designs(bar())
    assert ada.looks_at(f"/mine/{creation.pk}/{act}/") == 405
    assert ada.client.post(f"/mine/{uuid4()}/{act}/").status_code == 404


def test_a_copy_is_changed_without_the_original(ada: Person) -> None:
    creation = ada.designs(bar(), past=["a" * 64], visibility="private")
    assert "Copied." in ada.presses(f"/mine/{creation.pk}/copies/")
    copy = Creation.objects.exclude(pk=creation.pk).get()
    assert (copy.design, copy.started_from, copy.past) == (creation.design, creation.started_from, ["a" * 64])
    assert copy.visibility == "private"


def test_the_copy_of_a_published_bar_is_not_published(ada: Person) -> None:
    creation = ada.designs(bar())
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    ada.presses(f"/mine/{creation.pk}/copies/")
    assert sorted(Creation.objects.values_list("visibility", flat=True)) == ["public", "unlisted"]


def test_a_new_name_is_a_change_that_the_studio_can_undo(ada: Person) -> None:
    creation = ada.designs(bar())
    before = creation.design_id
    assert "The bar has its new name." in ada.presses(f"/mine/{creation.pk}/name/", name="  Für   Oma ")
    creation.refresh_from_db()
    assert creation.design.value == bar("Für Oma")
    assert (creation.past, creation.future) == ([before], [])


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Give your bar a name."),
        ("x" * 31, "The name has 31 characters, the wrapper has room for 30."),
        ("さくら", "We cannot print this: さ く ら."),
    ],
)
def test_a_name_that_does_not_fit_stays_in_its_field(ada: Person, typed: str, why: str) -> None:
    creation = ada.designs(bar())
    answer = ada.client.post(f"/mine/{creation.pk}/name/", {"name": typed})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert f'value="{typed or "Ada"}"' in answer.content.decode()
    creation.refresh_from_db()
    assert creation.design.value == bar()


def test_a_name_never_overwrites_what_another_window_did(ada: Person) -> None:
    creation = ada.designs(bar())
    Creation.objects.update(design=designs.save(bar("Elsewhere")))
    with pytest.raises(NotYet, match="another window"):
        keeping.rename(creation, "Here", locale="en", at=timezone.now())


# ── Who may see it ───────────────────────────────────────────────────────────────────────────────


def test_a_private_bar_answers_its_maker_alone(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar())
    assert ben.looks_at(page_of(creation)) == 200
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="private")
    assert (ada.looks_at(page_of(creation)), ben.looks_at(page_of(creation))) == (200, 404)
    assert ben.looks_at(f"/d/{creation.design_id}/card.pdf") == 404
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="unlisted")
    assert ben.looks_at(page_of(creation)) == 200


def test_the_steps_of_a_private_bar_answer_nobody_else_either(ada: Person, ben: Person) -> None:
    start, step = designs.save(bar("Where it began")), designs.save(bar("A step"))
    creation = ada.designs(bar(), start=bar("Where it began"), past=[start.digest, step.digest])
    assert ben.looks_at(f"/d/{step.digest}/") == 200
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="private")
    assert (ada.looks_at(f"/d/{step.digest}/"), ben.looks_at(f"/d/{step.digest}/")) == (200, 404)
    assert ben.looks_at(f"/studio/bar-100/{step.digest}/") == 404
    assert ben.looks_at(f"/d/{start.digest}/") == 200
    ada.presses(f"/mine/{creation.pk}/name/", name="Renamed")
    assert ben.looks_at(page_of(creation)) == 404
    ada.presses(f"/mine/{creation.pk}/copies/")
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="unlisted")
    assert ben.looks_at(f"/d/{step.digest}/") == 200


def test_a_step_that_two_came_by_is_seen_if_one_of_them_lets_it(ada: Person, ben: Person) -> None:
    step = designs.save(bar("A step")).digest
    ada.designs(bar(), past=[step], visibility="private")
    assert Client().get(f"/d/{step}/").status_code == 404
    ben.designs(bar("Bens"), past=[step])
    assert Client().get(f"/d/{step}/").status_code == 200


def test_staff_see_a_private_bar(ada: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    office = Client()
    office.force_login(User.objects.create_superuser("bea"))
    assert office.get(page_of(creation)).status_code == 200


def test_a_bar_that_two_made_is_seen_if_one_of_them_lets_it(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    ben.designs(bar(), visibility="unlisted")
    assert Client().get(page_of(creation)).status_code == 200


def test_a_ready_bar_stays_on_sale_whoever_keeps_one_alike_private(ada: Person) -> None:
    load_written()
    ready = DesignRow.objects.first()
    assert ready
    ada.designs(ready.value, visibility="private")
    assert Client().get(f"/d/{ready.digest}/").status_code == 200


def test_the_code_of_a_private_bar_leads_nobody_else_to_it(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    code = {"code": creation.design.code}
    assert "No bar has this code." in ben.client.post("/c/", code).content.decode()
    assert ada.client.post("/c/", code)["Location"] == f"/c/{creation.design.code}/"


def test_an_unknown_wish_is_answered_with_the_choice(ada: Person) -> None:
    creation = ada.designs(bar())
    page = ada.presses(f"/mine/{creation.pk}/visibility/", visibility="everybody")
    assert "only you, whoever has its address, or everybody" in page


def heads(address: str, person: Person) -> dict[str, bool]:
    page = person.client.get(address).content.decode()
    return {
        "noindex": 'name="robots" content="noindex"' in page,
        "canonical": 'rel="canonical"' in page,
        "card": 'property="og:image"' in page,
    }


def test_search_engines_find_what_is_published_and_cards_show_what_is_shared(ada: Person) -> None:
    creation = ada.designs(bar())
    page = page_of(creation)
    assert heads(page, ada) == {"noindex": True, "canonical": False, "card": True}
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    assert heads(page, ada) == {"noindex": False, "canonical": True, "card": True}
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="private")
    assert heads(page, ada) == {"noindex": True, "canonical": False, "card": False}


# ── Into the gallery ─────────────────────────────────────────────────────────────────────────────


def test_a_published_bar_is_shown_as_it_was_published(ada: Person) -> None:
    creation = ada.designs(bar())
    page = ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    assert "Your bar hangs in the gallery now." in page
    ada.presses(f"/mine/{creation.pk}/name/", name="Vegan")
    creation.refresh_from_db()
    assert creation.shown
    assert creation.shown.value == bar()
    assert "The gallery shows this bar as you published it." in ada.reads("/mine/")
    assert count(DayCount.What.PUBLISHED) == 1


@pytest.mark.parametrize("name", ["Nut-free", "v e g a n", "Bio!", "glutenfrei"])
def test_words_that_say_more_than_the_label_wait_for_staff(ada: Person, name: str) -> None:
    creation = ada.designs(bar(name))
    page = ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    assert f"“{name.rstrip('!')}”" in page
    creation.refresh_from_db()
    assert (creation.visibility, creation.published_at) == ("unlisted", None)
    assert creation.held_at is not None
    assert "Waits for the gallery" in ada.reads("/mine/")
    assert count(DayCount.What.PUBLISHED) == 0


def test_staff_let_in_what_they_were_shown(ada: Person) -> None:
    creation = ada.designs(bar("Bio"))
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    ada.presses(f"/mine/{creation.pk}/name/", name="Heilt alles")
    creation.refresh_from_db()
    keeping.let_in(creation, at=MONDAY)
    creation.refresh_from_db()
    assert (creation.visibility, creation.published_at, creation.held_at) == ("public", MONDAY, None)
    assert creation.shown
    assert creation.shown.value == bar("Bio")


def test_what_staff_took_out_comes_back_only_through_them(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar())
    ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    creation.refresh_from_db()
    keeping.refuse(creation, at=MONDAY)
    assert "We did not let this bar into the gallery." in ada.reads("/mine/")
    copy = ben.designs(bar())
    assert "looks at it first" in ben.presses(f"/mine/{copy.pk}/visibility/", visibility="public")
    copy.refresh_from_db()
    assert copy.visibility == "unlisted"


def test_what_is_still_somebody_else_s_bar_is_not_published(ada: Person) -> None:
    creation = ada.designs(bar(), start=bar())
    page = ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    assert "Change something, and it is yours to show." in page
    creation.refresh_from_db()
    assert creation.visibility == "unlisted"


def test_what_cannot_be_made_is_not_published(ada: Person) -> None:
    creation = ada.designs(bar(""))
    page = ada.presses(f"/mine/{creation.pk}/visibility/", visibility="public")
    assert "Give your bar a name." in page


@pytest.mark.parametrize("said", [{"published_at": None}, {"published_at": MONDAY, "shown": None}])
def test_the_database_knows_what_a_public_bar_shows(ada: Person, said: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ada.designs(bar(), visibility="public", **said)


# ── Gone, and back ───────────────────────────────────────────────────────────────────────────────


def test_a_deleted_bar_is_gone_for_everybody_and_comes_back_by_one_press(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar())
    answer = ada.client.post(f"/mine/{creation.pk}/deletion/")
    token = answer["Location"].partition("deleted=")[2]
    assert "“Ada” is deleted." in ada.reads(answer["Location"])
    assert (ada.looks_at(page_of(creation)), ben.looks_at(page_of(creation))) == (404, 404)
    assert ada.looks_at(f"/mine/{creation.pk}/") == 404

    assert "can no longer be brought back" in ben.presses("/mine/back/", token=token)
    assert "The bar is back." in ada.presses("/mine/back/", token=token)
    assert ben.looks_at(page_of(creation)) == 200
    assert "can no longer be brought back" in ada.presses("/mine/back/", token=token)


def test_a_forged_token_brings_nothing_back(ada: Person) -> None:
    creation = ada.designs(bar())
    ada.client.post(f"/mine/{creation.pk}/deletion/")
    assert "can no longer be brought back" in ada.presses("/mine/back/", token=f"{creation.pk}:x:y")
    assert "can no longer be brought back" in Person("").presses("/mine/back/", token="")


# ── Done ─────────────────────────────────────────────────────────────────────────────────────────


def test_being_done_is_celebrated_and_counted_once(ada: Person) -> None:
    creation = ada.designs(bar())
    page = ada.presses("/mine/finished/", design=creation.design_id)
    assert "Designed by you on" in page
    assert "First of its kind." in page
    assert "quadrillion that can be made." in page
    assert "Add to cart" in page
    ada.presses("/mine/finished/", design=creation.design_id)
    assert count(DayCount.What.FINISHED) == 1
    assert Creation.objects.count() == 1


def test_a_bar_that_nobody_changed_is_kept_but_not_called_designed(ada: Person) -> None:
    row = designs.save(bar())
    page = ada.presses("/mine/finished/", design=row.digest)
    assert "Chosen by you on" in page
    assert Creation.objects.get().started_from == row


def test_whoever_is_done_for_the_first_time_is_remembered() -> None:
    row = designs.save(bar())
    answer = Client().post("/mine/finished/", {"design": row.digest})
    assert answer.status_code == 302
    assert answer.cookies["maker"]["httponly"]


def test_what_cannot_be_made_is_not_done_yet(ada: Person) -> None:
    creation = ada.designs(bar(""))
    answer = ada.client.post("/mine/finished/", {"design": creation.design_id})
    assert answer["Location"] == f"/studio/bar-100/{creation.design_id}/"
    assert "Give your bar a name." in ada.client.get(answer["Location"]).content.decode()
    assert count(DayCount.What.FINISHED) == 0


@pytest.mark.parametrize("digest", ["", "x", "a" * 64, "\x00"])
def test_nobody_is_done_with_a_bar_that_is_not_there(ada: Person, digest: str) -> None:
    assert ada.client.post("/mine/finished/", {"design": digest}).status_code == 404


def test_nobody_is_done_with_the_private_bar_of_somebody_else(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    assert ben.client.post("/mine/finished/", {"design": creation.design_id}).status_code == 404


def test_people_are_counted_not_presses_and_a_ready_bar_is_ours(ada: Person, ben: Person) -> None:
    for name in ("One", "Two", "Three"):
        ada.designs(bar(name), finished_at=MONDAY)
    ben.designs(bar("Other grams", "dark_60", "almond_whole"), finished_at=MONDAY)
    Person("cyd").designs(bar("Not done"))
    mine = ben.designs(bar("Bens"), finished_at=MONDAY)
    assert "1 other has made exactly this bar." in ben.reads(f"/mine/{mine.pk}/")
    Person("dan").designs(bar("Dans").scattered(7), finished_at=MONDAY, visibility="private")
    assert "2 others have made exactly this bar." in ben.reads(f"/mine/{mine.pk}/")

    load_written()
    ready = DesignRow.objects.get(name="Golden Hour").value
    again = ben.designs(ready.named("Alike"), finished_at=MONDAY)
    page = ben.reads(f"/mine/{again.pk}/")
    assert "Our chocolatiers have thought of exactly this bar, too." in page
    assert "First of its kind." not in page


def test_a_ready_bar_is_our_chocolatiers_and_no_first_of_its_kind(ada: Person) -> None:
    load_written()
    ready = DesignRow.objects.get(name="Golden Hour")
    page = words_of(f"/d/{ready.digest}/")
    assert "Thought out by our chocolatiers." in page
    assert "First of its kind." not in page
    assert "has made exactly this bar" not in page
    assert "Thought out by our chocolatiers." in ada.presses("/mine/finished/", design=ready.digest)
    assert "Thought out by our chocolatiers. 1 person has made exactly this bar." in words_of(
        f"/d/{ready.digest}/"
    )


def test_a_share_is_counted_and_with_whom_is_not(ada: Person) -> None:
    creation = ada.designs(bar())
    assert ada.client.post(f"/mine/{creation.pk}/shares/").status_code == 204
    assert count(DayCount.What.SHARED) == 1


def test_a_private_bar_shows_no_address(ada: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    assert 'id="address"' not in ada.client.get(f"/mine/{creation.pk}/").content.decode()


def test_somebody_in_a_hurry_is_asked_to_wait(ada: Person) -> None:
    creation = ada.designs(bar())
    for _press in range(60):
        ada.client.post(f"/mine/{creation.pk}/shares/")
    assert ada.client.post(f"/mine/{creation.pk}/shares/").status_code == 429


# ── Where it comes from ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def remix(ada: Person, ben: Person) -> Creation:
    """Ben has made Ada's bar his own: pistachios instead of raspberries."""
    original = ada.designs(bar(), visibility="public", published_at=MONDAY, shown=designs.save(bar()))
    changed = bar("Bens", "dark_60", "almond_whole", "pistachio_chopped")
    return ben.designs(changed, start=bar(), parent=original, is_remix=True)


def test_a_remix_says_where_it_comes_from_and_what_was_changed(remix: Creation) -> None:
    page = words_of(page_of(remix))
    assert "It began as Ada ." in page
    assert "without Freeze-dried raspberry pieces" in page
    assert "another name" in page
    assert "1 bar has been made of it." in words_of(f"/d/{remix.started_from_id}/")


def test_a_remix_of_a_bar_that_is_private_now_does_not_tell_its_name(remix: Creation, ada: Person) -> None:
    parent = remix.parent
    assert parent
    ada.presses(f"/mine/{parent.pk}/visibility/", visibility="private")
    page = words_of(page_of(remix))
    assert "It began as a bar that its maker keeps private now." in page
    assert "Ada" not in page


def test_a_remix_gives_the_address_of_an_unlisted_bar_to_nobody_else(
    remix: Creation, ada: Person, ben: Person
) -> None:
    parent = remix.parent
    assert parent
    ada.presses(f"/mine/{parent.pk}/visibility/", visibility="unlisted")
    page = Client().get(page_of(remix)).content.decode()
    assert "It began as a bar whose maker gave its address on." in page
    assert remix.started_from_id not in page
    assert "It began as Ada ." in ben.reads(page_of(remix))
    assert "It began as Ada ." in ada.reads(page_of(remix))


def test_the_credit_outlives_the_bar(remix: Creation, ada: Person) -> None:
    parent = remix.parent
    assert parent
    ada.client.post(f"/mine/{parent.pk}/deletion/")
    assert "It began as a bar that is no longer here." in words_of(page_of(remix))
    parent.delete()
    assert "It began as a bar that is no longer here." in words_of(page_of(remix))


def test_a_remix_of_a_ready_bar_names_it(ada: Person) -> None:
    load_written()
    ready = DesignRow.objects.get(name="Golden Hour").value
    creation = ada.designs(ready.named("Mine"), start=ready)
    assert "It began as our bar Golden Hour ." in words_of(page_of(creation))


def test_a_bar_that_began_as_nobody_s_has_no_credit(ada: Person) -> None:
    assert "It began as" not in words_of(page_of(ada.designs(bar())))


def test_a_bar_is_never_its_own_parent(ada: Person) -> None:
    creation = ada.designs(bar())
    creation.parent = creation
    with pytest.raises(IntegrityError), transaction.atomic():
        creation.save()


def test_two_who_remix_each_other_stand_in_a_line_not_in_a_circle(ada: Person, ben: Person) -> None:
    first = ada.designs(bar("One"))
    answer = ben.presses("/mine/finished/", design=first.design_id)
    assert "It began as One" in answer
    second = Creation.objects.get(maker=ben.maker)
    changed = designs.save(bar("Two"))
    Creation.objects.filter(pk=second.pk).update(design=changed)
    ada.presses("/mine/finished/", design=changed.digest)
    third = Creation.objects.filter(maker=ada.maker).exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert (third.parent_id, first.parent_id) == (second.pk, None)


def words_of(address: str) -> str:
    return Person("somebody").reads(address)


# ── The card ─────────────────────────────────────────────────────────────────────────────────────


def test_a_card_is_an_a6_page_and_counted(ada: Person) -> None:
    creation = ada.designs(bar(), finished_at=MONDAY)
    answer = ada.client.get(f"/d/{creation.design_id}/card.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert count(DayCount.What.PRINTED) == 1


def test_every_family_is_counted_within_the_page(ada: Person) -> None:
    """A catalogue's first visitor does not wait for the number."""
    for key in ("bar-100", "mini-40", "heart-80", "slab-250"):
        family = current_family(key)
        row = designs.save(bar().under(family))
        assert ada.looks_at(f"/d/{row.digest}/") == 200


# ── Through the API ──────────────────────────────────────────────────────────────────────────────


def test_the_api_does_not_know_the_private_bar_of_somebody_else(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    for reference in (creation.design_id, creation.design.code):
        assert ada.looks_at(f"/api/v1/designs/{reference}/") == 200
        assert ben.looks_at(f"/api/v1/designs/{reference}/") == 404


def test_the_studio_does_not_open_the_private_bar_of_somebody_else(ada: Person, ben: Person) -> None:
    creation = ada.designs(bar(), visibility="private")
    assert ada.looks_at(f"/studio/bar-100/{creation.design_id}/") == 200
    assert ben.looks_at(f"/studio/bar-100/{creation.design_id}/") == 404
