"""What goes to a printer is measured in the printed file itself."""

from __future__ import annotations

from io import BytesIO
from math import dist
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image, ImageChops, ImageFilter, ImageStat
from pypdf import PdfReader

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.catalogue.loading import from_files
from configurator.catalogue.starts import start
from configurator.domain.design import WRAPPERS, Design, Photo, Wrapper
from configurator.domain.family import Family
from configurator.domain.scene import lay_out, outline_of
from configurator.models import Photo as PhotoRow
from configurator.pictures import photos, prints
from configurator.rendering import sleeves, wrapping
from configurator.rendering.flat_sleeves import FLAP, spine_mm
from tests import loaded
from tests.scanner import scans

POINT = 25.4 / 72
FAMILIES = ("bar-100", "mini-40", "heart-80", "slab-250")
NEAR_ENOUGH_MM = 0.05
"""Ten times closer than what is promised."""


def bar_of(key: str, wrapper: Wrapper | None = None, name: str = "Happy Birthday") -> tuple[Design, Family]:
    family = from_files(key)
    design = Design(family.key, family.version, "dark_72", name=name, wrapper=wrapper or Wrapper())
    for module, mg in (("almond_whole", 12_000), ("raspberry_fd", 2_500), ("pistachio_chopped", 4_000)):
        design = design.adding(module, "toppings", mg * family.net_mg // 100_000)
    return design, family


def millimetres(box: Any) -> tuple[float, ...]:
    return tuple(round(float(side) * POINT, 2) for side in box)


def page_of(pdf: bytes, dpi: int = 100) -> Image.Image:
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil()
    return picture.convert("RGB")


# ── The sleeve ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", FAMILIES)
def test_a_sleeve_says_where_it_is_cut_and_bleeds_three_millimetres(key: str) -> None:
    design, family = bar_of(key, Wrapper("leaves", "for Ada"))
    page = PdfReader(BytesIO(prints.wrapper_pdf(design, family))).pages[0]
    width, face = wrapping.face_mm(family)
    height = 2 * face + 2 * spine_mm(family) + FLAP
    assert millimetres(page.trimbox) == pytest.approx((10, 10, 10 + width, 10 + height), abs=0.02)
    assert millimetres(page.bleedbox) == pytest.approx((7, 7, 13 + width, 13 + height), abs=0.02)
    assert millimetres(page.mediabox) == pytest.approx((0, 0, 20 + width, 20 + height), abs=0.02)


@pytest.mark.parametrize("pattern", WRAPPERS)
def test_the_paper_is_printed_to_the_end_of_the_bleed_and_no_further(pattern: str) -> None:
    page = page_of(prints.wrapper_pdf(*bar_of("mini-40", Wrapper(pattern))), 200)
    dot = 200 / 25.4
    for x in (7.3, page.width / dot - 7.3):
        assert page.getpixel((round(x * dot), round(40 * dot))) != (255, 255, 255)
    for x in (6.7, page.width / dot - 6.7):
        assert page.getpixel((round(x * dot), round(40 * dot))) == (255, 255, 255)


def test_marks_show_the_knife_where_to_cut() -> None:
    page = page_of(prints.wrapper_pdf(*bar_of("mini-40")), 300)
    dot = 300 / 25.4
    beside = page.crop((round(1 * dot), round(9 * dot), round(6 * dot), round(11 * dot))).convert("L")
    rows = [y for y in range(beside.height) if ImageStat.Stat(beside.crop((9, y, 40, y + 1))).mean[0] < 160]
    assert sum(rows) / len(rows) / dot + 9 == pytest.approx(10, abs=0.1)


def test_all_type_is_embedded() -> None:
    design, family = bar_of("bar-100", Wrapper("dots", "Χρόνια πολλά, Юлія"), name="Ørjan ḁ")
    resources: Any = PdfReader(BytesIO(prints.wrapper_pdf(design, family))).pages[0]["/Resources"]
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for font in resources["/Font"].values()
    ]
    assert len(fonts) >= 3
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)


def test_words_are_words_in_the_file() -> None:
    design, family = bar_of("bar-100", Wrapper("waves", "for Ada, who likes it dark"))
    with pdfplumber.open(BytesIO(prints.wrapper_pdf(design, family))) as pdf:
        text = pdf.pages[0].extract_text()
    assert "for Ada, who likes it dark" in text
    assert design.code in text


def test_a_telephone_finds_the_design() -> None:
    design, family = bar_of("bar-100", Wrapper("confetti"))
    assert scans(page_of(prints.wrapper_pdf(design, family), 200)) == [
        f"{settings.SHOP_URL}/d/{design.digest}/"
    ]


@pytest.mark.parametrize(
    ("key", "pattern"), list(zip(FAMILIES, ("stripes", "leaves", "dots", "waves"), strict=True))
)
def test_what_is_printed_is_what_the_picture_shows(key: str, pattern: str) -> None:
    design, family = bar_of(key, Wrapper(pattern, "for Ada, who likes it dark"))
    dpi = 150
    dot = dpi / 25.4
    width, face = wrapping.face_mm(family)
    printed = page_of(prints.wrapper_pdf(design, family), dpi).crop(
        (round(10 * dot), round(10 * dot), round((10 + width) * dot), round((10 + face) * dot))
    )
    shown = sleeves.artwork(design, family, dot, shop=settings.SHOP_NAME).resize(printed.size)
    soft = [picture.filter(ImageFilter.GaussianBlur(2)) for picture in (printed, shown)]
    assert max(ImageStat.Stat(ImageChops.difference(*soft)).mean) < 3


def test_the_same_design_gives_the_same_file() -> None:
    design, family = bar_of("mini-40", Wrapper("stripes"))
    assert prints.wrapper_pdf(design, family) == prints.wrapper_pdf(design, family)


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "dpi"), [((1900, 2200), 400), ((900, 1040), 304), ((500, 560), 164)])
def test_a_photo_is_printed_as_finely_as_it_is(size: tuple[int, int], dpi: int) -> None:
    digest = "cd" * 32
    PhotoRow.objects.create(digest=digest, width=size[0], height=size[1])
    file = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, "JPEG")
    default_storage.save(photos.name_of(digest), ContentFile(file.getvalue()))
    design, family = bar_of("bar-100", Wrapper("plain", photo=Photo(digest)))
    with pdfplumber.open(BytesIO(prints.wrapper_pdf(design, family))) as pdf:
        (image,) = pdf.pages[0].images
        assert image["srcsize"][0] / (image["width"] / 72) == pytest.approx(dpi, abs=2)


# ── The sheet to lay a bar on ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", FAMILIES)
def test_the_sheet_is_at_true_size(key: str) -> None:
    """The bar's outline, every piece on it and the ruler, measured in the file."""
    design, family = bar_of(key)
    with pdfplumber.open(BytesIO(prints.placement_pdf(design, family, "en"))) as pdf:
        page = pdf.pages[0]
        drawn = [*page.curves, *page.rects]
        ruler = max((line for line in page.lines if line["top"] > 500), key=lambda line: line["width"])
    assert ruler["width"] * POINT == pytest.approx(100, abs=NEAR_ENOUGH_MM)
    bars = [
        shape
        for shape in drawn
        if shape["width"] * POINT == pytest.approx(family.length / 10, abs=NEAR_ENOUGH_MM)
        and shape["height"] * POINT == pytest.approx(family.width / 10, abs=NEAR_ENOUGH_MM)
    ]
    assert len(bars) == 1
    left, top = bars[0]["x0"], bars[0]["top"]
    middles = {
        (
            round(((shape["x0"] + shape["x1"]) / 2 - left) * POINT, 1),
            round(((shape["top"] + shape["bottom"]) / 2 - top) * POINT, 1),
        )
        for shape in drawn
    }
    scene = lay_out(design, family)
    assert scene.pieces
    for piece in scene.pieces:
        assert any(
            abs(piece.x / 10 - x) < NEAR_ENOUGH_MM + 0.05 and abs(piece.y / 10 - y) < NEAR_ENOUGH_MM + 0.05
            for x, y in middles
        )


def test_pieces_are_drawn_in_their_true_size() -> None:
    design, family = bar_of("bar-100")
    with pdfplumber.open(BytesIO(prints.placement_pdf(design, family, "en"))) as pdf:
        curves = pdf.pages[0].curves
    almonds = [piece for piece in lay_out(design, family).pieces if piece.module == "almond_whole"]
    outline = outline_of(family.modules["almond_whole"], 1, family.length, family.width, almonds[0].size)
    longest = [max(dist(one, other) for one in c["pts"] for other in c["pts"]) * POINT for c in curves]
    drawn = [length for length in longest if abs(length - outline.length / 10) < NEAR_ENOUGH_MM]
    assert len(drawn) == len(almonds)


def test_the_sheet_names_what_is_laid_in_the_language_that_is_asked_for() -> None:
    design, family = bar_of("bar-100")
    with pdfplumber.open(BytesIO(prints.placement_pdf(design, family, "de"))) as pdf:
        text = pdf.pages[0].extract_text()
    assert "Mit 100 % drucken" in text
    assert family.modules["almond_whole"].name.de in text


# ── Who gets them ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(db: None) -> Design:
    loaded.catalogue()
    design = start(current_family("bar-100"), "en")
    return designs.save(design).value


def staff(*permissions: str) -> Client:
    user = User.objects.create_user(f"staff-{len(permissions)}", is_staff=True)
    for name in permissions:
        user.user_permissions.add(Permission.objects.get(codename=name))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("sheet", ["wrapper", "placement"])
def test_only_staff_with_the_permission_get_a_print(kept: Design, sheet: str) -> None:
    address = f"/d/{kept.digest}/{sheet}.pdf"
    answers = [Client().get(address), staff().get(address), staff("view_design").get(address)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert answers[2]["Content-Type"] == "application/pdf"
    assert answers[2].content.startswith(b"%PDF")


def test_a_sleeve_with_a_photo_needs_the_permission_for_photos_too(kept: Design) -> None:
    PhotoRow.objects.create(digest="ef" * 32, width=2000, height=2000)
    design = designs.save(kept.wrapped(Wrapper(photo=Photo("ef" * 32)))).value
    address = f"/d/{design.digest}/wrapper.pdf"
    answers = [staff("view_design").get(address), staff("view_design", "view_photo").get(address)]
    assert [answer.status_code for answer in answers] == [403, 200]


def test_there_is_no_print_of_a_design_that_nobody_made(kept: Design) -> None:
    assert staff("view_design").get(f"/d/{'0' * 64}/placement.pdf").status_code == 404


def test_the_office_finds_both_beside_the_design(kept: Design) -> None:
    page = staff("view_design").get(f"/admin/configurator/design/{kept.digest}/change/").content.decode()
    assert all(f'href="/d/{kept.digest}/{sheet}.pdf"' in page for sheet in ("wrapper", "placement"))
