"""The law gives a way back for what nobody had made for themselves, for fourteen days, without an account."""

from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from configurator import designs
from orders import emails
from orders.after import withdrawing
from orders.after.withdrawing import Ground, last_day, right
from orders.models import Claim, Letter, Message, Order, Shipment
from orders.office.attention import attention
from shop import ready_bars
from shop.models import ReadyBar
from tests.orders.paid import design, operator, paid_order

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def order(catalogue: None) -> Order:
    """One of our ready bars as it is, and one of Ada's own."""
    ready_bars.load_written()
    ready = ReadyBar.objects.filter(design__canonical__contains="bar-100").first()
    assert ready
    return paid_order((ready.design.value, 1), (design("Mine"), 1), at=timezone.now())


def arrived(order: Order, days_ago: int) -> None:
    then = timezone.now() - timedelta(days=days_ago)
    Shipment.objects.filter(order=order).update(
        shipped_at=then, arrive_from=then.date(), arrive_until=then.date(), days_max=0
    )


def page_of(client, order: Order) -> str:
    return unescape(client.get(f"/orders/{order.token}/withdrawal/").content.decode())


def withdraws(client, order: Order, **typed: object) -> str:
    mine = [each.line.pk for each in withdrawing.rights(order, at=timezone.now()) if each.is_open]
    form = {"name": "Ada Lovelace", "lines": mine, **typed}
    answer = client.post(f"/orders/{order.token}/withdrawal/", form, follow=True)
    return unescape(answer.content.decode())


# ── The rule ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("personalised", "arrived_on", "today", "ground"),
    [
        (False, None, FRIDAY, Ground.OPEN),
        (False, FRIDAY, FRIDAY + timedelta(14), Ground.OPEN),
        (False, FRIDAY, FRIDAY + timedelta(15), Ground.OVER),
        (True, None, FRIDAY, Ground.PERSONALISED),
        (True, FRIDAY, FRIDAY, Ground.PERSONALISED),
    ],
)
def test_a_ready_bar_has_fourteen_days_and_a_bar_of_one_s_own_none(personalised, arrived_on, today, ground):
    assert right(personalised=personalised, last_arrival=arrived_on, today=today) is ground


@pytest.mark.parametrize(
    ("arrived_on", "ends"),
    [
        (date(2026, 11, 20), date(2026, 12, 4)),  # a Friday
        (date(2026, 11, 21), date(2026, 12, 7)),  # a Saturday
        (date(2026, 11, 22), date(2026, 12, 7)),  # a Sunday
        (None, None),
    ],
)
def test_an_end_on_a_weekend_moves_to_monday(arrived_on, ends):
    assert last_day(arrived_on) == ends


@pytest.mark.parametrize(
    ("arrived_on", "ends"),
    [
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas Day, a Saturday and a Sunday follow
        (date(2026, 12, 18), date(2027, 1, 4)),  # New Year's Day, then a weekend
        (date(2027, 3, 12), date(2027, 3, 30)),  # Good Friday to Easter Monday
        (date(2027, 3, 16), date(2027, 3, 30)),
    ],
)
def test_an_end_on_a_holiday_moves_to_the_next_working_day(catalogue, arrived_on, ends):
    holidays = withdrawing._holidays(arrived_on)
    assert last_day(arrived_on, holidays) == ends


def test_a_holiday_where_the_parcel_went_counts_too(catalogue):
    """8 December is a holiday in Vienna and none in Germany."""
    arrived_on = date(2027, 11, 24)
    assert last_day(arrived_on, withdrawing._holidays(arrived_on)) == date(2027, 12, 8)
    assert last_day(arrived_on, withdrawing._holidays(arrived_on, ["AT"])) == date(2027, 12, 9)


# ── The function ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_which_bars_have_a_right_and_which_not(client, order):
    page = page_of(client, order)
    assert page.count('name="lines"') == 1
    assert "Mine: made to your own design, and so exempt" in " ".join(
        page.replace("<strong>", "").replace("</strong>", "").split()
    )
    assert "Confirm withdrawal" in page
    assert Claim.objects.count() == 0


def test_whoever_confirms_gets_a_receipt_with_everything_in_it(client, order):
    assert "Your withdrawal is with us." in withdraws(client, order)
    claim = Claim.objects.get()
    ready = order.lines.exclude(name="Mine").get()
    assert (claim.kind, claim.name, [line.pk for line in claim.lines.all()]) == (
        "withdrawal",
        "Ada Lovelace",
        [ready.pk],
    )
    written = emails.mail(Letter.objects.get(kind="message"))
    assert written.to == [order.email]
    for told in (order.number, "Ada Lovelace", ready.name, "We have received your withdrawal"):
        assert told in written.body
    assert "Mine" not in written.body


def test_a_second_press_is_the_same_withdrawal(client, order):
    for _press in range(2):
        withdraws(client, order)
    assert Claim.objects.count() == Message.objects.count() == 1


def test_a_bar_of_one_s_own_cannot_be_slipped_in(client, order):
    mine = order.lines.get(name="Mine")
    answer = client.post(f"/orders/{order.token}/withdrawal/", {"name": "Ada", "lines": [mine.pk]})
    assert answer.status_code == 422
    assert Claim.objects.count() == 0


def test_when_the_time_is_over_the_page_says_so(client, order):
    arrived(order, days_ago=20)
    assert "the time to withdraw ended on" in page_of(client, order)
    assert "Confirm withdrawal" not in page_of(client, order)
    assert Claim.objects.count() == 0


def test_what_is_missing_is_told_and_the_rest_kept(client, order):
    page = withdraws(client, order, name="")
    assert "Write your name." in page
    assert "checked" in page


def test_a_ready_bar_stays_one_after_its_catalogue_has_moved_on(order):
    line = order.lines.exclude(name="Mine").get()
    ReadyBar.objects.filter(design=line.design).update(published=False)
    ours = [each.line.pk for each in withdrawing.rights(order, at=timezone.now()) if each.is_open]
    assert ours == [line.pk]


def test_a_ready_bar_with_another_name_is_one_s_own(catalogue):
    ready_bars.load_written()
    renamed = ReadyBar.objects.all()[0].design.value.named("For Ben")
    designs.save(renamed)
    order = paid_order((renamed, 1), at=timezone.now())
    assert [each.ground for each in withdrawing.rights(order, at=timezone.now())] == [Ground.PERSONALISED]


# ── Without the order's page ─────────────────────────────────────────────────────────────────────


def by_number(client, order: Order, **typed: str) -> str:
    form = {"name": "Ada Lovelace", "number": order.number, "email": order.email, **typed}
    return unescape(client.post("/withdrawal/", form).content.decode())


def test_it_is_at_the_foot_of_every_page_and_needs_no_account(client, order):
    home = client.get("/").content.decode()
    assert '<a href="/withdrawal/">Withdraw from contract here</a>' in home
    assert "Vertrag widerrufen" in client.get("/de/").content.decode()
    page = by_number(client, order, number=f" {order.number.lower()} ", email=order.email.upper())
    assert "Your withdrawal is with us." in page
    assert "Mine" not in page
    assert Claim.objects.get().order == order


def test_a_number_and_an_address_that_do_not_belong_together_open_nothing(client, order):
    assert "No order has this number and this address." in by_number(client, order, email="eve@example.org")
    assert "No order has this number and this address." in by_number(client, order, number="C-22222222")
    assert Claim.objects.count() == 0


def test_numbers_cannot_be_tried_out(client, order):
    tried = [
        client.post("/withdrawal/", {"name": "x", "number": "C-2", "email": "a@b.de"}).status_code
        for _one in range(21)
    ]
    assert tried == [422] * 20 + [429]


def test_where_there_is_no_right_the_page_says_so(client, catalogue):
    mine = paid_order((design("Mine"), 1), at=timezone.now())
    assert "For these bars there is no right of withdrawal" in by_number(client, mine)


def test_the_office_sees_what_waits(client, order):
    withdraws(client, order)
    sue = operator("sue", "view_claim")
    assert [count for _words, count, address in attention(sue) if "/claim/" in address] == [1]
    assert isinstance(Claim.objects.get().at, datetime)
