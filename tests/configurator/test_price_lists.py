"""Prices in other currencies, from their day on; and what it cost before, where a price is announced as reduced."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from configurator import currency, wording
from configurator.catalogue import price_lists, price_lists_file
from configurator.catalogue.families import current_family
from configurator.domain.design import Choice, Design
from configurator.domain.pricing import CATALOGUE_PRICES, PriceList, quote, surcharge_cents
from configurator.models import FamilyVersion, OwnPrice
from configurator.models import PriceList as PriceListRow
from tests import loaded

DAY = date(2026, 11, 22)
FRANCS = PriceList("CHF", 980, 5)


@pytest.fixture
def lists(db):
    """The lists of a test are read anew whenever it has made one."""

    def make(of_currency: str, permille: int = 1000, own=(), **fields) -> PriceListRow:
        row = PriceListRow.objects.create(
            **{
                "currency": of_currency,
                "permille": permille,
                "name": "-",
                "valid_from": date(2026, 1, 1),
                **fields,
            }
        )
        for key, cents in dict(own).items():
            OwnPrice.objects.create(price_list=row, key=key, cents=cents)
        price_lists.forget()
        return row

    return make


@pytest.fixture
def family(catalogue):
    return current_family("bar-100")


@pytest.fixture
def catalogue(db):
    loaded.catalogue()


@pytest.fixture
def bar(family) -> Design:
    return Design(
        family.key,
        family.version,
        "milk_37",
        tuple(
            Choice("toppings", key, family.usual_dose(family.modules[key]))
            for key in ("almond_whole", "raspberry_fd")
        ),
        name="Ada",
    )


# ── A list ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prices", "cents", "listed"),
    [
        (PriceList("USD", 1150), 635, 730),
        (PriceList("USD", 1150, 5), 490, 565),
        (FRANCS, 635, 620),
        (PriceList("GBP", 880, 10), 45, 40),
        (PriceList("GBP", 880, 1, {"bar": 599}), 635, 559),
        (PriceList("USD", 1150, 5), 0, 0),
        (CATALOGUE_PRICES, 635, 635),
    ],
)
def test_a_price_is_the_catalogues_times_so_many_rounded_to_a_step(prices, cents, listed):
    assert prices.listed(cents, "other") == listed


def test_a_price_set_by_hand_holds_as_it_is(family, bar):
    prices = PriceList("USD", 1150, 5, {"bar-100": 777, "almond_whole": 99})
    lines = {line.module: line.cents for line in quote(bar, family, "en", prices).lines}
    assert lines[""] == 777
    assert lines["almond_whole"] == 99
    assert surcharge_cents(family.modules["almond_whole"], 4_000, prices) == 33


def test_a_quote_says_its_currency_and_is_the_sum_of_its_lines(family, bar):
    francs = quote(bar, family, "en", FRANCS)
    assert francs.currency == "CHF"
    assert francs.total_cents == sum(line.cents for line in francs.lines)
    assert francs.cents_per_kg == francs.total_cents * 10
    assert all(line.cents % 5 == 0 for line in francs.lines)


def test_without_a_list_a_quote_is_as_ever(family, bar):
    assert quote(bar, family, "en") == quote(bar, family, "en", PriceList())


@given(st.integers(0, 100_000), st.integers(100, 10_000), st.integers(1, 100))
def test_a_listed_price_is_a_multiple_of_the_step_and_next_to_the_exact_one(cents, permille, step):
    listed = PriceList("USD", permille, step).listed(cents, "-")
    assert listed % step == 0
    assert abs(listed * 1000 - cents * permille) * 2 <= 1000 * step


# ── Which holds ──────────────────────────────────────────────────────────────────────────────────


def test_a_list_holds_from_its_first_day_to_its_last(lists):
    lists("USD", 1150, valid_from=date(2026, 11, 1), valid_until=date(2026, 11, 30))
    for day in (date(2026, 11, 1), date(2026, 11, 30)):
        assert price_lists.current("USD", day).permille == 1150
    for day in (date(2026, 10, 31), date(2026, 12, 1)):
        with pytest.raises(price_lists.NoPriceList):
            price_lists.current("USD", day)


def test_of_two_lists_the_one_that_began_last_holds(lists):
    lists("USD", 1150)
    lists("USD", 1000, valid_from=date(2026, 11, 20), valid_until=date(2026, 11, 25))
    days = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 26)]
    assert [price_lists.current("USD", day).permille for day in days] == [1150, 1000, 1000, 1150]


def test_euros_need_no_list_and_others_are_offered_while_theirs_holds(lists):
    assert price_lists.current("EUR", DAY) is CATALOGUE_PRICES
    assert price_lists.offered(DAY) == ("EUR",)
    lists("CHF", 980)
    lists("USD", 1150, valid_from=DAY + timedelta(days=1))
    assert price_lists.offered(DAY) == ("EUR", "CHF")
    assert price_lists.offered(DAY + timedelta(days=1)) == ("EUR", "USD", "CHF")


def test_lists_are_asked_for_once_and_kept_for_a_moment(lists, django_assert_num_queries):
    lists("CHF", 980)
    with django_assert_num_queries(2):
        price_lists.current("CHF", DAY)
        price_lists.current("CHF", DAY)
        price_lists.offered(DAY)


# ── How money is written ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("of_currency", "english", "german"),
    [
        ("EUR", "€6.35", "6,35\u00a0€"),
        ("USD", "$6.35", "6,35\u00a0$"),
        ("GBP", "£6.35", "6,35\u00a0£"),
        ("CHF", "CHF\u00a06.35", "6,35\u00a0CHF"),
    ],
)
def test_money_is_written_as_the_language_writes_the_currency(of_currency, english, german):
    with translation.override("en"):
        assert wording.money(635, of_currency) == english
        assert wording.extra(635, of_currency) == f"+{english}"
    with translation.override("de"):
        assert wording.money(635, of_currency) == german
        assert wording.money(-635, of_currency) == f"−{german}"


def test_money_without_a_currency_is_that_of_the_page():
    with currency.override("GBP"):
        assert wording.money(5) == "£0.05"
    assert wording.money(5) == "€0.05"


def test_no_currency_of_ours_changes_nothing():
    with currency.override("XXX"):
        assert currency.active() == "EUR"


# ── On the page ──────────────────────────────────────────────────────────────────────────────────


def test_a_chosen_currency_is_remembered_and_every_price_is_in_it(client, catalogue, family, lists):
    lists("CHF", 980, step_cents=5)
    answer = client.post("/currency/", {"currency": "CHF", "next": "/studio/bar-100/"})
    assert (answer.status_code, answer["Location"]) == (303, "/studio/bar-100/")
    assert answer.cookies["currency"]["httponly"]
    page = client.get("/studio/bar-100/", follow=True).content.decode()
    assert f"CHF\u00a0{FRANCS.listed(family.price_cents, '-') / 100:.2f}" in page
    assert 'value="CHF" aria-pressed="true"' in page
    dear = next(module for module in family.modules.values() if module.key == "almond_whole")
    extra = surcharge_cents(dear, family.usual_dose(dear), FRANCS)
    assert f"+CHF\u00a00.{extra:02}" in page


def test_the_choice_stands_at_the_foot_of_every_page_once_there_is_one(client, catalogue, lists):
    assert 'name="currency"' not in client.get("/legal/").content.decode()
    lists("USD", 1150)
    page = client.get("/legal/").content.decode()
    assert 'name="currency" value="USD" aria-pressed="false"' in page


@pytest.mark.parametrize("wrong", ["XXX", "", "usd", "CHF\x00"])
def test_what_is_no_currency_of_ours_is_not_remembered(client, lists, wrong):
    lists("USD", 1150)
    assert not client.post("/currency/", {"currency": wrong}).cookies
    client.cookies["currency"] = "XXX"
    assert client.get("/legal/").status_code == 200


def test_a_choice_leads_back_to_our_own_pages_only(client, db):
    answer = client.post("/currency/", {"currency": "EUR", "next": "https://example.com/"})
    assert answer["Location"] == "/"


def test_who_chose_a_currency_that_is_no_longer_sold_in_sees_euros(client, catalogue, lists):
    lists("USD", 1150, valid_until=date(2026, 1, 2))
    client.cookies["currency"] = "USD"
    page = client.get("/studio/bar-100/", follow=True).content.decode()
    assert "$" not in page.partition('id="total"')[2][:40]


def test_programs_get_the_catalogues_prices_whatever_a_browser_chose(client, catalogue, family, lists):
    lists("USD", 1150)
    client.cookies["currency"] = "USD"
    answer = client.get("/api/v1/families/bar-100/").json()
    assert (answer["currency"], answer["price_cents"]) == ("EUR", family.price_cents)


# ── Announced as reduced ─────────────────────────────────────────────────────────────────────────


def published(family, at: datetime) -> None:
    FamilyVersion.objects.filter(family__key=family.key).update(published_at=at)


@pytest.fixture
def long_ago(family):
    published(family, datetime(2025, 1, 1, tzinfo=UTC))


def on_sale(lists, permille: int = 900, of_currency: str = "EUR", start: date | None = None) -> None:
    lists(of_currency, permille, valid_from=start or timezone.localdate(), reduced=True)


def test_a_reduced_price_stands_beside_the_lowest_of_the_thirty_days_before(family, bar, lists, long_ago):
    full = quote(bar, family, "en").total_cents
    on_sale(lists)
    due = price_lists.priced(bar, family, "en")
    assert due.total_cents == quote(bar, family, "en", PriceList("EUR", 900)).total_cents
    assert due.lowest_cents == full


def test_a_sale_within_those_days_counts(family, bar, lists, long_ago):
    today = timezone.localdate()
    lists(
        "EUR",
        950,
        valid_from=today - timedelta(days=20),
        valid_until=today - timedelta(days=19),
        reduced=True,
    )
    on_sale(lists)
    assert price_lists.priced(bar, family, "en").lowest_cents == (
        quote(bar, family, "en", PriceList("EUR", 950)).total_cents
    )


@pytest.mark.parametrize(("days", "counts"), [(30, True), (31, False)])
def test_thirty_days_are_thirty(family, bar, lists, long_ago, days, counts):
    day = timezone.localdate() - timedelta(days=days)
    lists("EUR", 950, valid_from=day, valid_until=day)
    on_sale(lists)
    permille = 950 if counts else 1000
    assert price_lists.priced(bar, family, "en").lowest_cents == (
        quote(bar, family, "en", PriceList("EUR", permille)).total_cents
    )


def test_what_is_no_cheaper_than_it_was_is_not_announced(family, bar, lists, long_ago):
    day = timezone.localdate() - timedelta(days=3)
    lists("EUR", 800, valid_from=day, valid_until=day)
    on_sale(lists)
    assert price_lists.priced(bar, family, "en").lowest_cents is None


def test_a_currency_that_was_not_sold_in_had_no_price_before(family, bar, lists, long_ago):
    on_sale(lists, of_currency="CHF")
    with currency.override("CHF"):
        assert price_lists.priced(bar, family, "en").lowest_cents is None


def test_a_list_that_is_not_announced_as_reduced_says_nothing_of_before(family, bar, lists, long_ago):
    lists("EUR", 900, valid_from=timezone.localdate())
    assert price_lists.priced(bar, family, "en").lowest_cents is None


def test_the_page_shows_the_price_before(client, catalogue, family, lists, long_ago):
    on_sale(lists)
    page = client.get("/studio/bar-100/", follow=True).content.decode()
    assert "Lowest price of the 30 days before: €" in page


# ── In the office and from the file ──────────────────────────────────────────────────────────────


def test_the_first_lists_come_from_a_file_and_the_offices_are_never_touched(lists):
    mine = lists("USD", 2000)
    assert price_lists_file.load() == 2
    assert price_lists_file.load() == 0
    assert price_lists.offered(DAY) == ("EUR", "USD", "GBP", "CHF")
    assert list(PriceListRow.objects.filter(currency="USD")) == [mine]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("USD,Dollars,much,5,2026-01-01,", "invalid literal"),
        ("JPY,Yen,1000,5,2026-01-01,", "JPY"),
        ("USD,Dollars,1150,5,2026-01-01,2025-01-01", "It would end before it begins."),
        ("USD,Dollars,1150,5,soon,", "soon"),
    ],
)
def test_a_mistake_in_the_file_is_named_and_nothing_changes(db, tmp_path, row, words):
    file = tmp_path / "price_lists.csv"
    head = "currency,name,permille,step_cents,valid_from,valid_until\n"
    file.write_text(f"{head}GBP,Pounds,880,5,2026-01-01,\n{row}\n")
    with pytest.raises(CommandError, match=r"price_lists\.csv row 3") as refusal:
        call_command("load_price_lists", file=file)
    assert words in str(refusal.value)
    assert not PriceListRow.objects.exists()


def test_staff_make_a_list_and_it_holds_at_once(admin_client, catalogue):
    form = {
        "currency": "USD",
        "name": "Dollars",
        "permille": "1150",
        "step_cents": "5",
        "valid_from": "2026-01-01",
        "own-TOTAL_FORMS": "1",
        "own-INITIAL_FORMS": "0",
        "own-0-key": "no_such_module",
        "own-0-cents": "99",
    }
    refused = admin_client.post("/admin/configurator/pricelist/add/", form).content.decode()
    assert "No kind of bar and no module has the key “no_such_module”." in refused
    answer = admin_client.post("/admin/configurator/pricelist/add/", form | {"own-0-key": "almond_whole"})
    assert answer.status_code == 302, answer.content.decode()
    assert price_lists.current("USD", DAY).own == {"almond_whole": 99}
