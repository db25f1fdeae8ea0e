"""The same bar again on a day: asked for by its pack code, confirmed and ended by the links of the mails."""

from __future__ import annotations

from typing import Final

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from configurator import limits
from configurator.makers import keeping
from configurator.models import Design
from configurator.pictures import photos
from configurator.studio.forms import CodeForm
from configurator.wording import locale
from orders.after import reminders as reminders_
from orders.after.reminder_forms import ReminderForm
from orders.buying.cookies import placed_orders
from orders.models import Order, Reminder
from orders.order_access import kept_secret
from orders.views.again import CODES_A_MINUTE, bar_of
from orders.views.order import LOOKS_A_MINUTE
from orders.views.responses import SeeOther

ASKED_AN_HOUR: Final = 10
MAILS_A_DAY: Final = 5
"""To one address, whoever types it."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reminders(request: HttpRequest, code: str) -> HttpResponse:
    """Of this bar, on which day, to which address."""
    if not limits.within("codes", request, most=CODES_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    codes = CodeForm({"code": code})
    row = bar_of(request, codes)
    if row is None:
        return render(request, "configurator/code.html", {"form": codes}, status=404)
    if request.method == "POST":
        return _asked(request, row)
    form = ReminderForm(initial={"email": _address_of(request, row)}, today=localdate(now()))
    return _page(request, row, form)


def _asked(request: HttpRequest, row: Design) -> HttpResponse:
    if not limits.within("reminders", request, most=ASKED_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    form = ReminderForm(request.POST, today=localdate(now()))
    if not form.is_valid() or not _may_be_written_to(request, form):
        return _page(request, row, form)
    wish = form.wish(locale())
    reminder = reminders_.ask(row, wish, is_theirs=_is_theirs(request, wish.email), at=now())
    if reminder.confirmed_at and _is_theirs(request, wish.email):
        messages.success(request, _("Your reminder is set."))
        return SeeOther(reverse("orders:reminder", args=[reminder.token]))
    words = _("We have written to %(email)s. Press the button in that mail, and the reminder is set.")
    messages.success(request, words % {"email": wish.email})
    return SeeOther(reverse("orders:reminders", args=[row.code]))


def _page(request: HttpRequest, row: Design, form: ReminderForm) -> HttpResponse:
    page = {
        "form": form,
        "code": row.code,
        "design": photos.without_strange(row.value, request),
        "is_open": keeping.anybody_may_have_again(row.digest),
    }
    response = render(request, "orders/reminders.html", page, status=422 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reminder(request: HttpRequest, token: str) -> HttpResponse:
    """What is set, or waits for a yes: opening the link changes nothing, its button does."""
    found = _found(token)
    if not limits.within("orders", request, most=LOOKS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    if found and request.method == "POST":
        reminders_.confirm(found, at=now())
        return SeeOther(reverse("orders:reminder", args=[token]))
    return _shown(request, found, "orders/reminder.html")


# Mail programs press this button for their reader, without a cookie (RFC 8058). Whoever has the link may do it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: HttpRequest, token: str) -> HttpResponse:
    """No more of it: one press, no signing in."""
    found = _found(token)
    if not limits.within("orders", request, most=LOOKS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    if found and request.method == "POST":
        reminders_.end(found, at=now())
    return _shown(request, found, "orders/reminder_end.html")


def _shown(request: HttpRequest, found: Reminder | None, template: str) -> HttpResponse:
    page = {"reminder": found, "is_open": found and keeping.anybody_may_have_again(found.design_id)}
    return kept_secret(render(request, template, page, status=200 if found else 404))


def _found(token: str) -> Reminder | None:
    return Reminder.objects.select_related("design").filter(token=token).first()


def _may_be_written_to(request: HttpRequest, form: ReminderForm) -> bool:
    email = form.cleaned_data["email"]
    if _is_theirs(request, email):
        return True
    counted = limits.counted("reminder-mails", limits.nameless(email.casefold()), seconds=86_400)
    if counted > MAILS_A_DAY:
        form.add_error(
            "email", _("So much was asked for with this address today. Please come back tomorrow.")
        )
    return not form.errors


def _is_theirs(request: HttpRequest, email: str) -> bool:
    """Signed in, and confirmed to be their address before."""
    if not request.user.is_authenticated:
        return False
    theirs = EmailAddress.objects.filter(user=request.user, email__iexact=email, verified=True)
    return bool(theirs.exists())


def _address_of(request: HttpRequest, row: Design) -> str:
    """What they would type: their account's address, or the one that ordered this bar in this browser."""
    if request.user.is_authenticated:
        return request.user.email
    ordered = Order.objects.filter(token__in=placed_orders(request), lines__design=row)
    return ordered.order_by("-placed_at").values_list("email", flat=True).first() or ""
