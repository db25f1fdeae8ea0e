"""How an order is written down: everything is copied, so that nothing has to be looked up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Max

from configurator.catalogue.families import family_under
from configurator.changed_once import insert
from configurator.domain.design import Design, from_canonical
from configurator.domain.label import label
from configurator.domain.pricing import PriceLine
from configurator.domain.recipe import recipe
from configurator.models import Design as DesignRow
from orders.buying.basket import Bars
from orders.buying.bills import Bill, BilledBars, BilledBox, Parcel
from orders.buying.wishes import Wishes
from orders.models import (
    Cart,
    Order,
    OrderBox,
    OrderLine,
    Shipment,
    ShipmentLine,
    ShippedBox,
)
from orders.models.order import Parts


def order_of(cart: Cart, wishes: Wishes, due: Bill, locale: str, at: datetime) -> Order:
    payer = wishes.payer
    order = Order(
        cart=cart,
        account_id=cart.account_id,
        locale=locale,
        email=wishes.email,
        **asdict(payer),
        country_name=due.tariff.destination(payer.country).name(locale),
        substitution=wishes.substitution,
        review_agreed_at=at if wishes.may_be_asked else None,
        currency=due.currency,
        goods_cents=due.goods_cents,
        shipping_cents=due.shipping_cents,
        gift_card_cents=due.gift_card_cents,
        total_cents=due.total_cents,
        reductions=[asdict(reduction) for reduction in due.reductions],
        vat=[asdict(tax) for tax in due.taxes],
        placed_at=at,
    )
    insert([order])
    return order


def write_lines(order: Order, due: Bill, locale: str) -> Parts:
    shipments = insert(_shipment(order, parcel, due, locale) for parcel in due.parcels)
    rows = _Rows(order, due)
    boxes = insert(rows.boxes())
    lines = insert(rows.lines(boxes))
    insert(
        ShipmentLine(shipment=shipments[parcel - 1], order_line=lines[at], quantity=number)
        for at, parcel, number in rows.carried_lines()
    )
    insert(
        ShippedBox(shipment=shipments[parcel - 1], box=boxes[at], quantity=number)
        for at, parcel, number in rows.carried_boxes()
    )
    return [*lines, *boxes]


def _shipment(order: Order, parcel: Parcel, due: Bill, locale: str) -> Shipment:
    recipient, option = parcel.recipient, parcel.option
    paid = next(each for each in due.sums.carriages if each.carriage.parcel == parcel.place)
    return Shipment(
        order=order,
        place=parcel.place,
        **recipient.address,
        country_name=parcel.country_name(locale),
        label_locale=parcel.destination.label_locale,
        gift_message=recipient.gift_message,
        hide_prices=recipient.hide_prices,
        wish_on=recipient.wish_on,
        method=option.method,
        method_name=option.name,
        carrier=option.carrier,
        shipping_cents=paid.cents,
        net_mg=parcel.inside.net_mg,
        days_min=option.days_min,
        days_max=option.days_max,
        dispatch_on=parcel.plan.dispatch_on,
        arrive_from=option.arrive_from,
        arrive_until=option.arrive_until,
    )


class _Rows:
    """The lines of the order: equal bars for one country are one line, in whatever parcels they travel."""

    def __init__(self, order: Order, due: Bill) -> None:
        self.order, self.due = order, due
        self.bars: dict[tuple[str, str], list[BilledBars]] = {}
        self.packings: dict[tuple[str, str], list[BilledBox]] = {}
        for line in due.lines:
            self.bars.setdefault((line.billed.goods.key, self._country(line.parcel)), []).append(line)
        for box in due.boxes:
            country = self._country(box.billed.goods.parcel)
            self.packings.setdefault((box.billed.goods.key, country), []).append(box)

    def _country(self, parcel: int) -> str:
        return self.due.parcels[parcel - 1].destination.country

    def boxes(self) -> Iterator[OrderBox]:
        for at, shares in enumerate(self.packings.values(), start=1):
            box, goods = shares[0].box, shares[0].billed.goods
            yield OrderBox(
                order=self.order,
                place=at,
                size=box.size,
                name=box.name,
                quantity=sum(share.billed.goods.quantity for share in shares),
                unit_cents=goods.unit_cents,
                vat_permille=goods.permille,
                vat_cents=sum(share.billed.vat_cents for share in shares),
                reduction_cents=sum(share.billed.reduction_cents for share in shares),
            )

    def lines(self, boxes: Sequence[OrderBox]) -> Iterator[OrderLine]:
        of_packing = dict(zip(self.packings, boxes, strict=True))
        for at, ((_key, country), shares) in enumerate(self.bars.items(), start=1):
            box_id = shares[0].bars.box_id
            box = of_packing[f"b{box_id}", country] if box_id is not None else None
            locales = {self.due.parcels[share.parcel - 1].destination.label_locale for share in shares}
            yield _order_line(self.order, at, shares, box, locales)

    def carried_lines(self) -> Iterator[tuple[int, int, int]]:
        """Which line, which parcel, how many."""
        for at, shares in enumerate(self.bars.values()):
            for share in shares:
                yield at, share.parcel, share.quantity

    def carried_boxes(self) -> Iterator[tuple[int, int, int]]:
        for at, shares in enumerate(self.packings.values()):
            for share in shares:
                yield at, share.billed.goods.parcel, share.billed.goods.quantity


def _order_line(
    order: Order, place: int, shares: Sequence[BilledBars], box: OrderBox | None, label_locales: set[str]
) -> OrderLine:
    bars = shares[0].bars
    return OrderLine(
        order=order,
        place=place,
        box=box,
        design_id=bars.digest,
        code=bars.design.code,
        name=bars.design.name,
        family=bars.family.key,
        family_name=bars.family.name.to(order.locale),
        family_version=bars.family.version,
        quantity=sum(share.quantity for share in shares),
        unit_cents=bars.unit_cents,
        cents_per_kg=bars.quote.cents_per_kg,
        price_lines=_frozen_prices(bars.quote.lines),
        tax_class=shares[0].tax_class,
        vat_permille=shares[0].permille,
        vat_cents=sum(share.billed.vat_cents for share in shares),
        reduction_cents=sum(share.billed.reduction_cents for share in shares),
        net_mg=bars.each_mg,
        recipe=_frozen_recipe(bars.design.canonical, order.locale),
        labels=_frozen_labels(bars, {order.locale, *label_locales}),
        allergens=list(bars.label.allergens),
    )


def stand_in(made: OrderLine, design: Design, row: DesignRow, *, less_cents: int) -> OrderLine:
    """One bar of the line that is made of something else: frozen anew, but for its name and what was paid for it."""
    ordered = made.instead_of or made
    last = OrderLine.every.filter(order=made.order_id).aggregate(last=Max("place"))["last"]
    cents = max(0, ordered.unit_cents - less_cents)
    return OrderLine.every.create(
        order_id=made.order_id,
        instead_of=ordered,
        place=last + 1,
        box_id=ordered.box_id,
        design=row,
        code=design.code,
        name=ordered.name,
        family=made.family,
        family_name=made.family_name,
        family_version=design.version,
        quantity=1,
        unit_cents=cents,
        cents_per_kg=ordered.cents_per_kg,
        price_lines=[{"text": ordered.family_name, "cents": cents, "module": ""}],
        tax_class=ordered.tax_class,
        vat_permille=ordered.vat_permille,
        vat_cents=0,
        net_mg=made.net_mg,
        recipe=_frozen_recipe(design.canonical, made.order.locale),
        labels={locale: _frozen_label(design.canonical, locale) for locale in sorted(made.labels)},
        allergens=list(label(design, family_under(design.version), made.order.locale).allergens),
    )


# Once in a process, by what decides them to the last letter; nobody changes what is written down.
@lru_cache(maxsize=256)
def _frozen_recipe(canonical: str, locale: str) -> list[dict[str, Any]]:
    design = from_canonical(canonical)
    family = family_under(design.version)
    return [
        {**asdict(portion), "name": family.modules[portion.module].name.to(locale)}
        for portion in recipe(design, family)
    ]


@lru_cache(maxsize=256)
def _frozen_prices(lines: tuple[PriceLine, ...]) -> list[dict[str, Any]]:
    return [asdict(price) for price in lines]


def _frozen_labels(bars: Bars, locales: set[str]) -> dict[str, Any]:
    return {locale: _frozen_label(bars.design.canonical, locale) for locale in sorted(locales)}


@lru_cache(maxsize=256)
def _frozen_label(canonical: str, locale: str) -> dict[str, Any]:
    design = from_canonical(canonical)
    return asdict(label(design, family_under(design.version), locale))
