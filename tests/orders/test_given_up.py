"""What was given up: seen with its error, tried again after a question, and who did it is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import OfficeChange, PendingWork
from orders.office import work_admin
from orders.office.staff_groups import PRODUCTION, SUPPORT, ensure_groups
from orders.tasks import carry_out
from tests.orders.paid import design, jobs_of, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
LIST = "/admin/orders/pendingwork/"


def colleague(client: Client, group: str) -> User:
    ensure_groups()
    user = User.objects.create_user("bea", password="a-password-of-the-floor", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.fixture
def bea(client: Client, catalogue: None) -> User:
    return colleague(client, PRODUCTION)


@pytest.fixture
def tickets(catalogue: None) -> list[PendingWork]:
    """Of three bars; nobody tries two of them any more."""
    rows = [job.work.get(kind="ticket") for job in jobs_of(paid_order((design(), 3)))]
    for row in rows[:2]:
        give_up(row)
    return rows


def give_up(work: PendingWork) -> None:
    PendingWork.objects.filter(pk=work.pk).update(
        attempts=10, stuck_at=timezone.now(), last_error="OSError: the disk is full"
    )


def fate(work: PendingWork) -> tuple[bool, int]:
    work.refresh_from_db()
    return work.stuck_at is not None, work.attempts


def listed(client: Client, **filters: str) -> set[int]:
    return {row.pk for row in client.get(LIST, filters).context["cl"].queryset}


def test_the_list_shows_what_was_given_up_with_its_error_and_how_often_it_was_tried(client, bea, tickets):
    page = client.get(LIST, {"state": "stuck"}).content.decode()

    assert listed(client, state="stuck") == {row.pk for row in tickets[:2]}
    assert "OSError: the disk is full" in page
    assert '<td class="field-attempts">10</td>' in page


def test_the_list_tells_purposes_apart(client, bea, tickets):
    kinds = {
        purpose: set(
            client.get(LIST, {"purpose": purpose}).context["cl"].queryset.values_list("kind", flat=True)
        )
        for purpose in ("money", "floor", "mail", "pictures")
    }

    assert kinds == {
        "money": {"invoice"},
        "floor": {"ticket"},
        "mail": {"confirmation"},
        "pictures": {"picture"},
    }


def test_several_are_tried_again_after_a_question(client, bea, tickets):
    chosen = {"action": "try_again", "_selected_action": [row.pk for row in tickets]}

    question = client.post(LIST, chosen).content.decode()
    assert "2 pieces of work were given up." in question
    assert "OSError: the disk is full" in question
    assert question.count("10 attempts") == 2
    assert all(row.job.code in question for row in tickets[:2])
    assert [fate(row) for row in tickets] == [(True, 10), (True, 10), (False, 0)]

    answer = client.post(LIST, chosen | {"sure": "1"}, follow=True).content.decode()
    assert "2 pieces of work are tried again." in answer
    assert [fate(row) for row in tickets] == [(False, 0), (False, 0), (False, 0)]


def test_a_long_question_shows_the_first_and_counts_the_rest(
    client, bea, tickets, monkeypatch, django_assert_num_queries
):
    chosen = {"action": "try_again", "_selected_action": [row.pk for row in tickets]}
    client.post(LIST, chosen)
    with CaptureQueriesContext(connection) as of_two:
        client.post(LIST, chosen)
    monkeypatch.setattr(work_admin, "SHOWN", 1)

    with django_assert_num_queries(len(of_two)):
        question = client.post(LIST, chosen).content.decode()

    assert "2 pieces of work were given up." in question
    assert "and 1 more" in question
    assert question.count("10 attempts") == 1


def test_one_is_tried_again_from_its_own_page(client, bea, tickets):
    work = tickets[0]
    again = f"{LIST}{work.pk}/again/"
    assert f'href="{again}"' in client.get(f"{LIST}{work.pk}/change/").content.decode()

    assert "1 piece of work was given up." in client.get(again).content.decode()
    assert fate(work) == (True, 10)
    client.post(again, {"sure": "1"})
    assert fate(work) == (False, 0)

    carry_out(work.pk)
    work.refresh_from_db()
    assert work.done_at is not None


def test_what_was_not_given_up_is_left_to_itself(client, bea, tickets):
    waiting = tickets[2]

    assert f"{waiting.pk}/again/" not in client.get(f"{LIST}{waiting.pk}/change/").content.decode()
    shown = client.get(f"{LIST}{waiting.pk}/again/").content.decode()
    assert "Nothing of it was given up." in shown
    client.post(f"{LIST}{waiting.pk}/again/", {"sure": "1"})
    assert not OfficeChange.objects.exists()


def test_who_tried_it_again_is_written_down_once(client, bea, tickets):
    for _pressed_twice in range(2):
        client.post(f"{LIST}{tickets[0].pk}/again/", {"sure": "1"})

    change = OfficeChange.objects.get()
    assert (change.by, change.words, change.fields) == (bea, "Tried again", [["attempts", "10", "0"]])
    assert "Tried again" in client.get(f"{LIST}{tickets[0].pk}/history/").content.decode()


def test_support_does_not_touch_the_work_of_the_house(client, tickets):
    colleague(client, SUPPORT)

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{tickets[0].pk}/again/").status_code == 403
    assert client.post(f"{LIST}{tickets[0].pk}/again/", {"sure": "1"}).status_code == 403
    assert fate(tickets[0]) == (True, 10)


def test_work_that_does_not_exist_is_not_tried_again(client, bea):
    assert client.get(f"{LIST}4711/again/").status_code == 404


def test_the_first_page_says_when_something_waits_too_long(client, bea, tickets):
    now = timezone.now()
    PendingWork.objects.update(try_at=now - timedelta(minutes=1))
    assert ("Work that waits too long", 1) not in worries(client)

    PendingWork.objects.filter(pk=tickets[2].pk).update(try_at=now - timedelta(minutes=11))
    assert ("Work that waits too long", 1) in worries(client)
    assert listed(client, state="late") == {tickets[2].pk}


def worries(client: Client) -> list[tuple[str, int]]:
    return [(str(words), count) for words, count, _address in client.get("/admin/").context["worries"]]
