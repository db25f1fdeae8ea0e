"""What stands on an invoice and on a credit note, and how their sums are made: plain values and sums.

The VAT is that of the books: rounded for each line (docs/pricing.md), then added up. What is given back takes
with it its share of each rate's VAT, so that an order of which everything went back has been credited to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from configurator.domain.family import Cents
from orders.prices.billing import included_vat, shared_out

SHIPPING: Final = "shipping"
OTHER: Final = "other"


class CreditIsTooLarge(ValueError):
    """More than what is left of an invoice."""


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    street: str
    extra: str
    postcode: str
    city: str
    country: str
    country_name: str


@dataclass(frozen=True, slots=True)
class Seller:
    name: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    vat_id: str
    tax_number: str
    register: str
    """Court, number and managing directors, where the law asks for them."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was sold, or a part of it that is given back."""

    part: str
    """As RefundLine.part has it: "line-7", "box-2", "shipping"; or "other"."""
    name: str
    detail: str
    quantity: int
    unit_cents: Cents
    """With VAT, before reductions."""
    reduction_cents: Cents
    gross_cents: Cents
    permille: int
    vat_cents: Cents
    country: str = ""
    """Where it goes, so that its VAT can be told from another country's."""

    @property
    def net_cents(self) -> Cents:
        return self.gross_cents - self.vat_cents

    @property
    def reduction_net_cents(self) -> Cents:
        return self.reduction_cents - included_vat(self.reduction_cents, self.permille)


@dataclass(frozen=True, slots=True)
class RateSum:
    """All of one VAT rate."""

    permille: int
    net_cents: Cents
    vat_cents: Cents
    countries: tuple[str, ...] = ()

    @property
    def gross_cents(self) -> Cents:
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class Means:
    """With what it was paid. A gift card is money here, and takes nothing off the price."""

    kind: str
    """"online" or "gift_card"."""
    cents: Cents


@dataclass(frozen=True, slots=True)
class Reduction:
    kind: str
    code: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class Content:
    """Frozen with the row. Days are written as ISO dates."""

    locale: str
    seller: Seller
    buyer: Party
    order: str
    ordered_on: str
    paid_on: str
    leaves_on: tuple[str, ...]
    """The days on which its parcels were promised to leave the house, when it was made."""
    destinations: tuple[Party, ...]
    lines: tuple[Line, ...]
    rates: tuple[RateSum, ...]
    reductions: tuple[Reduction, ...] = ()
    """Already taken off the lines; told because the law asks what was agreed beforehand."""
    means: tuple[Means, ...] = ()
    of_number: str = ""
    """Of a credit note: the invoice that it takes back from, in part or as a whole."""
    of_date: str = ""
    reason: str = ""

    @property
    def net_cents(self) -> Cents:
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_cents(self) -> Cents:
        return sum(line.vat_cents for line in self.lines)

    @property
    def total_cents(self) -> Cents:
        return sum(line.gross_cents for line in self.lines)

    @property
    def frozen(self) -> dict[str, Any]:
        return asdict(self)


def thawed(content: Mapping[str, Any]) -> Content:
    """The value again that `Content.frozen` was made of."""
    return Content(
        **{
            **content,
            "seller": Seller(**content["seller"]),
            "buyer": Party(**content["buyer"]),
            "leaves_on": tuple(content["leaves_on"]),
            "destinations": tuple(Party(**each) for each in content["destinations"]),
            "lines": tuple(Line(**each) for each in content["lines"]),
            "rates": tuple(
                RateSum(**{**each, "countries": tuple(each["countries"])}) for each in content["rates"]
            ),
            "reductions": tuple(Reduction(**each) for each in content["reductions"]),
            "means": tuple(Means(**each) for each in content["means"]),
        }
    )


def rate_sums(lines: Iterable[Line]) -> tuple[RateSum, ...]:
    """By rate, from the rounded lines."""
    together: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        together[line.permille].append(line)
    return tuple(_rate_sum(permille, together[permille]) for permille in sorted(together))


def _rate_sum(permille: int, lines: Sequence[Line]) -> RateSum:
    countries = dict.fromkeys(line.country for line in lines if line.country)
    net, vat = sum(line.net_cents for line in lines), sum(line.vat_cents for line in lines)
    return RateSum(permille, net, vat, tuple(countries))


def shipping_lines(lines: Sequence[Line], booked: Sequence[Mapping[str, int]], name: str) -> tuple[Line, ...]:
    """What the order's VAT holds beyond its goods is that of the carriage, rate by rate."""
    sums = {rate.permille: rate for rate in rate_sums(lines)}
    carried = ((tax, sums[tax["permille"]]) for tax in booked)
    return tuple(
        Line(SHIPPING, name, "", 1, gross, 0, gross, goods.permille, tax["vat_cents"] - goods.vat_cents)
        for tax, goods in carried
        if (gross := tax["gross_cents"] - goods.gross_cents)
    )


def credited(
    content: Content,
    before: Sequence[Content],
    shares: Mapping[str, Cents],
    cents: Cents,
    other: str,
    undone: Sequence[Content] = (),
) -> tuple[Line, ...]:
    """The lines of a credit note over so many cents, `shares` of them for named parts. Raises CreditIsTooLarge.

    What is for no part is spread over the rates that are left. `before` are the credit notes there were, `undone`
    what took them back.
    """
    left = _left(content, before, undone)
    if cents > sum(rate.gross_cents for rate in left.values()):
        raise CreditIsTooLarge(f"{cents} cents")
    if cents == content.total_cents and tuple(left.values()) == content.rates:
        return content.lines
    wished = [line for part, share in shares.items() for line in _lines_of(content, part, share)]
    lines = _within(wished, left)
    rest = cents - sum(line.gross_cents for line in lines)
    lines += _other_lines(content, lines, left, rest, other)
    return _with_vat(lines, left)


def _left(content: Content, before: Sequence[Content], undone: Sequence[Content]) -> dict[int, RateSum]:
    gone, back = _by_rate(before), _by_rate(undone)
    return {
        rate.permille: replace(
            rate,
            net_cents=rate.net_cents - gone[rate.permille].net_cents + back[rate.permille].net_cents,
            vat_cents=rate.vat_cents - gone[rate.permille].vat_cents + back[rate.permille].vat_cents,
        )
        for rate in content.rates
    }


def _by_rate(papers: Sequence[Content]) -> Mapping[int, RateSum]:
    sums = {rate.permille: rate for rate in rate_sums(line for paper in papers for line in paper.lines)}
    return defaultdict(lambda: RateSum(0, 0, 0), sums)


def _lines_of(content: Content, part: str, cents: Cents) -> list[Line]:
    sold = [line for line in content.lines if line.part == part]
    shares = shared_out(cents, [line.gross_cents for line in sold])
    return [
        line if share == line.gross_cents else _part_of(line, share)
        for line, share in zip(sold, shares, strict=True)
        if share
    ]


def _within(lines: Sequence[Line], left: Mapping[int, RateSum]) -> list[Line]:
    """No rate gives back more than is left of it, whatever went back for no part before."""
    room = {permille: rate.gross_cents for permille, rate in left.items()}
    kept = []
    for line in lines:
        cents = min(line.gross_cents, room[line.permille])
        room[line.permille] -= cents
        if cents:
            kept.append(line if cents == line.gross_cents else _part_of(line, cents))
    return kept


def _part_of(line: Line, cents: Cents) -> Line:
    return replace(line, quantity=1, unit_cents=cents, reduction_cents=0, gross_cents=cents)


def _other_lines(
    content: Content, lines: Sequence[Line], left: Mapping[int, RateSum], rest: Cents, name: str
) -> list[Line]:
    taken = {rate.permille: rate.gross_cents for rate in rate_sums(lines)}
    free = {permille: max(0, rate.gross_cents - taken.get(permille, 0)) for permille, rate in left.items()}
    shares = shared_out(rest, list(free.values()))
    countries = {rate.permille: rate.countries for rate in content.rates}
    return [
        Line(OTHER, name, "", 1, share, 0, share, permille, 0, next(iter(countries[permille]), ""))
        for permille, share in zip(free, shares, strict=True)
        if share
    ]


def _with_vat(lines: Sequence[Line], left: Mapping[int, RateSum]) -> tuple[Line, ...]:
    """Each rate's VAT so that nothing is left of it when nothing is left of the rate, cut to its lines."""
    vat = {rate.permille: _vat_of(rate.gross_cents, left[rate.permille]) for rate in rate_sums(lines)}
    shares = {
        permille: iter(shared_out(cents, [line.gross_cents for line in lines if line.permille == permille]))
        for permille, cents in vat.items()
    }
    return tuple(replace(line, vat_cents=next(shares[line.permille])) for line in lines)


def _vat_of(gross: Cents, left: RateSum) -> Cents:
    """Never more than is left, and never so little that more VAT is left than money."""
    least = left.vat_cents - max(0, left.gross_cents - gross)
    return max(least, min(left.vat_cents, included_vat(gross, left.permille)))
