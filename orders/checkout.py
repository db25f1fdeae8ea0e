"""From a cart to an order: what it costs, and the one moment in which it is placed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from configurator.domain.label import label
from configurator.domain.label.markets import UNITED_STATES, blocks
from configurator.domain.recipe import recipe
from orders import billing
from orders import cart as carts
from orders.billing import BilledGoods, Carriage, Goods
from orders.cart import Bars, Basket
from orders.models import Cart, Order, OrderLine, Shipment, ShipmentLine, ShippingRate, TaxClass, VatRate
from orders.tax import tax_class


class CartEmpty(Exception):
    """There is nothing to order."""


class CartNotOrderable(Exception):
    """At least one bar of the cart cannot be made as it is."""


class ParcelTooHeavy(Exception):
    """The message tells the customer what the limit is."""


class NotSoldThere(Exception):
    """The message tells the customer what keeps the bars out of that country."""


class BillChanged(Exception):
    """The customer agreed to another total than the one that holds now."""


class RateMissing(LookupError):
    """The tables have no VAT rate for a country they offer."""


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    name: str
    street: str
    extra: str
    postcode: str
    city: str
    gift_message: str = ""

    @property
    def address(self) -> dict[str, str]:
        names = ("name", "street", "extra", "postcode", "city")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class BilledBars:
    """A line of the cart beside what is paid for it."""

    bars: Bars
    tax_class: str
    billed: BilledGoods

    @property
    def permille(self) -> int:
        return self.billed.goods.permille

    @property
    def vat_cents(self) -> Cents:
        return self.billed.vat_cents


@dataclass(frozen=True, slots=True)
class Bill:
    """Everything the order button agrees to."""

    lines: tuple[BilledBars, ...]
    shipping: ShippingRate
    currency: str
    sums: billing.Bill

    @property
    def goods_cents(self) -> Cents:
        return self.sums.goods_cents

    @property
    def shipping_cents(self) -> Cents:
        return self.sums.shipping_cents

    @property
    def total_cents(self) -> Cents:
        return self.sums.total_cents

    @property
    def until_free_cents(self) -> Cents:
        """How much more would make the shipping free; 0 when it is, or never is."""
        if self.shipping.free_from_cents is None:
            return 0
        return max(0, self.shipping.free_from_cents - self.goods_cents)

    @property
    def taxes(self) -> tuple[billing.Tax, ...]:
        return self.sums.taxes


def bill(basket: Basket, shipping: ShippingRate, *, on: date) -> Bill:
    """Raises ParcelTooHeavy, NotSoldThere or RateMissing."""
    if basket.net_mg > shipping.max_mg:
        raise ParcelTooHeavy(
            _("One parcel to this country carries %(most)d kg. Please make two orders of this one.")
            % {"most": shipping.max_mg // 1_000_000}
        )
    _check_market(basket, shipping)
    classes = [_tax_class(line) for line in basket.lines]
    goods = _goods(basket, classes, _vat_rates(shipping.country, on))
    carriage = Carriage(1, shipping.cost_cents(billing.bill(goods).goods_cents))
    sums = billing.bill(goods, [carriage])
    return Bill(
        lines=tuple(
            BilledBars(bars, of_class.value, billed)
            for bars, of_class, billed in zip(basket.lines, classes, sums.lines, strict=True)
        ),
        shipping=shipping,
        currency=basket.currency,
        sums=sums,
    )


def place(
    key: str,
    *,
    contact: Contact,
    shipping: ShippingRate,
    agreed_cents: Cents,
    locale: str,
    at: datetime,
) -> Order:
    """The order of that cart: placed now, or the one that was placed from it before.

    Raises CartEmpty, CartNotOrderable, ParcelTooHeavy, NotSoldThere or BillChanged; then nothing has
    happened.
    """
    try:
        with transaction.atomic():
            cart = Cart.objects.select_for_update().filter(key=key).first()
            if cart is None:
                raise CartEmpty
            placed = Order.objects.filter(cart=cart).first()
            return placed or _place(cart, contact, shipping, agreed_cents, locale, at)
    except IntegrityError:
        # SQLite has no row locks: two presses of the button at once end at the unique constraint.
        return Order.objects.get(cart__key=key)


def _place(
    cart: Cart, contact: Contact, shipping: ShippingRate, agreed_cents: Cents, locale: str, at: datetime
) -> Order:
    basket = carts.look_inside(cart, locale=locale, at=at)
    if not basket.lines:
        raise CartEmpty
    if not basket.orderable:
        raise CartNotOrderable
    due = bill(basket, shipping, on=localdate(at))
    if due.total_cents != agreed_cents:
        raise BillChanged
    order = _order(cart, contact, due, locale, at)
    lines = OrderLine.objects.bulk_create(
        _order_line(order, place, line, due.shipping.label_locale)
        for place, line in enumerate(due.lines, start=1)
    )
    shipment = _shipment(order, contact, due, basket)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=line, quantity=line.quantity) for line in lines
    )
    return order


def _check_market(basket: Basket, shipping: ShippingRate) -> None:
    """What may not be sold in a country is not shipped there, and the customer is told which module."""
    for line in basket.lines:
        for block in blocks(line.design, line.family, shipping.country):
            raise NotSoldThere(
                _("“%(bar)s” cannot be shipped to %(country)s. %(module)s: %(reason)s.")
                % {
                    "bar": line.design.name,
                    "country": shipping.name(_locale()),
                    "module": line.family.modules[block.module].name.to(_locale()),
                    "reason": block.reason.to(_locale()),
                }
            )
    if shipping.country == UNITED_STATES and not settings.FSVP_IMPORTER:
        # 21 CFR 1.500 ff.: without an importer of record no parcel of food passes the border.
        raise NotSoldThere(
            _("We cannot ship to the United States yet: our importer there is not registered.")
        )


def _locale() -> str:
    return (get_language() or "en")[:2]


def refill(order: Order, key: str) -> Cart:
    """The bars of a cancelled order, back in the open cart of that key, so that nothing has to be redone."""
    return carts.put_back(key, order.lines.values_list("design_id", "quantity"))


def _vat_rates(country: str, on: date) -> dict[str, int]:
    rates = VatRate.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), country=country)
    valid = rates.filter(valid_from__lte=on).order_by("valid_from")
    return dict(valid.values_list("tax_class", "permille"))


def _tax_class(bars: Bars) -> TaxClass:
    return tax_class(bars.design, bars.family) if bars.orderable else TaxClass.ANY


def _goods(basket: Basket, classes: list[TaxClass], rates: dict[str, int]) -> list[Goods]:
    return [
        Goods(str(bars.line_id), bars.quote.total_cents, bars.quantity, _permille(of_class, rates))
        for bars, of_class in zip(basket.lines, classes, strict=True)
    ]


def _permille(of_class: TaxClass, rates: dict[str, int]) -> int:
    permille = rates.get(of_class, rates.get(TaxClass.ANY))
    if permille is None:
        raise RateMissing(of_class)
    return permille


def _order(cart: Cart, contact: Contact, due: Bill, locale: str, at: datetime) -> Order:
    return Order.objects.create(
        cart=cart,
        locale=locale,
        email=contact.email,
        **contact.address,
        country=due.shipping.country,
        country_name=due.shipping.name(locale),
        currency=due.currency,
        goods_cents=due.goods_cents,
        shipping_cents=due.shipping_cents,
        total_cents=due.total_cents,
        vat=[asdict(tax) for tax in due.taxes],
        placed_at=at,
    )


def _shipment(order: Order, contact: Contact, due: Bill, basket: Basket) -> Shipment:
    return Shipment.objects.create(
        order=order,
        place=1,
        **contact.address,
        country=due.shipping.country,
        country_name=order.country_name,
        label_locale=due.shipping.label_locale,
        gift_message=contact.gift_message,
        shipping_cents=due.shipping_cents,
        net_mg=basket.net_mg,
        days_min=due.shipping.days_min,
        days_max=due.shipping.days_max,
    )


def _order_line(order: Order, place: int, line: BilledBars, label_locale: str) -> OrderLine:
    bars = line.bars
    return OrderLine(
        order=order,
        place=place,
        design_id=bars.digest,
        code=bars.design.code,
        name=bars.design.name,
        family=bars.family.key,
        family_name=bars.family.name.to(order.locale),
        family_version=bars.family.version,
        quantity=bars.quantity,
        unit_cents=bars.quote.total_cents,
        cents_per_kg=bars.quote.cents_per_kg,
        price_lines=[asdict(price) for price in bars.quote.lines],
        tax_class=line.tax_class,
        vat_permille=line.permille,
        vat_cents=line.vat_cents,
        net_mg=bars.family.net_mg,
        recipe=_frozen_recipe(bars, order.locale),
        labels=_frozen_labels(bars, {order.locale, label_locale}),
        allergens=list(bars.label.allergens),
    )


def _frozen_recipe(bars: Bars, locale: str) -> list[dict[str, Any]]:
    return [
        {**asdict(portion), "name": bars.family.modules[portion.module].name.to(locale)}
        for portion in recipe(bars.design, bars.family)
    ]


def _frozen_labels(bars: Bars, locales: set[str]) -> dict[str, Any]:
    return {locale: asdict(label(bars.design, bars.family, locale)) for locale in sorted(locales)}
