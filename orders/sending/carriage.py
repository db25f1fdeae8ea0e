"""What can be sent where, how, for how much and until when: values and one decision, no tables, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from configurator.domain.family import Cents, Milligrams

SATURDAY: Final = 5


class NotSentThere(LookupError):
    """The country is in no zone."""


class TrackingNumberMistyped(ValueError):
    """The message tells what one looks like."""


@dataclass(frozen=True, slots=True)
class Destination:
    country: str
    zone: str
    name_en: str
    name_de: str
    label_locale: str
    postcode_pattern: str
    postcode_example: str

    def name(self, locale: str) -> str:
        return self.name_de if locale == "de" else self.name_en


@dataclass(frozen=True, slots=True)
class Carrier:
    key: str
    name: str
    tracking_url: str
    number_pattern: str
    number_example: str

    def read_number(self, typed: str) -> str:
        """Without the spaces and dashes it is printed with. Raises TrackingNumberMistyped."""
        number = re.sub(r"[\s.-]", "", typed).upper()
        if re.fullmatch(self.number_pattern, number):
            return number
        raise TrackingNumberMistyped(
            _("A tracking number of %(carrier)s looks like %(example)s.")
            % {"carrier": self.name, "example": self.number_example}
        )

    def link(self, number: str, locale: str) -> str:
        return self.tracking_url.format(number=quote(number, safe=""), locale=locale)


@dataclass(frozen=True, slots=True)
class Validity:
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Service:
    """A method as it is offered into a zone."""

    zone: str
    method: str
    name_en: str
    name_de: str
    safe_in_heat: bool
    carrier: str
    days_min: int
    days_max: int
    valid: Validity


@dataclass(frozen=True, slots=True)
class Rate:
    zone: str
    method: str
    currency: str
    up_to_mg: Milligrams
    goods_from_cents: Cents
    cents: Cents
    valid: Validity


@dataclass(frozen=True, slots=True)
class HotSeason:
    zone: str
    first: date
    last: date
    every_year: bool

    def holds(self, day: date) -> bool:
        if not self.every_year:
            return self.first <= day <= self.last
        return _in_year(self.first) <= _in_year(day) <= _in_year(self.last)


@dataclass(frozen=True, slots=True)
class Tariff:
    """Everything we know of sending, as it stands in the tables."""

    destinations: tuple[Destination, ...] = ()
    services: tuple[Service, ...] = ()
    rates: tuple[Rate, ...] = ()
    hot_seasons: tuple[HotSeason, ...] = ()
    holidays: frozenset[tuple[str, date]] = frozenset()
    carriers: tuple[Carrier, ...] = ()

    def destination(self, country: str) -> Destination:
        for destination in self.destinations:
            if destination.country == country:
                return destination
        raise NotSentThere(country)

    def carrier(self, key: str) -> Carrier | None:
        return next((carrier for carrier in self.carriers if carrier.key == key), None)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to send this parcel, or why it cannot be sent this way."""

    method: str
    name: str
    carrier: str
    cents: Cents
    days_min: int
    days_max: int
    arrive_from: date
    arrive_until: date
    refusal: str = ""
    free_from_cents: Cents | None = None
    """Goods of this value would be sent free of charge."""

    @property
    def offered(self) -> bool:
        return not self.refusal


def options(
    tariff: Tariff,
    country: str,
    *,
    net_mg: Milligrams,
    goods_cents: Cents,
    currency: str,
    dispatch_on: date,
    locale: str,
) -> tuple[Option, ...]:
    """Every method that goes there on that day, in the order of the shop; refused ones say why.

    Raises NotSentThere.
    """
    destination = tariff.destination(country)
    made = []
    for service in tariff.services:
        if service.zone == destination.zone and service.valid.covers(dispatch_on):
            rates = _rates(tariff, service, currency, dispatch_on)
            charged = _charged(rates, net_mg, goods_cents)
            if charged:
                made.append(
                    _option(tariff, destination, service, rates, charged, net_mg, dispatch_on, locale)
                )
    return tuple(made)


def arrival(tariff: Tariff, country: str, *, dispatch_on: date, days: int) -> date:
    """So many working days of the country it goes to after it has left."""
    day = dispatch_on
    while days:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and (country, day) not in tariff.holidays:
            days -= 1
    return day


def leave_by(tariff: Tariff, country: str, *, arrive_on: date, days: int) -> date:
    """The latest weekday to leave on, if it shall be there on that one after so many working days at most."""
    day = arrive_on
    while day.weekday() >= SATURDAY or arrival(tariff, country, dispatch_on=day, days=days) > arrive_on:
        day -= timedelta(days=1)
    return day


def _rates(tariff: Tariff, service: Service, currency: str, on: date) -> list[Rate]:
    return [
        rate
        for rate in tariff.rates
        if (rate.zone, rate.method, rate.currency) == (service.zone, service.method, currency)
        and rate.valid.covers(on)
    ]


def _option(
    tariff: Tariff,
    destination: Destination,
    service: Service,
    rates: list[Rate],
    charged: Rate,
    net_mg: Milligrams,
    dispatch_on: date,
    locale: str,
) -> Option:
    carrier = tariff.carrier(service.carrier)
    until = arrival(tariff, destination.country, dispatch_on=dispatch_on, days=service.days_max)
    free = (rate.goods_from_cents for rate in rates if not rate.cents and rate.up_to_mg == charged.up_to_mg)
    return Option(
        method=service.method,
        name=service.name_de if locale == "de" else service.name_en,
        carrier=carrier.name if carrier else "",
        cents=charged.cents,
        days_min=service.days_min,
        days_max=service.days_max,
        arrive_from=arrival(tariff, destination.country, dispatch_on=dispatch_on, days=service.days_min),
        arrive_until=until,
        refusal=(
            _too_warm(tariff, destination, service, dispatch_on, until, locale) or _too_heavy(charged, net_mg)
        ),
        free_from_cents=min(free, default=None),
    )


def _charged(rates: list[Rate], net_mg: Milligrams, goods_cents: Cents) -> Rate | None:
    """Of those whose value the goods reach: the lightest class that carries it (the heaviest when none
    does), in it the one for the highest value, and when two hold on a day the newer one."""
    reached = [rate for rate in rates if rate.goods_from_cents <= goods_cents]
    fitting = [rate for rate in reached if net_mg <= rate.up_to_mg]
    lightest = min(fitting, key=lambda rate: rate.up_to_mg, default=None)
    heaviest = max(reached, key=lambda rate: rate.up_to_mg, default=None)
    chosen = lightest or heaviest
    if chosen is None:
        return None
    band = (rate for rate in reached if rate.up_to_mg == chosen.up_to_mg)
    return max(band, key=lambda rate: (rate.goods_from_cents, rate.valid.since))


def _too_warm(
    tariff: Tariff, destination: Destination, service: Service, leaves: date, arrives: date, locale: str
) -> str:
    if service.safe_in_heat:
        return ""
    for season in tariff.hot_seasons:
        if season.zone == destination.zone and any(map(season.holds, _days(leaves, arrives))):
            return _(
                "From %(first)s to %(last)s it is so warm on the way to %(country)s that chocolate would melt. "
                "Choose a cooled parcel, or a later day."
            ) % {
                "first": date_format(season.first, "MONTH_DAY_FORMAT"),
                "last": date_format(season.last, "MONTH_DAY_FORMAT"),
                "country": destination.name(locale),
            }
    return ""


def _too_heavy(charged: Rate, net_mg: Milligrams) -> str:
    if net_mg <= charged.up_to_mg:
        return ""
    return _("One parcel of this kind carries %(most)d kg. Share the bars out, or order twice.") % {
        "most": charged.up_to_mg // 1_000_000
    }


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def _in_year(day: date) -> tuple[int, int]:
    return day.month, day.day
