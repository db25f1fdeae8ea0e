"""A job moves only as the bar itself can: one step at a time, taken by one person, never back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from configurator.domain.codes import CodeMistyped
from orders.models import Job, JobEvent, Order
from orders.models.append_only import RecordIsAppendOnly
from orders.models.production import new_job_code, read_job_code
from orders.production import refusals, steps
from orders.production.progress import is_shipped, progress
from orders.production.steps import WAY
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, only_job, operator, paid_order

LATER = MONDAY_NOON + timedelta(hours=2)
pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(db: None) -> User:
    return operator("bea")


@pytest.fixture
def cem(db: None) -> User:
    return operator("cem")


def states(order: Order) -> list[str]:
    return [job.job_state for job in jobs_of(order)]


def history(job: Job) -> list[tuple[str, str, str]]:
    return [(event.from_state, event.to_state, str(event.by or "")) for event in job.events.all()]


def test_a_bar_goes_its_way_step_by_step(bea):
    job = only_job(paid_order())

    bring_to(job, "shipped", bea)

    assert history(job) == [
        ("", "queued", ""),
        ("queued", "kitted", "bea"),
        ("kitted", "moulded", "bea"),
        ("moulded", "topped", "bea"),
        ("topped", "cooling", "bea"),
        ("cooling", "demoulded", "bea"),
        ("demoulded", "checked", "bea"),
        ("checked", "wrapped", "bea"),
        ("wrapped", "packed", "bea"),
        ("packed", "shipped", "bea"),
    ]


def test_a_double_scan_is_one_step(bea):
    job = only_job(paid_order())

    assert steps.advance(job, "kitted", by=bea, at=MONDAY_NOON) is True
    assert steps.advance(job, "kitted", by=bea, at=LATER) is False

    assert history(job) == [("", "queued", ""), ("queued", "kitted", "bea")]


def test_two_operators_cannot_take_the_same_step(bea, cem, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    job = only_job(paid_order())
    steps.advance(job, "kitted", by=bea, at=MONDAY_NOON)

    with pytest.raises(refusals.StepTaken) as refusal:
        steps.advance(job, "kitted", by=cem, at=LATER)

    assert refusal.value.words == "bea already marked this bar as kitted at 13:00."


@pytest.mark.parametrize(
    ("at", "to", "words"),
    [
        ("queued", "moulded", "This bar is queued. Its next step is: kitted."),
        ("kitted", "wrapped", "This bar is kitted. Its next step is: moulded."),
        ("cooling", "shipped", "This bar is cooling. Its next step is: demoulded."),
    ],
)
def test_no_step_is_left_out(bea, at, to, words):
    job = only_job(paid_order())
    bring_to(job, at, bea)

    with pytest.raises(refusals.StepOutOfTurn) as refusal:
        steps.advance(job, to, by=bea, at=LATER)

    assert refusal.value.words == words
    assert Job.objects.get(pk=job.pk).job_state == at


def test_a_bar_is_packed_when_all_bars_of_its_order_are_wrapped(bea):
    order = paid_order((design(), 2))
    first, second = jobs_of(order)
    bring_to(first, "wrapped", bea)
    bring_to(second, "cooling", bea)

    with pytest.raises(refusals.PackedBeforeAllWrapped) as refusal:
        steps.advance(first, "packed", by=bea, at=LATER)

    assert refusal.value.words == (
        f"The bars of a parcel travel together, and 1 of them is not wrapped yet: {second.code}."
    )
    bring_to(second, "wrapped", bea)
    assert steps.advance(first, "packed", by=bea, at=LATER) is True


def test_a_parcel_ships_when_all_its_bars_are_in_it(bea):
    order = paid_order((design(), 2))
    first, second = jobs_of(order)
    for job in (first, second):
        bring_to(job, "wrapped", bea)
    bring_to(first, "packed", bea)

    with pytest.raises(refusals.ShippedBeforeAllPacked) as refusal:
        steps.advance(first, "shipped", by=bea, at=LATER)

    assert refusal.value.words == (
        f"The bars of a parcel travel together, and 1 of them is not packed yet: {second.code}."
    )


def test_one_scan_ships_the_whole_parcel(bea):
    order = paid_order((design(), 2), (design("Crunch", "milk_37", "cornflakes"), 1))
    for job in jobs_of(order):
        bring_to(job, "wrapped", bea)
    for job in jobs_of(order):
        bring_to(job, "packed", bea)

    steps.advance(jobs_of(order)[0], "shipped", by=bea, at=LATER)

    assert states(order) == ["shipped", "shipped", "shipped"]
    assert is_shipped(progress(order))


def test_another_order_does_not_hold_up_a_parcel(bea):
    waiting = paid_order()
    order = paid_order()

    bring_to(only_job(order), "shipped", bea)

    assert (states(order), states(waiting)) == (["shipped"], ["queued"])


def test_a_scrapped_bar_gets_exactly_one_remake(bea):
    order = paid_order()
    job = only_job(order)
    bring_to(job, "topped", bea)

    first = steps.scrap(job, "broken:  corner off", by=bea, at=LATER)
    again = steps.scrap(job, "broken", by=bea, at=LATER)

    scrapped, remake = jobs_of(order)
    assert (first.remake, again.remake, first.first_time, again.first_time) == (remake, remake, True, False)
    assert (scrapped.job_state, scrapped.scrap_reason, scrapped.scrap_station) == (
        "scrapped",
        "broken: corner off",
        "topped",
    )
    assert (remake.job_state, remake.remake_of, remake.due_on, remake.place, remake.base) == (
        "queued",
        scrapped,
        scrapped.due_on,
        scrapped.place,
        scrapped.base,
    )
    assert remake.order_line == scrapped.order_line
    assert remake.code != scrapped.code


def test_a_remake_is_owed_its_own_picture_and_ticket(bea):
    job = only_job(paid_order())
    bring_to(job, "kitted", bea)

    remake = steps.scrap(job, "dropped", by=bea, at=LATER).remake

    assert sorted(remake.work.values_list("kind", flat=True)) == ["picture", "ticket"]


def test_a_remake_can_fail_too(bea):
    order = paid_order()
    job = only_job(order)
    bring_to(job, "kitted", bea)
    remake = steps.scrap(job, "dropped", by=bea, at=LATER).remake
    bring_to(remake, "cooling", bea)

    steps.scrap(remake, "bloom", by=bea, at=LATER)

    assert states(order) == ["scrapped", "scrapped", "queued"]
    bring_to(jobs_of(order)[2], "shipped", bea)
    assert progress(order)[0].remakes == 2


def test_a_parcel_waits_for_the_remake(bea):
    order = paid_order((design(), 2))
    first, second = jobs_of(order)
    for job in (first, second):
        bring_to(job, "wrapped", bea)
    for job in (first, second):
        bring_to(job, "packed", bea)
    remake = steps.scrap(first, "wrong topping", by=bea, at=LATER).remake

    with pytest.raises(refusals.ShippedBeforeAllPacked, match=remake.code):
        steps.advance(second, "shipped", by=bea, at=LATER)


@pytest.mark.parametrize(
    ("at", "reason", "refusal", "words"),
    [
        ("queued", "broken", refusals.ScrappedTooEarly, "Nothing has been made of this bar yet, so there is nothing to scrap."),
        ("shipped", "broken", refusals.ScrappedTooLate, "This bar has left the house; it cannot be scrapped here any more."),
        ("kitted", "  ", refusals.ScrappedWithoutReason, "Say what went wrong, so that it can be put right."),
    ],
)  # fmt: skip
def test_scrapping_is_refused_in_words(bea, at, reason, refusal, words):
    job = only_job(paid_order())
    bring_to(job, at, bea)

    with pytest.raises(refusal) as refused:
        steps.scrap(job, reason, by=bea, at=LATER)

    assert refused.value.words == words
    assert Job.objects.count() == 1


def test_a_scrapped_bar_points_to_its_remake(bea):
    job = only_job(paid_order())
    bring_to(job, "kitted", bea)
    remake = steps.scrap(job, "dropped", by=bea, at=LATER).remake

    with pytest.raises(refusals.StepOutOfTurn) as refusal:
        steps.advance(job, "moulded", by=bea, at=LATER)

    assert refusal.value.words == f"This bar was scrapped. Its remake has the ticket {remake.code}."


def test_nothing_more_is_made_for_a_refunded_order(bea):
    order = paid_order()
    order.mark_refunded(LATER)

    with pytest.raises(refusals.OrderIsClosed) as refusal:
        steps.advance(only_job(order), "kitted", by=bea, at=LATER)

    assert refusal.value.words == "The order is refunded: put the bar aside and ask the office."


def test_history_is_only_added_to(bea):
    event = only_job(paid_order()).events.get()

    with pytest.raises(RecordIsAppendOnly):
        event.save()
    with pytest.raises(RecordIsAppendOnly):
        event.delete()
    with pytest.raises(RecordIsAppendOnly):
        JobEvent.objects.filter(pk=event.pk).update(note="never was")
    with pytest.raises(RecordIsAppendOnly):
        JobEvent.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_hands_at_once_one_takes_the_step(bea, cem):
    job = only_job(paid_order())

    def press(user: User) -> str:
        try:
            return "moved" if steps.advance(job, "kitted", by=user, at=LATER) else "already"
        except refusals.StepTaken:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        outcomes = sorted(hands.map(press, [bea, cem] * 4))

    assert outcomes == ["already"] * 3 + ["moved"] + ["taken"] * 4
    assert JobEvent.objects.filter(job=job, to_state="kitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_scrapping_a_bar_while_its_parcel_ships_never_ships_a_parcel_that_is_short(bea, cem):
    for _round in range(5):
        order = paid_order((design(), 2))
        first, second = jobs_of(order)
        for state in ("wrapped", "packed"):
            for job in (first, second):
                bring_to(job, state, bea)

        def ship(second: Job = second) -> None:
            try:
                steps.advance(second, "shipped", by=bea, at=LATER)
            except refusals.ShippedBeforeAllPacked:
                pass
            finally:
                connection.close()

        def scrap(first: Job = first) -> None:
            try:
                steps.scrap(first, "dropped", by=cem, at=LATER)
            except refusals.ScrappedTooLate:
                pass
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as hands:
            for outcome in [hands.submit(ship), hands.submit(scrap)]:
                outcome.result()

        assert states(order) in (["shipped", "shipped"], ["scrapped", "packed", "queued"])


def test_the_customer_reads_where_each_bar_is(bea):
    order = paid_order((design("Ada"), 2))
    bring_to(jobs_of(order)[0], "moulded", bea, LATER)

    first, second = progress(order)

    assert (first.name, first.state, first.words, first.since) == (
        "Ada",
        "moulded",
        "The chocolate is in the mould",
        LATER,
    )
    assert (second.state, second.words, second.since) == (
        "queued",
        "Waiting for its turn in the kitchen",
        MONDAY_NOON,
    )
    assert [milestone.state for milestone in first.milestones] == ["queued", "kitted", "moulded"]
    assert not is_shipped((first, second))


def test_the_customer_is_told_honestly_of_a_remake(bea):
    order = paid_order()
    job = only_job(order)
    bring_to(job, "moulded", bea)
    steps.scrap(job, "bloom", by=bea, at=LATER)

    (bar,) = progress(order)

    assert (bar.state, bar.remakes, bar.remake_words) == (
        "queued",
        1,
        "The first one did not meet our standard, so we are making it again.",
    )


def test_an_unpaid_order_has_no_progress():
    assert progress(Order(pk=1)) == ()
    assert is_shipped(()) is False


@pytest.mark.parametrize("bars", [1, 3])
def test_progress_takes_two_queries(django_assert_num_queries, bars):
    order = paid_order((design(), bars))

    with django_assert_num_queries(2):
        assert len(progress(order)) == bars


def test_a_code_survives_a_hasty_reader_but_no_misreading():
    code = new_job_code()

    assert read_job_code(f" {code.lower().replace('-', ' ')} ") == code
    for place, sign in enumerate(code):
        if sign != "-":
            other = "2" if sign != "2" else "3"
            with pytest.raises(CodeMistyped):
                read_job_code(code[:place] + other + code[place + 1 :])


def test_every_state_but_scrapped_is_on_the_way():
    assert [str(state) for state in WAY] == [
        "queued",
        "kitted",
        "moulded",
        "topped",
        "cooling",
        "demoulded",
        "checked",
        "wrapped",
        "packed",
        "shipped",
    ]
