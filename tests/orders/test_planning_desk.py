"""The plan in the database: made from paid bars, kept as runs, changed by people, looked at by staff."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Equipment, Job, KitchenFigures, Run, WhatIf
from orders.production import plan_board, plan_questions, planning_desk, runs, steps
from orders.production.planning.moving import Place
from orders.production.refusals import RunRefused
from tests.orders.paid import MONDAY_NOON, design, jobs_of, operator, paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MONDAY = date(2026, 11, 16)
TUESDAY, THURSDAY = MONDAY + timedelta(1), MONDAY + timedelta(3)


@pytest.fixture(autouse=True)
def floor(catalogue):
    """As it is delivered: one temperer in each zone."""


def planned_runs():
    rows = Run.objects.order_by("day", "temperer", "place")
    return [(run.day, run.temperer_id, run.base, run.jobs.count()) for run in rows]


def two_chocolates():
    milk, white = design("Milk", "milk_37"), design("White", "white_32")
    return paid_order((milk, 3), (white, 2))


def test_paid_bars_become_runs_with_their_minutes():
    two_chocolates()
    assert planning_desk.is_out_of_date(at=MONDAY_NOON)
    planning_desk.replan(at=MONDAY_NOON)
    assert planned_runs() == [(MONDAY, "T-O", "white_32", 2), (MONDAY, "T-O", "milk_37", 3)]
    assert [(run.setup_minutes, run.work_minutes) for run in Run.objects.order_by("place")] == [
        (0, 5),
        (18, 6),
    ]
    assert not planning_desk.is_out_of_date(at=MONDAY_NOON)


def test_the_same_plan_once_more_changes_nothing():
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    before = list(Run.objects.order_by("pk").values())
    planning_desk.replan(at=MONDAY_NOON)
    assert list(Run.objects.order_by("pk").values()) == before


def test_what_was_not_made_yesterday_is_planned_for_today():
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    tomorrow = MONDAY_NOON + timedelta(days=1)
    assert planning_desk.is_out_of_date(at=tomorrow)
    planning_desk.replan(at=tomorrow)
    assert planned_runs() == [(TUESDAY, "T-O", "white_32", 2), (TUESDAY, "T-O", "milk_37", 3)]


def test_a_bar_on_hold_is_no_part_of_the_plan():
    order = two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    steps.hold(jobs_of(order)[0], "almond_whole", by=operator(), at=MONDAY_NOON)
    planning_desk.replan(at=MONDAY_NOON)
    assert planned_runs() == [(MONDAY, "T-O", "white_32", 2), (MONDAY, "T-O", "milk_37", 2)]
    assert Job.objects.filter(run=None).count() == 1


def test_a_run_that_melts_keeps_its_bars_and_its_place():
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    milk = Run.objects.get(base="milk_37")
    runs.melt(milk, by=operator(), at=MONDAY_NOON)
    planning_desk.replan(at=MONDAY_NOON)
    places = Run.objects.order_by("place").values_list("base", "place", "run_state", "setup_minutes")
    assert list(places) == [("milk_37", 2, "melting", 18), ("white_32", 3, "planned", 30)]
    assert Job.objects.filter(run=milk).count() == 3
    with pytest.raises(RunRefused, match="has begun"):
        planning_desk.move(milk.pk, Place(TUESDAY, "T-O", 1), at=MONDAY_NOON)


def test_a_moved_run_stays_where_it_was_put():
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    milk = Run.objects.get(base="milk_37")
    planning_desk.move(milk.pk, Place(TUESDAY, "T-O", 1), at=MONDAY_NOON)
    moved = [(MONDAY, "T-O", "white_32", 2), (TUESDAY, "T-O", "milk_37", 3)]
    assert planned_runs() == moved
    planning_desk.replan(at=MONDAY_NOON)
    assert planned_runs() == moved
    assert Run.objects.get(base="milk_37").by_hand


def test_the_guard_refuses_in_words():
    paid_order((design("Milk", "milk_37"), 3), (design("Nut", "gianduja_milk"), 2))
    planning_desk.replan(at=MONDAY_NOON)
    milk = Run.objects.get(base="milk_37")
    with pytest.raises(RunRefused, match="must not follow Gianduja"):
        planning_desk.move(milk.pk, Place(MONDAY, "T-O", 2), at=MONDAY_NOON)
    with pytest.raises(RunRefused, match="zone O alone"):
        planning_desk.move(milk.pk, Place(MONDAY, "T-F", 1), at=MONDAY_NOON)
    with pytest.raises(RunRefused, match="Nobody works there"):
        planning_desk.move(milk.pk, Place(MONDAY - timedelta(1), "T-O", 1), at=MONDAY_NOON)


def test_figures_of_the_kitchen_count():
    KitchenFigures.objects.create(people=1, shift_minutes=10, hands_seconds=300, round_minutes=5)
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    assert [row[3] for row in planned_runs()] == [2, 2, 1]


def test_without_its_temperer_a_bar_waits_and_staff_are_told():
    two_chocolates()
    Equipment.objects.filter(key="T-O").update(in_use=False)
    planning_desk.replan(at=MONDAY_NOON)
    assert plan_board.waiting() == 5


def test_the_figures_make_what_is_promised():
    """One temperer per zone, two people, 60 moulds of three: 200 bars a day, of which 170 are promised."""
    seen = plan_board.capacity(at=MONDAY_NOON)
    assert (seen.limits.bars, seen.by_figures, seen.promised) == (200, 170, 170)


# ── The pages ────────────────────────────────────────────────────────────────────────────────────


def signed_in(*permissions: str) -> Client:
    client = Client()
    client.force_login(operator("bea", *permissions))
    return client


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY_NOON)


def test_staff_see_days_runs_and_minutes(clock):
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    page = signed_in("view_run").get("/floor/plan/").content.decode()
    for words in ("White chocolate", "18 min set-up, 6 min", "29 of 420 minutes, 18 of them set-up", "Today"):
        assert words in page
    assert "Move it there" not in page


def test_a_refusal_is_told_and_what_was_typed_stays(clock):
    two_chocolates()
    planning_desk.replan(at=MONDAY_NOON)
    milk = Run.objects.get(base="milk_37")
    staff = signed_in("view_run", "change_run")
    where = f"/floor/plan/runs/{milk.pk}/moves/"
    refused = staff.post(where, {"day": "2026-11-17", "temperer": "T-F", "position": "7"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "These bars are made in zone O alone." in page
    assert 'value="7"' in page
    assert '<option value="2026-11-17" selected>' in page
    assert staff.post(where, {"day": "2026-11-15", "temperer": "T-O", "position": "0"}).status_code == 422
    assert staff.post(where, {"day": "2026-11-17", "temperer": "T-O", "position": "1"}).status_code == 302
    assert planned_runs()[-1] == (TUESDAY, "T-O", "milk_37", 3)
    assert (
        staff.post(
            "/floor/plan/runs/999999/moves/", {"day": "2026-11-17", "temperer": "T-O", "position": "1"}
        ).status_code
        == 404
    )


def test_planning_again_is_a_button(clock):
    two_chocolates()
    assert signed_in("view_run", "change_run").post("/floor/plan/renewals/").status_code == 302
    assert len(planned_runs()) == 2


WHAT_IF = "/floor/plan/what-if/"


def test_the_owner_asks_what_another_temperer_would_change_and_the_answer_is_kept(clock):
    two_chocolates()
    assert signed_in("view_run").get(WHAT_IF).status_code == 403
    User.objects.all().delete()
    owner = signed_in("view_run", "change_kitchenfigures")
    assert "Ask the plan" in owner.get(WHAT_IF).content.decode()

    assert owner.post(WHAT_IF).status_code == owner.post(WHAT_IF).status_code == 302
    question = WhatIf.objects.get()
    assert "Planned in 0 of 5 other kitchens" in owner.get(WHAT_IF).content.decode()
    plan_questions.answer(question.pk)

    page = owner.get(WHAT_IF).content.decode()
    for words in (
        "Today a usual day makes <strong>200 bars</strong>. What limits it: <strong>people</strong>.",
        "100 bars more a day",
        "18 minutes less set-up, but not one bar more",
        "Changes nothing",
    ):
        assert words in page
    assert page.index("One more person") < page.index("works an hour longer") < page.index("in zone F")
    assert "Planned in" not in page


def test_a_question_is_answered_once_and_a_new_answer_replaces_the_old(clock):
    two_chocolates()
    first = plan_questions.ask(at=MONDAY_NOON)
    assert plan_questions.unanswered() == [first.pk]
    plan_questions.answer(first.pk)
    first.refresh_from_db()
    assert (len(first.answers), first.failed, plan_questions.unanswered()) == (5, False, [])
    plan_questions.answer(first.pk)
    second = plan_questions.ask(at=MONDAY_NOON)
    plan_questions.answer(second.pk)
    assert list(WhatIf.objects.values_list("pk", flat=True)) == [second.pk]


def test_who_died_over_a_question_is_followed_by_another_and_a_failure_is_told(clock):
    question = plan_questions.ask(at=MONDAY_NOON)
    WhatIf.objects.update(worked_at=MONDAY_NOON)
    plan_questions.answer(question.pk)
    assert plan_questions.found() is None
    WhatIf.objects.update(worked_at=MONDAY_NOON - plan_questions.GIVEN_UP - timedelta(seconds=1))
    plan_questions.answer(question.pk)
    assert plan_questions.found() is not None

    WhatIf.objects.update(failed=True)
    page = signed_in("view_run", "change_kitchenfigures").get(WHAT_IF).content.decode()
    assert "could not be answered" in page


def test_a_longer_plan_takes_no_more_queries(clock):
    staff = signed_in("view_run", "change_run")

    def queries(bases):
        paid_order(*((design(base, base), 1) for base in bases))
        planning_desk.replan(at=MONDAY_NOON)
        with CaptureQueriesContext(connection) as seen:
            assert staff.get("/floor/plan/").status_code == 200
        return len(seen)

    queries(["milk_37"])
    assert queries(["milk_37"]) == queries(["white_32", "ruby_35", "dark_72"])
