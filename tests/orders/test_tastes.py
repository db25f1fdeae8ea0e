"""What somebody likes, in their account: chosen by forms, kept, met again in the studio, and nobody else's business."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.catalogue.publishing import publish
from configurator.catalogue.starts import start
from configurator.domain.design import Design
from configurator.domain.tastes import Taste
from configurator.makers.makers import maker_of_account
from configurator.models import Creation, Module
from configurator.models import Taste as TasteRow
from configurator.studio import tastes
from orders import stock
from orders.models import Order
from orders.personal import account as account_room
from orders.personal.people import with_account
from tests.configurator.page_forms import buttons_of, sent_by
from tests.configurator.people import MONDAY, Person, bar, words
from tests.orders.paid import paid_order
from tests.orders.test_account_orders import EVE, signed_in
from tests.orders.threads import in_threads
from tests.shop.people import account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("catalogue")]

TASTE = "/account/taste/"
STUDIO = "/studio/bar-100/"
BERRIES = Taste("dark_72", ("raspberry_fd", "almond_whole"))


def page_of(client: Client, address: str = TASTE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def sends(client: Client, page: str, **changed: Any) -> HttpResponse:
    """The form as a browser without scripts sends it: with all that is ticked on the page."""
    return client.post(TASTE, sent_by(page) | changed)  # type: ignore[return-value]


def opened(client: Client, address: str = STUDIO) -> tuple[Design, str]:
    """The bar that the studio begins with, and what its page says."""
    answer = client.get(address, follow=True)
    digest = answer.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
    return designs.find(digest).value, words(answer.content.decode())


def contents(design: Design) -> list[str]:
    return sorted(design.modules)


def designed(user: User, design: Design, number: int = 0) -> Creation:
    creation = Person("ada").designs(design, changed_at=MONDAY + timedelta(minutes=number))
    Creation.objects.filter(pk=creation.pk).update(maker=maker_of_account(user))
    return creation


def retired(key: str) -> None:
    Module.objects.filter(key=key).update(retired=True)
    for family in ("bar-100", "mini-40", "heart-80", "slab-250"):
        publish(family, at=timezone.now())


# ── The page ─────────────────────────────────────────────────────────────────────────────────────


def test_favourites_are_chosen_and_kept_without_a_script() -> None:
    user = account()
    client = signed_in(user)
    page = page_of(client)
    assert 'href="/account/taste/"' in client.get("/account/").content.decode()
    assert sent_by(page) == {"base": [""], "amount": ["100"], "kind": [""], "q": [""]}
    answer = sends(client, page, base="dark_72", like=["almond_whole", "raspberry_fd"], amount="150")
    assert (answer.status_code, answer["Location"]) == (303, TASTE)
    assert tastes.taste_of(user) == Taste("dark_72", ("almond_whole", "raspberry_fd"), 150)
    page = page_of(client)
    assert "Kept. New bars begin with it." in words(page)
    assert sent_by(page) == {
        "base": ["dark_72"], "amount": ["150"], "kind": [""], "q": [""],
        "order": ["almond_whole", "raspberry_fd"], "like": ["almond_whole", "raspberry_fd"],
    }  # fmt: skip


def test_what_is_new_comes_last_and_one_press_puts_something_first_or_takes_it_out() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, BERRIES)
    sends(client, page_of(client), like=["almond_whole", "hazelnut_whole", "raspberry_fd"])
    assert tastes.taste_of(user).liked == ("raspberry_fd", "almond_whole", "hazelnut_whole")
    answer = sends(client, page_of(client), first="like:hazelnut_whole")
    assert answer["Location"] == f"{TASTE}#order"
    assert tastes.taste_of(user).liked == ("hazelnut_whole", "raspberry_fd", "almond_whole")
    sends(client, page_of(client), remove="like:raspberry_fd")
    assert tastes.taste_of(user) == Taste("dark_72", ("hazelnut_whole", "almond_whole"))
    # What the filter of the browser offers for something that does not fit it.
    sends(client, page_of(client), instead="like:almond_whole like:walnut_halves")
    sends(client, page_of(client), instead="base:dark_72 base:dark_85")
    assert tastes.taste_of(user) == Taste("dark_85", ("hazelnut_whole", "walnut_halves"))


def test_a_search_without_a_script_keeps_what_is_ticked_and_hides_only_what_it_does_not_find() -> None:
    user = account()
    client = signed_in(user)
    page = page_of(client)
    assert buttons_of(page)[0] == "search"
    answer = sends(client, page, like=["almond_whole"], q="raspberry", search="")
    assert answer["Location"] == f"{TASTE}?q=raspberry#likes"
    assert tastes.taste_of(user).liked == ("almond_whole",)
    found = page_of(client, answer["Location"])
    cards = re.findall(
        r'<li class="tile[^>]*?id="card-(?:toppings|ingredients|decorations)-(\w+)"[^>]*?>', found
    )
    shown = re.findall(
        r'<li class="tile[^>]*?id="card-(?:toppings|ingredients|decorations)-(\w+)"(?:(?!hidden)[^>])*>',
        found,
    )
    assert (len(cards), shown) == (119, ["raspberry_fd"])
    assert sent_by(found)["like"] == ["almond_whole"]


def test_too_many_are_not_kept_and_nothing_that_was_ticked_is_lost() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, BERRIES)
    keys = [module.key for module in current_family("bar-100").modules.values() if module.kind != "base"][:14]
    answer = sends(client, page_of(client), like=keys)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "More than 12 have no place in any bar. Take 2 out, then keep the rest." in words(page)
    assert sorted(sent_by(page)["like"]) == sorted(keys)
    assert tastes.taste_of(user) == BERRIES


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"like": ["almond_whole", "dark_60"]}, "Something that was ticked is no longer made."),
        ({"like": ["\0"]}, "Something that was ticked is no longer made."),
        ({"base": "almond_whole"}, "Something that was ticked is no longer made."),
        ({"amount": "1000"}, "Choose how much of each you like: a little, usual or plenty."),
    ],
)
def test_what_no_page_of_ours_sends_is_refused_and_said(forged: dict[str, Any], said: str) -> None:
    user = account()
    client = signed_in(user)
    answer = sends(client, page_of(client), **forged)
    assert (answer.status_code, TasteRow.objects.count()) == (422, 0)
    assert said in words(answer.content.decode())


def test_whoever_likes_nothing_or_forgets_it_has_no_row_any_more() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, BERRIES)
    answer = client.post(f"{TASTE}removal/", follow=True)
    assert "Forgotten. New bars begin as they do for everybody." in words(answer.content.decode())
    assert TasteRow.objects.count() == 0
    tastes.keep(user, BERRIES)
    client.post(TASTE, {"base": "", "amount": "100"})
    assert TasteRow.objects.count() == 0


def test_the_page_says_that_allergies_are_kept_in_the_browser_and_no_field_asks_for_them() -> None:
    client = signed_in(account())
    page = page_of(client)
    assert "Allergies and diets are not kept here: they tell about your health." in words(page)
    assert set(sent_by(page)) == {"base", "amount", "kind", "q"}
    assert [field.name for field in TasteRow._meta.get_fields()] == ["account", "base", "liked", "amount"]


def test_the_database_keeps_nothing_that_says_nothing() -> None:
    user = account()
    for fields in ({"base": "", "liked": []}, {"base": "dark_72", "amount": 33}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TasteRow.objects.create(account=user, **fields)


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_keep_at_once_leave_one_taste() -> None:
    user = account()
    in_threads(4, lambda number: tastes.keep(user, Taste("dark_72", (), (50, 100, 150, 100)[number])))
    assert TasteRow.objects.count() == 1


# ── The studio ───────────────────────────────────────────────────────────────────────────────────


def test_a_new_bar_begins_with_what_somebody_likes_and_one_click_drops_it() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, BERRIES)
    design, page = opened(client)
    assert contents(design) == ["almond_whole", "dark_72", "raspberry_fd"]
    assert "Your bar begins with what you like. Begin without it · Change what I like" in page
    plain, page = opened(client, f"{STUDIO}?plain=1")
    assert plain == start(current_family("bar-100"))
    assert "what you like" not in page
    heart, _page = opened(client, "/studio/heart-80/")
    assert (heart.family, contents(heart)) == ("heart-80", ["almond_whole", "dark_72", "raspberry_fd"])
    assert Creation.objects.count() == 0


def test_what_does_not_go_together_is_said_in_the_language_of_the_page() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, Taste("white_32", ("almond_whole", "bronze_lustre")))
    design, page = opened(client)
    assert contents(design) == ["almond_whole", "white_32"]
    reason = "Bronze lustre powder: Bronze lustre needs a brown base: on a pale one it looks like dust."
    assert f"Your bar begins with what you like. Not in it: {reason} Begin without it" in page
    _design, german = opened(client, f"/de{STUDIO}")
    assert "Nicht dabei: Bronze-Glanzpuder" in german


def test_what_is_sold_out_or_no_longer_made_since_is_explained_here_and_there() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, Taste("ruby_35", ("matcha", "raspberry_fd", "almond_whole", "long_forgotten")))
    stock.count(
        Module.objects.get(key="raspberry_fd"),
        mg=0,
        by=User.objects.create_superuser("bea"),
        at=timezone.now(),
    )
    retired("matcha")
    design, page = opened(client)
    assert contents(design) == ["almond_whole", "ruby_35"]
    for said in (page, words(page_of(client))):
        assert "Freeze-dried raspberry pieces: sold out at the moment." in said
        assert "We no longer have Matcha" in said
        assert "Something that we no longer remember." in said
    page = page_of(client)
    assert "no longer made" in words(page)
    # It stays until somebody takes it out; what nobody remembers goes with the next change.
    sends(client, page, first="like:almond_whole")
    assert tastes.taste_of(user).liked == ("almond_whole", "matcha", "raspberry_fd")


def test_where_nothing_can_be_had_the_usual_bar_comes_with_the_reason() -> None:
    user = account()
    tastes.keep(user, Taste("", ("matcha",)))
    retired("matcha")
    design, page = opened(signed_in(user))
    assert contents(design) == contents(start(current_family("bar-100")))
    assert "Begin without it" not in page
    assert "We no longer have Matcha" in page


def test_a_guest_and_a_bar_with_an_address_are_not_asked_for_any_taste() -> None:
    user = account()
    tastes.keep(user, BERRIES)
    guest = Client()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        design, page = opened(guest)
    assert not any("configurator_taste" in query["sql"] for query in asked.captured_queries)
    assert (design, "what you like" in page) == (start(current_family("bar-100")), False)
    shared = designs.save(bar("Night"))
    assert "what you like" not in words(page_of(signed_in(user), f"{STUDIO}{shared.digest}/"))


# ── Like a bar of theirs ─────────────────────────────────────────────────────────────────────────


def test_a_taste_is_taken_from_a_bar_only_when_it_is_kept() -> None:
    user = account()
    client = signed_in(user)
    tastes.keep(user, BERRIES)
    creation = designed(user, bar("Night", "dark_85", "walnut_halves", "cranberry_dried"))
    assert f'href="?bar={creation.design_id}"' in page_of(client)
    page = page_of(client, f"{TASTE}?bar={creation.design_id}")
    assert "This is what is in “Night”. It is not kept yet" in words(page)
    assert tastes.taste_of(user) == BERRIES
    sends(client, page)
    assert tastes.taste_of(user) == Taste("dark_85", ("walnut_halves", "cranberry_dried"))


def test_bars_that_were_designed_and_ordered_are_offered_each_recipe_once_the_newest_first() -> None:
    user = account("ada@example.org")
    paid_order((bar("Ordered", "milk_37", "walnut_halves"), 1), (bar("Twice", "milk_37"), 1))
    designed(user, bar("Once", "milk_37"), 1)
    designed(user, bar("Night", "dark_85"), 2)
    page = page_of(signed_in(user))
    assert re.findall(r'<h2 class="taste__barname">([^<]*)', page) == ["Night", "Once", "Ordered"]
    assert re.findall(r'"small soft">(Ordered|Designed)<', page) == ["Designed", "Designed", "Ordered"]


def test_nobody_takes_a_taste_from_a_bar_that_is_not_theirs() -> None:
    user, eve = account(), account(EVE)
    hers = designed(eve, bar("Hers"))
    order = paid_order((bar("Bought"), 1))
    theirs = Order.objects.get(pk=order.pk).lines.get()
    client = signed_in(user)
    for digest in (hers.design_id, theirs.design_id, "f" * 64, "x", "\0"):
        assert client.get(TASTE, {"bar": digest}).status_code == 404
    assert "I like this one" not in words(page_of(client))


@pytest.mark.parametrize("bars", [1, 3])
def test_more_bars_and_likes_cost_no_more_questions(
    bars: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = account("ada@example.org")
    nuts = ("walnut_halves", "pecan_halves", "hazelnut_whole")[:bars]
    tastes.keep(user, Taste("dark_72", nuts))
    for number, nut in enumerate(nuts):
        designed(user, bar("Night", "dark_85", nut), number)
        paid_order((bar("Noon", "milk_37", nut), 1))
    client = signed_in(user)
    page_of(client)
    with django_assert_num_queries(12):
        page = page_of(client)
    assert page.count("I like this one") == 2 * bars


# ── Nobody else's business ───────────────────────────────────────────────────────────────────────


def test_everybody_reads_and_changes_their_own_alone() -> None:
    user, eve = account(), account(EVE)
    tastes.keep(user, BERRIES)
    other = signed_in(eve)
    assert "raspberry_fd" not in sent_by(page_of(other)).get("like", [])
    other.post(TASTE, {"base": "white_32", "amount": "100"})
    other.post(f"{TASTE}removal/")
    assert tastes.taste_of(user) == BERRIES
    assert Client().get(TASTE).status_code == 302
    assert Client().post(TASTE, {"base": "white_32"}).status_code == 302
    assert TasteRow.objects.count() == 1


def test_it_stands_in_the_copy_of_ones_data_and_goes_with_the_account() -> None:
    user = account()
    tastes.keep(user, BERRIES)
    told = json.loads(json.dumps(account_room.tell(with_account(user)), default=str))
    assert told["taste"] == {"base": "dark_72", "liked": ["raspberry_fd", "almond_whole"], "amount": 100}
    account_room.forget(with_account(user), timezone.now())
    assert TasteRow.objects.count() == 0
