"""The printed label is measured in the file that goes to the printer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import Any

import pdfplumber
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from configurator import designs
from configurator.catalogue.families import current_family, family_under
from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label import label
from configurator.domain.label.us import us_label
from configurator.domain.label.us_panel import in_a_line
from configurator.models import Creation
from configurator.pictures import label_prints
from configurator.pictures.label_prints import LabelTooLong, LabelUnfinished, NotSoldThere
from configurator.rendering.type_sizes import digit_ratio, x_ratio
from tests import loaded

FAMILIES = ("bar-100", "mini-40", "heart-80", "slab-250")
POINT = 25.4 / 72
X_HEIGHT = {"bar-100": 1.2, "mini-40": 0.9, "heart-80": 1.2, "slab-250": 1.2}
DIGITS = {"bar-100": 3.0, "mini-40": 2.0, "heart-80": 3.0, "slab-250": 4.0}
ROUNDING_MM = 0.001
EDGE = 2.5 / POINT
"""No letter comes nearer to where the label is cut."""


def ada(family: Family) -> Design:
    design = Design(family.key, family.version, "dark_60", name="Ada")
    for module, mg in (("almond_whole", 12_000), ("raspberry_fd", 2_500), ("sea_salt_flakes", 600)):
        design = design.adding(module, "toppings", mg * family.net_mg // 100_000)
    return design


def fullest(family: Family, base: str, locale: str) -> Design:
    """All slots full of what takes most words, each with a share of its own."""
    design = Design(family.key, family.version, base, name="W" * family.name_max)
    for slot in family.slots[1:]:
        longest = sorted(family.seats[slot.key], key=lambda m: -len(m.ingredient.text.to(locale)))
        for module in [m for m in longest if not design.has(m.key)][: slot.maximum]:
            design = design.adding(module.key, slot.key, 35 * family.net_mg // 1000)
    return design


def page_of(pdf: bytes) -> Any:
    with pdfplumber.open(BytesIO(pdf)) as paper:
        assert len(paper.pages) == 1
        return paper.pages[0]


def size_mm(pdf: bytes) -> tuple[int, int]:
    page = page_of(pdf)
    return round(page.width * POINT), round(page.height * POINT)


def x_heights_mm(pdf: bytes) -> set[float]:
    """Of every letter on the page, from the metrics of the face that it is set in."""
    return {char["size"] * POINT * x_ratio(face_of(char)) for char in page_of(pdf).chars}


def face_of(char: dict[str, Any]) -> str:
    name = char["fontname"].partition("+")[2]
    assert name in {"FiraSans-ExtraCondensedRegular", "FiraSans-ExtraCondensedBold"} or name.startswith(
        "FiraSansExtraCondensed"
    ), name
    return "FiraSansExtraCondensed-Bold" if "Bold" in name else "FiraSansExtraCondensed-Regular"


def words(pdf: bytes) -> Counter[str]:
    return Counter(page_of(pdf).extract_text().replace("\u00a0", " ").split())


# ── Size of the type ─────────────────────────────────────────────────────────────────────────────


def test_the_letters_are_measured_in_the_font_file() -> None:
    assert x_ratio("FiraSansExtraCondensed-Regular") == 0.527
    assert x_ratio("FiraSansExtraCondensed-Bold") == 0.531


@pytest.mark.parametrize("key", FAMILIES)
@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_letter_is_as_large_as_the_law_asks(key: str, locale: str) -> None:
    family = from_files(key)
    for design in (ada(family), fullest(family, "blond_33", locale)):
        pdf = label_prints.pdf(design, family, locale)
        assert min(x_heights_mm(pdf)) >= X_HEIGHT[key] - ROUNDING_MM


@pytest.mark.parametrize("key", FAMILIES)
def test_the_net_quantity_has_the_digits_of_its_weight(key: str) -> None:
    family = from_files(key)
    page = page_of(label_prints.pdf(ada(family), family, "en"))
    largest = max(char["size"] for char in page.chars)
    net = "".join(char["text"] for char in page.chars if char["size"] == largest)
    assert net.replace("\u00a0", " ") == label(ada(family), family, "en").net_quantity
    assert largest * POINT * digit_ratio("FiraSansExtraCondensed-Bold") >= DIGITS[key] - ROUNDING_MM


@pytest.mark.parametrize("key", FAMILIES)
def test_name_and_net_quantity_stand_in_one_field_of_vision(key: str) -> None:
    family = from_files(key)
    first_line = page_of(label_prints.pdf(ada(family), family, "en")).extract_text().split("\n")[0]
    assert first_line.startswith("Dark chocolate. Cocoa solids: 60")
    assert first_line.replace("\u00a0", " ").endswith(label(ada(family), family, "en").net_quantity)


# ── Room ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "usual", "largest"),
    [
        ("bar-100", (60, 90), (152, 72)),
        ("mini-40", (88, 48), (88, 72)),
        ("heart-80", (60, 90), (120, 107)),
        ("slab-250", (60, 90), (152, 107)),
    ],
)
def test_the_label_grows_with_its_text(key: str, usual: tuple[int, int], largest: tuple[int, int]) -> None:
    family = from_files(key)
    assert size_mm(label_prints.pdf(ada(family), family, "en")) == usual
    assert size_mm(label_prints.pdf(fullest(family, "blond_33", "de"), family, "de")) == largest


@pytest.mark.parametrize("key", FAMILIES)
@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("base", ["blond_33", "dark_65_nas", "vegan_almond"])
def test_the_fullest_bar_fits_with_every_word(key: str, locale: str, base: str) -> None:
    family = from_files(key)
    design = fullest(family, base, locale)
    printed = label(design, family, locale)
    pdf = label_prints.pdf(design, family, locale)
    read = squeezed(PdfReader(BytesIO(pdf)).pages[0].extract_text())
    for told in (
        printed.name, printed.ingredients, printed.precaution, *printed.statements, printed.storage,
    ):  # fmt: skip
        assert squeezed(told) in read
    page = page_of(pdf)
    letters = [char for char in page.chars if char["text"].strip()]
    assert all(char["x0"] >= EDGE and char["x1"] <= page.width - EDGE for char in letters)
    assert all(char["top"] >= EDGE and char["bottom"] <= page.height - EDGE / 2 for char in letters)


def squeezed(text: str) -> str:
    """Lines break anywhere, and a non-breaking space is a space."""
    return re.sub(r"\s|\*\*", "", text)


def test_what_does_not_fit_is_never_printed() -> None:
    family = from_files("mini-40")
    endless = replace(label(ada(family), family, "en"), ingredients="Ingredients: " + "sugar, " * 900)
    with pytest.raises(LabelTooLong):
        label_prints.label_pdf(endless, family, "Ada", "CODE")


def test_a_name_in_other_letters_is_printed_in_the_same_face() -> None:
    family = from_files("bar-100")
    page = page_of(label_prints.pdf(ada(family).named("Аня Ωmega"), family, "en"))
    assert "Аня Ωmega" in page.extract_text()
    assert len({char["fontname"] for char in page.chars}) == 2


def test_the_same_bar_is_the_same_file() -> None:
    family = from_files("bar-100")
    assert label_prints.pdf(ada(family), family, "de") == label_prints.pdf(ada(family), family, "de")


def test_without_a_base_there_is_no_legal_name() -> None:
    family = from_files("bar-100")
    with pytest.raises(LabelUnfinished):
        label_prints.pdf(ada(family).on_base(None), family, "en")


# ── The United States ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", FAMILIES)
def test_the_american_label_has_the_panel_and_the_list(key: str) -> None:
    family = from_files(key)
    printed = us_label(ada(family), family)
    pdf = label_prints.us_pdf(ada(family), family)
    read = squeezed(PdfReader(BytesIO(pdf)).pages[0].extract_text())
    for told in (printed.name, printed.net_quantity, printed.ingredients, printed.contains_statement):
        assert squeezed(told) in read
    text = re.sub(r"\s+", " ", page_of(pdf).extract_text())
    assert f"{printed.servings} serving" in text
    assert f"Serving size {printed.serving}" in text
    for row in ("Total Fat", "Saturated Fat", "Added Sugars", "Vitamin D", "Potassium", "% Daily Value*"):
        assert row in text


@pytest.mark.parametrize("base", ["dark_60", "blond_33", "gianduja_milk", "vegan_almond"])
def test_the_fullest_small_bar_says_its_nutrition_in_a_line(base: str) -> None:
    """A panel leaves no room for the longest list; a pack of under 40 square inches may do without one."""
    family = from_files("mini-40")
    design = fullest_in_us(family, base)
    printed = us_label(design, family)
    pdf = label_prints.us_pdf(design, family)
    assert size_mm(pdf) == (88, 142)
    read = squeezed(PdfReader(BytesIO(pdf)).pages[0].extract_text())
    for told in (
        printed.name, printed.net_quantity, printed.ingredients, printed.contains_statement,
        printed.precaution, printed.storage, in_a_line(printed),
    ):  # fmt: skip
        assert squeezed(told) in read
    page = page_of(pdf)
    letters = [char for char in page.chars if char["text"].strip()]
    assert min(char["size"] for char in letters) >= 6
    assert all(char["x0"] >= EDGE and char["x1"] <= page.width - EDGE for char in letters)
    # The box of a letter is higher than its ink.
    assert all(char["top"] >= EDGE / 2 and char["bottom"] <= page.height - EDGE / 2 for char in letters)


def fullest_in_us(family: Family, base: str) -> Design:
    design = Design(family.key, family.version, base, name="W" * family.name_max)
    for slot in family.slots[1:]:
        sold = [m for m in family.seats[slot.key] if not m.ingredient.market_block]
        longest = sorted(sold, key=lambda m: -len(m.ingredient.text.en))
        for module in [m for m in longest if not design.has(m.key)][: slot.maximum]:
            design = design.adding(module.key, slot.key, family.usual_dose(module) // 2)
    return design


def test_a_larger_bar_always_has_its_panel() -> None:
    for key in ("bar-100", "heart-80", "slab-250"):
        family = from_files(key)
        page = page_of(label_prints.us_pdf(fullest_in_us(family, "blond_33"), family))
        assert "% Daily Value*" in page.extract_text()


def test_the_american_list_is_a_sixteenth_of_an_inch_high() -> None:
    family = from_files("bar-100")
    page = page_of(label_prints.us_pdf(ada(family), family))
    line = next(line for line in page.extract_text_lines() if line["text"].startswith("Ingredients"))
    assert min(char["size"] for char in line["chars"]) * POINT * 0.527 >= 25.4 / 16 - ROUNDING_MM


def test_what_may_not_be_sold_there_has_no_label_there() -> None:
    family = from_files("bar-100")
    with pytest.raises(NotSoldThere, match="tonka"):
        label_prints.us_pdf(ada(family).adding("tonka", "ingredients", 100), family)


# ── Over HTTP ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(db: None) -> Iterator[Design]:
    family_under.cache_clear()
    loaded.catalogue()
    design = ada(current_family("bar-100"))
    designs.save(design)
    yield design
    family_under.cache_clear()


@pytest.mark.parametrize(("prefix", "name"), [("", "Dark chocolate."), ("/de", "Zartbitterschokolade.")])
def test_whoever_sees_the_bar_may_print_its_label(
    client: Client, kept: Design, prefix: str, name: str
) -> None:
    answer = client.get(f"{prefix}/d/{kept.digest}/label.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert name in page_of(answer.content).extract_text()


@pytest.mark.parametrize("prefix", ["", "/de"])
def test_the_page_before_the_purchase_says_all_that_the_label_says(
    client: Client, kept: Design, prefix: str
) -> None:
    """Art. 14(1): everything but the day and the lot, which nobody knows yet."""
    printed = words(client.get(f"{prefix}/d/{kept.digest}/label.pdf").content)
    shown = words_of_label(client.get(f"{prefix}/d/{kept.digest}/").content.decode())
    stamped = "Mindestens haltbar bis: Los:" if prefix else "Best before: Lot:"
    assert printed - shown == Counter([*stamped.split(), kept.code])
    assert not shown - printed


def words_of_label(page: str) -> Counter[str]:
    begin = page.index('<div class="label" id="label"')
    # Emphasis stands inside words; every other element parts them.
    text = re.sub(r"</?strong>", "", page[begin : end_of_division(page, begin)])
    return Counter(unescape(re.sub(r"<[^>]*>", " ", text)).replace("\u00a0", " ").split())


def end_of_division(page: str, begin: int) -> int:
    depth = 0
    for tag in re.finditer(r"<(/?)div\b", page[begin:]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return begin + tag.start()
    raise AssertionError("The division is never closed.")


def test_the_american_label_of_a_blocked_bar_names_what_blocks_it(client: Client, kept: Design) -> None:
    blocked = kept.adding("tonka", "ingredients", 100)
    designs.save(blocked)
    assert client.get(f"/d/{kept.digest}/label.pdf?in=us").status_code == 200
    refused = client.get(f"/d/{blocked.digest}/label.pdf?in=us")
    assert refused.status_code == 409
    assert "Tonka bean" in refused.content.decode()
    assert "not permitted in food there" in refused.content.decode()


def test_a_bar_without_a_base_is_told_what_is_missing(client: Client, kept: Design) -> None:
    bare = kept.on_base(None)
    designs.save(bare)
    refused = client.get(f"/d/{bare.digest}/label.pdf")
    assert refused.status_code == 409
    assert "Choose its base in the studio." in refused.content.decode()


def test_the_label_of_a_private_bar_answers_nobody_else(client: Client, kept: Design) -> None:
    Creation.objects.create(
        maker="somebody",
        design=designs.find(kept.digest),
        started_from=designs.save(kept.named("At first")),
        visibility="private",
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )
    assert client.get(f"/d/{kept.digest}/label.pdf").status_code == 404
