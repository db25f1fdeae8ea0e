"""The right of withdrawal: for what the law gives it, until when, and its declaration (docs/after.md has the sources)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from configurator.catalogue.families import family_under
from orders import conversation
from orders.models import Claim, Holiday, Order, OrderLine, PaymentState, Shipment
from shop.models import ReadyBar

PERIOD: Final = timedelta(days=14)
SATURDAY: Final = 5
A_DAY: Final = timedelta(days=1)


class Ground(Enum):
    """Why there is a right of withdrawal, or why not."""

    OPEN = "open"
    PERSONALISED = "personalised"
    OVER = "over"


class NothingToWithdraw(Exception):
    """The message tells the customer why."""


@dataclass(frozen=True, slots=True)
class LineRight:
    line: OrderLine
    ground: Ground
    last_day: date | None
    """None while a parcel is still to come: the period has not begun."""

    @property
    def is_open(self) -> bool:
        return self.ground is Ground.OPEN

    @property
    def is_personalised(self) -> bool:
        return self.ground is Ground.PERSONALISED


def right(
    *, personalised: bool, last_arrival: date | None, today: date, holidays: Collection[date] = ()
) -> Ground:
    """Of one line of an order: the whole rule, from facts alone."""
    if personalised:
        return Ground.PERSONALISED
    ends = last_day(last_arrival, holidays)
    return Ground.OPEN if ends is None or today <= ends else Ground.OVER


def last_day(last_arrival: date | None, holidays: Collection[date] = ()) -> date | None:
    """Fourteen days after the last parcel came; an end on a weekend or a holiday moves to the next working day."""
    if last_arrival is None:
        return None
    ends = last_arrival + PERIOD
    while ends.weekday() >= SATURDAY or ends in holidays:
        ends += A_DAY
    return ends


def rights(order: Order, *, at: datetime) -> tuple[LineRight, ...]:
    parcels = list(order.shipments.all())
    arrived, today = _last_arrival(parcels), timezone.localdate(at)
    holidays = _holidays(arrived, (parcel.country for parcel in parcels))
    return tuple(
        LineRight(
            line,
            right(personalised=_is_personalised(line), last_arrival=arrived, today=today, holidays=holidays),
            last_day(arrived, holidays),
        )
        for line in order.lines.select_related("design", "box")
    )


def withdraw(order: Order, line_ids: Collection[int] | None, *, name: str, at: datetime) -> Claim:
    """Declared and confirmed: kept, and a receipt sent. None: of all for which there is a right.

    A second press finds the first. Raises NothingToWithdraw.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order.pk)
        known = order.claims.filter(kind=Claim.Kind.WITHDRAWAL, state=Claim.State.OPEN).first()
        if known:
            return known
        lines = list(_chosen(order, line_ids, at))
        if not lines and not is_card_open(order, at=at):
            raise NothingToWithdraw(_("For these bars there is no right of withdrawal, or its time is over."))
        claim = Claim.objects.create(order=order, kind=Claim.Kind.WITHDRAWAL, name=name, at=at)
        claim.lines.set(lines)
        of = [str(line) for line in lines] or [str(order.gift_card)]
        conversation.say(order, receipt(order, of, name=name, at=at), by=None, at=at)
        return claim


def find(number: str, email: str) -> Order | None:
    """By what stands in every mail about it."""
    found = Order.objects.filter(number=number.strip().upper()).first()
    if found is None or found.email.strip().casefold() != email.strip().casefold():
        return None
    return found


def is_card_open(order: Order, *, at: datetime) -> bool:
    """A gift card is bought like any other right: fourteen days after it was paid, as far as it is not spent."""
    if not order.sells_gift_card or not order.is_paid or order.paid_at is None:
        return False
    paid_on = timezone.localdate(order.paid_at)
    ends = last_day(paid_on, _holidays(paid_on))
    return ends is not None and timezone.localdate(at) <= ends


def receipt(order: Order, of: Iterable[str], *, name: str, at: datetime) -> str:
    """What was declared, and when it came in, in the customer's language."""
    with translation.override(order.locale):
        moment = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        told = {"number": order.number, "moment": moment, "name": name}
        bars = "\n".join(f"- {each}" for each in of)
        first = _("We have received your withdrawal from order %(number)s on %(moment)s.") % told
        who = _("Declared by: %(name)s") % told
        then = _(
            "We look at it within a few days and write to you how the bars come back to us. The money for them goes "
            "back the way you paid, at the latest 14 days after your withdrawal; we may wait until the bars or a "
            "proof of their sending have reached us."
        )
        return "\n\n".join((first, f"{who}\n{bars}", then))


def _chosen(order: Order, line_ids: Collection[int] | None, at: datetime) -> Iterator[OrderLine]:
    if order.payment_state != PaymentState.PAID:
        return
    for each in rights(order, at=at):
        if each.is_open and (line_ids is None or each.line.pk in line_ids):
            yield each.line


def _is_personalised(line: OrderLine) -> bool:
    """A box of samples can be taken apart, and each of its bags is like any other."""
    return family_under(line.family_version).is_bar and not _is_ready(line)


def _is_ready(line: OrderLine) -> bool:
    """Sold just so by us, now or once: then nobody has designed it, under whatever catalogue it was written."""
    bar = line.design.value
    same = ReadyBar.objects.filter(design__recipe_digest=line.design.recipe_digest).select_related("design")
    return any(replace(ours.design.value, version=bar.version) == bar for ours in same)


def _holidays(arrived: date | None, countries: Iterable[str] = ()) -> frozenset[date]:
    """Where we are and where the parcels went: a doubt about the place is the customer's gain."""
    if arrived is None:
        return frozenset()
    there = {settings.SELLER["country"], *countries}
    near = Holiday.objects.filter(country__in=there, day__range=(arrived + PERIOD, arrived + 2 * PERIOD))
    return frozenset(near.order_by().values_list("day", flat=True))


def _last_arrival(parcels: Iterable[Shipment]) -> date | None:
    """No carrier tells us: the promised day counts, and later where it left later. None while one is to come."""
    days = []
    for parcel in parcels:
        if parcel.shipped_at is None:
            return None
        left = timezone.localdate(parcel.shipped_at) + timedelta(days=2 * parcel.days_max)
        days.append(max(left, parcel.arrive_until or left))
    return max(days, default=None)
