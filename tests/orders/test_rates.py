from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from orders.models import TaxClass, VatRate
from orders.prices import billing, rates_file
from orders.prices.tax import RateMissing, vat_rates
from orders.prices.volume import volume_prices

VAT = "country,tax_class,permille,valid_from,valid_until,source\n"
VOLUME = "from_bars,permille_off,valid_from,valid_until\n"
GOOD_VAT = "DE,any,70,2021-01-01,,law\n"


def files(folder: Path, vat: str = GOOD_VAT, volume: str = "") -> Path:
    (folder / "vat_rates.csv").write_text(VAT + vat)
    (folder / "volume_prices.csv").write_text(VOLUME + volume)
    return folder


def test_the_rates_load_and_load_again(db):
    call_command("load_rates")
    once = list(VatRate.objects.values("country", "tax_class", "permille"))
    call_command("load_rates")
    assert list(VatRate.objects.values("country", "tax_class", "permille")) == once
    assert VatRate.objects.get(country="FR", tax_class="dark_plain").permille == 55


def test_a_row_that_left_the_file_leaves_the_table(db, tmp_path):
    rates_file.load()
    rates_file.load(files(tmp_path))
    assert list(VatRate.objects.values_list("country", flat=True)) == ["DE"]


@pytest.mark.parametrize(
    ("vat", "words"),
    [
        (
            "DE,any,seven,2021-01-01,,law\n",
            "vat_rates.csv row for DE, column permille: 'seven' is not a whole number.",
        ),
        (
            "DE,sweet,70,2021-01-01,,law\n",
            "vat_rates.csv row for DE, column tax_class: 'sweet' is not a tax class.",
        ),
        (
            "DE,any,70,soon,,law\n",
            "vat_rates.csv row for DE, column valid_from: 'soon' is not a day like 2026-01-31.",
        ),
        (
            "DE,any,70,2021-01-01,,\n",
            "vat_rates.csv row for DE, column source: '' is not a text.",
        ),
        (
            "Germany,any,70,2021-01-01,,law\n",
            "vat_rates.csv row for Germany, column country: 'Germany' is not a country of two capital letters.",
        ),
        (
            "DE,any,50,2020-07-01,2021-01-01,law\n" + GOOD_VAT,
            "vat_rates.csv rows for DE, any: from 2021-01-01 on two of them hold.",
        ),
    ],
)
def test_a_mistake_is_named_by_file_row_and_column_and_nothing_changes(db, tmp_path, vat, words):
    rates_file.load()
    before = VatRate.objects.count()
    with pytest.raises(rates_file.RateFileWrong) as refusal:
        rates_file.load(files(tmp_path, vat))
    assert str(refusal.value) == words
    assert VatRate.objects.count() == before


@pytest.mark.parametrize(
    ("country", "tax_class", "on", "permille"),
    [
        ("DE", TaxClass.FILLED, date(2026, 11, 22), 70),
        ("IE", TaxClass.MILK, date(2021, 2, 28), 210),
        ("IE", TaxClass.MILK, date(2021, 3, 1), 230),
        ("CH", TaxClass.ANY, date(2023, 12, 31), 25),
        ("LI", TaxClass.ANY, date(2024, 1, 1), 26),
        ("FR", TaxClass.DARK_PLAIN, date(2026, 11, 22), 55),
        ("FR", TaxClass.NO_COCOA, date(2026, 11, 22), 200),
        ("MT", TaxClass.DARK_PLAIN, date(2026, 11, 22), 50),
        ("GB", TaxClass.WHITE, date(2026, 11, 22), 200),
        ("US", TaxClass.WHITE, date(2026, 11, 22), 0),
    ],
)
def test_the_rate_is_that_of_the_country_the_bar_and_the_day(db, country, tax_class, on, permille):
    rates_file.load()
    assert vat_rates([country], on=on).of(country, tax_class) == permille


def test_the_rates_of_several_countries_are_asked_for_once_and_kept(db, django_assert_num_queries):
    rates_file.load()
    with django_assert_num_queries(1):
        vat_rates(["DE"], on=date(2026, 11, 22))
        rates = vat_rates(["DE", "AT", "FR"], on=date(2026, 11, 22))
    assert [rates.of(country, TaxClass.MILK) for country in ("DE", "AT", "FR")] == [70, 100, 200]


def test_a_country_or_a_day_without_a_rate_is_no_country_without_tax(db):
    rates_file.load()
    with pytest.raises(RateMissing, match="JP, any"):
        vat_rates(["JP"], on=date(2026, 11, 22)).of("JP", TaxClass.ANY)
    with pytest.raises(RateMissing, match="DE, milk"):
        vat_rates(["DE"], on=date(2020, 12, 31)).of("DE", TaxClass.MILK)


def test_a_sale_to_a_country_beyond_the_union_says_what_an_adviser_must_confirm(db):
    rates_file.load()
    beyond = VatRate.objects.filter(country__in=("GB", "CH", "LI", "US"), valid_until=None)
    assert beyond.count() == 4
    assert all(rate.to_confirm for rate in beyond)


def test_volume_prices_are_those_of_the_day(db, tmp_path):
    rates = "10,50,2026-01-01,2026-06-30\n10,60,2026-07-01,\n25,80,2026-01-01,\n"
    rates_file.load(files(tmp_path, volume=rates))
    assert volume_prices(on=date(2025, 12, 31)) == ()
    assert volume_prices(on=date(2026, 6, 30)) == (billing.VolumePrice(10, 50), billing.VolumePrice(25, 80))
    assert volume_prices(on=date(2026, 7, 1)) == (billing.VolumePrice(10, 60), billing.VolumePrice(25, 80))
