"""Equipment remembers its allergens, and no bar is made on it whose label does not speak of them."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from time import sleep

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client

from orders import tokens
from orders.models import Cleaning, Contact, Equipment, Job, JobEvent, JobState
from orders.models.append_only import RecordIsAppendOnly
from orders.models.token import Scope
from orders.production import allergens, gates, refusals, steps
from orders.production.gates import Told
from tests.orders.paid import MONDAY_NOON, bring_to, design, only_job, operator, paid_order
from tests.orders.unguarded import unguarded

HOUR = timedelta(hours=1)
LATER = MONDAY_NOON + HOUR
CELERY = frozenset({"CEL"})
pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(db: None) -> User:
    return operator("bea", "view_job", "change_job", "view_equipment", "add_cleaning", "add_contact")


@pytest.fixture
def cem(db: None) -> User:
    return operator("cem", "view_job", "change_job", "view_equipment", "add_cleaning")


def place(key: str) -> Equipment:
    return Equipment.objects.get(pk=key)


def carried(key: str) -> frozenset[str]:
    return allergens.carried([place(key)])[key]


def of_zone_f() -> Job:
    job = only_job(paid_order((design("Ada", "dark_60", "raspberry_fd"), 1)))
    assert allergens.label_of(job).zone == "F"
    return job


def of_zone_o() -> Job:
    job = only_job(paid_order((design("Bea", "milk_37", "almond_whole"), 1)))
    assert allergens.label_of(job).zone == "O"
    return job


def spilt(key: str, by: User) -> None:
    allergens.seen(place(key), CELERY, why="a sandwich", by=by, at=MONDAY_NOON)


def test_a_bar_is_not_begun_where_its_label_does_not_cover_what_is_there(bea):
    job = of_zone_f()
    spilt("KIT-F", bea)

    with pytest.raises(refusals.LabelDoesNotCover) as refusal:
        steps.advance(job, "kitted", by=bea, at=LATER)

    assert refusal.value.words == (
        "KIT-F has met celery, and the label of this bar says nothing of it. "
        "Take other equipment, or have it washed and looked at."
    )
    assert Job.objects.get().job_state == "queued"


def test_nor_through_a_program(bea):
    job = of_zone_f()
    spilt("KIT-F", bea)
    _token, secret = tokens.create("robot", owner=bea, scopes=[Scope.JOBS_WRITE])

    answer = Client().post(
        f"/api/v1/jobs/{job.code}/steps/",
        json.dumps({"to": "kitted"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )

    assert answer.status_code == 409
    assert "has met celery" in answer.content.decode()
    assert Job.objects.get().job_state == "queued"


def test_nor_when_its_label_is_older_than_a_new_allergen_of_the_zone(bea):
    """What zone O may hold is on the label as it was ordered; what came in since is not."""
    job = of_zone_o()
    spilt("KIT-O", bea)

    with pytest.raises(refusals.LabelDoesNotCover):
        steps.advance(job, "kitted", by=bea, at=LATER)


def test_what_a_label_names_as_contained_or_possible_is_no_hindrance(bea):
    first, second = of_zone_o(), of_zone_o()
    bring_to(first, "wrapped", bea)

    bring_to(second, "wrapped", bea)

    assert carried("KIT-O") == frozenset(first.order_line.allergens)


def test_every_step_on_open_chocolate_is_guarded(bea):
    for hours, (to, station) in enumerate(gates.STATION.items()):
        spilt_at = LATER + 2 * hours * HOUR
        job = of_zone_f()
        bring_to(job, steps.WAY[steps.WAY.index(JobState(to)) - 1], bea)
        key = Equipment.objects.filter(station=station).earliest("zone").pk
        Contact.objects.create(equipment_id=key, allergens=["CEL"], why="test", at=spilt_at)
        told = Told(weight_mg=job.order_line.net_mg)
        if to in ("packed", "shipped"):
            assert steps.advance(job, to, by=bea, at=MONDAY_NOON, told=told)
        else:
            error = refusals.NoRunForIt if to == "moulded" else refusals.LabelDoesNotCover
            with pytest.raises(error):
                steps.advance(job, to, by=bea, at=MONDAY_NOON, told=told)
        wash(key, bea, at=spilt_at + HOUR)


def wash(key: str, by: User, at: datetime) -> None:
    other = User.objects.filter(username="second").first() or operator("second")
    cleaning = allergens.clean(place(key), "wet", by=by, at=at)
    allergens.verify(cleaning, "clean", by=other, at=at)
    with unguarded("orders_contact"):
        Contact.objects.all().let_go()


def test_washed_and_found_clean_by_another_it_is_free_again(bea, cem):
    spilt("KIT-F", bea)
    cleaning = allergens.clean(place("KIT-F"), "wet", by=bea, at=LATER)
    assert carried("KIT-F") == CELERY, "not before somebody has looked"

    allergens.verify(cleaning, "clean", by=cem, at=LATER)

    assert carried("KIT-F") == frozenset()
    assert steps.advance(of_zone_f(), "kitted", by=bea, at=LATER) is True


@pytest.mark.parametrize(
    ("kind", "swab"), [("scrape", "clean"), ("flush", "clean"), ("dry", "clean"), ("wet", "found")]
)
def test_nothing_less_than_washing_clears(bea, cem, kind, swab):
    spilt("KIT-F", bea)

    allergens.verify(allergens.clean(place("KIT-F"), kind, by=bea, at=LATER), swab, by=cem, at=LATER)

    assert carried("KIT-F") == CELERY


def test_whoever_cleaned_does_not_judge_it(bea):
    cleaning = allergens.clean(place("KIT-F"), "wet", by=bea, at=LATER)

    with pytest.raises(refusals.NotCleaned, match="Somebody else has to look"):
        allergens.verify(cleaning, "clean", by=bea, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cleaning.objects.update(swab="clean", verified_by=bea, verified_at=LATER)


def test_what_was_used_since_it_was_cleaned_is_not_found_clean(bea, cem):
    cleaning = allergens.clean(place("KIT-F"), "wet", by=bea, at=MONDAY_NOON)
    allergens.seen(place("KIT-F"), CELERY, why="a sandwich", by=bea, at=LATER)

    with pytest.raises(refusals.NotCleaned, match="worked on since"):
        allergens.verify(cleaning, "clean", by=cem, at=LATER)
    with pytest.raises(refusals.NotCleaned, match="more than twelve hours ago"):
        allergens.verify(
            allergens.clean(place("KIT-O"), "wet", by=bea, at=MONDAY_NOON),
            "clean",
            by=cem,
            at=MONDAY_NOON + timedelta(hours=13),
        )


def test_a_cleaning_is_looked_at_once(bea, cem):
    cleaning = allergens.clean(place("KIT-F"), "wet", by=bea, at=LATER)
    allergens.verify(cleaning, "found", by=cem, at=LATER)

    with pytest.raises(refusals.NotCleaned, match="looked at this cleaning before"):
        allergens.verify(cleaning, "clean", by=cem, at=LATER)


def test_a_thousand_bars_are_a_line_in_the_book(bea):
    for _bar in range(3):
        bring_to(of_zone_o(), "kitted", bea)

    assert Contact.objects.filter(equipment="KIT-O").count() == 1
    with pytest.raises(RecordIsAppendOnly):
        Contact.objects.update(allergens=["MLK"])


def test_a_bar_of_one_zone_is_not_taken_to_the_other(bea):
    with pytest.raises(refusals.NoSuchPlace) as refusal:
        steps.advance(of_zone_f(), "kitted", by=bea, at=LATER, told=Told("KIT-O"))
    assert refusal.value.words == "KIT-O stands in zone O; this bar is made in zone F."

    with pytest.raises(refusals.NoSuchPlace):
        steps.advance(of_zone_o(), "kitted", by=bea, at=LATER, told=Told("KIT-F"))


def test_where_several_fit_one_must_be_named(bea):
    Equipment.objects.create(key="KIT-F2", station="kitting", zone="F")
    job = of_zone_f()

    with pytest.raises(refusals.NoSuchPlace) as refusal:
        steps.advance(job, "kitted", by=bea, at=LATER)
    assert refusal.value.words == "Say where: KIT-F, KIT-F2."

    steps.advance(job, "kitted", by=bea, at=LATER, told=Told("kit-f2"))
    assert JobEvent.objects.get(to_state="kitted").equipment_id == "KIT-F2"


@pytest.mark.parametrize("key", ["KIT-9", "TOP-F"])
def test_a_place_that_is_not_there_is_said_so(bea, key):
    with pytest.raises(refusals.NoSuchPlace) as refusal:
        steps.advance(of_zone_f(), "kitted", by=bea, at=LATER, told=Told(key))

    assert refusal.value.words == f"“{key}” is nothing in use at the station Kitting."


def test_without_equipment_nothing_is_made(bea):
    Equipment.objects.update(in_use=False)

    with pytest.raises(
        refusals.NoSuchPlace, match="There is nothing in use at the station Kitting of zone F"
    ):
        steps.advance(of_zone_f(), "kitted", by=bea, at=LATER)


def begun_while_somebody_spills(job: Job, bea: User, cem: User) -> str:
    """The spill is written but not yet committed when the bar is begun. What becomes of the bar."""
    spilling, refused = Event(), "refused"

    def begin() -> str:
        spilling.wait()
        try:
            steps.advance(job, "kitted", by=bea, at=LATER)
        except refusals.LabelDoesNotCover:
            return refused
        finally:
            connection.close()
        return "begun"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            allergens.seen(place("KIT-F"), CELERY, why="a sandwich", by=cem, at=MONDAY_NOON)
            begun = pool.submit(begin)
            spilling.set()
            sleep(0.5)
        return begun.result()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_begins_while_somebody_spills_waits_and_is_told(bea, cem):
    assert begun_while_somebody_spills(of_zone_f(), bea, cem) == "refused"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_its_lock_the_bar_would_be_begun(bea, cem, monkeypatch):
    monkeypatch.setattr(allergens, "locked", lambda place: place)

    assert begun_while_somebody_spills(of_zone_f(), bea, cem) == "begun"


# ── The pages ────────────────────────────────────────────────────────────────────────────────────


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_spill_is_written_down_and_washed_away_on_the_page(bea, cem):
    page = signed_in(bea)
    page.post("/floor/equipment/KIT-F/contacts/", {"allergens": ["CEL"], "why": "a sandwich"})
    assert "Has met: celery" in page.get("/floor/equipment/KIT-F/").content.decode()

    page.post("/floor/equipment/KIT-F/cleanings/", {"kind": "wet"})
    cleaning = Cleaning.objects.get()
    swabs = f"/floor/equipment/KIT-F/cleanings/{cleaning.pk}/swabs/"
    own = page.post(swabs, {"swab": "clean"})
    assert own.status_code == 409
    assert signed_in(cem).post(swabs, {"swab": "clean"}).status_code == 302

    assert "No allergen on it" in page.get("/floor/equipment/KIT-F/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"why": "a sandwich"}, "This field is required."),
        ({"allergens": ["CEL"]}, "This field is required."),
        ({"allergens": ["XXX"], "why": "a sandwich"}, "XXX is not one of the available choices."),
    ],
)
def test_a_spill_says_what_and_how(bea, fields, words):
    answer = signed_in(bea).post("/floor/equipment/KIT-F/contacts/", fields)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("more", [1, 3])
def test_equipment_costs_the_same_however_much(bea, more, django_assert_num_queries):
    for number in range(more):
        Equipment.objects.create(key=f"KIT-F{number}", station="kitting", zone="F")
        allergens.seen(place(f"KIT-F{number}"), CELERY, why="a sandwich", by=bea, at=MONDAY_NOON)
    client = signed_in(bea)

    with django_assert_num_queries(7):
        assert client.get("/floor/equipment/").content.decode().count("Has met: celery") == more
