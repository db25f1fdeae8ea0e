"""The guarantee: a bar that did not arrive as it should is made again, or its money goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from orders import conversation
from orders.models import Claim, ClaimPhoto, Job, JobState, Order, Refund, Shipment, ShipmentLine
from orders.money import parts, refunds
from orders.production.release import release_once_more

if TYPE_CHECKING:
    from django.contrib.auth.models import User

GUARANTEE: Final = timedelta(days=180)
"""After a parcel has left; what the law gives beyond it, staff give by hand."""
PHOTOS_MOST: Final = 3
WHY: Final = {
    Claim.Kind.WITHDRAWAL: Refund.Reason.WITHDRAWN,
    Claim.Kind.WRONG: Refund.Reason.MISSING,
    Claim.Kind.MISSING: Refund.Reason.MISSING,
    Claim.Kind.OTHER: Refund.Reason.GOODWILL,
}
"""What a refund is for; of all others: damaged."""


class ClaimRefused(Exception):
    """The message tells the customer why."""


class DecidedMeanwhile(Exception):
    """A colleague was quicker."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer says of one bar."""

    job_id: int
    kind: str
    words: str
    photos: Sequence[bytes]
    """Developed JPEGs."""


def bars(order: Order, *, at: datetime) -> QuerySet[Job]:
    """Those that can be complained about: sent, not long ago, and nothing is being done about them."""
    sent = Job.objects.filter(order_line__order=order, job_state=JobState.SHIPPED, remake=None)
    recent = sent.filter(shipment__shipped_at__gt=at - GUARANTEE)
    settled = Claim.objects.filter(job__isnull=False, state__in=(Claim.State.OPEN, Claim.State.REFUNDED))
    free = recent.exclude(pk__in=settled.values("job"))
    return free.select_related("order_line__instead_of").order_by("order_line__place", "index")


def open_claim(order: Order, told: Told, *, at: datetime) -> Claim:
    """Raises ClaimRefused."""
    if not order.is_paid:
        raise ClaimRefused(_("This order is closed. Please write to us."))
    names = [_keep(jpeg) for jpeg in told.photos[:PHOTOS_MOST]]
    try:
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=order.pk)
            job = bars(order, at=at).filter(pk=told.job_id).first()
            if job is None:
                raise ClaimRefused(
                    _("This bar was told of already, or its guarantee is over. Please write to us.")
                )
            claim = Claim.objects.create(order=order, kind=told.kind, job=job, words=told.words, at=at)
            claim.lines.set([job.ordered_line])
            ClaimPhoto.objects.bulk_create(ClaimPhoto(claim=claim, digest=name) for name in names)
            conversation.say(order, _receipt(claim, at), by=None, at=at)
            return claim
    except IntegrityError:
        raise ClaimRefused(_("This bar was told of already. We are looking into it.")) from None


def remake(claim: Claim, words: str, *, by: User, at: datetime) -> Job:
    """The same bar once more, first in the queue, in a parcel of its own that costs nothing. Raises DecidedMeanwhile."""
    with transaction.atomic():
        claim = _locked(claim)
        assert claim.job is not None, "a withdrawal is not made again"
        parcel = _another_parcel(claim.job)
        job = release_once_more(claim.job, parcel, at=at)
        _decide(claim, Claim.State.REMADE, words, by=by, at=at)
        return job


def refund(claim: Claim, cents: Cents, words: str, *, by: User, at: datetime) -> Refund:
    """Raises DecidedMeanwhile, refunds.RefundTooLarge, refunds.RefundImpossible."""
    with transaction.atomic():
        claim = _locked(claim)
        payment = claim.order.payments.filter(accepted=True).first()
        if payment is None:
            raise refunds.RefundImpossible(claim.order.number)
        given = refunds.request(
            payment,
            amount_cents=cents,
            reason=WHY.get(Claim.Kind(claim.kind), Refund.Reason.DAMAGED),
            key=f"claim-{claim.pk}",
            at=at,
            shares=_shares(claim, cents),
            by=by,
        )
        _decide(claim, Claim.State.REFUNDED, words, by=by, at=at, refund=given)
        return given


def decline(claim: Claim, words: str, *, by: User, at: datetime) -> None:
    """Raises DecidedMeanwhile."""
    with transaction.atomic():
        _decide(_locked(claim), Claim.State.DECLINED, words, by=by, at=at)


def worth(claim: Claim) -> Cents:
    """What would go back: the bar's share of its line, or of a withdrawal all of its lines and the way to the customer."""
    left = {part.key: part.left_cents for part in parts.of(claim.order)}
    if claim.order.sells_gift_card:
        return sum(left.values())
    if claim.job is not None:
        line = claim.job.ordered_line
        return min(line.total_cents // line.quantity, left.get(f"line-{line.pk}", 0))
    chosen = list(claim.lines.all())
    keys = {f"line-{line.pk}" for line in chosen} | {f"box-{line.box_id}" for line in chosen if line.box_id}
    is_all = len(chosen) == claim.order.lines.count()
    return sum(cents for key, cents in left.items() if key in keys or (is_all and key == "shipping"))


def open_claims() -> QuerySet[Claim]:
    return Claim.objects.filter(state=Claim.State.OPEN)


def _shares(claim: Claim, cents: Cents) -> dict[str, Cents]:
    """As long as it is no more than these parts cost."""
    shares: dict[str, Cents] = {}
    chosen = list(claim.lines.all())
    keys = [
        *(f"line-{line.pk}" for line in chosen),
        *(f"box-{line.box_id}" for line in chosen if line.box_id),
    ]
    keys += ["shipping"] if claim.is_withdrawal else []
    keys += [f"card-{claim.order.gift_card.pk}"] if claim.order.sells_gift_card else []
    for part in parts.of(claim.order):
        share = min(part.left_cents, cents) if part.key in keys else 0
        cents -= share
        if share:
            shares[part.key] = share
    return shares


def _locked(claim: Claim) -> Claim:
    Order.objects.select_for_update().get(pk=claim.order_id)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("order").get(pk=claim.pk)
    if not claim.is_open:
        raise DecidedMeanwhile
    return claim


def _decide(
    claim: Claim, state: Claim.State, words: str, *, by: User, at: datetime, refund: Refund | None = None
) -> None:
    claim.state, claim.answer, claim.decided_at, claim.decided_by, claim.refund = state, words, at, by, refund
    claim.save()
    conversation.say(claim.order, "\n\n".join(filter(None, (_told(claim), words))), by=by, at=at)


def _receipt(claim: Claim, at: datetime) -> str:
    """What was told and when, in the customer's language: whoever complains should hold a proof of it."""
    assert claim.job is not None, "a withdrawal has a receipt of its own"
    with translation.override(claim.order.locale):
        moment = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        first = _("We have received what you told us about %(bar)s on %(moment)s: %(kind)s.") % {
            "bar": claim.job.order_line.name,
            "moment": moment,
            "kind": claim.get_kind_display(),
        }
        then = _("We look at it within a few days and write to you. You need not send anything back.")
        return f"{first}\n\n{claim.words}\n\n{then}"


def _told(claim: Claim) -> str:
    """What was decided, in the customer's language."""
    with translation.override(claim.order.locale):
        if claim.is_withdrawal:
            known = {
                Claim.State.REFUNDED: _(
                    "We have settled your withdrawal: your money is on its way back to you."
                ),
                Claim.State.DECLINED: _("We have looked at your withdrawal, and cannot accept it."),
            }
        else:
            known = {
                Claim.State.REMADE: _(
                    "We are sorry about your bar, and are making it once more. It costs you nothing."
                ),
                Claim.State.REFUNDED: _("We are sorry about your bar, and give you the money for it back."),
                Claim.State.DECLINED: _(
                    "We have looked at what you told us about your bar, and cannot replace it."
                ),
            }
        return known[Claim.State(claim.state)]


def _another_parcel(job: Job) -> Shipment:
    first, order = job.shipment, job.order_line.order
    last = order.shipments.aggregate(last=Max("place"))["last"]
    parcel = Shipment.objects.create(
        order=order,
        place=last + 1,
        **{name: getattr(first, name) for name in COPIED},
        shipping_cents=0,
        net_mg=job.order_line.net_mg,
    )
    ShipmentLine.objects.create(shipment=parcel, order_line=job.order_line, quantity=1)
    return parcel


COPIED: Final = (
    *("name", "street", "extra", "postcode", "city", "country", "country_name", "label_locale"),
    *("hide_prices", "method", "method_name", "days_min", "days_max"),
)


def _keep(jpeg: bytes) -> str:
    digest = sha256(jpeg).hexdigest()
    name = ClaimPhoto(digest=digest).file_name
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(jpeg))
    return digest
