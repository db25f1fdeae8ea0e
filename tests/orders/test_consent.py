"""If an ingredient runs out: what the customer allowed reaches the people who make the bar."""

from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from configurator.catalogue.families import current_family
from configurator.domain.label.facts import facts_of
from configurator.models import Module
from orders import changes, stock
from orders.models import Job, Payment, Substitution
from orders.production import consent, refusals, steps, tickets
from orders.production.progress import is_shipped, progress
from tests.orders.paid import ADA, MONDAY_NOON, bring_to, design, jobs_of, only_job, operator, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(client: Client, catalogue: None) -> User:
    user = operator("bea")
    client.force_login(user)
    return user


def job_of(choice: str, *bars) -> Job:
    order = paid_order(*bars, contact=replace(ADA, substitution=choice))
    return jobs_of(order)[0]


def page(client: Client, job: Job) -> str:
    return client.get(f"/floor/jobs/{job.code}/").content.decode()


def put_on_hold(client: Client, job: Job, **form: str):
    return client.post(f"/floor/jobs/{job.code}/holds/", {"missing": "almond_whole", **form})


# ── The words ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("choice", "allowed", "to_do"),
    [
        ("nearest", "Take what comes nearest, and tell me", "Put the bar on hold and tell the office"),
        ("wait", "Wait until it is back", "Put the bar on hold until the ingredient is back."),
        ("refund", "Pay me back for this bar", "Do not make this bar."),
    ],
)
def test_the_job_says_what_the_customer_allowed_and_what_to_do(client, bea, choice, allowed, to_do):
    shown = page(client, job_of(choice))

    assert f"The customer chose: “{allowed}”." in shown
    assert to_do in shown


def test_in_german_too(client, bea):
    answer = client.get(f"/floor/jobs/{job_of('wait').code}/", headers={"accept-language": "de"})
    assert "Der Kunde hat gewählt: „Wartet, bis es sie wieder gibt“." in answer.content.decode()


@pytest.mark.parametrize(
    ("choice", "words"),
    [("nearest", "take the nearest"), ("wait", "wait"), ("refund", "pay back")],
)
def test_the_ticket_says_it_on_its_one_page(settings, choice, words):
    settings.FLOOR_LANGUAGE = "en"
    with pdfplumber.open(BytesIO(tickets.render(job_of(choice)))) as pdf:
        (paper,) = pdf.pages
        text = " ".join((paper.extract_text() or "").split())
    assert "If something runs out:" in text
    assert words in text


def test_what_has_shipped_needs_no_consent_any_more(client, bea):
    job = job_of("wait")
    bring_to(job, "shipped", bea)
    assert "The customer chose" not in page(client, job)


# ── What comes nearest ───────────────────────────────────────────────────────────────────────────


def test_the_nearest_is_named_for_each_ingredient_and_asks_nothing_more_of_who_eats_it(client, bea):
    bar = design("Ada", "dark_60", "almond_whole", "raspberry_fd", "cranberry_dried")
    job = job_of("nearest", (bar, 1))
    family = current_family("bar-100")
    before = facts_of(bar, family)
    ways = consent.nearest(job.order_line, "en")

    assert [way.gone for way in ways] == [
        family.modules[choice.module].name.en for choice in job.order_line.design.value.choices
    ]
    assert any(way.instead for way in ways)
    shown = page(client, job)
    keys = {module.name.en: key for key, module in family.modules.items()}
    for way, choice in zip(ways, job.order_line.design.value.choices, strict=True):
        assert way.gone in shown
        if not way.instead:
            continue
        assert f"{way.instead}, {way.grams} g" in shown
        new = bar.removing(choice.module, choice.slot).adding(
            keys[way.instead], choice.slot, int(float(way.grams) * 1000)
        )
        after = facts_of(new, family)
        assert set(after.contains) <= set(before.contains)
        assert (after.vegan, after.vegetarian) >= (before.vegan, before.vegetarian)


def test_what_has_run_out_too_is_not_named(bea):
    job = job_of("nearest")
    first = next(way.instead for way in consent.nearest(job.order_line, "en") if way.instead)
    gone = next(m for m in current_family("bar-100").modules.values() if m.name.en == first)
    stock.count(Module.objects.get(key=gone.key), mg=0, by=bea, at=timezone.now())

    assert first not in [way.instead for way in consent.nearest(job.order_line, "en")]


def test_nobody_who_did_not_want_it_gets_something_else():
    assert consent.nearest(job_of("wait").order_line, "en") == []


# ── On hold ──────────────────────────────────────────────────────────────────────────────────────


def test_a_bar_that_waits_says_for_what_and_takes_no_step(client, bea):
    job = job_of("wait")
    assert put_on_hold(client, job, hold_note="until Friday").status_code == 302

    shown = page(client, job)
    assert "Roasted almonds, whole: until Friday" in shown
    assert 'name="to"' not in shown
    assert client.post(f"/floor/jobs/{job.code}/steps/", {"to": "kitted"}).status_code == 409
    job.refresh_from_db()
    assert (job.job_state, job.held_by) == ("queued", bea)
    assert "On hold" in client.get("/floor/").content.decode()


def test_it_goes_on_when_the_ingredient_is_back(client, bea):
    job = job_of("wait")
    put_on_hold(client, job)

    assert client.post(f"/floor/jobs/{job.code}/holds/removal/").status_code == 302

    assert client.post(f"/floor/jobs/{job.code}/steps/", {"to": "kitted"}).status_code == 302
    job.refresh_from_db()
    assert (job.job_state, job.on_hold_since, job.hold_reason, job.held_by) == ("kitted", None, "", None)


def test_who_held_a_bar_and_who_let_it_go_on_is_written_down_with_the_order(client, bea):
    job = job_of("wait")
    for _twice in range(2):
        put_on_hold(client, job, hold_note="until Friday")
    for _twice in range(2):
        client.post(f"/floor/jobs/{job.code}/holds/removal/")

    written = changes.of(job.order_line.order).order_by("pk")
    assert [(change.by, change.words) for change in written] == [
        (bea, f"{job.code} waits: Roasted almonds, whole: until Friday"),
        (bea, f"{job.code} goes on"),
    ]


def test_twice_on_hold_is_once(client, bea):
    job = job_of("wait")
    assert steps.hold(job, "almond_whole", by=bea, at=MONDAY_NOON)
    assert not steps.hold(job, "raspberry_fd", by=operator("otto"), at=timezone.now())
    job.refresh_from_db()
    assert (job.hold_reason, job.on_hold_since) == ("almond_whole", MONDAY_NOON)


def test_what_is_missing_has_to_be_named(client, bea):
    answer = client.post(f"/floor/jobs/{job_of('wait').code}/holds/", {"missing": "unobtainium"})
    assert answer.status_code == 422
    assert "Choose the ingredient that is missing." in answer.content.decode()


def test_a_parcel_waits_for_its_bar(client, bea):
    first, second = jobs_of(paid_order((design(), 2), contact=replace(ADA, substitution="wait")))
    bring_to(first, "wrapped", bea)
    bring_to(second, "wrapped", bea)
    steps.hold(second, "almond_whole", by=bea, at=MONDAY_NOON)
    steps.advance(first, "packed", by=bea, at=MONDAY_NOON)

    with pytest.raises(refusals.StepRefused):
        steps.advance(first, "shipped", by=bea, at=MONDAY_NOON)


def test_the_customer_reads_that_it_waits_and_the_office_sees_it(client, bea):
    job = job_of("wait")
    put_on_hold(client, job)
    assert progress(job.order_line.order)[0].words == "It waits for an ingredient that has run out"

    office = Client()
    office.force_login(User.objects.create_superuser("olga"))
    words = {str(words): (count, at) for words, count, at in office.get("/admin/").context["worries"]}
    count, address = words["Bars on hold"]
    assert count == 1
    assert office.get(address).context["cl"].result_count == 1
    assert "Roasted almonds, whole" in office.get(f"/admin/orders/job/{job.pk}/change/").content.decode()


def test_who_may_not_move_jobs_holds_none(client):
    job = job_of("wait")
    client.force_login(operator("otto", "view_job"))
    assert "Put on hold" not in page(client, job)
    assert put_on_hold(client, job).status_code == 403


# ── Money back ───────────────────────────────────────────────────────────────────────────────────


def test_where_the_customer_wants_the_money_one_button_holds_the_bar_and_opens_the_form(client):
    client.force_login(operator("bea", "view_job", "change_job", "add_refund"))
    order = paid_order((design(), 3), contact=replace(ADA, substitution=Substitution.REFUND))
    job = jobs_of(order)[0]
    line = job.order_line
    payment = Payment.objects.create(
        order=order, attempt=1, state="paid", amount_cents=order.total_cents, captured_cents=order.total_cents,
        currency="EUR", livemode=False, request={}, accepted=True, created_at=MONDAY_NOON, look_at=MONDAY_NOON,
    )  # fmt: skip
    assert "Put on hold and give its money back" in page(client, job)

    answer = put_on_hold(client, job, refund="1")

    assert answer["Location"] == f"/admin/orders/payment/{payment.pk}/refund/?bar={job.code}"
    form = client.get(answer["Location"]).context["form"]
    euros = line.total_cents // 3
    assert form[f"line-{line.pk}"].value() * 100 == euros
    assert (form["reason"].value(), form["words"].value()) == ("ran_out", job.code)


def test_who_may_give_no_money_back_only_holds_it(client, bea):
    job = job_of("refund")
    shown = page(client, job)

    assert "Put on hold and give its money back" not in shown
    assert put_on_hold(client, job, refund="1")["Location"] == f"/floor/jobs/{job.code}/"


def test_without_a_wish_of_its_own_an_order_is_paid_back():
    assert only_job(paid_order()).order_line.order.substitution == "refund"


def test_the_parcel_goes_without_a_bar_that_is_left_out(client, bea):
    order = paid_order((design(), 2), contact=replace(ADA, substitution=Substitution.REFUND))
    first, second = jobs_of(order)
    put_on_hold(client, second)
    assert "Leave this bar out of its parcel" in page(client, second)

    assert client.post(f"/floor/jobs/{second.code}/omission/").status_code == 302

    shown = page(client, second)
    assert "This bar is not made, its money goes back, and its parcel goes without it." in shown
    assert "Its remake is" not in shown
    bring_to(first, "shipped", bea)
    bars = progress(order)
    assert is_shipped(bars)
    assert [bar.words for bar in bars] == [
        "Shipped",
        "Left out: an ingredient has run out, and you get its money back",
    ]
    assert "you get its money back" in Client().get(f"/orders/{order.token}/").content.decode()


def test_what_is_left_out_is_neither_made_again_nor_moved(client, bea):
    job = job_of("refund", (design(), 2))
    put_on_hold(client, job)
    job.refresh_from_db()
    assert steps.leave_out(job, by=bea, at=MONDAY_NOON)
    assert not steps.leave_out(job, by=bea, at=MONDAY_NOON)

    for form, way in (({"to": "kitted"}, "steps"), ({"reason": "broken"}, "scraps")):
        assert client.post(f"/floor/jobs/{job.code}/{way}/", form).status_code == 409
    assert Job.objects.count() == 2


def test_only_a_bar_on_hold_is_left_out_and_only_where_its_money_is_wanted(client, bea):
    job = job_of("refund")
    assert client.post(f"/floor/jobs/{job.code}/omission/").status_code == 409
    waiting = job_of("wait", (design("Bob"), 1))
    put_on_hold(client, waiting)
    assert "Leave this bar out of its parcel" not in page(client, waiting)


def test_nobody_scraps_a_bar_as_left_out(client, bea):
    job = job_of("refund")
    bring_to(job, "kitted", bea)
    assert client.post(f"/floor/jobs/{job.code}/scraps/", {"reason": "left out"}).status_code == 422
