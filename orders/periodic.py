"""What beat rings: the sweep that forgets nothing, the reconciliation with Stripe, the forgetting."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from orders import letters
from orders.account import unordered_photos, untouched
from orders.after import reminders, reviews
from orders.money import drafts, payments
from orders.personal import requests, retention
from orders.production import blocking, outbox, plan_questions, planning_desk
from orders.production.run_outs import shortage
from orders.sending import promise
from orders.tasks import hanging, ring


@shared_task(expires=60)
def sweep() -> int:
    """Rings again for work that nobody picked up or whose worker died.

    Where bells enough hang in the queue they were not lost: more would only make it longer.
    """
    quiet = [purpose for purpose, bells in hanging().items() if bells < outbox.SWEPT_AT_ONCE]
    owed = outbox.unheard(now=timezone.now(), purposes=quiet)
    ring(owed)
    return len(owed)


@shared_task(expires=60)
def reconcile() -> None:
    payments.reconcile(timezone.now())


@shared_task(expires=600)
def sweep_drafts() -> int:
    """Orders that never reached the payment page; their bars go back to their carts."""
    return drafts.sweep(timezone.now())


@shared_task(expires=3600)
def forget_photos() -> int:
    return unordered_photos.forget(timezone.now())


@shared_task(expires=3600)
def forget_untouched() -> int:
    """Bars that nobody has changed for 90 days, and designs that nothing names any more."""
    forgotten = untouched.forget(timezone.now())
    return forgotten.creations + forgotten.designs


@shared_task(expires=60)
def sweep_personal_requests() -> None:
    """Copies and erasures that nobody took up, and copies that were to be fetched until now."""
    requests.sweep(timezone.now())


@shared_task(expires=3600)
def let_go() -> None:
    """What no law wants kept any longer, of whoever never asked."""
    retention.let_go(timezone.now())


@shared_task(expires=3600)
def ask_how_it_was() -> int:
    """Those who allowed it, some days after their bars have arrived."""
    at = timezone.now()
    asked = reviews.due(at)
    for order in asked:
        letters.review(order, at=at)
    return len(asked)


@shared_task(expires=3600)
def remind() -> int:
    """Of the days that are two weeks away."""
    return reminders.remind(timezone.now())


@shared_task(expires=3600)
def forget_reminders() -> int:
    return reminders.forget(timezone.now())


@shared_task(expires=60)
def plan_the_floor() -> None:
    """When bars have come that no run holds, or a run was planned for a day that has gone."""
    at = timezone.now()
    if planning_desk.is_out_of_date(at=at):
        planning_desk.replan(at=at)


@shared_task(expires=60)
def answer_what_if() -> None:
    """Questions to the plan whose bell nobody has heard."""
    for question in plan_questions.unanswered():
        plan_questions.answer(question)


@shared_task(expires=3600)
def open_days() -> None:
    """The kitchen's calendar reaches as far ahead as somebody may be promised a day."""
    promise.open_days(at=timezone.now())


@shared_task(expires=3600)
def block_expired_lots() -> int:
    """What is past its date is promised to nobody."""
    return blocking.block_expired(at=timezone.now())


@shared_task(expires=60)
def look_at_the_shelves() -> int:
    """Bars that were promised what is not there, whatever took it: a remake, a count, a slip."""
    return shortage.look_at_all(at=timezone.now())
