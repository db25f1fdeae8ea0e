from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum
from django.utils.timezone import now

from orders.models import Order, OrderLine
from orders.production import trial_shelf
from orders.simulated_day import customers, invariants, report, shift
from orders.simulated_day.patience import until_done

CREW = ("day-maker", "day-checker")
SHARE_BEFORE_RECALL = 2
"""One of so many bars has left when a lot turns out to be bad."""
WIDTH = 40


def _bars(orders: Sequence[Order]) -> int:
    lines = OrderLine.objects.filter(order__in=[order.pk for order in orders])
    return int(lines.aggregate(bars=Sum("quantity"))["bars"])


class Command(BaseCommand):
    help = (
        "Buy, plan, make and send the orders of a day at the payment sandbox, with bars that break and a lot that is "
        "called back, then check that everything is as it must be. Start bin/dev first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=int, default=1000, help="how many people order (default: 1000)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another day")
        parser.add_argument(
            "--faults",
            action="store_true",
            help="somebody kills processes of the shop meanwhile: begin again what the database forgot, and let every "
            "second customer leave the payment page without coming back",
        )
        parser.add_argument(
            "--report", type=Path, default=Path("simulated-day.html"), help="where the report is written"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("No day is invented in production.")
        if options["orders"] < 1:
            raise CommandError("--orders: at least one.")
        dice, count = Random(options["seed"]), options["orders"]  # noqa: S311  # no secret
        crew = shift.Crew(*(self._colleague(name) for name in CREW))
        trial_shelf.stock_up(by=crew.maker, at=now())
        trial_shelf.enough_for(count, by=crew.maker, at=now())
        begun, began = perf_counter(), now()
        day = shift.Day(dice, crew, began)
        street = customers.Street(dice, day.happened, come_back=not options["faults"])
        orders = self._bought(count, street, at=began)
        paid = perf_counter()
        bars = until_done(partial(_bars, orders), day.happened)
        day.bad_lot_after = bars // SHARE_BEFORE_RECALL
        shift.work(day, tell=partial(self._tell, "Sent"))
        made = perf_counter()
        found = until_done(partial(invariants.checked, orders), day.happened)
        told = report.Told(len(orders), bars, paid - begun, made - paid, day, found)
        options["report"].write_text(report.page(told))
        self._say(told, options["report"])
        if any(mistakes for _rule, mistakes in found):
            raise CommandError("Something is not as it must be.")

    def _bought(self, count: int, street: customers.Street, *, at: datetime) -> list[Order]:
        orders = []
        try:
            for order in customers.orders(count, street, at=at):
                orders.append(order)
                self._tell("Bought", len(orders), count)
            customers.all_paid(orders, street, tell=partial(self._tell, "Paid"))
        except customers.SandboxAway as away:
            raise CommandError(f"{away} Start bin/dev, and run this beside it.") from away
        return orders

    def _colleague(self, name: str) -> User:
        """Nobody can sign in as them."""
        known, made = User.objects.get_or_create(username=name, defaults={"is_active": False})
        if made:
            known.set_unusable_password()
            known.save()
        return known

    def _tell(self, what: str, done: int, of: int) -> None:
        filled = WIDTH * done // max(1, of)
        end = "\n" if done == of else ""
        self.stdout.write(f"\r{what:6} {'█' * filled}{'·' * (WIDTH - filled)} {done:,} of {of:,}", ending=end)
        self.stdout.flush()

    def _say(self, told: report.Told, path: Path) -> None:
        self.stdout.write(
            f"\n{told.orders:,} orders, {told.bars:,} bars; {told.made_seconds:.0f} s on the floor"
        )
        for what, times in sorted(told.day.happened.items()):
            self.stdout.write(f"  {times:,} {what}")
        for rule, mistakes in told.found:
            self.stdout.write(f"  {'✗' if mistakes else '✓'} {rule}")
            for mistake in mistakes:
                self.stdout.write(f"      {mistake}")
        self.stdout.write(f"Report: {path}")
