from pathlib import Path

import pytest
from django.core.management import call_command

from orders import rates_file
from orders.models import ShippingRate, VatRate

VAT = "country,tax_class,permille,valid_from,valid_until,source\n"
SHIPPING = (
    "country,name_en,name_de,cents,free_from_cents,days_min,days_max,max_kg,"
    "label_locale,postcode_pattern,postcode_example,source\n"
)
GOOD_VAT = "DE,any,70,2021-01-01,,law\n"
GOOD_SHIPPING = "DE,Germany,Deutschland,490,,4,6,30,de,[0-9]{5},10115,us\n"


def files(folder: Path, vat: str = GOOD_VAT, shipping: str = GOOD_SHIPPING) -> Path:
    (folder / "vat_rates.csv").write_text(VAT + vat)
    (folder / "shipping_rates.csv").write_text(SHIPPING + shipping)
    return folder


def test_the_rates_load_and_load_again(db):
    call_command("load_rates")
    once = list(VatRate.objects.values("country", "tax_class", "permille"))
    call_command("load_rates")
    assert list(VatRate.objects.values("country", "tax_class", "permille")) == once
    assert VatRate.objects.get(country="FR", tax_class="dark_plain").permille == 55
    assert ShippingRate.objects.get(pk="DE").cents == 490


def test_every_country_offered_has_a_rate_for_every_bar(db):
    rates_file.load()
    for rate in ShippingRate.objects.exclude(label_locale=""):
        assert VatRate.objects.filter(country=rate.country, tax_class="any").exists()


def test_a_row_that_left_the_file_leaves_the_table(db, tmp_path):
    rates_file.load()
    rates_file.load(files(tmp_path))
    assert list(ShippingRate.objects.values_list("pk", flat=True)) == ["DE"]


@pytest.mark.parametrize(
    ("vat", "shipping", "words"),
    [
        (
            "DE,any,seven,2021-01-01,,law\n",
            GOOD_SHIPPING,
            "vat_rates.csv row for DE, column permille: 'seven' is not a whole number.",
        ),
        (
            "DE,sweet,70,2021-01-01,,law\n",
            GOOD_SHIPPING,
            "vat_rates.csv row for DE, column tax_class: 'sweet' is not a tax class.",
        ),
        (
            "DE,any,70,soon,,law\n",
            GOOD_SHIPPING,
            "vat_rates.csv row for DE, column valid_from: 'soon' is not a day like 2026-01-31.",
        ),
        (
            "DE,any,70,2021-01-01,,\n",
            GOOD_SHIPPING,
            "vat_rates.csv row for DE, column source: '' is not a text.",
        ),
        (
            "Germany,any,70,2021-01-01,,law\n",
            GOOD_SHIPPING,
            "vat_rates.csv row for Germany, column country: 'Germany' is not a country of two capital letters.",
        ),
        (
            GOOD_VAT,
            GOOD_SHIPPING.replace("[0-9]{5}", "[0-9"),
            "shipping_rates.csv row for DE, column postcode_pattern: '[0-9' is not a pattern.",
        ),
        (
            "AT,any,100,2021-01-01,,law\n",
            GOOD_SHIPPING,
            "shipping_rates.csv row for DE: it has no VAT rate.",
        ),
    ],
)
def test_a_mistake_is_named_by_file_row_and_column_and_nothing_changes(db, tmp_path, vat, shipping, words):
    rates_file.load()
    with pytest.raises(rates_file.RateFileWrong) as refusal:
        rates_file.load(files(tmp_path, vat, shipping))
    assert str(refusal.value) == words
    assert ShippingRate.objects.count() == 9
