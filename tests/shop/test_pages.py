"""The shop's pages over real HTTP."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from configurator import designs
from shop import identity
from shop.models import ReadyBar
from tests import loaded


@pytest.fixture(autouse=True)
def ready_bars(db: None) -> None:
    loaded.catalogue()
    loaded.ready_bars()


@pytest.fixture(autouse=True)
def forget_identity() -> None:
    identity.theme.cache_clear()
    identity.logo.cache_clear()


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_home_shows_ready_bars_with_picture_price_and_a_way_into_the_studio(client: Client) -> None:
    page = text(client, "/")
    bar = ReadyBar.objects.get(slug="midnight-salt")
    assert f'src="/p/{bar.design_id}/600?v=' in page
    assert "Midnight Salt" in page
    assert "€6.33" in page
    assert f'href="/studio/bar-100/{bar.design_id}/"' in page


@pytest.mark.parametrize("page", ["/", "/bars/"])
def test_a_page_that_is_shared_shows_its_first_bar(client: Client, page: str) -> None:
    shown = text(client, page)
    picture = re.search(
        r'<meta property="og:image" content="http://127\.0\.0\.1:8000(/p/[0-9a-f]{64}/share\.jpg\?v=[0-9a-f]{12})">',
        shown,
    )
    assert picture
    assert client.get(picture[1])["Content-Type"] == "image/jpeg"
    assert '<meta name="twitter:card" content="summary_large_image">' in shown


def test_home_stands_before_anything_is_for_sale(client: Client) -> None:
    ReadyBar.objects.all().delete()
    assert "Your chocolate, piece by piece." in text(client, "/")


def test_the_bars_come_in_pages_of_twelve(client: Client) -> None:
    assert text(client, "/bars/").count('class="bar-card"') == 12
    assert text(client, "/bars/?page=2").count('class="bar-card"') == 10
    assert "Page 2 of 2" in text(client, "/bars/?page=99")


@pytest.mark.parametrize("tag", ["vegan", "without-nuts", "fruity", "crunchy", "spicy", "mini"])
def test_there_is_a_bar_for_every_taste(client: Client, tag: str) -> None:
    assert (
        text(client, f"/bars/?tag={tag}").count('class="bar-card"')
        == ReadyBar.objects.filter(tags__icontains=f'"{tag}"').count()
    )
    assert "Make it yours" in text(client, f"/bars/?tag={tag}")


def test_an_unknown_tag_shows_all(client: Client) -> None:
    assert text(client, "/bars/?tag=stone").count('class="bar-card"') == 12


def test_an_unpublished_bar_is_not_shown(client: Client) -> None:
    ReadyBar.objects.filter(slug="rose-garden").update(published=False)
    assert "Rose Garden" not in text(client, "/bars/")


@pytest.mark.parametrize("count", [1, 3])
def test_more_bars_cost_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    ReadyBar.objects.filter(position__gte=count).delete()
    client.get("/bars/")
    with django_assert_num_queries(3):
        client.get("/bars/")


def test_a_bar_that_we_sell_ready_is_told_of_in_two_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = f"/d/{ReadyBar.objects.earliest('position').design_id}/"
    client.get(page)
    with django_assert_num_queries(2):
        client.get(page)


def test_the_button_of_a_card_sends_its_bar_through_the_form_of_the_page(client: Client) -> None:
    bar = ReadyBar.objects.get(slug="midnight-salt")
    for address in ("/", "/bars/"):
        page = text(client, address)
        form = re.search(r'<form id="into-cart"[^>]*action="/cart/lines/"[^>]*>(.*?)</form>', page, re.DOTALL)
        assert form
        assert 'name="csrfmiddlewaretoken"' in form[1]
        assert 'name="quantity" value="1"' in form[1]
        assert f'form="into-cart" name="design" value="{bar.design_id}"' in page


def test_a_card_shows_at_once_what_staff_have_changed(client: Client) -> None:
    assert "Midnight Salt" in text(client, "/bars/")
    ReadyBar.objects.filter(slug="midnight-salt").update(name="Salt at Noon", tags=["vegan"])
    page = text(client, "/bars/")
    assert "Salt at Noon" in page
    assert "Midnight Salt" not in page


def test_a_page_speaks_the_language_of_its_address(client: Client) -> None:
    page = text(client, "/de/bars/")
    assert '<html lang="de">' in page
    assert "Drei Beeren, dreimal anders sauer" in page
    assert "7,15\u00a0€" in page


def test_the_one_who_runs_the_shop_sets_name_and_address(client: Client, settings: Settings) -> None:
    settings.SHOP_NAME, settings.SHOP_ADDRESS = "Kakaowerk", "Kakaowerk, 3 Bean Street"
    page = text(client, "/legal/")
    assert "Legal notes · Kakaowerk</title>" in page
    assert "Kakaowerk, 3 Bean Street" in page


def test_the_one_who_runs_the_shop_sets_colours(client: Client, settings: Settings) -> None:
    settings.SHOP_COLOURS = ["accent=#005F73", "ink=#001219"]
    assert 'href="/theme.css?' in text(client, "/")
    theme = client.get("/theme.css")
    assert theme["Content-Type"] == "text/css; charset=utf-8"
    assert theme.content.decode() == ":root {\n  --accent: #005f73;\n  --ink: #001219;\n}\n"


def test_a_mistyped_colour_is_refused_with_the_way_out(settings: Settings) -> None:
    settings.SHOP_COLOURS = ["accent=red;} body{"]
    with pytest.raises(ImproperlyConfigured, match="such as accent=#a2213e"):
        identity.theme()


def test_a_missing_logo_is_refused_at_the_start(settings: Settings) -> None:
    settings.SHOP_LOGO = "/nowhere/logo.svg"
    with pytest.raises(ImproperlyConfigured, match="SHOP_LOGO cannot be read"):
        identity.logo()


def test_the_one_who_runs_the_shop_sets_a_logo(client: Client, settings: Settings, tmp_path: Path) -> None:
    mark = tmp_path / "mark.svg"
    mark.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.SHOP_LOGO = str(mark)
    assert re.search(r'<img src="/logo\?[0-9a-f]{12}" alt="Couverture">', text(client, "/"))
    assert client.get("/logo")["Content-Type"] == "image/svg+xml"


def test_there_is_no_logo_unless_one_is_set(client: Client) -> None:
    assert client.get("/logo").status_code == 404


def test_every_ready_bar_opens_in_the_studio(client: Client) -> None:
    for bar in ReadyBar.objects.select_related("design"):
        address = f"/studio/{designs.family_of(bar.design).key}/{bar.design_id}/"
        assert client.get(address).status_code == 200


def test_the_head_of_a_page_says_where_one_is_and_what_is_in_this_browsers_cart(client: Client) -> None:
    def head(address: str) -> str:
        return text(client, address).partition("<main")[0]

    empty = {address: head(address) for address in ("/bars/", "/gallery/", "/de/bars/")}
    assert '<a href="/bars/" aria-current="page">Bars</a>' in empty["/bars/"]
    assert '<a href="/gallery/" aria-current="page">Gallery</a>' in empty["/gallery/"]
    assert '<a href="/de/bars/" aria-current="page">Tafeln</a>' in empty["/de/bars/"]
    assert 'href="/de/bars/?page=1&amp;x=%3C"' in head("/bars/?page=1&x=%3C")
    bar = ReadyBar.objects.get(slug="midnight-salt")
    client.post("/cart/lines/", {"design": bar.design_id, "quantity": "3"})
    text(client, "/cart/")
    assert '<span class="masthead__count">3<' in head("/bars/")
    assert {
        address: Client().get(address).content.decode().partition("<main")[0] for address in empty
    } == empty
