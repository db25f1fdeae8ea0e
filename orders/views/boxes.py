"""Filling a gift box from one's own bars and our ready ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from configurator import currency, designs, limits
from configurator.catalogue.families import family_under
from configurator.catalogue.price_lists import current as price_list
from configurator.domain.design import Design
from configurator.domain.pricing import Quote, quote
from configurator.makers import keeping
from configurator.makers.makers import maker_of
from configurator.models import Design as DesignRow
from orders.buying import cart as carts
from orders.buying.cart import BoxNotFull, CartFull, NotForSale
from orders.buying.cart_forms import BoxForm
from orders.buying.whose_cart import cart_key, key_to_fill, remember_cart
from orders.models import CartLine
from orders.prices.boxes import box_name, packing_cents, sizes_offered
from orders.views.cart import ADDITIONS_A_MINUTE, locale, to_cart, without_strange_photos
from shop.models import ReadyBar

OWN_SHOWN: Final = 24
MINE: Final = gettext_lazy("Your own bars")
OURS: Final = gettext_lazy("Our ready bars")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bar that may go into the box."""

    digest: str
    design: Design
    quote: Quote
    family_name: str
    is_own: bool
    field: BoundField


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def box(request: HttpRequest) -> HttpResponse:
    rows, sizes = list(_offered(request)), sizes_offered()
    form = BoxForm(request.POST or None, sizes=sizes, digests=[row.digest for row, _own in rows])
    status = 200
    if request.method == "POST":
        if not limits.within("cart", request, most=ADDITIONS_A_MINUTE, seconds=60):
            return render(request, "429.html", status=429)
        if form.is_valid() and (answer := _put(request, form)):
            return answer
        status = 422
    prices = price_list(currency.active(), localdate())
    page = {
        "form": form,
        "shelves": _shelves(rows, form),
        "sizes": [(size, box_name(size), packing_cents(size, prices)) for size in sizes],
    }
    return render(request, "orders/box.html", page, status=status)


def _put(request: HttpRequest, form: BoxForm) -> HttpResponse | None:
    """Into the cart; None when the form has to be shown once more."""
    try:
        added = carts.add_box(
            key_to_fill(request),
            size=form.cleaned_data["size"],
            bars=_own_bars(request, form.bars),
            quantity=1,
            locale=locale(),
            at=now(),
        )
    except (BoxNotFull, NotForSale, CartFull) as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("Your gift box is in the cart."))
    response = to_cart()
    remember_cart(request, response, added.key, carts.count(added.key))
    return response


def _own_bars(request: HttpRequest, chosen: dict[str, int]) -> dict[str, int]:
    bars: dict[str, int] = {}
    for digest, number in chosen.items():
        if number:
            kept = without_strange_photos(request, digest).digest
            bars[kept] = bars.get(kept, 0) + number
    return bars


def _offered(request: HttpRequest) -> Iterator[tuple[DesignRow, bool]]:
    """Bars of this cart and of this maker, then ours; each once, and only what can be made today."""
    seen: set[str] = set()
    for row, is_own in (*((row, True) for row in _own(request)), *((row, False) for row in _ready())):
        if row.digest not in seen and _can_be_made(row):
            seen.add(row.digest)
            yield row, is_own


def _own(request: HttpRequest) -> Iterable[DesignRow]:
    lines = CartLine.objects.filter(cart__key=cart_key(request), cart__order=None, box=None)
    in_cart = (line.design for line in lines.select_related("design__family_version__family"))
    kept = keeping.kept_by(maker_of(request)).select_related("design__family_version__family")
    return (*in_cart, *(creation.design for creation in islice(kept, OWN_SHOWN)))


def _ready() -> Iterable[DesignRow]:
    bars: QuerySet[ReadyBar] = ReadyBar.objects.filter(published=True)
    return (bar.design for bar in bars.select_related("design__family_version__family"))


def _can_be_made(row: DesignRow) -> bool:
    if row.current_version != row.family_version_id:
        return False
    family = family_under(row.family_version_id)
    return family.is_bar and not designs.problems(row.value, family, locale())


def _shelves(rows: list[tuple[DesignRow, bool]], form: BoxForm) -> list[tuple[str, list[Candidate]]]:
    prices = price_list(currency.active(), localdate())
    shelves: dict[bool, list[Candidate]] = {True: [], False: []}
    for row, is_own in rows:
        design, family = row.value, family_under(row.family_version_id)
        shelves[is_own].append(
            Candidate(
                digest=row.digest,
                design=design,
                quote=quote(design, family, locale(), prices),
                family_name=family.name.to(locale()),
                is_own=is_own,
                field=form[f"bar-{row.digest}"],
            )
        )
    return [(str(words), shelves[own]) for words, own in ((MINE, True), (OURS, False)) if shelves[own]]
