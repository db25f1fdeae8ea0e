"""Every module and every base can be drawn, and the same scene gives the same bytes."""

import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.scene import lay_out
from configurator.pictures import previews
from configurator.rendering import bodies, paintings, ready, sprites
from configurator.rendering.bodies import ground
from configurator.rendering.compose import compose
from configurator.rendering.module_pictures import module_picture, scale_words
from configurator.rendering.paintings import Sprite
from configurator.rendering.shelf import Shelf
from configurator.rendering.tinting import middle_colour


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).sum)


def test_the_same_scene_gives_the_same_bytes(ada: Design, bar: Family) -> None:
    scene = lay_out(ada, bar)
    first = previews.encoded(compose(scene, bar, 600), "webp")
    sprites.SHELF.clear()
    assert previews.encoded(compose(scene, bar, 600), "webp") == first


def test_another_process_gives_the_same_bytes(ada: Design, bar: Family) -> None:
    program = """
import sys
from hashlib import sha256
from configurator.catalogue.loading import from_files
from configurator.domain.design import from_canonical
from configurator.domain.scene import lay_out
from configurator.rendering.compose import compose
bar = from_files("bar-100")
picture = compose(lay_out(from_canonical(sys.argv[1]), bar), bar, 300)
print(sha256(picture.tobytes()).hexdigest())
"""
    run = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}", ada.canonical],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7", "PATH": ""},
    )
    here = compose(lay_out(ada, bar), bar, 300).tobytes()
    assert run.stdout.strip() == sha256(here).hexdigest()


@pytest.mark.parametrize(("width", "height"), [(300, 170), (600, 339), (1200, 678), (2400, 1357)])
def test_a_picture_has_the_width_asked_for(ada: Design, bar: Family, width: int, height: int) -> None:
    assert compose(lay_out(ada, bar), bar, width).size == (width, height)


def test_every_base_looks_otherwise(bar: Family) -> None:
    bare = [
        compose(lay_out(Design(bar.key, bar.version, base.key), bar), bar, 300) for base in bar.seats["base"]
    ]
    assert len({picture.tobytes() for picture in bare}) == 13


@pytest.mark.slow
def test_every_module_shows_on_the_bar(bar: Family) -> None:
    """On top where it may lie on top, else as what lifts the surface; a powder that is stirred in is gone."""
    plain = Design(bar.key, bar.version, "dark_60")
    bare = compose(lay_out(plain, bar), bar, 300)
    slots = {
        module.key: slot for slot in ("ingredients", "toppings", "decorations") for module in bar.seats[slot]
    }
    assert len(slots) == 119
    for key, slot in slots.items():
        module = bar.modules[key]
        shown = compose(lay_out(plain.adding(key, slot, bar.usual_dose(module)), bar), bar, 300)
        is_gone = slot == "ingredients" and module.shape.hint == "powder"
        assert (difference(shown, bare) == 0) == is_gone, key


@pytest.mark.slow
def test_every_module_has_a_picture_for_browsing(bar: Family) -> None:
    pictures = {module_picture(module, bar, 96).tobytes() for module in bar.modules.values()}
    assert len(pictures) == len(bar.modules) == 132


def test_a_mixed_in_nut_looks_otherwise_than_one_on_top(bar: Family) -> None:
    plain = Design(bar.key, bar.version, "milk_37")
    bare = compose(lay_out(plain, bar), bar, 600)
    inside = compose(lay_out(plain.adding("almond_whole", "ingredients", 12_000), bar), bar, 600)
    on_top = compose(lay_out(plain.adding("almond_whole", "toppings", 12_000), bar), bar, 600)
    assert 0 < difference(inside, bare) < difference(on_top, bare) / 2


def test_a_bar_without_a_base_is_an_empty_mould(bar: Family) -> None:
    empty = compose(lay_out(Design(bar.key, bar.version), bar), bar, 300)
    assert ImageStat.Stat(empty.crop((100, 60, 200, 110)).convert("L")).mean[0] > 200


def test_bases_keep_their_lightness(bar: Family) -> None:
    def light(base: str) -> float:
        picture = compose(lay_out(Design(bar.key, bar.version, base), bar), bar, 300)
        return ImageStat.Stat(picture.crop((100, 60, 200, 110)).convert("L")).mean[0]

    order = ["dark_85", "dark_72", "dark_60", "milk_50", "milk_37", "blond_33", "white_32"]
    assert [light(base) for base in order] == sorted(light(base) for base in order)


def test_a_mini_bar_is_drawn_in_its_own_proportions(mini: Family) -> None:
    design = Design(mini.key, mini.version, "ruby_35").adding("pistachio_chopped", "toppings", 2_000)
    assert compose(lay_out(design, mini), mini, 600).size == (600, 400)


def test_what_nobody_has_painted_is_shown_by_the_typical_one_of_its_shape(bar: Family) -> None:
    """A shop may add to the catalogue: its blue almonds look like almonds, in blue and twice as large."""
    almond = bar.modules["almond_whole"]
    blue = replace(
        almond,
        key="almond_blue",
        colour="#2040D0",
        shape=replace(almond.shape, length=2 * almond.shape.length),
    )
    one, other = (sprites.sprite(sprites.individuals(module)[0], 3.0).straight for module in (almond, blue))
    assert abs(other.width - 2 * one.width) <= 4
    red, _green, more_blue = middle_colour(other)
    assert more_blue > 2 * red


def test_a_piece_of_another_size_is_drawn_so_much_larger(ada: Design, bar: Family) -> None:
    scene = lay_out(ada, bar)
    almond = next(piece for piece in scene.pieces if piece.module == "almond_whole")
    small, large = (
        sprites.sprite_of(replace(almond, size=size), bar.modules["almond_whole"], scene, 4.0).picture.width
        for size in (600, 1200)
    )
    assert abs(large - 2 * small) <= 3


def test_what_sits_in_the_chocolate_has_a_line_around_it_and_what_lies_on_it_has_none(bar: Family) -> None:
    almond, petal = (sprites.individuals(bar.modules[key])[0] for key in ("almond_whole", "rose_petals"))
    assert (almond.sinks, petal.sinks) == (True, False)
    plain, line = (paintings.opened(almond.file, almond.centre, sinks=sinks) for sinks in (False, True))
    darker = (
        ImageStat.Stat(line.picture.getchannel(3)).sum[0] - ImageStat.Stat(plain.picture.getchannel(3)).sum[0]
    )
    assert darker > 0


def test_a_module_is_shown_at_a_scale_that_is_known(bar: Family) -> None:
    shown = {
        key: scale_words(bar.modules[key])
        for key in ("walnut_halves", "raisins", "cocoa_nibs", "poppy_seeds")
    }
    assert shown == {"walnut_halves": "1:1", "raisins": "1:1", "cocoa_nibs": "2:1", "poppy_seeds": "4:1"}
    assert scale_words(bar.modules["transfer_print"]) == "1:4"


def test_a_millimetre_is_as_many_pixels_in_every_picture_of_one_scale(bar: Family) -> None:
    """A walnut half is 30 mm long."""

    def breadth(key: str) -> int:
        picture = module_picture(bar.modules[key], bar, 360)
        seen = (
            ImageChops.difference(picture, ground(picture.size))
            .convert("L")
            .point(lambda level: 255 * (level > 60))
        )
        left, _top, right, _low = seen.getbbox() or (0, 0, 0, 0)
        return right - left

    # Ten pixels to the millimetre; the walnut's first individual lies a little aslant.
    assert 230 <= breadth("walnut_halves") <= 320


def test_ready_sprites_are_the_same_as_new_ones(
    bar: Family, ada: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = lay_out(ada, bar)
    monkeypatch.setattr(ready._Place, "folder", tmp_path)
    pictures = []
    for _ in ("made", "read"):
        sprites.SHELF.clear()
        bodies._BARS.clear()
        pictures.append(compose(scene, bar, 600).tobytes())
    kept = next(tmp_path.glob("*/*/*"))
    kept.write_bytes(b"half a spr")
    sprites.SHELF.clear()
    bodies._BARS.clear()
    pictures.append(compose(scene, bar, 600).tobytes())
    assert len(set(pictures)) == 1


def test_the_shelf_keeps_to_its_bytes() -> None:
    shelf: Shelf[Sprite] = Shelf(3 * 4 * 100)
    square = Image.new("RGBa", (10, 10))
    for name in range(9):
        shelf.find_or_make(name, lambda: Sprite(square, 0, 0))
    assert len(shelf) == 3
