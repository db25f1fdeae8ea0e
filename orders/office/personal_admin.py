"""Copies and erasures in the office: what was asked, what hangs, and forgetting somebody who wrote to us instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.account.personal_forms import AddressForm
from orders.models import PersonalRequest
from orders.office.look_only import LookOnly
from orders.personal import held, requests
from orders.personal.people import Person, with_account


class Failing(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("failing", gettext_lazy("failing or given up"))]

    def queryset(self, request: HttpRequest, found: QuerySet[PersonalRequest]) -> QuerySet[PersonalRequest]:
        return found.filter(pk__in=requests.failing()) if self.value() == "failing" else found


@admin.register(PersonalRequest)
class PersonalRequestAdmin(LookOnly):
    list_display = ["asked_at", "kind", "email", "by", "how_far", "done_at"]
    list_filter = [Failing, "kind", "asked_at"]
    list_select_related = ["by", "user"]
    fields = ["kind", "asked_at", "email", "by", "how_far", "papers", "failures", "last_error", "done_at"]
    readonly_fields = ["how_far", "papers"]
    change_list_template = "admin/orders/personalrequest/list.html"
    change_form_template = "admin/orders/personalrequest/page.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("erasure/", self.admin_site.admin_view(self.erasure), name="orders_personalrequest_erasure"),
            path(
                "<int:request_id>/again/",
                self.admin_site.admin_view(self.again),
                name="orders_personalrequest_again",
            ),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("how far"))
    def how_far(self, asked: PersonalRequest) -> str:
        return f"{asked.done_parts} / {asked.parts}"

    @admin.display(description=gettext_lazy("what stays"))
    def papers(self, asked: PersonalRequest) -> str:
        return ", ".join(f"{number} ({day})" for number, day in requests.papers_kept(asked)) or "-"

    def erasure(self, request: HttpRequest) -> HttpResponse:
        """Whoever writes to us by post or telephone: the colleague makes sure that it is they."""
        user = _who_may(request)
        form = AddressForm(request.POST if request.method == "POST" else None)
        person = there = None
        if form.is_valid():
            person = _person(form.cleaned_data["email"])
            there = held.of(person)
            is_looked_at = request.POST.get("seen") == form.cleaned_data["email"]
            if "sure" in request.POST and is_looked_at and not there.open and not _is_colleague(person):
                asked = requests.ask_to_forget(
                    person, locale=(get_language() or "en")[:2], at=timezone.now(), by=user
                )
                messages.success(request, _("It is being done. What stays is named below."))
                return HttpResponseRedirect(_page_of(asked))
        context = self.admin_site.each_context(request) | {
            "title": _("Forget somebody"),
            "opts": self.opts,
            "form": form,
            "person": person,
            "held": there,
            "is_colleague": person is not None and _is_colleague(person),
        }
        status = 422 if form.is_bound and not form.is_valid() else 200
        return TemplateResponse(request, "admin/orders/personalrequest/erasure.html", context, status=status)

    @method_decorator(require_POST)
    def again(self, request: HttpRequest, request_id: int) -> HttpResponse:
        _who_may(request)
        asked = get_object_or_404(PersonalRequest, pk=request_id)
        requests.again(asked, at=timezone.now())
        messages.success(request, _("It is tried once more."))
        return HttpResponseRedirect(_page_of(asked))


def _person(email: str) -> Person:
    owner = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    if owner is None:
        return Person(emails=(email,))
    return with_account(owner.user)


def _is_colleague(person: Person) -> bool:
    return person.user is not None and person.user.is_staff


def _page_of(asked: PersonalRequest) -> str:
    return reverse("admin:orders_personalrequest_change", args=[asked.pk])


def _who_may(request: HttpRequest) -> User:
    user: Any = request.user
    if not isinstance(user, User) or not user.has_perm("orders.erase_personalrequest"):
        raise PermissionDenied
    return user
