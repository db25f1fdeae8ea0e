"""A lot is blocked or called back: nothing goes on with it, who has a bar is found, and told after a second yes."""

from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from configurator.catalogue import sold_out
from configurator.catalogue.families import current_family
from orders import stock
from orders.models import Job, Letter, Lot, Order, Recall, RecallNotice, StockMove
from orders.office.staff_groups import ensure_groups
from orders.papers import recall_report
from orders.production import blocking, fills, kitting, pouring, recall, steps, trace
from orders.production.blocking import BlockedAlready, Stopped
from orders.production.recall import NothingToTell, RecalledAlready
from orders.production.refusals import NotWeighed
from orders.production.release import release
from tests.orders.lots import ALMONDS, DARK, KG, RASPBERRIES, filled, lot, weigh_all
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, placed_order

LATER = MONDAY_NOON + timedelta(hours=1)


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_user("bea", is_staff=True)


@pytest.fixture
def sacks(bea: User) -> dict[str, Lot]:
    return {module: lot(bea, module) for module in (ALMONDS, RASPBERRIES, DARK)}


def paid(bars: int = 1, locale: str = "en") -> Order:
    order = placed_order((design(), bars), locale=locale)
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        stock.promise_to(order, at=MONDAY_NOON)
        release(order)
    return order


def made(order: Order, sacks: dict[str, Lot], bea: User, state: str = "shipped") -> list[Job]:
    """All bars of it, weighed and poured from what is there, brought this far together."""
    jobs = jobs_of(order)
    for job in jobs:
        weigh_all(job, bea)
        steps.advance(job, "kitted", by=bea, at=LATER)
        pouring.pour(job, fills.open_fill("T1") or filled(bea, (sacks[DARK], KG)), by=bea, at=LATER)
    for step in ("moulded", "topped", "cooling", "wrapped", "packed", "shipped"):
        for job in jobs:
            bring_to(job, step, bea)
        if step == state:
            break
    return jobs


def left(module: str = ALMONDS) -> int:
    return stock.left([module], at=MONDAY_NOON)[module]


def on_hold() -> set[Job]:
    return set(Job.objects.exclude(on_hold_since=None))


# ── Blocking ─────────────────────────────────────────────────────────────────────────────────────


def test_a_blocked_lot_is_promised_to_nobody_until_it_was_nothing(sacks, bea):
    second = lot(bea, mg=KG)
    blocking.block(sacks[ALMONDS], "Smells strange", by=bea, at=LATER)
    assert (left(), stock.on_hand([ALMONDS])[ALMONDS]) == (KG, 11 * KG)
    with pytest.raises(BlockedAlready):
        blocking.block(sacks[ALMONDS], "Again", by=bea, at=LATER)

    stock.waste(second.module, mg=3 * KG, by=bea, at=LATER, note="sample", lot=sacks[ALMONDS])
    assert left() == KG

    assert blocking.unblock(sacks[ALMONDS], by=bea, at=LATER)
    assert not blocking.unblock(sacks[ALMONDS], by=bea, at=LATER)
    assert left() == 8 * KG


def test_what_was_the_last_of_it_leaves_the_studio_at_once(sacks, bea):
    family = sold_out.as_offered(current_family("bar-100"))
    assert ALMONDS not in sold_out.gone(family)

    blocking.block(sacks[ALMONDS], "Salmonella", by=bea, at=LATER)
    assert ALMONDS in sold_out.gone(sold_out.as_offered(current_family("bar-100")))

    lot(bea)
    assert ALMONDS not in sold_out.gone(sold_out.as_offered(current_family("bar-100")))


def test_what_is_in_a_temperer_is_put_aside_too_until_it_is_emptied(sacks, bea):
    fill = filled(bea, (sacks[DARK], 4 * KG))
    blocking.block(sacks[DARK], "Metal", by=bea, at=LATER)
    assert left(DARK) == 0

    fills.empty(fill, by=bea, at=LATER)
    assert (left(DARK), stock.on_hand([DARK])[DARK]) == (0, 6 * KG)


def test_bars_with_it_wait_and_so_do_those_that_are_due_last_for_want_of_it(sacks, bea):
    begun, waiting, last = jobs_of(paid(3))
    weigh_all(begun, bea)
    steps.advance(begun, "kitted", by=bea, at=LATER)
    need = next(each.target_mg for each in kitting.wanted(waiting, "en") if each.module == ALMONDS)
    lot(bea, mg=need, number="a last handful")

    assert blocking.block(sacks[ALMONDS], "Glass", by=bea, at=LATER) == Stopped(with_it=1, without_enough=1)
    assert on_hold() == {begun, last}
    begun.refresh_from_db()
    assert begun.missing == ALMONDS


def test_no_bar_goes_on_with_a_blocked_lot_whoever_lets_it(sacks, bea):
    (job,) = made(paid(), sacks, bea, "topped")
    blocking.block(sacks[ALMONDS], "Glass", by=bea, at=LATER)
    assert steps.go_on(job)

    with pytest.raises(NotWeighed) as stop:
        steps.advance(job, "cooling", by=bea, at=LATER)
    assert "Glass" in str(stop.value)
    blocking.unblock(sacks[ALMONDS], by=bea, at=LATER)
    assert steps.advance(job, "cooling", by=bea, at=LATER)


def test_what_is_past_its_date_is_put_aside_by_itself(sacks, bea):
    assert blocking.block_expired(at=MONDAY_NOON) == 0
    next_summer = MONDAY_NOON + timedelta(days=300)
    assert blocking.block_expired(at=next_summer) == 3
    assert blocking.block_expired(at=next_summer) == 0
    assert left() == 0
    assert Lot.objects.filter(blocked_by=None, blocked_why=blocking.EXPIRED).count() == 3


# ── Recalling ────────────────────────────────────────────────────────────────────────────────────


def test_an_exercise_finds_everything_and_changes_nothing(sacks, bea):
    sent, here = paid(2), paid()
    made(sent, sacks, bea)
    made(here, sacks, bea, "topped")
    moves = StockMove.objects.count()
    letters = Letter.objects.count()

    found = recall.mock(sacks[DARK], "Once a year", by=bea, at=LATER)

    assert {key: found.figures[key] for key in ("bars", "orders", "sent")} == {
        "bars": 3,
        "orders": 2,
        "sent": 2,
    }
    assert found.figures["by_state"] == {"shipped": 2, "topped": 1}
    assert (StockMove.objects.count(), Letter.objects.count(), on_hold()) == (moves, letters, set())
    assert not Lot.objects.exclude(blocked_at=None).exists()
    with pytest.raises(NothingToTell):
        recall.tell(found, by=bea, at=LATER)


def test_the_balance_is_even_to_the_milligram(sacks, bea):
    made(paid(2), sacks, bea)
    almonds = sacks[ALMONDS]
    stock.waste(almonds.module, mg=12_345, by=bea, at=LATER, note="spilt", lot=almonds)
    stock.count(almonds.module, mg=9 * KG, by=bea, at=LATER, lot=almonds)

    balance = trace.balance(almonds)
    assert balance.is_even
    assert (balance.received_mg, balance.wasted_mg, balance.on_shelf_mg) == (10 * KG, 12_345, 9 * KG)
    assert balance.in_bars_mg == sum(
        dose.actual_mg for job in jobs_of(Order.objects.get()) for dose in job.doses.filter(lot=almonds)
    )
    assert trace.balance(sacks[DARK]).in_temperers_mg == KG


def test_a_recall_stops_first_and_tells_after_a_second_yes_and_once(sacks, bea):
    sent, german, here, other = paid(2), paid(locale="de"), paid(), paid()
    for order in (sent, german):
        made(order, sacks, bea)
    (stopped,) = made(here, sacks, bea, "topped")
    letters = Letter.objects.count()

    called = recall.recall(sacks[ALMONDS], "Salmonella", by=bea, at=LATER)
    assert stopped in on_hold()
    assert Letter.objects.count() == letters
    with pytest.raises(RecalledAlready):
        recall.recall(sacks[ALMONDS], "Salmonella", by=bea, at=LATER)

    assert recall.tell(called, by=bea, at=LATER) == 2
    with pytest.raises(NothingToTell):
        recall.tell(called, by=bea, at=LATER)

    assert set(RecallNotice.objects.values_list("order", flat=True)) == {sent.pk, german.pk}
    assert Letter.objects.count() == letters + 2
    words = told(sent)
    assert words.startswith(f"Important: please do not eat these bars of your order {sent.number}: Ada (")
    assert "Salmonella" not in words
    assert "Wichtig" in told(german)
    assert not other.messages.exists()


def told(order: Order) -> str:
    message = RecallNotice.objects.get(order=order).message
    assert message is not None
    return message.words


def test_contacts_stand_on_paper_only_for_who_may_see_orders(sacks, bea):
    made(paid(), sacks, bea)
    found = recall.mock(sacks[ALMONDS], "Exercise", by=bea, at=LATER)

    with_them = text(recall_report.pdf(found, with_contacts=True))
    without = text(recall_report.pdf(found, with_contacts=False))
    for said in (
        sacks[ALMONDS].code,
        "Mandorle Sud",
        jobs_of(Order.objects.get())[0].code,
        "10000 g",
    ):
        assert said in with_them.replace("\n", "")
        assert said in without.replace("\n", "")
    assert "ada@example.org" in with_them
    assert "ada@" not in without


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_one_command_exercises_it(sacks, bea, tmp_path: Path):
    made(paid(), sacks, bea)
    said, report = StringIO(), tmp_path / "report.pdf"
    call_command("mock_recall", sacks[ALMONDS].code.lower(), report=report, stdout=said)

    assert "1 bars, 1 orders, 1 sent" in said.getvalue()
    assert "received: 10000 g" in said.getvalue()
    assert report.read_bytes().startswith(b"%PDF")
    assert Recall.objects.get().is_mock
    with pytest.raises(CommandError):
        call_command("mock_recall", "L-AAA-AAAA")


# ── In the office ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def colleague(client: Client, bea: User):
    ensure_groups()

    def sign_in(group: str) -> Client:
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return client

    return sign_in


def where(sack: Lot) -> str:
    return f"/admin/orders/lot/{sack.pk}/where/"


def press(client: Client, sack: Lot, act: str, why: str = "Exercise"):
    return client.post(f"/admin/orders/lot/{sack.pk}/stops/", {"act": act, "why": why}, follow=True)


def test_the_floor_sees_bars_and_no_contacts_and_cannot_tell(sacks, bea, colleague):
    order = paid()
    (job,) = made(order, sacks, bea)
    floor = colleague("production")
    shown = floor.get(where(sacks[ALMONDS])).content.decode()

    assert job.code in shown
    assert order.number in shown
    assert order.email not in shown
    assert press(floor, sacks[ALMONDS], "recall", "Salmonella").status_code == 200
    called = Recall.objects.get()
    assert floor.get(f"/admin/orders/recall/{called.pk}/telling/").status_code == 403
    report = floor.get(f"/admin/orders/recall/{called.pk}/report.pdf")
    assert order.email not in text(report.content)


def test_an_owner_tells_after_typing_the_code(sacks, bea, colleague):
    order = paid()
    made(order, sacks, bea)
    owner = colleague("owner")
    assert order.email in owner.get(where(sacks[ALMONDS])).content.decode()
    press(owner, sacks[ALMONDS], "recall", "Salmonella")
    page = f"/admin/orders/recall/{Recall.objects.get().pk}/telling/"

    assert "please do not eat these bars" in owner.get(page).content.decode()
    assert owner.post(page, {"code": "L-AAA-AAAA"}).status_code == 422
    assert not RecallNotice.objects.exists()
    assert owner.post(page, {"code": sacks[ALMONDS].code.lower()}).status_code == 302
    assert RecallNotice.objects.get().order == order
    assert owner.get(page).status_code == 302


def test_each_button_does_what_it_says_and_wants_a_reason(sacks, bea, colleague):
    floor = colleague("production")
    almonds = sacks[ALMONDS]
    assert press(floor, almonds, "block", "").status_code == 422
    assert "Blocked." in press(floor, almonds, "block", "Moths").content.decode()
    assert "It is blocked already." in press(floor, almonds, "block", "Moths").content.decode()
    assert "This lot is blocked: Moths" in floor.get(where(almonds)).content.decode()
    assert "It may be used again." in press(floor, almonds, "unblock").content.decode()
    press(floor, almonds, "mock")
    assert Recall.objects.get().is_mock
    assert floor.get(f"/admin/orders/lot/{almonds.pk}/stops/").status_code == 403
    assert (
        colleague("support").post(f"/admin/orders/lot/{almonds.pk}/stops/", {"act": "block"}).status_code
        == 403
    )


def test_the_page_of_a_lot_asks_the_same_for_one_order_and_for_three(
    sacks, bea, colleague, django_assert_max_num_queries
):
    owner = colleague("owner")
    for _each in range(3):
        made(paid(2), sacks, bea)
        with django_assert_max_num_queries(16):
            assert owner.get(where(sacks[ALMONDS])).status_code == 200
