"""Which prices hold: the lists of each currency by their dates, and the one of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from configurator import currency, models
from configurator.catalogue.families import family_under
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family
from configurator.domain.pricing import (
    CATALOGUE_PRICES,
    CURRENCIES,
    CURRENCY,
    PriceList,
    Quote,
    quote,
)
from configurator.kept_briefly import KeptBriefly

DAYS_BEFORE: Final = timedelta(days=30)
"""98/6/EC Article 6a (2): the prior price is the lowest of at least this long before the reduction."""
API: Final = "/api/"


class NoPriceList(LookupError):
    """Nothing is sold in that currency on that day."""


@dataclass(frozen=True, slots=True)
class Dated:
    prices: PriceList
    valid_from: date
    valid_until: date | None
    reduced: bool

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


def priced(design: Design, family: Family, locale: str, *, on: date | None = None) -> Quote:
    """The quote of the page: in its currency, under today's list, with the price before where it is reduced."""
    held = _holding(currency.active(), on or timezone.localdate())
    if held is None:
        return quote(design, family, locale)
    due = quote(design, family, locale, held.prices)
    lowest_cents = _lowest_before(held, design, family) if held.reduced else None
    # What is no cheaper than it was is not announced as if it were.
    if lowest_cents is None or lowest_cents <= due.total_cents:
        return due
    return replace(due, lowest_cents=lowest_cents)


def active() -> PriceList:
    """The list of the page."""
    return current(currency.active(), timezone.localdate())


def current(of_currency: str, on: date) -> PriceList:
    """Raises NoPriceList. In the catalogue's own currency the catalogue's own prices hold without a list."""
    held = _holding(of_currency, on)
    if held is None and of_currency != CURRENCY:
        raise NoPriceList(f"{of_currency} on {on}")
    return held.prices if held else CATALOGUE_PRICES


def offered(on: date) -> tuple[str, ...]:
    """The currencies one can choose."""
    return tuple(each for each in CURRENCIES if each == CURRENCY or _holding(each, on))


def on_page(_request: HttpRequest) -> dict[str, object]:
    """For the choice at the foot of every page."""
    return {"currency": currency.active(), "currencies": offered(timezone.localdate())}


class CurrencyByChoice:
    """A page speaks the currency that was chosen in this browser; programs get the catalogue's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with currency.override(_chosen(request)):
            return self._get_response(request)


def _chosen(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(currency.COOKIE, CURRENCY)
    if chosen == CURRENCY or request.path_info.startswith(API):
        return CURRENCY
    return chosen if chosen in offered(timezone.localdate()) else CURRENCY


# ── Lists by their dates ─────────────────────────────────────────────────────────────────────────


def _holding(of_currency: str, on: date) -> Dated | None:
    """Of several the one that began last: a sale lies over the list of the year."""
    return next(
        (dated for dated in lists() if dated.prices.currency == of_currency and dated.holds(on)), None
    )


def _read() -> tuple[Dated, ...]:
    rows = models.PriceList.objects.prefetch_related("own").order_by("-valid_from", "-pk")
    return tuple(_dated(row) for row in rows)


lists: Final = KeptBriefly(_read)


def forget() -> None:
    """After a change in the office."""
    lists.forget()


def _dated(row: models.PriceList) -> Dated:
    own = {price.key: price.cents for price in row.own.all()}
    version = sha256(repr(sorted(own.items())).encode()).hexdigest() if own else ""
    prices = PriceList(row.currency, row.permille, row.step_cents, own, version)
    return Dated(prices, row.valid_from, row.valid_until, row.reduced)


# ── The price before ─────────────────────────────────────────────────────────────────────────────


def _lowest_before(sale: Dated, design: Design, family: Family) -> Cents | None:
    """The lowest price of this design in the 30 days before the sale began, under whatever held then."""
    days = [sale.valid_from - timedelta(days=back) for back in range(1, DAYS_BEFORE.days + 1)]
    lists = {held.prices if held else CATALOGUE_PRICES for held in _held_on(sale.prices.currency, days)}
    bars = [
        (design.under(then), then)
        for then in _families_before(family, sale.valid_from)
        if all(key in then.modules for key in design.modules)
    ]
    return min(
        (quote(bar, then, "en", prices).total_cents for bar, then in bars for prices in lists), default=None
    )


def _held_on(of_currency: str, days: list[date]) -> Iterator[Dated | None]:
    for day in days:
        held = _holding(of_currency, day)
        # A currency that was not sold in yet had no price.
        if held or of_currency == CURRENCY:
            yield held


def _families_before(family: Family, start: date) -> list[Family]:
    """The catalogues that held in those days. What was published before a day is the same for ever."""
    known = versions_before()
    if (family.key, start) not in known:
        known[family.key, start] = _versions_before(family, start)
    return [family_under(version) for version in known[family.key, start]] or [family]


def _versions_before(family: Family, start: date) -> list[str]:
    """Each held until the next one was published."""
    began = timezone.make_aware(datetime.combine(start, time.min))
    published = models.FamilyVersion.objects.filter(family__key=family.key, published_at__lt=began)
    versions: list[str] = []
    for version, published_at in published.order_by("-published_at").values_list("digest", "published_at"):
        versions.append(version)
        if published_at <= began - DAYS_BEFORE:
            break
    return versions


def _nothing_asked() -> dict[tuple[str, date], list[str]]:
    return {}


versions_before: Final = KeptBriefly(_nothing_asked)
