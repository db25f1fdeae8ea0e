"""A whole day, made small: everything holds afterwards, and whatever is bent is found."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from orders.models import Job, Order
from orders.simulated_day import invariants
from tests.orders.unguarded import unguarded

pytestmark = pytest.mark.usefixtures("till", "catalogue")

BENT = {
    "Every order is paid to the cent": "UPDATE orders_payment SET amount_cents = 1, captured_cents = 1",
    "Each bar that was paid left the house once": "UPDATE orders_job SET job_state = 'wrapped'",
    "No bar lies about unfinished": "UPDATE orders_job SET job_state = 'cooling'",
    "Each scrapped bar has its remake": (
        "UPDATE orders_job SET job_state = 'scrapped', scrap_reason = 'x', scrap_station = 'cooling'"
    ),
    "No bar left out a step": "UPDATE orders_jobevent SET to_state = 'demoulded' WHERE to_state = 'cooling'",
    "Each step was taken at a piece of equipment": "UPDATE orders_jobevent SET equipment_id = NULL",
    "Poured only from a run of its chocolate, its temper good": (
        "UPDATE orders_runevent SET to_state = 'melting' WHERE to_state = 'running'"
    ),
    "Poured from one fill of its own chocolate": "UPDATE orders_job SET base = 'nothing'",
    "No bar weighs less than the law tolerates": "UPDATE orders_jobevent SET weight_mg = 90000",
    "Each cup holds what its recipe says": "UPDATE orders_cupdose SET actual_mg = actual_mg * 2",
    "Each label names the lots of its bar and what they may contain, and was scanned on it": "DELETE FROM orders_labelevent",
    "Nothing with the lot that was called back left the house afterwards": (
        "UPDATE orders_lot SET blocked_why = 'x', blocked_at = '2000-01-01 00:00:00+00:00'"
    ),
    "Every lot balances to the milligram": ("UPDATE orders_stockmove SET mg = mg - 1 WHERE kind = 'dosed'"),
    "Nothing stays promised to an order that is sent": (
        "UPDATE orders_stockmove SET mg = mg + 1 WHERE kind = 'fulfilled'"
    ),
}


GUARDED = ("orders_jobevent", "orders_runevent", "orders_labelevent", "orders_stockmove")


@pytest.fixture
def day(settings, tmp_path: Path) -> tuple[str, Path]:
    settings.DEBUG = True
    said, report = StringIO(), tmp_path / "day.html"
    call_command("simulate_day", orders=8, seed=3, report=report, stdout=said)
    return said.getvalue(), report


def test_everything_holds_after_a_day_and_whatever_is_bent_is_found(day):
    said, report = day
    orders = list(Order.objects.all())

    assert (len(orders), Job.objects.exclude(job_state__in=("shipped", "scrapped")).count()) == (8, 0)
    assert "✗" not in said
    assert said.count("✓") == len(invariants.RULES) == len(BENT)
    assert "called back" in said
    page = report.read_text()
    assert page.count("<svg") == 2
    assert all(rule in page for rule in invariants.RULES)
    for rule, sql in BENT.items():
        with transaction.atomic():
            with unguarded(*GUARDED), connection.cursor() as cursor:
                cursor.execute(sql)
            assert dict(invariants.checked(orders))[rule], rule
            transaction.set_rollback(True)
    assert not any(mistakes for _rule, mistakes in invariants.checked(orders))


def test_no_day_is_invented_in_production(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="No day is invented in production"):
        call_command("simulate_day", orders=1)
    assert Order.objects.count() == 0


def test_without_the_sandbox_it_says_what_to_start(settings, tmp_path):
    settings.DEBUG, settings.STRIPE_API_BASE = True, "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="bin/dev"):
        call_command("simulate_day", orders=1, report=tmp_path / "day.html", stdout=StringIO())
