"""The same bar again, by the code on its pack."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from configurator import designs, limits
from configurator.makers import keeping
from configurator.models import Design
from configurator.pictures import photos
from configurator.studio.forms import NO_SUCH_BAR, CodeForm
from configurator.wording import locale
from orders.after import again as again_
from orders.after.again import NoLongerSo
from orders.buying import cart as carts
from orders.buying.cart import CartFull, NotForSale
from orders.buying.cart_forms import AgainForm
from orders.buying.for_sale import NoWay
from orders.buying.whose_cart import cart_key, key_to_fill, remember_cart
from orders.models import CartLine
from orders.views.responses import SeeOther

CODES_A_MINUTE: Final = 30


@require_safe
@cache_control(private=True, no_store=True)
def again(request: HttpRequest, code: str) -> HttpResponse:
    """The bar of that code as it can be had today, with all that has changed."""
    if not limits.within("codes", request, most=CODES_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    form = CodeForm({"code": code})
    row = bar_of(request, form)
    if row is None:
        return render(request, "configurator/code.html", {"form": form}, status=404)
    if row.code != code:
        _tell_of_misreading(request, code, row.code)
        return SeeOther(reverse("orders:again", args=[row.code]))
    found = again_.look(row, own=_own(request), locale=locale(), at=now())
    page = {"again": found, "may_look": keeping.may_see(request, row.digest)}
    response = render(request, "orders/again.html", page)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Into the cart: as it was shown, or with what was chosen instead."""
    if not limits.within("codes", request, most=CODES_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    codes, form = CodeForm({"code": code}), AgainForm(request.POST)
    row = bar_of(request, codes)
    if row is None:
        return render(request, "configurator/code.html", {"form": codes}, status=404)
    if not form.is_valid():
        messages.error(request, _("Write how many as a whole number from 1 to 99."))
        return SeeOther(reverse("orders:again", args=[row.code]))
    try:
        return _added(request, row, **form.cleaned_data)
    except NoLongerSo:
        words = _("Something has changed since you opened this page. Look at it once more.")
        messages.warning(request, words)
    except NoWay:
        messages.error(request, _("That is not to be had any more either. Please choose again."))
    except (NotForSale, CartFull) as refusal:
        messages.error(request, str(refusal))
    return SeeOther(reverse("orders:again", args=[row.code]))


@require_safe
@cache_control(private=True, no_store=True)
def bar_in_cart(request: HttpRequest, digest: str) -> HttpResponse:
    """To its page; or, had by the code on its pack from a maker who keeps it private, to the page of the code."""
    row = _in_cart_or_404(request, digest)
    if keeping.may_see(request, row.digest):
        return redirect("configurator:design", row.digest)
    return redirect("orders:again", row.code)


@require_safe
@cache_control(private=True, no_store=True)
def copy_of_bar_in_cart(request: HttpRequest, digest: str) -> HttpResponse:
    """To the studio; but what its maker keeps private is nobody else's to change."""
    row = _in_cart_or_404(request, digest)
    if keeping.may_see(request, row.digest):
        return redirect("configurator:studio-design", row.value.family, row.digest)
    messages.info(
        request,
        _(
            "Whoever designed this bar keeps it to themselves: you can have it again as it is, but not change it."
        ),
    )
    return redirect("orders:again", row.code)


def _in_cart_or_404(request: HttpRequest, digest: str) -> Design:
    lines = CartLine.objects.filter(cart__key=cart_key(request), cart__order=None, design=digest)
    line = lines.select_related("design").first() if designs.DIGEST.fullmatch(digest) else None
    if line is None or not keeping.may_have_again(request, line.design_id):
        raise Http404
    return line.design


def _added(request: HttpRequest, row: Design, *, quantity: int, seen: str, edits: str) -> HttpResponse:
    at = now()
    design = again_.chosen(row, own=_own(request), edits=edits, seen=seen, locale=locale(), at=at)
    cart = carts.add(key_to_fill(request), digest=design.digest, quantity=quantity, locale=locale(), at=at)
    messages.success(request, _("Your bar is in the cart."))
    response = SeeOther(reverse("orders:cart"))
    remember_cart(request, response, cart.key, carts.count(cart.key))
    return response


def bar_of(request: HttpRequest, form: CodeForm) -> Design | None:
    """With which catalogue is current; none for a code that gives nothing to this visitor."""
    if not form.is_valid():
        return None
    if not keeping.may_have_again(request, form.row.digest):
        form.add_error("code", NO_SUCH_BAR)
        return None
    return carts.find(form.row.digest)


def _own(request: HttpRequest) -> again_.WithoutStrange:
    return partial(photos.without_strange, request=request)


def _tell_of_misreading(request: HttpRequest, typed: str, code: str) -> None:
    if "".join(typed.split()).replace("-", "").upper() != code.replace("-", ""):
        words = _("No bar has the code %(typed)s. We have read it as %(code)s: is it this bar?")
        messages.info(request, words % {"typed": typed, "code": code})
