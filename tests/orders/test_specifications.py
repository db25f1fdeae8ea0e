"""A supplier's specification warns of more than the module does: the lot goes only into bars whose label names it."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.sheet import thawed
from configurator.models import Ingredient, Module
from orders import lots, stock, tokens
from orders.models import CupDose, Job, Lot, LotSpecification, Order, PrintedLabel, RunOutBar, Supplier
from orders.models.token import Scope
from orders.office.staff_groups import ensure_groups
from orders.papers import lot_labels
from orders.production import (
    allergens,
    filling,
    fills,
    kitting,
    labels,
    pouring,
    specifications,
    steps,
    trace,
    unnamed,
)
from orders.production.receiving import Delivery, DeliveryRefused, receive
from orders.production.refusals import LabelDoesNotCover, LotUnnamed, NotWeighed, RunRefused
from orders.production.release import release
from orders.production.run_outs import allowed, books, outcomes, shortage
from orders.production.specifications import ChangedMeanwhile, Silent
from orders.production.usable import Usable
from tests.orders.longest import payment_of
from tests.orders.lots import DARK, IN_MAY, KG, RASPBERRIES, filled, lot, weigh_all
from tests.orders.paid import ADA, MONDAY_NOON, bring_to, design, jobs_of, only_job, paid_order, placed_order
from tests.orders.paid import running as running_for
from tests.orders.safeguards import without
from tests.orders.test_samples import box

pytestmark = pytest.mark.usefixtures("catalogue")

LATER = MONDAY_NOON + timedelta(hours=1)
EGG, CELERY = frozenset({"EGG"}), frozenset({"CEL"})
MILK = "milk_37"


@pytest.fixture
def bea(db: None) -> User:
    return User.objects.create_user("bea", is_staff=True, is_superuser=True)


def of_zone_f(bars: int = 1) -> list[Job]:
    """Its label names milk and soya as possible, and no egg."""
    return jobs_of(paid_order((design("Ada", DARK, RASPBERRIES), bars)))


def of_zone_o() -> Job:
    """Its label warns of all that zone O holds: egg is in it, celery is not."""
    job = only_job(paid_order((design("Bea", MILK, RASPBERRIES), 1)))
    assert "EGG" in allergens.label_of(job).may_contain
    return job


def target(job: Job, module: str = RASPBERRIES) -> int:
    return next(each.target_mg for each in kitting.wanted(job, "en") if each.module == module)


def weigh(job: Job, sack: Lot, by: User) -> CupDose:
    return kitting.dose(job, sack, target(job, sack.stock_id), by=by, at=LATER)


def made(job: Job, state: str, by: User) -> Job:
    weigh_all(job, by)
    bring_to(job, state, by)
    return job


def said(lot: Lot, traces: frozenset[str], by: User, seen: frozenset[str] = frozenset()) -> Silent:
    return specifications.write_down(lot, traces, seen=seen, note="Spec of 3 November", by=by, at=LATER)


# ── At the door ──────────────────────────────────────────────────────────────────────────────────


def test_who_receives_a_lot_says_what_its_specification_warns_of(bea):
    sack = lot(bea, RASPBERRIES, traces={"EGG", "CEL"})

    assert sack.traces == ["CEL", "EGG"]
    said = LotSpecification.objects.get()
    assert (said.lot, said.traces, said.by, said.at, said.note) == (
        *(sack, ["CEL", "EGG"], bea, MONDAY_NOON),
        "with the delivery",
    )


def delivery(module: str, **more: Any) -> Delivery:
    supplier, _made = Supplier.objects.get_or_create(name="Mandorle Sud")
    return Delivery(Module.objects.get(key=module), supplier, "1", IN_MAY, KG, **more)


def test_what_contains_more_than_its_module_is_not_taken_in(bea):
    with pytest.raises(DeliveryRefused) as refusal:
        receive(delivery(RASPBERRIES, contains=frozenset({"MLK"})), by=bea, at=MONDAY_NOON)

    assert refusal.value.field == "contains"
    assert refusal.value.words.startswith("It contains milk, and ")
    assert "Do not take it in. Send it back" in refusal.value.words
    assert not Lot.objects.exists()


@pytest.mark.parametrize(
    ("module", "contains"), [(MILK, {"MLK"}), ("coconut_chips", {"SO2"}), (RASPBERRIES, set())]
)
def test_what_the_module_contains_the_lot_may_contain(bea, module, contains):
    assert receive(delivery(module, contains=frozenset(contains)), by=bea, at=MONDAY_NOON).traces == []


def test_more_of_a_lot_that_is_known_adds_to_what_it_may_contain(bea):
    lot(bea, RASPBERRIES, number="M-17", traces=EGG)
    lot(bea, RASPBERRIES, number="M-17", traces=CELERY)
    lot(bea, RASPBERRIES, number="M-17")

    assert Lot.objects.get().traces == ["CEL", "EGG"]
    assert [said.traces for said in LotSpecification.objects.all()] == [["EGG"], ["CEL", "EGG"]]


def test_what_the_catalogue_names_only_since_is_warned_of_while_older_orders_are_open(bea):
    """Who receives it leaves out what the module names by now; the label of the open bar does not name it yet."""
    (job,) = of_zone_f()
    Ingredient.objects.filter(modules__key=RASPBERRIES).update(traces=["EGG"])
    assert lot(bea, RASPBERRIES).traces == ["EGG"]

    with pytest.raises(LotUnnamed):
        weigh(job, Lot.objects.get(), bea)

    Job.objects.update(job_state="shipped")
    assert lot(bea, RASPBERRIES).traces == []


# ── Into the bar ─────────────────────────────────────────────────────────────────────────────────


def test_a_lot_that_expires_first_is_passed_over_for_those_bars_only(bea):
    clean = lot(bea, RASPBERRIES)
    first = lot(bea, RASPBERRIES, best_before=IN_MAY - timedelta(days=9), traces=EGG)
    (strict,), other = of_zone_f(), of_zone_o()

    jobs = [strict, other]
    taken = kitting.to_take(jobs, kitting.wanted_of(jobs, "en"), today=LATER.date())

    assert [each.code for each in taken[strict.pk][RASPBERRIES]] == [clean.code]
    assert [each.code for each in taken[other.pk][RASPBERRIES]] == [first.code]


def test_its_scan_is_a_red_stop_that_says_why_and_what_to_do(bea):
    sack = lot(bea, RASPBERRIES, traces=EGG)
    (job,) = of_zone_f()
    why = f"Lot {sack.code} may contain egg, and the label of this bar says nothing of it."

    with pytest.raises(LotUnnamed) as stop:
        weigh(job, sack, bea)
    assert stop.value.words == f"{why} Put it aside and put the bar on hold: there is no other."

    other = lot(bea, RASPBERRIES)
    with pytest.raises(LotUnnamed) as stop:
        kitting.check(job, sack, today=LATER.date())
    assert stop.value.words == f"{why} Put it aside and take {other.code}."
    assert not CupDose.objects.exists()
    assert weigh(of_zone_o(), sack, bea).lot == sack


def test_nor_does_it_come_in_through_a_program(bea):
    sack = lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    weigh(job, sack, bea)
    Lot.objects.update(traces=["EGG"])
    _token, secret = tokens.create("robot", owner=bea, scopes=[Scope.JOBS_WRITE])

    answer = Client().post(
        f"/api/v1/jobs/{job.code}/steps/",
        json.dumps({"to": "kitted"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )

    assert answer.status_code == 409
    assert "It is in this cup: empty it and weigh anew." in answer.content.decode()
    assert Job.objects.get().job_state == "queued"


def test_a_temperer_hands_on_what_its_lots_and_those_before_may_contain(bea):
    lot(bea, RASPBERRIES)
    with_egg, plain = lot(bea, DARK, traces=EGG), lot(bea, DARK)
    filled(bea, (with_egg, KG))
    mixed = filled(bea, (plain, KG), at=LATER)
    (job,) = of_zone_f()
    made(job, "kitted", bea)

    with pytest.raises(LotUnnamed) as stop:
        pouring.pour(job, mixed, by=bea, at=LATER)
    assert stop.value.words == (
        f"Lot {with_egg.code} may contain egg, and the label of this bar says nothing of it. "
        "It is in T1: pour from another temperer, or empty and clean this one."
    )

    fills.empty(mixed, by=bea, at=LATER)
    fills.cleaned("T1", at=LATER)
    fresh = filled(bea, (plain, KG), at=LATER)
    assert pouring.pour(job, fresh, by=bea, at=LATER).fill == fresh


def test_what_is_in_the_temperer_of_the_run_stops_the_step_that_pours(bea):
    lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    made(job, "kitted", bea)
    run = running_for(job, bea)
    run.refresh_from_db()
    filling.fill(run, lot(bea, DARK, traces=EGG), KG, by=bea, at=LATER)

    with pytest.raises(LotUnnamed):
        steps.advance(job, "moulded", by=bea, at=LATER)
    job.refresh_from_db()
    assert job.job_state == "kitted"


def test_it_does_not_go_into_the_temperer_of_a_run_whose_bars_may_not_have_it(bea):
    first, _second = of_zone_f(2)
    run = running_for(first, bea)
    run.refresh_from_db()
    Job.objects.update(run=run)
    sack = lot(bea, DARK, traces=EGG)

    with pytest.raises(RunRefused) as refusal:
        filling.fill(run, sack, KG, by=bea, at=LATER)

    assert refusal.value.words == (
        f"Lot {sack.code} may contain egg, and the labels of 2 bars of this run say nothing of it. "
        "Take another lot, or plan such bars elsewhere."
    )
    assert filling.fill(run, lot(bea, DARK), KG, by=bea, at=LATER).temperer == run.temperer_id


def test_nor_anything_into_a_temperer_where_it_was_until_that_is_washed(bea):
    (first,) = of_zone_f()
    run = running_for(first, bea)
    run.refresh_from_db()
    sack, plain = lot(bea, DARK, traces=EGG), lot(bea, DARK)
    fills.empty(filled(bea, (sack, KG), temperer=run.temperer_id), by=bea, at=LATER)
    Job.objects.update(run=run)

    with pytest.raises(RunRefused) as refusal:
        filling.fill(run, plain, KG, by=bea, at=LATER)
    assert refusal.value.words == (
        f"Lot {sack.code} may contain egg, and the label of 1 bar of this run says nothing of it. "
        f"It is left in {run.temperer_id}: empty and clean it first, or plan such bars elsewhere."
    )

    fills.cleaned(run.temperer_id, at=LATER)
    assert filling.fill(run, plain, KG, by=bea, at=LATER).carry_over_from is None


def test_a_bag_of_samples_has_what_its_own_label_names(bea):
    """The lid names sesame because another bag may contain it; that bag alone may have it."""
    job = only_job(paid_order((box("dark_60", "almond_whole", "raspberry_fd"), 1)))
    assert "SES" in allergens.named_on(allergens.label_of(job))

    sesame = [lot(bea, module, traces={"SES"}) for module in ("almond_whole", "raspberry_fd")]
    assert weigh(job, sesame[0], bea).lot == sesame[0]
    with pytest.raises(LotUnnamed):
        weigh(job, sesame[1], bea)


# ── On the label ─────────────────────────────────────────────────────────────────────────────────


def test_a_label_names_all_that_its_lots_may_contain(bea):
    lot(bea, RASPBERRIES, traces=EGG), lot(bea, MILK, traces=EGG)
    job = of_zone_o()
    weigh_all(job, bea)
    bring_to(job, "kitted", bea)
    filled(bea, (Lot.objects.get(stock=MILK), KG), temperer=running_for(job, bea).temperer_id)
    bring_to(job, "wrapped", bea)

    text = thawed(PrintedLabel.objects.get().text)
    for origin in trace.lots_of(job):
        assert set(origin.lot.traces) == EGG <= set(text.may_contain)
    assert "Ei" in text.precaution


def test_no_label_is_printed_that_is_silent_about_one_of_its_lots(bea):
    sack = lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    made(job, "checked", bea)
    kept = labels.print_label(job, by=bea, at=LATER)
    said(sack, EGG, bea)
    steps.go_on(job)

    with pytest.raises(LabelDoesNotCover):
        labels.print_label(job, by=bea, at=LATER)
    with pytest.raises(NotWeighed):
        steps.advance(job, "wrapped", by=bea, at=LATER, told=_scanned(kept))


def _scanned(label: PrintedLabel) -> Any:
    return replace(steps.NOTHING_TOLD, label=label.code)


# ── When the specification comes late ────────────────────────────────────────────────────────────


def test_bars_that_have_it_already_are_held_and_those_that_left_are_counted(bea):
    sack = lot(bea, RASPBERRIES)
    sent, topped, queued, fine = *of_zone_f(1), *of_zone_f(2), of_zone_o()
    made(sent, "shipped", bea)
    made(topped, "topped", bea)
    made(fine, "topped", bea)
    weigh(queued, sack, bea)

    assert said(sack, EGG, bea) == Silent(held=2, sent=1)
    assert said(sack, EGG, bea, seen=EGG) == Silent(held=2, sent=1)

    held = Job.objects.exclude(on_hold_since=None)
    assert set(held) == {topped, queued}
    assert {job.hold_reason for job in held} == {f"{RASPBERRIES}: lot {sack.code} may contain egg"}
    sack.refresh_from_db()
    assert [job for job, _codes in specifications.bars(sack)] == [sent, topped, queued]


def test_whoever_lets_it_go_on_it_goes_no_further(bea):
    sack = lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    made(job, "topped", bea)
    said(sack, EGG, bea)
    assert steps.go_on(job)

    with pytest.raises(NotWeighed) as stop:
        steps.advance(job, "cooling", by=bea, at=LATER)
    assert str(stop.value) == (
        f"Lot {sack.code} may contain egg, and the label of this bar says nothing of it. "
        "Scrap the bar, and it is made again from another lot."
    )

    lot(bea, RASPBERRIES)
    remake = steps.scrap(job, "egg", by=bea, at=LATER).remake
    made(remake, "kitted", bea)
    assert remake.doses.get().lot != sack


def test_a_cup_that_has_it_is_emptied_and_weighed_anew(bea):
    sack = lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    weigh(job, sack, bea)
    said(sack, EGG, bea)
    steps.go_on(job)
    with pytest.raises(NotWeighed):
        steps.advance(job, "kitted", by=bea, at=LATER)

    assert kitting.pour_back(job)
    weigh(job, lot(bea, RASPBERRIES), bea)
    assert steps.advance(job, "kitted", by=bea, at=LATER)


def test_what_was_a_slip_is_written_down_too_and_the_bar_goes_on(bea):
    sack = lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    made(job, "topped", bea)
    said(sack, EGG, bea)
    said(sack, frozenset(), bea, seen=EGG)
    steps.go_on(job)

    assert steps.advance(job, "cooling", by=bea, at=LATER)
    assert [row.traces for row in sack.specifications.all()] == [["EGG"], []]


def test_two_colleagues_do_not_write_over_each_other(bea):
    sack = lot(bea, RASPBERRIES)
    said(sack, EGG, bea)
    with pytest.raises(ChangedMeanwhile):
        said(sack, CELERY, bea)
    assert Lot.objects.get().traces == ["EGG"]


def test_more_of_a_lot_that_brings_a_warning_holds_the_bars_that_have_it(
    bea, django_capture_on_commit_callbacks
):
    lot(bea, RASPBERRIES, number="M-17")
    (job,) = of_zone_f()
    made(job, "topped", bea)

    with django_capture_on_commit_callbacks(execute=True):
        lot(bea, RASPBERRIES, number="M-17", traces=EGG)

    assert list(Job.objects.exclude(on_hold_since=None)) == [job]


def weighed_while_somebody_writes(job: Job, sack: Lot, bea: User) -> str:
    """The specification is written, but not yet committed, when the lot is weighed. What becomes of the dose."""
    writing = Event()

    def weighs() -> str:
        writing.wait()
        try:
            weigh(job, sack, bea)
        except LotUnnamed:
            return "refused"
        finally:
            connection.close()
        return "weighed"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            said(sack, EGG, bea)
            dose = pool.submit(weighs)
            writing.set()
            sleep(0.5)
        return dose.result()


def no_locks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@without(no_locks)
def test_whoever_weighs_while_somebody_writes_waits_and_is_told(bea):
    sack = lot(bea, RASPBERRIES)
    lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    assert weighed_while_somebody_writes(job, sack, bea) == "refused"


# ── When it does not suffice ─────────────────────────────────────────────────────────────────────

some_traces = st.frozensets(st.sampled_from(["CEL", "MUS", "EGG"]))


@given(
    st.dictionaries(some_traces, st.integers(-9, 30), max_size=6),
    st.lists(st.tuples(st.integers(0, 20), some_traces), max_size=8),
)
def test_no_bar_is_given_what_its_label_does_not_name_and_all_that_it_may_have(
    there: dict[frozenset[str], int], bars: list[tuple[int, frozenset[str]]]
) -> None:
    usable = Usable(Counter(there))
    for needed, named in bars:
        before = dict(usable.mg)
        enough = sum(mg for traces, mg in before.items() if traces <= named) >= needed
        assert usable.give(needed, named) == enough
        taken = {traces: before[traces] - usable.mg[traces] for traces in before}
        assert sum(taken.values()) == (needed if enough else 0)
        assert all(mg >= 0 for mg in taken.values())
        assert all(traces <= named for traces, mg in taken.items() if mg)


def paid(*bars: tuple[Any, int], wish: str = "wait") -> Order:
    order = placed_order(*bars, contact=replace(ADA, substitution=wish))
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        stock.promise_to(order, at=MONDAY_NOON)
        release(order)
    payment_of(order)
    return order


def held() -> list[Job]:
    return list(Job.objects.exclude(on_hold_since=None).order_by("pk"))


def test_what_a_bar_may_not_have_does_not_count_for_it(bea):
    lot(bea, RASPBERRIES, traces=EGG)
    strict = jobs_of(paid((design("Ada", DARK, RASPBERRIES), 2)))
    paid((design("Bea", MILK, RASPBERRIES), 1))
    lot(bea, RASPBERRIES, mg=target(strict[0]))

    assert shortage.look_at_all(at=LATER) == 1
    shortage.look_after(RASPBERRIES, at=LATER)
    assert held() == [strict[1]]

    lot(bea, RASPBERRIES)
    shortage.look_after(RASPBERRIES, at=LATER)
    assert held() == []


def test_what_is_in_a_temperer_counts_for_those_who_may_have_it(bea):
    lot(bea, RASPBERRIES)
    filled(bea, (lot(bea, DARK, traces=EGG), 10 * KG))
    order = paid((design("Ada", DARK, RASPBERRIES), 1))
    shortage.look_at_all(at=LATER)
    shortage.look_after(DARK, at=LATER)

    assert held() == jobs_of(order)


def test_a_bar_that_may_have_neither_lacks_both(bea):
    lot(bea, RASPBERRIES, traces=EGG), lot(bea, DARK, traces=EGG)
    (job,) = jobs_of(paid((design("Ada", DARK, RASPBERRIES), 1)))
    shortage.look_after(RASPBERRIES, at=LATER)

    lack = shortage.lack_of(job, at=LATER)
    assert lack is not None
    assert lack.modules == (RASPBERRIES, DARK)


def test_nothing_stands_in_that_the_bar_may_not_have_either(bea):
    """Strawberries come nearest; of the only sack of them the bar may have nothing."""
    sack = lot(bea, RASPBERRIES)
    order = paid((design("Ada", DARK, RASPBERRIES), 1), wish="nearest")
    said(sack, EGG, bea)
    assert held() == jobs_of(order)
    (bar,) = RunOutBar.objects.all()
    nearest = next(way for way in _ways(bar) if way.asks_nothing).module.key
    lot(bea, nearest, traces=EGG)

    assert nearest not in {way.module.key for way in _ways(bar)}
    allowed.carry_out(bar.run_out, at=LATER + shortage.PAUSE)
    made_instead = Job.objects.filter(order_line__order=order).exclude(job_state="scrapped").get()
    assert nearest not in {part["module"] for part in made_instead.order_line.recipe}
    assert RASPBERRIES not in {part["module"] for part in made_instead.order_line.recipe}


def _ways(bar: RunOutBar) -> list[Any]:
    (lack,) = books.lacks([bar], at=LATER)
    return list(outcomes.ways_of(lack))


# ── In the office and on the floor ───────────────────────────────────────────────────────────────


@pytest.fixture
def colleague(client: Client, bea: User):
    ensure_groups()

    def sign_in(group: str) -> Client:
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return client

    return sign_in


def page_of(sack: Lot) -> str:
    return reverse("admin:orders_lot_specifications", args=[sack.pk])


def typed(**more: Any) -> dict[str, Any]:
    return {
        "module": RASPBERRIES,
        "amount": "12.5",
        "supplier": str(Supplier.objects.get_or_create(name="Mandorle Sud")[0].pk),
        "supplier_lot": "M 17",
        "best_before": "2031-05-31",
        "traces": ["EGG", "CEL"],
    } | more


def test_the_door_asks_for_both_and_loses_nothing_that_was_ticked(colleague):
    door = colleague("production")
    refused = door.post("/admin/orders/lot/add/", typed(contains=["MLK"]))

    assert list(refused.context["adminform"].form.errors) == ["contains"]
    shown = refused.content.decode()
    assert "Do not take it in." in shown
    assert shown.count(" checked") == 3
    assert not Lot.objects.exists()

    assert door.post("/admin/orders/lot/add/", typed()).status_code == 302
    assert Lot.objects.get().traces == ["CEL", "EGG"]
    assert "good, may also contain celery, egg" in door.get("/admin/orders/lot/").content.decode()
    sack = Lot.objects.get()
    own = door.get(reverse("admin:orders_lot_change", args=[sack.pk])).content.decode()
    assert f'celery, egg · <a href="{page_of(sack)}">' in own


def test_the_office_writes_down_what_came_late_and_sees_who_did(bea, colleague):
    sack = lot(bea, RASPBERRIES)
    made(of_zone_f()[0], "topped", bea)
    office = colleague("production")
    form = {"traces": ["EGG"], "seen": "", "note": ""}

    assert office.post(page_of(sack), form).status_code == 422
    answer = office.post(page_of(sack), form | {"note": "Spec 7"}, follow=True).content.decode()
    assert "Written down. 1 bar whose label does not name it is on hold." in answer
    assert all(words in answer for words in ("Spec 7", "production", "<strong>egg</strong>"))

    stale = office.post(page_of(sack), form | {"traces": ["CEL"], "note": "Spec 8"})
    assert stale.status_code == 422
    assert "A colleague has just written down: egg." in stale.content.decode()
    assert 'name="seen" value="EGG"' in stale.content.decode()
    assert Lot.objects.get().traces == ["EGG"]


def test_only_who_receives_writes_it_down(bea, colleague):
    sack = lot(bea, RASPBERRIES)
    support = colleague("support")

    assert "Write down" not in support.get(page_of(sack)).content.decode()
    assert support.post(page_of(sack), {"traces": ["EGG"], "note": "Spec"}).status_code == 403
    assert colleague("accountant").get(page_of(sack)).status_code == 403


def test_where_it_went_marks_the_bars_whose_label_does_not_name_it(bea, colleague):
    sack = lot(bea, RASPBERRIES)
    (sent,), (topped,), fine = of_zone_f(), of_zone_f(), of_zone_o()
    made(sent, "shipped", bea)
    made(topped, "topped", bea)
    made(fine, "topped", bea)
    said(sack, EGG, bea)
    where, office = f"/admin/orders/lot/{sack.pk}/where/", colleague("production")

    shown = office.get(where).content.decode()
    assert "the labels of 2 bars do not name it" in shown
    assert "1 of them has left the house" in shown
    assert shown.count("not on its label") == 2
    assert fine.code in shown
    only = office.get(f"{where}?silent=1").content.decode()
    assert (sent.code in only, topped.code in only, fine.code in only) == (True, True, False)


def test_the_page_of_a_lot_with_warnings_asks_the_same_for_one_order_and_for_three(
    bea, colleague, django_assert_max_num_queries
):
    sack, owner = lot(bea, RASPBERRIES), colleague("owner")
    said(sack, EGG, bea)
    for _each in range(3):
        Lot.objects.update(traces=[])
        made(of_zone_f()[0], "topped", bea)
        Lot.objects.update(traces=["EGG"])
        with django_assert_max_num_queries(18):
            assert owner.get(f"/admin/orders/lot/{sack.pk}/where/").status_code == 200


def test_the_station_stops_the_scan_and_suggests_another(bea, client):
    clean = lot(bea, RASPBERRIES)
    sack = lot(bea, RASPBERRIES, best_before=IN_MAY - timedelta(days=9), traces=EGG)
    (job,) = of_zone_f()
    client.force_login(bea)
    client.post("/floor/stations/kitting/scans/", {"code": job.code})

    page = client.get("/floor/stations/kitting/")
    (row,) = [row for row in page.context["work"]["scale"]["rows"] if row["wanted"].by_lot]
    assert row["lots"] == [clean.code]

    stopped = client.post("/floor/stations/kitting/scans/", {"code": sack.code})
    assert stopped.status_code == 409
    assert f"{sack.code} may contain egg" in stopped.content.decode()
    assert client.get(f"/floor/jobs/{job.code}/").context["scale"]["rows"][0]["take"] == clean.code


def test_the_floor_reads_beside_each_lot_what_it_may_contain(bea, client):
    sack = lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    made(job, "topped", bea)
    said(sack, EGG, bea)
    client.force_login(bea)

    shown = client.get(f"/floor/jobs/{job.code}/lots/").content.decode()
    assert "may contain egg" in shown
    assert "not on its label" in shown


def test_the_label_of_the_sack_says_it_too(bea):
    assert "May also contain" not in _words(PdfDocument(lot_labels.pdf(lot(bea))))
    every = sorted(ALLERGENS)
    assert "celery" in _words(PdfDocument(lot_labels.pdf(lot(bea, traces=every))))


def _words(pdf: Any) -> str:
    assert len(pdf) == 1
    return str(pdf[0].get_textpage().get_text_bounded())


def test_what_nobody_wrote_down_changes_nothing(bea):
    lot(bea, RASPBERRIES)
    (job,) = of_zone_f()
    assert lots.first_out(RASPBERRIES, target(job), today=LATER.date())
    assert unnamed.in_bar(made(job, "topped", bea)) is None
    assert not LotSpecification.objects.exists()
