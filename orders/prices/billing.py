"""What is to be paid: the one function from lines to totals, by the rules of docs/pricing.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from configurator.domain.family import Cents, round_half_up

LEAST_CENTS: Final = 100
"""So much of the goods no voucher takes away: less no card can be charged with.

Stripe takes no less than 0.50 of a euro, a dollar or a franc and 0.30 of a pound, and asks it of what arrives on
our account: a dollar that is changed into euros must still be enough.
"""


class ReductionKind(StrEnum):
    VOLUME = "volume"
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_SHIPPING = "free_shipping"


# The larger the goods are when a percentage is taken, the better for the customer: so it goes first.
TURNS: Final = (ReductionKind.PERCENT, ReductionKind.AMOUNT, ReductionKind.FREE_SHIPPING)


@dataclass(frozen=True, slots=True)
class Goods:
    """Equal things that go into one parcel. Prices include VAT."""

    key: str
    unit_cents: Cents
    quantity: int
    permille: int
    """The rate of VAT where the parcel goes, for what this is made of."""
    parcel: int = 1
    bars: int = 1
    """How many bars each is, for the volume price: 6 for a box of six, 0 for what is no bar."""


@dataclass(frozen=True, slots=True)
class Carriage:
    parcel: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class VolumePrice:
    """What every bar costs less as soon as the order has this many of them, whatever their designs."""

    from_bars: int
    permille_off: int


@dataclass(frozen=True, slots=True)
class VoucherTerms:
    code: str
    kind: ReductionKind
    value: int = 0
    """Cents of an amount, permille of a percentage."""
    least_goods_cents: Cents = 0
    """It counts from this value of goods on, at their volume price."""
    on_volume_price: bool = True
    """Whether it counts for an order that has a volume price."""


@dataclass(frozen=True, slots=True)
class Reduction:
    kind: ReductionKind
    code: str
    """The voucher's; empty for the volume price."""
    cents: Cents


@dataclass(frozen=True, slots=True)
class BilledGoods:
    goods: Goods
    reductions: tuple[Reduction, ...] = ()
    """This line's share of each."""

    @property
    def list_cents(self) -> Cents:
        return self.goods.unit_cents * self.goods.quantity

    @property
    def reduction_cents(self) -> Cents:
        return sum(share.cents for share in self.reductions)

    @property
    def cents(self) -> Cents:
        """What is paid for the line."""
        return self.list_cents - self.reduction_cents

    @property
    def vat_cents(self) -> Cents:
        return included_vat(self.cents, self.goods.permille)

    @property
    def each_cents(self) -> list[Cents]:
        """What is paid for each single one, for who gives some of them back: together exactly the line."""
        return shared_out(self.cents, [1] * self.goods.quantity)


@dataclass(frozen=True, slots=True)
class BilledCarriage:
    carriage: Carriage
    reductions: tuple[Reduction, ...] = ()

    @property
    def cents(self) -> Cents:
        return self.carriage.cents - sum(share.cents for share in self.reductions)


@dataclass(frozen=True, slots=True)
class Tax:
    """What is included of one VAT rate, goods and their share of the shipping together."""

    permille: int
    gross_cents: Cents
    vat_cents: Cents


@dataclass(frozen=True, slots=True)
class Bill:
    """Whoever shows, charges, books or gives back money reads it here, and adds nothing up again."""

    lines: tuple[BilledGoods, ...]
    carriages: tuple[BilledCarriage, ...]
    reductions: tuple[Reduction, ...]
    """Each as a whole, also one that takes nothing: its terms are not met."""

    @property
    def list_cents(self) -> Cents:
        """The goods before anything is taken off."""
        return sum(line.list_cents for line in self.lines)

    @property
    def goods_cents(self) -> Cents:
        return sum(line.cents for line in self.lines)

    @property
    def shipping_cents(self) -> Cents:
        return sum(carriage.cents for carriage in self.carriages)

    @property
    def total_cents(self) -> Cents:
        return self.goods_cents + self.shipping_cents

    @property
    def vat_cents(self) -> Cents:
        return sum(tax.vat_cents for tax in self.taxes)

    @property
    def taxes(self) -> tuple[Tax, ...]:
        parcels = {line.goods.parcel for line in self.lines}
        return _summed(tax for parcel in sorted(parcels) for tax in self.taxes_of(parcel))

    def taxes_of(self, parcel: int) -> tuple[Tax, ...]:
        """Shipping is taxed like the goods it carries, in proportion to what is paid for them."""
        lines = [line for line in self.lines if line.goods.parcel == parcel]
        of_goods = _summed(Tax(line.goods.permille, line.cents, line.vat_cents) for line in lines)
        shipping = sum(carried.cents for carried in self.carriages if carried.carriage.parcel == parcel)
        shares = shared_out(shipping, [tax.gross_cents for tax in of_goods])
        of_shipping = (
            Tax(tax.permille, share, included_vat(share, tax.permille))
            for tax, share in zip(of_goods, shares, strict=True)
        )
        return _summed((*of_goods, *of_shipping))


def bill(
    goods: Sequence[Goods],
    carriages: Sequence[Carriage] = (),
    volume: Sequence[VolumePrice] = (),
    vouchers: Sequence[VoucherTerms] = (),
) -> Bill:
    """Every parcel of a carriage must have goods. The order in which vouchers were typed changes nothing."""
    lines = _at_volume_price(goods, volume)
    reached_cents = sum(line.cents for line in lines)
    carried = tuple(BilledCarriage(carriage) for carriage in carriages)
    at_volume_price = any(line.reductions for line in lines)
    for voucher in sorted(vouchers, key=_turn):
        if reached_cents < voucher.least_goods_cents or (at_volume_price and not voucher.on_volume_price):
            continue
        if voucher.kind is ReductionKind.FREE_SHIPPING:
            carried = tuple(_for_free(carriage, voucher.code) for carriage in carried)
        else:
            lines = _reduced(lines, voucher)
    return Bill(lines, carried, _wholes(lines, carried, vouchers))


def included_vat(gross_cents: Cents, permille: int) -> Cents:
    """The VAT inside a price, rounded half up to the cent: once per line, never on sums."""
    return round_half_up(gross_cents * permille, 1000 + permille)


def shared_out(cents: Cents, weights: Sequence[int]) -> list[Cents]:
    """An amount in proportion to weights, summing exactly; odd cents go where most was cut off."""
    total = sum(weights)
    if not total:
        # Where nothing weighs anything, everything weighs the same.
        return shared_out(cents, [1] * len(weights)) if weights else []
    shares = [cents * weight // total for weight in weights]
    cut_off = [cents * weight % total for weight in weights]
    by_cut = sorted(range(len(weights)), key=lambda place: (-cut_off[place], place))
    for place in by_cut[: cents - sum(shares)]:
        shares[place] += 1
    return shares


def _at_volume_price(goods: Sequence[Goods], volume: Sequence[VolumePrice]) -> tuple[BilledGoods, ...]:
    bars = sum(line.bars * line.quantity for line in goods)
    permille = max((price.permille_off for price in volume if bars >= price.from_bars), default=0)
    return tuple(_at_its_volume_price(line, permille) for line in goods)


def _at_its_volume_price(goods: Goods, permille: int) -> BilledGoods:
    # A volume price is the price of one: rounded for one, then times the quantity.
    off_cents = round_half_up(goods.unit_cents * permille, 1000) * goods.quantity if goods.bars else 0
    if not off_cents:
        return BilledGoods(goods)
    return BilledGoods(goods, (Reduction(ReductionKind.VOLUME, "", off_cents),))


def _turn(voucher: VoucherTerms) -> tuple[int, int, str]:
    return TURNS.index(voucher.kind), -voucher.value, voucher.code


def _reduced(lines: tuple[BilledGoods, ...], voucher: VoucherTerms) -> tuple[BilledGoods, ...]:
    left = [line.cents for line in lines]
    shares = shared_out(_taken_off(sum(left), voucher), left)
    return tuple(_with_share(line, voucher, share) for line, share in zip(lines, shares, strict=True))


def _taken_off(left_cents: Cents, voucher: VoucherTerms) -> Cents:
    wanted = (
        round_half_up(left_cents * voucher.value, 1000)
        if voucher.kind is ReductionKind.PERCENT
        else voucher.value
    )
    return max(0, min(wanted, left_cents - LEAST_CENTS))


def _with_share(line: BilledGoods, voucher: VoucherTerms, cents: Cents) -> BilledGoods:
    return BilledGoods(line.goods, (*line.reductions, Reduction(voucher.kind, voucher.code, cents)))


def _for_free(carried: BilledCarriage, code: str) -> BilledCarriage:
    free = Reduction(ReductionKind.FREE_SHIPPING, code, carried.cents)
    return BilledCarriage(carried.carriage, (*carried.reductions, free))


def _wholes(
    lines: tuple[BilledGoods, ...],
    carried: tuple[BilledCarriage, ...],
    vouchers: Sequence[VoucherTerms],
) -> tuple[Reduction, ...]:
    taken: dict[tuple[ReductionKind, str], Cents] = defaultdict(int)
    shares = [share for line in lines for share in line.reductions]
    shares += [share for carriage in carried for share in carriage.reductions]
    for share in shares:
        taken[share.kind, share.code] += share.cents
    asked = [(voucher.kind, voucher.code) for voucher in sorted(vouchers, key=_turn)]
    return tuple(Reduction(kind, code, taken[kind, code]) for kind, code in dict.fromkeys((*taken, *asked)))


def _summed(taxes: Iterable[Tax]) -> tuple[Tax, ...]:
    gross: dict[int, Cents] = defaultdict(int)
    vat: dict[int, Cents] = defaultdict(int)
    for tax in taxes:
        gross[tax.permille] += tax.gross_cents
        vat[tax.permille] += tax.vat_cents
    return tuple(Tax(permille, gross[permille], vat[permille]) for permille in sorted(gross))
