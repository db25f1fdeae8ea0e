"""What comes in is a lot: received once, told apart for ever, taken out in the order in which it expires."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdfium2 import PdfDocument

from configurator.models import Module
from orders import lots, stock
from orders.models import Lot, Stock, StockMove, Supplier
from orders.papers import lot_labels
from orders.production import reordering
from orders.production.fefo import OnShelfLot, suggest
from orders.production.receiving import Delivery, DeliveryRefused, receive
from tests.orders.lots import ALMONDS, IN_MAY, KG, lot
from tests.orders.paid import MONDAY_NOON, operator
from tests.scanner import scans

TODAY = date(2026, 11, 16)


@pytest.fixture
def bea(catalogue: None) -> User:
    return User.objects.create_user("bea", is_staff=True)


# ── First expired, first out ─────────────────────────────────────────────────────────────────────

some_lots = st.lists(
    st.builds(
        OnShelfLot,
        code=st.text("ABCDEF", min_size=4, max_size=4),
        best_before=st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
        received_at=st.integers(0, 3).map(lambda days: MONDAY_NOON - timedelta(days=days)),
        mg=st.integers(-5, 40),
        traces=st.frozensets(st.sampled_from(["CEL", "MUS", "EGG"])),
    ),
    max_size=8,
    unique_by=lambda each: each.code,
)


@given(some_lots, st.integers(0, 200))
def test_what_expires_first_goes_out_first_gram_by_gram(on_shelf: list[OnShelfLot], need: int) -> None:
    """As somebody would who takes single milligrams, each from the lot that expires next."""
    rest = {each: each.mg for each in on_shelf if each.best_before >= TODAY and each.mg > 0}
    by_hand: dict[str, int] = {}
    for _one in range(need):
        there = [each for each, mg in rest.items() if mg]
        if not there:
            break
        first = min(there, key=lambda each: (each.best_before, each.received_at, each.code))
        rest[first] -= 1
        by_hand[first.code] = by_hand.get(first.code, 0) + 1

    assert {each.code: each.mg for each in suggest(on_shelf, need, TODAY)} == by_hand


@given(some_lots, st.integers(0, 200), st.frozensets(st.sampled_from(["CEL", "MUS", "EGG"])))
def test_what_a_label_does_not_name_is_passed_over_as_if_it_were_not_there(
    on_shelf: list[OnShelfLot], need: int, named: frozenset[str]
) -> None:
    may_have = [each for each in on_shelf if each.traces <= named]

    assert suggest(on_shelf, need, TODAY, named) == suggest(may_have, need, TODAY)


# ── Receiving ────────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_makes_the_lot_and_its_move(bea):
    made = lot(bea, mg=25 * KG)

    move = StockMove.objects.get()
    assert (move.lot, move.kind, move.mg, move.by) == (made, "received", 25 * KG, bea)
    assert stock.left([ALMONDS], at=MONDAY_NOON) == {ALMONDS: 25 * KG}


def test_more_of_the_same_lot_joins_it(bea):
    first, second = lot(bea, number="M-17"), lot(bea, number="M-17")

    assert first == second
    assert lots.rest(Lot.objects.get()) == 20 * KG


def test_the_same_number_with_another_date_is_looked_at_again(bea):
    lot(bea, number="M-17")
    with pytest.raises(DeliveryRefused) as refusal:
        lot(bea, number="M-17", best_before=IN_MAY + timedelta(days=1))
    assert refusal.value.field == "best_before"


def test_what_is_past_its_date_is_not_taken_in(bea):
    with pytest.raises(DeliveryRefused) as refusal:
        lot(bea, best_before=TODAY - timedelta(days=1))
    assert refusal.value.field == "best_before"
    assert not Lot.objects.exists()


def test_a_lot_is_counted_for_itself_and_what_came_before_lots_too(bea):
    almonds = Module.objects.get(key=ALMONDS)
    stock.count(almonds, mg=3 * KG, by=bea, at=MONDAY_NOON)
    sack = lot(bea, mg=10 * KG)

    stock.count(almonds, mg=9 * KG, by=bea, at=MONDAY_NOON, lot=sack)
    stock.waste(almonds, mg=1 * KG, by=bea, at=MONDAY_NOON, note="wet", lot=sack)
    stock.count(almonds, mg=2 * KG, by=bea, at=MONDAY_NOON)

    assert lots.rest(Lot.objects.get()) == 8 * KG
    assert lots.lies_without_lot(ALMONDS) == 2 * KG
    assert stock.on_hand([ALMONDS]) == {ALMONDS: 10 * KG}


def test_a_lot_is_found_by_what_a_scanner_reads_and_by_what_a_hand_types(bea):
    sack = lot(bea)
    bare = sack.code.replace("-", "")
    for typed in (sack.code, bare.lower(), f"http://shop.example/l/{sack.code}/", f"/l/{sack.code}"):
        assert lots.find(typed) == sack
    wrong = sack.code[:-1] + ("2" if sack.code[-1] != "2" else "3")
    assert lots.find(wrong) is None
    assert lots.find(bare[1:]) is None


# ── Labels ───────────────────────────────────────────────────────────────────────────────────────


def test_the_label_says_what_it_is_and_a_scanner_reads_it(bea, settings):
    settings.SHOP_URL = "https://shop.example"
    sack = lot(bea, number="M-17")
    pdf = PdfDocument(lot_labels.pdf(sack, 3))

    assert len(pdf) == 3
    words = pdf[0].get_textpage().get_text_bounded()
    assert all(said in words for said in (sack.code, "M-17", "Mandorle Sud", "31 May 2027"))
    picture = pdf[0].render(scale=4).to_pil()
    assert scans(picture) == [f"https://shop.example/l/{sack.code}/"]


# ── In the office ────────────────────────────────────────────────────────────────────────────────

ADD = "/admin/orders/lot/add/"


@pytest.fixture
def office(client: Client, bea: User) -> Client:
    client.force_login(
        operator("ben", "view_lot", "add_lot", "change_lot", "view_stockmove", "add_stockmove")
    )
    Supplier.objects.create(name="Mandorle Sud")
    return client


def delivered(**typed: Any) -> dict[str, Any]:
    return {
        "module": ALMONDS,
        "amount": "12.5",
        "supplier": str(Supplier.objects.get().pk),
        "supplier_lot": " M  17 ",
        "best_before": "2031-05-31",
        "eudr_reference": "",
        "price": "8.40",
        "currency": "EUR",
        "note": "dry, whole",
    } | typed


def errors(answer: Any) -> list[str]:
    return list(answer.context["adminform"].form.errors)


def test_one_form_takes_a_delivery_in(office):
    answer = office.post(ADD, delivered())

    sack = Lot.objects.get()
    assert answer.status_code == 302
    assert (sack.supplier_lot, sack.best_before, sack.price_cents, sack.currency) == (
        "M 17",
        date(2031, 5, 31),
        840,
        "EUR",
    )
    assert StockMove.objects.values_list("mg", "lot__code", "note").get() == (
        12_500_000,
        sack.code,
        "dry, whole",
    )
    shown = office.get(reverse("admin:orders_lot_change", args=[sack.pk])).content.decode()
    assert all(
        words in shown for words in ("12500\u00a0g", "8.40 EUR", f"{sack.pk}/labels.pdf", "dry, whole")
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"best_before": "2020-01-01"}, "best_before"),
        ({"best_before": "soon"}, "best_before"),
        ({"amount": "0"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"module": "unobtainium"}, "module"),
        ({"supplier": ""}, "supplier"),
        ({"supplier_lot": " "}, "supplier_lot"),
        ({"price": "-1"}, "price"),
        ({"currency": "XXX"}, "currency"),
        ({"supplier_lot": "x" * 61}, "supplier_lot"),
    ],
)
def test_a_mistyped_delivery_is_refused_beside_its_field(office, typed, field):
    answer = office.post(ADD, delivered(**typed))

    assert (answer.status_code, errors(answer)) == (200, [field])
    assert 'value="12.5"' in answer.content.decode() or "amount" in typed
    assert not Lot.objects.exists()


def paper(pages: int = 1) -> bytes:
    writer, file = PdfWriter(), BytesIO()
    for _page in range(pages):
        writer.add_blank_page(100, 100)
    writer.write(file)
    return file.getvalue()


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (600, 400), "white").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(("content", "kind"), [(paper(), "application/pdf"), (photo(), "image/jpeg")])
def test_a_certificate_is_kept_for_staff_alone(office, client, content, kind):
    office.post(ADD, delivered(paper=SimpleUploadedFile("whatever.exe", content)))
    page = reverse("admin:orders_lot_certificate", args=[Lot.objects.get().pk])

    answer = office.get(page)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    client.force_login(operator("eve", "view_job"))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 and no more", b"<html>", paper(51), b"%PDF-" + b" " * (5 * 2**20)]
)
def test_what_is_no_paper_is_no_certificate(office, content):
    answer = office.post(ADD, delivered(paper=SimpleUploadedFile("paper.pdf", content)))

    assert errors(answer) == ["paper"]
    assert not Lot.objects.exists()


def test_a_lot_without_a_certificate_has_none_to_show(office, bea):
    assert office.get(reverse("admin:orders_lot_certificate", args=[lot(bea).pk])).status_code == 404


def test_what_came_in_lots_is_counted_lot_by_lot(office, bea):
    sack, other = lot(bea), lot(bea, "raspberry_fd")
    add = "/admin/orders/stockmove/add/"
    form = {"module": ALMONDS, "kind": "counted", "amount": "9000", "note": ""}

    assert errors(office.post(add, form)) == ["lot"]
    assert errors(office.post(add, form | {"lot": other.code})) == ["lot"]
    assert errors(office.post(add, form | {"lot": "L-AAA-AAAA"})) == ["lot"]
    assert errors(office.post(add, form | {"lot": sack.code, "kind": "received"})) == ["kind"]
    assert errors(office.post(add, form | {"lot": sack.code, "kind": "wasted"})) == ["note"]
    assert office.post(add, form | {"lot": sack.code}).status_code == 302
    assert lots.rest(sack) == 9 * KG


def test_the_list_of_lots_asks_the_same_for_one_and_for_many(office, bea, django_assert_max_num_queries):
    for _each in range(3):
        lot(bea)
        with django_assert_max_num_queries(11):
            assert office.get("/admin/orders/lot/?state=there").status_code == 200


def test_the_code_on_a_sack_opens_its_page(office, bea):
    sack = lot(bea)
    assert office.get(f"/l/{sack.code}/").headers["Location"] == f"/admin/orders/lot/{sack.pk}/change/"
    assert office.get("/l/L-AAA-AAAA/").status_code == 404


def test_two_who_take_in_the_same_lot_make_one(bea):
    delivery = Delivery(
        Module.objects.get(key=ALMONDS), Supplier.objects.create(name="S"), "1", IN_MAY, 5 * KG
    )
    assert receive(delivery, by=bea, at=MONDAY_NOON) == receive(delivery, by=bea, at=MONDAY_NOON)
    assert localdate(MONDAY_NOON) == TODAY


# ── When to order more ───────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 10**6), st.integers(0, 60))
def test_what_goes_evenly_needs_no_reserve(a_day: int, lead_days: int) -> None:
    assert reordering.reorder_point([a_day] * 28, lead_days) == a_day * lead_days


def test_what_goes_unevenly_needs_one() -> None:
    # Every other day 200 g: 100 g a day, σ = 100 g; 100 × 9 + 1.65 × 100 × 3.
    assert reordering.reorder_point([0, 200_000] * 14, 9) == 1_395_000


def test_four_weeks_are_looked_back_at_and_the_shelf_says_what_follows(office, bea):
    today = localdate()
    almonds = Module.objects.get(key=ALMONDS)
    for back in (0, 1, 28, 29):
        at = timezone.now() - timedelta(days=back)
        stock.waste(almonds, mg=28_000, by=bea, at=at, note="tried")
    row = Stock.objects.get()

    assert reordering.advice(row, today=today).a_day_mg == 2_000
    Stock.objects.update(lead_days=0)
    assert reordering.advice(Stock.objects.get(), today=today).point_mg == 0
    client_of_stock = operator("sam", "view_stock")
    office.force_login(client_of_stock)
    assert (
        "2 g are used a day"
        in office.get(f"/admin/orders/stock/{ALMONDS.replace('_', '_5F')}/change/").content.decode()
    )
