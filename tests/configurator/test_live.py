"""The drawing that the studio's canvas gets, and the sheets it is drawn from."""

from base64 import b64decode
from io import BytesIO
from itertools import product

import pytest
from django.test import Client
from PIL import Image

from configurator.domain.design import Design, Move
from configurator.domain.family import Family
from configurator.domain.scene import Piece, lay_out
from configurator.models import Design as DesignRow
from configurator.pictures import live
from configurator.rendering.compose import compose
from configurator.rendering.inscriptions import words_of
from configurator.rendering.sprites import alike, sprite_of
from configurator.views import live as live_views
from tests import loaded
from tests.configurator.structural_similarity import similarity

ADA = {
    "base": "dark_60",
    "toppings": ["almond_whole", "raspberry_fd"],
    "dose-toppings-almond_whole": "12000",
    "dose-toppings-raspberry_fd": "2500",
    "name": "Ada",
    "seed": "1",
    "width": "600",
}
DRAWING = "/studio/bar-100/drawing/"


@pytest.fixture
def shop(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def client(shop: None) -> Client:
    return Client()


def assembled(drawing: live.Drawing, family: Family) -> Image.Image:
    """As the browser does it: the same pixels in the same order."""
    look, base = drawing.body.removesuffix(".webp").split("/")[-2:]
    picture = opened(live.body(family, look, base, drawing.width))
    cut = {}
    for number, address in enumerate(drawing.sheets):
        boxes = [(place, box) for place, box in enumerate(drawing.sprites) if box.sheet == number]
        for first in range(0, len(boxes), live.MOST_SPRITES):
            part = boxes[first : first + live.MOST_SPRITES]
            module = family.modules[address.split("/")[-2]]
            strip, top = opened(live.sheet(family, module, drawing.width, [box.key for _, box in part])), 0
            for place, box in part:
                cut[place] = strip.crop((0, top, box.width, top + box.height))
                top += box.height
    for place, box in enumerate(drawing.sprites):
        if box.sheet == live.NO_SHEET:
            cut[place] = opened(b64decode(drawing.inscribed[box.key]))
    for draw in drawing.draws:
        picture.alpha_composite(
            cut[draw.sprite].crop((max(0, -draw.x), max(0, -draw.y), *cut[draw.sprite].size)),
            (max(0, draw.x), max(0, draw.y)),
        )
    return picture.convert("RGB")


def opened(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as picture:
        return picture.convert("RGBA")


def full(family: Family, base: str) -> Design:
    """Something of every manner of drawing: single pieces, pinches, dust, streaks, a plaque with words."""
    design = Design(family.key, family.version, base, name="Ada")
    for slot, module in (
        ("toppings", "hazelnut_whole"),
        ("toppings", "sesame_toasted"),
        ("toppings", "raspberry_fd"),
        ("ingredients", "caramel_salted"),
        ("ingredients", "rice_puffed"),
        ("decorations", "choc_plaque"),
        ("decorations", "gold_leaf"),
    ):
        design = design.adding(module, slot, family.usual_dose(family.modules[module]))
    return design.moving(Move("toppings", "hazelnut_whole", 0, 400, 300, 30))


@pytest.mark.parametrize("width", live.WIDTHS)
def test_what_the_browser_draws_is_what_the_server_composes(bar: Family, width: int) -> None:
    design = full(bar, "milk_37")
    drawn = assembled(live.drawing(design, bar, width, "en"), bar)
    composed = compose(lay_out(design, bar), bar, width, words_of(design))
    assert similarity(drawn, composed) > 0.985


def test_every_family_and_an_empty_mould_can_be_drawn(bar: Family, mini: Family) -> None:
    for family, base in ((mini, "ruby_35"), (bar, None)):
        design = Design(family.key, family.version, base)
        drawn = assembled(live.drawing(design, family, 600, "en"), family)
        assert similarity(drawn, compose(lay_out(design, family), family, 600)) > 0.99


def test_each_sprite_is_sent_once(bar: Family, ada: Design) -> None:
    drawing = live.drawing(ada, bar, 600, "en")
    names = [(sprite.sheet, sprite.key) for sprite in drawing.sprites]
    assert len(set(names)) == len(names) < len(drawing.draws)


@pytest.mark.parametrize(
    "key", ["hazelnut_whole", "almond_whole", "sesame_toasted", "cocoa_nibs", "gold_leaf"]
)
def test_what_looks_alike_is_asked_for_by_one_name(bar: Family, key: str) -> None:
    module, scene = bar.modules[key], lay_out(Design(bar.key, bar.version), bar)
    count = 5 if key == "sesame_toasted" else 1
    names = set()
    for turn, variant in product((0, 15, 105, 240), (0, 7, 64, 999, 65_535, 2**31)):
        piece = Piece(key, "toppings", 0, 0, turn, variant, count)
        like = alike(piece, module)
        names.add((like.turn, like.variant))
        assert (
            sprite_of(like, module, scene, 3.0).picture.tobytes()
            == sprite_of(piece, module, scene, 3.0).picture.tobytes()
        )
    assert len(names) < 24


def test_pieces_can_be_taken_hold_of_but_dust_and_plaques_cannot(bar: Family) -> None:
    design = full(bar, "milk_37")
    movable = {heap.module: heap.movable for heap in live.drawing(design, bar, 600, "en").heaps}
    assert movable == {
        "hazelnut_whole": True,
        "sesame_toasted": True,
        "raspberry_fd": True,
        "choc_plaque": False,
        "gold_leaf": True,
    }


def test_what_a_plaque_says_has_no_address(bar: Family) -> None:
    drawing = live.drawing(full(bar, "milk_37"), bar, 600, "en")
    assert not any("choc_plaque" in address for address in drawing.sheets)
    assert [sprite.key for sprite in drawing.sprites if sprite.sheet == live.NO_SHEET] == [*drawing.inscribed]


def test_the_drawing_is_of_the_design_that_the_form_says(client: Client, ada: Design) -> None:
    answer = client.post(DRAWING, ADA)
    assert answer.status_code == 200
    assert answer.json()["digest"] == ada.digest
    assert answer["Cache-Control"] == "private, no-store"


def test_to_foresee_a_bar_is_not_to_keep_it(client: Client) -> None:
    before = DesignRow.objects.count()
    client.post(DRAWING, ADA)
    assert DesignRow.objects.count() == before


def test_a_piece_laid_by_hand_is_drawn_there(client: Client) -> None:
    pieces = client.post(DRAWING, ADA | {"move": "toppings:almond_whole:2:800:400:90"}).json()["pieces"]
    assert [(p["x"], p["y"], p["turn"]) for p in pieces if p["moved"]] == [(800, 400, 90)]


def test_a_form_that_cannot_be_read_is_refused_in_words(client: Client) -> None:
    answer = client.post(DRAWING, ADA | {"move": "toppings:almond_whole:here"})
    assert answer.status_code == 422
    assert "Lay it once more" in str(answer.json())


@pytest.mark.parametrize(
    ("address", "said", "code"),
    [
        ("/studio/bar-9000/drawing/", {}, 404),
        (DRAWING, {"width": "601"}, 422),
        (DRAWING, {"width": "9" * 5000}, 422),
    ],
)
def test_what_we_do_not_draw_is_no_error_page(
    client: Client, address: str, said: dict[str, str], code: int
) -> None:
    assert client.post(address, ADA | said).status_code == code


def test_a_drawing_is_asked_for_by_its_form(client: Client) -> None:
    assert client.get(DRAWING).status_code == 405
    assert Client(enforce_csrf_checks=True).post(DRAWING, ADA).status_code == 403


def test_sheets_and_bodies_may_be_kept_for_ever(client: Client) -> None:
    drawing = client.post(DRAWING, ADA).json()
    sheet = f"{drawing['sheets'][0]}{drawing['sprites'][0]['key']}.webp"
    for address in (drawing["body"], sheet):
        answer = client.get(address)
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert opened(client.get(sheet).content).size == tuple(
        drawing["sprites"][0][side] for side in ("width", "height")
    )


@pytest.mark.parametrize(
    "keys",
    [
        "0.1.1",
        "0.1.1.1000_",
        "a.b.c.d",
        "0.1.1.9999",
        "0.1.1.0",
        "0.1.99999.1000",
        "400.1.1.1000",
        "bump.9999.1",
        "bump.0.1",
        "bump.77.1",
        "0.1.1.1001",
        "7.0.1.1000",
        "0.999999.1.1000",
        "_".join(["0.1.1.1000"] * 41),
    ],
)
def test_a_sheet_that_no_drawing_asks_for_is_not_made(client: Client, keys: str) -> None:
    sheet = client.post(DRAWING, ADA).json()["sheets"][0]
    assert client.get(f"{sheet}{keys}.webp").status_code == 404


def test_an_address_of_an_older_look_is_gone(client: Client) -> None:
    drawing = client.post(DRAWING, ADA).json()
    for address in (drawing["body"], f"{drawing['sheets'][0]}0.1.1.1000.webp"):
        look = address.split("/")[2]
        assert client.get(address.replace(look, "0" * 12)).status_code == 404
    assert client.get(drawing["body"].replace("dark_60", "dark_99")).status_code == 404
    assert client.get(drawing["body"].replace("/600/", "/2400/")).status_code == 404


def test_who_asks_for_very_many_drawings_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_views, "DRAWINGS_A_MINUTE", 1)
    assert client.post(DRAWING, ADA).status_code == 200
    answer = client.post(DRAWING, ADA)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
