"""Calling a lot back: everything that has it is found, what is in the house is stopped, who has a bar is told.

In three steps that nobody takes by mistake: find (an exercise ends here), stop, and tell after a second yes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from orders import conversation
from orders.models.lots import Lot
from orders.models.order import Order
from orders.models.production import Job, JobState
from orders.models.recall import Recall, RecallNotice
from orders.production import blocking, trace
from orders.production.blocking import BlockedAlready

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RecalledAlready(Exception):
    pass


class NothingToTell(Exception):
    """It was an exercise, or everybody was told."""


@dataclass(frozen=True, slots=True)
class Affected:
    """An order with bars of the lot."""

    order: Order
    bars: tuple[Job, ...]

    @property
    def sent(self) -> tuple[Job, ...]:
        return tuple(bar for bar in self.bars if bar.job_state in trace.GONE)


def mock(lot: Lot, why: str, *, by: User | None, at: datetime) -> Recall:
    """An exercise: finds and counts, and changes nothing else."""
    return Recall.objects.create(lot=lot, is_mock=True, why=why, by=by, at=at, figures=figures(lot))


def recall(lot: Lot, why: str, *, by: User, at: datetime) -> Recall:
    """Blocks the lot and stops its bars; nobody is written to yet. Raises RecalledAlready.

    It is written down last: whatever dies before, the lot is not known as called back while its bars go on.
    """
    _refuse_again(lot)
    found = figures(lot)
    try:
        blocking.block(lot, why, by=by, at=at)
    except BlockedAlready:
        blocking.stop(lot, by=by, at=at)
    with transaction.atomic():
        Lot.objects.select_for_update().get(pk=lot.pk)
        _refuse_again(lot)
        return Recall.objects.create(lot=lot, is_mock=False, why=why, by=by, at=at, figures=found)


def _refuse_again(lot: Lot) -> None:
    if Recall.objects.filter(lot=lot, is_mock=False).exists():
        raise RecalledAlready(lot.code)


def tell(made: Recall, *, by: User, at: datetime) -> int:
    """The second yes: a message to each order of which a bar has left the house. How many. Raises NothingToTell."""
    with transaction.atomic():
        made = (
            Recall.objects.select_for_update(of=("self",))
            .select_related("lot__stock__module")
            .get(pk=made.pk)
        )
        if made.is_mock or made.confirmed_at:
            raise NothingToTell
        told = [affected for affected in affected_by(made.lot) if affected.sent and affected.order.email]
        for affected in told:
            message = conversation.say(affected.order, words(made, affected), by=None, at=at)
            RecallNotice.objects.create(recall=made, order=affected.order, message=message)
        Recall.objects.filter(pk=made.pk).update(confirmed_at=at, confirmed_by=by)
        return len(told)


def words(made: Recall, affected: Affected) -> str:
    """What a customer is told, in the language of the order."""
    with translation.override(affected.order.locale):
        codes = ", ".join(_bar(bar) for bar in affected.sent)
        return "\n\n".join(
            (
                _("Important: please do not eat these bars of your order %(number)s: %(bars)s.")
                % {"number": affected.order.number, "bars": codes},
                _("We are calling back an ingredient that is, or may be, in them: %(module)s.")
                % {"module": _ingredient(made.lot)},
                _(
                    "Throw them away, or keep them apart from other food until you have heard from us. "
                    "You need not send anything back. If somebody has eaten of them and feels unwell, see a doctor."
                ),
                _("You get your money back or new bars, as you like: answer this mail, or write to %(mail)s.")
                % {"mail": settings.SHOP_EMAIL},
                _("If you have given a bar away, please tell whoever has it. We are sorry."),
            )
        )


def figures(lot: Lot) -> dict[str, Any]:
    """What was found, to be kept: bars by where they are, orders, and the balance."""
    states = trace.bars_of(lot).order_by().values_list("job_state").annotate(Count("pk"))
    found = dict(states)
    return {
        "bars": sum(found.values()),
        "by_state": found,
        "sent": sum(found.get(state, 0) for state in trace.GONE),
        "scrapped": found.get(JobState.SCRAPPED, 0),
        "orders": trace.orders_of(lot).count(),
        "balance": asdict(trace.balance(lot)),
    }


def affected_by(lot: Lot) -> Iterator[Affected]:
    """Order by order, with its bars."""
    by_order: dict[Order, list[Job]] = defaultdict(list)
    bars = trace.bars_of(lot).select_related("order_line__order", "shipment")
    for job in bars.order_by("order_line__order", "pk"):
        by_order[job.order_line.order].append(job)
    for order, jobs in by_order.items():
        yield Affected(order, tuple(jobs))


def _bar(job: Job) -> str:
    return f"{job.order_line.name or job.order_line.family_name} ({job.order_line.code})"


def _ingredient(lot: Lot) -> str:
    module = lot.stock.module
    spoken = (translation.get_language() or "en")[:2]
    return str(module.name_de if spoken == "de" else module.name_en)
