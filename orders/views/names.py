from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from configurator import limits
from orders.buying import cart as carts
from orders.buying import name_lists
from orders.buying.cart import CartFull, NotForSale
from orders.buying.name_list_forms import NamesForm
from orders.buying.name_lists import AT_ONCE, ListUnreadable, Looked
from orders.buying.whose_cart import key_to_fill, remember_cart
from orders.views.cart import locale, without_strange_photos
from orders.views.responses import SeeOther

LISTS_A_MINUTE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def names(request: HttpRequest, digest: str) -> HttpResponse:
    """A list of names for one bar: typed, looked at, then put into the cart by and by."""
    try:
        row = without_strange_photos(request, digest)
    except NotForSale as gone:
        raise Http404 from gone
    page = {"design": row.value, "digest": row.digest, "at_once": AT_ONCE}
    if request.method != "POST":
        return render(request, "orders/names.html", page | {"form": NamesForm()})
    if not limits.within("names", request, most=LISTS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    form = NamesForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "orders/names.html", page | {"form": form}, status=422)
    text = form.cleaned_data["names"]
    # What came in a file stands in the box from here on, where it can be mended.
    page["form"] = NamesForm({"names": text}) if request.FILES else form
    try:
        entries = name_lists.read(text)
    except ListUnreadable as unreadable:
        return render(request, "orders/names.html", page | {"unreadable": str(unreadable)}, status=422)
    looked = name_lists.look(row.value, entries, locale=locale(), at=now(), current=row.current_version or "")
    page |= {"looked": looked, "text": text}
    if "put" in request.POST and looked.fitting:
        return _put(request, looked, page)
    return render(request, "orders/names.html", page)


def _put(request: HttpRequest, looked: Looked, page: dict[str, object]) -> HttpResponse:
    """Some of them; the answer asks for the next, until all are there. Nothing is put twice."""
    typed = request.POST.get("put", "")
    done = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    some = looked.fitting[done : done + AT_ONCE]
    try:
        cart = name_lists.put(key_to_fill(request), some, at=now())
    except CartFull as full:
        messages.error(request, str(full))
        return render(request, "orders/names.html", page, status=409)
    done += len(some)
    if done < len(looked.fitting):
        response = render(request, "orders/names_progress.html", page | {"done": done})
    else:
        response = SeeOther(reverse("orders:cart"))
    remember_cart(request, response, cart.key, carts.count(cart.key))
    return response
