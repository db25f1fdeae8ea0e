"""The reminders that write to somebody's own addresses: to be seen and ended without looking for the mail."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from configurator.makers import keeping
from configurator.makers.makers import maker_of_account
from orders.after import reminders as reminders_
from orders.views.account import customer
from orders.views.responses import SeeOther

REMINDERS_A_PAGE: Final = 10


@require_safe
@never_cache
@login_required
def reminders(request: HttpRequest) -> HttpResponse:
    own = reminders_.of_account(customer(request)).select_related("design")
    page = Paginator(own, REMINDERS_A_PAGE).get_page(request.GET.get("page"))
    shown = keeping.among_shown(
        [each.design_id for each in page.object_list], maker_of_account(customer(request))
    )
    listed = [(each, each.design_id in shown) for each in page.object_list]
    return render(request, "account/reminders.html", {"page": page, "reminders": listed})


@require_POST
@login_required
def end(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """Somebody else's is none."""
    found = get_object_or_404(reminders_.of_account(customer(request)), pk=reminder_id)
    reminders_.end(found, at=now())
    messages.success(request, _("Ended. No mail comes any more."))
    return SeeOther(reverse("orders:account-reminders"))
