"""The customer's words: every sign has type, every text fits where it is set, or is refused in millimetres."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from configurator import designs
from configurator.catalogue.loading import from_files
from configurator.domain.design import PRINTABLE, WRAPPERS, Design, Inscription, Move, Wrapper
from configurator.domain.family import Family
from configurator.domain.scene import lay_out
from configurator.pictures import measuring
from configurator.rendering import compose, inscriptions, lettering, papers, sleeves, wrapping
from configurator.rendering.inscriptions import PLAQUE, PRINT, Words, carried_mm, inscribed, words_of
from configurator.rendering.lettering import TextTooLong, TextTooWide, fit
from configurator.rendering.solids import lightness

pytestmark = pytest.mark.django_db

SIGNS = [
    chr(number)
    for first, last in PRINTABLE
    for number in range(ord(first), ord(last) + 1)
    if unicodedata.category(chr(number)) not in {"Cn", "Cc", "Cf"}
]


# ── Type ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("face", ["NotoSerif-Bold", "NotoSerif-Italic"])
def test_the_last_face_of_every_voice_has_every_sign_we_print(face: str) -> None:
    assert [sign for sign in SIGNS if not lettering._has(face, sign)] == []


@pytest.mark.parametrize(
    ("text", "face"),
    [
        ("Für Großmutter", "Vollkorn-Bold"),
        ("Щасливі свята", "Vollkorn-Bold"),
        ("Γιαγιά μου", "Vollkorn-Bold"),
        ("Ệch Ướt", "Vollkorn-Bold"),
        ("ɏ is rare", "NotoSerif-Bold"),
    ],
)
def test_a_text_is_set_in_one_face_that_has_all_of_it(text: str, face: str) -> None:
    assert lettering.face_for(text, lettering.NAME) == face


def test_accents_stand_over_their_letters() -> None:
    """The shaper puts a loose accent where the ready letter has it."""
    drawn = []
    for text in ("ḗ", "e\u0304\u0301"):
        picture = Image.new("L", (120, 120))
        lettered = fit(text, (100, 100), lettering.NAME, largest=60, smallest=1)
        lettering.draw(picture, lettered, (60, 20), 255, 1.0)
        drawn.append(picture)
    assert max(ImageStat.Stat(ImageChops.difference(*drawn)).mean) < 6


def test_letters_are_shaped_together() -> None:
    """AV stand closer together than A and V alone."""
    face = "Vollkorn-Bold"
    pair = lettering.width_of("AV", lettering.NAME, face)
    alone = lettering.width_of("A", lettering.NAME, face) + lettering.width_of("V", lettering.NAME, face)
    assert pair < alone


# ── Fitting ──────────────────────────────────────────────────────────────────────────────────────


@given(st.text(st.sampled_from("abc mnop WÄÖé Жщ Ωλ"), min_size=1, max_size=60), st.integers(1, 3))
def test_what_is_set_stays_within_its_room(text: str, lines: int) -> None:
    room = (70.0, 22.0)
    lettered = fit(text, room, lettering.NAME, largest=18, smallest=0.1, most_lines=lines)
    widest = max(lettering.width_of(line, lettering.NAME, lettered.face) for line in lettered.lines)
    assert widest * lettered.size <= room[0] + 0.001
    assert lettered.height <= room[1] + 0.001
    assert " ".join(lettered.lines).split() == text.split() or not text.split()


def test_a_short_word_is_large_and_a_long_text_takes_more_lines() -> None:
    short = fit("Ada", (90, 30), lettering.NAME, largest=16, smallest=3, most_lines=2)
    long = fit("Liebe Großmutter Hildegard", (90, 30), lettering.NAME, largest=16, smallest=3, most_lines=2)
    assert (short.lines, short.size) == (("Ada",), 16)
    assert long.lines == ("Liebe Großmutter", "Hildegard")


def test_too_wide_a_text_is_refused_with_what_it_needs_and_what_there_is() -> None:
    with pytest.raises(TextTooWide) as refusal:
        fit("W" * 40, (40, 20), lettering.PIPED, largest=9, smallest=3.6, most_lines=3)
    needed = lettering.width_of("W" * 40, lettering.PIPED, "PipedScript-Bold") * 3.6
    assert (refusal.value.needed_mm, refusal.value.room_mm) == (needed, 40)


def test_a_hundred_little_words_are_broken_into_lines_quickly() -> None:
    text = " ".join("abcdefghij"[number % 10] for number in range(100))
    fit(text, (90, 30), lettering.NAME, largest=16, smallest=0.1)
    begun = time.thread_time()
    lettered = fit(text, (90, 30), lettering.NAME, largest=16, smallest=0.1, most_lines=4)
    assert time.thread_time() - begun < 0.05
    widths = [lettering.width_of(line, lettering.NAME, lettered.face) for line in lettered.lines]
    assert len(widths) == 4
    assert max(widths) < min(widths) * 1.1


def test_ten_thousand_signs_are_refused_before_anything_is_measured() -> None:
    begun = time.thread_time()
    with pytest.raises(TextTooLong) as refusal:
        fit("W" * 10_000, (40, 20), lettering.NAME, largest=9, smallest=3)
    assert refusal.value.signs == 10_000
    assert time.thread_time() - begun < 0.01


# ── As problems of a design ──────────────────────────────────────────────────────────────────────


def rules(design: Design, family: Family) -> list[str]:
    return [problem.rule for problem in measuring.problems(design, family, "en")]


def test_a_name_of_thirty_wide_letters_does_not_fit_a_small_bar(mini: Family) -> None:
    design = Design(mini.key, mini.version, "dark_60", name="W" * 30)
    found = [problem.message for problem in measuring.problems(design, mini, "en")]
    assert found == [
        "Name on the wrapper: in the smallest type this takes 95.4 mm, and there are 76.6 mm. Shorten it."
    ]
    assert "name-width" in [problem.rule for problem in designs.problems(design, mini, "de")]


@pytest.mark.parametrize(
    ("name", "text"),
    [("Ada", ""), ("W" * 13, "for Ada"), ("Ada Lovelace and Charles B.", "every word of " * 8)],
)
def test_what_people_usually_write_fits(bar: Family, mini: Family, name: str, text: str) -> None:
    for family in (bar, mini):
        design = Design(family.key, family.version, "dark_60", name=name, wrapper=Wrapper(text=text))
        assert rules(design, family) == []


def test_words_on_the_chocolate_are_measured_where_they_are_set(bar: Family) -> None:
    design = Design(bar.key, bar.version, "dark_60", name="Ada", inscription=Inscription("M" * 40))
    plaque = design.adding(PLAQUE, "decorations", 4000)
    print_ = design.adding(PRINT, "decorations", 600)
    assert [rules(one, bar) for one in (design, plaque, print_)] == [
        [],
        ["inscription-width"],
        ["inscription-width"],
    ]
    assert rules(plaque.inscribed(Inscription("Happy Birthday")), bar) == []


def test_on_a_heart_there_is_less_room_for_a_print(bar: Family) -> None:
    heart = from_files("heart-80")
    printed = [
        Design(family.key, family.version, "dark_60", name="Ada")
        .adding(PRINT, "decorations", 600)
        .inscribed(Inscription("M" * 18))
        for family in (bar, heart)
    ]
    rooms = [carried_mm(design, family, PRINT) for design, family in zip(printed, (bar, heart), strict=True)]
    found = [rules(design, family) for design, family in zip(printed, (bar, heart), strict=True)]
    assert rooms == [(100, 50), (60, 30)]
    assert found == [[], ["inscription-width"]]


def test_a_text_that_is_too_long_is_refused_once_and_at_once(bar: Family) -> None:
    design = Design(
        bar.key,
        bar.version,
        "dark_60",
        name="W" * 10_000,
        wrapper=Wrapper(text="W" * 10_000),
        inscription=Inscription("W" * 10_000),
    ).adding(PLAQUE, "decorations", 4000)
    begun = time.thread_time()
    assert rules(design, bar) == []
    assert time.thread_time() - begun < 0.05
    assert {problem.rule for problem in designs.problems(design, bar, "en")} == {
        "name",
        "wrapper",
        "inscription",
    }


# ── On the chocolate ─────────────────────────────────────────────────────────────────────────────


def inked(picture: Image.Image) -> Image.Image:
    """One flat colour where anything is drawn."""
    return picture.getchannel("A").point(lambda level: 255 if level > 200 else 0)


def colour_of_ink(picture: Image.Image) -> tuple[int, ...]:
    return tuple(round(part) for part in ImageStat.Stat(picture.convert("RGB"), inked(picture)).median)


def on(bar: Family, key: str, words: Words, base: str = "dark_60") -> Image.Image:
    px_per_mm = 4.0 if key == PRINT else 10.0
    return inscribed(bar.modules[key], words, (400, 200), bar.modules[base].colour, px_per_mm)


@pytest.mark.parametrize(("base", "is_light"), [("dark_60", True), ("ruby_35", True), ("white_32", False)])
def test_a_print_is_white_on_dark_chocolate_and_brown_on_light(
    bar: Family, base: str, is_light: bool
) -> None:
    red, green, blue = colour_of_ink(on(bar, PRINT, Words("Ada"), base))
    assert (lightness((red, green, blue)) > 0.5) is is_light


def test_piped_letters_stand_out_in_light_and_shade(bar: Family) -> None:
    piped = on(bar, PLAQUE, Words("Ada")).convert("RGB")
    levels = ImageStat.Stat(piped.convert("L"), inked(on(bar, PLAQUE, Words("Ada")))).stddev[0]
    assert levels > 12


def test_a_print_shows_the_photo_in_one_colour(bar: Family) -> None:
    photo = Image.linear_gradient("L").rotate(90).resize((600, 300)).convert("RGB")
    alpha = on(bar, PRINT, Words("", photo)).getchannel("A")
    left, right = (
        ImageStat.Stat(alpha.crop(box)).mean[0] for box in ((20, 20, 90, 180), (310, 20, 380, 180))
    )
    assert abs(left - right) > 120
    middle = on(bar, PRINT, Words("", photo)).convert("RGB").crop((250, 50, 350, 150))
    assert max(ImageStat.Stat(middle).stddev) < 3


def test_however_many_words_are_drawn_they_take_only_so_much_memory(bar: Family) -> None:
    for number in range(8):
        ground = bar.modules["dark_60"].colour
        inscribed(bar.modules[PRINT], Words(f"Ada {number}"), (1600, 800), ground, 16.0)
    assert inscriptions.FINISHED.bytes <= 8 * 2**20
    assert len(inscriptions.FINISHED) == 1


def test_without_words_of_its_own_it_says_the_bars_name(ada: Design) -> None:
    assert words_of(ada).text == "Ada"
    assert words_of(ada.inscribed(Inscription("Happy Birthday"))).text == "Happy Birthday"
    assert words_of(ada, Image.new("RGB", (9, 9))).text == ""


def test_even_a_text_that_cannot_be_ordered_has_a_picture(bar: Family) -> None:
    assert inked(on(bar, PLAQUE, Words("M" * 5000))).getbbox() is not None


# ── On the paper ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def dressed(ada: Design) -> Callable[[str], Design]:
    return lambda pattern: ada.wrapped(Wrapper(pattern, "for the one who likes it dark"))


def test_the_six_papers_look_different(dressed: Callable[[str], Design], bar: Family) -> None:
    drawn = {sleeves.artwork(dressed(pattern), bar, 3.0).tobytes() for pattern in WRAPPERS}
    assert len(drawn) == len(WRAPPERS)


def test_every_base_has_a_paper_of_its_own_on_which_words_can_be_read(bar: Family) -> None:
    bases = bar.seats[bar.base_slot.key]
    palettes = [papers.palette_of(base.key, base.colour) for base in bases]
    assert len({palette.paper for palette in palettes}) == len(bases)
    for palette in (*palettes, papers.palette_of("new", "#884422"), papers.palette_of("new", "#EEDDCC")):
        assert contrast(palette.ink, palette.label) >= 7
        assert contrast(palette.on_paper, palette.paper) >= 4.5
        assert contrast(palette.accent, palette.label) >= 4.5
        assert contrast(palette.accent_on_paper, palette.paper) >= 3


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """As WCAG measures it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_on_the_front_reaches_over_its_edge(dressed: Callable[[str], Design], bar: Family) -> None:
    for photo in (False, True):
        sheet = wrapping.sheet(dressed("leaves"), bar, photo=photo)
        for setting in sheet.settings:
            half = setting.lettered.width / 2
            assert setting.x - half > 3
            assert setting.x + half < sheet.width - 3
            assert setting.top > 2
            assert setting.top + setting.lettered.height < sheet.height - 2


def test_no_line_of_the_label_touches_the_next(bar: Family, mini: Family) -> None:
    for family in (bar, mini):
        for name, text in (("Ada", ""), ("Liebe Großmutter Hildegard", "Danke für alles. " * 6)):
            design = Design(family.key, family.version, "milk_37", name=name, wrapper=Wrapper("dots", text))
            parts = sorted(wrapping.sheet(design, family, photo=False).settings, key=lambda part: part.top)
            for upper, lower in pairwise(parts):
                assert upper.top + upper.lettered.height <= lower.top + 0.3


def test_the_sleeve_shows_the_paper_and_its_shadow(dressed: Callable[[str], Design], bar: Family) -> None:
    sleeve = sleeves.sleeve(dressed("dots"), bar, 600)
    whole = sleeves.sleeve_mm(bar)
    assert sleeve.mode == "RGBA"
    assert sleeve.size == (600, round(600 * whole[1] / whole[0]))
    alpha = sleeve.getchannel("A")
    assert (alpha.getpixel((300, sleeve.height // 2)), alpha.getpixel((0, 0))) == (255, 0)


def test_a_photo_fills_its_side_of_the_front(dressed: Callable[[str], Design], bar: Family) -> None:
    art = sleeves.artwork(dressed("dots"), bar, 3.0, Image.new("RGB", (500, 500), (10, 200, 10)), bleed=3)
    assert art.size == (510, 270)
    assert [art.getpixel((x, y)) for x in (1, 100, 220) for y in (1, 268)] == [(10, 200, 10)] * 6
    assert art.getpixel((300, 3)) != (10, 200, 10)


def test_words_turn_with_their_plaque(bar: Family) -> None:
    design = Design(bar.key, bar.version, "milk_37", name="Ada").adding(PLAQUE, "decorations", 4000)
    sizes = []
    for turn in (0, 90):
        scene = lay_out(design.moving(Move("decorations", PLAQUE, 0, 800, 400, turn)), bar)
        (piece,) = scene.pieces
        seen = compose.sprite_with_words(piece, scene, bar, 5.0, Words("Happy Birthday")).straight
        dark = seen.convert("L").point(lambda level: 255 if level < 70 else 0)
        box = ImageChops.multiply(dark, inked(seen)).getbbox()
        assert box
        sizes.append((box[2] - box[0], box[3] - box[1]))
    assert sizes[0][0] > sizes[0][1]
    assert sizes[1] == pytest.approx((sizes[0][1], sizes[0][0]), abs=4)
