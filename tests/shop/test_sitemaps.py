"""What search engines find, and what they are asked to leave alone."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from configurator.models import Creation
from configurator.models import Design as DesignRow
from shop import sitemaps
from shop.models import ReadyBar
from tests import loaded

OURS = "http://127.0.0.1:8000"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def ready_bars(db: None) -> None:
    loaded.catalogue()
    loaded.ready_bars()


def files(client: Client) -> list[str]:
    index = ET.fromstring(client.get("/sitemap.xml").content)
    return [
        str(place.text).removeprefix("http://testserver")
        for place in index.iterfind("s:sitemap/s:loc", NAMES)
    ]


def urls(client: Client) -> list[ET.Element]:
    return [
        url
        for file in files(client)
        for url in ET.fromstring(client.get(file.removeprefix(OURS)).content).iterfind("s:url", NAMES)
    ]


def addresses(client: Client) -> list[str]:
    return [str(url.findtext("s:loc", namespaces=NAMES)).removeprefix(OURS) for url in urls(client)]


def test_each_page_is_named_once_in_each_language(client: Client) -> None:
    named = addresses(client)
    assert len(named) == len(set(named))
    digest = ReadyBar.objects.get(slug="rose-garden").design.digest
    for path in (
        "/",
        "/bars/",
        "/gallery/",
        "/m/almond_whole/",
        "/legal/",
        "/c/",
        "/studio/bar-100/",
        f"/d/{digest}/",
    ):
        assert path in named
        assert f"/de{path}" in named


def test_each_page_names_the_same_page_in_the_other_languages(client: Client) -> None:
    bars = next(url for url in urls(client) if url.findtext("s:loc", namespaces=NAMES) == f"{OURS}/de/bars/")
    others = {link.get("hreflang"): link.get("href") for link in bars.iterfind("x:link", NAMES)}
    assert others == {"en": f"{OURS}/bars/", "de": f"{OURS}/de/bars/", "x-default": f"{OURS}/bars/"}


def test_what_a_file_holds_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = addresses(client)
    cache.clear()  # the answers are kept for an hour
    monkeypatch.setattr(sitemaps.Bars, "limit", 8)
    assert sum("sitemap-bars" in file for file in files(client)) > 1
    assert addresses(client) == whole


def test_more_bars_cost_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get("/sitemap-bars.xml")


def test_what_is_named_is_there_and_may_be_found(client: Client) -> None:
    for path in addresses(client):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert 'content="noindex' not in page, path
        canonical = re.search(r'<link rel="canonical" href="([^"]+)">', page)
        assert canonical
        assert canonical[1].removeprefix(OURS) == path


def test_robots_are_led_to_it_and_away_from_the_office(client: Client) -> None:
    said = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {OURS}/sitemap.xml" in said
    assert "Disallow: /admin/" in said
    for endless in ("/*wish/?", "/*compare/?", "/*/why/"):
        assert f"Disallow: {endless}" in said


def test_an_unpublished_bar_is_offered_to_nobody(client: Client) -> None:
    rose = ReadyBar.objects.get(slug="rose-garden")
    ReadyBar.objects.filter(pk=rose.pk).update(published=False)
    assert f"/d/{rose.design.digest}/" not in addresses(client)


def test_a_bar_that_nobody_published_is_found_by_no_search_engine(client: Client) -> None:
    rose = ReadyBar.objects.get(slug="rose-garden")
    ReadyBar.objects.filter(pk=rose.pk).update(published=False)
    page = client.get(f"/d/{rose.design.digest}/").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "canonical" not in page


def test_only_what_its_maker_published_is_named(client: Client) -> None:
    shared, shown = (_kept(name) for name in ("Shared", "Shown"))
    now = timezone.now()
    Creation.objects.create(maker="ada", design=shared, started_from=shared, created_at=now, changed_at=now)
    Creation.objects.create(
        maker="ada",
        design=shown,
        started_from=shown,
        shown=shown,
        created_at=now,
        changed_at=now,
        published_at=now,
        visibility=Creation.Visibility.PUBLIC,
    )
    named = addresses(client)
    assert f"/d/{shown.digest}/" in named
    assert f"/d/{shared.digest}/" not in named
    assert 'content="noindex"' in client.get(f"/d/{shared.digest}/").content.decode()


def _kept(name: str) -> DesignRow:
    family = current_family("bar-100")
    return designs.save(Design(family=family.key, version=family.version, base="dark_72", name=name))
