"""The cart: what somebody means to buy, looked at anew each time, at the price that was promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import day_counts, designs
from configurator.catalogue.families import family_under
from configurator.changed_once import insert
from configurator.domain.family import Cents
from configurator.domain.pricing import PriceList, quote
from configurator.models import DayCount
from configurator.models import Design as DesignRow
from configurator.written_once import WrittenOnce
from orders.buying import for_sale
from orders.buying.basket import Basket, prices_of_page, seen
from orders.buying.for_sale import NoWay
from orders.models import Cart, CartBox, CartGiftCard, CartLine, CartVoucher, Order
from orders.models.cart import BOX_QUANTITY_MAX, QUANTITY_MAX, Promise
from orders.prices.boxes import packing_cents, sizes_offered

LINES_MAX: Final = 250
NOT_KEPT: Final = gettext_lazy("This design is not kept any more. Open it in the studio again.")


class NotForSale(Exception):
    """The design cannot be put into the cart; the message tells the customer why."""


class CartFull(Exception):
    """There is no room for so much more; the message tells the customer so."""


class BoxNotFull(Exception):
    """The bars that were chosen do not fill the box; the message tells the customer how many do."""


def look(key: str, *, locale: str, at: datetime, stock_too: bool = True) -> Basket:
    """The open cart of that key. One query, one for the stock, and more where a catalogue has moved on."""
    return seen(_lines(key), locale=locale, at=at, stock_too=stock_too) if key else Basket()


def look_inside(cart: Cart, *, locale: str, at: datetime) -> Basket:
    """The open cart without a look at the stock: who asks under lock reserves it."""
    return seen(_lines(cart.key), locale=locale, at=at, stock_too=False)


def count(key: str) -> int:
    """Bars, those in boxes as often as there are boxes."""
    lines = CartLine.objects.filter(cart__key=key, cart__order=None) if key else CartLine.objects.none()
    return sum(quantity * (boxes or 1) for quantity, boxes in lines.values_list("quantity", "box__quantity"))


def is_open(key: str) -> bool:
    """Whether there is a cart of that key that has not become an order."""
    return bool(key) and Cart.objects.filter(key=key, order=None).exists()


def find(digest: str) -> DesignRow:
    """A kept design with which catalogue is current. Raises NotForSale."""
    # What is no digest may hold signs that a database refuses.
    rows = _kept(digest) if designs.DIGEST.fullmatch(digest) else []
    if not rows:
        raise NotForSale(NOT_KEPT)
    return rows[0]


# The design's property of that name is filled in with the row.
_TODAY: Final = {"current_version": F("family_version__family__current")}
_kept: Final = WrittenOnce(lambda digest: DesignRow.objects.filter(pk=digest).annotate(**_TODAY))


def add(
    key: str, *, digest: str, quantity: int, locale: str, at: datetime, found: DesignRow | None = None
) -> Cart:
    """Into the open cart of that key, or a new one. ``found``: the design, where somebody has just asked for it.

    Raises NotForSale or CartFull.
    """
    row = _for_sale(found or find(digest), locale=locale, at=at)
    with transaction.atomic():
        cart, is_new = _to_fill(key)
        if is_new:
            _first_of(cart, row, quantity, at)
        elif not _more_of(cart, row.digest, quantity):
            _check_room(cart)
            _first_of(cart, row, quantity, at)
        day_counts.count(DayCount.What.IN_CART, at.date())
    return cart


def add_box(
    key: str, *, size: int, bars: Mapping[str, int], quantity: int, locale: str, at: datetime
) -> Cart:
    """A gift box of these designs. Raises BoxNotFull, NotForSale or CartFull."""
    chosen = {digest: number for digest, number in bars.items() if number}
    if size not in sizes_offered() or sum(chosen.values()) != size:
        raise BoxNotFull(
            _("A box of %(size)d holds %(size)d bars; you have chosen %(chosen)d.")
            % {"size": size, "chosen": sum(chosen.values())}
        )
    rows = {digest: _for_sale(find(digest), locale=locale, at=at) for digest in chosen}
    if not all(family_under(row.family_version_id).is_bar for row in rows.values()):
        raise NotForSale(_("A gift box holds bars. Samples come in a box of their own."))
    prices = prices_of_page(at)
    with transaction.atomic():
        cart, _is_new = _to_fill(key)
        _check_room(cart)
        box = CartBox(cart=cart, size=size, quantity=min(quantity, BOX_QUANTITY_MAX))
        box.hold(packing_cents(size, prices), prices.currency, at)
        box.save()
        for digest, number in chosen.items():
            _line(cart, rows[digest], number, prices, at, box).save()
    return cart


def opened(key: str) -> Cart:
    """The open cart of that key under its lock, or a new one."""
    return _to_fill(key)[0]


def put_back(order: Order, key: str, *, at: datetime) -> Cart:
    """What was ordered and cancelled, beside what this browser's cart holds by now."""
    prices = prices_of_page(at)
    with transaction.atomic():
        cart, _is_new = _to_fill(key)
        boxes: dict[int, CartBox] = {}
        for row in order.boxes.all():
            box = CartBox(cart=cart, size=row.size, quantity=row.quantity)
            box.hold(packing_cents(row.size, prices), prices.currency, at)
            box.save()
            boxes[row.pk] = box
        for line in order.lines.select_related("design"):
            if line.box_id is not None:
                box = boxes[line.box_id]
                _line(cart, line.design, line.quantity // box.quantity, prices, at, box).save()
            elif not _more_of(cart, line.design_id, line.quantity):
                _line(cart, line.design, line.quantity, prices, at).save()
    return cart


def change(key: str, *, line_id: int, quantity: int) -> None:
    _open_lines(key).filter(pk=line_id, box=None).update(quantity=quantity)


def remove(key: str, *, line_id: int) -> None:
    CartLine.objects.filter(pk__in=_open_lines(key).filter(pk=line_id, box=None).values("pk")).delete()


def change_box(key: str, *, box_id: int, quantity: int) -> None:
    _open_boxes(key).filter(pk=box_id).update(quantity=quantity)


def remove_box(key: str, *, box_id: int) -> None:
    _open_boxes(key).filter(pk=box_id).delete()


def agree(key: str, *, at: datetime) -> None:
    """The customer has seen what everything costs now; that price holds again from here."""
    prices = prices_of_page(at)
    with transaction.atomic():
        cart = _open_cart(key)
        if cart is None:
            return
        for line in _with_designs(cart.lines.all()):
            _hold(line, _unit_cents(line.design, prices), prices.currency, at)
        for box in cart.boxes.all():
            _hold(box, packing_cents(box.size, prices), prices.currency, at)


def take_instead(key: str, *, line_id: int, edits: str, locale: str, at: datetime) -> None:
    """Another bar in the place of one that cannot be had. Raises NotForSale."""
    line = _open_lines(key).filter(pk=line_id).first()
    if line is None:
        return
    try:
        made = for_sale.taking(line.design, edits)
    except NoWay:
        raise NotForSale(_("That is not to be had any more either. Please choose again.")) from None
    row = _for_sale(find(designs.save(made).digest), locale=locale, at=at)
    with transaction.atomic():
        cart = _open_cart(key)
        if cart is None:
            return
        same = cart.lines.filter(design=row, box=line.box_id).exclude(pk=line.pk).first()
        if same is None:
            line.design = row
            prices = prices_of_page(at)
            line.hold(_unit_cents(row, prices), prices.currency, at)
            line.save()
        else:
            same.quantity = min(same.quantity + line.quantity, QUANTITY_MAX)
            same.save(update_fields=["quantity"])
            line.delete()


def _hold(promised: Promise, unit_cents: Cents, of_currency: str, at: datetime) -> None:
    promised.hold(unit_cents, of_currency, at)
    promised.save(update_fields=["unit_cents", "currency", "held_until"])


def _unit_cents(row: DesignRow, prices: PriceList) -> Cents:
    return quote(row.value, family_under(row.family_version_id), "en", prices).total_cents


def _open_lines(key: str) -> QuerySet[CartLine]:
    # A cart that became an order is closed: what was ordered must not change under the customer.
    return _with_designs(CartLine.objects.filter(cart__key=key, cart__order=None))


def _lines(key: str) -> list[CartLine]:
    lines = _lines_of(key)
    for line in lines:
        line.design.current_version = line.current_version  # type: ignore[attr-defined]  # annotated below
    return lines


_lines_of: Final = WrittenOnce(_open_lines)


def _open_boxes(key: str) -> QuerySet[CartBox]:
    open_boxes = CartBox.objects.filter(cart__key=key, cart__order=None)
    return CartBox.objects.filter(pk__in=open_boxes.values("pk"))


def _with_designs(lines: QuerySet[CartLine]) -> QuerySet[CartLine]:
    codes = CartVoucher.objects.filter(cart=OuterRef("cart"))
    cards = CartGiftCard.objects.filter(cart=OuterRef("cart"))
    # Which version is current comes along; the catalogues themselves are long and kept in memory.
    current = F("design__family_version__family__current")
    related = lines.select_related("design", "box")
    entered = {"has_codes": Exists(codes), "has_gift_cards": Exists(cards)}
    return related.annotate(**entered, current_version=current).order_by("pk")


def _to_fill(key: str) -> tuple[Cart, bool]:
    """The open cart of that key under its lock, or a new one of the same account; whether it is new."""
    before = _locked(key)
    if before and _is_open(before):
        return before, False
    [new] = insert([Cart(account_id=before.account_id if before else None)])
    return new, True


def _open_cart(key: str) -> Cart | None:
    cart = _locked(key)
    return cart if cart and _is_open(cart) else None


def _locked(key: str) -> Cart | None:
    return Cart.objects.select_for_update().filter(key=key).first() if key else None


def _is_open(cart: Cart) -> bool:
    """Asked after the lock: a checkout that held it has made its order by now."""
    return not Order.objects.filter(cart=cart).exists()


def _more_of(cart: Cart, digest: str, quantity: int) -> bool:
    merged = Least(F("quantity") + quantity, QUANTITY_MAX)
    return bool(cart.lines.filter(design=digest, box=None).update(quantity=merged))


def _first_of(cart: Cart, row: DesignRow, quantity: int, at: datetime) -> None:
    insert([_line(cart, row, quantity, prices_of_page(at), at)])


def _line(
    cart: Cart, row: DesignRow, quantity: int, prices: PriceList, at: datetime, box: CartBox | None = None
) -> CartLine:
    line = CartLine(cart=cart, design=row, quantity=quantity, box=box)
    line.hold(_unit_cents(row, prices), prices.currency, at)
    return line


def _check_room(cart: Cart) -> None:
    if cart.lines.count() >= LINES_MAX:
        raise CartFull(_("A cart holds %(most)d different bars.") % {"most": LINES_MAX})


def _for_sale(row: DesignRow, *, locale: str, at: datetime) -> DesignRow:
    reasons = for_sale.reasons_against(row, locale, at)
    if reasons:
        raise NotForSale(" ".join(reasons))
    return row
