"""What has run out stays in the catalogue and in the bars that hold it; nobody is offered it."""

import json
import re
from datetime import date
from time import monotonic, sleep

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from configurator import designs
from configurator.catalogue import sold_out
from configurator.catalogue.families import current_family
from configurator.catalogue.sold_out import offered_family
from configurator.domain.design import Design
from configurator.domain.edits import applied
from configurator.models import Module
from orders import stock
from orders.models import Cart, Stock, StockMove
from shop import ready_bars
from shop.models import ReadyBar
from tests.orders.till import Buyer


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_superuser("bea")


def name_of(module: str, locale: str = "en") -> str:
    return current_family("bar-100").modules[module].name.to(locale)


def counted(by: User, **mg: int) -> None:
    for module, left in mg.items():
        stock.count(Module.objects.get(key=module), mg=left, by=by, at=timezone.now())


def expected(module: str, day: date) -> None:
    Stock.objects.filter(module__key=module).update(expected_on=day)
    sold_out.forget()


def studio(client: Client, design: Design, prefix: str = "") -> str:
    return client.get(f"{prefix}/studio/bar-100/{design.digest}/").content.decode()


def card(page: str, module: str) -> str:
    found = re.search(rf'<li class="module[^>]*id="card-toppings-{module}".*?</li>', page, re.DOTALL)
    assert found
    return found[0]


# ── The studio ───────────────────────────────────────────────────────────────────────────────────


def test_what_another_process_has_taken_is_gone_here_within_seconds(bea, settings):
    """Which did not tell this one: it only wrote to the tables."""
    settings.SHELVES_SECONDS = 1
    counted(bea, almond_whole=1_000_000)
    assert "almond_whole" not in sold_out.gone(offered_family("bar-100"))
    StockMove.objects.create(stock_id="almond_whole", kind="wasted", mg=-1_000_000, by=bea, at=timezone.now())

    given_up = monotonic() + 60
    while "almond_whole" not in sold_out.gone(offered_family("bar-100")):
        assert monotonic() < given_up
        sleep(0.1)


def test_what_has_run_out_is_blocked_on_its_card_and_says_so(client, bea, plain_bar):
    counted(bea, almond_whole=0)
    here = card(studio(client, plain_bar), "almond_whole")

    assert "module--blocked" in here
    assert f"{name_of('almond_whole')}: sold out at the moment." in here


def test_in_german_too(client, bea, plain_bar):
    counted(bea, almond_whole=0)
    expected("almond_whole", date(2099, 12, 3))

    assert (
        f"{name_of('almond_whole', 'de')}: zurzeit ausverkauft. Nachschub erwarten wir am 3. Dezember 2099."
        in card(studio(client, plain_bar, "/de"), "almond_whole")
    )


def test_the_card_says_when_more_is_expected_as_far_as_the_shop_knows(client, bea, plain_bar):
    counted(bea, almond_whole=0)
    expected("almond_whole", date(2099, 12, 3))
    assert "We expect more on 3 December 2099." in card(studio(client, plain_bar), "almond_whole")

    expected("almond_whole", timezone.localdate())

    assert "We expect more" not in card(studio(client, plain_bar), "almond_whole")


def test_less_than_the_smallest_dose_is_nothing_and_a_dose_is_enough(client, bea, plain_bar):
    least = (current_family("bar-100").usual_dose(current_family("bar-100").modules["almond_whole"]) + 1) // 2
    counted(bea, almond_whole=least - 1)
    assert "module--blocked" in card(studio(client, plain_bar), "almond_whole")

    counted(bea, almond_whole=least)

    assert "module--open" in card(studio(client, plain_bar), "almond_whole")


def test_what_is_not_limited_or_has_come_is_offered_again(client, bea, plain_bar):
    counted(bea, almond_whole=0)
    expected("almond_whole", date(2099, 12, 3))
    stock.receive(Module.objects.get(key="almond_whole"), mg=10_000_000, by=bea, at=timezone.now())

    assert "module--open" in card(studio(client, plain_bar), "almond_whole")
    assert Stock.objects.get().expected_on is None


def test_the_office_says_when_more_comes_and_what_is_not_limited_any_more(client, bea, plain_bar):
    counted(bea, almond_whole=0)
    studio(client, plain_bar)
    client.force_login(bea)
    fields = {
        "low_mg": "0",
        "lead_days": "14",
        "expected_on": "2099-12-03",
        "holds-TOTAL_FORMS": 0,
        "holds-INITIAL_FORMS": 0,
    }

    changed = "/admin/orders/stock/almond_whole/change/"
    assert client.post(changed, {**fields, "limited": "on"}).status_code == 302
    assert "We expect more" in card(studio(client, plain_bar), "almond_whole")
    assert client.post(changed, fields).status_code == 302
    assert "module--open" in card(studio(client, plain_bar), "almond_whole")


def test_a_bar_that_holds_it_stays_alive_and_names_its_ways_out(client, bea, ada_bar):
    counted(bea, almond_whole=0)
    answer = client.get(f"/studio/bar-100/{ada_bar.digest}/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert f"{name_of('almond_whole')}: sold out at the moment." in page
    ways = re.findall(r'name="repair" value="([^"]*)"', page)
    made = [applied(ada_bar, way, current_family("bar-100")) for way in ways]
    assert len(made) > 2
    assert all("almond_whole" not in bar.modules for bar in made)
    assert not any(designs.problems(bar, offered_family("bar-100"), "en") for bar in made)


def test_the_catalogue_stays_the_same_version_and_a_design_its_digest(client, bea, ada_bar):
    before = current_family("bar-100")
    counted(bea, almond_whole=0)
    offered = offered_family("bar-100")

    assert offered.version == before.version
    assert sold_out.gone(offered) == {"almond_whole"}
    assert sold_out.gone(current_family("bar-100")) == frozenset()
    assert designs.problems(ada_bar, current_family("bar-100"), "en") == ()
    assert len(designs.problems(ada_bar, offered, "en")) == 1


def test_why_tells_that_it_comes_back(client, bea, plain_bar):
    counted(bea, almond_whole=0)
    page = client.get(f"/studio/bar-100/{plain_bar.digest}/why/toppings/almond_whole/").content.decode()

    assert "sold out at the moment." in page
    assert "As soon as more has come, it can be chosen again." in page


def test_a_base_that_has_run_out_is_blocked_and_others_are_offered_instead(client, bea, ada_bar):
    counted(bea, milk_37=0)
    page = studio(client, ada_bar)

    assert f"{name_of('milk_37')}: sold out at the moment." in page
    ways = re.findall(r'name="repair" value="([^"]*)"', page)
    assert ways
    assert all(applied(ada_bar, way, current_family("bar-100")).base != "milk_37" for way in ways)


def test_a_shelf_that_is_not_counted_costs_one_look_in_half_a_minute(
    client, bea, plain_bar, django_assert_num_queries
):
    counted(bea, almond_whole=0)
    offered_family("bar-100")
    with django_assert_num_queries(1):
        offered_family("bar-100")


# ── Surprises, wishes, the pages of the modules, the API, the shop ───────────────────────────────


def test_no_surprise_and_no_wish_brings_it(client, bea):
    nuts = [key for key, one in current_family("bar-100").modules.items() if one.category == "nuts"]
    dark = [
        base.key
        for base in current_family("bar-100").seats["base"]
        if base.key not in {"milk_37", "white_28"}
    ]
    counted(bea, **dict.fromkeys([*nuts, *dark], 0))
    answer = client.post("/surprise/bar-100/")
    pool = json.loads(answer.content)["bars"]
    assert pool
    family = current_family("bar-100")
    blank = Design(family.key, family.version, name="My surprise")
    for bar in pool:
        assert not {*applied(blank, bar["edits"], family).modules} & {*nuts, *dark}

    page = client.get("/wish/?size=bar-100&most=900").content.decode()
    digests = set(re.findall(r"/p/([0-9a-f]{64})/", page))
    assert digests
    for digest in digests:
        assert not {*designs.find(digest).value.modules} & {*nuts, *dark}
    assert 'value="milk_37"' in page
    assert f'value="{dark[0]}"' not in page


def test_its_own_page_says_it_and_starts_no_bar_with_it(client, bea):
    counted(bea, almond_whole=0)
    page = client.get("/m/almond_whole/")
    assert f"{name_of('almond_whole')}: sold out at the moment." in page.content.decode()
    assert "Start a bar with it" not in page.content.decode()


def test_the_api_says_so_of_the_module_and_of_the_bar(client, bea):
    counted(bea, almond_whole=0)
    assert client.get("/api/v1/modules/almond_whole/").json()["sold_out"] == {
        "en": f"{name_of('almond_whole')}: sold out at the moment.",
        "de": f"{name_of('almond_whole', 'de')}: zurzeit ausverkauft.",
    }
    assert client.get("/api/v1/modules/raspberry_fd/").json()["sold_out"] is None

    review = client.post(
        "/api/v1/reviews/",
        {
            "family": "bar-100",
            "base": "milk_37",
            "name": "Ada",
            "modules": [{"module": "almond_whole", "slot": "toppings"}],
        },
        content_type="application/json",
    ).json()

    assert [problem["rule"] for problem in review["problems"]] == ["sold-out:almond_whole"]
    assert not review["valid"]


def test_a_ready_bar_stays_on_its_shelf_and_says_what_is_missing(client, bea):
    ready_bars.load_written()
    before = client.get("/bars/").content.decode()
    bar = ready_bars.offers(ReadyBar.objects.filter(published=True)[:1], "en")[0]
    base = str(bar.design.base)
    counted(bea, **{base: 0})
    page = client.get("/bars/").content.decode()

    assert f"{name_of(base)}: sold out at the moment." in page
    assert before.count("bar-card__link") == page.count("bar-card__link")
    assert f'name="design" value="{bar.design.digest}"' not in page


# ── The cart ─────────────────────────────────────────────────────────────────────────────────────


def test_nothing_that_has_run_out_is_offered_instead(client, bea, ada_bar):
    buyer = Buyer(client)
    buyer.puts_into_cart(ada_bar.digest)
    counted(bea, almond_whole=0)
    first = ways_of(client)
    assert first

    counted(bea, **{first[0]: 0})

    assert first[0] not in ways_of(client)
    assert Cart.objects.get().lines.get().design_id == ada_bar.digest


def ways_of(client: Client) -> list[str]:
    page = client.get("/cart/").content.decode()
    return re.findall(r"\+toppings:(\w+)", page)
