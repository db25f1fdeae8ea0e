"""The label on a bar: printed with its lots and its day, the same bytes ever after, and scanned where it belongs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pdfplumber
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from configurator.catalogue.loading import from_files
from configurator.domain.codes import CodeMistyped
from configurator.domain.label import label
from configurator.domain.label.dates import best_before, months_after
from configurator.pictures.label_prints import Stamped, label_pdf
from configurator.rendering.type_sizes import x_ratio
from orders.models import Job, LabelEvent, PrintedLabel
from orders.models.append_only import RecordIsAppendOnly
from orders.models.labels import new_label_code, read_label_code
from orders.papers.zpl import pages, zpl
from orders.production import kitting, labels, refusals, steps, tickets
from orders.production.gates import Told
from tests.configurator.test_label_prints import X_HEIGHT, fullest
from tests.orders.lots import ALMONDS, DARK, KG, RASPBERRIES, filled, lot, weigh_all
from tests.orders.paid import (
    MONDAY_NOON,
    bring_to,
    design,
    jobs_of,
    only_job,
    operator,
    paid_order,
    running,
)
from tests.orders.test_samples import box
from tests.scanner import scans

LATER = MONDAY_NOON + timedelta(hours=3)
POINT = 25.4 / 72
IN_MARCH = date(2027, 3, 31)
pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(db):
    return operator()


@pytest.fixture
def job(bea):
    """Weighed and checked, from lots of which the raspberries end first."""
    sacks = [lot(bea), lot(bea, RASPBERRIES, best_before=IN_MARCH), lot(bea, DARK)]
    job = only_job(paid_order())
    weigh_all(job, bea)
    running(job, bea)
    filled(bea, (sacks[2], KG), temperer="T-O")
    bring_to(job, "checked", bea)
    return job


def checked(bea, *bars) -> list[Job]:
    jobs = jobs_of(paid_order(*bars))
    for each in jobs:
        bring_to(each, "checked", bea)
    return jobs


def wrap(job: Job, bea, scanned: str) -> bool:
    return steps.advance(job, "wrapped", by=bea, at=LATER, told=Told(label=scanned))


def text_of(pdf: bytes, page: int = 0) -> str:
    with pdfplumber.open(BytesIO(pdf)) as paper:
        return " ".join(paper.pages[page].extract_text().replace("\u00a0", " ").split())


def x_heights_mm(pdf: bytes) -> list[float]:
    with pdfplumber.open(BytesIO(pdf)) as paper:
        return [
            char["size"] * POINT * x_ratio(_face(char["fontname"]))
            for page in paper.pages
            for char in page.chars
        ]


def _face(name: str) -> str:
    return "FiraSansExtraCondensed-Bold" if "Bold" in name else "FiraSansExtraCondensed-Regular"


# ── How long a bar keeps ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made_on", "months", "until"),
    [
        (date(2026, 11, 16), 6, date(2027, 5, 16)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 1), 0, date(2026, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(made_on: date, months: int, until: date) -> None:
    assert months_after(made_on, months) == until


@given(
    made_on=st.dates(date(2026, 1, 1), date(2036, 1, 1)),
    months=st.integers(1, 24),
    lots=st.lists(st.dates(date(2026, 1, 1), date(2040, 1, 1)), max_size=5),
)
def test_no_bar_keeps_longer_than_any_of_its_lots(made_on: date, months: int, lots: list[date]) -> None:
    until = best_before(made_on, months, lots)
    assert until <= months_after(made_on, months)
    assert all(until <= lot for lot in lots)
    assert until in (months_after(made_on, months), *lots)


# ── What is printed ──────────────────────────────────────────────────────────────────────────────


def test_a_label_says_the_lots_and_the_day_of_this_very_bar(job, bea):
    printed = labels.print_label(job, by=bea, at=LATER)

    assert (printed.number, printed.locale, printed.made_on, printed.best_before) == (
        1,
        "de",
        MONDAY_NOON.date(),
        IN_MARCH,
    )
    assert sorted(module for module, _code in printed.lots) == [ALMONDS, DARK, RASPBERRIES]
    told = text_of(labels.pdf_of(printed))
    for words in (
        "Mindestens haltbar bis: 31.03.2027",
        f"Los: {job.code}",
        printed.code,
        "Zutaten: Zartbitterschokolade",
        "Kann Ei, Gerste, Hafer, Weizen, Milch,",
        "100 g",
    ):
        assert words in told, words


def test_without_lots_a_bar_keeps_as_long_as_its_shortest_part(bea):
    (job,) = checked(bea, (design("Ada", "dark_60", "almond_whole"), 1))
    months = job.order_line.labels["de"]["keeps_months"]

    printed = labels.print_label(job, by=bea, at=LATER)

    assert (printed.lots, printed.best_before) == ([], months_after(MONDAY_NOON.date(), months))


def test_an_order_from_before_labels_said_how_long_has_its_day_too(bea):
    (job,) = checked(bea)
    line = job.order_line
    now = labels.wanted_of(job).best_before
    del line.labels["de"]["keeps_months"]
    line.save()

    assert labels.print_label(job, by=bea, at=LATER).best_before == now


def test_a_label_names_nobody_but_the_bar(job, bea):
    order = job.order_line.order
    pdf = labels.pdf_of(labels.print_label(job, by=bea, at=LATER))
    told = text_of(pdf).casefold()
    for private in (order.email, "lovelace", "kirchgasse", order.number):
        assert private.casefold() not in told
        assert private.casefold().encode() not in pdf.lower()
    assert "ada" in told, "the bar's own name"


def test_a_label_is_printed_only_once_the_bar_is_checked(bea):
    (job,) = jobs_of(paid_order())
    for state in ("queued", "moulded", "demoulded"):
        bring_to(job, state, bea)
        with pytest.raises(refusals.LabelPrintedTooEarly):
            labels.print_label(job, by=bea, at=LATER)


@pytest.mark.parametrize("key", ["bar-100", "mini-40", "heart-80", "slab-250"])
@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("base", ["blond_33", "dark_65_nas", "vegan_almond"])
def test_also_the_fullest_label_holds_its_stamps_in_type_of_the_legal_size(
    key: str, locale: str, base: str
) -> None:
    family = from_files(key)
    bar = fullest(family, base, locale)
    code = new_label_code()
    address = f"https://www.couverture.example/{locale}/bars/{code}/"
    stamped = Stamped("30 September 2027", "7KQX-M2PRT", code, address)

    pdf = label_pdf(label(bar, family, locale), family, bar.name, bar.code, stamped)

    assert min(x_heights_mm(pdf)) >= X_HEIGHT[key] - 0.001
    assert "30 September 2027" in text_of(pdf)
    (page,) = pages(pdf)
    assert scans(page) == [address]


def test_a_scanner_reads_the_address_of_the_bars_page(job, bea, settings):
    printed = labels.print_label(job, by=bea, at=LATER)

    (page,) = pages(labels.pdf_of(printed))

    assert scans(page) == [f"{settings.SHOP_URL}/de/bars/{printed.code}/"]


def test_each_bag_of_a_box_of_samples_has_its_day_and_its_lot(bea):
    job = only_job(paid_order((box(), 1)))
    bring_to(job, "kitted", bea)

    pdf = labels.pdf_of(labels.print_label(job, by=bea, at=LATER))

    shots = pages(pdf)
    day = labels.written_day(labels.wanted_of(job).best_before, "de")
    assert len(shots) == 4
    for page in range(4):
        assert day in text_of(pdf, page)
        assert job.code in text_of(pdf, page)
    assert [len(scans(shot)) for shot in shots] == [1, 0, 0, 0], "one code, on the lid"
    assert min(x_heights_mm(pdf)) >= 0.9 - 0.001


# ── The same for ever ────────────────────────────────────────────────────────────────────────────


def test_printed_again_it_is_the_same_file_byte_for_byte(job, bea, settings):
    first = labels.print_label(job, by=bea, at=LATER)
    pdf = labels.pdf_of(first)
    settings.SHOP_ADDRESS = "Somewhere else"
    job.order_line.name = "Another name"
    job.order_line.save()

    again = labels.print_label(job, by=bea, at=LATER + timedelta(days=2))

    assert (again.pk, PrintedLabel.objects.count()) == (first.pk, 1)
    assert labels.pdf_of(again) == pdf
    assert sha256(pdf).hexdigest() == first.sha256
    bring_to(job, "packed", bea)
    assert labels.print_label(job, by=bea, at=LATER).pk == first.pk


def test_a_label_is_never_changed(job, bea):
    printed = labels.print_label(job, by=bea, at=LATER)
    event = LabelEvent.objects.create(label=printed, kind="scanned", at=LATER)
    for record in (printed, event):
        with pytest.raises(RecordIsAppendOnly):
            record.save()
        with pytest.raises(RecordIsAppendOnly):
            record.delete()
    with pytest.raises(RecordIsAppendOnly):
        PrintedLabel.objects.update(best_before=LATER.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        PrintedLabel.objects.create(
            job=job, number=1, locale="de", made_on=IN_MARCH, best_before=IN_MARCH, lots=[], text={}, at=LATER
        )


def test_what_changes_in_the_bar_makes_a_new_label_and_the_old_one_is_scanned_into_the_bin(job, bea):
    first = labels.print_label(job, by=bea, at=MONDAY_NOON)
    with_another_lot(job, bea)
    assert labels.standing(job).is_outdated
    with pytest.raises(refusals.LabelChanged):
        wrap(job, bea, first.code)

    second = labels.print_label(job, by=bea, at=MONDAY_NOON)
    assert (second.number, second.code != first.code, second.lots != first.lots) == (2, True, True)
    assert labels.pdf_of(first) != labels.pdf_of(second)
    with pytest.raises(refusals.OldLabelLeft) as refused:
        wrap(job, bea, second.code)
    assert first.code in refused.value.words

    labels.destroy(job, labels.address(first.code, "de"), by=bea, at=LATER)
    labels.destroy(job, first.code, by=bea, at=LATER)
    assert LabelEvent.objects.filter(kind="destroyed").count() == 1
    with pytest.raises(refusals.NotItsLabel, match="old label"):
        wrap(job, bea, first.code)
    assert wrap(job, bea, second.code)


def with_another_lot(job: Job, bea) -> None:
    """The steps are taken back to the scale, and the almonds are weighed once more."""
    job.refresh_from_db()
    while job.job_state != "queued":
        steps.take_back(job, by=bea, at=MONDAY_NOON)
        job.refresh_from_db()
    while kitting.pour_back(job):
        pass
    lot(bea, ALMONDS, best_before=IN_MARCH, number="another")
    weigh_all(job, bea)
    bring_to(job, "checked", bea)


def test_the_label_that_counts_is_not_thrown_away(job, bea):
    printed = labels.print_label(job, by=bea, at=LATER)
    with pytest.raises(refusals.NotItsLabel, match="counts"):
        labels.destroy(job, printed.code, by=bea, at=LATER)


def test_nobody_forgets_a_label_but_by_forgetting_its_order(job, bea):
    printed = labels.print_label(job, by=bea, at=LATER)

    labels.forget_files(job.order_line.order)

    assert not default_storage.exists(printed.pdf)
    printed = PrintedLabel.objects.get()
    assert (printed.pdf, len(printed.sha256)) == ("", 64)
    with pytest.raises(FileNotFoundError):
        labels.pdf_of(printed)


# ── On its bar ───────────────────────────────────────────────────────────────────────────────────


def test_a_bar_is_wrapped_once_its_own_label_is_scanned(job, bea):
    with pytest.raises(refusals.NoLabelYet):
        wrap(job, bea, "")
    printed = labels.print_label(job, by=bea, at=LATER)

    assert wrap(job, bea, labels.address(printed.code, "de").upper()) is True
    assert wrap(job, bea, printed.code) is False, "the same scan once more is the same step"
    assert list(LabelEvent.objects.values_list("label", "kind", "by")) == [(printed.pk, "scanned", bea.pk)]


@pytest.mark.parametrize("scanned", ["", "  ", "nonsense", "B-2222-2222-22222", "L-ABC-DEFG", "\x00"])
def test_what_is_no_label_is_refused(job, bea, scanned: str):
    labels.print_label(job, by=bea, at=LATER)
    with pytest.raises(refusals.NoLabelScanned):
        wrap(job, bea, scanned)


def test_the_ticket_is_no_label(job, bea):
    labels.print_label(job, by=bea, at=LATER)
    with pytest.raises(refusals.NoLabelScanned, match="not the ticket"):
        wrap(job, bea, job.code)


def test_the_label_of_another_bar_stops_the_wrapping(bea):
    first, second = checked(bea, (design("Ada"), 1), (design("Grace"), 1))
    mine, other = (labels.print_label(each, by=bea, at=LATER) for each in (first, second))

    with pytest.raises(refusals.NotItsLabel) as refused:
        wrap(first, bea, other.code)

    assert second.code in refused.value.words
    assert "Grace" in refused.value.words
    first.refresh_from_db()
    assert first.job_state == "checked"
    assert not LabelEvent.objects.exists()
    assert wrap(first, bea, mine.code)


def test_a_parcel_leaves_only_when_each_label_was_scanned_on_its_bar(bea):
    first, second = checked(bea, (design(), 2))
    bring_to(first, "wrapped", bea)
    Job.objects.filter(pk=second.pk).update(job_state="wrapped")  # as no step would leave it

    assert steps.advance(first, "packed", by=bea, at=LATER)
    with pytest.raises(refusals.ShippedBeforeAllScanned) as refused:
        steps.advance(second, "packed", by=bea, at=LATER)
    assert second.code in refused.value.words
    Job.objects.filter(pk=second.pk).update(job_state="packed")
    with pytest.raises(refusals.ShippedBeforeAllScanned):
        steps.advance(first, "shipped", by=bea, at=LATER)


def test_a_code_is_read_as_it_was_typed_and_every_misread_sign_is_noticed():
    code = new_label_code()
    assert read_label_code(code.lower().replace("-", " ")) == code
    assert re.fullmatch(r"B-.{4}-.{4}-.{5}", code)
    for place, sign in enumerate(code[2:], start=2):
        if sign != "-":
            other = "3" if sign == "2" else "2"
            with pytest.raises(CodeMistyped):
                read_label_code(code[:place] + other + code[place + 1 :])


# ── For the label printer ────────────────────────────────────────────────────────────────────────


def test_the_printer_gets_the_picture_of_the_very_same_file(job, bea):
    pdf = labels.pdf_of(labels.print_label(job, by=bea, at=LATER))

    told = zpl(pdf)

    (shot,) = pages(pdf)
    assert told.startswith("^XA^PW709^LL1063")
    assert drawn(told).tobytes() == shot.tobytes()
    assert scans(drawn(told)) == scans(shot) != []
    assert len(told) < 60_000


def test_the_ticket_goes_to_a_printer_too_and_its_code_still_scans(job, bea, client, settings):
    client.force_login(bea)
    answer = client.get(f"/floor/jobs/{job.code}/ticket.zpl")

    (shot,) = pages(tickets.kept_or_made(job), has_pictures=True)
    told = answer.content.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="{job.code}-ticket.zpl"'
    assert drawn(told).tobytes() == shot.tobytes()
    # A5 with its short side across: printers are six inches wide.
    assert told.startswith("^XA^PW1749^LL2481")
    assert scans(drawn(told)) == [f"{settings.SHOP_URL}/j/{job.code}/"]


def drawn(told: str) -> Image.Image:
    """What a printer makes of it, by the manual of ZPL II: written here a second time on purpose."""
    found = re.search(r"\^PW(\d+)\^LL(\d+).*?\^GFA,(\d+),(\d+),(\d+),([^\^]*)\^FS", told, re.DOTALL)
    assert found
    width, height, size, _size, across = (int(number) for number in found.groups()[:5])
    rows: list[str] = []
    row, times = "", 0
    for sign in found[6]:
        if sign in ",!":
            rows.append(row.ljust(2 * across, "0" if sign == "," else "F"))
            row = ""
        elif sign == ":":
            rows.append(rows[-1])
        elif "G" <= sign <= "Y":
            times += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            times += 20 * (ord(sign) - ord("f"))
        else:
            row, times = row + sign * (times or 1), 0
            if len(row) == 2 * across:
                rows.append(row)
                row = ""
    dots = bytes.fromhex("".join(rows))
    assert (len(rows), len(dots)) == (height, size)
    return Image.frombytes("1", (width, height), bytes(~octet & 0xFF for octet in dots)).convert("1")


# ── On the page of the job ───────────────────────────────────────────────────────────────────────


def test_the_page_prints_scans_and_refuses_in_red(bea, client: Client):
    client.force_login(bea)
    first, second = checked(bea, (design("Ada"), 1), (design("Grace"), 1))
    page = f"/floor/jobs/{first.code}/"
    assert "Make its label" in client.get(page).content.decode()
    assert client.get(f"{page}label.pdf").status_code == 409

    assert client.post(f"{page}labels/").status_code == 302
    assert client.post(f"/floor/jobs/{second.code}/labels/").status_code == 302
    mine, other = PrintedLabel.objects.order_by("pk")
    told = client.get(page).content.decode()
    assert mine.code in told
    assert "Scan the label on the bar" in told
    assert client.get(f"{page}label.pdf").content == labels.pdf_of(mine)
    assert client.get(f"{page}label.zpl").content.decode() == zpl(labels.pdf_of(mine))

    for scanned, status, words in (
        ("", 422, "Scan the label that is on the bar."),
        (other.code, 409, "Stop: this is the label of another bar"),
    ):
        refused = client.post(f"{page}steps/", {"to": "wrapped", "label": scanned})
        assert (refused.status_code, words in refused.content.decode()) == (status, True)
    assert client.post(f"{page}steps/", {"to": "wrapped", "label": mine.code}).status_code == 302
    first.refresh_from_db()
    assert first.job_state == "wrapped"


def test_the_page_takes_the_old_label_into_the_bin(job, bea, client: Client):
    client.force_login(bea)
    page = f"/floor/jobs/{job.code}/"
    old = labels.print_label(job, by=bea, at=MONDAY_NOON)
    with_another_lot(job, bea)
    assert "has changed since its label was printed" in client.get(page).content.decode()
    client.post(f"{page}labels/")
    assert "An old label of this bar is still about" in client.get(page).content.decode()

    for typed, status in (("", 422), ("nonsense", 409), (old.code, 302)):
        answer = client.post(f"{page}labels/destruction/", {"old_label": typed})
        assert answer.status_code == status, typed
    assert "is still about" not in client.get(page).content.decode()
