"""The address book of an account. Other people's addresses are none, whoever asks."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.buying import address_book
from orders.buying.address_book import ADDRESSES_MAX, BookFull, KeptAlready, addresses_of, words_of
from orders.buying.recipient_forms import AddressForm
from orders.buying.wishes import Address
from orders.models import KeptAddress
from orders.sending import delivery
from orders.sending.carriage import Destination
from orders.views.account import customer
from orders.views.cart import locale
from orders.views.responses import SeeOther

USES: Final[dict[str, address_book.Use]] = {"parcels": "for_parcels", "bills": "for_bills"}


@require_safe
@never_cache
@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    names = {each.country: each.name(locale()) for each in _destinations()}
    kept = list(addresses_of(customer(request)))
    page = {
        "addresses": [(address, names.get(address.country, address.country)) for address in kept],
        "is_full": len(kept) >= ADDRESSES_MAX,
        "most": ADDRESSES_MAX,
    }
    return render(request, "account/addresses.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new_address(request: HttpRequest) -> HttpResponse:
    form = _form(request, {})
    if request.method != "POST":
        return _typed(request, form)
    if form.is_valid():
        try:
            address_book.keep(customer(request), Address(**form.address))
        except BookFull as full:
            form.add_error(None, str(full))
        else:
            return _to_list(request, _("The address is kept."))
    return _typed(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def address(request: HttpRequest, address_id: int) -> HttpResponse:
    kept = _own_or_404(request, address_id)
    form = _form(request, words_of(kept))
    if request.method != "POST":
        return _typed(request, form, kept)
    if form.is_valid():
        try:
            address_book.change(kept, Address(**form.address))
        except KeptAlready:
            form.add_error(None, _("You keep this address already. Change this one, or remove it."))
        else:
            return _to_list(
                request, _("The address is changed. Orders that you have placed stay as they are.")
            )
    return _typed(request, form, kept, status=422)


@require_POST
@login_required
def remove(request: HttpRequest, address_id: int) -> HttpResponse:
    kept = _own_or_404(request, address_id)
    address_book.remove(kept)
    return _to_list(request, _("Removed: %(address)s.") % {"address": kept})


@require_POST
@login_required
def prefer(request: HttpRequest, address_id: int) -> HttpResponse:
    kept = _own_or_404(request, address_id)
    if request.POST.get("for") == "no-bills":
        address_book.no_longer(customer(request), "for_bills")
        return _to_list(request, _("Bills go where the parcel goes from now on."))
    use = USES.get(request.POST.get("for", ""))
    if use is None:
        messages.error(request, _("Choose whether parcels or bills should go there."))
        return SeeOther(reverse("orders:addresses"))
    address_book.prefer(kept, use)
    words = _("The checkout begins with it from now on.")
    return _to_list(request, words)


def _own_or_404(request: HttpRequest, address_id: int) -> KeptAddress:
    return get_object_or_404(addresses_of(customer(request)).select_related("account"), pk=address_id)


def _destinations() -> list[Destination]:
    return [each for each in delivery.tariff().destinations if each.label_locale]


def _form(request: HttpRequest, words: dict[str, Any]) -> AddressForm:
    typed = request.POST if request.method == "POST" else None
    return AddressForm(typed, initial=words, destinations=_destinations(), section="home")


def _typed(
    request: HttpRequest, form: AddressForm, kept: KeptAddress | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "account/address.html", {"form": form, "kept": kept}, status=status)


def _to_list(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return SeeOther(reverse("orders:addresses"))
