"""The paper that goes with a job, read back as a person, a scanner and a scale would read it."""

import json
from decimal import Decimal

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from configurator.catalogue.families import current_family
from configurator.domain.design import Inscription
from configurator.domain.scene import lay_out
from configurator.pictures import prints
from orders.models import Job
from orders.production import steps, tickets
from tests.orders.paid import (
    MONDAY_NOON,
    as_a_gift,
    bring_to,
    design,
    jobs_of,
    only_job,
    operator,
    paid_order,
    with_photo_print,
)
from tests.scanner import scans

POINTS_PER_MM = 72 / 25.4
pytestmark = pytest.mark.usefixtures("catalogue")


def words(pdf: bytes) -> str:
    with PdfDocument(pdf) as paper:
        return " ".join(paper[0].get_textpage().get_text_range().split())


def picture(pdf: bytes, dpi: int = 200) -> Image.Image:
    with PdfDocument(pdf) as paper:
        shot: Image.Image = paper[0].render(scale=dpi / 72).to_pil()
    return shot


@pytest.fixture
def job(db: None) -> Job:
    bars = ((design("Für Oma Änne", "dark_60", "hazelnut_whole", "sea_salt_flakes"), 2),)
    return jobs_of(paid_order(*bars))[1]


def test_a_ticket_is_one_page_of_a5(job):
    with PdfDocument(tickets.render(job)) as paper:
        millimetres = [round(points / POINTS_PER_MM, 2) for points in paper[0].get_size()]
        assert (len(paper), millimetres) == (1, [210.0, 148.0])


def test_a_ticket_says_what_to_make(job):
    text = words(tickets.render(job))

    for expected in (
        job.code,
        job.order_line.order.number,
        "bar 2 of 2",
        "Für Oma Änne",
        "19 Nov",
        "Thursday",
        "Dark chocolate 60",
        "160 × 80 mm",
        "Roasted hazelnuts, whole 12 g 12 pcs",
        "Sea salt flakes 0.6 g 100 pcs",
        "ZONE O",
        "CONTAINS: HAZELNUTS",
        "May contain: egg, barley, oats, wheat, milk,",
    ):
        assert expected in text.replace("\N{NO-BREAK SPACE}", " "), expected


def test_the_doses_are_the_frozen_recipe_to_the_milligram(job):
    ticket = tickets.ticket_of(job)

    assert [(dose.number, dose.name, dose.grams) for dose in ticket.doses] == [
        (0, "Dark chocolate 60 %", "87.4"),
        (1, "Roasted hazelnuts, whole", "12"),
        (2, "Sea salt flakes", "0.6"),
    ]
    assert sum(Decimal(dose.grams) for dose in ticket.doses) == 100


def test_a_scanner_reads_the_jobs_address(job, settings):
    assert scans(picture(tickets.render(job))) == [f"{settings.SHOP_URL}/j/{job.code}/"]


def test_the_map_shows_every_piece_of_the_scene_at_its_place(job):
    family = current_family("bar-100")
    scene = lay_out(job.order_line.design.value, family)
    numbers = {"hazelnut_whole": 1, "sea_salt_flakes": 2}

    marks = tickets.ticket_of(job).map.marks

    assert [(mark.number, mark.x, mark.y, mark.clockwise) for mark in marks] == [
        (numbers[piece.module], piece.x, piece.y, -piece.turn % 360) for piece in scene.pieces
    ]


def test_the_map_is_drawn_at_true_size(job):
    """The outline of a bar of 160 mm is 160 mm of black line on the paper."""
    dpi = 254
    shot = picture(tickets.render(job), dpi).convert("L")
    per_mm = dpi / 25.4
    longest = max(_longest_dark_run(shot, y) for y in range(int(10 * per_mm), int(30 * per_mm)))

    assert longest / per_mm == pytest.approx(160, abs=1.5)  # the corners are round


def _longest_dark_run(shot: Image.Image, y: int) -> int:
    row = shot.crop((0, y, shot.width, y + 1)).tobytes()
    return max(len(run) for run in bytes(255 if sign < 128 else 0 for sign in row).split(b"\0"))


def test_every_module_has_its_number_on_the_map(job):
    marks = tickets.ticket_of(job).map.marks

    assert {mark.number for mark in marks if mark.numbered} == {1, 2}


def test_a_ticket_names_nobody(job):
    order = job.order_line.order
    pdf = tickets.render(job)
    text = words(pdf).casefold()

    with PdfDocument(pdf) as paper:
        told = json.dumps(paper.get_metadata_dict()).casefold()
    for private in (order.name, order.email, order.street, order.postcode, order.city, "lovelace"):
        assert private.casefold() not in text
        assert private.casefold() not in told


def test_a_remake_says_so_in_large_letters(job):
    bea = operator()
    bring_to(job, "kitted", bea)

    remake = steps.scrap(job, "dropped", by=bea, at=MONDAY_NOON).remake

    text = words(tickets.render(remake))
    assert "REMAKE" in text
    assert "Remake of" in text
    assert job.code.split("-")[0] in text
    assert "REMAKE" not in words(tickets.render(job))


def test_a_gift_says_so_without_its_words(db):
    gift = as_a_gift("All my love, Ada")
    text = words(tickets.render(only_job(paid_order((design(), 1), contact=gift))))

    assert "GIFT" in text
    assert "love" not in text


def test_the_floor_may_read_german_whatever_the_customer_reads(job, settings):
    settings.FLOOR_LANGUAGE = "de"

    ticket = tickets.ticket_of(job)

    assert (ticket.base, ticket.doses[2].grams) == ("Zartbitterschokolade 60 %", "0,6")
    assert "HASELNÜSSE" in words(tickets.render(job))


def test_a_bar_without_toppings_has_an_empty_map_and_a_full_dose(db):
    family = current_family("bar-100")
    plain = design().removing("almond_whole", "toppings").removing("raspberry_fd", "toppings")
    ticket = tickets.ticket_of(only_job(paid_order((plain, 1))))

    assert ticket.map.marks == ()
    assert [dose.grams for dose in ticket.doses] == [str(family.net_mg // 1000)]


def test_the_fullest_bar_still_fits_the_page(db):
    names = (
        "hazelnut_whole",
        "strawberry_fd",
        "sea_salt_flakes",
        "pistachio_chopped",
        "rose_petals",
        "cornflakes",
    )
    full = design("W" * 30, "white_32", *names)
    family = current_family("bar-100")
    for module in ("cocoa_nibs", "cinnamon_ceylon", "chia_seeds"):
        full = full.adding(module, "ingredients", 500)
    for module in ("gold_leaf", "nonpareils"):
        full = full.adding(module, "decorations", family.usual_dose(family.modules[module]))

    pdf = tickets.render(only_job(paid_order((full, 1))))

    with PdfDocument(pdf) as paper:
        assert len(paper) == 1
    for module in full.modules:
        assert family.modules[module].name.en.split(",")[0].split()[0] in words(pdf)


def test_the_floor_reads_how_the_pieces_lie(db):
    heart = design("Für Ada", "dark_60", "hazelnut_whole", "rose_petals", family="heart-80")
    heart = heart.adding("hazelnut_whole", "toppings", 9_600, "ring")
    heart = heart.adding("choc_plaque", "decorations", 3_200).inscribed(Inscription("Ja!"))

    ticket = tickets.ticket_of(only_job(paid_order((heart, 1))))

    assert [(dose.pieces, dose.place) for dose in ticket.doses[1:]] == [
        ("10", "as a ring"),
        ("89", ""),
        ("1", "“Ja!”"),
    ]
    assert ticket.mould.replace("\N{NO-BREAK SPACE}", " ") == "Heart, 80 g, 128 × 115 mm"


def test_a_photo_as_the_print_is_told_and_not_the_bars_name(db):
    ticket = tickets.ticket_of(only_job(paid_order((with_photo_print(design("Ada", "dark_60")), 1))))

    print_ = next(dose for dose in ticket.doses if "print" in dose.name)
    assert print_.place == "photo, see the print file"


def test_pieces_that_do_not_fit_on_top_go_into_the_chocolate(db):
    crowded = design("Ada", "dark_60").adding("almond_whole", "toppings", 25_000, "left-half")

    almonds = tickets.ticket_of(only_job(paid_order((crowded, 1)))).doses[1]

    assert (almonds.pieces, almonds.place) == ("14", "left half, 9 into the chocolate")


def test_the_placement_sheet_numbers_and_counts_as_the_ticket_does(db):
    family = current_family("bar-100")
    crowded = design("Ada", "dark_60", "raspberry_fd").adding("rice_puffed", "ingredients", 2_000)
    crowded = crowded.adding("almond_whole", "toppings", 25_000, "left-half")
    doses = tickets.ticket_of(only_job(paid_order((crowded, 1)))).doses

    sheet = words(prints.placement_pdf(crowded, family, "en"))

    assert [(dose.number, dose.pieces) for dose in doses[2:3]] == [(2, "14")]
    for dose in doses[2:]:
        assert f"{dose.number} {dose.name} {dose.grams} g {dose.pieces} pcs" in sheet


def test_the_mould_is_the_one_with_the_wanted_face(db):
    mould = tickets.ticket_of(only_job(paid_order((design().faced("moulded"), 1)))).mould

    assert mould.replace("\N{NO-BREAK SPACE}", " ") == "Bar, 100 g, Moulded, with segments, 160 × 80 mm"


@pytest.mark.parametrize("family", ["heart-80", "slab-250"])
def test_what_a5_cannot_hold_at_true_size_is_printed_on_a4(db, family):
    large = design("Ada", "dark_60", "hazelnut_whole", family=family)

    with PdfDocument(tickets.render(only_job(paid_order((large, 1))))) as paper:
        millimetres = [round(points / POINTS_PER_MM) for points in paper[0].get_size()]
        assert (len(paper), millimetres) == (1, [297, 210])


def test_the_same_job_prints_the_same_bytes(job):
    assert tickets.render(job) == tickets.render(Job.objects.get(pk=job.pk))


def test_a_ticket_is_kept_once_however_often_it_is_made(job, settings):
    tickets.store(job)
    tickets.store(job)

    job.refresh_from_db()
    assert [file.name for file in (settings.MEDIA_ROOT / "tickets").iterdir()] == [f"{job.code}.pdf"]
    assert job.ticket.name == f"tickets/{job.code}.pdf"
    assert tickets.kept_or_made(job) == tickets.render(job)


def test_a_ticket_that_was_cut_short_is_replaced(job, settings):
    (settings.MEDIA_ROOT / "tickets").mkdir(parents=True)
    (settings.MEDIA_ROOT / "tickets" / f"{job.code}.pdf").write_bytes(b"%PDF-1.7 half of")

    tickets.store(job)

    assert tickets.kept_or_made(job) == tickets.render(job)


def test_a_small_bar_keeps_its_true_size_too(db):
    job = only_job(paid_order((design("Mini", "ruby_35", "coffee_bean_whole", family="mini-40"), 1)))

    plan = tickets.ticket_of(job).map
    assert (plan.length, plan.width) == (960, 560)
    assert "96 × 56 mm" in words(tickets.render(job)).replace("\N{NO-BREAK SPACE}", " ")
    assert PdfDocument(tickets.render(job))[0].get_size()[0] == pytest.approx(210 * POINTS_PER_MM)
