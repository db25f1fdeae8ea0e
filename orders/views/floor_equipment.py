"""What stands on the floor, which allergens are on it, and cleaning it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.floor_forms import CleaningForm, ContactForm, ScanForm, SwabForm
from orders.models.equipment import Cleaning, Equipment, Station
from orders.production import allergens
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, floor_page

SHOWN = 20


@require_safe
@floor_page("orders.view_equipment")
def show_all(request: Staff) -> HttpResponse:
    places = list(Equipment.objects.filter(in_use=True))
    carried = allergens.carried(places)
    order = {station: place for place, station in enumerate(Station.values)}
    places.sort(key=lambda place: (order[place.station], place.key))
    waiting = set(Cleaning.objects.filter(verified_at=None).values_list("equipment", flat=True))
    rows = [
        {"place": place, "carries": allergens.named(carried[place.pk]), "to_look_at": place.pk in waiting}
        for place in places
    ]
    return render(request, "floor/equipment.html", {"rows": rows, "scan": ScanForm()})


@require_safe
@floor_page("orders.view_equipment")
def show(request: Staff, key: str) -> HttpResponse:
    return _page(request, _found(key))


@require_POST
@floor_page("orders.add_cleaning")
def clean(request: Staff, key: str) -> HttpResponse:
    place, form = _found(key), CleaningForm(request.POST)
    if not form.is_valid():
        return _page(request, place, cleaning_form=form, status=422)
    allergens.clean(place, form.cleaned_data["kind"], by=request.user, at=timezone.now())
    messages.success(
        request, _("Written down. It counts once somebody else has looked: %(place)s.") % {"place": place}
    )
    return redirect("orders:floor-place", place.pk)


@require_POST
@floor_page("orders.add_cleaning")
def verify(request: Staff, key: str, cleaning_id: int) -> HttpResponse:
    place, form = _found(key), SwabForm(request.POST)
    cleaning = get_object_or_404(Cleaning, pk=cleaning_id, equipment=place)
    if not form.is_valid():
        return _page(request, place, swab_form=form, status=422)
    try:
        cleaning = allergens.verify(cleaning, form.cleaned_data["swab"], by=request.user, at=timezone.now())
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return _page(request, place, status=409)
    if cleaning.clears:
        messages.success(request, _("%(place)s is free from all allergens.") % {"place": place})
    else:
        messages.warning(request, _("Written down. The allergens stay until it is washed and found clean."))
    return redirect("orders:floor-place", place.pk)


@require_POST
@floor_page("orders.add_contact")
def met(request: Staff, key: str) -> HttpResponse:
    place, form = _found(key), ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, place, contact_form=form, status=422)
    codes = frozenset(form.cleaned_data["allergens"])
    allergens.seen(place, codes, why=form.cleaned_data["why"], by=request.user, at=timezone.now())
    messages.warning(request, _("Written down: %(place)s has met it.") % {"place": place})
    return redirect("orders:floor-place", place.pk)


def _found(key: str) -> Equipment:
    return get_object_or_404(Equipment, pk=key.upper())


def _page(
    request: Staff,
    place: Equipment,
    *,
    cleaning_form: Form | None = None,
    swab_form: Form | None = None,
    contact_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    contacts = place.contacts.select_related("by", "job").order_by("-at", "-pk")[:SHOWN]
    context: dict[str, Any] = {
        "place": place,
        "cleanings": place.cleanings.select_related("by", "verified_by")[:SHOWN],
        "carries": allergens.named(allergens.carried([place])[place.pk]),
        "contacts": [
            {"contact": contact, "allergens": allergens.named(contact.allergens)} for contact in contacts
        ],
        "cleaning_form": cleaning_form or CleaningForm(),
        "swab_form": swab_form or SwabForm(),
        "contact_form": contact_form or ContactForm(),
        "may_clean": request.user.has_perm("orders.add_cleaning"),
        "may_tell": request.user.has_perm("orders.add_contact"),
        "scan": ScanForm(),
    }
    return render(request, "floor/place.html", context, status=status)
