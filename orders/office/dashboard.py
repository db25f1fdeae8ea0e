"""The office's first page: how the day goes and how the last weeks went, for whoever may see each of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from configurator.kept_briefly import KeptBriefly
from configurator.models import DayCount, Module
from orders.models import Job, JobEvent, JobState, LedgerEntry, Order, OrderLine, PaymentState, Shipment
from orders.money.amounts import money
from orders.production import queue

DAYS: Final = 28
TOP: Final = 8
WIDTH, COLUMN, ROW = 560, 120, 26
NAMES, NUMBERS = 190, 110
"""What is left free on both sides of lying bars."""
OF_INTEREST: Final = (
    DayCount.What.OPENED,
    DayCount.What.VALID,
    DayCount.What.FINISHED,
    DayCount.What.IN_CART,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is true now, and where it leads."""

    words: str
    number: str
    address: str
    is_worry: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    words: str
    """As it is read."""


@dataclass(frozen=True, slots=True)
class Chart:
    key: str
    title: str
    what: str
    bars: tuple[Bar, ...]
    lies: bool = False
    """Few bars with long names, one below the other."""

    @property
    def is_empty(self) -> bool:
        return not any(bar.value for bar in self.bars)

    @property
    def drawn(self) -> list[tuple[Bar, int, int, int, int]]:
        """Each bar with its rectangle: x, y, width, height in a picture of WIDTH and ``height``."""
        most = max(1, *(bar.value for bar in self.bars))
        if self.lies:
            lengths = (round(bar.value / most * (WIDTH - NAMES - NUMBERS)) for bar in self.bars)
            return [
                (bar, NAMES, place * ROW + 4, length, ROW - 8)
                for place, (bar, length) in enumerate(zip(self.bars, lengths, strict=True))
            ]
        step = WIDTH // len(self.bars)
        heights = (round(bar.value / most * COLUMN) for bar in self.bars)
        return [
            (bar, place * step + 2, COLUMN - height + 4, step - 4, height)
            for place, (bar, height) in enumerate(zip(self.bars, heights, strict=True))
        ]

    @property
    def height(self) -> int:
        return len(self.bars) * ROW if self.lies else COLUMN + 24

    @property
    def words(self) -> str:
        """What somebody hears who does not see it; the numbers stand in the table behind it."""
        best = max(self.bars, key=lambda bar: bar.value)
        return _("%(title)s. Most: %(label)s, %(words)s.") % {
            "title": self.title,
            "label": best.label,
            "words": best.words,
        }


def tiles(user: User, *, at: datetime) -> list[Tile]:
    """A question or two of each kind."""
    today = timezone.localdate(at)
    shown: list[Tile] = []
    if user.has_perm("orders.view_order"):
        shown += _orders_today(today)
    if user.has_perm("orders.view_ledgerentry"):
        shown += _money_today(today)
    if user.has_perm("orders.view_job"):
        shown += _jobs(today)
    if user.has_perm("orders.view_shipment"):
        shown += _parcels(today)
    return shown


def charts(user: User, *, at: datetime) -> list[Chart]:
    today = timezone.localdate(at)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    shown: list[Chart] = []
    if user.has_perm("orders.view_ledgerentry"):
        shown += _revenue(days)
    if user.has_perm("orders.view_job"):
        shown.append(_bars_shipped(days))
    if user.has_perm("configurator.view_module"):
        shown.append(_top_modules())
    if user.has_perm("configurator.view_daycount"):
        shown.append(_funnel(days[0]))
    return shown


# ── Today ────────────────────────────────────────────────────────────────────────────────────────


def _orders_today(today: date) -> list[Tile]:
    counted = _orders_since(today)
    address = reverse("admin:orders_order_changelist") + f"?{_from('placed_at', today)}"
    return [
        Tile(_("Orders today"), str(counted["all"]), address),
        Tile(_("of them paid"), str(counted["paid"]), f"{address}&paid_at__isnull=False"),
    ]


def _money_today(today: date) -> list[Tile]:
    moved = LedgerEntry.objects.filter(at__gte=_midnight(today)).order_by("currency").values_list("currency")
    address = reverse("admin:orders_ledgerentry_changelist") + f"?{_from('at', today)}"
    return [
        Tile(_("Money today"), money(cents, currency), address)
        for currency, cents in moved.annotate(Sum("cents"))
    ] or [Tile(_("Money today"), "0", address)]


def _jobs(today: date) -> list[Tile]:
    jobs = Job.objects.filter(is_owed=True, job_state__in=queue.OPEN)
    # Two questions, each to an index: one would look at every bar that waits.
    late, due = jobs.filter(due_on__lt=today).count(), jobs.filter(due_on=today).count()
    floor = reverse("orders:floor")
    return [
        Tile(_("Bars that are late"), str(late), f"{floor}?due=late", bool(late)),
        Tile(_("Bars due today"), str(due), f"{floor}?due=today"),
    ]


def _parcels(today: date) -> list[Tile]:
    waiting = Shipment.objects.filter(shipped_at=None, order__payment_state=PaymentState.PAID)
    late, due = waiting.filter(dispatch_on__lt=today).count(), waiting.filter(dispatch_on=today).count()
    parcels = reverse("admin:orders_shipment_changelist")
    return [
        Tile(_("Parcels that are late"), str(late), f"{parcels}?leaves=late", bool(late)),
        Tile(_("Parcels that leave today"), str(due), f"{parcels}?leaves=today"),
    ]


# ── The last weeks ───────────────────────────────────────────────────────────────────────────────


def _revenue(days: Sequence[date]) -> list[Chart]:
    """What came in less what went back, a chart for each currency: they cannot be added up."""
    moved = LedgerEntry.objects.filter(at__gte=_midnight(days[0])).order_by("currency")
    by_currency: dict[str, dict[date, int]] = {}
    for currency, day, cents in moved.values_list("currency", TruncDate("at")).annotate(Sum("cents")):
        by_currency.setdefault(currency, {})[day] = cents
    return [
        _by_day(
            f"revenue-{currency.lower()}",
            _("Money that came in, %(currency)s") % {"currency": currency},
            _("Less what went back"),
            days,
            sums,
            lambda cents, currency=currency: money(cents, currency),
        )
        for currency, sums in by_currency.items()
    ] or [_by_day("revenue", _("Money that came in"), _("Less what went back"), days, {}, str)]


def _bars_shipped(days: Sequence[date]) -> Chart:
    left = JobEvent.objects.filter(to_state=JobState.SHIPPED, at__gte=_midnight(days[0])).order_by()
    counted = dict(left.values_list(TruncDate("at")).annotate(Count("pk")))
    return _by_day("bars", _("Bars that left the house"), _("Bars"), days, counted, str)


def _top_modules() -> Chart:
    language = (get_language() or "en")[:2]
    names = Module.objects.in_bulk([key for key, _bars in _modules_sold()], field_name="key")
    bars = tuple(
        Bar(_name(names.get(key), key, language), number, str(number)) for key, number in _modules_sold()
    )
    return Chart(
        "modules", _("What is in the bars that were paid"), _("Bars, %d days") % DAYS, bars, lies=True
    )


def _name(module: Module | None, key: str, language: str) -> str:
    return str(getattr(module, f"name_{language}", "")) or key


def _most_sold() -> list[tuple[str, int]]:
    """Of what is laid on and mixed in; every bar has a base."""
    since = timezone.now() - timedelta(days=DAYS)
    counted: Counter[str] = Counter()
    lines = OrderLine.objects.filter(order__paid_at__gte=since).values_list("recipe", "quantity")
    for recipe, quantity in lines.iterator(chunk_size=500):
        for module in {part["module"] for part in recipe if part["slot"] != "base"}:
            counted[module] += quantity
    return counted.most_common(TOP)


_modules_sold: Final = KeptBriefly(_most_sold)


def _funnel(since: date) -> Chart:
    """From the studio to the till. People come back on another day, so it is read as a whole."""
    counted: Mapping[str, int] = dict(
        DayCount.objects.filter(day__gte=since, what__in=OF_INTEREST)
        .order_by()
        .values_list("what")
        .annotate(Sum("number"))
    )
    orders = _orders_since(since)
    steps: list[tuple[Any, int]] = [(what.label, counted.get(what, 0)) for what in OF_INTEREST]
    steps += [(_("ordered"), orders["all"]), (_("paid"), orders["paid"])]
    first = steps[0][1]
    bars = tuple(Bar(str(label), number, _share(number, first)) for label, number in steps)
    return Chart("funnel", _("From the studio to the till"), _("Times, %d days") % DAYS, bars, lies=True)


def _orders_since(day: date) -> dict[str, int]:
    """All that were placed, and those of them that were paid."""
    paid = Count("paid_at")  # Two columns of one index: no order itself is looked at.
    return Order.objects.filter(placed_at__gte=_midnight(day)).aggregate(all=Count("*"), paid=paid)


def _share(number: int, first: int) -> str:
    return f"{number} ({round(100 * number / first)} %)" if first else str(number)


def _by_day(
    key: str, title: str, what: str, days: Sequence[date], counted: Mapping[date, int], words: Any
) -> Chart:
    bars = tuple(
        Bar(f"{day.day}.{day.month}.", max(0, counted.get(day, 0)), words(counted.get(day, 0)))
        for day in days
    )
    return Chart(key, title, what, bars)


def _from(field: str, day: date) -> str:
    return urlencode({f"{field}__gte": str(_midnight(day))})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
