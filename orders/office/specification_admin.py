"""What the supplier's specification says of a lot: a page of the office beside the lot's own, for it may come late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from configurator.domain.label.allergens import ALLERGENS
from orders.models import Lot
from orders.production import allergens, specifications
from orders.production.specifications import ChangedMeanwhile, Silent


class AllergensField(forms.MultipleChoiceField):
    """Any of Annex II, by name in the reader's language; none is an answer too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, choices=_by_name, widget=forms.CheckboxSelectMultiple, **kwargs)


def _by_name() -> list[tuple[str, str]]:
    return sorted(((code, allergens.named([code])) for code in ALLERGENS), key=lambda named: named[1].lower())


class SpecificationForm(forms.Form):
    traces = AllergensField(
        label=_("May contain"),
        help_text=_(
            "All that count from now on. If the lot contains one of them for certain, block it under “Where it went”: "
            "no label would name it."
        ),
    )
    note = forms.CharField(
        label=_("Where does it say so?"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60, "autocomplete": "off"}),
        error_messages={"required": _("Say where it stands, so that everybody understands it later.")},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    """What counted when the page was made."""

    @classmethod
    def of(cls, lot: Lot) -> SpecificationForm:
        return cls(initial={"traces": lot.traces, "seen": " ".join(lot.traces)})


def said_of(request: HttpRequest, lot: Lot, context: dict[str, Any]) -> HttpResponse:
    """All that was ever written down of it, and the form that adds to it."""
    may_write = request.user.has_perm("orders.change_lot")
    form = SpecificationForm.of(lot)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        form = SpecificationForm(request.POST)
        if form.is_valid() and _written(request, lot, form):
            return HttpResponseRedirect(reverse("admin:orders_lot_specifications", args=[lot.pk]))
    ingredient = lot.module.ingredient
    return TemplateResponse(
        request,
        "admin/orders/lot/specifications.html",
        context
        | {
            "title": _("What its specification says"),
            "lot": lot,
            "contains": allergens.named(ingredient.allergens),
            "may_contain": allergens.named({*ingredient.traces} - {*ingredient.allergens}),
            "now": allergens.named(lot.traces),
            "rows": [
                (row, allergens.named(row.traces))
                for row in lot.specifications.select_related("by").order_by("-pk")
            ],
            "form": form if may_write else None,
        },
        status=422 if form.errors else 200,
    )


def _written(request: HttpRequest, lot: Lot, form: SpecificationForm) -> bool:
    """False when a colleague was quicker: then the form says what counts now."""
    assert isinstance(request.user, User), "the admin is for members of staff"
    told = form.cleaned_data
    try:
        silent = specifications.write_down(
            lot,
            frozenset(told["traces"]),
            seen=frozenset(told["seen"].split()),
            note=told["note"],
            by=request.user,
            at=timezone.now(),
        )
    except ChangedMeanwhile:
        lot.refresh_from_db()
        typed = request.POST.copy()
        typed["seen"] = " ".join(lot.traces)
        form.data = typed
        form.add_error(
            "traces",
            _("A colleague has just written down: %(allergens)s. Look at yours again.")
            % {"allergens": allergens.named(lot.traces) or _("nothing more")},
        )
        return False
    messages.success(request, _stopped(silent))
    return True


def _stopped(silent: Silent) -> str:
    if not silent.held and not silent.sent:
        return str(_("Written down. No bar has something of it whose label does not name it."))
    held = ngettext(
        "Written down. %(bars)d bar whose label does not name it is on hold.",
        "Written down. %(bars)d bars whose labels do not name it are on hold.",
        silent.held,
    ) % {"bars": silent.held}
    if not silent.sent:
        return held
    sent = ngettext(
        "%(bars)d such bar has left the house: see “Where it went”.",
        "%(bars)d such bars have left the house: see “Where it went”.",
        silent.sent,
    ) % {"bars": silent.sent}
    return f"{held} {sent}"
