"""At the scale and at the temperer each lot is scanned, on pages that work without scripts."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orders.models import CupDose, Equipment, Job, Lot, Run, TemperFill
from orders.production import fills, runs
from tests.orders.lots import ALMONDS, DARK, KG, lot
from tests.orders.paid import MONDAY_NOON, design, only_job, operator, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
KEY = "0b0d9a4e-6c2a-4d0f-9d5c-0f4c1b1a7c11"


@pytest.fixture
def bea(db: None) -> User:
    return operator("bea", "view_job", "change_job", "view_run", "change_run")


@pytest.fixture
def page(bea: User) -> Client:
    client = Client()
    client.force_login(bea)
    return client


@pytest.fixture
def sack(bea: User) -> Lot:
    return lot(bea, ALMONDS)


@pytest.fixture
def job(sack: Lot) -> Job:
    return only_job(paid_order((design("Ada", "dark_60", ALMONDS), 1)))


def weighed(page: Client, job: Job, code: str, grams: str, **more: str) -> Any:
    return page.post(
        f"/floor/jobs/{job.code}/doses/", {"lot": code, "grams": grams, "key": KEY, **more}, follow=True
    )


def target_g(job: Job) -> str:
    mg = next(portion["mg"] for portion in job.order_line.recipe if portion["module"] == ALMONDS)
    return f"{mg / 1000:.2f}"


def test_the_page_says_what_to_weigh_and_which_lot_goes_first(page, job, sack):
    shown = page.get(f"/floor/jobs/{job.code}/").content.decode()

    assert "At the scale" in shown
    assert f"take {sack.code}" in shown


def test_a_scanned_lot_goes_into_the_cup_once_however_often_it_is_sent(page, job, sack):
    for _twice in range(2):
        answer = weighed(page, job, f"https://shop.example/l/{sack.code}/", target_g(job))
        assert "In the cup: " in answer.content.decode()

    assert CupDose.objects.get().lot == sack
    page.post(f"/floor/jobs/{job.code}/steps/", {"to": "kitted"})
    job.refresh_from_db()
    assert job.job_state == "kitted"


def test_a_wrong_weight_or_lot_is_told_and_what_was_typed_stays(page, job, sack):
    answer = weighed(page, job, sack.code, "1.00")
    assert (answer.status_code, "is too little" in answer.content.decode()) == (409, True)
    assert 'value="1.00"' in answer.content.decode()

    answer = weighed(page, job, "L-222-2222", target_g(job))
    assert (answer.status_code, "is the code of no lot" in answer.content.decode()) == (409, True)
    answer = weighed(page, job, sack.code, "much")
    assert answer.status_code == 422
    assert "Type the weight as a number of grams, such as 101.5." in answer.content.decode()
    assert not CupDose.objects.exists()


def test_the_last_dose_is_taken_out_again(page, job, sack):
    weighed(page, job, sack.code, target_g(job))

    page.post(f"/floor/jobs/{job.code}/doses/removal/")

    assert not CupDose.objects.exists()


def test_a_bar_without_lots_has_no_scale(page, bea):
    job = only_job(paid_order((design("Bob", "dark_60", "raspberry_fd"), 1)))

    assert "At the scale" not in page.get(f"/floor/jobs/{job.code}/").content.decode()


def test_chocolate_goes_by_its_lot_into_the_temperer_of_a_run(page, bea):
    block = lot(bea, DARK)
    page.post("/floor/runs/beginning/", {"temperer": "T-F", "base": DARK})
    run = Run.objects.get()
    fields = {f"fill-{run.pk}-lot": block.code, f"fill-{run.pk}-kilograms": "6.5"}

    page.post(f"/floor/runs/{run.pk}/fills/", fields)

    fill = TemperFill.objects.get()
    assert (fill.temperer, fills.rest(fill)) == ("T-F", 6_500_000)
    assert "6.5 kg in it" in page.get("/floor/runs/").content.decode()


def test_another_chocolate_does_not_go_in(page, bea):
    milk = lot(bea, "milk_37")
    run = runs.begin(_temperer(), DARK, day=MONDAY_NOON.date(), by=bea, at=MONDAY_NOON)
    lot(bea, DARK)

    answer = page.post(
        f"/floor/runs/{run.pk}/fills/", {f"fill-{run.pk}-lot": milk.code, f"fill-{run.pk}-kilograms": "6.5"}
    )

    words = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 409
    assert "This is Milk chocolate 37 %, and the run on T-O is of another chocolate." in words
    assert 'value="6.5"' in words


def test_what_is_left_is_thrown_away_when_it_is_emptied(page, bea):
    block = lot(bea, DARK)
    run = runs.begin(_temperer(), DARK, day=MONDAY_NOON.date(), by=bea, at=MONDAY_NOON)
    fill = fills.fill("T-O", {block: 2 * KG}, by=bea, at=MONDAY_NOON)
    runs.close(run, by=bea, at=MONDAY_NOON)
    assert "Emptied: what was left is thrown away" in page.get("/floor/runs/").content.decode()

    page.post("/floor/equipment/T-O/emptying/")

    fill.refresh_from_db()
    assert (fill.emptied_at is not None, fills.rest(fill)) == (True, 0)


def _temperer() -> Equipment:
    return Equipment.objects.get(pk="T-O")
