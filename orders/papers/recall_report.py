"""The paper of a recall, for the file and for the authority: what was found, stopped and told."""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from configurator.domain.recipe import grams
from orders.models import JobState, Recall
from orders.papers.typesetting import printed
from orders.production import recall
from orders.production.recall import Affected

MOST_ORDERS: Final = 5_000
"""On paper; the page in the office has them all."""


def pdf(made: Recall, *, with_contacts: bool) -> bytes:
    """In the language now spoken. Contacts only for whoever may see orders."""
    sheet = json.dumps(_sheet(made, with_contacts=with_contacts), ensure_ascii=False)
    return printed("recall_report.typ", made_at=int(made.at.timestamp()), sheet=sheet)


def _sheet(made: Recall, *, with_contacts: bool) -> dict[str, Any]:
    lot = made.lot
    return {
        "language": (translation.get_language() or "en")[:2],
        "shop": settings.SHOP_NAME,
        "title": _("Recall in exercise") if made.is_mock else _("Recall"),
        "code": lot.code,
        "facts": [
            [_("Module"), str(lot.module)],
            [_("Supplier"), lot.supplier.name],
            [_("Their lot"), lot.supplier_lot],
            [_("Best before"), date_format(lot.best_before)],
            [_("Received"), _when(lot.received_at)],
            [_("Why"), made.why],
            [_("Found"), _when(made.at)],
            [_("By"), str(made.by or _("the command line"))],
            [_("Customers told"), _when(made.confirmed_at) if made.confirmed_at else _("nobody")],
        ],
        "balance_title": _("Where all of the lot is"),
        "balance": balance_rows(made.figures["balance"]),
        "bars_title": _("Bars: %(bars)d, of orders: %(orders)d") % made.figures,
        "states": [
            [str(JobState(state).label), str(bars)]
            for state, bars in sorted(made.figures["by_state"].items())
        ],
        "heads": [
            _("Order"),
            _("Bars, by their tickets"),
            _("Sent"),
            *([_("Contact")] if with_contacts else []),
        ],
        "orders": list(_orders(made, with_contacts=with_contacts)),
    }


def balance_rows(balance: dict[str, int]) -> list[list[str]]:
    """Received and what counting has added on the one side, where it went on the other: always even."""
    rows = [
        (_("received"), balance["received_mg"]),
        (_("found by counting"), balance["counted_mg"]),
        (_("weighed into bars"), -balance["in_bars_mg"]),
        (_("filled into temperers"), -balance["in_temperers_mg"]),
        (_("thrown away"), -balance["wasted_mg"]),
        (_("on the shelf"), balance["on_shelf_mg"]),
    ]
    return [[name, f"{'−' if mg < 0 else ''}{grams(abs(mg))} g"] for name, mg in rows]


def _orders(made: Recall, *, with_contacts: bool) -> list[list[str]]:
    rows = []
    for number, affected in enumerate(recall.affected_by(made.lot)):
        if number == MOST_ORDERS:
            break
        rows.append(_row(affected, with_contacts=with_contacts))
    return rows


def _row(affected: Affected, *, with_contacts: bool) -> list[str]:
    codes = ", ".join(bar.code for bar in affected.bars)
    contact = [affected.order.email] if with_contacts else []
    return [affected.order.number, codes, str(len(affected.sent)), *contact]


def _when(at: Any) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
