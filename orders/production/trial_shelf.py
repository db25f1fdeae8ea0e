"""A shelf to try the floor with: invented suppliers, a lot of everything, one temperer filled. Never in production."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import typst
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.timezone import localdate

from configurator.domain.family import Milligrams
from configurator.models import Module
from orders.models.equipment import Equipment, FloorZone, Station
from orders.models.lots import Lot, Supplier, TemperFill
from orders.models.runs import Run
from orders.models.stock import Stock
from orders.production import certificates, filling, runs
from orders.production.receiving import Delivery, receive

KG: Final = 1_000_000
BASE_MG: Final[Milligrams] = 50 * KG
IN_THE_TEMPERER_MG: Final[Milligrams] = 20 * KG
ORDERS_A_SACK: Final = 500
DOSES: Final = 300
"""Of everything else, for bars of 100 g."""
MONTH: Final = timedelta(days=30)
CHOCOLATE: Final = "milk_37"
"""Of several ready bars; with milk in it, it is always poured in zone O."""
OF_COCOA: Final = frozenset({"cocoa_nibs", "cocoa_cookie_crumbs", "choc_lentils", "choc_plaque"})
"""Beside the chocolates."""
SUPPLIERS: Final = {
    "base": "Example Chocolates",
    "nuts": "Example Nuts and Seeds",
    "seeds": "Example Nuts and Seeds",
    "fruit": "Example Fruit and Flowers",
    "flowers": "Example Fruit and Flowers",
}
ANY_SUPPLIER: Final = "Example Confectionery and Spices"
NOTE: Final = "Invented, to try the floor with."
FOLDER: Final = Path(__file__).parent
MADE_AT: Final = 0


@transaction.atomic
def stock_up(*, by: User, at: datetime) -> int:
    """How many modules have got a lot. What lies on the shelf already is left alone, and so are the temperers
    once anybody has filled one."""
    known = Stock.objects.values("module")
    new = Module.objects.filter(retired=False).exclude(key__in=known)
    modules = list(new.select_related("ingredient").order_by("key"))
    certificate = _certificate() if modules else ""
    lots = {module.key: receive(_delivery(module, certificate, at), by=by, at=at) for module in modules}
    if CHOCOLATE in lots and not (Run.objects.exists() or TemperFill.objects.exists()):
        _fill_a_temperer(lots[CHOCOLATE], by, at)
    return len(modules)


def enough_for(orders: int, *, by: User, at: datetime) -> None:
    """More of every chocolate, where so many people may want the same."""
    for module in Module.objects.filter(kind=Module.Kind.BASE, retired=False).order_by("key"):
        for _sack in range(orders // ORDERS_A_SACK):
            deliver(module, by=by, at=at)


def deliver(module: Module, *, by: User, at: datetime) -> Lot:
    """One more lot of it."""
    number = Lot.objects.filter(stock__module=module).count() + 1
    sent = _delivery(module, "", at)
    return receive(replace(sent, supplier_lot=f"{sent.supplier_lot}-{number}"), by=by, at=at)


def _delivery(module: Module, certificate: str, at: datetime) -> Delivery:
    is_base = module.kind == Module.Kind.BASE
    has_cocoa = is_base or module.key in OF_COCOA
    return Delivery(
        module=module,
        supplier=_supplier(module),
        supplier_lot=f"EX-{at:%y%m}-{module.pk:03}",
        best_before=_best_before(module, localdate(at)),
        mg=BASE_MG if is_base else DOSES * module.dose_mg,
        eudr_reference=f"EXAMPLE-{module.pk:04}" if has_cocoa else "",
        price_cents=module.cost_cents_per_kg or None,
        currency="EUR",
        certificate=certificate,
        note=NOTE,
    )


def _supplier(module: Module) -> Supplier:
    name = SUPPLIERS.get(module.category, ANY_SUPPLIER)
    return Supplier.objects.get_or_create(name=name, defaults={"note": NOTE})[0]


def _best_before(module: Module, today: date) -> date:
    return today + max(1, module.ingredient.shelf_life_months) * MONTH


def _certificate() -> str:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER / "fonts")])
    made = typst.compile(
        str(FOLDER / "example-certificate.typ"), format="pdf", font_paths=fonts, timestamp=MADE_AT
    )
    assert isinstance(made, bytes)
    return certificates.keep(SimpleUploadedFile("certificate.pdf", made))


def _fill_a_temperer(lot: Lot, by: User, at: datetime) -> None:
    """Its temper is for people to check, as every day."""
    temperers = Equipment.objects.filter(station=Station.MOULDING, zone=FloorZone.OPEN, in_use=True)
    temperer = temperers.first()
    if temperer:
        run = runs.begin(temperer, CHOCOLATE, day=localdate(at), by=by, at=at)
        run.refresh_from_db()
        filling.fill(run, lot, IN_THE_TEMPERER_MG, by=by, at=at)
