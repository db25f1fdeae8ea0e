"""A box of samples is bought, made, labelled and sent like everything else, each bag as food of its own."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from configurator.pictures.label_prints import CannotBePrinted, pdf, us_pdf
from orders.after.withdrawing import Ground, rights
from orders.buying import cart
from orders.buying.cart import NotForSale
from orders.emails import confirmation
from orders.models import Job, Order
from orders.models.rates import TaxClass
from orders.prices.tax import tax_class
from orders.production import queue, steps, tickets
from orders.production.refusals import StepOutOfTurn
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, only_job, operator, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
IN_THE_BOX = ("almond_whole", "dark_72", "raspberry_fd")


def box(*modules: str, name: str = "To taste") -> Design:
    family = current_family("sample-box")
    made = Design(family.key, family.version, name=name)
    for key in modules or IN_THE_BOX:
        made = made.adding(key, "samples", family.usual_dose(family.modules[key]))
    return made


def pages_of(paper: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(paper)).pages]


@pytest.fixture
def order() -> Order:
    return paid_order((box(), 1), (design(), 1))


@pytest.fixture
def job(order: Order) -> Job:
    return Job.objects.get(order_line__order=order, order_line__family="sample-box")


def test_an_order_keeps_what_is_in_each_bag_and_its_label(order: Order) -> None:
    line = order.lines.get(family="sample-box")
    assert (line.net_mg, line.cents_per_kg, line.unit_cents) == (24_500, 0, 390 + 130 + 63 + 150)
    assert [(part["name"], part["mg"]) for part in line.recipe] == [
        ("Roasted almonds, whole", 12_000),
        ("Dark chocolate 72 %", 10_000),
        ("Freeze-dried raspberry pieces", 2_500),
    ]
    assert [(bag["name"], bag["net_quantity"], bag["zone"]) for bag in line.labels["de"]["bags"]] == [
        ("Geröstete Mandeln", "12 g", "O"),
        ("Edelbitterschokolade. Kakao: 72 % mindestens", "10 g", "F"),
        ("Gefriergetrocknete Himbeeren", "2,5 g", "F"),
    ]
    assert line.allergens == ["NUT-ALM"]


def test_a_parcel_weighs_what_is_in_the_bags(order: Order) -> None:
    assert order.shipments.get().net_mg == 24_500 + 100_000


def test_every_label_reaches_the_customer_with_the_contract(order: Order) -> None:
    letter = confirmation(order)
    (html,) = [str(content) for content, _kind in letter.alternatives]
    assert "2. Dark chocolate. Cocoa solids: 72 % minimum, 10 g" in letter.body
    assert "Ingredients: roasted ALMONDS." in letter.body
    assert "<strong>3. Freeze-dried raspberries</strong>, 2.5 g" in html
    assert "**" not in letter.body + html


def test_the_pages_of_cart_and_order_show_every_label(client: Client) -> None:
    made = box()
    designs.save(made)
    client.post("/cart/lines/", {"design": made.digest, "quantity": 2})
    page = client.get("/cart/").content.decode()
    assert "2 pieces" in page
    assert "One box" in page
    assert "Ingredients: roasted <strong>almonds</strong>." in page
    assert "per kg" not in page


def test_samples_and_bars_stand_apart_on_the_floor(order: Order, job: Job) -> None:
    assert job.base == "sample-box"
    assert {(base.name, base.bars) for base in queue.counts_by_base("en")} == {
        ("Sample box", 1),
        ("Dark chocolate 60 %", 1),
    }


def test_a_box_is_weighed_and_closed_and_nothing_is_poured(order: Order, job: Job) -> None:
    bea = operator()
    assert steps.next_step(job) == "kitted"
    bring_to(job, "kitted", bea)
    assert steps.next_step(job) == "wrapped"
    with pytest.raises(StepOutOfTurn):
        steps.advance(job, "moulded", by=bea, at=MONDAY_NOON)
    for other in jobs_of(order):
        bring_to(other, "wrapped", bea)
    bring_to(job, "packed", bea)


def test_a_ticket_says_what_goes_into_which_bag_and_where_it_is_filled(job: Job) -> None:
    ticket = tickets.ticket_of(job)
    assert [(dose.number, dose.name, dose.grams, dose.place) for dose in ticket.doses] == [
        (1, "Roasted almonds, whole", "12", "Zone O"),
        (2, "Dark chocolate 72 %", "10", "Zone F"),
        (3, "Freeze-dried raspberry pieces", "2.5", "Zone F"),
    ]
    assert (ticket.base, ticket.zone, ticket.contains) == ("Bags, each in its zone", "Zone O", "almonds")
    assert [mark.number for mark in ticket.map.marks] == [1, 2, 3]
    (page,) = pages_of(tickets.render(job))
    assert "Roasted almonds, whole" in page
    assert "12 g" in page


def test_the_labels_of_lid_and_bags_are_printed_as_they_were_ordered(job: Job, client: Client) -> None:
    bea = operator()
    client.force_login(bea)
    bring_to(job, "kitted", bea)
    client.post(f"/floor/jobs/{job.code}/labels/")
    answer = client.get(f"/floor/jobs/{job.code}/label.pdf")
    lid, nuts, dark, fruit = pages_of(answer.content)
    assert "To taste" in lid
    assert "Enthält: Mandeln" in lid
    assert "1 Geröstete Mandeln" in lid
    assert "Zutaten: geröstete Mandeln." in nuts
    assert "Mindestens haltbar bis" in dark
    assert "10 g" in dark
    assert "Los" in fruit
    assert "Couverture" in fruit


@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_sample_has_a_label_that_fits_its_bag(locale: str) -> None:
    family = current_family("sample-box")
    keys = [key for key, module in family.modules.items() if not module.retired]
    for first in range(0, len(keys), 8):
        eight = keys[first : first + 8]
        assert len(pages_of(pdf(box(*eight), family, locale))) == 1 + len(eight)


def test_there_is_no_label_for_the_united_states() -> None:
    with pytest.raises(CannotBePrinted):
        us_pdf(box(), current_family("sample-box"))


def test_a_gift_box_takes_no_box() -> None:
    row = designs.save(box())
    with pytest.raises(NotForSale, match="A gift box holds bars"):
        cart.add_box("", size=3, bars={row.digest: 3}, quantity=1, locale="en", at=MONDAY_NOON)


def test_a_box_of_different_foods_goes_by_the_dearer_rate() -> None:
    assert tax_class(box(), current_family("sample-box")) == TaxClass.FILLED


def test_the_floor_sees_the_box_without_what_only_bars_have(job: Job, client: Client) -> None:
    bea = operator()
    client.force_login(bea)
    bring_to(job, "wrapped", bea)
    page = client.get(f"/floor/jobs/{job.code}/").content.decode()
    assert "Labels of the lid and all bags" in page
    assert "wrapper.pdf" not in page
    assert "placement.pdf" not in page
    assert client.get("/floor/").status_code == 200
    for of_bars in ("wrapper.pdf", "placement.pdf"):
        assert client.get(f"/floor/jobs/{job.code}/{of_bars}").status_code == 404


def test_a_box_can_be_taken_apart_and_so_withdrawn_from(order: Order) -> None:
    grounds = {each.line.family: each.ground for each in rights(order, at=MONDAY_NOON)}
    assert grounds == {"sample-box": Ground.OPEN, "bar-100": Ground.PERSONALISED}


def test_only_a_box_is_an_order_too() -> None:
    assert only_job(paid_order((box(), 1))).base == "sample-box"
