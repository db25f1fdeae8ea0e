"""What a cart costs as it stands: its parcels, and all that the order button agrees to."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from configurator.domain.family import Cents
from configurator.wording import locale
from orders.buying.basket import Bars, Basket, Box
from orders.buying.parcels import Contents, Recipient
from orders.buying.wishes import Agreement
from orders.gifts import gift_cards
from orders.prices import billing
from orders.prices.billing import BilledGoods, Reduction
from orders.prices.vouchers import Entered
from orders.production.planning.earliest import Promised
from orders.sending.carriage import Destination, Option, Tariff


@dataclass(frozen=True, slots=True)
class Parcel:
    place: int
    recipient: Recipient
    destination: Destination
    inside: Contents
    plan: Promised
    options: tuple[Option, ...]
    option: Option

    @property
    def decisive(self) -> Hashable:
        """All that decides which ways to send it are offered, and which is taken."""
        return self.options, self.option

    @property
    def misses_its_wish(self) -> bool:
        return bool(self.recipient.wish_on and self.option.arrive_until > self.recipient.wish_on)

    @property
    def named(self) -> str:
        """The country in the language of the page."""
        return self.country_name(locale())

    def country_name(self, locale: str) -> str:
        return self.destination.name(locale)


@dataclass(frozen=True, slots=True)
class BilledBars:
    """Bars in one parcel beside what is paid for them."""

    bars: Bars
    tax_class: str
    billed: BilledGoods

    @property
    def permille(self) -> int:
        return self.billed.goods.permille

    @property
    def quantity(self) -> int:
        return self.billed.goods.quantity

    @property
    def parcel(self) -> int:
        return self.billed.goods.parcel

    @property
    def decisive(self) -> Hashable:
        """All that decides how they look in a bill."""
        return self.bars.decisive, self.quantity, self.billed.list_cents


@dataclass(frozen=True, slots=True)
class BilledBox:
    """The boxes themselves, without their bars."""

    box: Box
    billed: BilledGoods


@dataclass(frozen=True, slots=True)
class InParcel:
    """One parcel as the bill lists it."""

    parcel: Parcel
    loose: tuple[BilledBars, ...]
    boxes: tuple[tuple[BilledBox, tuple[BilledBars, ...]], ...]
    carriage_cents: Cents
    """Before a voucher takes it off."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The foot of a bill."""

    currency: str
    list_cents: Cents
    reductions: tuple[Reduction, ...]
    carriages: tuple[tuple[str, Cents], ...]
    """Of each parcel where it goes, and what that costs before a voucher takes it off."""
    total_cents: Cents
    taxes: tuple[billing.Tax, ...]
    until_free_cents: Cents


@dataclass(frozen=True, slots=True)
class Bill:
    """Everything the order button agrees to."""

    basket: Basket
    parcels: tuple[Parcel, ...]
    lines: tuple[BilledBars, ...]
    boxes: tuple[BilledBox, ...]
    entered: Entered
    sums: billing.Bill
    tariff: Tariff

    @property
    def currency(self) -> str:
        return self.basket.currency

    @property
    def goods_cents(self) -> Cents:
        return self.sums.goods_cents

    @property
    def list_cents(self) -> Cents:
        return self.sums.list_cents

    @property
    def shipping_cents(self) -> Cents:
        return self.sums.shipping_cents

    @property
    def total_cents(self) -> Cents:
        return self.sums.total_cents

    @property
    def gift_cards(self) -> tuple[gift_cards.Share, ...]:
        """What each card pays. Nothing above knows of it: a card is a means of payment."""
        return gift_cards.shares(self.entered.gift_cards, self.total_cents)

    @property
    def gift_card_cents(self) -> Cents:
        return sum(share.cents for share in self.gift_cards)

    @property
    def rest_cents(self) -> Cents:
        """What is left to be paid in money."""
        return self.total_cents - self.gift_card_cents

    @property
    def taxes(self) -> tuple[billing.Tax, ...]:
        return self.sums.taxes

    @property
    def reductions(self) -> tuple[Reduction, ...]:
        return self.sums.reductions

    @property
    def by_parcel(self) -> tuple[InParcel, ...]:
        return tuple(self._in(parcel) for parcel in self.parcels)

    def _in(self, parcel: Parcel) -> InParcel:
        lines = [line for line in self.lines if line.parcel == parcel.place]
        boxes = [box for box in self.boxes if box.billed.goods.parcel == parcel.place]
        return InParcel(
            parcel,
            tuple(line for line in lines if line.bars.box_id is None),
            tuple(
                (box, tuple(line for line in lines if line.bars.box_id == box.box.box_id)) for box in boxes
            ),
            next(each.carriage.cents for each in self.sums.carriages if each.carriage.parcel == parcel.place),
        )

    @property
    def totals(self) -> Totals:
        return Totals(
            currency=self.currency,
            list_cents=self.list_cents,
            reductions=self.reductions,
            carriages=tuple((inside.parcel.named, inside.carriage_cents) for inside in self.by_parcel),
            total_cents=self.total_cents,
            taxes=self.taxes,
            until_free_cents=self.until_free_cents,
        )

    @property
    def arrive_until(self) -> date:
        return max(parcel.option.arrive_until for parcel in self.parcels)

    @property
    def until_free_cents(self) -> Cents:
        """How much more would make the only parcel's shipping free; 0 when it is, or never is."""
        free_from = self.parcels[0].option.free_from_cents
        if free_from is None or len(self.parcels) > 1 or not self.shipping_cents:
            return 0
        return max(0, free_from - self.goods_cents)

    def agreed(self, agreement: Agreement) -> bool:
        late = agreement.arrive_until is not None and self.arrive_until > agreement.arrive_until
        seen_cents = agreement.rest_cents
        dearer = seen_cents is not None and self.rest_cents != seen_cents
        return self.total_cents == agreement.total_cents and not late and not dearer
