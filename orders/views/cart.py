from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from configurator import designs, limits
from configurator.accounts import signed_in
from configurator.makers import keeping
from configurator.models import Design
from configurator.pictures import photos
from configurator.studio.photo_fields import PHOTO_STAYS
from orders.buying import cart as carts
from orders.buying import checkout
from orders.buying.cart import NOT_KEPT, CartFull, NotForSale
from orders.buying.cart_forms import BoxQuantityForm, LineForm, QuantityForm
from orders.buying.cart_sums import cart_sums
from orders.buying.cookies import placed_orders
from orders.buying.whose_cart import cart_key, key_to_fill, remember_cart
from orders.models import Order, PaymentState
from orders.views.responses import SeeOther

ADDITIONS_A_MINUTE = 60
EDITS_MAX = 2000


@require_safe
@never_cache
def cart(request: HttpRequest) -> HttpResponse:
    key, at = cart_key(request), now()
    basket = carts.look(key, locale=locale(), at=at)
    entered = checkout.codes_of(basket, key, at=at)
    page = {
        "basket": basket,
        "cart_count": basket.count,
        "waiting": _waiting_order(request),
        "entered": entered,
        "sums": cart_sums(basket, entered, on=localdate(at)) if basket.lines else None,
    }
    response = render(request, "orders/cart.html", page)
    if key or signed_in(request):
        remember_cart(request, response, key, basket.count)
    return response


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    # The studio's form without scripts comes here with its design in the address.
    form = LineForm(request.POST if "design" in request.POST else request.GET)
    if not limits.within("cart", request, most=ADDITIONS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    if not form.is_valid():
        messages.error(
            request, _("This could not be put into the cart: choose from 1 to 99 bars of one design.")
        )
        return to_cart()
    key = key_to_fill(request)
    try:
        row = without_strange_photos(request, form.cleaned_data["design"])
        added = carts.add(
            key,
            digest=row.digest,
            found=row,
            quantity=form.cleaned_data["quantity"],
            locale=locale(),
            at=now(),
        )
    except (NotForSale, CartFull) as refusal:
        messages.error(request, str(refusal))
        return to_cart()
    messages.success(request, _("Your bar is in the cart."))
    response = to_cart()
    is_first = added.key != key
    bars = form.cleaned_data["quantity"] if is_first else carts.count(added.key)
    remember_cart(request, response, added.key, bars)
    return response


@require_POST
def change(request: HttpRequest, line_id: int) -> HttpResponse:
    form = QuantityForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["quantity"][0]))
    elif form.cleaned_data["quantity"]:
        carts.change(cart_key(request), line_id=line_id, quantity=form.cleaned_data["quantity"])
    else:
        carts.remove(cart_key(request), line_id=line_id)
        messages.success(request, _("The bar is out of the cart."))
    return to_cart()


@require_POST
def remove(request: HttpRequest, line_id: int) -> HttpResponse:
    carts.remove(cart_key(request), line_id=line_id)
    messages.success(request, _("The bar is out of the cart."))
    return to_cart()


@require_POST
def replace(request: HttpRequest, line_id: int) -> HttpResponse:
    """Another bar in the place of one that cannot be had any more."""
    edits = request.POST.get("edits", "")[:EDITS_MAX]
    try:
        carts.take_instead(cart_key(request), line_id=line_id, edits=edits, locale=locale(), at=now())
    except NotForSale as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. Look at the bar once more: it is another one now."))
    return to_cart()


@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """The prices of today are fine; nothing else was asked."""
    carts.agree(cart_key(request), at=now())
    return SeeOther(reverse("orders:checkout"))


@require_POST
def change_box(request: HttpRequest, box_id: int) -> HttpResponse:
    form = BoxQuantityForm(request.POST)
    if form.is_valid():
        carts.change_box(cart_key(request), box_id=box_id, quantity=form.cleaned_data["quantity"])
    else:
        messages.error(request, str(form.errors["quantity"][0]))
    return to_cart()


@require_POST
def remove_box(request: HttpRequest, box_id: int) -> HttpResponse:
    carts.remove_box(cart_key(request), box_id=box_id)
    messages.success(request, _("The box is out of the cart."))
    return to_cart()


def without_strange_photos(request: HttpRequest, digest: str) -> Design:
    """Whoever orders a bar that somebody shared gets its paper, not that person's picture. Raises NotForSale."""
    row = carts.find(digest)
    if not keeping.may_see(request, digest):
        # Whether there is no such bar or a private one is not told.
        raise NotForSale(NOT_KEPT)
    shared = row.value
    mine = photos.without_strange(shared, request)
    if mine == shared:
        return row
    messages.info(request, PHOTO_STAYS)
    return carts.find(designs.save(mine).digest)


def _waiting_order(request: HttpRequest) -> Order | None:
    """Who came back from the payment page finds the bars there, not in the cart."""
    placed, user = placed_orders(request), signed_in(request)
    if not placed and not user:
        return None
    whose = Q(token__in=placed) | (Q(account=user.pk) if user else Q())
    waiting = Order.objects.filter(whose, payment_state=PaymentState.PENDING)
    return waiting.order_by("-placed_at").first()


def locale() -> str:
    return (get_language() or "en")[:2]


def to_cart() -> HttpResponse:
    return SeeOther(reverse("orders:cart"))
