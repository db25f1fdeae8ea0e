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

from configurator import designs, limits, preview_views, previews
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.scene import Scene
from configurator.families import current_family
from configurator.rendering import compose, paintings


@pytest.fixture
def kept(db: None) -> Design:
    """Ada's bar, saved under the catalogue in the database."""
    call_command("load_catalogue", verbosity=0)
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
    default_storage.delete(previews.preview_address(kept.digest, 600, "webp").name)
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
    call_command("load_catalogue", verbosity=0)
    design = saved()
    made = []
    really = compose.compose

    def counted(scene: Scene, family: Family, width: int) -> Image.Image:
        made.append(1)
        return really(scene, family, width)

    def ask(_: int) -> bytes:
        try:
            return previews.preview(design.digest, 600, "webp").content
        finally:
            connection.close()

    monkeypatch.setattr(compose, "compose", counted)
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(ask, range(16)))
    assert (len(answers), len(made)) == (1, 1)


def test_processes_that_ask_together_make_it_once(tmp_path: Path) -> None:
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
    assert [process.wait(timeout=30) for process in started] == [0, 0, 0, 0]
    assert len((tmp_path / "made").read_text().split()) == 1


def test_a_half_written_picture_is_never_found(kept: Design) -> None:
    previews.preview(kept.digest, 300, "webp")
    folder = Path(default_storage.path(previews.preview_address(kept.digest, 300, "webp").name)).parent
    assert [file.name for file in folder.iterdir()] == [f"{kept.digest}-300.webp"]


def test_pictures_can_be_kept_where_there_is_no_folder(kept: Design, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"}
    }
    first = previews.preview(kept.digest, 300, "webp")
    assert previews.found(previews.preview_address(kept.digest, 300, "webp")) == first


def test_a_new_renderer_does_not_serve_old_pictures(kept: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    old = previews.preview(kept.digest, 300, "webp")
    monkeypatch.setattr(paintings, "renderer_version", lambda: "repainted")
    address = previews.preview_address(kept.digest, 300, "webp")
    assert previews.found(address) is None
    assert address.etag != old.etag


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


def test_stand_ins_are_listed(kept: Design, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("list_stand_ins")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith("of 132 modules are drawn by stand-ins.")
    assert any(line.split()[:2] == ["tahini_swirl", "swirl"] for line in lines)


@pytest.mark.slow
def test_all_module_pictures_can_be_made_in_advance(kept: Design, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("draw_modules")
    assert capsys.readouterr().out == "The pictures of 132 modules are ready.\n"
    module, _ = previews.module_named("tahini_swirl")
    name = f"modules/{previews.module_look(module)}/tahini_swirl-192.webp"
    assert default_storage.exists(name)


def test_a_worker_without_a_database_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def out_of_reach() -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(previews, "current_families", out_of_reach)
    previews.preload()
    assert "No picture is prepared" in caplog.text
