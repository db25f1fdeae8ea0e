"""How a bill comes about: which parcels go where, on which day, what each is taxed, and what that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.domain.label.markets import UNITED_STATES, blocks
from configurator.wording import locale
from orders.buying import parcels
from orders.buying.basket import Bars, Basket, Box
from orders.buying.bills import Bill, BilledBars, BilledBox, Parcel
from orders.buying.parcels import Contents, Recipient, Unit, key_of
from orders.models import TaxClass
from orders.prices import billing
from orders.prices.billing import Carriage, Goods
from orders.prices.tax import VatRates, tax_class, vat_rates
from orders.prices.volume import volume_prices
from orders.prices.vouchers import Entered
from orders.production.kinds import kind_of
from orders.production.planning import earliest
from orders.production.planning.earliest import NoDayInSight, Promised, Wanted
from orders.production.planning.values import Kind
from orders.sending import carriage, delivery, promise
from orders.sending.carriage import Destination, Option, Tariff


class NotShipped(Exception):
    """The message tells the customer why this parcel cannot go, and what would help."""

    def __init__(self, words: str, place: int = 1) -> None:
        super().__init__(words)
        self.place = place


class NotSoldThere(NotShipped):
    pass


class NotDealtOut(Exception):
    """More or fewer bars are given to people than there are in the cart."""

    def __init__(self, wrong: tuple[tuple[Unit, int], ...]) -> None:
        super().__init__(", ".join(unit.name for unit, _given in wrong))
        self.wrong = wrong


def bill(
    basket: Basket,
    recipients: Sequence[Recipient],
    entered: Entered | None = None,
    *,
    at: datetime,
    tariff: Tariff | None = None,
) -> Bill:
    """What it costs as it stands. Raises NotDealtOut, NotSoldThere or NotShipped."""
    wrong = parcels.undealt(basket, recipients)
    if wrong:
        raise NotDealtOut(wrong)
    inside = parcels.contents(basket, recipients)
    tariff = tariff or delivery.tariff()
    places = tuple(tariff.destination(recipient.country) for recipient in recipients)
    for place, (destination, content) in enumerate(zip(places, inside, strict=True), start=1):
        _check_market(content, destination, place)
    entered = entered or Entered()
    on = localdate(at)
    goods = list(_goods(inside, places, vat_rates({each.country for each in places}, on=on)))
    volume = volume_prices(on=on)
    without_carriage = billing.bill([each.goods for each in goods], (), volume, entered.terms)
    outgoing = _Outgoing(tariff, basket.currency, recipients, places, inside, without_carriage)
    parcels_out = outgoing.parcels(at)
    carriages = [Carriage(parcel.place, parcel.option.cents) for parcel in parcels_out]
    sums = billing.bill([each.goods for each in goods], carriages, volume, entered.terms)
    if sums.total_cents < billing.LEAST_CENTS:
        raise NotShipped(_("A card cannot be charged with so little. Put something more into your cart."))
    billed = list(zip(goods, sums.lines, strict=True))
    return Bill(
        basket=basket,
        parcels=parcels_out,
        lines=tuple(
            BilledBars(each.of, each.tax_class, line) for each, line in billed if isinstance(each.of, Bars)
        ),
        boxes=tuple(BilledBox(each.of, line) for each, line in billed if isinstance(each.of, Box)),
        entered=entered,
        sums=sums,
        tariff=tariff,
    )


@dataclass(frozen=True, slots=True)
class _Taxed:
    of: Bars | Box
    tax_class: str
    goods: Goods


def _goods(inside: Iterable[Contents], places: Iterable[Destination], rates: VatRates) -> Iterator[_Taxed]:
    for parcel, (content, destination) in enumerate(zip(inside, places, strict=True), start=1):
        for bars, number in content.bars:
            yield _taxed(bars, number, destination.country, rates, parcel)
        for box, number in content.boxes:
            inner = [
                _taxed(bars, bars.per_box * number, destination.country, rates, parcel) for bars in box.bars
            ]
            yield from inner
            # The box is taxed like the dearest-taxed bar in it: never less than what is due.
            permille = max(taxed.goods.permille for taxed in inner)
            packing = Goods(key_of(box), box.packing_cents, number, permille, parcel, bars=0)
            yield _Taxed(box, TaxClass.ANY.value, packing)


def _taxed(bars: Bars, number: int, country: str, rates: VatRates, parcel: int) -> _Taxed:
    of_class = tax_class(bars.design, bars.family) if bars.orderable else TaxClass.ANY
    permille = rates.of(country, of_class)
    return _Taxed(bars, of_class.value, Goods(key_of(bars), bars.unit_cents, number, permille, parcel))


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """Which day every parcel can leave, and how."""

    tariff: Tariff
    currency: str
    recipients: Sequence[Recipient]
    places: Sequence[Destination]
    inside: Sequence[Contents]
    paid: billing.Bill

    def parcels(self, at: datetime) -> tuple[Parcel, ...]:
        soonest = self._planned([None] * len(self.recipients), at)
        if not any(recipient.wish_on for recipient in self.recipients):
            return soonest
        return self._planned([self._leave(parcel) for parcel in soonest], at)

    def _planned(self, not_before: Sequence[date | None], at: datetime) -> tuple[Parcel, ...]:
        wanted = [Wanted(_kinds(content), day) for content, day in zip(self.inside, not_before, strict=True)]
        try:
            plans = promise.plans(wanted, at=at)
        except NoDayInSight:
            raise NotShipped(
                _("Our kitchen has no room for so many bars within a year. Please write to us.")
            ) from None
        return tuple(self._parcel(place, plan) for place, plan in enumerate(plans, start=1))

    def _leave(self, parcel: Parcel) -> date | None:
        """So late that it does not arrive long before the day wished for."""
        wish = parcel.recipient.wish_on
        if wish is None:
            return None
        country = parcel.destination.country
        return carriage.leave_by(self.tariff, country, arrive_on=wish, days=parcel.option.days_max)

    def _parcel(self, place: int, plan: Promised) -> Parcel:
        at = place - 1
        destination, content, recipient = self.places[at], self.inside[at], self.recipients[at]
        paid_cents = sum(line.cents for line in self.paid.lines if line.goods.parcel == place)
        options = carriage.options(
            self.tariff,
            destination.country,
            net_mg=content.net_mg,
            goods_cents=paid_cents,
            currency=self.currency,
            dispatch_on=plan.dispatch_on,
            locale=locale(),
        )
        option = _chosen(options, recipient.method, place)
        return Parcel(place, recipient, destination, content, plan, options, option)


def _kinds(content: Contents) -> earliest.Bars:
    """As the temperers know them."""
    kinds: Counter[Kind] = Counter()
    for bars, number in content.each:
        # What cannot be ordered as it stands may hold what is no more; until that is mended its day is only shown.
        kind = kind_of(bars.design, bars.family) if bars.orderable else Kind("", "")
        kinds[kind] += number
    return kinds


def _chosen(options: Sequence[Option], method: str, place: int) -> Option:
    offered = [option for option in options if option.offered]
    if not offered:
        reasons = " ".join(dict.fromkeys(option.refusal for option in options))
        raise NotShipped(reasons or _("We have no way to ship this parcel."), place)
    cheapest = min(offered, key=lambda option: option.cents)
    return next((option for option in offered if option.method == method), cheapest)


def _check_market(content: Contents, destination: Destination, place: int) -> None:
    """What may not be sold in a country is not shipped there, and the customer is told which module."""
    for bars in content.all_bars:
        for block in blocks(bars.design, bars.family, destination.country):
            raise NotSoldThere(
                _("“%(bar)s” cannot be shipped to %(country)s. %(module)s: %(reason)s.")
                % {
                    "bar": bars.design.name,
                    "country": destination.name(locale()),
                    "module": bars.family.modules[block.module].name.to(locale()),
                    "reason": block.reason.to(locale()),
                },
                place,
            )
    if destination.country == UNITED_STATES and not settings.FSVP_IMPORTER:
        # 21 CFR 1.500 ff.: without an importer of record no parcel of food passes the border.
        raise NotSoldThere(
            _("We cannot ship to the United States yet: our importer there is not registered."), place
        )
