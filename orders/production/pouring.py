"""From which fill of a temperer a bar is poured."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from configurator.catalogue.families import family_under
from orders.models.lots import Pour, TemperFill
from orders.models.production import Job, JobState
from orders.production import fills, unnamed
from orders.production.in_hand import locked, refuse_unless_at
from orders.production.refusals import LotBlocked, LotUnnamed, NotAtTheScale, WrongModule

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def pour(job: Job, fill: TemperFill, *, by: User, at: datetime) -> Pour:
    """The bar is poured from what is in this temperer now. Until it is moulded, another may be named."""
    with transaction.atomic():
        job = locked(job)
        refuse_unless_at(job, JobState.KITTED)
        fill = TemperFill.objects.select_for_update(no_key=True).get(pk=fill.pk)
        if fill.stock_id != job.base:
            raise WrongModule(
                _("In %(temperer)s is %(there)s, and this bar is made of %(wanted)s.")
                % {
                    "temperer": fill.temperer,
                    "there": _name(job, fill.stock_id),
                    "wanted": _name(job, job.base),
                }
            )
        if fill.closed_at:
            raise NotAtTheScale(_("This fill of %(temperer)s is closed.") % {"temperer": fill.temperer})
        blocked = fills.blocked_in(fill)
        if blocked:
            raise LotBlocked(
                _("In %(temperer)s is lot %(code)s, which is blocked: empty and clean it.")
                % {"temperer": fill.temperer, "code": blocked.code}
            )
        silent = unnamed.in_fill(fill, job)
        if silent:
            raise LotUnnamed(
                _("%(why)s It is in %(temperer)s: pour from another temperer, or empty and clean this one.")
                % {"temperer": fill.temperer, "why": unnamed.words(*silent)}
            )
        poured, _made = Pour.objects.update_or_create(job=job, defaults={"fill": fill, "by": by, "at": at})
        return poured


def pour_from(job: Job, temperer: str, *, by: User, at: datetime) -> None:
    """As it is moulded: unless somebody named a fill before, it comes from the one that is open there."""
    fill = TemperFill.objects.filter(temperer=temperer, closed_at=None).first()
    if fill and of(job) is None:
        pour(job, fill, by=by, at=at)


def of(job: Job) -> Pour | None:
    return Pour.objects.filter(job=job).first()


def _name(job: Job, module: str) -> str:
    language = translation.get_language() or "en"
    found = family_under(job.order_line.family_version).modules.get(module)
    return found.name.to(language) if found else module
