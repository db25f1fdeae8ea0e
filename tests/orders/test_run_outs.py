"""An ingredient runs out after the order: who goes without it, and what the customer allowed happens by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from configurator.catalogue.families import family_under
from configurator.domain.label.facts import facts_of
from configurator.models import Module
from orders import stock, tasks, timeline
from orders.models import (
    Job,
    JobEvent,
    Lot,
    Message,
    Order,
    OrderLine,
    PendingWork,
    Refund,
    RunOut,
    RunOutBar,
    Stock,
    StockMove,
)
from orders.production import blocking, kitting, labels, steps, tickets
from orders.production.progress import progress
from orders.production.release import release
from orders.production.run_outs import allowed, books, questions, shortage
from tests.orders.longest import payment_of
from tests.orders.lots import ALMONDS, DARK, KG, RASPBERRIES, lot, weigh_all
from tests.orders.paid import ADA, MONDAY_NOON, bring_to, design, jobs_of, placed_order
from tests.orders.threads import all_look_first, in_threads

pytestmark = pytest.mark.usefixtures("catalogue")

LATER = MONDAY_NOON + timedelta(hours=1)
AFTER_THE_PAUSE = LATER + shortage.PAUSE


@pytest.fixture
def bea() -> User:
    return User.objects.create_user("bea", is_staff=True, is_superuser=True)


def paid(*bars, allowed: str = "wait", locale: str = "en") -> Order:
    order = placed_order(*bars or ((design(), 1),), contact=replace(ADA, substitution=allowed), locale=locale)
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        stock.promise_to(order, at=MONDAY_NOON)
        release(order)
    payment_of(order)
    return order


def almonds_of(order: Order) -> int:
    recipe = order.lines.all()[0].recipe
    return sum(portion["mg"] for portion in recipe if portion["module"] == ALMONDS)


def blocked_almonds(bea: User, *bars, allowed: str = "wait", locale: str = "en") -> Order:
    """Everything was there when it was paid, and then the only sack of almonds is blocked."""
    sack = lot(bea, ALMONDS)
    order = paid(*bars, allowed=allowed, locale=locale)
    blocking.block(sack, "Smells strange", by=bea, at=LATER)
    return order


def carry_out(order: Order) -> None:
    for run_out in RunOut.objects.filter(order=order):
        allowed.carry_out(run_out, at=AFTER_THE_PAUSE)


def states(order: Order) -> list[str]:
    bars = RunOutBar.objects.filter(run_out__order=order)
    return list(bars.order_by("pk").values_list("state", flat=True))


def last_words(order: Order) -> str:
    return Message.objects.filter(order=order).latest("pk").words


# ── Who goes without ─────────────────────────────────────────────────────────────────────────────


def test_who_is_due_last_goes_without_and_a_smaller_bar_may_have_what_is_left(bea):
    order = paid((design(), 3))
    first, _second, third = jobs_of(order)
    Job.objects.filter(pk=first.pk).update(due_on=third.due_on + timedelta(days=1))
    lot(bea, mg=2 * almonds_of(order))

    assert books.without(ALMONDS) == [first]
    assert shortage.look_after(ALMONDS, at=LATER) == 1
    assert shortage.look_after(ALMONDS, at=LATER) == 0
    assert list(Job.objects.exclude(on_hold_since=None)) == [first]
    first.refresh_from_db()
    assert (first.missing, first.held_by) == (ALMONDS, None)


def test_what_is_in_a_cup_already_is_that_bars_own(bea):
    order = paid((design(), 2))
    first, second = jobs_of(order)
    sack = lot(bea, mg=2 * almonds_of(order))
    weigh_all(second, bea)
    stock.waste(sack.module, mg=almonds_of(order), by=bea, at=LATER, lot=sack)

    assert books.without(ALMONDS) == [first]


def test_a_module_that_nobody_counts_lacks_to_nobody(bea):
    order = blocked_almonds(bea)
    Stock.objects.update(limited=False)
    assert books.without(ALMONDS) == []
    assert states(order) == ["open"]


def test_a_bar_of_a_closed_order_claims_nothing(bea):
    order = paid((design(), 1))
    Order.objects.filter(pk=order.pk).update(payment_state="refunded", closed_at=LATER)
    lot(bea, mg=1)
    assert books.without(ALMONDS) == []


@pytest.mark.parametrize("how", ["blocked", "counted", "wasted", "expired"])
def test_however_it_goes_a_worker_looks_who_goes_without(bea, how):
    sack = lot(bea)
    order = paid()
    match how:
        case "blocked":
            blocking.block(sack, "Glass", by=bea, at=LATER)
        case "expired":
            blocking.block_expired(at=LATER + timedelta(days=300))
        case "counted":
            stock.count(sack.module, mg=0, by=bea, at=LATER, lot=sack)
        case "wasted":
            stock.waste(sack.module, mg=10 * KG, by=bea, at=LATER, lot=sack)
    shortage.look_at_all(at=LATER)
    work = PendingWork.objects.get(kind="shortage", stock=ALMONDS)
    PendingWork.objects.filter(pk=work.pk).update(try_at=MONDAY_NOON)

    tasks.carry_out(work.pk)

    assert states(order) == ["open"]


def test_what_was_looked_at_too_early_is_looked_at_again(bea):
    lot(bea)
    work = PendingWork.objects.get(kind="shortage", stock=ALMONDS)
    PendingWork.objects.filter(pk=work.pk).update(lease="a" * 32, leased_until=LATER + timedelta(days=1))

    shortage.look_again(ALMONDS, at=LATER)

    work.refresh_from_db()
    assert (work.lease, work.done_at, work.try_at) == (None, None, LATER)


# ── The pause ────────────────────────────────────────────────────────────────────────────────────


def test_bars_are_held_at_once_and_nothing_that_cannot_be_taken_back_happens_for_a_while(bea):
    order = blocked_almonds(bea, allowed="refund")

    work = PendingWork.objects.get(kind="consent")
    assert work.run_out is not None
    assert (work.run_out.order, work.try_at) == (order, AFTER_THE_PAUSE)
    assert jobs_of(order)[0].on_hold_since == LATER
    assert not Refund.objects.exists()
    assert not Message.objects.exists()


def test_what_was_a_slip_leaves_nothing_behind(bea):
    order = blocked_almonds(bea, allowed="refund")
    blocking.unblock(order_lot(), by=bea, at=LATER)
    shortage.look_after(ALMONDS, at=LATER)
    carry_out(order)

    (job,) = jobs_of(order)
    assert (job.on_hold_since, states(order), Refund.objects.count(), Message.objects.count()) == (
        None, ["over"], 0, 0,
    )  # fmt: skip


def test_what_came_in_the_last_moment_still_counts(bea):
    order = blocked_almonds(bea, allowed="refund")
    lot(bea, number="the next sack")
    carry_out(order)

    (job,) = jobs_of(order)
    assert (job.on_hold_since, states(order), Refund.objects.count()) == (None, ["over"], 0)


def order_lot():
    return Lot.objects.get(stock=ALMONDS)


# ── Wait ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_bar_that_waits_goes_on_by_itself_when_more_has_come(bea):
    order = blocked_almonds(bea)
    carry_out(order)
    assert states(order) == ["waits"]
    assert "we wait until more has come" in last_words(order)
    assert PendingWork.objects.filter(kind="message", message__order=order).count() == 1

    lot(bea, number="the next sack")
    shortage.look_after(ALMONDS, at=AFTER_THE_PAUSE)

    (job,) = jobs_of(order)
    assert (job.on_hold_since, states(order)) == (None, ["over"])
    weigh_all(job, bea)
    assert steps.advance(job, "kitted", by=bea, at=AFTER_THE_PAUSE)


def test_in_german_too(bea):
    order = blocked_almonds(bea, locale="de")
    carry_out(order)
    assert "Mandeln, geröstet, ganz" in last_words(order)
    assert "wie du es erlaubt hast, warten wir auf Nachschub" in last_words(order)


@pytest.mark.parametrize("allowed", ["wait", "refund", "nearest"])
def test_a_bar_that_is_begun_can_only_wait_for_its_chocolate_and_the_customer_hears_it(bea, allowed):
    lot(bea)
    chocolate = lot(bea, DARK)
    order = paid(allowed=allowed)
    (job,) = jobs_of(order)
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    blocking.block(chocolate, "Smells strange", by=bea, at=LATER)
    assert (states(order), Message.objects.exists()) == (["open"], False)

    carry_out(order)
    carry_out(order)
    assert (states(order), Refund.objects.exists()) == (["waits"], False)
    assert "already begun, so we can only wait until more has come" in last_words(order)
    assert Message.objects.count() == 1
    assert questions.of(order, at=AFTER_THE_PAUSE) == []

    lot(bea, DARK, number="the next sack")
    shortage.look_after(DARK, at=AFTER_THE_PAUSE)
    job.refresh_from_db()
    assert (job.on_hold_since, states(order)) == (None, ["over"])


def test_chocolate_that_comes_at_once_is_no_reason_to_write(bea):
    lot(bea)
    chocolate = lot(bea, DARK)
    order = paid()
    (job,) = jobs_of(order)
    weigh_all(job, bea)
    steps.advance(job, "kitted", by=bea, at=LATER)
    blocking.block(chocolate, "Smells strange", by=bea, at=LATER)
    lot(bea, DARK, number="the next sack")

    carry_out(order)
    assert (states(order), Message.objects.exists()) == (["over"], False)


# ── Money back ───────────────────────────────────────────────────────────────────────────────────


def test_the_money_of_exactly_that_bar_goes_back_and_nothing_twice(bea):
    sack = lot(bea)
    order = paid((design(), 2), (design("Other", "milk_37", "raspberry_fd"), 1), allowed="refund")
    jobs = jobs_of(order)
    stock.waste(sack.module, mg=10 * KG - almonds_of(order), by=bea, at=LATER, lot=sack)
    shortage.look_after(ALMONDS, at=LATER)
    carry_out(order)
    carry_out(order)

    (refund,) = Refund.objects.all()
    line = order.lines.all()[0]
    assert (refund.reason, refund.total_cents) == ("ran_out", line.total_cents // 2)
    assert list(refund.lines.values_list("part", "cents")) == [(f"line-{line.pk}", line.total_cents // 2)]
    jobs[1].refresh_from_db()
    assert (jobs[1].job_state, jobs[1].scrap_reason) == ("scrapped", "left out")
    assert states(order) == ["paid_back"]
    assert stock.left([ALMONDS], at=AFTER_THE_PAUSE)[ALMONDS] == 0
    assert "as you allowed, we leave it out" in last_words(order)


def test_of_a_parcel_in_which_nothing_is_left_the_shipping_goes_back_too(bea):
    order = blocked_almonds(bea, allowed="refund")
    carry_out(order)
    assert Refund.objects.get().total_cents == order.total_cents


def test_where_there_is_no_payment_staff_see_that_it_failed(bea):
    order = blocked_almonds(bea, allowed="refund")
    order.payments.update(accepted=False)
    work = PendingWork.objects.get(kind="consent")
    PendingWork.objects.filter(pk=work.pk).update(try_at=MONDAY_NOON)

    tasks.carry_out(work.pk)

    work.refresh_from_db()
    assert work.last_error.startswith("NothingPaid")
    assert states(order) == ["open"]


# ── The nearest ──────────────────────────────────────────────────────────────────────────────────


def swapped(bea: User, *toppings: str, locale: str = "en") -> Order:
    bar = design("Ada", "dark_60", *(toppings or (ALMONDS, "raspberry_fd", "cranberry_dried")))
    sack = lot(bea, RASPBERRIES)
    order = paid((bar, 2), allowed="nearest", locale=locale)
    blocking.block(sack, "Glass", by=bea, at=LATER)
    carry_out(order)
    return order


def test_the_nearest_goes_in_and_the_label_names_nothing_that_was_not_agreed_to(bea):
    order = swapped(bea)
    assert states(order) == ["swapped", "swapped"]
    first = jobs_of(order)[0]
    stand_in = first.remake
    line = stand_in.order_line
    assert (first.job_state, first.scrap_reason, stand_in.job_state) == ("scrapped", "swapped", "queued")
    assert (line.instead_of, stand_in.ordered_line) == (first.order_line, first.order_line)
    before = facts_of(first.order_line.design.value, family_under(first.order_line.family_version))
    after = facts_of(line.design.value, family_under(line.family_version))
    assert set(after.contains) <= set(before.contains)
    for locale, label in line.labels.items():
        carried = first.order_line.labels[locale]
        assert set(label["allergens"]) <= set(carried["allergens"])
        assert set(label["may_contain"]) <= {*carried["allergens"], *carried["may_contain"]}
    assert RASPBERRIES not in {portion["module"] for portion in line.recipe}
    assert sum(portion["mg"] for portion in line.recipe) == line.net_mg == first.order_line.net_mg
    assert "we make it with this instead" in last_words(order)


def test_what_was_ordered_and_paid_stays_as_it_was(bea):
    order = swapped(bea)
    assert [(line.quantity, line.name) for line in order.lines.all()] == [(2, "Ada")]
    assert OrderLine.every.filter(order=order).count() == 3
    assert [(bar.index, bar.of, bar.swapped) for bar in progress(order)] == [(1, 2, True), (2, 2, True)]


def test_the_promise_moves_with_it_and_the_books_balance(bea):
    order = swapped(bea)
    moves = StockMove.objects.filter(order=order, stock=RASPBERRIES)
    assert sum(moves.values_list("mg", flat=True)) == 0
    kinds = sorted(moves.values_list("kind", flat=True))
    assert kinds == ["reserved", "returned", "returned"]


def test_a_substitute_of_which_there_is_not_enough_is_not_taken(bea):
    line = jobs_of(swapped(bea))[0].remake.order_line
    ordered = line.instead_of
    assert ordered is not None
    new = ({p["module"] for p in line.recipe} - {p["module"] for p in ordered.recipe}).pop()
    needed = next(p["mg"] for p in line.recipe if p["module"] == new)
    bar = design("Grace", "dark_60", ALMONDS, RASPBERRIES, "cranberry_dried")
    blocking.unblock(Lot.objects.get(stock=RASPBERRIES), by=bea, at=LATER)
    second = paid((bar, 2), allowed="nearest")
    stock.count(Module.objects.get(key=new), mg=needed, by=bea, at=LATER)
    blocking.block(Lot.objects.get(stock=RASPBERRIES), "Again", by=bea, at=LATER)

    carry_out(second)

    stand_ins = OrderLine.every.filter(order=second).exclude(instead_of=None)
    assert [new in {p["module"] for p in line.recipe} for line in stand_ins].count(True) == 1
    assert stock.left([new], at=AFTER_THE_PAUSE)[new] == 0


def test_the_stand_in_is_made_labelled_and_sent_by_its_own_recipe(bea):
    order = swapped(bea)
    for job in jobs_of(order):
        if job.job_state != "scrapped":
            bring_to(job, "wrapped", bea)
    job = Job.objects.filter(order_line__order=order, job_state="wrapped")[0]
    printed = labels.current_of(job)
    assert printed is not None
    assert printed.text == job.order_line.labels[printed.locale]
    assert RASPBERRIES not in {wanted.module for wanted in kitting.wanted(job, "en")}
    assert tickets.render(job).startswith(b"%PDF")


# ── Asked ────────────────────────────────────────────────────────────────────────────────────────


def asked(bea: User, locale: str = "en") -> Order:
    """Dark chocolate has run out, and nothing may stand in for what a bar is poured of."""
    sack = lot(bea, DARK)
    order = paid(allowed="nearest", locale=locale)
    blocking.block(sack, "Metal", by=bea, at=LATER)
    carry_out(order)
    return order


def test_where_nothing_fits_the_customer_is_asked_and_chooses_without_a_script(bea, client: Client):
    order = asked(bea)
    assert states(order) == ["asked"]
    assert "so we ask you" in last_words(order)
    page = client.get(f"/orders/{order.token}/").content.decode()
    assert f"/orders/{order.token}/missing/" in page

    form = client.get(f"/orders/{order.token}/missing/").content.decode()
    key = form.split('name="bars" value="')[1].split('"')[0]
    assert client.post(f"/orders/{order.token}/missing/", {"bars": key}).status_code == 422
    answer = client.post(f"/orders/{order.token}/missing/", {"bars": key, "choice": "refund"})
    assert (answer.status_code, states(order), Refund.objects.count()) == (303, ["paid_back"], 1)
    again = client.post(f"/orders/{order.token}/missing/", {"bars": key, "choice": "refund"})
    assert (again.status_code, Refund.objects.count()) == (303, 1)
    assert RunOutBar.objects.get().answered_at is not None


def test_who_waits_may_take_something_else_that_says_what_is_new_about_it(bea, client: Client):
    order = blocked_almonds(bea)
    carry_out(order)
    (question,) = questions.of(order, at=AFTER_THE_PAUSE)
    assert question.choices
    questions.answer(order, question.key, question.choices[0].key, at=AFTER_THE_PAUSE)

    assert states(order) == ["swapped"]
    line = OrderLine.every.get(order=order, instead_of__isnull=False)
    assert question.choices[0].key in {portion["module"] for portion in line.recipe}
    assert "as you chose" in last_words(order)
    shown = client.get(f"/orders/{order.token}/").content.decode()
    assert "Made with something else" in shown


# ── More than one thing ──────────────────────────────────────────────────────────────────────────

BOTH = "Roasted almonds, whole · Freeze-dried raspberry pieces"


def lacking_two(bea: User, *more, allowed: str, locale: str = "en") -> Order:
    """Ada's bar lacks almonds and raspberries; what else is ordered may lack one of them."""
    sacks = [lot(bea, ALMONDS), lot(bea, RASPBERRIES)]
    bar = design("Ada", "dark_60", ALMONDS, RASPBERRIES, "cranberry_dried")
    order = paid((bar, 1), *more, allowed=allowed, locale=locale)
    for sack in sacks:
        blocking.block(sack, "Smells strange", by=bea, at=LATER)
    return order


def test_a_bar_that_lacks_two_things_is_offered_nothing_that_could_not_be_made(bea, client: Client):
    order = lacking_two(bea, allowed="nearest")
    carry_out(order)

    assert states(order) == ["asked"]
    (question,) = questions.of(order, at=AFTER_THE_PAUSE)
    assert question.choices == ()
    shown = client.get(f"/orders/{order.token}/missing/").content.decode()
    assert "Ingredients have run out" in shown
    assert "More than one ingredient is missing" in shown
    questions.answer(order, question.key, "refund", at=AFTER_THE_PAUSE)
    assert states(order) == ["paid_back"]


@pytest.mark.parametrize("allowed", ["wait", "nearest"])
def test_all_that_a_bar_lacks_is_named_wherever_one_of_it_is(bea, client: Client, allowed):
    order = lacking_two(bea, allowed=allowed)
    carry_out(order)
    (job,) = jobs_of(order)
    (said,) = Message.objects.filter(order=order).values_list("words", flat=True)
    assert said.startswith(f"Ingredients of your order have run out: {BOTH}.")
    client.force_login(bea)
    for page in (f"orders/{order.token}", f"orders/{order.token}/missing", f"floor/jobs/{job.code}"):
        assert BOTH in client.get(f"/{page}/").content.decode(), page
    for page in (f"job/{job.pk}/change", f"order/{order.pk}/release"):
        assert BOTH in client.get(f"/admin/orders/{page}/").content.decode(), page


@pytest.mark.parametrize("page", ["/orders/{}/", "/orders/{}/missing/"])
def test_naming_it_costs_as_many_queries_for_three_bars_as_for_one(bea, client: Client, page):
    sacks = [lot(bea, ALMONDS), lot(bea, RASPBERRIES)]
    bar = design("Ada", "dark_60", ALMONDS, RASPBERRIES, "cranberry_dried")
    orders = [paid((bar, number)) for number in (1, 3)]
    for sack in sacks:
        blocking.block(sack, "Smells strange", by=bea, at=LATER)
    asked = []
    for order in orders:
        carry_out(order)
        client.get(page.format(order.token))
        with CaptureQueriesContext(connection) as queries:
            assert BOTH in client.get(page.format(order.token)).content.decode()
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_in_german_all_of_it_too(bea, client: Client):
    order = lacking_two(bea, allowed="nearest", locale="de")
    carry_out(order)
    gone = "Mandeln, geröstet, ganz · Himbeerstücke, gefriergetrocknet"
    assert last_words(order).startswith(f"Zutaten deiner Bestellung sind ausgegangen: {gone}.")
    shown = client.get(f"/de/orders/{order.token}/missing/").content.decode()
    assert gone in shown


def test_of_several_bars_each_is_named_with_what_it_lacks_in_one_mail_and_one_refund(bea, client: Client):
    grace = design("Grace", "dark_60", ALMONDS)
    order = lacking_two(bea, (grace, 2), (design("Mary", "milk_37", "cranberry_dried"), 1), allowed="refund")
    carry_out(order)

    (said,) = Message.objects.filter(order=order).values_list("words", flat=True)
    missing, made, _back = said.split("\n\n")
    assert missing.splitlines() == [
        "Ingredients of your order have run out:", f"Ada: {BOTH}", "2 × Grace: Roasted almonds, whole",
    ]  # fmt: skip
    assert made == "Ada, 2 × Grace: as you allowed, we leave it out."
    (refund,) = Refund.objects.all()
    assert refund.total_cents == sum(line.total_cents for line in order.lines.all()[:2])


def test_who_runs_out_of_different_things_at_once_is_told_and_paid_once(bea):
    sacks = [lot(bea, ALMONDS), lot(bea, RASPBERRIES)]
    grace, mary = design("Grace", "dark_60", ALMONDS), design("Mary", "milk_37", RASPBERRIES)
    order = paid((grace, 1), (mary, 1), (design("Ada", "dark_60", "cranberry_dried"), 1), allowed="refund")
    for sack in sacks:
        blocking.block(sack, "Smells strange", by=bea, at=LATER)
    carry_out(order)

    assert (RunOut.objects.count(), Message.objects.count(), Refund.objects.count()) == (2, 1, 1)
    assert "Grace: Roasted almonds, whole\nMary: Freeze-dried raspberry pieces\n\n" in last_words(order)


def test_what_ran_out_a_moment_ago_keeps_its_own_pause(bea):
    sacks = [lot(bea, ALMONDS), lot(bea, RASPBERRIES)]
    order = paid((design("Grace", "dark_60", ALMONDS), 1), (design("Mary", "milk_37", RASPBERRIES), 1))
    blocking.block(sacks[0], "Smells strange", by=bea, at=LATER)
    blocking.block(sacks[1], "Glass", by=bea, at=AFTER_THE_PAUSE)
    allowed.carry_out(RunOut.objects.get(module=ALMONDS), at=AFTER_THE_PAUSE)
    assert states(order) == ["waits", "open"]


def test_who_waits_for_two_things_waits_on_when_the_first_has_come_and_hears_it_once(bea):
    order = lacking_two(bea, allowed="wait")
    carry_out(order)
    lot(bea, ALMONDS, number="the next sack")
    shortage.look_after(ALMONDS, at=AFTER_THE_PAUSE)
    carry_out(order)

    (job,) = jobs_of(order)
    assert (job.missing, states(order), Message.objects.count()) == (RASPBERRIES, ["over", "waits"], 1)
    lot(bea, RASPBERRIES, number="the next sack")
    shortage.look_after(RASPBERRIES, at=AFTER_THE_PAUSE)
    job.refresh_from_db()
    assert (job.on_hold_since, states(order)) == (None, ["over", "over"])


def test_who_was_asked_about_two_things_gets_the_nearest_once_one_of_them_is_back(bea):
    """It was allowed, and only now it can be done; after a pause of its own."""
    order = lacking_two(bea, allowed="nearest")
    carry_out(order)
    lot(bea, ALMONDS, number="the next sack")
    shortage.look_after(ALMONDS, at=AFTER_THE_PAUSE)
    assert states(order) == ["over", "open"]
    carry_out(order)
    assert states(order) == ["over", "swapped"]


def test_what_is_missing_for_another_bar_alone_keeps_nobody_from_a_swap(bea):
    """Nobody is offered cranberries any more, but those that are left are for the bar that is due first."""
    cranberries = lot(bea, "cranberry_dried")
    raspberries = lot(bea, RASPBERRIES)
    bar = design("Ada", "dark_60", ALMONDS, RASPBERRIES, "cranberry_dried")
    order = paid((bar, 1), (design("Mary", "milk_37", "cranberry_dried"), 1), allowed="nearest")
    first, _last = jobs_of(order)
    needed = next(p["mg"] for p in first.order_line.recipe if p["module"] == "cranberry_dried")
    stock.count(cranberries.module, mg=needed, by=bea, at=LATER, lot=cranberries)
    blocking.block(raspberries, "Glass", by=bea, at=LATER)
    allowed.carry_out(RunOut.objects.get(module=RASPBERRIES), at=AFTER_THE_PAUSE)
    assert states(order) == ["swapped"]


def test_what_is_not_offered_cannot_be_chosen(bea, client: Client):
    order = asked(bea)
    (question,) = questions.of(order, at=AFTER_THE_PAUSE)
    with pytest.raises(questions.ChangedMeanwhile):
        questions.answer(order, question.key, "gold_leaf", at=AFTER_THE_PAUSE)
    other = paid((design("Grace", "milk_37", RASPBERRIES), 1))
    with pytest.raises(questions.ChangedMeanwhile):
        questions.answer(other, question.key, "wait", at=AFTER_THE_PAUSE)
    assert client.get(f"/orders/{other.token}/missing/").status_code == 303


# ── Two workers ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_workers_carry_it_out_once(transactional_db, bea):
    order = blocked_almonds(bea, (design(), 2), allowed="refund")
    run_out = RunOut.objects.get(order=order)

    done = in_threads(2, lambda _number: len(allowed.carry_out(run_out, at=AFTER_THE_PAUSE)))

    assert sorted(done) == [0, 2]
    assert (Refund.objects.count(), Message.objects.count()) == (1, 1)
    assert states(order) == ["paid_back", "paid_back"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_put_each_bar_on_hold_once(transactional_db, bea, monkeypatch):
    """Both have seen the same bars before either holds one."""
    lot(bea, mg=10 * KG)
    order = paid((design(), 2))
    stock.count(Module.objects.get(key=ALMONDS), mg=0, by=bea, at=LATER, lot=order_lot())
    monkeypatch.setattr(books, "without", all_look_first(books.without, 2))

    held = in_threads(2, lambda _number: shortage.look_after(ALMONDS, at=LATER))

    assert sorted(held) == [0, 2]
    assert states(order) == ["open", "open"]


# ── For staff ────────────────────────────────────────────────────────────────────────────────────


def test_the_order_tells_all_of_it(bea):
    order = swapped(bea)
    told = [f"{event.words} {event.note}" for event in timeline.of(order, bea)]
    name = str(Module.objects.get(key=RASPBERRIES))
    assert sum(words.strip().endswith(f"lacks: {name}") for words in told) == 2
    assert any("made with something else" in words for words in told)
    events = JobEvent.objects.filter(job__order_line__order=order, to_state="scrapped")
    assert list(events.values_list("note", flat=True)) == ["swapped", "swapped"]


def test_a_person_who_lets_it_go_on_ends_what_would_happen_and_the_books_hold_it_anew(bea, client: Client):
    """Until the shelf is counted: whoever knows better says so there."""
    order = blocked_almonds(bea, allowed="refund")
    client.force_login(bea)
    (job,) = jobs_of(order)
    client.post(f"/floor/jobs/{job.code}/holds/removal/")
    carry_out(order)
    assert (states(order), Refund.objects.count()) == (["over", "open"], 0)

    stock.count(Module.objects.get(key=ALMONDS), mg=KG, by=bea, at=AFTER_THE_PAUSE)
    shortage.look_after(ALMONDS, at=AFTER_THE_PAUSE)
    assert states(order) == ["over", "over"]


def test_whom_the_office_lets_go_on_the_books_hold_anew(bea, client: Client):
    order = blocked_almonds(bea)
    carry_out(order)
    client.force_login(bea)
    address = f"/admin/orders/order/{order.pk}/release/"
    seen = client.get(address).content.decode().split('name="seen" value="')[1].split('"')[0]
    client.post(address, {"seen": seen})
    assert states(order) == ["over"]

    shortage.look_after(ALMONDS, at=AFTER_THE_PAUSE)
    assert states(order) == ["over", "open"]
