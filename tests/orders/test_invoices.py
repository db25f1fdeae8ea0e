"""An order that is paid has an invoice, what goes back of it a credit note; numbers have no gap, and nothing changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from orders import letters
from orders.models import (
    Invoice,
    InvoiceKind,
    InvoicePaper,
    InvoiceSeries,
    Order,
    Payment,
    PendingWork,
    Refund,
)
from orders.models.append_only import RecordIsAppendOnly
from orders.money import invoiced, invoices, payments, refunds
from orders.money.at_stripe import RefundAtStripe
from orders.money.invoices import OrderIsNotPaid, SellerIsUnknown
from orders.papers import invoice_files
from orders.papers.invoice_files import FileWasChanged
from orders.production.release import release
from orders.tasks import carry_out
from tests.orders.paid import MONDAY_NOON, design, paid_for_two, paid_order, placed_order
from tests.orders.threads import all_look_first, in_threads

pytestmark = pytest.mark.usefixtures("catalogue")
TUESDAY = MONDAY_NOON + timedelta(days=1)
CROWD = 8


def payment_of(order: Order) -> Payment:
    """As settlement leaves it when the order took the money."""
    return Payment.objects.create(
        order=order,
        attempt=1,
        state="paid",
        amount_cents=order.total_cents,
        captured_cents=order.total_cents,
        currency=order.currency,
        livemode=False,
        request={},
        accepted=True,
        created_at=MONDAY_NOON,
        look_at=MONDAY_NOON,
    )


def gives_back(payment: Payment, cents: int, **shares: int) -> Invoice:
    """The credit note over so many cents, of them so many for parts of the order."""
    named = {part.replace("_", "-"): share for part, share in shares.items()}
    wish = refunds.request(
        payment, amount_cents=cents, reason=Refund.Reason.GOODWILL, key=str(uuid4()), at=TUESDAY, shares=named
    )
    return invoices.credit(wish, at=TUESDAY)


def rates(*papers: Invoice) -> dict[int, tuple[int, int]]:
    """Net and VAT by rate, credit notes taken off."""
    sums: dict[int, tuple[int, int]] = {}
    for paper in papers:
        sign = -1 if paper.is_credit_note else 1
        for rate in invoiced.thawed(paper.content).rates:
            net, vat = sums.get(rate.permille, (0, 0))
            sums[rate.permille] = (net + sign * rate.net_cents, vat + sign * rate.vat_cents)
    return sums


# ── What it says ─────────────────────────────────────────────────────────────────────────────────


def test_an_invoice_sums_to_what_was_paid_with_the_vat_of_the_books():
    order = paid_for_two((design("Ada"), 1, 2), (design("Crunch", "milk_37"), 2, 1))
    bill = invoices.issue(order, at=MONDAY_NOON)

    assert bill.total_cents == order.total_cents
    assert bill.vat_cents == sum(tax["vat_cents"] for tax in order.vat)
    assert rates(bill) == {
        tax["permille"]: (tax["gross_cents"] - tax["vat_cents"], tax["vat_cents"]) for tax in order.vat
    }


def test_it_names_seller_buyer_days_and_each_line_and_reads_back_the_same():
    order = paid_order((design("Ada"), 2))
    bill = invoices.issue(order, at=MONDAY_NOON)
    content = invoiced.thawed(bill.content)

    assert (content.seller.name, content.seller.vat_id) == ("Couverture", "DE999999999")
    assert (content.buyer.name, content.buyer.city) == ("Ada Lovelace", "Berlin")
    assert (content.ordered_on, content.paid_on) == ("2026-11-16", "2026-11-16")
    assert content.leaves_on == ("2026-11-19",)
    assert [(line.name, line.quantity) for line in content.lines] == [("Ada", 2), ("Shipping", 1)]
    assert content.frozen == invoiced.thawed(content.frozen).frozen


def test_an_order_has_one_invoice_however_often_it_is_asked_for():
    order = paid_order()
    assert invoices.issue(order, at=MONDAY_NOON) == invoices.issue(order, at=TUESDAY)
    assert Invoice.objects.count() == 1


def test_nothing_is_billed_before_it_is_paid():
    with pytest.raises(OrderIsNotPaid):
        invoices.issue(placed_order((design(), 1)), at=MONDAY_NOON)


def test_without_a_tax_number_there_is_no_invoice_and_no_number_is_lost(settings):
    order = paid_order()
    settings.SELLER = settings.SELLER | {"vat_id": "", "tax_number": ""}
    with pytest.raises(SellerIsUnknown, match="SELLER_VAT_ID"):
        invoices.issue(order, at=MONDAY_NOON)
    settings.SELLER = settings.SELLER | {"tax_number": "30/123/45678"}
    assert invoices.issue(order, at=MONDAY_NOON).number == "R-2026-000001"


def test_a_gift_card_is_money_on_an_invoice_and_takes_nothing_off_the_price():
    paid = Order(total_cents=1700, gift_card_cents=1200)
    assert [(means.kind, means.cents) for means in invoices.means_of(paid)] == [
        ("online", 500),
        ("gift_card", 1200),
    ]


def test_who_only_buys_a_gift_card_has_no_invoice():
    order = paid_order()
    order.sells_gift_card = True
    with pytest.raises(OrderIsNotPaid):
        invoices._issued(order, MONDAY_NOON)


# ── Made once, by the worker ─────────────────────────────────────────────────────────────────────


def test_payment_owes_the_invoice_and_the_worker_makes_it_with_its_file():
    order = paid_order()
    carry_out(PendingWork.objects.get(kind="invoice", order=order).pk)

    bill = Invoice.objects.get(order=order)
    assert invoice_files.read(bill.paper).startswith(b"%PDF-1.7")


def test_who_pays_twice_or_is_released_twice_is_owed_one_invoice():
    order = paid_order()
    release(order)
    assert PendingWork.objects.filter(kind="invoice").count() == 1


def test_a_file_is_made_once_and_a_changed_one_is_never_handed_out():
    bill = invoices.issue(paid_order(), at=MONDAY_NOON)
    paper = invoice_files.make(bill, at=MONDAY_NOON)
    assert invoice_files.make(bill, at=TUESDAY) == paper
    assert InvoicePaper.objects.get().made_at == MONDAY_NOON

    path = default_storage.path(paper.file)
    with open(path, "ab") as file:  # noqa: PTH123  # as somebody with a shell would
        file.write(b" ")
    with pytest.raises(FileWasChanged):
        invoice_files.read(paper)


# ── A refund that does not arrive ────────────────────────────────────────────────────────────────


def fails(refund: Refund) -> None:
    """As Stripe tells it after days: the bank has sent the money back."""
    seen = RefundAtStripe(
        f"re_{refund.pk}", "failed", str(refund.pk), "expired_or_canceled_card", refund.amount_cents, "EUR",
        moved=False, returned=False,
    )  # fmt: skip
    with transaction.atomic():
        refunds.follow(refund.payment, seen, at=TUESDAY)


def under_way(order: Order, cents: int) -> Refund:
    refund = refunds.request(
        payment_of(order), amount_cents=cents, reason=Refund.Reason.GOODWILL, key=str(uuid4()), at=TUESDAY
    )
    Refund.objects.filter(pk=refund.pk).update(state=Refund.State.SUCCEEDED, stripe_id=f"re_{refund.pk}")
    letters.credited(refund, at=TUESDAY)
    return Refund.objects.get(pk=refund.pk)


def works(*kinds: str) -> None:
    for kind in kinds:
        PendingWork.objects.filter(kind=kind).update(try_at=MONDAY_NOON)
        carry_out(PendingWork.objects.get(kind=kind).pk)


def test_a_refund_that_fails_after_all_has_its_credit_note_taken_back():
    order = paid_for_two((design("Ada"), 1, 2))
    refund = under_way(order, 1000)
    works("credit_note")
    note = Invoice.objects.get(refund=refund)
    for _bell in range(2):
        fails(refund)
    works("reversal")

    reversal = Invoice.objects.get(kind="reversal")
    assert (reversal.number, reversal.reverses) == ("S-2026-000001", note)
    assert (reversal.net_cents, reversal.vat_cents) == (note.net_cents, note.vat_cents)
    assert invoices.reverse(refund, at=TUESDAY) == reversal
    assert invoice_files.read(reversal.paper).startswith(b"%PDF-1.7")
    assert invoices.gaps() == []


def test_what_was_taken_back_can_be_credited_once_more_to_the_cent():
    order = paid_for_two((design("Ada"), 1, 2))
    payment = payment_of(order)
    bill = invoices.issue(order, at=MONDAY_NOON)
    lost = refunds.request(
        payment, amount_cents=order.total_cents, reason=Refund.Reason.GOODWILL, key="lost", at=TUESDAY
    )
    invoices.credit(lost, at=TUESDAY)
    Refund.objects.filter(pk=lost.pk).update(state=Refund.State.FAILED)
    invoices.reverse(lost, at=TUESDAY)

    again = gives_back(payment, order.total_cents)
    assert invoiced.thawed(again.content).lines == invoiced.thawed(bill.content).lines


def test_a_refund_that_fails_before_its_credit_note_is_written_has_none():
    refund = under_way(paid_order(), 500)
    fails(refund)
    works("credit_note", "reversal")

    assert not Invoice.objects.exclude(kind="invoice").exists()
    assert not PendingWork.objects.filter(kind__in=("credit_note", "reversal")).exists()


def test_what_went_to_gift_cards_has_arrived_and_stays_credited():
    order = paid_order((design(), 2))
    refund = under_way(order, 1000)
    note = invoices.credit(refund, at=TUESDAY)
    Refund.objects.filter(pk=refund.pk).update(amount_cents=400, gift_card_cents=600)
    refund.refresh_from_db()

    reversal = invoices.reverse(refund, at=TUESDAY)
    assert reversal is not None
    assert (note.total_cents, reversal.total_cents) == (1000, 400)


def test_orders_from_before_there_were_invoices_are_owed_theirs_once():
    old, new = paid_order(), paid_order()
    refund = under_way(old, 100)
    PendingWork.objects.filter(kind__in=("invoice", "credit_note")).delete()
    invoices.issue(new, at=MONDAY_NOON)

    assert [letters.papers_missing(at=TUESDAY) for _time in range(2)] == [2, 0]
    owed = PendingWork.objects.filter(kind__in=("invoice", "credit_note")).order_by("pk")
    assert [(work.order, work.refund) for work in owed] == [(old, None), (None, refund)]


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────


def test_numbers_follow_each_other_by_kind_and_year():
    new_year = datetime(2027, 1, 1, 9, tzinfo=UTC)
    first, second, third = (paid_order() for _one in range(3))

    assert invoices.issue(first, at=MONDAY_NOON).number == "R-2026-000001"
    assert invoices.issue(second, at=MONDAY_NOON).number == "R-2026-000002"
    assert gives_back(payment_of(first), 100).number == "K-2026-000001"
    assert invoices.issue(third, at=new_year).number == "R-2027-000001"
    assert invoices.gaps() == []


def test_the_year_is_that_of_the_shops_clock():
    last_hour = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert invoices.issue(paid_order(), at=last_hour).number == "R-2027-000001"


def test_what_fails_gives_its_number_back():
    first, second = paid_order(), paid_order()

    def fails() -> None:
        with transaction.atomic():
            invoices.issue(first, at=MONDAY_NOON)
            raise ConnectionError("the power went out")

    with pytest.raises(ConnectionError):
        fails()
    assert invoices.issue(second, at=MONDAY_NOON).number == "R-2026-000001"
    assert invoices.issue(first, at=MONDAY_NOON).number == "R-2026-000002"
    assert invoices.gaps() == []


def test_a_number_drawn_outside_the_transaction_would_be_missed():
    """The control: `gaps` sees one."""
    invoices.issue(paid_order(), at=MONDAY_NOON)
    invoices._drawn(InvoiceKind.INVOICE, 2026)
    invoices.issue(paid_order(), at=MONDAY_NOON)
    assert invoices.gaps() == ["invoice 2026"]


@pytest.fixture
def crowd(transactional_db: None, catalogue: None) -> list[Order]:
    return [paid_order() for _one in range(CROWD)]


def test_eight_workers_at_once_draw_eight_numbers_without_a_gap(crowd):
    made = in_threads(CROWD, lambda place: invoices.issue(crowd[place], at=MONDAY_NOON))

    assert sorted(bill.place for bill in made) == list(range(1, CROWD + 1))
    assert invoices.gaps() == []


def test_eight_workers_at_one_order_make_one_invoice(crowd):
    made = in_threads(CROWD, lambda _place: invoices.issue(crowd[0], at=MONDAY_NOON))

    assert {bill.number for bill in made} == {"R-2026-000001"}
    assert invoices.gaps() == []


def test_without_the_lock_the_same_crowd_draws_one_number_twice(crowd):
    """The control: what keeps numbers apart above is the lock, not luck."""
    InvoiceSeries.objects.create(kind="invoice", year=2026)

    def last() -> int:
        return InvoiceSeries.objects.get().last

    seen = all_look_first(last, CROWD)

    def drawn_without_a_lock(_number: int) -> int:
        place = seen() + 1
        InvoiceSeries.objects.update(last=place)
        return place

    assert in_threads(CROWD, drawn_without_a_lock) == [1] * CROWD


# ── Kept for good ────────────────────────────────────────────────────────────────────────────────


def test_neither_model_nor_queryset_changes_or_deletes_one():
    bill = invoices.issue(paid_order(), at=MONDAY_NOON)
    paper = invoice_files.make(bill, at=MONDAY_NOON)
    for record in (bill, paper):
        model = type(record)
        with pytest.raises(RecordIsAppendOnly):
            record.save()
        with pytest.raises(RecordIsAppendOnly):
            record.delete()
        with pytest.raises(RecordIsAppendOnly):
            model.objects.all().delete()
        with pytest.raises(RecordIsAppendOnly):
            model.objects.update(digest="")


@pytest.mark.parametrize("table", ["orders_invoice", "orders_invoicepaper"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_whoever_asks(table, statement):
    bill = invoices.issue(paid_order(), at=MONDAY_NOON)
    invoice_files.make(bill, at=MONDAY_NOON)

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Invoice.objects.get().digest == bill.digest


def test_its_digest_tells_of_a_change_made_past_all_guards():
    bill = invoices.issue(paid_order(), at=MONDAY_NOON)
    assert invoices.is_unchanged(Invoice.objects.get())
    bill.content["buyer"]["name"] = "Somebody Else"
    assert not invoices.is_unchanged(bill)


# ── Credit notes ─────────────────────────────────────────────────────────────────────────────────


def test_an_order_of_which_all_goes_back_has_both_and_they_are_equal():
    order = paid_for_two((design("Ada"), 1, 2), (design("Crunch", "milk_37"), 2, 1))
    bill = invoices.issue(order, at=MONDAY_NOON)
    note = gives_back(payment_of(order), order.total_cents)

    assert (note.net_cents, note.vat_cents, note.total_cents) == (
        bill.net_cents,
        bill.vat_cents,
        bill.total_cents,
    )
    assert note.content["of_number"] == bill.number
    assert note.content["lines"] == bill.content["lines"]


def test_a_line_goes_back_with_the_vat_of_its_own_rate():
    order = paid_for_two((design("Ada"), 1, 2))
    bars = order.lines.get(vat_permille=100)
    note = gives_back(payment_of(order), bars.total_cents, **{f"line_{bars.pk}": bars.total_cents})

    assert rates(note) == {100: (bars.vat_cents - bars.total_cents, -bars.vat_cents)}


def test_what_is_for_no_part_is_spread_over_the_rates():
    order = paid_for_two((design("Ada"), 1, 2))
    note = gives_back(payment_of(order), 1000)

    assert note.total_cents == 1000
    assert {line["permille"] for line in note.content["lines"]} == {70, 100}
    assert {line["name"] for line in note.content["lines"]} == {"Other amount"}


def test_what_goes_back_piece_by_piece_comes_to_nothing_rate_by_rate():
    order = paid_for_two((design("Ada"), 1, 2), (design("Crunch", "milk_37"), 2, 1))
    bill, payment = invoices.issue(order, at=MONDAY_NOON), payment_of(order)
    bars = order.lines.get(vat_permille=70, name="Ada")
    notes = [
        gives_back(payment, 333, **{f"line_{bars.pk}": 333}),
        gives_back(payment, 1001),
        gives_back(payment, 457, shipping=457),
    ]
    notes.append(gives_back(payment, refunds.left(payment)))

    assert set(rates(bill, *notes).values()) == {(0, 0)}


def test_a_part_after_most_went_back_for_no_part_takes_no_more_than_its_rate_has():
    order = paid_for_two((design("Ada"), 1, 2))
    bill, payment = invoices.issue(order, at=MONDAY_NOON), payment_of(order)
    first = gives_back(payment, order.total_cents - 700)
    bars = order.lines.get(vat_permille=70)
    second = gives_back(payment, bars.total_cents, **{f"line_{bars.pk}": bars.total_cents})
    third = gives_back(payment, refunds.left(payment))

    assert set(rates(bill, first, second, third).values()) == {(0, 0)}


def test_a_credit_note_makes_the_invoice_first_if_that_is_missing():
    order = paid_order()
    note = gives_back(payment_of(order), 100)
    assert note.content["of_number"] == Invoice.objects.get(kind="invoice").number


def test_money_that_the_order_never_took_has_no_credit_note():
    order = placed_order((design(), 1))
    payment = payment_of(order)
    Payment.objects.filter(pk=payment.pk).update(accepted=False)
    with pytest.raises(OrderIsNotPaid):
        gives_back(Payment.objects.get(), 100)


# ── The whole way ────────────────────────────────────────────────────────────────────────────────


def test_paid_at_the_till_and_given_back_in_the_office_there_are_both_papers(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payment = order.payments.get()
    payments.settle(payment, at=MONDAY_NOON)
    refunds.request(
        payment, amount_cents=order.total_cents, reason=Refund.Reason.WITHDRAWN, key="all", at=MONDAY_NOON
    )
    payments.reconcile(MONDAY_NOON + timedelta(minutes=5))
    for owed in PendingWork.objects.filter(kind__in=("invoice", "credit_note")).order_by("-kind"):
        carry_out(owed.pk)

    papers = Invoice.objects.order_by("pk")
    assert [(paper.kind, paper.total_cents) for paper in papers] == [
        ("invoice", order.total_cents),
        ("credit_note", order.total_cents),
    ]
    assert InvoicePaper.objects.count() == 2
