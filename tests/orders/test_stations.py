"""A tablet at each station: the next bar in its turn, what the step wants to know, and a stop for what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import InHand, Job, JobEvent, Lot, PrintedLabel
from orders.models.equipment import Station
from orders.production import at_hand, kitting, planning_desk, steps
from tests.orders.lots import ALMONDS, lot
from tests.orders.paid import bring_to, design, jobs_of, only_job, operator, paid_order, running
from tests.orders.safeguards import without
from tests.orders.test_samples import box
from tests.orders.threads import all_look_first, in_threads

pytestmark = pytest.mark.usefixtures("catalogue")


def now() -> datetime:
    return timezone.now()


BEFORE = dict(
    zip(
        Station.values,
        ("queued", "kitted", "moulded", "topped", "demoulded", "checked", "wrapped", "packed"),
        strict=True,
    )
)


@pytest.fixture
def bea(client: Client, catalogue: None) -> User:
    user = operator("bea")
    client.force_login(user)
    return user


def at(station: str, what: str = "") -> str:
    return f"/floor/stations/{station}/{what}"


def shown(client: Client, station: str) -> str | None:
    """The code of the bar before this person."""
    work = client.get(at(station)).context["work"]
    return work["job"].code if work else None


def take_up(client: Client, station: str) -> str | None:
    client.post(at(station, "bars/"))
    return shown(client, station)


def step(client: Client, station: str, job: Job, to: str, **told: str) -> Any:
    return client.post(at(station, "steps/"), {"code": job.code, "to": to, **told})


def labelled(client: Client, job: Job) -> dict[str, str]:
    """Its label made at the station, and scanned."""
    assert client.post(at("wrapping", "labels/"), {"code": job.code}).status_code == 302
    return {"label": PrintedLabel.objects.get(job=job).code}


# ── One bar after the other ──────────────────────────────────────────────────────────────────────


def test_a_bar_goes_through_all_stations_and_the_next_one_comes_by_itself(client, bea):
    first, second = jobs_of(paid_order((design("Ada"), 2), at=now()))
    planning_desk.replan(at=now())
    way = [
        *(("kitting", "kitted"), ("moulding", "moulded"), ("topping", "topped"), ("cooling", "cooling")),
        *(("cooling", "demoulded"), ("quality", "checked"), ("wrapping", "wrapped")),
    ]
    for station, to in way:
        told = {"weight": "100"} if to == "checked" else {}
        if to == "moulded":
            running(first, bea, now())
        assert take_up(client, station) == first.code, to
        told |= labelled(client, first) if to == "wrapped" else {}
        assert step(client, station, first, to, **told).status_code == 302
        if to not in ("cooling", "demoulded"):
            assert shown(client, station) == second.code, to
        told |= labelled(client, second) if to == "wrapped" else {}
        assert step(client, station, second, to, **told).status_code == 302
    assert take_up(client, "packing") == first.code
    step(client, "packing", first, "packed")
    assert shown(client, "packing") == second.code
    step(client, "packing", second, "packed")
    assert take_up(client, "shipping") == first.code
    step(client, "shipping", first, "shipped")

    assert {job.job_state for job in jobs_of(first.order_line.order)} == {"shipped"}
    assert shown(client, "shipping") is None


def test_late_bars_and_remakes_go_first_then_as_it_is_planned(client, bea):
    soon = only_job(paid_order((design("Ada", "dark_60"), 1), at=now()))
    late = only_job(paid_order((design("Bo", "milk_37"), 1), at=now() - timedelta(days=12)))
    broken = only_job(paid_order((design("Cy", "milk_37"), 1), at=now()))
    planning_desk.replan(at=now())
    bring_to(broken, "kitted", bea, now())
    remake = steps.scrap(broken, "dropped", by=bea, at=now()).remake
    planning_desk.replan(at=now())

    page = client.get(at("kitting"))

    assert [work["job"].code for work in page.context["ahead"]] == [late.code, remake.code, soon.code]
    assert page.context["ahead"][0]["age"] == "late"


def test_a_tablet_that_stands_in_one_zone_is_given_only_its_bars(client, bea):
    open_bar = only_job(paid_order((design("Ada", "dark_60", "hazelnut_whole"), 1), at=now()))
    planning_desk.replan(at=now())

    def ahead(place: str) -> list[str]:
        return [work["job"].code for work in client.get(at("kitting"), {"place": place}).context["ahead"]]

    assert (ahead("KIT-F"), ahead("KIT-O"), ahead("")) == ([], [open_bar.code], [open_bar.code])


def test_at_the_temperers_comes_first_what_they_run_with(client, bea):
    milk = only_job(paid_order((design("Bo", "milk_37"), 1), at=now()))
    dark = only_job(paid_order((design("Ada", "dark_60"), 1), at=now() - timedelta(days=1)))
    for job in (milk, dark):
        bring_to(job, "kitted", bea, now())
    running(milk, bea, now())

    page = client.get(at("moulding"))

    assert [work["job"].code for work in page.context["ahead"]] == [milk.code, dark.code]
    assert [bool(work["run"]["running"]) for work in page.context["ahead"]] == [True, False]


def test_a_box_of_samples_goes_from_kitting_to_wrapping(client, bea):
    samples = only_job(paid_order((box("hazelnut_whole", "cranberry_dried", "raspberry_fd"), 1), at=now()))

    assert take_up(client, "kitting") == samples.code
    step(client, "kitting", samples, "kitted")

    assert take_up(client, "moulding") is None
    assert take_up(client, "wrapping") == samples.code


def test_a_bar_on_hold_is_named_and_not_given_to_anybody(client, bea):
    job = only_job(paid_order(at=now()))
    steps.hold(job, "almond_whole", by=bea, at=now())

    page = client.get(at("kitting"))

    assert [held.code for held in page.context["held"]] == [job.code]
    assert take_up(client, "kitting") is None


def test_cooling_takes_out_what_is_firm_before_it_takes_in(client, bea):
    firm, soft, fresh = (only_job(paid_order(at=now())) for _bar in range(3))
    bring_to(firm, "cooling", bea, now() - timedelta(minutes=30))
    bring_to(soft, "cooling", bea, now() - timedelta(minutes=5))
    bring_to(fresh, "topped", bea, now())

    ahead = client.get(at("cooling")).context["ahead"]

    assert [(work["job"].code, work["cools"]) for work in ahead] == [
        (firm.code, 0),
        (fresh.code, 0),
        (soft.code, 20),
    ]


def test_packing_names_the_bar_that_a_parcel_waits_for(client, bea):
    first, second = jobs_of(paid_order((design("Ada"), 2), at=now()))
    bring_to(first, "wrapped", bea, now())

    page = client.get(at("packing"))
    assert page.context["ahead"] == []
    assert [job.code for job in page.context["lacking"]] == [second.code]

    bring_to(second, "wrapped", bea, now())
    assert take_up(client, "packing") == first.code


def test_kitting_knows_all_cups_of_the_day(client, bea):
    paid_order((design("Ada", "dark_60", ALMONDS), 3), at=now() - timedelta(days=9))

    cups = {row.name: row.cups for row in client.get(at("kitting")).context["all_day"]}

    assert cups["Roasted almonds, whole"] == 3


# ── What is wrong stops ──────────────────────────────────────────────────────────────────────────


def test_a_wrong_lot_stops_with_what_to_do_and_the_right_one_is_weighed(client, bea):
    almonds, raspberries = lot(bea, ALMONDS), lot(bea, "raspberry_fd")
    job = only_job(paid_order((design("Ada", "dark_60", ALMONDS), 1), at=now()))
    take_up(client, "kitting")

    answer = client.post(at("kitting", "scans/"), {"code": raspberries.code})
    assert answer.status_code == 409
    assert "Still wanted: Roasted almonds, whole." in answer.context["stop"]

    answer = client.post(
        at("kitting", "scans/"), {"code": f"https://shop.example/l/{almonds.code}/"}, follow=True
    )
    assert f'value="{almonds.code}"' in answer.content.decode()
    target = next(row for row in answer.context["work"]["scale"]["rows"] if row["wanted"].by_lot)["target_g"]
    key = "0b0d9a4e-6c2a-4d0f-9d5c-0f4c1b1a7c11"
    told = {"code": job.code, "lot": almonds.code, "grams": target, "key": key}
    for _twice in range(2):
        assert client.post(at("kitting", "doses/"), told).status_code == 302
    assert job.doses.count() == 1
    step(client, "kitting", job, "kitted")

    job.refresh_from_db()
    assert job.job_state == "kitted"


def test_what_was_typed_at_the_scale_stays(client, bea):
    almonds = lot(bea, ALMONDS)
    job = only_job(paid_order((design("Ada", "dark_60", ALMONDS), 1), at=now()))
    take_up(client, "kitting")
    key = "0b0d9a4e-6c2a-4d0f-9d5c-0f4c1b1a7c11"

    told = {"code": job.code, "lot": almonds.code, "grams": "1.00", "key": key}
    answer = client.post(at("kitting", "doses/"), told)

    assert answer.status_code == 409
    assert "is too little" in answer.context["stop"]
    assert 'value="1.00"' in answer.content.decode()


def test_a_bar_of_another_station_stops(client, bea):
    job = only_job(paid_order(at=now()))
    bring_to(job, "kitted", bea, now())

    answer = client.post(at("topping", "scans/"), {"code": job.code})

    assert answer.status_code == 409
    assert (
        answer.context["stop"]
        == f"{job.code} does not belong here yet, or no more: it is kitted. Take it to Moulding."
    )


def test_another_ticket_stops_while_a_cup_is_half_full(client, bea):
    almonds = lot(bea, ALMONDS)
    first, second = jobs_of(paid_order((design("Ada", "dark_60", ALMONDS, "raspberry_fd"), 2), at=now()))
    take_up(client, "kitting")
    mg = next(part["mg"] for part in first.order_line.recipe if part["module"] == ALMONDS)
    kitting.dose(first, Lot.objects.get(pk=almonds.pk), mg, by=bea, at=now())

    answer = client.post(at("kitting", "scans/"), {"code": second.code})

    assert answer.status_code == 409
    assert first.code in answer.context["stop"]
    assert shown(client, "kitting") == first.code


def test_a_bar_that_is_too_light_stops_and_the_weight_stays(client, bea):
    job = only_job(paid_order(at=now()))
    bring_to(job, "demoulded", bea, now())
    take_up(client, "quality")

    answer = step(client, "quality", job, "checked", weight="90.5")

    assert answer.status_code == 409
    assert "scrap it, and it is made again" in answer.context["stop"]
    assert 'value="90.5"' in answer.content.decode()
    assert step(client, "quality", job, "checked", weight="").status_code == 422


def test_the_label_that_is_scanned_at_wrapping_wraps_the_bar_in_hand_and_another_stops(client, bea):
    first, second = jobs_of(paid_order((design("Ada"), 1), (design("Bo"), 1), at=now()))
    for job in (first, second):
        bring_to(job, "checked", bea, now())
        labelled(client, job)
    mine, other = (PrintedLabel.objects.get(job=job).code for job in (first, second))
    assert client.post(at("wrapping", "scans/"), {"code": mine}).status_code == 409, "nothing is in hand"
    assert take_up(client, "wrapping") == first.code

    stopped = client.post(at("wrapping", "scans/"), {"code": other})

    assert stopped.status_code == 409
    assert "Stop: this is the label of another bar" in stopped.context["stop"]
    assert shown(client, "wrapping") == first.code
    assert (
        client.post(at("wrapping", "scans/"), {"code": f"https://x.example/de/bars/{mine}/"}).status_code
        == 302
    )
    assert shown(client, "wrapping") == second.code
    first.refresh_from_db()
    assert first.job_state == "wrapped"


def test_a_step_of_another_station_is_not_taken_here(client, bea):
    job = only_job(paid_order(at=now()))

    assert step(client, "wrapping", job, "kitted").status_code == 409
    assert not JobEvent.objects.filter(job=job, to_state="kitted").exists()


def test_the_last_step_is_taken_back_and_its_bar_is_in_hand_again(client, bea):
    first, second = jobs_of(paid_order((design("Ada"), 2), at=now()))
    take_up(client, "kitting")
    step(client, "kitting", first, "kitted")
    assert shown(client, "kitting") == second.code

    client.post(at("kitting", "steps/removal/"), {"code": first.code})

    assert shown(client, "kitting") == first.code
    first.refresh_from_db()
    assert first.job_state == "queued"


# ── Two people ───────────────────────────────────────────────────────────────────────────────────


def test_two_people_are_never_given_the_same_bar(client, bea):
    first, second = jobs_of(paid_order((design("Ada"), 2), at=now()))
    carl = Client()
    carl.force_login(operator("carl"))

    assert take_up(client, "kitting") == first.code
    assert take_up(carl, "kitting") == second.code
    answer = carl.post(at("kitting", "scans/"), {"code": first.code})
    assert answer.status_code == 409
    assert "bea has" in answer.context["stop"]
    assert shown(carl, "kitting") == second.code

    carl.post(at("kitting", "scans/"), {"code": first.code, "over": "1"})
    assert (shown(carl, "kitting"), shown(client, "kitting")) == (first.code, None)


def test_whoever_has_gone_holds_nothing_for_long(client, bea):
    job = only_job(paid_order(at=now()))
    take_up(client, "kitting")
    InHand.objects.update(since=now() - timedelta(minutes=21))
    carl = Client()
    carl.force_login(operator("carl"))

    assert take_up(carl, "kitting") == job.code
    assert shown(client, "kitting") is None


def no_hand(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(at_hand, "_taken", lambda *_what, **_how: True)


@without(no_hand)
@pytest.mark.django_db(transaction=True)
def test_many_who_reach_for_it_at_once_have_one_bar_each(monkeypatch):
    jobs = jobs_of(paid_order((design("Ada"), 4), at=now()))
    people = [operator(f"person-{number}") for number in range(4)]
    monkeypatch.setattr(at_hand, "free_line", all_look_first(_looked(at_hand.free_line), 4))

    def reach(number: int) -> Job | None:
        return at_hand.take_next(Station.KITTING, place=None, by=people[number], at=now())

    taken = in_threads(4, reach)

    assert sorted(job.code for job in taken if job) == sorted(job.code for job in jobs)


def _looked(look: Any) -> Any:
    return lambda *what, **how: list(look(*what, **how))


# ── Who, and what it costs ───────────────────────────────────────────────────────────────────────


def test_who_may_only_look_sees_no_button(client, catalogue):
    job = only_job(paid_order(at=now()))
    client.force_login(operator("vera", "view_job"))

    assert "Take up the next bar" not in client.get(at("kitting")).content.decode()
    for what in ("bars/", "bars/removal/", "scans/", "steps/", "steps/removal/", "doses/", "doses/removal/"):
        assert client.post(at("kitting", what), {"code": job.code, "to": "kitted"}).status_code == 403


def test_there_is_no_other_station(client, bea):
    assert client.get(at("painting")).status_code == 404


@pytest.mark.parametrize("station", Station.values)
def test_a_station_costs_the_same_however_many_bars_wait(client, bea, station):
    lot(bea, ALMONDS)

    def one_more() -> None:
        job = only_job(paid_order((design("Ada", "dark_60", "hazelnut_whole"), 1), at=now()))
        bring_to(job, BEFORE[station], bea, now())

    def asked() -> int:
        client.get(at(station))
        with CaptureQueriesContext(connection) as captured:
            client.get(at(station))
        return len(captured)

    one_more()
    take_up(client, station)
    one_more()
    few = asked()
    for _two in range(2):
        one_more()

    assert asked() == few


# ── The board of the day ─────────────────────────────────────────────────────────────────────────


def test_the_board_shows_how_far_each_run_is_and_what_is_late_or_held_first(client, bea):
    dark, *_more = jobs_of(paid_order((design("Ada", "dark_60"), 2), at=now()))
    milk = only_job(paid_order((design("Bo", "milk_37"), 1), at=now() - timedelta(days=12)))
    bring_to(dark, "moulded", bea, now())
    bring_to(milk, "kitted", bea, now())
    running(milk, bea, now())
    bring_to(milk, "moulded", bea, now())
    steps.hold(milk, "almond_whole", by=bea, at=now())

    board = client.get("/floor/board/").context["board"]

    runs = [(row.base, row.run.poured, row.run.bars, row.run.late, row.run.held) for row in board.runs]
    assert runs == [("Milk chocolate 37 %", 1, 1, 1, 1), ("Dark chocolate 60 %", 1, 1, 0, 0)]
    assert [job.code for job in board.late] == [milk.code]
    assert [job.code for job in board.held] == [milk.code]
    assert (board.late_bars, board.held_bars, board.stations["kitting"]) == (1, 1, 1)


@pytest.mark.parametrize("page", ["/floor/board/now/", "/floor/stations/kitting/now/"])
def test_who_looks_again_is_told_only_what_has_changed(client, bea, page, monkeypatch):
    this_moment = now()
    monkeypatch.setattr(timezone, "now", lambda: this_moment)
    first = client.get(page)
    again = client.get(page, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")

    paid_order(at=now())

    assert client.get(page, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("orders", [1, 3])
def test_the_board_costs_the_same_however_full_the_day_is(client, bea, orders, django_assert_num_queries):
    for _order in range(orders):
        late = only_job(paid_order(at=now() - timedelta(days=12)))
        bring_to(late, "moulded", bea, now())
        steps.hold(late, "almond_whole", by=bea, at=now())
    client.get("/floor/board/")

    with django_assert_num_queries(16):
        client.get("/floor/board/")
