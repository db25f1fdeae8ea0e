"""The cart: what a guest means to buy, priced anew on every look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import designs
from configurator.domain.design import Design
from configurator.domain.family import Cents, Chocolate, Family, Ingredient, Milligrams
from configurator.domain.label import label
from configurator.domain.label.declaration import Label
from configurator.domain.pricing import CURRENCY, Quote, quote
from configurator.families import family_under
from configurator.models import Design as DesignRow
from configurator.models import FamilyVersion
from orders.models import Cart, CartLine, Order
from orders.models.cart import QUANTITY_MAX

LINES_MAX: Final = 50
PRICE_PROMISE: Final = timedelta(days=30)
"""So long a design keeps the price it was made at after the catalogue has changed."""
NOT_KEPT: Final = gettext_lazy("This design is not kept any more. Open it in the studio again.")


class NotForSale(Exception):
    """The design cannot be put into the cart; the message tells the customer why."""


class CartFull(Exception):
    """There is no room for one more design; the message tells the customer so."""


@dataclass(frozen=True, slots=True)
class Bars:
    """One line of a cart, seen with everything that is true of its design."""

    line_id: int
    digest: str
    design: Design
    family: Family
    quantity: int
    quote: Quote
    label: Label
    problems: tuple[str, ...]

    @property
    def total_cents(self) -> Cents:
        return self.quote.total_cents * self.quantity

    @property
    def net_mg(self) -> Milligrams:
        return self.family.net_mg * self.quantity

    @property
    def orderable(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart as it stands now. Empty when there is no cart, or when it has become an order."""

    lines: tuple[Bars, ...] = ()
    currency: str = CURRENCY

    @property
    def goods_cents(self) -> Cents:
        return sum(line.total_cents for line in self.lines)

    @property
    def net_mg(self) -> Milligrams:
        return sum(line.net_mg for line in self.lines)

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def orderable(self) -> bool:
        return bool(self.lines) and all(line.orderable for line in self.lines)


def look(key: str, *, locale: str, at: datetime) -> Basket:
    """The open cart of that key. One query, and one more per line whose catalogue has moved on."""
    return _seen(_open_lines(key), locale=locale, at=at) if key else Basket()


def look_inside(cart: Cart, *, locale: str, at: datetime) -> Basket:
    return _seen(_with_designs(cart.lines.all()), locale=locale, at=at)


def count(key: str) -> int:
    return sum(_open_lines(key).values_list("quantity", flat=True)) if key else 0


def add(key: str, *, digest: str, quantity: int, locale: str, at: datetime) -> Cart:
    """Into the open cart of that key, or a new one. Raises NotForSale or CartFull."""
    row = _for_sale(digest, locale=locale, at=at)
    with transaction.atomic():
        cart = _open_cart(key)
        if cart is None:
            cart = Cart.objects.create()
            CartLine.objects.create(cart=cart, design=row, quantity=quantity)
        elif not _more_of(cart, row.digest, quantity):
            _first_of(cart, row, quantity)
    return cart


def put_back(key: str, bars: Iterable[tuple[str, int]]) -> Cart:
    """Digests and quantities that were ordered before, beside what this browser's cart holds by now."""
    with transaction.atomic():
        cart = _open_cart(key) or Cart.objects.create()
        for digest, quantity in bars:
            if not _more_of(cart, digest, quantity):
                CartLine.objects.create(cart=cart, design_id=digest, quantity=quantity)
    return cart


def change(key: str, *, line_id: int, quantity: int) -> None:
    _open_lines(key).filter(pk=line_id).update(quantity=quantity)


def remove(key: str, *, line_id: int) -> None:
    CartLine.objects.filter(pk__in=_open_lines(key).filter(pk=line_id).values("pk")).delete()


def _open_lines(key: str) -> QuerySet[CartLine]:
    # A cart that became an order is closed: what was ordered must not change under the customer.
    return _with_designs(CartLine.objects.filter(cart__key=key, cart__order=None))


def _with_designs(lines: QuerySet[CartLine]) -> QuerySet[CartLine]:
    # Which version is current comes along; the frozen catalogues themselves are long and kept in memory.
    related = lines.select_related("design__family_version__family", "cart")
    return related.defer("design__family_version__frozen").order_by("pk")


def _open_cart(key: str) -> Cart | None:
    cart = Cart.objects.select_for_update().filter(key=key).first() if key else None
    # Asked after the lock: a checkout that held it has made its order by now.
    return cart if cart and not Order.objects.filter(cart=cart).exists() else None


def _more_of(cart: Cart, digest: str, quantity: int) -> bool:
    merged = Least(F("quantity") + quantity, QUANTITY_MAX)
    return bool(cart.lines.filter(design=digest).update(quantity=merged))


def _first_of(cart: Cart, design: DesignRow, quantity: int) -> None:
    if cart.lines.count() >= LINES_MAX:
        raise CartFull(_("A cart holds %(most)d different bars.") % {"most": LINES_MAX})
    CartLine.objects.create(cart=cart, design=design, quantity=quantity)


def _for_sale(digest: str, *, locale: str, at: datetime) -> DesignRow:
    kept = DesignRow.objects.select_related("family_version__family").defer("family_version__frozen")
    row = kept.filter(pk=digest).first()
    if row is None:
        raise NotForSale(NOT_KEPT)
    family = family_under(row.family_version_id)
    reasons = _reasons_against(row, row.value, family, locale, at)
    if reasons:
        raise NotForSale(" ".join(reasons))
    return row


def _seen(lines: Iterable[CartLine], *, locale: str, at: datetime) -> Basket:
    return Basket(tuple(_bars(line, locale, at) for line in lines))


def _bars(line: CartLine, locale: str, at: datetime) -> Bars:
    design = line.design.value
    family = family_under(line.design.family_version_id)
    return Bars(
        line_id=line.pk,
        digest=line.design_id,
        design=design,
        family=family,
        quantity=line.quantity,
        quote=quote(design, family, locale),
        label=label(design, family, locale),
        problems=_reasons_against(line.design, design, family, locale, at),
    )


def _reasons_against(
    row: DesignRow, design: Design, family: Family, locale: str, at: datetime
) -> tuple[str, ...]:
    words = tuple(problem.message for problem in designs.problems(design, family, locale))
    current = row.family_version.family.current_id
    if current == row.family_version_id:
        return words
    if current is None or not _is_same_food(design, family, family_under(current)):
        words += (
            _(
                "An ingredient of this bar has changed or is no longer in our selection. "
                "Open it in the studio to see what has changed."
            ),
        )
    elif not words and (broken := _broken_today(design, family_under(current), locale)):
        words += (*broken, _("Open this bar in the studio to see what has changed."))
    elif _promise_ended(row, at):
        words += (
            _(
                "This bar was designed with an older selection, and its price is no longer kept. "
                "Open it in the studio to see what has changed."
            ),
        )
    return words


def _broken_today(design: Design, today: Family, locale: str) -> tuple[str, ...]:
    """The promise keeps a price, never what we can no longer make."""
    return tuple(problem.message for problem in designs.problems(design.under(today), today, locale))


def _is_same_food(design: Design, then: Family, today: Family) -> bool:
    """The promise keeps a price, never an allergen list: what is recalled or relabelled is not sold."""
    return (
        all(_food(key, then) == _food(key, today) for key in design.modules)
        and not any(today.modules[key].retired for key in design.modules)
        and _warned_of(design, today) <= _warned_of(design, then)
    )


def _warned_of(design: Design, family: Family) -> set[str]:
    """Also what the bar may meet in its zone, which changes with the rest of the catalogue."""
    return set(label(design, family, "en").may_contain)


def _food(key: str, family: Family) -> tuple[Ingredient, Chocolate | None] | None:
    """What stands on the label because of this module; notes for staff do not."""
    module = family.modules.get(key)
    return (replace(module.ingredient, note=""), module.chocolate) if module else None


def _promise_ended(row: DesignRow, at: datetime) -> bool:
    if row.created_at + PRICE_PROMISE > at:
        return False
    return FamilyVersion.objects.filter(
        family=row.family_version.family_id,
        number__gt=row.family_version.number,
        published_at__lte=at - PRICE_PROMISE,
    ).exists()
