"""The doors of sending: countries, methods with prices and days, tracking. What they know is kept in memory."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from configurator.domain.family import Cents, Milligrams
from orders.models import shipping as rows
from orders.sending import carriage
from orders.sending.carriage import (
    Carrier,
    Destination,
    HotSeason,
    NotSentThere,
    Option,
    Rate,
    Service,
    Tariff,
    TrackingNumberMistyped,
    Validity,
)

__all__ = [
    "Destination",
    "NotSentThere",
    "Option",
    "TrackingNumberMistyped",
    "carriers",
    "destinations",
    "leave_by",
    "options",
    "read_tracking_number",
    "tariff",
    "tracking_link",
]


def tariff() -> Tariff:
    """As it stands. The tables are read again only after somebody has changed them."""
    version = rows.TariffVersion.current()
    return _read_once(version) if version else _read()


def destinations() -> tuple[Destination, ...]:
    """The countries that are offered."""
    return tuple(destination for destination in tariff().destinations if destination.label_locale)


def options(
    country: str, *, net_mg: Milligrams, goods_cents: Cents, currency: str, dispatch_on: date
) -> tuple[Option, ...]:
    """Raises NotSentThere."""
    return carriage.options(
        tariff(),
        country,
        net_mg=net_mg,
        goods_cents=goods_cents,
        currency=currency,
        dispatch_on=dispatch_on,
        locale=_locale(),
    )


def leave_by(country: str, *, arrive_on: date, days: int) -> date:
    """What a wish for a day of arrival means for the day of leaving; `days` is the option's days_max."""
    return carriage.leave_by(tariff(), country, arrive_on=arrive_on, days=days)


def carriers() -> tuple[Carrier, ...]:
    return tariff().carriers


def read_tracking_number(carrier: str, typed: str) -> str:
    """As the carrier writes it; of a carrier we do not know, as it was typed. Raises TrackingNumberMistyped."""
    known = _carrier(carrier)
    return known.read_number(typed) if known else typed.strip()


def tracking_link(carrier: str, number: str, locale: str = "en") -> str:
    """Where one sees where the parcel is; empty when we do not know."""
    known = _carrier(carrier)
    return known.link(number, locale) if known and number else ""


def _carrier(named: str) -> Carrier | None:
    """By its key or by the name that an order has kept."""
    return next((carrier for carrier in carriers() if named in {carrier.key, carrier.name}), None)


def _locale() -> str:
    return (get_language() or "en")[:2]


# The version before it may still be asked for by a page under way.
@lru_cache(maxsize=2)
def _read_once(version: str) -> Tariff:
    return _read()


def _read() -> Tariff:
    return Tariff(
        destinations=tuple(map(_destination, rows.Destination.objects.all())),
        services=tuple(
            map(_service, rows.Service.objects.select_related("method").order_by("method__place", "pk"))
        ),
        rates=tuple(map(_rate, rows.CarriageRate.objects.all())),
        hot_seasons=tuple(map(_hot_season, rows.HotSeason.objects.all())),
        holidays=frozenset(rows.Holiday.objects.order_by().values_list("country", "day")),
        carriers=tuple(map(_known_carrier, rows.Carrier.objects.all())),
    )


def _destination(row: rows.Destination) -> Destination:
    return Destination(
        row.country,
        row.zone_id,
        row.name_en,
        row.name_de,
        row.label_locale,
        row.postcode_pattern,
        row.postcode_example,
    )


def _service(row: rows.Service) -> Service:
    return Service(
        zone=row.zone_id,
        method=row.method_id,
        name_en=row.method.name_en,
        name_de=row.method.name_de,
        safe_in_heat=row.method.safe_in_heat,
        carrier=row.carrier_id,
        days_min=row.days_min,
        days_max=row.days_max,
        valid=Validity(row.valid_from, row.valid_until),
    )


def _rate(row: rows.CarriageRate) -> Rate:
    return Rate(
        row.zone_id,
        row.method_id,
        row.currency,
        row.up_to_mg,
        row.goods_from_cents,
        row.cents,
        Validity(row.valid_from, row.valid_until),
    )


def _hot_season(row: rows.HotSeason) -> HotSeason:
    return HotSeason(row.zone_id, row.first_on, row.last_on, row.every_year)


def _known_carrier(row: rows.Carrier) -> Carrier:
    return Carrier(row.key, row.name, row.tracking_url, row.number_pattern, row.number_example)
