"""A floor with so many bars in its queue, a few at each station, and the work that each is owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import combinations, islice, product
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bench.copies import copied, in_parts
from orders.models import Equipment, Job, JobEvent, JobState, Order, OrderLine, PendingWork, Run, Shipment
from orders.models.equipment import Station
from tests.orders.paid import design, placed_order

BARS_PER_ORDER: Final = 2
BARS_A_DAY: Final = 3_000
BOOKED_AHEAD: Final = timedelta(days=35)
BARS_PER_RUN: Final = 100
AT_EACH_STATION: Final = 40
ONE_LATE_OF: Final = 100
ONE_HELD_OF: Final = 200
ORDERS_AT_ONCE: Final = 1_000
KINDS_OF_BARS: Final = 24
BASES: Final = ("dark_60", "milk_37")
TOPPINGS: Final = (
    "almond_whole",
    "raspberry_fd",
    "cornflakes",
    "hazelnut_whole",
    "cocoa_nibs",
    "sesame_black",
)
BEGUN: Final = tuple(
    state for state in JobState if state not in (JobState.QUEUED, JobState.SHIPPED, JobState.SCRAPPED)
)


def run(bars: int) -> dict[str, Any]:
    """Adds what is missing, and says who may see all of it."""
    floor = _Floor()
    if not Job.objects.exists():
        for state in BEGUN:
            floor.add(range(AT_EACH_STATION), state)
    there = Job.objects.filter(job_state=JobState.QUEUED).count()
    for some in in_parts(range(there, bars), ORDERS_AT_ONCE * BARS_PER_ORDER):
        floor.add(some, JobState.QUEUED)
    return {"session": _session(floor.by), "bars": Job.objects.count(), "work": PendingWork.objects.count()}


class _Floor:
    def __init__(self) -> None:
        self.at = timezone.now()
        self.by = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0]

    @transaction.atomic
    def add(self, numbers: Sequence[int], state: JobState) -> None:
        """Bars of this state, as many as there are numbers; by its number each has its day and its run."""
        kinds = [self.kinds[number // BARS_PER_ORDER % KINDS_OF_BARS] for number in numbers[::BARS_PER_ORDER]]
        orders = Order.objects.bulk_create(
            copied(
                order,
                number=f"B{[*JobState].index(state)}-{number:07}",
                token=f"{state}-{number}",
                cart=None,
                placed_at=self._placed_at(number),
                paid_at=self._placed_at(number),
            )
            for (order, _line, _parcel), number in zip(kinds, numbers[::BARS_PER_ORDER], strict=True)
        )
        made = list(zip(orders, kinds, strict=True))
        lines = OrderLine.objects.bulk_create(
            copied(line, order=order, code=f"N-{order.pk}", quantity=BARS_PER_ORDER)
            for order, (_, line, _) in made
        )
        parcels = Shipment.objects.bulk_create(copied(parcel, order=order) for order, (_, _, parcel) in made)
        jobs = Job.objects.bulk_create(
            self._job(number, state, lines[place // BARS_PER_ORDER], parcels[place // BARS_PER_ORDER])
            for place, number in enumerate(numbers)
        )
        JobEvent.objects.bulk_create(
            JobEvent(job=job, to_state=state, by=self.by, at=self.at) for job in jobs
        )
        if state == JobState.QUEUED:
            PendingWork.objects.bulk_create(
                PendingWork(kind=kind, job=job, created_at=self.at, try_at=self.at, rung_at=self.at)
                for job in jobs
                for kind in ("picture", "ticket")
            )

    def _placed_at(self, number: int) -> datetime:
        """One after the other, as many a day as are made a day."""
        return self.at - BOOKED_AHEAD + timedelta(days=1) * number / BARS_A_DAY

    def _job(self, number: int, state: JobState, line: OrderLine, parcel: Shipment) -> Job:
        base, index = line.recipe[0]["module"], number % BARS_PER_ORDER + 1
        held = state == JobState.QUEUED and number % ONE_HELD_OF == 1
        late = state == JobState.QUEUED and number % ONE_LATE_OF == 2
        return Job(
            order_line=line,
            shipment=parcel,
            index=index,
            place=index,
            of=BARS_PER_ORDER,
            base=base,
            job_state=state,
            run=self._run(number // BARS_PER_RUN, base) if state == JobState.QUEUED else None,
            due_on=timezone.localdate(self.at) + timedelta(days=-3 if late else 1 + number // BARS_A_DAY),
            on_hold_since=self.at if held else None,
            hold_reason="almond_whole" if held else "",
            held_by=self.by if held else None,
            created_at=self.at,
        )

    def _run(self, number: int, base: str) -> Run:
        """One for each chocolate of the hundred bars."""
        if (number, base) not in self._runs:
            day, place = divmod(number, BARS_A_DAY // BARS_PER_RUN)
            self._runs[number, base] = Run.objects.get_or_create(
                temperer=self.temperer,
                base=base,
                day=timezone.localdate(self.at) + timedelta(days=day),
                place=2 * place + BASES.index(base) + 1,
            )[0]
        return self._runs[number, base]

    @cached_property
    def _runs(self) -> dict[tuple[int, str], Run]:
        return {}

    @cached_property
    def temperer(self) -> Equipment:
        return Equipment.objects.filter(station=Station.MOULDING, zone="O").earliest("pk")

    @cached_property
    def kinds(self) -> list[tuple[Order, OrderLine, Shipment]]:
        """Orders of one bar each, of which all others are copies."""
        known = list(Order.objects.filter(number__startswith="KIND-").order_by("pk"))
        orders = known or [self._kind(*ways) for ways in islice(ways(), KINDS_OF_BARS)]
        return [(order, order.lines.get(), order.shipments.get()) for order in orders]

    def _kind(self, base: str, toppings: tuple[str, ...]) -> Order:
        order = placed_order((design(" ".join(toppings)[:20], base, *toppings), 1), at=self.at)
        order.mark_paid(self.at)
        Order.objects.filter(pk=order.pk).update(number=f"KIND-{order.pk}")
        return order


def ways() -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((base, toppings) for toppings, base in product(combinations(TOPPINGS, 3), BASES))


def _session(by: User) -> str:
    """Signed in with a second factor, as production wants it."""
    factor = Authenticator.objects.get_or_create(
        user=by, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )[0]
    client = Client()
    client.force_login(by, settings.AUTHENTICATION_BACKENDS[0])
    kept = client.session
    kept["account_authentication_methods"] = [{"method": "mfa", "at": 0, "id": factor.pk, "type": "totp"}]
    kept["account_authentication_methods_user"] = str(by.pk)
    kept.save()
    return str(kept.session_key)
