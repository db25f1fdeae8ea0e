"""A development shop begins with a shelf and a filled temperer, so that the floor can be walked at once."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test.utils import captured_stdout

from configurator.models import Module
from orders.models import Lot, Run, StockMove, Supplier, TemperFill
from orders.models.stock import Stock
from orders.production import certificates, fills, pouring, runs, trial_shelf
from tests.orders.lots import KG, lot, weigh_all
from tests.orders.paid import MONDAY_NOON, bring_to, design, only_job, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada")


def test_everything_that_can_be_chosen_has_come_in_a_lot_with_all_its_papers(ada: User) -> None:
    modules = Module.objects.filter(retired=False).count()
    assert trial_shelf.stock_up(by=ada, at=MONDAY_NOON) == modules

    assert Lot.objects.count() == modules
    assert not Lot.objects.filter(best_before__lte=MONDAY_NOON.date() + timedelta(days=29)).exists()
    assert not Lot.objects.filter(certificate="").exists()
    assert not Lot.objects.filter(price_cents=None).exists()
    assert not Lot.objects.filter(stock__module__kind="base", eudr_reference="").exists()
    assert Supplier.objects.count() == 4
    _content, kind = certificates.read(Lot.objects.latest("pk").certificate)
    assert kind == "application/pdf"


def test_a_second_time_changes_nothing(ada: User) -> None:
    trial_shelf.stock_up(by=ada, at=MONDAY_NOON)
    before = [list(model.objects.order_by("pk").values()) for model in (Lot, StockMove, Run, TemperFill)]

    assert trial_shelf.stock_up(by=ada, at=MONDAY_NOON + timedelta(days=40)) == 0
    assert [
        list(model.objects.order_by("pk").values()) for model in (Lot, StockMove, Run, TemperFill)
    ] == before


def test_what_somebody_has_received_or_counted_stays_as_it_is(ada: User) -> None:
    sack = lot(ada, "milk_37", 3 * KG)
    Stock.objects.create(module=Module.objects.get(key="almond_whole"), limited=False)
    trial_shelf.stock_up(by=ada, at=MONDAY_NOON)

    assert list(Lot.objects.filter(stock__in=["milk_37", "almond_whole"])) == [sack]


def test_a_paid_bar_is_walked_to_its_parcel_with_nothing_created_first(ada: User) -> None:
    trial_shelf.stock_up(by=ada, at=MONDAY_NOON)
    job = only_job(paid_order((design("Ada", "milk_37", "almond_whole"), 1)))
    run = Run.objects.get()
    runs.take_strip(run, by=ada, at=MONDAY_NOON)
    assert runs.judge(
        run, decidegrees=runs.working_range("milk_37")[0], strip_set=True, by=ada, at=MONDAY_NOON
    )

    weigh_all(job, ada)
    bring_to(job, "kitted", ada)
    there = fills.open_fill(run.temperer_id)
    assert there
    pouring.pour(job, there, by=ada, at=MONDAY_NOON)
    bring_to(job, "shipped", ada)

    assert Run.objects.get() == run


def test_the_command_says_how_much_has_come(ada: User, settings: LazySettings) -> None:
    settings.DEBUG = True
    with captured_stdout() as said:
        call_command("seed_floor")
    assert said.getvalue() == f"{Lot.objects.count()} new lots to try the floor with\n"


def test_it_waits_for_somebody_who_could_receive_it(db: None, settings: LazySettings) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="run ensure_staff first"):
        call_command("seed_floor")


def test_nothing_is_invented_in_production(ada: User) -> None:
    with pytest.raises(CommandError, match="Nothing is invented in production"):
        call_command("seed_floor")
    assert not Lot.objects.exists()
