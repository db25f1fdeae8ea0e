"""The files of what we pack in, where and when we send → rows. What staff have changed by hand stays as they want it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model

from orders.models.capacity import WEEKDAYS, CapacityDay, WorkingWeek
from orders.models.cart import BOX_HOLDS_AT_LEAST, BOX_HOLDS_AT_MOST, BoxSize
from orders.models.equipment import Equipment, FloorZone, Station
from orders.models.kept_by_staff import KeptByStaff
from orders.models.rates import VatRate
from orders.models.runs import WorkingTemperature
from orders.models.shipping import (
    CarriageRate,
    Carrier,
    Destination,
    Holiday,
    HotSeason,
    Method,
    Service,
    TariffVersion,
    Zone,
)
from orders.prices.boxes import kept_sizes
from orders.prices.rates_file import DATA, RateFileWrong, Row, rows

Kept = TypeVar("Kept", bound=KeptByStaff)
MG_PER_KG: Final = 1_000_000
LABEL_LOCALES: Final = ("", "de", "en")
CURRENCIES: Final = ("EUR", "USD", "GBP", "CHF")


@transaction.atomic
def load(folder: Path = DATA) -> tuple[int, int, int]:
    """Countries, rates and closed days. Raises RateFileWrong; then nothing has changed."""
    zones = [_zone(row) for row in rows(folder / "zones.csv")]
    carriers = [_carrier(row) for row in rows(folder / "carriers.csv")]
    methods = [_method(row, place) for place, row in enumerate(rows(folder / "methods.csv"), 1)]
    known = _Keys(zones, methods, carriers)
    destinations = [
        _destination(row, place, known) for place, row in enumerate(rows(folder / "destinations.csv"), 1)
    ]
    rates = [_rate(row, known) for row in rows(folder / "carriage_rates.csv")]
    closed = [_closed_day(row) for row in rows(folder / "closed_days.csv")]
    boxes = [_box_size(row) for row in rows(folder / "boxes.csv")]
    temperatures = [_temperature(row) for row in rows(folder / "working_temperatures.csv")]
    equipment = [_equipment(row) for row in rows(folder / "equipment.csv")]
    _check_taxed(destinations)
    _update(zones)
    _update(carriers)
    _update(methods)
    _replace(destinations, "country")
    _replace([_service(row, known) for row in rows(folder / "services.csv")], "zone", "method", "valid_from")
    _replace(rates, "zone", "method", "currency", "up_to_mg", "goods_from_cents", "valid_from")
    _replace([_hot_season(row, known) for row in rows(folder / "hot_seasons.csv")], "zone", "first_on")
    _replace([_holiday(row) for row in rows(folder / "holidays.csv")], "country", "day")
    _replace([_working_week(row) for row in rows(folder / "working_weeks.csv")], "valid_from")
    CapacityDay.objects.filter(by_hand=False).update(bars=None, note="")
    _update(closed)
    _update(boxes)
    _update(equipment)
    _update(temperatures)
    kept_sizes.forget()
    TariffVersion.turn()
    return len(destinations), len(rates), len(closed)


def _check_taxed(destinations: list[Destination]) -> None:
    taxed = set(VatRate.objects.order_by().values_list("country", flat=True))
    for destination in destinations:
        if destination.label_locale and destination.country not in taxed:
            raise RateFileWrong(f"destinations.csv row for {destination.country}: it has no VAT rate.")


class _Keys:
    """What a cell may name."""

    def __init__(self, zones: list[Zone], methods: list[Method], carriers: list[Carrier]) -> None:
        self.zones = {zone.key for zone in zones}
        self.methods = {method.key for method in methods}
        self.carriers = {carrier.key for carrier in carriers}

    def zone(self, row: Row) -> str:
        return row.read("zone", _one_of(self.zones), "a zone of zones.csv")

    def method(self, row: Row) -> str:
        return row.read("method", _one_of(self.methods), "a method of methods.csv")

    def carrier(self, row: Row) -> str:
        return row.read("carrier", _one_of(self.carriers), "a carrier of carriers.csv")


def _update(new: list[Kept]) -> None:
    """Rows that others point to: a key that left the file stays until nobody names it."""
    if not new:
        return
    model, names = type(new[0]), _names(new[0])
    key = model._meta.pk.name
    by_hand = set(_all(model).filter(by_hand=True).values_list("pk", flat=True))
    _all(model).bulk_create(
        [row for row in new if row.pk not in by_hand],
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[name for name in names if name != key],
    )


def _replace(new: list[Kept], *key: str) -> None:
    """Rows that nobody points to."""
    if not new:
        return
    model = type(new[0])
    fields = [field.attname for field in model._meta.concrete_fields if field.name in key]
    by_hand = set(_all(model).filter(by_hand=True).values_list(*fields))
    _all(model).filter(by_hand=False).delete()
    _all(model).bulk_create(
        row for row in new if tuple(getattr(row, field) for field in fields) not in by_hand
    )


def _all(model: type[Kept]) -> Any:
    return model._default_manager  # noqa: SLF001  # the documented name for generic code


def _names(row: Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields]


def _zone(row: Row) -> Zone:
    return Zone(key=row.text("zone"), name_en=row.text("name_en"), name_de=row.text("name_de"))


def _carrier(row: Row) -> Carrier:
    return Carrier(
        key=row.text("carrier"),
        name=row.text("name"),
        tracking_url=row.read("tracking_url", _tracking_url, "an https address with {number} in it"),
        number_pattern=row.read("number_pattern", _pattern, "a pattern"),
        number_example=row.text("number_example"),
    )


def _method(row: Row, place: int) -> Method:
    return Method(
        key=row.text("method"),
        place=place,
        name_en=row.text("name_en"),
        name_de=row.text("name_de"),
        safe_in_heat=_yes(row, "safe_in_heat"),
    )


def _destination(row: Row, place: int, known: _Keys) -> Destination:
    return Destination(
        country=row.country(),
        zone_id=known.zone(row),
        place=place,
        name_en=row.text("name_en"),
        name_de=row.text("name_de"),
        label_locale=row.read("label_locale", _one_of(LABEL_LOCALES), "de, en or empty"),
        postcode_pattern=row.read("postcode_pattern", _pattern, "a pattern"),
        postcode_example=row.text("postcode_example"),
        source=row.text("source"),
    )


def _service(row: Row, known: _Keys) -> Service:
    return Service(
        zone_id=known.zone(row),
        method_id=known.method(row),
        carrier_id=known.carrier(row),
        days_min=row.number("days_min"),
        days_max=row.number("days_max"),
        **_dates(row),
    )


def _rate(row: Row, known: _Keys) -> CarriageRate:
    return CarriageRate(
        zone_id=known.zone(row),
        method_id=known.method(row),
        currency=row.read("currency", _one_of(CURRENCIES), "EUR, USD, GBP or CHF"),
        up_to_mg=row.number("up_to_kg") * MG_PER_KG,
        goods_from_cents=row.number("goods_from_cents"),
        cents=row.number("cents"),
        **_dates(row),
    )


def _dates(row: Row) -> dict[str, Any]:
    return {
        "valid_from": row.day("valid_from"),
        "valid_until": row.day("valid_until") if row.cells["valid_until"] else None,
        "source": row.text("source"),
    }


def _hot_season(row: Row, known: _Keys) -> HotSeason:
    season = HotSeason(
        zone_id=known.zone(row),
        first_on=row.day("first_on"),
        last_on=row.day("last_on"),
        every_year=_yes(row, "every_year"),
        source=row.text("source"),
    )
    if season.last_on < season.first_on:
        raise RateFileWrong(f"{row.place}: it ends before it begins.")
    if season.every_year and season.first_on.year != season.last_on.year:
        raise RateFileWrong(f"{row.place}: a season of every year begins and ends in the same one.")
    return season


def _holiday(row: Row) -> Holiday:
    return Holiday(
        country=row.country(), day=row.day("day"), name=row.text("name"), source=row.text("source")
    )


def _working_week(row: Row) -> WorkingWeek:
    return WorkingWeek(
        valid_from=row.day("valid_from"),
        cut_off=row.read("cut_off", time.fromisoformat, "a time like 14:00"),
        lead_days=row.number("lead_days"),
        source=row.text("source"),
        **{weekday: row.number_or_none(weekday) for weekday in WEEKDAYS},
    )


def _closed_day(row: Row) -> CapacityDay:
    return CapacityDay(day=row.day("day"), bars=row.number("bars"), note=row.text("note"))


def _box_size(row: Row) -> BoxSize:
    size = BoxSize(holds=row.number("holds"), cents=row.number("cents"))
    if not BOX_HOLDS_AT_LEAST <= size.holds <= BOX_HOLDS_AT_MOST:
        raise RateFileWrong(f"{row.place}: a box holds {BOX_HOLDS_AT_LEAST} to {BOX_HOLDS_AT_MOST} bars.")
    return size


def _equipment(row: Row) -> Equipment:
    made = Equipment(
        key=row.text("key"),
        station=row.read("station", _one_of(Station.values), f"one of {', '.join(Station.values)}"),
        zone=row.read("zone", _one_of(FloorZone.values), "F or O"),
        holds_mg=row.number("holds_kg") * MG_PER_KG if row.cells.get("holds_kg") else None,
        holds_bars=row.number("holds_bars") if row.cells.get("holds_bars") else None,
        note=row.cells.get("note") or "",
    )
    if made.station == Station.MOULDING and not made.holds_mg:
        raise RateFileWrong(f"{row.place}: a temperer holds chocolate, so holds_kg is wanted.")
    return made


def _temperature(row: Row) -> WorkingTemperature:
    return WorkingTemperature(
        base=row.text("base"),
        from_decidegrees=row.number("from_decidegrees"),
        to_decidegrees=row.number("to_decidegrees"),
    )


def _yes(row: Row, column: str) -> bool:
    return row.read(column, _one_of(("yes", "no")), "yes or no") == "yes"


def _one_of(known: Iterable[str]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in known:
            raise ValueError(cell)
        return cell

    return read


def _pattern(cell: str) -> str:
    return re.compile(cell).pattern


def _tracking_url(cell: str) -> str:
    if not cell.startswith("https://") or "{number}" not in cell:
        raise ValueError(cell)
    return cell.format(number="{number}", locale="{locale}")
