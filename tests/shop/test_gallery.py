"""The gallery: what people show and what we sell ready, each design once, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.domain.design import Design
from configurator.models import Creation, DayCount
from shop.ready_bars import load_written
from tests import loaded
from tests.configurator.people import MONDAY, Person, bar, words


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def ada() -> Person:
    return Person("ada")


@pytest.fixture
def ben() -> Person:
    return Person("ben")


def hung(person: Person, design: Design, hours: int = 0, **said: Any) -> Creation:
    at = MONDAY + timedelta(hours=hours)
    fields: dict[str, Any] = {"visibility": "public", "published_at": at, "shown": designs.save(design)}
    return person.designs(design, **fields | said)


def gallery(query: str = "") -> list[str]:
    """The names that hang there, in order."""
    page = Client().get(f"/gallery/{query}").content.decode()
    return re.findall(r'class="bar-card__name"><a[^>]*>([^<]*)<', page)


def test_an_empty_gallery_asks_for_the_first_bar() -> None:
    assert b"Design a bar and be the first." in Client().get("/gallery/").content


def test_only_what_is_published_hangs_there(ada: Person) -> None:
    hung(ada, bar("Shown"))
    ada.designs(bar("Unlisted"))
    ada.designs(bar("Private"), visibility="private")
    ada.designs(bar("Held"), held_at=MONDAY, shown=designs.save(bar("Held")))
    hung(Person("gone"), bar("Deleted"))
    Creation.objects.filter(design__name="Deleted").update(maker="")
    assert gallery() == ["Shown"]


def test_it_shows_what_was_published_not_what_was_changed_since(ada: Person) -> None:
    creation = hung(ada, bar("Published"))
    creation.design = designs.save(bar("Changed"))
    creation.save()
    assert gallery() == ["Published"]


def test_the_newest_hangs_first_and_what_two_show_alike_hangs_once(ada: Person, ben: Person) -> None:
    hung(ada, bar("Old"))
    hung(ada, bar("New"), hours=2)
    hung(ben, bar("Old"), hours=3)
    assert gallery() == ["New", "Old"]
    assert gallery("?by=nonsense") == ["New", "Old"]


def test_the_most_remixed_hangs_first_and_one_s_own_copies_do_not_count(ada: Person, ben: Person) -> None:
    popular = hung(ada, bar("Popular"))
    plain = hung(ada, bar("Plain"), hours=1)
    ben.designs(bar("Bens"), start=bar("Popular"), parent=popular)
    ada.designs(bar("Again"), start=bar("Plain"), parent=plain)
    ben.designs(bar("Plain"), start=bar("Plain"), parent=plain)
    assert gallery("?by=remixed") == ["Popular", "Plain"]
    page = words(Client().get("/gallery/").content.decode())
    assert page.count("1 bar made of it") == 1


def test_ready_bars_hang_there_too() -> None:
    load_written()
    assert len(gallery()) == 12
    assert len(gallery("?page=2")) == 10
    assert gallery("?page=99") == gallery("?page=2")
    assert "By our chocolatiers" in words(Client().get("/gallery/").content.decode())


@pytest.mark.parametrize("bars", [1, 3])
def test_more_bars_take_no_more_queries(
    ada: Person, bars: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(bars):
        hung(ada, bar(f"Bar {number}"), hours=number)
    Client().get("/gallery/")
    with django_assert_num_queries(3):
        assert len(gallery()) == bars


def test_a_card_tells_the_browser_s_filter_what_it_needs_to_know(ada: Person) -> None:
    hung(ada, bar())
    page = Client().get("/gallery/").content.decode()
    card = page[page.index('<li class="bar-card"') :].partition(">")[0]
    assert 'data-contains="NUT-ALM' in card
    assert 'data-zone="O"' in card


def test_a_bar_in_the_gallery_leads_to_its_page_and_to_the_studio(ada: Person) -> None:
    creation = hung(ada, bar())
    page = Client().get("/gallery/").content.decode()
    assert f'href="/d/{creation.shown_id}/"' in page
    assert f'href="/studio/bar-100/{creation.shown_id}/"' in page
    assert "mailto:" in Client().get(f"/d/{creation.shown_id}/").content.decode()


# ── The office ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("bea"))
    return client


def act(office: Client, name: str, *creations: Creation) -> None:
    chosen = {"action": name, "_selected_action": [str(creation.pk) for creation in creations]}
    answer = office.post("/admin/configurator/creation/", chosen, follow=True)
    assert answer.status_code == 200


def test_staff_see_what_waits_with_the_words_in_question(office: Client, ada: Person) -> None:
    ada.designs(bar("Bio"), held_at=MONDAY, shown=designs.save(bar("Bio")))
    ada.designs(bar("My secret"))
    page = office.get("/admin/configurator/creation/?gallery=waits").content.decode()
    assert "“Bio” names a kind of farming" in page
    assert "My secret" not in page
    assert "Bars that wait for the gallery" in office.get("/admin/").content.decode()


def test_staff_let_a_bar_in(office: Client, ada: Person) -> None:
    waiting = ada.designs(bar("Bio"), held_at=MONDAY, shown=designs.save(bar("Bio")))
    act(office, "let_in", waiting)
    assert gallery() == ["Bio"]


def test_staff_take_a_bar_out(office: Client, ada: Person) -> None:
    act(office, "refuse", hung(ada, bar()))
    assert gallery() == []


def test_only_who_may_change_bars_moderates_them(ada: Person) -> None:
    shown = hung(ada, bar())
    looker = User.objects.create_user("cal", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_creation"))
    client = Client()
    client.force_login(looker)
    assert client.get("/admin/configurator/creation/").status_code == 200
    act(client, "refuse", shown)
    assert gallery() == ["Ada"]


def test_the_funnel_shows_each_day_and_their_sum(office: Client) -> None:
    for day, slot, number in ((1, 0, 3), (2, 0, 1), (2, 7, 3)):
        day_of_it = MONDAY.date() + timedelta(days=day)
        DayCount.objects.create(day=day_of_it, what="finished", slot=slot, number=number)
    page = words(office.get("/admin/configurator/daycount/").content.decode())
    assert page.partition("Together")[2].split()[:8] == ["0", "0", "0", "7", "0", "0", "0", "0"]


def test_the_funnel_has_pages_and_the_same_queries_for_one_day_and_for_three(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in (1, 3):
        DayCount.objects.create(day=MONDAY.date() + timedelta(days=days), what="opened", number=1)
        with django_assert_num_queries(5):
            office.get("/admin/configurator/daycount/")
    for days in range(4, 40):
        DayCount.objects.create(day=MONDAY.date() + timedelta(days=days), what="opened", number=1)
    assert "Page 2 of 2" in words(office.get("/admin/configurator/daycount/?p=2").content.decode())


def test_the_funnel_is_for_staff_who_may_see_it() -> None:
    client = Client()
    client.force_login(User.objects.create_user("cal", is_staff=True))
    assert client.get("/admin/configurator/daycount/").status_code == 403
