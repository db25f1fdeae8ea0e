"""Money that goes back: by hand and by itself, by line, and never more than came in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from orders.models import LedgerEntry, Order, Payment, Refund, RefundLine
from orders.models.append_only import RecordIsAppendOnly
from orders.money import ledger, payments, refunds
from orders.money.refunds import RefundTooLarge
from tests.orders.safeguards import without
from tests.orders.threads import in_threads
from tests.orders.till import Buyer, Till, only_payment

SOON = timedelta(minutes=5)


@pytest.fixture
def olga(catalogue: None) -> Client:
    """Of the office: may look at payments and give money back."""
    user = User.objects.create_user("olga", password="an-office-password", is_staff=True)
    for codename in ("view_payment", "view_order", "view_refund", "add_refund", "change_refund"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def paid(buyer: Buyer, ada_bar, plain_bar, till: Till) -> Order:
    """Two of Ada's bars and a plain one."""
    buyer.puts_into_cart(plain_bar.digest)
    order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payments.settle(only_payment(), at=timezone.now())
    order.refresh_from_db()
    return order


def form_of(payment: Payment) -> str:
    return f"/admin/orders/payment/{payment.pk}/refund/"


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def line(order: Order, name: str) -> str:
    return f"line-{order.lines.get(name=name).pk}"


def send(at_least: timedelta = SOON) -> None:
    payments.reconcile(timezone.now() + at_least)


# ── By hand ──────────────────────────────────────────────────────────────────────────────────────


def test_one_bar_is_paid_back_with_a_reason(olga, paid, till):
    typed = {"key": uuid4(), "reason": "damaged", "words": "melted in the van", line(paid, "Plain"): "3.50"}
    answer = olga.post(form_of(only_payment()), typed, follow=True)
    assert "3.50 EUR goes back within a minute or two." in answer.content.decode()
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.reason, refund.words, refund.state) == (
        350,
        "damaged",
        "melted in the van",
        "requested",
    )
    assert refund.by == User.objects.get(username="olga")
    send()
    refund.refresh_from_db()
    paid.refresh_from_db()
    assert (refund.state, paid.payment_state) == ("succeeded", "paid")
    assert ledger.kept(paid) == paid.total_cents - 350


def test_the_form_shows_what_is_left_of_each_part(olga, paid, till):
    plain = paid.lines.get(name="Plain")
    refunds.request(
        only_payment(), amount_cents=200, reason="late", key="a", at=timezone.now(),
        shares={f"line-{plain.pk}": 200},
    )  # fmt: skip
    shown = olga.get(form_of(only_payment())).content.decode()
    assert f"{euros(plain.total_cents - 200)} EUR</td>" in shown
    assert f"Of this payment {euros(paid.total_cents - 200)} EUR is left." in shown
    assert f"{euros(paid.shipping_cents)} EUR</td>" in shown


def test_all_that_is_left_goes_back_and_the_order_is_closed(olga, paid, till):
    filled = olga.get(form_of(only_payment()) + "?all").context["form"]
    typed = {name: str(amount) for name, amount in filled.initial.items()} | {"reason": "withdrawn"}
    olga.post(form_of(only_payment()), typed)
    send()
    paid.refresh_from_db()
    assert Refund.objects.get().amount_cents == paid.total_cents
    assert paid.payment_state == "refunded"
    assert sum(RefundLine.objects.values_list("cents", flat=True)) == paid.total_cents
    assert ledger.kept(paid) == 0


def no_memory_of_the_key(patch: pytest.MonkeyPatch) -> None:
    request = refunds.request
    patch.setattr(refunds, "request", lambda payment, **how: request(payment, **how | {"key": uuid4().hex}))


@without(no_memory_of_the_key)
def test_a_double_click_is_one_refund(olga, paid, till):
    typed = {"key": uuid4(), "reason": "goodwill", line(paid, "Ada"): "1.00"}
    for _press in range(2):
        assert olga.post(form_of(only_payment()), typed).status_code == 302
    assert Refund.objects.get().amount_cents == 100


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "late"}, "Write how much goes back, for at least one row."),
        ({"other": "1.00"}, "Choose a reason: the bookkeeping asks for it."),
        ({"reason": "late", "other": "999.00"}, "EUR is left here."),
        ({"reason": "late", "other": "many"}, "Write an amount such as 4.50"),
        ({"reason": "late", "other": "-1"}, "Write an amount such as 4.50"),
        ({"reason": "late", "Plain": "900.00"}, "No more than"),
        ({"reason": "late", "Plain": "1.00", "other": "all"}, "of this payment is left."),
    ],
    ids=["nothing", "no reason", "too much", "no number", "negative", "too much of a line", "together"],
)
def test_a_slip_is_named_and_what_was_typed_is_kept(olga, paid, till, typed, words):
    if typed.get("other") == "all":
        typed = typed | {"other": euros(paid.total_cents)}
    if "Plain" in typed:
        typed = {line(paid, "Plain") if name == "Plain" else name: text for name, text in typed.items()}
    answer = olga.post(form_of(only_payment()), {"key": uuid4(), **typed})
    shown = answer.content.decode()
    assert (answer.status_code, words in shown) == (422, True)
    assert all(f'value="{text}"' in shown for name, text in typed.items() if name != "reason")
    assert not Refund.objects.exists()


def test_who_may_only_look_gives_nothing_back(paid, till):
    bea = User.objects.create_user("bea", password="an-office-password", is_staff=True)
    bea.user_permissions.add(Permission.objects.get(codename="view_payment"))
    client = Client()
    client.force_login(bea)
    answer = client.post(form_of(only_payment()), {"key": uuid4(), "reason": "late", "other": "1.00"})
    assert answer.status_code == 403
    assert not Refund.objects.exists()


# ── Never more than came in ──────────────────────────────────────────────────────────────────────


def no_sum_of_refunds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refunds, "_refuse_more_than_is_left", lambda *_arguments: None)


@without(no_sum_of_refunds)
@pytest.mark.both_databases
def test_eight_of_the_office_at_once_give_back_no_more_than_came_in(transactional_db, paid, till):
    payment, half = only_payment(), paid.total_cents // 2 + 1

    def give_half(number: int) -> bool:
        try:
            refunds.request(payment, amount_cents=half, reason="staff", key=str(number), at=timezone.now())
        except RefundTooLarge:
            return False
        return True

    assert sorted(in_threads(8, give_half)) == [False] * 7 + [True]


@without(no_sum_of_refunds)
def test_no_line_is_paid_back_twice(paid, till):
    plain = paid.lines.get(name="Plain")
    whole = plain.total_cents

    def give_back(key: str) -> None:
        shares, at = {f"line-{plain.pk}": whole}, timezone.now()
        refunds.request(only_payment(), amount_cents=whole, reason="missing", key=key, at=at, shares=shares)

    give_back("first")
    with pytest.raises(RefundTooLarge):
        give_back("second")


# ── What gets lost on the way ────────────────────────────────────────────────────────────────────


def no_key_of_its_own(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Refund, "idempotency_key", property(lambda refund: uuid4().hex))


def no_look_before_sending_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refunds, "_found_again", lambda refund: None)


def staff_refund(cents: int = 100) -> Refund:
    return refunds.request(
        only_payment(), amount_cents=cents, reason="staff", key=uuid4().hex, at=timezone.now()
    )


@without(no_key_of_its_own)
def test_a_refund_whose_answer_was_lost_is_sent_again_as_the_same(paid, till):
    till.fault("reset_after", method="POST", path="/v1/refunds", times=3)
    refund = staff_refund()
    for _try in range(2):
        refunds.sync(refund, at=refund.created_at)
    assert len(till.refunds()) == 1
    assert Refund.objects.get().state == "succeeded"


@without(no_look_before_sending_again)
def test_a_refund_is_found_again_when_stripe_has_forgotten_its_key(paid, till):
    till.fault("reset_after", method="POST", path="/v1/refunds", times=3)
    refund = staff_refund()
    refunds.sync(refund, at=refund.created_at)
    till.control("clock", advance=25 * 3600)
    refunds.sync(refund, at=refund.created_at + timedelta(hours=25))
    assert len(till.refunds()) == 1
    assert Refund.objects.get().state == "succeeded"


def test_a_refund_at_which_stripe_broke_is_sent_under_a_new_key_at_a_persons_word(olga, paid, till):
    """Under the old key Stripe would repeat its 500 for a day."""
    till.fault("error_not_executed", method="POST", path="/v1/refunds", times=1)
    refund = staff_refund()
    for minutes in (0, 10, 70):
        refunds.sync(refund, at=refund.created_at + timedelta(minutes=minutes))
    refund.refresh_from_db()
    assert refund.state == "requested"
    assert refund.note.endswith("An unknown error occurred")
    Refund.objects.update(created_at=timezone.now() - timedelta(hours=2))
    shown = olga.get("/admin/orders/refund/?waiting=long")
    assert [row.pk for row in shown.context["cl"].result_list] == [refund.pk]
    chosen = {"action": "send_again", "_selected_action": [refund.pk]}
    answer = olga.post("/admin/orders/refund/", chosen, follow=True)
    assert "1 refund is sent again." in answer.content.decode()
    send()
    refund.refresh_from_db()
    assert (refund.state, refund.sendings) == ("succeeded", 2)
    assert len(till.refunds()) == 1


def no_eye_on_what_was_sent(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refunds, "follow", lambda payment, seen, *, at: None)


@without(no_eye_on_what_was_sent)
def test_a_refund_that_failed_after_it_had_succeeded_is_ours_again_and_shown(olga, paid, till):
    refund = staff_refund(paid.total_cents)
    refunds.sync(refund, at=timezone.now())
    refund.refresh_from_db()
    paid.refresh_from_db()
    assert (refund.state, paid.payment_state) == ("succeeded", "refunded")
    till.control("refund-failures", refund=refund.stripe_id)
    payments.settle(only_payment(), at=timezone.now())
    refund.refresh_from_db()
    assert (refund.state, refund.note) == ("failed", "expired_or_canceled_card")
    assert [entry.kind for entry in LedgerEntry.objects.all()] == ["charge", "refund", "refund_failure"]
    assert ledger.kept(paid) == paid.total_cents
    assert "Refunds that failed" in olga.get("/admin/").content.decode()
    again = staff_refund(paid.total_cents)
    refunds.sync(again, at=timezone.now())
    assert ledger.kept(paid) == 0, "and it can be given back another time"


def test_what_the_bank_has_taken_is_not_given_a_second_time(olga, buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page, "4000000000000259")
    payments.settle(only_payment(), at=timezone.now())
    typed = {"key": uuid4(), "reason": "late", "other": "1.00"}
    answer = olga.post(form_of(only_payment()), typed)
    assert (answer.status_code, Refund.objects.exists()) == (422, False)
    assert "Answer the dispute instead." in answer.content.decode()


def test_an_inquiry_may_still_be_answered_by_a_refund(buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    till.control("disputes", charge=till.charge_of(only_payment()), inquiry="true")
    payments.settle(only_payment(), at=timezone.now())
    refunds.sync(staff_refund(), at=timezone.now())
    assert Refund.objects.get().state == "succeeded"


# ── The ledger is only added to ──────────────────────────────────────────────────────────────────


def test_the_ledger_is_never_changed(paid, till):
    entry = LedgerEntry.objects.get()
    for change in (entry.save, entry.delete, LedgerEntry.objects.all().delete):
        with pytest.raises(RecordIsAppendOnly), transaction.atomic():
            change()
    with pytest.raises(RecordIsAppendOnly):
        LedgerEntry.objects.update(cents=1)
