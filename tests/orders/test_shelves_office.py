"""Shelves, the kitchen's calendar and the tariff in the office: changed without code, by names that are kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders import stock
from orders.models import (
    Booking,
    CapacityDay,
    CarriageRate,
    Carrier,
    Destination,
    Holiday,
    HotSeason,
    Method,
    Service,
    Shipment,
    Stock,
    StockMove,
    WorkingWeek,
    Zone,
)
from orders.production.planning.earliest import Promised
from orders.production.planning.values import Kind
from orders.sending import delivery, promise
from tests.orders.paid import design, paid_order, placed_order

pytestmark = pytest.mark.usefixtures("catalogue")
TARIFF = [Zone, Destination, Carrier, Method, Service, CarriageRate, HotSeason, Holiday]
DARK = Kind("dark_60", "O")
SHELVES = [Stock, StockMove, WorkingWeek, CapacityDay]
ALMONDS = "almond_whole"
MONDAY = date(2026, 11, 23)


@pytest.fixture
def office(client: Client, catalogue: None) -> User:
    user = User.objects.create_superuser("olga", password="an-office-password")
    client.force_login(user)
    return user


def listing(model: type) -> str:
    return reverse(f"admin:orders_{model.__name__.lower()}_changelist")


def page(record: Any) -> str:
    return reverse(f"admin:orders_{record._meta.model_name}_change", args=[quote(record.pk)])


def deletion(record: Any) -> str:
    return reverse(f"admin:orders_{record._meta.model_name}_delete", args=[quote(record.pk)])


def move(client: Client, kind: str, grams: str, module: str = ALMONDS, note: str = "") -> Any:
    form = {"module": module, "kind": kind, "amount": grams, "note": note}
    return client.post(listing(StockMove) + "add/", form)


def filled(client: Client, record: Any, **changes: Any) -> Any:
    """The form as its page shows it, with some fields typed anew."""
    form = client.get(page(record)).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields}
    typed |= {name: "" for name, value in typed.items() if value is None}
    typed |= {name: "on" for name, value in typed.items() if value is True}
    typed = {name: value for name, value in typed.items() if value is not False}
    management = {
        f"{formset}-{part}_FORMS": 0 for formset in ("bookings", "holds") for part in ("TOTAL", "INITIAL")
    }
    return client.post(page(record), typed | management | changes)


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(words) for name, words in answer.context["adminform"].form.errors.items()}


# ── Everything opens ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", [*TARIFF, *SHELVES])
def test_every_list_and_page_opens(client, office, model):
    move(client, "counted", "1000")

    assert client.get(listing(model)).status_code == 200
    assert client.get(page(model.objects.all()[0])).status_code == 200


@pytest.mark.parametrize("model", [CarriageRate, Service, HotSeason, Holiday, WorkingWeek, CapacityDay, Zone])
def test_a_new_row_can_be_begun(client, office, model):
    assert client.get(listing(model) + "add/").status_code == 200


@pytest.mark.parametrize("model", [CarriageRate, Service, Holiday, CapacityDay, StockMove])
def test_a_list_costs_the_same_however_long_it_is(client, office, django_assert_max_num_queries, model):
    modules = ["almond_whole", "raspberry_fd", "hazelnut_whole"]
    for module in modules:
        move(client, "counted", "1000", module=module)
    with django_assert_max_num_queries(14):
        client.get(listing(model))


# ── Shelves ──────────────────────────────────────────────────────────────────────────────────────


def test_a_count_makes_a_shelf_and_remembers_who_counted(client, office):
    assert move(client, "counted", "4900.5", note="with Cem").status_code == 302

    made = StockMove.objects.get()
    assert (made.stock_id, made.kind, made.mg, made.by, made.note) == (
        ALMONDS,
        "counted",
        4_900_500,
        office,
        "with Cem",
    )
    shown = client.get(listing(StockMove)).content.decode()
    assert "+4900.5\u00a0g" in shown
    assert "olga" in shown
    assert "with Cem" in shown


def test_what_came_and_what_was_spilt_is_added_and_taken_away(client, office):
    move(client, "received", "1000")
    move(client, "wasted", "20.5", note="spilt")
    move(client, "counted", "970")

    assert list(StockMove.objects.order_by("pk").values_list("mg", flat=True)) == [1_000_000, -20_500, -9_500]
    assert "970\u00a0g" in client.get(listing(Stock)).content.decode()


@pytest.mark.parametrize(
    ("kind", "grams", "field"),
    [
        ("received", "0", "amount"),
        ("counted", "-1", "amount"),
        ("counted", "many", "amount"),
        ("reserved", "1", "kind"),
    ],
)
def test_a_mistyped_move_is_refused_beside_its_field(client, office, kind, grams, field):
    answer = move(client, kind, grams)

    assert answer.status_code == 200
    assert list(errors(answer)) == [field]
    assert not StockMove.objects.exists()


def test_a_module_that_is_none_is_refused(client, office):
    assert list(errors(move(client, "counted", "1", module="unobtainium"))) == ["module"]


def test_a_shelf_leads_to_its_own_moves_and_to_the_next_count(client, office):
    move(client, "counted", "1000", note="the almonds")
    move(client, "counted", "1000", module="raspberry_fd", note="the raspberries")
    shown = client.get(page(Stock.objects.get(module_id=ALMONDS))).content.decode()
    moves = f"{listing(StockMove)}?stock__module__key={ALMONDS}"
    assert f'href="{moves}"' in shown
    assert f'href="{listing(StockMove)}add/?module={ALMONDS}"' in shown

    listed = client.get(moves).content.decode()

    assert "the almonds" in listed
    assert "the raspberries" not in listed


def test_no_move_is_changed_or_deleted(client, office):
    move(client, "counted", "1000")
    made = StockMove.objects.get()

    assert client.post(page(made), {"note": "never was"}).status_code == 403
    assert client.post(deletion(made), {"post": "yes"}).status_code == 403
    assert client.post(deletion(Stock.objects.get()), {"post": "yes"}).status_code == 403


def test_who_may_only_look_cannot_count(client, catalogue):
    user = User.objects.create_user("lea", password="a-password-for-looking", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_stockmove"))
    client.force_login(user)

    assert client.get(listing(StockMove)).status_code == 200
    assert move(client, "counted", "1").status_code == 403


def test_a_shelf_shows_what_is_kept_for_whom(client, office):
    order = placed_order((design(), 1))
    move(client, "counted", "1000")
    with transaction.atomic():
        at = timezone.now()
        stock.reserve(order, {ALMONDS: 8_000}, until=at + timedelta(hours=1), at=at)

    shown = client.get(page(Stock.objects.get())).content.decode()

    assert all(words in shown for words in ("1000\u00a0g", "8\u00a0g", "992\u00a0g", order.number))


def test_what_runs_out_is_counted_on_the_first_page_and_one_tap_away(client, office):
    move(client, "counted", "1000")
    move(client, "counted", "1000", module="raspberry_fd")
    assert "Modules that run out" not in client.get(reverse("admin:index")).content.decode()

    assert filled(client, Stock.objects.get(module_id=ALMONDS), low_mg="1000.5").status_code == 302

    assert "Modules that run out: <strong>1</strong>" in client.get(reverse("admin:index")).content.decode()
    listed = client.get(listing(Stock) + "?short=1").content.decode()
    assert page(Stock(pk=ALMONDS)) in listed
    assert page(Stock(pk="raspberry_fd")) not in listed


# ── The calendar ─────────────────────────────────────────────────────────────────────────────────


def test_a_day_shows_what_can_be_made_and_what_is_promised(client, office):
    order = placed_order((design(), 1))
    promise.free(order)
    day = timezone.localdate() + timedelta(days=7)
    while not promise.days_ahead(days=60, at=timezone.now()).is_open(day):
        day += timedelta(days=1)
    with transaction.atomic():
        promise.book(order, [Promised(day, {day: {DARK: 20}})], until=None, at=timezone.now())

    row = promise.with_booked(CapacityDay.objects.filter(day=day), at=timezone.now()).get()

    assert (promise.holds(row), row.booked) == (170, 20)  # type: ignore[attr-defined]
    seen = client.get(page(row)).content.decode()
    assert order.number in seen
    assert "Zone O: 18 of 357 minutes that may be promised" in seen


def test_a_day_closed_after_it_was_promised_is_told_on_the_first_page(client, office):
    order = placed_order((design(), 1))
    Booking.objects.all().delete()
    day = timezone.localdate() + timedelta(days=30)
    CapacityDay.objects.update_or_create(day=day, defaults={"bars": 20})
    with transaction.atomic():
        promise.book(order, [Promised(day, {day: {DARK: 20}})], until=None, at=timezone.now())
    words = "Days on which more is promised than can be made"
    assert words not in client.get(reverse("admin:index")).content.decode()

    assert filled(client, CapacityDay.objects.get(day=day), bars="0", note="No power").status_code == 302

    assert words in client.get(reverse("admin:index")).content.decode()
    assert CapacityDay.objects.get(day=day).by_hand
    assert f"{day:%Y-%m-%d}" in client.get(listing(CapacityDay) + "?overbooked=1").content.decode()


def test_a_week_in_which_nobody_works_is_refused(client, office):
    week = WorkingWeek.objects.get()
    nobody = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "0")
    answer = filled(client, week, **nobody)
    assert errors(answer) == {"monday": ["On one day of the week at least somebody has to make bars."]}


# ── The tariff ───────────────────────────────────────────────────────────────────────────────────


def price() -> int:
    made = delivery.options("DE", net_mg=100_000, goods_cents=2000, currency="EUR", dispatch_on=MONDAY)
    return made[0].cents


def test_a_price_typed_in_the_office_is_asked_at_once_and_outlives_the_files(client, office):
    rate = CarriageRate.objects.get(
        zone="domestic", method="standard", currency="EUR", up_to_mg=5_000_000, goods_from_cents=0
    )
    assert price() == 490

    assert filled(client, rate, cents="520").status_code == 302
    assert price() == 520
    call_command("load_rates", verbosity=0)
    assert price() == 520


def test_a_weight_is_typed_in_kilograms(client, office):
    rate = CarriageRate.objects.get(
        zone="domestic", method="standard", currency="EUR", up_to_mg=5_000_000, goods_from_cents=0
    )
    filled(client, rate, up_to_mg="2.5")
    rate.refresh_from_db()
    assert rate.up_to_mg == 2_500_000


def test_the_same_rate_twice_is_refused_with_words(client, office):
    rate = CarriageRate.objects.get(
        zone="domestic", method="standard", currency="EUR", up_to_mg=5_000_000, goods_from_cents=0
    )
    answer = filled(client, rate, up_to_mg="10")
    assert answer.status_code == 200
    assert "__all__" in errors(answer)


@pytest.mark.parametrize(
    ("model", "changes", "field"),
    [
        (Service, {"days_min": "3", "days_max": "1"}, "days_max"),
        (Service, {"valid_from": "2026-02-01", "valid_until": "2026-01-31"}, "valid_until"),
        (HotSeason, {"first_on": "2026-09-01", "last_on": "2026-06-01"}, "last_on"),
        (HotSeason, {"first_on": "2026-09-01", "last_on": "2027-06-01", "every_year": "on"}, "last_on"),
        (Carrier, {"tracking_url": "https://tracking.example/"}, "tracking_url"),
        (Carrier, {"tracking_url": "http://tracking.example/{number}"}, "tracking_url"),
        (Carrier, {"number_pattern": "[0-9"}, "number_pattern"),
        (Destination, {"postcode_pattern": "("}, "postcode_pattern"),
    ],
)
def test_a_mistake_stands_beside_its_field(client, office, model, changes, field):
    answer = filled(client, model.objects.all()[0], **changes)
    assert answer.status_code == 200
    assert list(errors(answer)) == [field]


def test_a_row_of_a_file_is_ended_not_deleted_and_ones_own_may_go(client, office):
    season = HotSeason.objects.all()[0]
    assert client.post(deletion(season), {"post": "yes"}).status_code == 403

    own = {"zone": "domestic", "first_on": "2026-11-20", "last_on": "2026-11-30", "source": "Forecast: 31 °C"}
    assert client.post(listing(HotSeason) + "add/", own).status_code == 302
    made = HotSeason.objects.get(source="Forecast: 31 °C")
    assert not delivery.options("DE", net_mg=1, goods_cents=1, currency="EUR", dispatch_on=MONDAY)[0].offered

    assert client.post(deletion(made), {"post": "yes"}).status_code == 302
    assert delivery.options("DE", net_mg=1, goods_cents=1, currency="EUR", dispatch_on=MONDAY)[0].offered


# ── Parcels ──────────────────────────────────────────────────────────────────────────────────────


def test_a_parcel_gets_its_number_as_the_carrier_prints_it_and_the_customer_a_link(client, office):
    parcel = placed_order((design(), 1)).shipments.get()

    answer = filled(client, parcel, carrier="DHL", tracking_number="0034 0434 1606 5301 22")

    assert answer.status_code == 302
    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number) == ("DHL", "003404341606530122")
    assert "idc=003404341606530122" in client.get(page(parcel)).content.decode()


def test_a_mistyped_number_is_refused_with_an_example(client, office):
    parcel = placed_order((design(), 1)).shipments.get()
    answer = filled(client, parcel, carrier="DHL Express", tracking_number="12")
    assert errors(answer) == {"tracking_number": ["A tracking number of DHL Express looks like 1234567890."]}


def test_what_was_promised_with_a_parcel_is_not_rewritten(client, office):
    parcel = placed_order((design(), 1)).shipments.get()
    filled(client, parcel, dispatch_on="2030-01-01", name="Mallory")
    again = type(parcel).objects.get()
    assert (again.dispatch_on, again.name) == (parcel.dispatch_on, parcel.name)


def test_parcels_that_should_have_left_are_one_tap_away(client, office):
    late = paid_order((design("Late"), 1))
    unpaid = placed_order((design("Unpaid"), 1))
    today = timezone.localdate()
    Shipment.objects.update(dispatch_on=today - timedelta(days=1))

    listed = client.get(listing(Shipment) + "?leaves=late").content.decode()

    assert late.number in listed
    assert unpaid.number not in listed
    assert late.number not in client.get(listing(Shipment) + "?leaves=today").content.decode()
