"""Who of the staff may do what: five groups, each with the least it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.models import Group, Permission

OWNER, SUPPORT, PRODUCTION = "owner", "support", "production"
CATALOGUE, ACCOUNTANT = "catalogue", "accountant"

LOOK: Final = "view"
WORK: Final = "view change"
KEEP: Final = "view add change delete"
DECIDE: Final = "view change delete"

_ORDERS: Final = {
    "orders.order": LOOK,
    "orders.orderline": LOOK,
    "orders.shipment": LOOK,
    "orders.payment": LOOK,
    "orders.refund": LOOK,
    "orders.refundline": LOOK,
    "orders.dispute": LOOK,
    "orders.ordernote": LOOK,
    "orders.invoice": LOOK,
}
"""What happened to an order, its money included."""
_FLOOR: Final = {"orders.job": LOOK, "orders.jobevent": LOOK, "orders.runout": LOOK}
_EQUIPMENT: Final = {
    "orders.equipment": LOOK,
    "orders.run": WORK,
    "orders.runevent": LOOK,
    "orders.cleaning": "view add",
    "orders.contact": "view add",
    "orders.workingtemperature": LOOK,
}
"""Whoever makes the bars runs the temperers, and cleans."""
_MONEY: Final = {
    "orders.ledgerentry": LOOK,
    "orders.discrepancy": LOOK,
    "orders.fraudwarning": LOOK,
    "orders.stripeevent": LOOK,
    "orders.vatrate": LOOK,
    "orders.volumeprice": LOOK,
    "orders.voucher": LOOK,
    "orders.voucheruse": LOOK,
    "orders.giftcard": LOOK,
    "orders.giftcardentry": LOOK,
}
_SHELVES: Final = {"orders.stock": LOOK, "orders.stockhold": LOOK, "orders.stockmove": LOOK}
_LOTS: Final = {"orders.lot": "view add change block", "orders.supplier": "view add change"}
"""Who takes a delivery in. Everybody who makes something of it may stop it."""
_RECALLS: Final = {"orders.recall": "view add"}
"""Who finds where a lot went. Only an owner tells customers, and only who sees orders sees whose bars they are."""
_DAYS: Final = {
    "orders.capacityday": LOOK,
    "orders.booking": LOOK,
    "orders.workingweek": LOOK,
    "orders.kitchenfigures": LOOK,
}
_CARRIAGE: Final = {
    f"orders.{name}": LOOK
    for name in (
        *("boxsize", "zone", "destination", "carrier", "method"),
        *("service", "carriagerate", "hotseason", "holiday"),
    )
}
_CATALOGUE: Final = {
    f"configurator.{name}": LOOK
    for name in ("module", "ingredient", "slot", "family", "familyversion", "constraint", "design")
}
_PRICES: Final = {"configurator.pricelist": LOOK, "configurator.ownprice": LOOK}

RIGHTS: Final[Mapping[str, Mapping[str, str]]] = {
    OWNER: {
        **_ORDERS,
        **_FLOOR,
        **_MONEY,
        **_SHELVES,
        **_CATALOGUE,
        **_EQUIPMENT,
        "orders.equipment": "view add change",
        "orders.workingtemperature": KEEP,
        "orders.order": "view export",
        "orders.ordernote": "view add",
        "orders.officechange": LOOK,
        "orders.shipment": "view change readdress",
        "orders.payment": WORK,
        "orders.refund": "view add change",
        "orders.letter": WORK,
        "orders.claim": WORK,
        "orders.message": WORK,
        "orders.reminder": WORK,
        "orders.pendingwork": WORK,
        "orders.personalrequest": "view erase",
        "orders.fraudwarning": WORK,
        "orders.job": "view change hold",
        "orders.voucher": KEEP,
        "orders.giftcard": WORK,
        "orders.stock": WORK,
        "orders.stockmove": "view add",
        **_LOTS,
        "orders.recall": "view add confirm",
        "orders.capacityday": "view add change",
        "orders.booking": LOOK,
        "orders.workingweek": KEEP,
        "orders.kitchenfigures": "view change",
        **dict.fromkeys(_CARRIAGE, KEEP),
        "orders.apitoken": "view add",
        "configurator.module": "view add change",
        "configurator.ingredient": KEEP,
        "configurator.slot": "view add change",
        "configurator.family": "view add change",
        "configurator.constraint": KEEP,
        **dict.fromkeys(_PRICES, KEEP),
        "configurator.creation": WORK,
        "configurator.check": WORK,
        "configurator.opinion": DECIDE,
        "configurator.daycount": LOOK,
        "configurator.photo": LOOK,
        "shop.readybar": KEEP,
        "shop.accountletter": WORK,
        "auth.user": "view add change",
        "auth.group": LOOK,
    },
    SUPPORT: {
        **_ORDERS,
        **_FLOOR,
        **_CARRIAGE,
        "orders.ordernote": "view add",
        "orders.shipment": "view readdress",
        "orders.refund": "view add",
        "orders.letter": WORK,
        "shop.accountletter": WORK,
        "orders.claim": WORK,
        "orders.message": WORK,
        "orders.reminder": WORK,
        "orders.job": "view hold",
        "orders.voucher": "view add change",
        "orders.voucheruse": LOOK,
        "orders.giftcard": WORK,
        "orders.giftcardentry": LOOK,
        "orders.stock": LOOK,
        "orders.lot": LOOK,
        "orders.recall": LOOK,
        "orders.capacityday": LOOK,
        "configurator.design": LOOK,
        "configurator.creation": WORK,
        "configurator.check": WORK,
        "configurator.opinion": DECIDE,
    },
    PRODUCTION: {
        **_SHELVES,
        **_DAYS,
        **_EQUIPMENT,
        "orders.job": "view change hold",
        "orders.jobevent": LOOK,
        "orders.runout": LOOK,
        "orders.shipment": WORK,
        "orders.pendingwork": WORK,
        "orders.stock": WORK,
        "orders.stockmove": "view add",
        **_LOTS,
        **_RECALLS,
        "orders.capacityday": "view add change",
        "configurator.module": LOOK,
        "configurator.ingredient": LOOK,
        "configurator.design": LOOK,
        "configurator.check": WORK,
        "configurator.photo": LOOK,
    },
    CATALOGUE: {
        **_CATALOGUE,
        "configurator.module": "view add change",
        "configurator.ingredient": KEEP,
        "configurator.slot": "view add change",
        "configurator.family": "view add change",
        "configurator.constraint": KEEP,
        **dict.fromkeys(_PRICES, KEEP),
        "configurator.creation": WORK,
        "configurator.check": WORK,
        "configurator.daycount": LOOK,
        "shop.readybar": KEEP,
        "orders.stock": LOOK,
    },
    ACCOUNTANT: {
        **_ORDERS,
        **_MONEY,
        **_CARRIAGE,
        **_PRICES,
        "orders.order": "view export",
        "orders.officechange": LOOK,
    },
}


class RightUnknown(LookupError):
    """A group names a permission that no model has."""


def ensure_groups() -> None:
    """Each group has exactly these rights. Whoever needs others makes a group of another name."""
    known = {
        f"{right.content_type.app_label}.{right.codename}": right
        for right in Permission.objects.select_related("content_type")
    }
    for name in RIGHTS:
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(known[right] if right in known else _unknown(right) for right in rights(name))


def rights(group: str) -> list[str]:
    """As Django asks for them: "orders.view_order"."""
    return [
        f"{model.partition('.')[0]}.{action}_{model.partition('.')[2]}"
        for model, actions in RIGHTS[group].items()
        for action in actions.split()
    ]


def _unknown(right: str) -> Permission:
    raise RightUnknown(right)
