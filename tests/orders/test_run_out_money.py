"""An ingredient runs out and the customer allowed the money back: at the till it goes back by itself, and once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from orders import stock
from orders.models import Invoice, Job, Order, PendingWork, Refund, RunOut, RunOutBar, Shipment, StockMove
from orders.money import payments
from orders.production import blocking
from orders.production.run_outs import allowed, books, shortage
from orders.tasks import carry_out
from tests.orders.lots import ALMONDS, RASPBERRIES, lot
from tests.orders.paid import bring_to, jobs_of
from tests.orders.safeguards import without
from tests.orders.threads import all_look_first, in_threads
from tests.orders.till import Buyer, Till, only_payment


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_user("bea", is_staff=True, is_superuser=True)


@pytest.fixture
def lacking(buyer: Buyer, ada_bar, plain_bar, till: Till, bea: User) -> Order:
    """Two of Ada's bars and a plain one, paid; then the only sack of almonds is blocked, a quarter of an hour ago."""
    at = timezone.now() - timedelta(hours=1)
    sack = lot(bea, ALMONDS, at=at)
    lot(bea, RASPBERRIES, at=at)
    buyer.puts_into_cart(plain_bar.digest)
    order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payments.settle(only_payment(), at=at)
    blocking.block(sack, "Glass", by=bea, at=at)
    order.refresh_from_db()
    return order


def works(kind: str) -> None:
    """What a worker does with all that is owed of one kind."""
    for owed in PendingWork.objects.filter(kind=kind, done_at=None):
        PendingWork.objects.filter(pk=owed.pk).update(try_at=timezone.now() - timedelta(minutes=1))
        carry_out(owed.pk)


def bars_of(order: Order, name: str) -> list[Job]:
    return [job for job in jobs_of(order) if job.order_line.name == name]


def test_the_money_of_that_bar_goes_back_and_the_parcel_goes_without_it(lacking, till, bea):
    price = lacking.lines.get(name="Ada").total_cents
    works("consent")
    works("consent")

    (refund,) = Refund.objects.all()
    assert (refund.state, refund.amount_cents) == ("succeeded", price)
    (at_stripe,) = till.refunds()
    assert (at_stripe["id"], at_stripe["amount"], at_stripe["status"]) == (
        refund.stripe_id, price, "succeeded",
    )  # fmt: skip
    lacking.refresh_from_db()
    assert lacking.payment_state == "paid"
    assert [job.scrap_reason for job in bars_of(lacking, "Ada")] == ["left out", "left out"]
    assert set(RunOutBar.objects.values_list("state", "refund")) == {("paid_back", refund.pk)}

    (plain,) = bars_of(lacking, "Plain")
    bring_to(plain, "shipped", bea, timezone.now())
    assert Shipment.objects.get(order=lacking).shipped_at is not None


def test_the_credit_note_names_the_bars_and_nothing_else(lacking):
    line = lacking.lines.get(name="Ada")
    works("consent")
    works("credit_note")

    invoice, note = Invoice.objects.order_by("issued_at", "pk")
    assert (invoice.kind, note.kind, note.refund) == ("invoice", "credit_note", Refund.objects.get())
    assert (invoice.total_cents, note.total_cents) == (lacking.total_cents, line.total_cents)
    assert [(each["part"], each["gross_cents"]) for each in note.content["lines"]] == [
        (f"line-{line.pk}", line.total_cents)
    ]


def test_what_it_was_promised_lies_on_the_shelf_again_and_what_was_blocked_stays_aside(lacking):
    at, needed = timezone.now(), stock.needs_of(lacking)
    before = stock.left([ALMONDS, RASPBERRIES], at=at)
    assert before[ALMONDS] == -needed[ALMONDS]
    works("consent")
    after = stock.left([ALMONDS, RASPBERRIES], at=at)
    assert (after[ALMONDS], after[RASPBERRIES] - before[RASPBERRIES]) == (0, needed[RASPBERRIES])
    moves = StockMove.objects.filter(order=lacking, kind__in=StockMove.PROMISES)
    assert sum(moves.filter(stock__in=[ALMONDS, RASPBERRIES]).values_list("mg", flat=True)) == 0


def test_the_customer_hears_in_one_mail_that_it_is_left_out_and_in_one_that_the_money_is_on_its_way(lacking):
    mail.outbox.clear()
    works("consent")
    works("consent")
    works("message")
    works("message")
    works("refund")
    price = lacking.lines.get(name="Ada").total_cents
    said, gone = [str(letter.body) for letter in mail.outbox]
    assert "2 × Ada: as you allowed, we leave it out." in said
    assert f"€{price / 100:.2f}" in said
    assert f"€{price / 100:.2f}" in gone


def no_lock_of_the_order(patch: pytest.MonkeyPatch) -> None:
    """Then both have read what is open before either has written."""
    patch.setattr(shortage, "locked", lambda order: Order.objects.get(pk=order.pk))
    patch.setattr(books, "lacks", all_look_first(books.lacks, 2))


@pytest.mark.postgres
@without(no_lock_of_the_order)
def test_two_workers_at_once_give_it_back_and_say_so_once(transactional_db, lacking, till):
    run_out, at = RunOut.objects.get(), timezone.now()
    in_threads(2, lambda _number: allowed.carry_out(run_out, at=at))
    in_threads(2, lambda number: payments.reconcile(at + timedelta(minutes=10 + number)))

    assert [each["amount"] for each in till.refunds()] == [lacking.lines.get(name="Ada").total_cents]
    assert (Refund.objects.count(), lacking.messages.count()) == (1, 1)


@pytest.mark.parametrize(("kind", "made"), [("unavailable", 0), ("reset_after", 1)])
def test_where_stripe_gives_no_answer_the_books_are_right_and_the_money_goes_back_once(
    lacking, till, kind, made
):
    till.fault(kind, method="POST", path="/v1/refunds", times=3)
    works("consent")
    refund = Refund.objects.get()
    assert (refund.state, len(till.refunds()), lacking.messages.count()) == ("requested", made, 1)

    till.calm_down()
    works("consent")
    for minutes in (10, 20):
        payments.reconcile(timezone.now() + timedelta(minutes=minutes))
    refund.refresh_from_db()
    assert (refund.state, len(till.refunds())) == ("succeeded", 1)
