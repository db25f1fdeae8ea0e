"""The kitchen as it is written down: figures, temperers, moulds and cabinets, as the planner's values.

Plan and promise both read it here, so that what is promised is what can be made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import Sum

from orders.models.equipment import Equipment, Station
from orders.models.figures import KitchenFigures
from orders.models.shipping import TariffVersion
from orders.production.planning.changeovers import SetUps
from orders.production.planning.kitchen import House, Kitchen, Work
from orders.production.planning.values import MINUTE, Day, Temperer

NOT_COUNTED = 10**9
"""Moulds that nobody has written down limit nothing."""


def house() -> House:
    """As it stands now. Three questions."""
    figures, places = KitchenFigures.current(), temperers()
    seconds = figures.shift_minutes * MINUTE
    kitchen = Kitchen(
        (),
        tuple(Temperer(place.pk, place.zone) for place in places),  # type: ignore[arg-type]
        _work(figures),
        _set_ups(figures),
        figures.promised_percent,
    )
    moulds = _moulds(places)
    cavities = moulds * max(1, figures.shift_minutes // figures.round_minutes) if moulds else NOT_COUNTED
    return House(kitchen, Day(date.min, seconds, figures.people * seconds, cavities))


def house_remembered() -> House:
    """The same for whoever asks often: read again once something in it has changed."""
    version = TariffVersion.current()
    return _house_once(version) if version else house()


@lru_cache(maxsize=2)
def _house_once(version: str) -> House:
    return house()


def temperers() -> list[Equipment]:
    return list(Equipment.objects.filter(station=Station.MOULDING, in_use=True).order_by("key"))


def _work(figures: KitchenFigures) -> Work:
    return Work(
        bar=figures.bar_seconds,
        lot=figures.lot_minutes * MINUTE,
        bars_in_lot=figures.lot_bars,
        hands=figures.hands_seconds,
        usual_set_up=figures.usual_set_up_minutes * MINUTE,
        ahead_days=figures.ahead_days,
    )


def _set_ups(figures: KitchenFigures) -> SetUps:
    return SetUps(
        base=figures.base_minutes * MINUTE,
        darker_before=figures.darker_minutes * MINUTE,
        nut_mass_before=figures.nut_minutes * MINUTE,
        clean=figures.clean_minutes * MINUTE,
        clean_per_allergen=figures.clean_allergen_minutes * MINUTE,
    )


def _moulds(places: Iterable[Equipment]) -> int:
    """Bars that can lie in moulds at once, and in the cabinets: whatever is less."""
    in_moulds = sum(place.holds_bars or 0 for place in places)
    cabinets = Equipment.objects.filter(station=Station.COOLING, in_use=True)
    cooled = cabinets.aggregate(bars=Sum("holds_bars"))["bars"]
    return min(in_moulds, cooled) if cooled and in_moulds else in_moulds or cooled or 0
