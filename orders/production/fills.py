"""Filling a temperer from lots, with what the last fill left in it, and emptying it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.domain.family import Milligrams
from orders import stock
from orders.models.lots import FillInput, Lot, TemperFill
from orders.models.stock import StockMove
from orders.production import carry_over
from orders.production.refusals import StepRefused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = StockMove.Kind


class FillRefused(StepRefused):
    pass


def fill(temperer: str, inputs: Mapping[Lot, Milligrams], *, by: User, at: datetime) -> TemperFill:
    """Tops up what is in it, or begins anew after it was emptied. Raises FillRefused."""
    try:
        with transaction.atomic():
            before = _last(temperer)
            lots = _lots(inputs, at)
            _refuse_mixing(before, lots[0])
            made = _begin(temperer, before, lots[0].stock_id, by, at)
            _put_in(made, {lot: inputs[lot] for lot in lots}, by, at)
            return made
    except IntegrityError:
        raise FillRefused(
            _("Somebody has just filled %(temperer)s. Look at it again.") % {"temperer": temperer}
        ) from None


def empty(fill: TemperFill, *, by: User, at: datetime) -> bool:
    """What is left in it is thrown away. False when it was emptied before."""
    with transaction.atomic():
        fill = TemperFill.objects.select_for_update().get(pk=fill.pk)
        if fill.emptied_at:
            return False
        _throw_away(fill, by, at)
        stock.put_fill_aside(fill, aside=False, by=by, at=at)
        TemperFill.objects.filter(pk=fill.pk).update(closed_at=fill.closed_at or at, emptied_at=at)
        return True


def cleaned(temperer: str, *, at: datetime) -> bool:
    """Only then does nothing of the last fill go into the next. False unless it was emptied before."""
    last = TemperFill.objects.filter(temperer=temperer).order_by("-opened_at", "-pk").first()
    if last is None or last.emptied_at is None:
        return False
    return bool(TemperFill.objects.filter(pk=last.pk, cleaned_at=None).update(cleaned_at=at))


def open_fill(temperer: str) -> TemperFill | None:
    return TemperFill.objects.filter(temperer=temperer, closed_at=None).first()


def left_in(temperer: str) -> TemperFill | None:
    """Of which something goes into the next fill, and be it a film on the wall."""
    last = TemperFill.objects.filter(temperer=temperer).order_by("-opened_at", "-pk").first()
    return last if last and last.cleaned_at is None else None


def rest(fill: TemperFill) -> Milligrams:
    """What is in it by the books."""
    moves = StockMove.objects.filter(fill=fill).exclude(kind__in=StockMove.NOT_BY_HANDS)
    return int(moves.aggregate(mg=Sum("mg"))["mg"] or 0)


def blocked_in(fill: TemperFill) -> Lot | None:
    """A blocked lot that is in it, also by what earlier fills left."""
    inside = FillInput.objects.filter(fill__in=carry_over.ancestors([fill.pk]))
    return Lot.objects.filter(pk__in=inside.values("lot")).exclude(blocked_at=None).first()


def _last(temperer: str) -> TemperFill | None:
    return (
        TemperFill.objects.select_for_update().filter(temperer=temperer).order_by("-opened_at", "-pk").first()
    )


def _lots(inputs: Mapping[Lot, Milligrams], at: datetime) -> list[Lot]:
    if not inputs or min(inputs.values()) <= 0:
        raise FillRefused(_("Say which lots go in, and how much of each."))
    lots = list(
        Lot.objects.select_for_update(no_key=True).filter(pk__in=[lot.pk for lot in inputs]).order_by("pk")
    )
    for lot in lots:
        if lot.is_blocked:
            raise FillRefused(
                _("Lot %(code)s is blocked: %(why)s. Put it aside.")
                % {"code": lot.code, "why": lot.blocked_why}
            )
        if lot.is_expired(localdate(at)):
            raise FillRefused(
                _("Lot %(code)s was best before %(day)s. Put it aside.")
                % {"code": lot.code, "day": date_format(lot.best_before)}
            )
    if len({lot.stock_id for lot in lots}) > 1:
        raise FillRefused(_("These lots are of different chocolates. Only one goes into a temperer."))
    if lots[0].stock.module.kind != "base":
        raise FillRefused(_("%(module)s is no chocolate to temper.") % {"module": lots[0].stock.module})
    return lots


def _refuse_mixing(before: TemperFill | None, lot: Lot) -> None:
    if before and before.emptied_at is None and before.stock_id != lot.stock_id:
        raise FillRefused(
            _("In %(temperer)s is still %(there)s: empty it first.")
            % {"temperer": before.temperer, "there": before.stock.module}
        )
    blocked = blocked_in(before) if before and not before.cleaned_at else None
    if before and blocked:
        raise FillRefused(
            _("In %(temperer)s was lot %(code)s, which is blocked: empty and clean it first.")
            % {"temperer": before.temperer, "code": blocked.code}
        )


def _begin(temperer: str, before: TemperFill | None, stock_id: str, by: User, at: datetime) -> TemperFill:
    left_in_it = max(0, rest(before)) if before and before.emptied_at is None else 0
    if before and before.closed_at is None:
        TemperFill.objects.filter(pk=before.pk).update(closed_at=at)
    made = TemperFill.objects.create(
        temperer=temperer,
        stock_id=stock_id,
        carry_over_from=before if before and not before.cleaned_at else None,
        carry_over_mg=left_in_it,
        opened_at=at,
        opened_by=by,
    )
    if before and left_in_it:
        _move(Kind.CARRIED, -left_in_it, before, by, at)
        _move(Kind.CARRIED, left_in_it, made, by, at)
    return made


def _put_in(made: TemperFill, inputs: Mapping[Lot, Milligrams], by: User, at: datetime) -> None:
    FillInput.objects.bulk_create(FillInput(fill=made, lot=lot, mg=mg) for lot, mg in inputs.items())
    StockMove.objects.bulk_create(
        StockMove(stock_id=made.stock_id, kind=Kind.FILLED, mg=-mg, lot=lot, by=by, at=at)
        for lot, mg in inputs.items()
    )
    _move(Kind.FILLED, sum(inputs.values()), made, by, at)


def _throw_away(fill: TemperFill, by: User, at: datetime) -> None:
    """Less than nothing in it was a miscount, and is set right."""
    left_in_it = rest(fill)
    if left_in_it:
        kind = Kind.WASTED if left_in_it > 0 else Kind.COUNTED
        _move(kind, -left_in_it, fill, by, at)


def _move(kind: Kind, mg: Milligrams, fill: TemperFill, by: User, at: datetime) -> None:
    StockMove.objects.create(stock_id=fill.stock_id, kind=kind, mg=mg, fill=fill, by=by, at=at)
