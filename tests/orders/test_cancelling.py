"""Until the kitchen begins a customer cancels without asking anybody; from then on nobody can."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db.models import Sum
from django.utils import timezone

from configurator.models import Module as ModuleRow
from orders import stock
from orders.emails import refund_letter
from orders.models import Booking, Job, Order, PendingWork, Refund, StockMove, Voucher, VoucherUse
from orders.money import cancelling, payments, refunds
from orders.money.cancelling import NotCancellable
from orders.production import steps
from orders.production.refusals import StepRefused
from tests.orders.paid import operator
from tests.orders.safeguards import without
from tests.orders.threads import in_threads
from tests.orders.till import Buyer, Till, only_payment

SOON = timedelta(minutes=5)


@pytest.fixture
def bea(catalogue):
    return operator("bea")


@pytest.fixture
def order(buyer: Buyer, ada_bar, plain_bar, till: Till) -> Order:
    """Two of Ada's bars and a plain one, paid; almonds are counted."""
    stock.receive(ModuleRow.objects.get(key="almond_whole"), mg=10**6, by=operator("rex"), at=timezone.now())
    buyer.puts_into_cart(plain_bar.digest)
    made, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payments.settle(only_payment(), at=timezone.now())
    made.refresh_from_db()
    return made


def address(order: Order) -> str:
    return f"/orders/{order.token}/cancelling/"


def look(client, order: Order) -> str:
    return unescape(client.get(address(order), follow=True).content.decode())


def press(client, order: Order, page: str, **typed: object) -> str:
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    form = {"seen": seen[1] if seen else "", **typed}
    return unescape(client.post(address(order), form, follow=True).content.decode())


def states(order: Order) -> list[str]:
    return list(
        Job.objects.filter(order_line__order=order).order_by("pk").values_list("job_state", flat=True)
    )


def almonds() -> int:
    return int(StockMove.objects.filter(stock="almond_whole").aggregate(sum=Sum("mg"))["sum"])


def booked(order: Order) -> int:
    return Booking.objects.filter(order=order).aggregate(sum=Sum("bars"))["sum"] or 0


def send() -> None:
    payments.reconcile(timezone.now() + SOON)


# ── The whole order ──────────────────────────────────────────────────────────────────────────────


def test_the_whole_order_is_cancelled_with_its_shipping_and_everything_is_as_before(client, order, till):
    assert (almonds() < 10**6, booked(order)) == (True, 3)
    page = press(client, order, look(client, order))
    assert "Cancelled. €" in page
    assert "You have cancelled this order" in page
    assert states(order) == ["scrapped"] * 3
    assert (almonds(), booked(order)) == (10**6, 0)
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.reason) == (order.total_cents, "cancelled")
    assert {line.part for line in refund.lines.all()} == {
        *(f"line-{line.pk}" for line in order.lines.all()),
        "shipping",
    }
    send()
    order.refresh_from_db()
    assert order.payment_state == "refunded"
    assert almonds() == 10**6
    assert PendingWork.objects.filter(kind="refund", refund=refund).count() == 1
    assert "Refunded" in client.get(f"/orders/{order.token}/").content.decode()


def test_the_mail_says_that_the_customer_cancelled(client, order, till):
    press(client, order, look(client, order))
    send()
    assert "You have cancelled before we had begun." in refund_letter(Refund.objects.get()).body


def test_nothing_is_made_of_a_cancelled_order(client, order, bea):
    press(client, order, look(client, order))
    with pytest.raises(StepRefused, match="The customer has cancelled this bar"):
        steps.advance(Job.objects.earliest("pk"), "kitted", by=bea, at=timezone.now())


def test_a_voucher_can_be_used_again(client, order):
    voucher = Voucher.objects.create(code="TEN", kind="percent", permille=100, valid_from=timezone.now())
    VoucherUse.objects.create(voucher=voucher, order=order, customer="x", at=timezone.now())
    press(client, order, look(client, order))
    assert VoucherUse.objects.count() == 0


# ── Some of its bars ─────────────────────────────────────────────────────────────────────────────


def test_single_bars_are_cancelled_and_the_others_are_made(client, order, bea, till):
    ada = order.lines.get(name="Ada")
    page = press(client, order, look(client, order), line=ada.pk, bars=1)
    refund = Refund.objects.get()
    assert refund.amount_cents == ada.total_cents // 2
    assert [(line.part, line.cents) for line in refund.lines.all()] == [
        (f"line-{ada.pk}", ada.total_cents // 2)
    ]
    assert sorted(states(order)) == ["queued", "queued", "scrapped"]
    assert booked(order) == 2
    assert "Cancelled: it is not made, and you get its money back" in page
    for job in Job.objects.filter(job_state="queued"):
        steps.advance(job, "kitted", by=bea, at=timezone.now())
    send()
    order.refresh_from_db()
    assert order.payment_state == "paid"


def test_bar_by_bar_no_cent_is_lost_and_the_last_takes_the_shipping_along(client, order, till):
    ada, plain = order.lines.get(name="Ada"), order.lines.get(name="Plain")
    for line in (ada, plain):
        press(client, order, look(client, order), line=line.pk, bars=1)
    press(client, order, look(client, order))
    assert sum(Refund.objects.values_list("amount_cents", flat=True)) == order.total_cents
    assert (almonds(), booked(order)) == (10**6, 0)
    send()
    order.refresh_from_db()
    assert order.payment_state == "refunded"
    assert almonds() == 10**6


def test_all_bars_at_once_by_their_line_is_the_whole_order(client, order):
    press(client, order, look(client, order), line=order.lines.get(name="Plain").pk, bars=1)
    press(client, order, look(client, order), line=order.lines.get(name="Ada").pk, bars=2)
    assert sum(Refund.objects.values_list("amount_cents", flat=True)) == order.total_cents


@pytest.mark.parametrize(
    "typed", [{"bars": 1}, {"bars": 0}, {"bars": 3}, {"bars": "all"}, {"line": 10**9}, {"line": "x"}]
)
def test_nonsense_cancels_nothing(client, order, typed):
    ada = order.lines.get(name="Ada").pk
    page = press(
        client,
        order,
        "" if typed == {"bars": 1} else look(client, order),
        **{"line": ada, "bars": 1, **typed},
    )
    assert 'class="notice notice--bad' in page
    assert not Refund.objects.exists()
    assert states(order) == ["queued"] * 3


# ── Who may, and when ────────────────────────────────────────────────────────────────────────────


def test_without_the_order_s_address_nothing_can_be_cancelled(client, order):
    for method in (client.get, client.post):
        assert method("/orders/0123456789abcdef0123456789abcdef/cancelling/").status_code == 404


def test_to_look_at_the_page_changes_nothing(client, order):
    assert client.get(address(order))["Cache-Control"] == "private, no-store"
    assert client.get(address(order))["Referrer-Policy"] == "same-origin"
    assert states(order) == ["queued"] * 3


def test_once_a_bar_is_weighed_out_the_page_leads_back(client, order, bea):
    assert address(order) in client.get(f"/orders/{order.token}/").content.decode()
    steps.advance(Job.objects.earliest("pk"), "kitted", by=bea, at=timezone.now())
    assert address(order) not in client.get(f"/orders/{order.token}/").content.decode()
    assert "The kitchen has begun with this order" in look(client, order)


def no_second_look(patch: pytest.MonkeyPatch) -> None:
    """Whoever has seen the offer is believed."""
    patch.setattr(refunds, "is_begun", lambda order: False)
    patch.setattr(cancelling.Offer, "seen", "as-before")


@without(no_second_look)
def test_a_job_that_started_meanwhile_is_told(client, order, bea, till):
    page = look(client, order)
    steps.advance(Job.objects.earliest("pk"), "kitted", by=bea, at=timezone.now())
    assert "The kitchen has begun with this order" in press(client, order, page)
    assert not Refund.objects.exists()


def test_a_refund_made_meanwhile_is_told(client, order, till):
    page = look(client, order)
    refunds.request(only_payment(), amount_cents=100, reason="goodwill", key="meanwhile", at=timezone.now())
    assert "Something about this order has changed" in press(client, order, page)
    assert Refund.objects.count() == 1


def test_an_order_that_is_not_paid_is_not_cancelled_here(client, buyer, ada_bar, till):
    made, _page = buyer.order_of(ada_bar.digest)
    assert "This order is closed already" in look(client, made)


# ── Races ────────────────────────────────────────────────────────────────────────────────────────


def no_look_under_lock(patch: pytest.MonkeyPatch) -> None:
    """What was seen when the page was opened is what is done."""
    first: dict[int, cancelling.Offer] = {}

    def as_seen(order: Order, seen: str) -> tuple[Order, object, cancelling.Offer]:
        if order.pk not in first:
            first[order.pk] = cancelling.offer(order)
        return order, only_payment(), first[order.pk]

    patch.setattr(cancelling, "_looked_at", as_seen)


@without(no_look_under_lock)
@pytest.mark.both_databases
def test_eight_presses_are_one_refund(transactional_db, order, till):
    seen = cancelling.offer(order).seen

    def press_once(_number: int) -> bool:
        try:
            cancelling.cancel(order, seen=seen, at=timezone.now())
        except NotCancellable:
            return False
        return True

    assert sorted(in_threads(8, press_once)) == [False] * 7 + [True]
    assert Refund.objects.get().amount_cents == order.total_cents


@pytest.mark.both_databases
def test_a_bar_is_begun_or_cancelled_never_both(transactional_db, order, bea, till):
    seen, first = cancelling.offer(order).seen, Job.objects.earliest("pk")

    def race(number: int) -> str:
        try:
            if number:
                steps.advance(first, "kitted", by=bea, at=timezone.now())
                return "begun"
            cancelling.cancel(order, seen=seen, at=timezone.now())
        except (NotCancellable, StepRefused):
            return ""
        return "cancelled"

    won = [outcome for outcome in in_threads(2, race) if outcome]
    assert len(won) == 1
    begun = won == ["begun"]
    assert states(order).count("kitted") == begun
    assert Refund.objects.exists() != begun
    assert Booking.objects.filter(order=order).exists() == begun
