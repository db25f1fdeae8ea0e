"""What lies in a parcel, for whoever opens it: in the language of its labels, and without any price."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.models import Job, JobState, Shipment
from orders.papers.typesetting import printed


def render(parcel: Shipment) -> bytes:
    """The same bytes as long as the same bars lie in it."""
    with translation.override(parcel.label_locale):
        sheet = json.dumps(_sheet(parcel), ensure_ascii=False)
    return printed("packing_slip.typ", made_at=int(parcel.order.placed_at.timestamp()), sheet=sheet)


def _sheet(parcel: Shipment) -> dict[str, Any]:
    jobs = (
        Job.objects.filter(shipment=parcel, remake=None).select_related("order_line__box").order_by("place")
    )
    inside = [job for job in jobs if job.job_state != JobState.SCRAPPED]
    parcels = parcel.order.shipments.count()
    facts = [[_("Order"), parcel.order.number]]
    if parcels > 1:
        facts.append([_("Parcel"), _("%(place)d of %(of)d") % {"place": parcel.place, "of": parcels}])
    if parcel.dispatch_on:
        facts.append([_("Dispatch planned"), date_format(parcel.dispatch_on, "DATE_FORMAT")])
    return {
        "language": parcel.label_locale,
        "shop": settings.SHOP_NAME,
        "sender": settings.SHOP_ADDRESS,
        "title": _("Packing slip"),
        "number": parcel.order.number,
        "address": [
            line
            for line in (
                *(parcel.name, parcel.street, parcel.extra),
                *(f"{parcel.postcode} {parcel.city}", parcel.country_name),
            )
            if line
        ],
        "facts": facts,
        "heads": [_("Quantity"), _("What"), _("Code on the pack")],
        "lines": _lines(inside),
        "left_out_title": _("Left out, because an ingredient ran out"),
        "left_out": _lines([job for job in jobs if job.is_left_out]),
        "gift": _("Somebody has had this made for you. Enjoy it!") if parcel.gift_message else "",
        "count": _count(inside),
        "care": _(
            "Keep it cool and dry, and away from the sun. Something is missing or broken? Write to %(mail)s."
        )
        % {"mail": settings.SHOP_EMAIL},
    }


def _count(jobs: list[Job]) -> str:
    are_bars = not any(label.get("bags") for job in jobs for label in job.order_line.labels.values())
    words = _("Bars in this parcel: %(count)d") if are_bars else _("Pieces in this parcel: %(count)d")
    return words % {"count": len(jobs)}


def _lines(jobs: list[Job]) -> list[list[str]]:
    of_line = Counter(job.order_line for job in jobs)
    return [
        [
            str(number),
            line.name or line.family_name,
            f"{line.labels[_spoken(line.labels)]['name']}" + (f", {line.box.name}" if line.box else ""),
            line.code,
        ]
        for line, number in of_line.items()
    ]


def _spoken(labels: dict[str, Any]) -> str:
    """The language now spoken, if the bar has a label in it."""
    spoken = (translation.get_language() or "")[:2]
    return spoken if spoken in labels else next(iter(labels))
