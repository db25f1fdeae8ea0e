"""Where a parcel may go, how, for how much, and when it is there."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from orders.models import (
    CapacityDay,
    CarriageRate,
    Destination,
    Holiday,
    Service,
    VatRate,
    WorkingWeek,
)
from orders.models import (
    HotSeason as HotSeasonRow,
)
from orders.models.shipping import TariffVersion
from orders.prices import rates_file, tariff_files
from orders.sending import carriage, delivery
from orders.sending.carriage import HotSeason, NotSentThere, Option, Tariff, TrackingNumberMistyped
from tests import loaded

KG = 1_000_000
MONDAY = date(2026, 11, 23)
JULY = date(2027, 7, 5)
TOO_WARM = (
    "From 1 June to 15 September it is so warm on the way to Germany that chocolate would melt. "
    "Choose a cooled parcel, or a later day."
)


@pytest.fixture
def rates(db: None) -> None:
    loaded.rates()


def options(country: str = "DE", **changes) -> tuple[Option, ...]:
    wanted: dict[str, Any] = {"net_mg": KG, "goods_cents": 2000, "currency": "EUR", "dispatch_on": MONDAY}
    return delivery.options(country, **(wanted | changes))


def option(method: str = "standard", country: str = "DE", **changes) -> Option:
    return next(option for option in options(country, **changes) if option.method == method)


# ── Countries ────────────────────────────────────────────────────────────────────────────────────


def test_only_countries_whose_language_the_labels_speak_are_offered(rates):
    assert [destination.country for destination in delivery.destinations()] == ["DE", "AT", "LU", "IE", "MT"]
    assert [destination.name("de") for destination in delivery.destinations()][:2] == [
        "Deutschland",
        "Österreich",
    ]


def test_every_country_offered_has_methods_in_every_currency_and_a_tax_rate(rates):
    for destination in delivery.destinations():
        assert VatRate.objects.filter(country=destination.country).exists()
        for currency in ("EUR", "USD", "GBP", "CHF"):
            made = options(destination.country, currency=currency)
            assert [option.method for option in made] == ["standard", "express", "cool_box"]
            assert all(option.offered and option.cents for option in made)


def test_nothing_is_sent_where_no_zone_is(rates):
    with pytest.raises(NotSentThere):
        options("JP")


# ── Prices ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("net_mg", "goods_cents", "cents"),
    [
        (100_000, 350, 490),
        (5 * KG, 4899, 490),
        (5 * KG, 4900, 0),
        (5 * KG + 1, 4899, 690),
        (10 * KG + 1, 4899, 1190),
        (30 * KG, 4900, 0),
    ],
)
def test_the_price_follows_weight_and_value(rates, net_mg, goods_cents, cents):
    assert option(net_mg=net_mg, goods_cents=goods_cents).cents == cents


def test_it_says_from_what_value_on_it_is_free(rates):
    assert option().free_from_cents == 4900
    assert option("express").free_from_cents is None
    assert option(currency="USD", goods_cents=5400).free_from_cents == 5400


def test_what_is_too_heavy_is_refused_with_the_limit(rates):
    assert option(net_mg=30 * KG + 1).refusal == (
        "One parcel of this kind carries 30 kg. Share the bars out, or order twice."
    )
    assert option("cool_box", net_mg=10 * KG + 1).refusal.startswith("One parcel of this kind carries 10 kg.")


def test_a_rate_holds_from_its_first_to_its_last_day(rates):
    until, since = date(2026, 11, 30), date(2026, 12, 1)
    old = CarriageRate.objects.get(
        zone="domestic", method="express", currency="EUR", up_to_mg=5 * KG, goods_from_cents=0
    )
    old.valid_until = until
    old.save()
    CarriageRate.objects.create(
        zone_id="domestic",
        method_id="express",
        currency="EUR",
        up_to_mg=5 * KG,
        goods_from_cents=0,
        cents=1190,
        valid_from=since,
        source="us",
    )
    prices = [option("express", dispatch_on=day).cents for day in (until, since)]
    assert prices == [990, 1190]


def test_a_method_without_a_price_for_these_goods_is_not_offered(rates):
    CarriageRate.objects.filter(zone="domestic", method="standard", goods_from_cents=0).delete()
    TariffVersion.turn()
    assert [option.method for option in options(goods_cents=4899)] == ["express", "cool_box"]
    assert [option.method for option in options(goods_cents=4900)] == ["standard", "express", "cool_box"]


def test_a_service_that_has_ended_is_not_offered(rates):
    service = Service.objects.get(zone="domestic", method="express")
    service.valid_until = MONDAY - timedelta(1)
    service.save()
    assert [option.method for option in options()] == ["standard", "cool_box"]


@given(lighter=st.integers(1, 30 * KG), more=st.integers(0, KG), goods=st.integers(0, 10_000))
def test_a_heavier_parcel_never_costs_less_nor_a_dearer_one_more(lighter, more, goods):
    def price(net_mg: int, goods_cents: int) -> int:
        made = carriage.options(
            WHOLE,
            "DE",
            net_mg=net_mg,
            goods_cents=goods_cents,
            currency="EUR",
            dispatch_on=MONDAY,
            locale="en",
        )
        return made[0].cents

    assert price(lighter, goods) <= price(lighter + more, goods)
    assert price(lighter, goods) >= price(lighter, goods + 1)


VALID = carriage.Validity(date(2026, 1, 1), None)
WHOLE = Tariff(
    destinations=(
        carriage.Destination("DE", "domestic", "Germany", "Deutschland", "de", "[0-9]{5}", "10115"),
    ),
    services=(carriage.Service("domestic", "standard", "Standard", "Standard", False, "dhl", 1, 3, VALID),),
    rates=tuple(
        carriage.Rate("domestic", "standard", "EUR", kg * KG, goods_from, cents, VALID)
        for kg, dear in ((5, 490), (10, 690), (30, 1190))
        for goods_from, cents in ((0, dear), (4900, 0))
    ),
)


# ── Days ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("country", "leaves", "days", "arrives"),
    [
        ("DE", date(2026, 11, 23), 0, date(2026, 11, 23)),
        ("DE", date(2026, 11, 23), 3, date(2026, 11, 26)),
        ("DE", date(2026, 11, 27), 1, date(2026, 11, 30)),
        ("DE", date(2026, 12, 23), 2, date(2026, 12, 28)),
        ("AT", date(2026, 12, 7), 1, date(2026, 12, 9)),
        ("DE", date(2026, 12, 7), 1, date(2026, 12, 8)),
    ],
)
def test_a_parcel_travels_on_working_days_of_the_country_it_goes_to(rates, country, leaves, days, arrives):
    assert carriage.arrival(delivery.tariff(), country, dispatch_on=leaves, days=days) == arrives


def test_the_option_says_from_when_until_when_it_arrives(rates):
    made = option(country="AT", dispatch_on=date(2026, 12, 4))
    assert (made.arrive_from, made.arrive_until) == (date(2026, 12, 9), date(2026, 12, 14))


def test_who_wishes_for_a_day_is_told_the_last_one_to_leave_on(rates):
    assert delivery.leave_by("DE", arrive_on=date(2026, 12, 24), days=3) == date(2026, 12, 21)
    assert delivery.leave_by("DE", arrive_on=date(2026, 11, 30), days=1) == date(2026, 11, 27)
    assert delivery.leave_by("AT", arrive_on=date(2026, 12, 9), days=1) == date(2026, 12, 8)


@given(days=st.integers(0, 8), ahead=st.integers(0, 400))
def test_what_leaves_by_then_is_there_in_time_and_a_day_later_it_would_not_be(days, ahead):
    holidays = frozenset({("DE", date(2026, 12, 25)), ("DE", date(2027, 1, 1))})
    tariff, wish = replace(WHOLE, holidays=holidays), MONDAY + timedelta(ahead)
    leaves = carriage.leave_by(tariff, "DE", arrive_on=wish, days=days)

    assert leaves.weekday() < 5
    assert carriage.arrival(tariff, "DE", dispatch_on=leaves, days=days) <= wish
    later = next(day for day in (leaves + timedelta(step) for step in range(1, 4)) if day.weekday() < 5)
    assert carriage.arrival(tariff, "DE", dispatch_on=later, days=days) > wish


# ── Heat ─────────────────────────────────────────────────────────────────────────────────────────


def test_in_the_hot_season_what_does_not_cool_is_refused_and_told_why(rates):
    refusals = {option.method: option.refusal for option in options(dispatch_on=JULY)}
    assert refusals == {"standard": TOO_WARM, "express": TOO_WARM, "cool_box": ""}


@pytest.mark.parametrize(
    ("leaves", "refused"),
    [
        (date(2027, 5, 26), False),
        (date(2027, 5, 27), True),
        (date(2027, 9, 15), True),
        (date(2027, 9, 16), False),
        (date(2031, 7, 1), True),
    ],
)
def test_one_hot_day_on_the_way_is_enough(rates, leaves, refused):
    made = option(dispatch_on=leaves)
    assert bool(made.refusal) is refused, made


def test_the_reason_is_said_in_german_too(rates):
    with translation.override("de"):
        assert option(dispatch_on=JULY).refusal == (
            "Vom 1. Juni bis zum 15. September ist es auf dem Weg nach Deutschland so warm, dass Schokolade "
            "schmelzen würde. Wähle ein gekühltes Paket oder einen späteren Tag."
        )


def test_staff_close_a_zone_for_a_heat_wave(rates):
    HotSeasonRow.objects.create(
        zone_id="domestic",
        first_on=MONDAY,
        last_on=MONDAY + timedelta(3),
        every_year=False,
        source="Forecast: 31 °C",
    )
    assert option().refusal
    assert not option(dispatch_on=MONDAY + timedelta(days=4)).refusal
    assert not option(dispatch_on=MONDAY.replace(year=2027) + timedelta(1)).refusal


def test_a_season_of_one_year_is_not_every_years():
    wave = HotSeason("domestic", JULY, JULY, every_year=False)
    assert [wave.holds(JULY), wave.holds(JULY.replace(year=2028))] == [True, False]
    assert replace(wave, every_year=True).holds(JULY.replace(year=2028))


# ── Tracking ─────────────────────────────────────────────────────────────────────────────────────


def test_a_tracking_number_is_read_as_it_is_printed_and_leads_to_the_carriers_page(rates):
    number = delivery.read_tracking_number("dhl", " 0034 0434 1606 5301 22 ")
    assert number == "003404341606530122"
    assert delivery.tracking_link("DHL", number, "de") == (
        "https://nolp.dhl.de/nextt-online-public/set_identcodes.do?lang=de&idc=003404341606530122"
    )


def test_a_mistyped_tracking_number_is_refused_with_an_example(rates):
    with pytest.raises(TrackingNumberMistyped) as refusal:
        delivery.read_tracking_number("dhl", "12")
    assert str(refusal.value) == "A tracking number of DHL looks like 003404341606530122."


def test_of_a_carrier_we_do_not_know_the_number_stands_without_a_link(rates):
    assert delivery.read_tracking_number("Bike courier", " 7 ") == "7"
    assert delivery.tracking_link("Bike courier", "7") == ""


# ── Rows and files ───────────────────────────────────────────────────────────────────────────────


def test_no_question_to_the_database_while_nothing_has_changed(rates, django_assert_num_queries):
    options()
    with django_assert_num_queries(0):
        options("AT")
        delivery.destinations()


def test_what_another_process_changed_is_seen_after_a_moment(rates, monkeypatch):
    assert option().cents == 490
    CarriageRate.objects.filter(zone="domestic").update(cents=510)
    TariffVersion.objects.update(token="another")
    assert option().cents == 490

    monkeypatch.setattr(TariffVersion, "_seen", (0, TariffVersion.current()))

    assert option().cents == 510


def test_a_change_in_the_admin_holds_from_the_next_question_on(rates):
    assert option().cents == 490
    rate = CarriageRate.objects.get(
        zone="domestic", method="standard", currency="EUR", up_to_mg=5 * KG, goods_from_cents=0
    )
    rate.cents = 510
    rate.save()
    assert option().cents == 510
    rate.delete()
    assert option().cents == 690


def test_what_staff_changed_by_hand_stays_when_the_files_are_loaded_again(rates):
    germany = Destination.objects.get(country="DE")
    germany.name_en, germany.by_hand = "Federal Republic", True
    germany.save()
    CarriageRate.objects.filter(zone="malta").update(cents=1, by_hand=True)
    WorkingWeek.objects.update(monday=7, by_hand=True)
    CapacityDay.objects.filter(day=date(2026, 12, 24)).update(bars=20, by_hand=True)
    Holiday.objects.filter(country="AT").update(name="Never")

    call_command("load_rates", verbosity=0)

    assert Destination.objects.get(country="DE").name_en == "Federal Republic"
    assert set(CarriageRate.objects.filter(zone="malta").values_list("cents", flat=True)) == {1}
    assert WorkingWeek.objects.get().monday == 7
    assert CapacityDay.objects.get(day=date(2026, 12, 24)).bars == 20
    assert not Holiday.objects.filter(name="Never").exists()


def test_a_day_that_left_the_file_is_a_day_like_others(rates, tmp_path):
    folder = copied(tmp_path)
    (folder / "closed_days.csv").write_text("day,bars,note\n2026-12-31,0,New Year's Eve\n")
    tariff_files.load(folder)
    assert list(CapacityDay.objects.exclude(bars=None).values_list("day", flat=True)) == [date(2026, 12, 31)]


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(rates_file.DATA, folder / "data"))


@pytest.mark.parametrize(
    ("file", "was", "becomes", "words"),
    [
        (
            "destinations.csv",
            "DE,domestic",
            "DE,moon",
            "destinations.csv row for DE, column zone: 'moon' is not a zone of zones.csv.",
        ),
        (
            "services.csv",
            "domestic,express,dhl_express",
            "domestic,express,ups",
            "services.csv row for domestic, column carrier: 'ups' is not a carrier of carriers.csv.",
        ),
        (
            "carriage_rates.csv",
            "domestic,standard,EUR,5,0,490",
            "domestic,standard,EUR,5,0,free",
            "carriage_rates.csv row for domestic, column cents: 'free' is not a whole number.",
        ),
        (
            "carriage_rates.csv",
            "malta,cool_box,CHF",
            "malta,cool_box,SEK",
            "carriage_rates.csv row for malta, column currency: 'SEK' is not EUR, USD, GBP or CHF.",
        ),
        (
            "carriers.csv",
            "https://nolp",
            "http://nolp",
            "carriers.csv row for dhl, column tracking_url: "
            "'http://nolp.dhl.de/nextt-online-public/set_identcodes.do?lang={locale}&idc={number}' "
            "is not an https address with {number} in it.",
        ),
        (
            "hot_seasons.csv",
            "domestic,2026-06-01,2026-09-15,yes",
            "domestic,2026-06-01,2027-09-15,yes",
            "hot_seasons.csv row for domestic: a season of every year begins and ends in the same one.",
        ),
        (
            "methods.csv",
            "Kühlbox,yes",
            "Kühlbox,maybe",
            "methods.csv row for cool_box, column safe_in_heat: 'maybe' is not yes or no.",
        ),
        (
            "working_weeks.csv",
            "14:00",
            "noon",
            "working_weeks.csv row for 2026-01-01, column cut_off: 'noon' is not a time like 14:00.",
        ),
        (
            "destinations.csv",
            "MT,malta,Malta,Malta,en",
            "JP,malta,Japan,Japan,en",
            "destinations.csv row for JP: it has no VAT rate.",
        ),
    ],
)
def test_a_mistake_is_named_by_file_row_and_column_and_nothing_changes(
    rates, tmp_path, file, was, becomes, words
):
    folder = copied(tmp_path)
    text = (folder / file).read_text()
    assert was in text
    (folder / file).write_text(text.replace(was, becomes, 1))

    with pytest.raises(rates_file.RateFileWrong) as refusal:
        tariff_files.load(folder)

    assert str(refusal.value) == words
    assert Destination.objects.count() == 10
    assert CarriageRate.objects.count() == 264
