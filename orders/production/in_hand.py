"""A bar in somebody's hands: read under its order's lock, and refused where it does not belong."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orders.models.order import Order
from orders.models.production import Job, JobState
from orders.production.refusals import NotAtTheScale


def locked(job: Job, *related: str) -> Job:
    """Under its order's lock, read anew with what else is needed of it: whatever moves a bar stands behind this."""
    Order.objects.select_for_update(of=("self",), no_key=True).get(lines__jobs=job.pk)
    return Job.objects.select_related("order_line__order", *related).get(pk=job.pk)


def refuse_unless_at(job: Job, state: JobState) -> None:
    if not job.order_line.order.is_paid:
        raise NotAtTheScale(_("The order is closed: put the bar aside and ask the office."))
    if job.on_hold_since is not None:
        raise NotAtTheScale(_("%(code)s is on hold. Let it go on first.") % {"code": job.code})
    if job.job_state != state:
        raise NotAtTheScale(
            _("This bar is %(now)s; here belong only bars that are %(wanted)s.")
            % {"now": str(JobState(job.job_state).label).lower(), "wanted": str(state.label).lower()}
        )
