"""What is done about an order at the office's desk: asked first, and only with what one has seen.

Two people look at one order. Every form says in which state its order was when it was opened; if that is not
the state any more, nothing is done, and whoever pressed is told what happened meanwhile.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from orders import changes, timeline
from orders.buying.recipient_forms import AddressForm
from orders.models import Job, Order, OrderNote, Payment, Refund, Shipment
from orders.office.look_only import LookOnly
from orders.production import queue, steps
from orders.production.refusals import StepRefused
from orders.production.run_outs import shortage
from orders.sending import delivery
from orders.sending.readdressing import ADDRESS, ReaddressedTooLate, may_still_change, readdress

REASON_SIGNS: Final = 120


class NoteForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Note for the colleagues"),
        max_length=OrderNote.WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the note.")},
    )


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why do its bars wait?"),
        max_length=REASON_SIGNS,
        error_messages={"required": gettext_lazy("Say why, so that the floor knows.")},
    )


class NewAddressForm(AddressForm):
    """Taxes, labels and the price of sending belong to the country, so that stays."""

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        there = [each for each in delivery.tariff().destinations if each.country == parcel.country]
        now = {field: getattr(parcel, field) for field in ADDRESS}
        super().__init__(*args, destinations=there, initial={**now, "country": parcel.country}, **kwargs)
        self.fields["country"].disabled = True
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class OrderDesk(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("<int:order_id>/notes/", self.write_note, "orders_order_notes"),
            ("<int:order_id>/hold/", self.hold, "orders_order_hold"),
            ("<int:order_id>/release/", self.release, "orders_order_release"),
            ("<int:order_id>/parcels/<int:place>/address/", self.readdress, "orders_order_address"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        if order is None or not self.has_view_permission(request, order):
            return super().change_view(request, object_id, form_url, extra_context)
        user = _colleague(request)
        at_desk = {
            "events": timeline.of(order, user),
            "buttons": list(_buttons(order, user)),
            "note_form": NoteForm() if user.has_perm("orders.add_ordernote") else None,
        }
        return super().change_view(request, object_id, form_url, {**at_desk, **(extra_context or {})})

    def write_note(self, request: HttpRequest, order_id: int) -> HttpResponse:
        user = _who_may(request, "orders.view_order", "orders.add_ordernote")
        order, form = self._order(order_id), NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            words = form.cleaned_data["words"]
            OrderNote.objects.create(order=order, by=user, at=timezone.now(), words=words)
            messages.success(request, _("The note stands in what happened to the order."))
            return _back_to(order)
        return self._page(request, order, form, _("Write a note"), _("Keep the note"), seen="")

    def hold(self, request: HttpRequest, order_id: int) -> HttpResponse:
        user = _who_may(request, "orders.view_order", "orders.hold_job")
        order, form = self._order(order_id), WhyForm(request.POST or None)
        title = _("Put the bars of order %(number)s on hold?") % {"number": order.number}
        if _is_pressed_in_time(request, order) and form.is_valid():
            return self._held(request, order, form.cleaned_data["why"], user)
        explained = _("They stay where they are, and their parcels wait with them.")
        return self._page(request, order, form, title, _("Put on hold"), explained=explained)

    def release(self, request: HttpRequest, order_id: int) -> HttpResponse:
        user = _who_may(request, "orders.view_order", "orders.hold_job")
        order = self._order(order_id)
        title = _("Let the bars of order %(number)s go on?") % {"number": order.number}
        if _is_pressed_in_time(request, order):
            released = sum(shortage.let_go_on(job, at=timezone.now()) for job in _held(order))
            words = ngettext("%d bar goes on", "%d bars go on", released) % released
            changes.note(order, by=user, words=words)
            messages.success(request, f"{words}.")
            return _back_to(order)
        explained = "; ".join(_what_they_wait_for(order))
        return self._page(request, order, forms.Form(), title, _("Let them go on"), explained=explained)

    def readdress(self, request: HttpRequest, order_id: int, place: int) -> HttpResponse:
        user = _who_may(request, "orders.view_order", "orders.readdress_shipment")
        order = self._order(order_id)
        parcel = order.shipments.filter(place=place).first()
        if parcel is None:
            raise Http404
        form = NewAddressForm(request.POST or None, parcel=parcel)
        if _is_pressed_in_time(request, order) and form.is_valid():
            try:
                if readdress(parcel, form.address, by=user):
                    messages.success(request, _("The parcel goes to the new address."))
                return _back_to(order)
            except ReaddressedTooLate:
                form.add_error(None, _("It is packed by now, or the order is closed: the address stays."))
        title = _("Change the address of parcel %(place)d") % {"place": place}
        return self._page(request, order, form, title, _("Send it there"))

    def _order(self, order_id: int) -> Order:
        order: Order | None = Order.objects.filter(pk=order_id).first()
        if order is None:
            raise Http404
        return order

    def _held(self, request: HttpRequest, order: Order, why: str, user: User) -> HttpResponse:
        held = 0
        try:
            for job in _bars(order).filter(on_hold_since=None):
                held += steps.hold(job, why, by=user, at=timezone.now())
        except StepRefused as refusal:
            messages.error(request, refusal.words)
        if held:
            words = ngettext("%d bar waits: %s", "%d bars wait: %s", held) % (held, why)
            changes.note(order, by=user, words=words)
            messages.success(request, words)
        return _back_to(order)

    def _page(
        self,
        request: HttpRequest,
        order: Order,
        form: forms.Form,
        title: str,
        button: str,
        *,
        explained: str = "",
        seen: str | None = None,
    ) -> HttpResponse:
        meanwhile = None if seen == "" else _meanwhile(request, order)
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "order": order,
            "form": form,
            "button": button,
            "explained": explained,
            "seen": _state(order) if seen is None else seen,
            "opened": timezone.now().timestamp(),
            "meanwhile": meanwhile,
            "is_outdated": meanwhile is not None,
        }
        status = 409 if meanwhile is not None else 422 if form.errors else 200
        return TemplateResponse(request, "admin/orders/order/act.html", context, status=status)


def _buttons(order: Order, user: User) -> list[tuple[str, str]]:
    """What this colleague may do now, and where."""
    shown: list[tuple[str, str]] = []
    if user.has_perm("orders.readdress_shipment"):
        for parcel in order.shipments.select_related("order").order_by("place"):
            if may_still_change(parcel):
                words = _("Change the address of parcel %(place)d") % {"place": parcel.place}
                shown.append((words, reverse("admin:orders_order_address", args=[order.pk, parcel.place])))
    if user.has_perm("orders.add_refund"):
        received = order.payments.filter(captured_cents__gt=0)
        shown += [
            (_("Give money back"), reverse("admin:orders_payment_refund", args=[payment.pk]))
            for payment in received
        ]
    if user.has_perm("orders.hold_job") and order.is_paid:
        waiting = list(_bars(order).values_list("on_hold_since", flat=True))
        if None in waiting:
            shown.append((_("Put its bars on hold"), reverse("admin:orders_order_hold", args=[order.pk])))
        if any(waiting):
            shown.append((_("Let its bars go on"), reverse("admin:orders_order_release", args=[order.pk])))
    return shown


def _bars(order: Order) -> QuerySet[Job]:
    return Job.objects.filter(order_line__order=order, job_state__in=queue.OPEN).order_by("pk")


def _held(order: Order) -> QuerySet[Job]:
    return _bars(order).exclude(on_hold_since=None)


def _what_they_wait_for(order: Order) -> list[str]:
    """Each once."""
    lacks = {lack.job.pk: lack for lack in shortage.lacks_of(order, at=timezone.now())}
    language = get_language() or "en"
    held = _held(order).select_related("order_line")
    return list(dict.fromkeys(shortage.hold_words(job, lacks.get(job.pk), language) for job in held))


def _state(order: Order) -> str:
    """Of everything that a button of its page depends on."""
    return changes.state(
        order,
        (
            Job.objects.filter(order_line__order=order).order_by().defer("ticket"),
            Shipment.objects.filter(order=order),
            Payment.objects.filter(order=order),
            Refund.objects.filter(payment__order=order),
        ),
    )


def _is_pressed_in_time(request: HttpRequest, order: Order) -> bool:
    return request.method == "POST" and request.POST.get("seen") == _state(order)


def _meanwhile(request: HttpRequest, order: Order) -> list[timeline.Event] | None:
    """What happened since the form was opened; None when it was pressed in time or only looked at."""
    if request.method != "POST" or "seen" not in request.POST or _is_pressed_in_time(request, order):
        return None
    try:
        opened = datetime.fromtimestamp(float(request.POST.get("opened", "")), UTC)
    except (ValueError, OverflowError, OSError):
        opened = timezone.now()
    return [event for event in timeline.of(order, _colleague(request)) if event.at >= opened]


def _colleague(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the admin is for members of staff"
    return request.user


def _who_may(request: HttpRequest, *permissions: str) -> User:
    user = _colleague(request)
    if not user.has_perms(permissions):
        raise PermissionDenied
    return user


def _back_to(order: Order) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order.pk]))
