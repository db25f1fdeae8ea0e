"""What goes to a printer, by design.

The label is for everybody who may see the bar: it is the law's text, before the order as after it.
The rest is for staff only: a sleeve may carry a customer's private photo.
"""

from __future__ import annotations

import logging
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from configurator import designs, limits, staff
from configurator.answers import later, visible_or_404
from configurator.designs import DesignUnknown
from configurator.domain.family import Family
from configurator.models import Design
from configurator.pictures import label_prints, photos, prints
from configurator.pictures.label_prints import CannotBePrinted, LabelUnfinished, NotSoldThere
from configurator.wording import locale

LABELS_A_MINUTE: Final = 30
logger = logging.getLogger(__name__)


@require_safe
def label(request: HttpRequest, digest: str) -> HttpResponse:
    """In the language of the page; ``?in=us`` is the label of the United States."""
    if not limits.within("labels", request, most=LABELS_A_MINUTE, seconds=60):
        return later(request)
    row = visible_or_404(request, digest)
    family = designs.family_of(row)
    try:
        if request.GET.get("in") == "us":
            return _pdf(label_prints.us_pdf(row.value, family), f"{row.code}-label-us")
        return _pdf(label_prints.pdf(row.value, family, locale()), f"{row.code}-label")
    except CannotBePrinted as refusal:
        words = {"digest": digest, "words": _why(refusal, family)}
        return render(request, "configurator/no_label.html", words, status=409)


def _why(refusal: CannotBePrinted, family: Family) -> str:
    if isinstance(refusal, NotSoldThere):
        reasons = (
            f"{family.modules[block.module].name.to(locale())} ({block.reason.to(locale())})"
            for block in refusal.blocks
        )
        return _("This bar may not be sold in the United States: %(reasons)s.") % {
            "reasons": ", ".join(reasons)
        }
    if isinstance(refusal, LabelUnfinished):
        return _("A bar without a base has no legal name yet. Choose its base in the studio.")
    logger.error("A label does not fit: %s", refusal)
    return _("This label is longer than the largest that we can print. We have been told.")


@require_safe
@never_cache
def wrapper(request: HttpRequest, digest: str) -> HttpResponse:
    row = _found(request, digest)
    value = row.value
    if not all(photos.may_see(request, photo.digest) for photo in value.photos):
        raise PermissionDenied
    return _pdf(prints.wrapper_pdf(value, designs.family_of(row)), f"{row.code}-wrapper")


@require_safe
@never_cache
def placement(request: HttpRequest, digest: str) -> HttpResponse:
    row = _found(request, digest)
    return _pdf(prints.placement_pdf(row.value, designs.family_of(row), locale()), f"{row.code}-placement")


def _found(request: HttpRequest, digest: str) -> Design:
    """Others learn nothing of which designs there are."""
    if not staff.may(request, "configurator.view_design"):
        raise PermissionDenied
    try:
        row = designs.find(digest)
    except DesignUnknown:
        raise Http404 from None
    if not designs.family_of(row).is_bar:
        raise Http404
    return row


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
