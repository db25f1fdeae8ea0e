"""Slow work for one row. The row says what is owed; Celery is only the bell."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from amqp.exceptions import ChannelError
from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError

from configurator.pictures.picture_addresses import Picture
from configurator.pictures.previews import preview
from configurator.purposes import Purpose
from orders.after import reviews
from orders.emails import mail
from orders.models.what_if import WhatIf
from orders.models.work import PendingWork
from orders.money import invoices
from orders.money.invoices import NothingWentBack
from orders.papers import invoice_files
from orders.production import outbox, plan_questions, tickets

logger = logging.getLogger(__name__)


def ring_on_commit(owed: Iterable[PendingWork]) -> None:
    transaction.on_commit(partial(ring, tuple(owed)))


def ring(owed: Iterable[PendingWork]) -> None:
    """Never fails and never waits for long: what a broker that is away misses, the sweep rings again."""
    try:
        for work in owed:
            carry_out.apply_async((work.pk,), **work.purpose.route)
    except OperationalError as away:
        logger.warning("The broker cannot be reached, the sweep will ring again: %s", away)
    except Exception:
        # Full, read only, somebody else's: the order is placed and paid whatever the doorbell does.
        logger.exception("The broker takes no bells, the sweep will ring again")


def ring_what_if(question: WhatIf) -> None:
    """After the commit; a bell that is lost is rung again by beat."""
    transaction.on_commit(partial(_ring_what_if, question.pk))


def _ring_what_if(question_id: int) -> None:
    try:
        answer_what_if.apply_async((question_id,), **Purpose.HOUSE.route)
    except OperationalError as away:
        logger.warning("The broker cannot be reached, beat will answer: %s", away)


@shared_task
def answer_what_if(question_id: int) -> None:
    plan_questions.answer(question_id)


def hanging() -> dict[Purpose, int]:
    """Bells that no worker has heard yet; none where the broker cannot say."""
    try:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0)
            return {purpose: _hanging(broker, purpose) for purpose in Purpose}
    except OperationalError:
        return dict.fromkeys(Purpose, 0)


def _hanging(broker: Connection, purpose: Purpose) -> int:
    try:
        channel: Any = broker.default_channel
        return int(channel.queue_declare(purpose.value, passive=True).message_count)
    except ChannelError:
        return 0  # nobody has ever rung there


@shared_task
def carry_out(work_id: int) -> None:
    """May run twice, in two workers at once: only the holder of the lease does the work."""
    work = outbox.claim(work_id, now=timezone.now())
    if work is None:
        return
    try:
        WAYS[work.kind](work)
    except Exception as error:
        logger.exception("%s failed at attempt %s", work, work.attempts)
        outbox.fail(work, error, now=timezone.now())
    else:
        outbox.finish(work, now=timezone.now())


def _make_picture(work: PendingWork) -> None:
    assert work.job is not None
    preview(Picture(work.job.order_line.design_id, "print", 0, "png"))


def _make_ticket(work: PendingWork) -> None:
    assert work.job is not None
    tickets.store(work.job)


def _send_letter(work: PendingWork) -> None:
    """A worker killed between the mail server's yes and the mark `done` sends it once more."""
    if work.to_email:
        mail(work).send()
    else:
        work.delete()  # whoever ordered was forgotten


def _ask_how_it_was(work: PendingWork) -> None:
    """Whoever has said no since is not asked, and nothing is left to be sent."""
    if reviews.may_be_asked(work.to_order):
        _send_letter(work)
    else:
        work.delete()


class CardBlocked(Exception):
    """Nobody is sent a card that pays nothing; unblocked, it goes at the next try."""


def _hand_over_card(work: PendingWork) -> None:
    """A card that was given back meanwhile is not sent any more."""
    card = work.gift_card
    assert card is not None
    if card.blocked_at:
        raise CardBlocked(card.number)
    if card.order.is_paid:
        _send_letter(work)
    else:
        work.delete()


class DayOver(Exception):
    """A reminder that comes after the day is none; staff see that it did not come."""


def _remind(work: PendingWork) -> None:
    """Whoever has ended it since is not written to."""
    day = work.reminder_day
    assert day is not None
    if day.reminder.ended_at:
        work.delete()
    elif day.on <= timezone.localdate():
        raise DayOver(day.on)
    else:
        _send_letter(work)


def _make_invoice(work: PendingWork) -> None:
    assert work.order is not None
    invoice_files.make(invoices.issue(work.order, at=timezone.now()), at=timezone.now())


def _make_credit_note(work: PendingWork) -> None:
    """And the invoice before it, should that still be waiting. What has failed meanwhile has given nothing back."""
    assert work.refund is not None
    try:
        note = invoices.credit(work.refund, at=timezone.now())
    except NothingWentBack:
        work.delete()
    else:
        invoice_files.make(note, at=timezone.now())


def _take_credit_note_back(work: PendingWork) -> None:
    assert work.refund is not None
    reversal = invoices.reverse(work.refund, at=timezone.now())
    if reversal:
        invoice_files.make(reversal, at=timezone.now())
    else:
        work.delete()


WAYS: dict[str, Callable[[PendingWork], None]] = {
    PendingWork.Kind.PICTURE: _make_picture,
    PendingWork.Kind.TICKET: _make_ticket,
    PendingWork.Kind.INVOICE: _make_invoice,
    PendingWork.Kind.CREDIT_NOTE: _make_credit_note,
    PendingWork.Kind.REVERSAL: _take_credit_note_back,
    **dict.fromkeys(PendingWork.LETTERS, _send_letter),
    PendingWork.Kind.REVIEW: _ask_how_it_was,
    PendingWork.Kind.GIFT_CARD: _hand_over_card,
    PendingWork.Kind.REMINDER: _remind,
}
