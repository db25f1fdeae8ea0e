"""Pictures by address: found or made once, kept for ever, refused in words."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from configurator import designs, limits
from configurator.catalogue.families import current_families, current_family
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.scene import Scene
from configurator.pictures import picture_addresses, previews
from configurator.pictures.picture_addresses import Picture
from configurator.rendering import compose
from configurator.rendering.inscriptions import Words
from configurator.views import preview as preview_views
from tests import loaded
from tests.conftest import share


@pytest.fixture
def kept(db: None) -> Design:
    """Ada's bar, saved under the catalogue in the database."""
    loaded.catalogue()
    return saved()


def saved() -> Design:
    family: Family = current_family("bar-100")
    design = Design(family.key, family.version, "dark_60", name="Ada").adding(
        "almond_whole", "toppings", 12_000
    )
    designs.save(design)
    return design


@pytest.mark.parametrize(
    ("suffix", "kind"), [("webp", "image/webp"), ("jpg", "image/jpeg"), ("png", "image/png")]
)
def test_a_picture_is_made_in_the_format_asked_for(
    client: Client, kept: Design, suffix: str, kind: str
) -> None:
    answer = client.get(f"/p/{kept.digest}/300.{suffix}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind
    assert Image.open(BytesIO(answer.content)).size == (300, 170)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("image/avif,image/webp,image/apng,image/*,*/*;q=0.8", "image/webp"),
        ("image/webp;q=0, image/*", "image/jpeg"),
        ("*/*", "image/jpeg"),
        ("", "image/jpeg"),
    ],
)
def test_a_browser_gets_the_format_that_suits_it(
    client: Client, kept: Design, accept: str, kind: str
) -> None:
    for _ in ("made", "found"):
        answer = client.get(f"/p/{kept.digest}/300", headers={"Accept": accept})
        assert (answer["Content-Type"], answer["Vary"]) == (kind, "Accept")


def test_an_address_with_a_format_is_not_negotiated(client: Client, kept: Design) -> None:
    for _ in ("made", "found"):
        answer = client.get(f"/p/{kept.digest}/300.png", headers={"Accept": "image/webp"})
        assert answer["Content-Type"] == "image/png"
        assert "Vary" not in answer


def test_only_an_address_with_todays_renderer_may_be_kept_for_ever(client: Client, kept: Design) -> None:
    url = Picture(kept.digest, width=300, suffix="webp").url
    assert client.get(url)["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in (url.partition("?")[0], f"{url}0"):
        assert client.get(other)["Cache-Control"] == "public, max-age=300"


def test_a_found_picture_starts_no_session_and_speaks_no_language(client: Client, kept: Design) -> None:
    url = Picture(kept.digest, width=300, suffix="webp").url
    client.get(url)
    found = client.get(url, headers={"Accept-Language": "de"})
    assert {"Content-Language", "Vary", "Set-Cookie", "Content-Security-Policy"}.isdisjoint(found.headers)
    assert found["X-Content-Type-Options"] == "nosniff"


def test_a_print_is_as_large_as_the_bar_at_300_dots_to_the_inch(client: Client, kept: Design) -> None:
    answer = client.get(f"/p/{kept.digest}/print.png")
    printed = Image.open(BytesIO(answer.content))
    # The bar is 160 x 80 mm and has 12 mm of ground around it.
    assert printed.size == (2173, 1228)
    assert [round(dots) for dots in printed.info["dpi"]] == [300, 300]


def test_a_shared_picture_is_a_card_of_the_networks_size(client: Client, kept: Design) -> None:
    answer = client.get(previews.share_url(kept.digest))
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert answer["Content-Type"] == "image/jpeg"


def test_a_shop_with_a_new_name_shares_new_pictures(kept: Design, settings: Settings) -> None:
    before = previews.share_url(kept.digest)
    settings.SHOP_NAME = "Another Shop"
    assert previews.share_url(kept.digest) != before


def test_a_bar_is_shown_with_its_sleeve(client: Client, kept: Design) -> None:
    answer = client.get(previews.wrapped_url(kept.digest, 300), headers={"Accept": "image/webp"})
    assert Image.open(BytesIO(answer.content)).size == (300, 225)


def test_a_picture_may_be_kept_for_ever(client: Client, kept: Design) -> None:
    answer = client.get(previews.preview_url(kept.digest))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["ETag"].startswith(f'"{kept.digest[:20]}')
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def test_a_picture_found_asks_no_table(
    client: Client, kept: Design, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(previews.preview_url(kept.digest))
    with django_assert_num_queries(0):
        again = client.get(previews.preview_url(kept.digest))
    assert again.content == first.content


def test_whoever_has_the_picture_is_told_so_without_a_table_or_a_file(
    client: Client, kept: Design, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get(previews.preview_url(kept.digest))["ETag"]
    default_storage.delete(Picture(kept.digest, width=600, suffix="jpg").address.name)
    with django_assert_num_queries(0):
        answer = client.get(previews.preview_url(kept.digest), headers={"If-None-Match": f"W/{etag}"})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/p/{digest}/601.webp",
        "/p/{digest}/x.webp",
        "/p/{digest}/99999999999999999999.webp",
        "/p/{digest}/²00.webp",
        "/p/{digest}/600.gif",
        "/p/{short}/600.webp",
        "/p/..%2f..%2fsettings/600.webp",
        "/p/{upper}/600.webp",
    ],
)
def test_an_address_without_a_picture_is_refused_in_words(client: Client, kept: Design, address: str) -> None:
    digest = kept.digest
    answer = client.get(address.format(digest=digest, short=digest[:-1], upper="A" * 64))
    assert answer.status_code == 404
    if answer["Content-Type"].startswith("text/plain"):
        assert "300, 600, 1200 or 2400 pixels" in answer.content.decode()


def test_an_unknown_design_is_refused_in_words(client: Client, kept: Design) -> None:
    answer = client.get(f"/p/{'0' * 64}/600.webp")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert (
        answer.content.decode()
        == "There is no bar of this design. Perhaps the address was copied only in part.\n"
    )


def test_refusals_speak_german_too(client: Client, kept: Design) -> None:
    answer = client.get(f"/p/{'0' * 64}/600.webp", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Language"] == "de"


def test_a_design_with_problems_has_a_picture(client: Client, kept: Design) -> None:
    nameless = kept.named("").on_base(None)
    designs.save(nameless)
    assert client.get(previews.preview_url(nameless.digest, 300)).status_code == 200


def test_making_pictures_is_limited_and_finding_them_is_not(
    client: Client, kept: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_views, "NEW_PICTURES_A_MINUTE", 1)
    # The window must not turn over between two requests.
    monkeypatch.setattr(limits, "time", lambda: 1_000_000.0)
    assert client.get(f"/p/{kept.digest}/300.webp").status_code == 200
    refused = client.get(f"/p/{kept.digest}/300.jpg")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert client.get(f"/p/{kept.digest}/300.webp").status_code == 200


def test_threads_that_ask_together_make_it_once(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded.catalogue()
    design = saved()
    made = []
    really = compose.compose

    def counted(scene: Scene, family: Family, width: int, words: Words) -> Image.Image:
        made.append(1)
        return really(scene, family, width, words)

    def ask(_: int) -> bytes:
        try:
            return previews.preview(Picture(design.digest, suffix="webp")).content
        finally:
            connection.close()

    monkeypatch.setattr(compose, "compose", counted)
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(ask, range(16)))
    assert (len(answers), len(made)) == (1, 1)


def test_processes_that_ask_together_take_turns(tmp_path: Path) -> None:
    """Each writes the number of its process when it has to make the picture."""
    program = f"""
import os, sys, time
from pathlib import Path
from configurator.once import alone
made = Path({str(tmp_path / "made")!r})
with alone({str(tmp_path)!r}, longest_wait=20):
    if not made.exists():
        time.sleep(0.2)
        with made.open("a") as file:
            file.write(f"{{os.getpid()}} ")
"""
    root = Path(__file__).parent.parent.parent
    env = os.environ | {"PYTHONPATH": str(root)}
    started = [subprocess.Popen([sys.executable, "-c", program], cwd=root, env=env) for _ in range(4)]
    assert [process.wait(timeout=120) for process in started] == [0, 0, 0, 0]
    assert len((tmp_path / "made").read_text().split()) == 1


def test_a_half_written_picture_is_never_found(kept: Design) -> None:
    picture = Picture(kept.digest, width=300, suffix="webp")
    previews.preview(picture)
    folder = Path(default_storage.path(picture.address.name)).parent
    assert [file.name for file in folder.iterdir()] == [f"{kept.digest}-300.webp"]


def test_pictures_can_be_kept_where_there_is_no_folder(kept: Design, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"}
    }
    picture = Picture(kept.digest, width=300, suffix="webp")
    first = previews.preview(picture)
    assert previews.found(picture.address) == first


def test_a_new_renderer_does_not_serve_old_pictures(kept: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture(kept.digest, width=300, suffix="webp")
    old, old_url = previews.preview(picture), picture.url
    monkeypatch.setattr(picture_addresses, "renderer_version", lambda: "repainted")
    assert previews.found(picture.address) is None
    assert picture.address.etag != old.etag
    assert picture.url != old_url


def test_a_module_has_a_picture_that_changes_its_address_when_it_changes(
    client: Client, kept: Design
) -> None:
    module, _ = previews.module_named("almond_whole")
    address = previews.module_picture_url(module, 96)
    answer = client.get(address)
    assert Image.open(BytesIO(answer.content)).size == (96, 96)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address.replace("?v=", "?v=0"))["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", ["/m/almond_whole/95.webp", "/m/nothing/96.webp"])
def test_an_unknown_module_or_width_is_refused_in_words(client: Client, kept: Design, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.content.decode().startswith("There is no picture at this address.")


def test_everything_in_the_catalogue_has_been_painted(
    kept: Design, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("list_stand_ins")
    assert capsys.readouterr().out == "0 of 132 modules are drawn by stand-ins.\n"


@pytest.mark.slow
def test_all_module_pictures_can_be_made_in_advance(
    kept: Design, capsys: pytest.CaptureFixture[str], settings: Settings, shared: Path
) -> None:
    """For the browsers of this run, too."""
    share(settings.MEDIA_ROOT, ["modules"], shared)
    call_command("draw_modules")
    assert capsys.readouterr().out == "The pictures of 132 modules are ready.\n"
    modules = {module.key: module for family in current_families() for module in family.modules.values()}
    assert len(modules) == 132
    for module in modules.values():
        for width in previews.MODULE_WIDTHS:
            assert previews.found(previews.module_address(module.key, width, previews.module_look(module)))


def test_a_worker_without_a_database_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def out_of_reach() -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(previews, "current_families", out_of_reach)
    previews.preload()
    assert "No picture is prepared" in caplog.text
