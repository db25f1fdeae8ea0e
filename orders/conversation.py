"""Questions about an order and our answers, in one thread on its page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import QuerySet

from orders import letters
from orders.models import Message, Order

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_OPEN: Final = 20
"""Of one order, without an answer: beyond it nobody is asking any more."""
SAME_WITHIN: Final = timedelta(minutes=10)


class TooManyQuestions(Exception):
    """So much waits for an answer already."""


class AnsweredMeanwhile(Exception):
    """A colleague was quicker, or the customer has written more."""


def ask(order: Order, words: str, *, at: datetime) -> Message:
    """The same words twice are one question. Raises TooManyQuestions."""
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order.pk)
        waiting = unanswered().filter(order=order)
        again = waiting.filter(words=words, at__gt=at - SAME_WITHIN).first()
        if again:
            return again
        if waiting.count() >= MOST_OPEN:
            raise TooManyQuestions
        return Message.objects.create(order=order, by_customer=True, words=words, at=at)


def answer(order: Order, words: str, *, last_seen: int, by: User, at: datetime) -> Message:
    """To all that the customer has asked. Raises AnsweredMeanwhile when the thread is longer than it was shown."""
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order.pk)
        if order.messages.filter(pk__gt=last_seen).exists():
            raise AnsweredMeanwhile
        unanswered().filter(order=order).update(answered_at=at)
        return say(order, words, by=by, at=at)


def say(order: Order, words: str, *, by: User | None, at: datetime) -> Message:
    """Words of the house, on the page and by mail; inside the caller's transaction."""
    message = Message.objects.create(order=order, by_customer=False, by=by, words=words, at=at)
    letters.said(message, at=at)
    return message


def unanswered() -> QuerySet[Message]:
    return Message.objects.filter(by_customer=True, answered_at=None)
