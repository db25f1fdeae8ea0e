"""What in the office waits for somebody to look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from configurator.makers import chocolatiers, opinions
from configurator.models import Creation
from orders import conversation, stock, waiting
from orders.after import claims
from orders.models import Dispute, FraudWarning, Job, PendingWork, Refund, RunOut, RunOutBar
from orders.money import audit, inbox, refunds
from orders.money.review import payments_to_look_at
from orders.personal import requests
from orders.production import outbox, queue
from orders.sending import promise


def attention(user: User) -> list[tuple[Any, int, str]]:
    """What this member of staff should look at: words, how many, and where."""
    counted = [
        (words, count(), model, query) for words, count, model, query in _questions() if _may_see(user, model)
    ]
    return [
        (words, count, f"{reverse(f'admin:{model}_changelist')}?{query}")
        for words, count, model, query in counted
        if count
    ]


def _may_see(user: User, model: str) -> bool:
    app, _line, name = model.partition("_")
    return user.has_perm(f"{app}.view_{name}")


def _questions() -> list[tuple[Any, Callable[[], int], str, str]]:
    """Only what somebody may see is counted."""
    now = timezone.now()
    return [
        (
            _("Work that fails"),
            outbox.failing().exclude(kind__in=PendingWork.LETTERS).count,
            "orders_pendingwork",
            "state=failing&kind__in=picture,ticket,invoice,credit_note,reversal,shortage,consent",
        ),
        (
            _("Customers asked, for an ingredient ran out"),
            RunOut.objects.filter(bars__state=RunOutBar.State.ASKED).distinct().count,
            "orders_runout",
            "bars__state__exact=asked",
        ),
        (
            _("Work that waits too long"),
            waiting.too_long(at=now)[: waiting.COUNTED].count,
            "orders_pendingwork",
            "state=late",
        ),
        (
            _("Mails that fail"),
            outbox.failing().filter(kind__in=PendingWork.LETTERS).count,
            "orders_letter",
            "state=failing",
        ),
        (
            _("Copies and erasures that fail"),
            requests.failing().count,
            "orders_personalrequest",
            "state=failing",
        ),
        (
            _("Payments to review"),
            payments_to_look_at().count,
            "orders_payment",
            "to_look_at=1",
        ),
        (
            _("Stripe events given up"),
            inbox.given_up(now).count,
            "orders_stripeevent",
            "given_up=1",
        ),
        (
            _("Refunds that failed"),
            Refund.objects.filter(state=Refund.State.FAILED).count,
            "orders_refund",
            "state__exact=failed",
        ),
        (
            _("Refunds that do not leave"),
            refunds.waiting_long(now).count,
            "orders_refund",
            "waiting=long",
        ),
        (
            _("Disputes to answer"),
            Dispute.objects.filter(state__in=Dispute.WAITS_FOR_US).count,
            "orders_dispute",
            "waits=1",
        ),
        (
            _("Warnings of fraud"),
            FraudWarning.objects.filter(seen_at=None).count,
            "orders_fraudwarning",
            "unseen=1",
        ),
        (
            _("Money about which our ledger and Stripe differ"),
            audit.open_discrepancies().count,
            "orders_discrepancy",
            "open=1",
        ),
        (
            _("Questions to answer"),
            lambda: conversation.unanswered().count(),
            "orders_message",
            "answered=no",
        ),
        (
            _("Claims and withdrawals to decide"),
            lambda: claims.open_claims().count(),
            "orders_claim",
            "state__exact=open",
        ),
        (
            _("Bars on hold"),
            Job.objects.exclude(on_hold_since=None).filter(job_state__in=queue.OPEN).count,
            "orders_job",
            "held=1",
        ),
        (
            _("Modules that run out"),
            stock.running_out(at=now).count,
            "orders_stock",
            "short=1",
        ),
        (
            _("Days on which more is promised than can be made"),
            promise.overbooked(at=now).count,
            "orders_capacityday",
            "overbooked=1",
        ),
        (
            _("Bars that wait for the gallery"),
            Creation.objects.filter(held_at__isnull=False).exclude(maker="").count,
            "configurator_creation",
            "gallery=waits",
        ),
        (
            _("Chocolatier's checks to answer"),
            chocolatiers.waiting().count,
            "configurator_check",
            "waits=1",
        ),
        (
            _("Opinions that were reported"),
            opinions.reported().count,
            "configurator_opinion",
            "",
        ),
    ]
