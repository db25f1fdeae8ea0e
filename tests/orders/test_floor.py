"""The floor's pages: for staff only, in plain forms, refusing in words."""

from datetime import timedelta
from io import BytesIO

import pdfplumber
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import ImageStat

from configurator.catalogue.families import current_family
from configurator.pictures import photos
from configurator.rendering.inscriptions import PRINT, carried_mm
from orders.models import Job, JobEvent
from orders.production import queue, tickets
from tests.orders.paid import (
    MONDAY_NOON,
    as_a_gift,
    bring_to,
    design,
    jobs_of,
    only_job,
    operator,
    paid_order,
    placed_order,
    with_photo_print,
)

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(client: Client, catalogue: None) -> User:
    user = operator("bea")
    client.force_login(user)
    return user


@pytest.fixture
def job(catalogue: None) -> Job:
    return only_job(paid_order())


def address(page: str, job: Job) -> str:
    return reverse(f"orders:{page}", args=[job.code])


def queue_codes(client: Client, **filters: str) -> list[str]:
    return [row["job"].code for row in client.get("/floor/", filters).context["rows"]]


MM = 72 / 25.4

# ── Who may come in ──────────────────────────────────────────────────────────────────────────────

PAGES = ["floor-job", "floor-ticket", "floor-wrapper", "floor-placement", "floor-print", "floor-ticket-code"]


def test_guests_sign_in_first_and_come_back_to_the_scanned_job(client, job):
    operator("bea")
    page = f"/j/{job.code}/"

    answer = client.get(page)
    assert answer.headers["Location"] == f"/admin/login/?next=/j/{job.code}/"
    form = {"username": "bea", "password": "a-password-of-the-floor", "next": page}
    answer = client.post("/admin/login/", form, follow=True)

    assert answer.redirect_chain[-1][0] == f"/floor/jobs/{job.code}/"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("who", "code"),
    [("guest", 302), ("customer", 403), ("staff", 403)],
)
def test_nobody_else_sees_a_job(client, job, who, code, name):
    if who != "guest":
        user = User.objects.create_user("cleo", password="irrelevant-here", is_staff=who == "staff")
        client.force_login(user)

    answer = client.get(address(name, job))

    assert answer.status_code == code
    assert job.order_line.name not in answer.content.decode()


@pytest.mark.parametrize(("name", "fields"), [("floor-steps", {"to": "kitted"}), ("floor-scraps", {"reason": "broken"})])  # fmt: skip
def test_who_may_only_look_moves_nothing(client, job, name, fields):
    client.force_login(operator("vera", "view_job"))

    assert client.post(address(name, job), fields).status_code == 403
    assert client.get(address("floor-job", job)).context["to"] is None
    assert JobEvent.objects.filter(job=job).count() == 1


def test_a_step_is_never_taken_by_a_link(client, bea, job):
    assert client.get(address("floor-steps", job)).status_code == 405


# ── The queue ────────────────────────────────────────────────────────────────────────────────────


def test_the_most_urgent_bar_is_first(client, bea):
    late = only_job(paid_order(at=timezone.now() - timedelta(days=12)))
    soon = only_job(paid_order(at=timezone.now()))
    later = only_job(paid_order(at=timezone.now() - timedelta(days=6)))

    assert queue_codes(client) == [late.code, later.code, soon.code]


def test_only_paid_open_bars_are_in_the_queue(client, bea):
    placed_order((design(), 1))
    refunded = paid_order()
    refunded.mark_refunded(MONDAY_NOON)
    bring_to(only_job(paid_order()), "shipped", bea)
    open_bar = only_job(paid_order())

    assert queue_codes(client) == [open_bar.code]


def test_the_queue_is_filtered_by_state_due_day_base_and_text(client, bea):
    dark = only_job(paid_order((design("Ada", "dark_60"), 1), at=timezone.now() - timedelta(days=12)))
    milk = only_job(paid_order((design("Björn", "milk_37"), 1), at=timezone.now()))
    bring_to(dark, "kitted", bea)

    assert queue_codes(client, state="kitted") == [dark.code]
    assert queue_codes(client, due="late") == [dark.code]
    assert queue_codes(client, base="milk_37") == [milk.code]
    assert queue_codes(client, q="björn"[1:]) == [milk.code]
    assert queue_codes(client, q=dark.code[:4]) == [dark.code]
    assert queue_codes(client, q=milk.order_line.order.number) == [milk.code]
    assert queue_codes(client, state="wrapped") == []


def test_a_filter_that_makes_no_sense_is_left_out(client, bea, job):
    assert queue_codes(client, state="melted", due="never", base="soap", page="-3") == [job.code]


def test_the_queue_is_shown_page_by_page(client, bea):
    paid_order((design(), 30))

    assert (len(queue_codes(client)), len(queue_codes(client, page="2"))) == (25, 5)


def test_the_morning_knows_how_many_cups_to_weigh(client, bea):
    paid_order((design("Ada", "dark_60", "almond_whole"), 3), at=timezone.now() - timedelta(days=9))
    kitted = only_job(paid_order(at=timezone.now() - timedelta(days=9)))
    bring_to(kitted, "kitted", bea)

    page = client.get("/floor/")

    assert [(row.name, row.cups, row.grams) for row in page.context["all_day"]] == [
        ("Dark chocolate 60 %", 3, "264"),
        ("Roasted almonds, whole", 3, "36"),
    ]
    assert [(state, bars) for state, _label, bars in page.context["counts"] if bars] == [
        ("queued", 3),
        ("kitted", 1),
    ]


def test_a_long_queue_is_counted_so_far_and_no_further(client, bea, monkeypatch):
    monkeypatch.setattr(queue, "MANY", 2)
    paid_order((design(), 3))

    page = client.get("/floor/")

    assert [row["job"].place for row in page.context["rows"]] == [1, 2]
    assert "The 2 most urgent bars; filters show others." in page.content.decode()
    assert "<strong>2+</strong> Queued" in page.content.decode()


@pytest.mark.parametrize("orders", [1, 3])
def test_the_queue_costs_the_same_however_long_it_is(client, bea, django_assert_num_queries, orders):
    for _order in range(orders):
        paid_order((design(), 2))
    client.get("/floor/")

    with django_assert_num_queries(10):
        client.get("/floor/")


# ── Scanning ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "spelling", ["{code}", " {lower} ", "{bare}", "http://shop.example/j/{code}/", "/j/{lower}"]
)
def test_a_code_is_found_however_it_is_scanned_or_typed(client, bea, job, spelling):
    typed = spelling.format(code=job.code, lower=job.code.lower(), bare=job.code.replace("-", ""))

    answer = client.get("/floor/scan/", {"code": typed})

    assert answer.headers["Location"] == address("floor-job", job)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("hello", "“hello” is not a ticket&#x27;s code. It has nine letters and digits, such as 7KQX-M2PRT."),
        ("2222-22222", "No ticket has the code 2222-22222."),
        ("", "This field is required."),
        ("https://elsewhere.example/", "“elsewhere.example” is not a ticket&#x27;s code."),
    ],
)
def test_a_wrong_code_is_refused_in_words(client, bea, typed, words):
    answer = client.get("/floor/scan/", {"code": typed})

    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_mistyped_address_of_a_job_says_so_too(client, bea):
    answer = client.get("/floor/jobs/nonsense/")

    assert answer.status_code == 404
    assert "“nonsense” is not a ticket&#x27;s code." in answer.content.decode()


def test_the_scan_page_is_ready_for_the_scanner(client, bea):
    assert " autofocus " in client.get("/floor/scan/").content.decode()


# ── One job ──────────────────────────────────────────────────────────────────────────────────────


def test_a_job_shows_all_that_is_needed_to_make_it(client, bea):
    job = only_job(paid_order((design("Für Oma", "dark_60", "hazelnut_whole"), 1)))

    page = client.get(address("floor-job", job)).content.decode()

    for expected in (
        job.code,
        "Für Oma",
        "Roasted hazelnuts, whole",
        "12 g",
        "Contains: hazelnuts",
        "Zone O",
        "May contain: egg, barley, oats, wheat, milk",
        f"/p/{job.order_line.design_id}/1200?v=",
        "Kitted: every piece is weighed",
        "Placement map",
    ):
        assert expected in page, expected


def test_the_label_of_a_job_is_the_one_that_was_ordered(client, bea, job):
    line = job.order_line
    line.labels["de"]["ingredients"] = "Zutaten: Schokolade von damals."
    line.save()
    bring_to(job, "checked", bea)
    client.post(address("floor-labels", job))

    answer = client.get(address("floor-label", job))

    with pdfplumber.open(BytesIO(answer.content)) as paper:
        assert "Zutaten: Schokolade von damals." in paper.pages[0].extract_text()


def test_an_order_from_before_there_were_zones_has_its_label_too(client, bea, job):
    line = job.order_line
    for label in line.labels.values():
        for newer in ("zone", "portion", "quid", "accompanying", "keeps_months"):
            del label[newer]
    line.save()

    assert "Zone O" in client.get(address("floor-job", job)).content.decode()
    bring_to(job, "checked", bea)
    client.post(address("floor-labels", job))
    assert client.get(address("floor-label", job)).content.startswith(b"%PDF")


def test_a_label_that_does_not_fit_is_told_and_not_printed(client, bea, job):
    line = job.order_line
    line.labels["de"]["ingredients"] = "Zutaten: " + "Zucker, " * 2000
    line.save()
    bring_to(job, "checked", bea)

    answer = client.post(address("floor-labels", job))

    assert answer.status_code == 409
    assert "The label of this bar does not fit" in answer.content.decode()


def test_the_map_on_the_page_has_every_piece(client, bea, job):
    page = client.get(address("floor-job", job)).content.decode()

    assert page.count("<ellipse") == len(tickets.ticket_of(job).map.marks)


def test_pressing_the_button_takes_the_step(client, bea, job):
    answer = client.post(address("floor-steps", job), {"to": "kitted"}, follow=True)

    assert answer.status_code == 200
    assert f"{job.code}: Kitted." in answer.content.decode()
    assert "Moulded: the chocolate is poured" in answer.content.decode()
    assert [str(event.by) for event in job.events.filter(to_state="kitted")] == ["bea"]


def test_pressing_twice_changes_nothing(client, bea, job):
    for _press in range(2):
        answer = client.post(address("floor-steps", job), {"to": "kitted"}, follow=True)

    assert f"{job.code}: you had already marked it as Kitted." in answer.content.decode()
    assert Job.objects.get(pk=job.pk).job_state == "kitted"


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("packed", "This bar is queued. Its next step is: kitted."),
        ("queued", "Choose the next step on this page."),
        ("scrapped", "Choose the next step on this page."),
        ("", "Choose the next step on this page."),
        ("<script>", "Choose the next step on this page."),
    ],
)
def test_an_impossible_step_is_refused_in_words(client, bea, job, to, words):
    answer = client.post(address("floor-steps", job), {"to": to})

    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert Job.objects.get(pk=job.pk).job_state == "queued"


def test_the_quicker_operator_wins_and_the_other_is_told(client, bea, job):
    bring_to(job, "kitted", operator("cem"))

    answer = client.post(address("floor-steps", job), {"to": "kitted"})

    assert answer.status_code == 409
    assert "cem already marked this bar as kitted" in answer.content.decode()


def test_scrapping_leads_to_the_remake(client, bea, job):
    bring_to(job, "topped", bea)

    answer = client.post(address("floor-scraps", job), {"reason": "broken", "note": "corner"}, follow=True)

    remake = Job.objects.get(remake_of=job)
    assert answer.redirect_chain[-1][0] == address("floor-job", remake)
    assert f"{job.code} is scrapped. This is its remake." in answer.content.decode()
    assert "scrapped: Broken: corner" in answer.content.decode()
    old = client.get(address("floor-job", job)).content.decode()
    assert "while Topped: Broken: corner." in old
    assert remake.code in old


def test_everybody_reads_in_their_own_language_why_a_bar_was_scrapped(client, bea, job):
    bring_to(job, "topped", bea)
    client.post(address("floor-scraps", job), {"reason": "wrong topping", "note": "two almonds"})
    job.refresh_from_db()
    assert job.scrap_reason == "wrong topping: two almonds"
    client.cookies["django_language"] = "de"
    page = client.get(address("floor-job", job)).content.decode()
    assert page.count("Falsches Topping: two almonds") == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "This field is required."),
        ({"reason": "bored"}, "bored is not one of the available choices."),
        ({"reason": "other", "note": ""}, "Say in a few words what went wrong."),
        ({"reason": "broken", "note": "x" * 181}, "at most 180 characters"),
    ],
)
def test_scrapping_needs_a_reason_and_keeps_what_was_typed(client, bea, job, fields, words):
    bring_to(job, "kitted", bea)

    answer = client.post(address("floor-scraps", job), fields)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fields.get("note", "") in answer.content.decode()
    assert Job.objects.count() == 1


def test_a_refunded_bar_is_put_aside(client, bea, job):
    job.order_line.order.mark_refunded(MONDAY_NOON)

    page = client.get(address("floor-job", job))

    assert page.context["to"] is None
    assert "This order is closed: put the bar aside and ask the office." in page.content.decode()


def test_whoever_packs_a_gift_sees_what_to_write_on_its_card(client, bea):
    job = only_job(paid_order((design(), 1), contact=as_a_gift("All my love, Ada")))

    assert "All my love, Ada" not in client.get(address("floor-job", job)).content.decode()
    bring_to(job, "wrapped", bea)
    assert "All my love, Ada" in client.get(address("floor-job", job)).content.decode()


def test_the_other_bars_of_the_parcel_are_one_tap_away(client, bea):
    first, second, third = jobs_of(paid_order((design(), 3)))

    page = client.get(address("floor-job", second))

    assert [job.code for job in page.context["parcel"]] == [first.code, third.code]


@pytest.mark.parametrize("bars", [1, 3])
def test_a_job_costs_the_same_however_many_bars_travel_with_it(client, bea, django_assert_num_queries, bars):
    job = jobs_of(paid_order((design(), bars)))[0]
    client.get(address("floor-job", job))

    with django_assert_num_queries(10):
        client.get(address("floor-job", job))


def test_the_ticket_opens_before_and_after_the_worker_made_it(client, bea, job):
    before = client.get(address("floor-ticket", job))
    tickets.store(job)
    after = client.get(address("floor-ticket", job))

    assert before.headers["Content-Type"] == "application/pdf"
    assert before.headers["Content-Disposition"] == f'inline; filename="{job.code}.pdf"'
    assert before.content == after.content


@pytest.mark.parametrize("sheet", ["wrapper", "placement"])
def test_what_goes_to_the_printer_is_one_tap_away(client, bea, job, sheet):
    page = client.get(address("floor-job", job)).content.decode()
    answer = client.get(address(f"floor-{sheet}", job))

    assert f'href="/floor/jobs/{job.code}/{sheet}.pdf"' in page
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{job.code}-{sheet}.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_the_photo_of_a_print_goes_to_the_printer_at_true_size(client, bea):
    bar = with_photo_print(design("Ada", "dark_60"))
    job = only_job(paid_order((bar, 1)))

    page = client.get(address("floor-job", job)).content.decode()
    answer = client.get(address("floor-print", job))

    assert f'href="/floor/jobs/{job.code}/print.pdf"' in page
    assert answer.headers["Content-Disposition"] == f'inline; filename="{job.code}-print.pdf"'
    width, height = carried_mm(bar, current_family("bar-100"), PRINT)
    with pdfplumber.open(BytesIO(answer.content)) as pdf:
        (image,) = pdf.pages[0].images
        assert (image["width"] / MM, image["height"] / MM) == pytest.approx((width, height), abs=0.01)
        left, right = (
            ImageStat.Stat(pdf.pages[0].to_image(100).original.convert("L").crop(box)).mean[0]
            for box in ((100, 100, 180, 160), (300, 100, 380, 160))
        )
    # White cocoa butter stands where the photo is light; the film for it is black there.
    assert left + 120 < right


def test_a_bar_without_a_print_has_nothing_to_print_on_it(client, bea, job):
    answer = client.get(address("floor-print", job))

    assert answer.status_code == 404
    assert "There is no transfer print on this bar." in answer.content.decode()
    assert "print.pdf" not in answer.content.decode()


def test_a_print_whose_photo_is_gone_is_not_made_up(client, bea):
    bar = with_photo_print(design("Ada", "dark_60"))
    job = only_job(paid_order((bar, 1)))
    photos.forget(bar.photos[0].digest)

    answer = client.get(address("floor-print", job))

    assert answer.status_code == 404
    assert "ask the office" in answer.content.decode()


@pytest.mark.parametrize("sheet", ["floor-wrapper", "floor-placement", "floor-print"])
def test_a_job_that_nobody_knows_has_nothing_to_print(client, bea, sheet):
    assert client.get(reverse(f"orders:{sheet}", args=["nothing"])).status_code == 404


def test_no_page_of_the_floor_is_kept_by_a_browser(client, bea, job):
    assert "no-store" in client.get(address("floor-job", job)).headers["Cache-Control"]


def test_a_colleague_before_a_closed_door_is_led_back_to_the_office(client, catalogue):
    client.force_login(operator("ann", "view_invoice"))

    answer = client.get("/floor/")

    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "You are signed in as ann" in shown
    assert 'href="/admin/"' in shown
    assert 'href="/floor/"' not in shown
