"""A run: one fill of a temperer, which pours nothing before its temper was found good."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from orders.models import Contact, Equipment, Job, Run, RunEvent, WorkingTemperature
from orders.models.append_only import RecordIsAppendOnly
from orders.production import refusals, runs, steps
from orders.production.gates import Told
from orders.production.weights import least_mg
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, only_job, operator, paid_order, running

MONDAY = MONDAY_NOON.date()
LATER = MONDAY_NOON + timedelta(minutes=20)
pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(db: None) -> User:
    return operator("bea", "view_job", "change_job", "view_run", "change_run")


@pytest.fixture
def cem(db: None) -> User:
    return operator("cem")


def temperer(key: str = "T-O") -> Equipment:
    return Equipment.objects.get(pk=key)


def melting(base: str, by: User, key: str = "T-O") -> Run:
    return runs.begin(temperer(key), base, day=MONDAY, by=by, at=MONDAY_NOON)


def kitted(bea: User, *toppings: str, base: str = "milk_37") -> Job:
    job = only_job(paid_order((design("Ada", base, *toppings), 1)))
    bring_to(job, "kitted", bea)
    return job


def refusal_of(job: Job, to: str, by: User, told: Told | None = None) -> str:
    with pytest.raises(refusals.StepRefused) as refusal:
        steps.advance(job, to, by=by, at=LATER, told=told or Told())
    return refusal.value.words


def test_nothing_is_poured_without_a_run_of_its_chocolate(bea):
    job = kitted(bea)

    assert refusal_of(job, "moulded", bea) == (
        "This bar wants Milk chocolate 37 %, and no run of it is open. Begin one under “Runs”."
    )
    melting("white_32", bea)
    assert refusal_of(job, "moulded", bea) == (
        "This bar wants Milk chocolate 37 %, and no run of it is open. There is T-O: White chocolate."
    )
    assert Job.objects.get().job_state == "kitted"


def test_nothing_is_poured_before_the_temper_is_good(bea):
    job = kitted(bea)
    run = melting("milk_37", bea)
    unchecked = "The temper of Milk chocolate 37 % is not checked yet: take a strip and judge it first."

    assert refusal_of(job, "moulded", bea) == unchecked
    runs.take_strip(run, by=bea, at=LATER)
    assert refusal_of(job, "moulded", bea) == unchecked
    assert runs.judge(run, decidegrees=300, strip_set=True, by=bea, at=LATER) is True
    assert steps.advance(job, "moulded", by=bea, at=LATER) is True

    job.refresh_from_db()
    assert (job.run, job.job_state) == (run, "moulded")


@pytest.mark.parametrize(
    ("decidegrees", "strip_set", "passed"),
    [(295, True, True), (305, True, True), (294, True, False), (306, True, False), (300, False, False)],
)
def test_temper_is_good_when_strip_and_thermometer_agree(bea, decidegrees, strip_set, passed):
    run = melting("milk_37", bea)
    runs.take_strip(run, by=bea, at=LATER)

    assert runs.judge(run, decidegrees=decidegrees, strip_set=strip_set, by=bea, at=LATER) is passed

    run.refresh_from_db()
    assert run.run_state == ("running" if passed else "melting")
    last = run.events.latest("pk")
    assert (last.decidegrees, last.strip_set) == (decidegrees, strip_set), "what was measured is kept"


def test_a_run_that_stopped_pours_no_more(bea):
    job = kitted(bea)
    run = running(job, bea)
    runs.take_strip(run, by=bea, at=LATER)

    assert "not checked yet" in refusal_of(job, "moulded", bea)


def test_a_temperer_holds_one_chocolate_at_a_time(bea):
    melting("milk_37", bea)

    with pytest.raises(refusals.RunRefused) as refusal:
        melting("white_32", bea)

    assert str(refusal.value) == "T-O is still full of Milk chocolate 37 %. Close that run first."
    assert Run.objects.count() == 1, "what could not begin was not planned either"
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(temperer=temperer(), base="white_32", day=MONDAY, place=2, run_state="running")


def test_what_holds_milk_never_comes_to_zone_f(bea):
    with pytest.raises(refusals.RunRefused) as refusal:
        melting("milk_37", bea, "T-F")

    assert str(refusal.value) == (
        "T-F stands in zone F, where Milk chocolate 37 % must not be handled. Take a temperer of zone O."
    )
    assert not Contact.objects.exists()


@pytest.mark.parametrize("key", ["KIT-O", "PACK"])
def test_only_a_temperer_is_filled(bea, key):
    with pytest.raises(refusals.RunRefused, match=f"{key} is no temperer in use."):
        melting("milk_37", bea, key)


def test_a_fill_brings_its_allergens_to_the_temperer(bea):
    melting("milk_37", bea)

    contact = Contact.objects.get(equipment="T-O")
    assert "MLK" in contact.allergens
    assert contact.why == "filled with Milk chocolate 37 %"


def test_closing_sends_bars_that_were_not_poured_back_to_the_plan(bea):
    first, second = jobs_of(paid_order((design("Ada", "milk_37", "cornflakes"), 2)))
    run = running(first, bea)
    Job.objects.update(run=run)
    bring_to(first, "moulded", bea)

    assert runs.close(run, by=bea, at=LATER) is True
    assert runs.close(run, by=bea, at=LATER) is False

    assert [Job.objects.get(pk=job.pk).run for job in (first, second)] == [run, None]


@pytest.mark.parametrize("step", ["melt", "take_strip", "close"])
def test_a_closed_run_stays_closed(bea, step):
    run = melting("milk_37", bea)
    runs.close(run, by=bea, at=LATER)

    if step == "close":
        assert runs.close(run, by=bea, at=LATER) is False
    else:
        with pytest.raises(refusals.RunRefused, match="This run is closed; it cannot become"):
            getattr(runs, step)(run, by=bea, at=LATER)


def test_the_history_of_a_run_is_only_added_to(bea):
    event = melting("milk_37", bea).events.latest("pk")

    with pytest.raises(RecordIsAppendOnly):
        event.save()
    with pytest.raises(RecordIsAppendOnly):
        RunEvent.objects.update(note="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        RunEvent.objects.create(run=event.run, from_state="checking", to_state="running", at=LATER)


@pytest.mark.parametrize(
    ("net_g", "least_g"),
    [(20, 18.2), (50, 45.5), (80, 75.5), (100, 95.5), (150, 143.2), (250, 241), (400, 388)],
)
def test_a_bar_may_miss_what_the_law_tolerates(net_g, least_g):
    assert least_mg(net_g * 1000) == int(least_g * 1000)


def test_no_bar_is_let_through_that_is_too_light(bea):
    job = kitted(bea)
    bring_to(job, "demoulded", bea)

    assert refusal_of(job, "checked", bea) == "Weigh the bar, and type what the scale shows."
    assert refusal_of(job, "checked", bea, Told(weight_mg=95_400)) == (
        "It weighs 95.4 g and must weigh 95.5 g at least: scrap it, and it is made again."
    )
    assert refusal_of(job, "checked", bea, Told(weight_mg=1_015_000)) == (
        "1015 g is more than twice the bar. Look at the scale, and type it again."
    )
    assert steps.advance(job, "checked", by=bea, at=LATER, told=Told(weight_mg=95_500)) is True
    assert job.events.get(to_state="checked").weight_mg == 95_500


# ── Taking back, and what is sent twice ──────────────────────────────────────────────────────────


def test_a_slip_is_taken_back_and_the_step_taken_again(bea):
    job = kitted(bea)

    assert steps.take_back(job, by=bea, at=LATER - timedelta(minutes=15)) == "queued"
    assert Job.objects.get().job_state == "queued"
    assert steps.advance(job, "kitted", by=bea, at=LATER) is True

    last, before = job.events.order_by("-pk")[:2]
    assert (last.to_state, before.to_state, before.undoes.to_state) == ("kitted", "queued", "kitted")


def test_taking_back_a_moulding_leaves_the_run(bea):
    job = kitted(bea)
    bring_to(job, "moulded", bea)

    steps.take_back(job, by=bea, at=MONDAY_NOON)

    job.refresh_from_db()
    assert (job.job_state, job.run) == ("kitted", None)


def test_only_the_own_last_step_is_taken_back_and_soon(bea, cem):
    job = kitted(bea)

    with pytest.raises(refusals.StepNotTakenBack, match="bea took this step, and only they take it back"):
        steps.take_back(job, by=cem, at=MONDAY_NOON)
    with pytest.raises(refusals.StepNotTakenBack, match="too long ago"):
        steps.take_back(job, by=bea, at=LATER)
    steps.take_back(job, by=bea, at=MONDAY_NOON)
    with pytest.raises(refusals.StepNotTakenBack, match="no step of this bar"):
        steps.take_back(job, by=bea, at=MONDAY_NOON)


def test_what_has_left_the_house_is_not_taken_back(bea):
    job = kitted(bea)
    bring_to(job, "shipped", bea)

    with pytest.raises(refusals.StepNotTakenBack):
        steps.take_back(job, by=bea, at=MONDAY_NOON)


def test_a_message_counts_once_however_often_it_comes(bea, cem):
    told = Told(key=UUID(int=7))
    job = only_job(paid_order())

    assert steps.advance(job, "kitted", by=bea, at=MONDAY_NOON, told=told) is True
    bring_to(job, "moulded", bea)
    assert steps.advance(job, "kitted", by=bea, at=LATER, told=told) is False, "from the queue of a tablet"
    assert (
        refusal_of(job, "topped", bea, told) == "This message was used for another step. Scan the bar again."
    )


# ── The pages ────────────────────────────────────────────────────────────────────────────────────


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_run_goes_its_way_on_the_page(bea):
    client = signed_in(bea)
    client.post("/floor/runs/beginning/", {"temperer": "T-O", "base": "milk_37"})
    run = Run.objects.get()

    client.post(f"/floor/runs/{run.pk}/strips/")
    shown = client.get("/floor/runs/").content.decode()
    assert "29.5 to 30.5 °C" in shown
    bad = client.post(f"/floor/runs/{run.pk}/judgements/", {f"run-{run.pk}-degrees": "warm"})
    assert bad.status_code == 422
    assert "Type the temperature as a number, such as 31.5." in bad.content.decode()
    assert 'value="warm"' in bad.content.decode(), "nothing that was typed is lost"
    client.post(
        f"/floor/runs/{run.pk}/judgements/",
        {f"run-{run.pk}-degrees": "30.0", f"run-{run.pk}-strip_set": "yes"},
    )
    run.refresh_from_db()
    assert run.run_state == "running"
    client.post(f"/floor/runs/{run.pk}/closing/")
    run.refresh_from_db()
    assert run.run_state == "closed"


@pytest.mark.parametrize("closed", [1, 3])
def test_runs_cost_the_same_however_many(bea, closed, django_assert_num_queries):
    client = signed_in(bea)
    client.get("/floor/runs/")
    for _run in range(closed):
        runs.close(melting("milk_37", bea), by=bea, at=MONDAY_NOON)

    with django_assert_num_queries(16):
        assert client.get("/floor/runs/").content.decode().count("T-O, Milk chocolate 37 %") == closed


# ── In the office ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_of_the_office_name_chocolate_by_name(bea, client, django_assert_num_queries, rows):
    bases = ["dark_60", "milk_37", "ruby_35"][:rows]
    for base in bases:
        runs.plan(Equipment.objects.get(pk="T-O"), base, day=MONDAY_NOON.date(), by=bea, at=MONDAY_NOON)
    WorkingTemperature.objects.exclude(base__in=bases).delete()
    client.force_login(operator("olga", "view_run", "view_workingtemperature"))
    for model in ("run", "workingtemperature"):
        client.get(f"/admin/orders/{model}/")

        with django_assert_num_queries(7):
            shown = client.get(f"/admin/orders/{model}/").content.decode()

        assert "Dark chocolate 60 %" in shown
        assert "dark_60</" not in shown


def test_the_office_types_degrees(bea, client):
    client.force_login(operator("olga", "view_workingtemperature", "change_workingtemperature"))
    page = "/admin/orders/workingtemperature/dark_5F60/change/"
    assert 'value="31"' in client.get(page).content.decode()

    fields = {"base": "dark_60", "from_decidegrees": "30.5", "to_decidegrees": "31.5"}
    assert client.post(page, fields).status_code == 302

    assert runs.working_range("dark_60") == (305, 315)
    assert "30.5 – 31.5 °C" in client.get("/admin/orders/workingtemperature/").content.decode()
