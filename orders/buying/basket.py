"""What is in a cart, seen with all that is true of it today, at the price that was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator import currency, designs
from configurator.catalogue.price_lists import current as price_list
from configurator.catalogue.price_lists import priced
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Milligrams
from configurator.domain.label.declaration import Label
from configurator.domain.pricing import PriceLine, PriceList, Quote
from configurator.domain.recipe import net_mg, recipe
from orders import stock
from orders.buying import for_sale
from orders.buying.for_sale import Way
from orders.models import CartLine
from orders.models.cart import Promise
from orders.prices.boxes import box_name, packing_cents


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
    def each_mg(self) -> Milligrams:
        return net_mg(self.design, self.family)

    @property
    def net_mg(self) -> Milligrams:
        return self.each_mg * self.quantity

    @property
    def orderable(self) -> bool:
        return not self.problems

    @property
    def decisive(self) -> Hashable:
        """All that decides how they look on a page, but for what is wrong with them: in every cart the same."""
        return self.digest, self.quantity, self.quote, self.was_cents

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
class BasketTotals:
    count: int
    net_mg: Milligrams
    has_samples: bool = False


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart as it stands now. Empty when there is no cart, or when it has become an order."""

    lines: tuple[Bars, ...] = ()
    """All bars, those in boxes too."""
    boxes: tuple[Box, ...] = ()
    currency: str = ""
    has_codes: bool = False
    """Whether a voucher was entered: without one nobody has to ask."""
    has_gift_cards: bool = False

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
    def has_samples(self) -> bool:
        """Not all of it are bars."""
        return any(not line.family.is_bar for line in self.lines)

    @property
    def totals(self) -> BasketTotals:
        return BasketTotals(self.count, self.net_mg, self.has_samples)

    @property
    def orderable(self) -> bool:
        return bool(self.lines) and all(line.orderable for line in self.lines)

    @property
    def is_dearer(self) -> bool:
        """Something costs more than was promised, and nobody has agreed to that yet."""
        return any(line.is_dearer for line in self.lines) or any(box.is_dearer for box in self.boxes)


def seen(lines: list[CartLine], *, locale: str, at: datetime, stock_too: bool = True) -> Basket:
    prices = prices_of_page(at)
    looked_at = [_bars(line, prices, locale, at) for line in lines]
    if stock_too:
        looked_at = _without_what_ran_out(looked_at, lines, locale, at)
    has_codes = any(line.has_codes for line in lines)  # type: ignore[attr-defined]  # annotated above
    has_gift_cards = any(line.has_gift_cards for line in lines)  # type: ignore[attr-defined]  # annotated above
    boxes = tuple(_boxes(looked_at, lines, prices, at))
    return Basket(tuple(looked_at), boxes, prices.currency, has_codes, has_gift_cards)


def prices_of_page(at: datetime) -> PriceList:
    return price_list(currency.active(), localdate(at))


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
