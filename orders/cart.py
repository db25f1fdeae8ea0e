"""The cart: what a guest means to buy, looked at anew each time, at the price that was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Least
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import currency, day_counts, designs
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Milligrams
from configurator.domain.label.declaration import Label
from configurator.domain.pricing import PriceLine, PriceList, Quote, quote
from configurator.domain.recipe import recipe
from configurator.families import family_under
from configurator.models import DayCount
from configurator.models import Design as DesignRow
from configurator.price_lists import current as price_list
from configurator.price_lists import priced
from orders import for_sale, stock
from orders.boxes import box_name, packing_cents, sizes_offered
from orders.for_sale import NoWay, Way
from orders.models import Cart, CartBox, CartLine, CartVoucher, Order
from orders.models.cart import BOX_QUANTITY_MAX, QUANTITY_MAX, Promise

LINES_MAX: Final = 50
BARS_MAX: Final = 500
NOT_KEPT: Final = gettext_lazy("This design is not kept any more. Open it in the studio again.")


class NotForSale(Exception):
    """The design cannot be put into the cart; the message tells the customer why."""


class CartFull(Exception):
    """There is no room for so much more; the message tells the customer so."""


class BoxNotFull(Exception):
    """The bars that were chosen do not fill the box; the message tells the customer how many do."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one design, loose or in boxes, seen with everything that is true of the design."""

    line_id: int
    digest: str
    design: Design
    family: Family
    quantity: int
    """All of them, in all equal boxes together."""
    quote: Quote
    label: Label
    problems: tuple[str, ...]
    box_id: int | None = None
    per_box: int = 0
    was_cents: Cents | None = None
    """What one was promised at, when that time is over and it costs something else now."""
    ways: tuple[Way, ...] = ()
    """What could be taken instead, while there are problems."""

    @property
    def unit_cents(self) -> Cents:
        return self.quote.total_cents

    @property
    def total_cents(self) -> Cents:
        return self.quote.total_cents * self.quantity

    @property
    def net_mg(self) -> Milligrams:
        return self.family.net_mg * self.quantity

    @property
    def orderable(self) -> bool:
        return not self.problems

    @property
    def is_dearer(self) -> bool:
        return self.was_cents is not None and self.quote.total_cents > self.was_cents


@dataclass(frozen=True, slots=True)
class Box:
    """Equal gift boxes."""

    box_id: int
    size: int
    quantity: int
    packing_cents: Cents
    bars: tuple[Bars, ...]
    was_cents: Cents | None = None

    @property
    def name(self) -> str:
        return box_name(self.size)

    @property
    def unit_cents(self) -> Cents:
        return self.packing_cents + sum(bars.unit_cents * bars.per_box for bars in self.bars)

    @property
    def total_cents(self) -> Cents:
        return self.unit_cents * self.quantity

    @property
    def net_mg(self) -> Milligrams:
        return sum(bars.net_mg for bars in self.bars)

    @property
    def orderable(self) -> bool:
        return all(bars.orderable for bars in self.bars)

    @property
    def is_dearer(self) -> bool:
        return self.was_cents is not None and self.packing_cents > self.was_cents


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart as it stands now. Empty when there is no cart, or when it has become an order."""

    lines: tuple[Bars, ...] = ()
    """All bars, those in boxes too."""
    boxes: tuple[Box, ...] = ()
    currency: str = ""
    has_codes: bool = False
    """Whether a voucher was entered: without one nobody has to ask."""

    @property
    def loose(self) -> tuple[Bars, ...]:
        return tuple(line for line in self.lines if line.box_id is None)

    @property
    def goods_cents(self) -> Cents:
        loose = sum(line.total_cents for line in self.loose)
        return loose + sum(box.total_cents for box in self.boxes)

    @property
    def net_mg(self) -> Milligrams:
        return sum(line.net_mg for line in self.lines)

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def orderable(self) -> bool:
        return bool(self.lines) and all(line.orderable for line in self.lines)

    @property
    def is_dearer(self) -> bool:
        """Something costs more than was promised, and nobody has agreed to that yet."""
        return any(line.is_dearer for line in self.lines) or any(box.is_dearer for box in self.boxes)


def look(key: str, *, locale: str, at: datetime, stock_too: bool = True) -> Basket:
    """The open cart of that key. One query, one for the stock, and more where a catalogue has moved on."""
    return _seen(list(_open_lines(key)), locale=locale, at=at, stock_too=stock_too) if key else Basket()


def look_inside(cart: Cart, *, locale: str, at: datetime) -> Basket:
    """Without a look at the stock: who asks under lock reserves it."""
    return _seen(list(_with_designs(cart.lines.all())), locale=locale, at=at, stock_too=False)


def count(key: str) -> int:
    """Bars, those in boxes as often as there are boxes."""
    lines = CartLine.objects.filter(cart__key=key, cart__order=None) if key else CartLine.objects.none()
    return sum(quantity * (boxes or 1) for quantity, boxes in lines.values_list("quantity", "box__quantity"))


def is_open(key: str) -> bool:
    """Whether there is a cart of that key that has not become an order."""
    return bool(key) and Cart.objects.filter(key=key, order=None).exists()


def find(digest: str) -> DesignRow:
    """A kept design with which catalogue is current. Raises NotForSale."""
    kept = DesignRow.objects.select_related("family_version__family").defer("family_version__frozen")
    # What is no digest may hold signs that a database refuses.
    row = kept.filter(pk=digest).first() if designs.DIGEST.fullmatch(digest) else None
    if row is None:
        raise NotForSale(NOT_KEPT)
    return row


def add(
    key: str, *, digest: str, quantity: int, locale: str, at: datetime, found: DesignRow | None = None
) -> Cart:
    """Into the open cart of that key, or a new one. ``found``: the design, where somebody has just asked for it.

    Raises NotForSale or CartFull.
    """
    row = _for_sale(found or find(digest), locale=locale, at=at)
    with transaction.atomic():
        cart = _open_cart(key)
        if cart is None:
            cart = Cart.objects.create()
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
    prices = _prices(at)
    with transaction.atomic():
        cart = _open_cart(key) or Cart.objects.create()
        _check_room(cart)
        box = CartBox(cart=cart, size=size, quantity=min(quantity, BOX_QUANTITY_MAX))
        box.hold(packing_cents(size, prices), prices.currency, at)
        box.save()
        for digest, number in chosen.items():
            _line(cart, rows[digest], number, prices, at, box).save()
    return cart


def put_back(order: Order, key: str, *, at: datetime) -> Cart:
    """What was ordered and cancelled, beside what this browser's cart holds by now."""
    prices = _prices(at)
    with transaction.atomic():
        cart = _open_cart(key) or Cart.objects.create()
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
    prices = _prices(at)
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
            prices = _prices(at)
            line.hold(_unit_cents(row, prices), prices.currency, at)
            line.save()
        else:
            same.quantity = min(same.quantity + line.quantity, QUANTITY_MAX)
            same.save(update_fields=["quantity"])
            line.delete()


def _hold(promised: Promise, unit_cents: Cents, of_currency: str, at: datetime) -> None:
    promised.hold(unit_cents, of_currency, at)
    promised.save(update_fields=["unit_cents", "currency", "held_until"])


def _prices(at: datetime) -> PriceList:
    return price_list(currency.active(), localdate(at))


def _unit_cents(row: DesignRow, prices: PriceList) -> Cents:
    return quote(row.value, family_under(row.family_version_id), "en", prices).total_cents


def _open_lines(key: str) -> QuerySet[CartLine]:
    # A cart that became an order is closed: what was ordered must not change under the customer.
    return _with_designs(CartLine.objects.filter(cart__key=key, cart__order=None))


def _open_boxes(key: str) -> QuerySet[CartBox]:
    open_boxes = CartBox.objects.filter(cart__key=key, cart__order=None)
    return CartBox.objects.filter(pk__in=open_boxes.values("pk"))


def _with_designs(lines: QuerySet[CartLine]) -> QuerySet[CartLine]:
    codes = CartVoucher.objects.filter(cart=OuterRef("cart"))
    # Which version is current comes along; the frozen catalogues themselves are long and kept in memory.
    related = lines.select_related("design__family_version__family", "box")
    return related.defer("design__family_version__frozen").annotate(has_codes=Exists(codes)).order_by("pk")


def _open_cart(key: str) -> Cart | None:
    cart = Cart.objects.select_for_update().filter(key=key).first() if key else None
    # Asked after the lock: a checkout that held it has made its order by now.
    return cart if cart and not Order.objects.filter(cart=cart).exists() else None


def _more_of(cart: Cart, digest: str, quantity: int) -> bool:
    merged = Least(F("quantity") + quantity, QUANTITY_MAX)
    return bool(cart.lines.filter(design=digest, box=None).update(quantity=merged))


def _first_of(cart: Cart, row: DesignRow, quantity: int, at: datetime) -> None:
    _line(cart, row, quantity, _prices(at), at).save()


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


def _seen(lines: list[CartLine], *, locale: str, at: datetime, stock_too: bool = True) -> Basket:
    prices = _prices(at)
    seen = [_bars(line, prices, locale, at) for line in lines]
    if stock_too:
        seen = _without_what_ran_out(seen, lines, locale, at)
    has_codes = any(line.has_codes for line in lines)  # type: ignore[attr-defined]  # annotated above
    return Basket(tuple(seen), tuple(_boxes(seen, lines, prices, at)), prices.currency, has_codes)


def _bars(line: CartLine, prices: PriceList, locale: str, at: datetime) -> Bars:
    review = designs.kept_review(line.design, locale)
    design, family = review.design, review.family
    today = priced(design, family, locale, on=localdate(at))
    unit_cents, was_cents = _promised(line, today.total_cents, prices.currency, at)
    problems = for_sale.reasons_against(line.design, locale, at)
    return Bars(
        line_id=line.pk,
        digest=line.design_id,
        design=design,
        family=family,
        quantity=line.quantity * (line.box.quantity if line.box else 1),
        quote=_at_promised_price(today, unit_cents),
        label=review.label,
        problems=problems,
        box_id=line.box_id,
        per_box=line.quantity if line.box else 0,
        was_cents=was_cents,
        ways=for_sale.ways_out(line.design, locale) if problems else (),
    )


def _promised(
    promised: Promise, cents_now: Cents, of_currency: str, at: datetime
) -> tuple[Cents, Cents | None]:
    """What it costs here, and what it was promised at if that is over. A promise never makes dearer."""
    if promised.unit_cents is None or promised.held_until is None or promised.currency != of_currency:
        return cents_now, None
    if at < promised.held_until:
        return min(cents_now, promised.unit_cents), None
    return cents_now, promised.unit_cents if promised.unit_cents != cents_now else None


def _at_promised_price(today: Quote, unit_cents: Cents) -> Quote:
    less = unit_cents - today.total_cents
    if not less:
        return today
    held = PriceLine(_("Price promised when it was put into the cart"), less)
    return replace(today, lines=(*today.lines, held))


def _without_what_ran_out(seen: list[Bars], lines: list[CartLine], locale: str, at: datetime) -> list[Bars]:
    needed = stock.needs((recipe(bars.design, bars.family), bars.quantity) for bars in seen if bars.orderable)
    short = {shortage.module: shortage for shortage in stock.shortages(needed, at=at)} if needed else {}
    if not short:
        return seen
    return [
        _sold_out(bars, line, [key for key in bars.design.modules if key in short], locale)
        for bars, line in zip(seen, lines, strict=True)
    ]


def _sold_out(bars: Bars, line: CartLine, modules: list[str], locale: str) -> Bars:
    if not modules or not bars.orderable:
        return bars
    names = ", ".join(bars.family.modules[key].name.to(locale) for key in dict.fromkeys(modules))
    words = _("There is not enough left for so many bars just now: %(modules)s.") % {"modules": names}
    return replace(bars, problems=(words,), ways=for_sale.ways_out(line.design, locale, sold_out=modules))


def _boxes(seen: Iterable[Bars], lines: Iterable[CartLine], prices: PriceList, at: datetime) -> Iterable[Box]:
    rows = {line.box.pk: line.box for line in lines if line.box}
    inside: dict[int, list[Bars]] = defaultdict(list)
    for bars in seen:
        if bars.box_id is not None:
            inside[bars.box_id].append(bars)
    for box_id, bars_inside in inside.items():
        row = rows[box_id]
        cents, was = _promised(row, packing_cents(row.size, prices), prices.currency, at)
        yield Box(box_id, row.size, row.quantity, cents, tuple(bars_inside), was)
