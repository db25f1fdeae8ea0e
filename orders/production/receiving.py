"""What a supplier brings becomes a lot: received, certified and on the shelf, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.domain.family import Cents, Milligrams
from configurator.domain.label.allergens import SULPHUR_DIOXIDE_CODE
from configurator.models import Module
from orders import stock
from orders.models.lots import Lot, Supplier
from orders.models.stock import Stock
from orders.production import allergens, specifications
from orders.production.allergens import NOTHING, Codes
from orders.production.run_outs import shortage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class DeliveryRefused(Exception):
    """``field`` names what has to be typed anew, ``words`` say why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True, slots=True)
class Delivery:
    module: Module
    supplier: Supplier
    supplier_lot: str
    best_before: date
    mg: Milligrams
    eudr_reference: str = ""
    price_cents: Cents | None = None
    """Of a kilogram."""
    currency: str = ""
    certificate: str = ""
    """The name of a file that is kept already (certificates.py)."""
    note: str = ""
    contains: Codes = NOTHING
    """Allergens that its specification names as contained."""
    traces: Codes = NOTHING
    """Of which it warns."""


@transaction.atomic
def receive(delivery: Delivery, *, by: User, at: datetime) -> Lot:
    """More of a lot that is known joins it, for on the shelf nobody could tell them apart. Raises DeliveryRefused."""
    row, _made = Stock.objects.get_or_create(module=delivery.module)
    Stock.objects.select_for_update().get(pk=row.pk)
    refuse(delivery, at=at)
    lot = _known(delivery) or _new(delivery, row, at)
    stock.receive(delivery.module, mg=delivery.mg, by=by, at=at, note=delivery.note, lot=lot)
    specifications.came_with(lot, delivery.traces, by=by, at=at)
    shortage.look_again(delivery.module.key, at=at)
    return lot


def refuse(delivery: Delivery, *, at: datetime) -> None:
    """Raises DeliveryRefused for what may not be taken in."""
    if delivery.best_before < localdate(at):
        raise DeliveryRefused(
            "best_before",
            _("This was best before %(day)s. Send it back, or type the date as it stands on the sack.")
            % {"day": date_format(delivery.best_before)},
        )
    foreign = delivery.contains - _contained(delivery.module)
    if foreign:
        raise DeliveryRefused(
            "contains",
            _(
                "It contains %(allergens)s, and %(module)s as it stands in the catalogue does not: no label would name "
                "it. Do not take it in. Send it back, or keep it apart until it is a module of its own."
            )
            % {"allergens": allergens.named(foreign), "module": delivery.module},
        )
    known = _known(delivery)
    if known and known.is_blocked:
        raise DeliveryRefused(
            "supplier_lot",
            _("Lot %(code)s is blocked: %(why)s. Do not take more of it in.")
            % {"code": known.code, "why": known.blocked_why},
        )
    if known and known.best_before != delivery.best_before:
        raise DeliveryRefused(
            "best_before",
            _(
                "Lot %(code)s has the same number of the same supplier and is best before %(day)s. "
                "Look at the sack."
            )
            % {"code": known.code, "day": date_format(known.best_before)},
        )


def _contained(module: Module) -> Codes:
    """Sulphites are no code of an ingredient: they count by how much of them is in the bar."""
    ingredient = module.ingredient
    sulphites = {SULPHUR_DIOXIDE_CODE} if ingredient.so2_mg_per_kg else set()
    return frozenset(ingredient.allergens) | sulphites


def _known(delivery: Delivery) -> Lot | None:
    same = Lot.objects.filter(stock=delivery.module.key, supplier=delivery.supplier)
    return same.filter(supplier_lot=delivery.supplier_lot).first()


def _new(delivery: Delivery, row: Stock, at: datetime) -> Lot:
    return Lot.objects.create(
        stock=row,
        supplier=delivery.supplier,
        supplier_lot=delivery.supplier_lot,
        best_before=delivery.best_before,
        received_at=at,
        eudr_reference=delivery.eudr_reference,
        price_cents=delivery.price_cents,
        currency=delivery.currency if delivery.price_cents else "",
        certificate=delivery.certificate,
    )
