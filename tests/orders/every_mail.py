"""Every kind of mail that the shop sends about an order or an account, as its own journeys owe it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import TypeAlias
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from PIL import Image

from orders import conversation, emails
from orders.after import claims, reminder_mails, reminders, withdrawing
from orders.after.claims import Told
from orders.after.reminders import Wish
from orders.gifts import gift_card_sales, gift_cards
from orders.gifts.gift_card_sales import Gift
from orders.models import GiftCard, Order, Refund, ReminderDay
from orders.models.reminders import OCCASION_MAX
from orders.money import cancelling, refunds
from orders.production import as_made
from shop import account_mails
from shop.models import AccountLetter
from tests.orders.longest import (
    CARD_WORDS,
    LONG_MAIL,
    LONG_NAME,
    LONG_WORDS,
    longest_order,
    payment_of,
    shortest_order,
)
from tests.orders.paid import MONDAY_NOON, bring_to, jobs_of, operator
from tests.shop.people import account

Mails: TypeAlias = Iterator[tuple[str, EmailMultiAlternatives]]

LATER = MONDAY_NOON + timedelta(days=2)
MUCH_LATER = LATER + timedelta(hours=1)
QUESTIONS = {"en": "Is it vegan?", "de": "Ist sie vegan?"}
ANSWERS = {"en": "Yes, it is.", "de": "Ja, das ist sie."}


@dataclass(frozen=True)
class Case:
    """Whose mails: a language, and how much of everything."""

    locale: str
    is_long: bool

    def order(self) -> Order:
        return longest_order(self.locale) if self.is_long else shortest_order(self.locale)

    @property
    def question(self) -> str:
        return LONG_WORDS if self.is_long else QUESTIONS[self.locale]

    @property
    def answer(self) -> str:
        return LONG_WORDS if self.is_long else ANSWERS[self.locale]

    @property
    def name(self) -> str:
        return LONG_NAME if self.is_long else "Ada Lovelace"

    @property
    def email(self) -> str:
        return LONG_MAIL if self.is_long else "ada@example.org"


def of_orders(case: Case) -> Mails:
    """Each is written from what an order, a parcel or a refund is by then."""
    bea = operator(f"bea-{case.locale}-{case.is_long}")
    order = case.order()
    yield "confirmation", emails.confirmation(order)
    yield "unpaid", emails.unpaid(payment_of(order))
    bring_to(jobs_of(order)[0], "moulded", bea)
    yield "production", emails.in_production(order)
    yield from _sent(case, order, bea)
    yield "review", emails.review_request(order)
    yield from _talked_about(case, order, bea)
    yield from _cancelled(case)
    yield from _given_back(case)
    yield from _gift_cards(case)
    yield from _reminded(case, order)


def of_accounts(case: Case) -> Mails:
    user = account(case.email)
    EmailAddress.objects.create(user=user, email=f"new-{case.email}", verified=False, primary=False)
    for kind in account_mails.WORDS:
        to = f"new-{case.email}" if kind.startswith("email_confirmation") else case.email
        letter = AccountLetter.objects.create(
            kind=kind, email=to, user=user, locale=case.locale, created_at=LATER, try_at=LATER
        )
        written = account_mails.mail(letter)
        assert written is not None
        yield f"account-{kind}", written


def _sent(case: Case, order: Order, bea: User) -> Mails:
    for parcel in order.shipments.order_by("place"):
        for job in parcel.jobs.order_by("pk"):
            bring_to(job, "topped", bea)
            as_made.keep(job, photo_of_a_bar(), by=bea, at=MONDAY_NOON)
        for state in ("wrapped", "packed"):
            for job in parcel.jobs.order_by("pk"):
                bring_to(job, state, bea)
        parcel.carrier, parcel.tracking_number = "DHL", "0" * 40 if case.is_long else "003404341606530122"
        parcel.save()
        bring_to(parcel.jobs.order_by("pk")[0], "shipped", bea, at=LATER)
        parcel.refresh_from_db()
        yield f"shipped-{parcel.place}", emails.shipped(parcel)


def photo_of_a_bar() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (1200, 800), (90, 50, 30)).save(file, "JPEG")
    return SimpleUploadedFile("bar.jpg", file.getvalue(), content_type="image/jpeg")


def _talked_about(case: Case, order: Order, bea: User) -> Mails:
    question = conversation.ask(order, case.question, at=LATER)
    said = conversation.answer(order, case.answer, last_seen=question.pk, by=bea, at=MUCH_LATER)
    yield "answer", emails.message(said)
    made_again, paid_back, declined, *_others = [*claims.bars(order, at=MUCH_LATER), None, None]
    for job in (made_again, paid_back, declined):
        if job is None:
            break
        claim = claims.open_claim(order, Told(job.pk, "broken", case.question, ()), at=MUCH_LATER)
        yield f"claim-received-{job.pk}", _last_message(order)
        if job is made_again:
            claims.remake(claim, case.answer, by=bea, at=MUCH_LATER)
        elif job is paid_back:
            claims.refund(claim, 100, case.answer, by=bea, at=MUCH_LATER)
        else:
            claims.decline(claim, case.answer, by=bea, at=MUCH_LATER)
        yield f"claim-decided-{job.pk}", _last_message(order)


def _last_message(order: Order) -> EmailMultiAlternatives:
    return emails.message(order.messages.filter(by_customer=False).latest("pk"))


def _cancelled(case: Case) -> Mails:
    order = case.order()
    payment_of(order)
    offer = cancelling.offer(order)
    if offer.lines:
        part = cancelling.cancel_bars(order, offer.lines[0].line.pk, 1, seen=offer.seen, at=LATER)
        yield "cancelled-in-part", emails.refund_letter(part)
        offer = cancelling.offer(order)
    yield "cancelled", emails.refund_letter(cancelling.cancel(order, seen=offer.seen, at=LATER))


def _given_back(case: Case) -> Mails:
    order = case.order()
    shares = {f"line-{line.pk}": 100 for line in order.lines.all()}
    refund = refunds.request(
        payment_of(order), amount_cents=100 * len(shares) + 50, reason=Refund.Reason.DAMAGED, key=str(uuid4()),
        at=LATER, shares=shares,
    )  # fmt: skip
    yield "refund", emails.refund_letter(refund)
    bars = [str(line) for line in order.lines.all()]
    with transaction.atomic():
        receipt = withdrawing.receipt(order, bars, name=case.name, at=LATER)
        conversation.say(order, receipt, by=None, at=LATER)
    yield "withdrawal", _last_message(order)


def _gift_cards(case: Case) -> Mails:
    gift = Gift(
        cents=25000, currency="EUR", name=case.name, email=case.email, sender=case.name, recipient=case.name,
        recipient_email=f"x{case.email}", message=CARD_WORDS if case.is_long else "",
        send_on=date(2026, 12, 23) if case.is_long else None,
    )  # fmt: skip
    order = gift_card_sales.order(gift, key=uuid4(), locale=case.locale, at=MONDAY_NOON)
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        payment_of(order)
        gift_cards.issue(order, at=MONDAY_NOON)
    card = GiftCard.objects.get(order=order)
    yield "gift-card", emails.gift_card(card)
    yield "gift-card-bought", emails.confirmation(card.order)


def _reminded(case: Case, order: Order) -> Mails:
    bar = order.lines.all()[0].design
    occasion = LONG_WORDS[:OCCASION_MAX] if case.is_long else ""
    wish = Wish(case.email, date(2026, 12, 24), case.is_long, occasion, case.locale, "EUR")
    reminder = reminders.ask(bar, wish, is_theirs=False, at=MONDAY_NOON)
    yield "reminder-asks", reminder_mails.asks(reminder)
    reminders.confirm(reminder, at=MONDAY_NOON)
    reminder.refresh_from_db()
    yield "reminder", reminder_mails.reminds(ReminderDay.objects.create(reminder=reminder, on=wish.on))
