"""The file of an invoice is PDF/A-3 with the invoice for programs inside, valid by the rules of the standard."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pdfplumber
import pytest
from pypdf import PdfReader

from orders.models import Invoice, Order
from orders.money import invoiced, invoices
from orders.papers import einvoice, invoice_pdf, packing_slip
from tests.orders import archives, einvoices
from tests.orders.longest import longest_order
from tests.orders.paid import ADA, ADA_AT_HOME, MONDAY_NOON, design, paid_for_two, paid_order
from tests.orders.test_invoices import gives_back, payment_of

pytestmark = pytest.mark.usefixtures("catalogue")
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Maximiliana Freifrau von und zu Hohenzollern-Sigmaringen"
LONG_STREET = "Straße des ewig währenden Friedens und der Völkerverständigung 124 b"
BARS = (
    "Ada",
    "Donaudampfschifffahrtskapitäns",
    "Großmutters Geburtstagstafel!!",
    "Nussknacker",
    "Ein Name aus vielen Wörtern hi",
    "Mitternacht",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "Beerenauslese",
    "Für Opa",
    "Zuckerwatte",
)


def pdf_of(bill: Invoice) -> PdfReader:
    return PdfReader(BytesIO(invoice_pdf.render(bill)))


def words_of(bill: Invoice) -> str:
    with pdfplumber.open(BytesIO(invoice_pdf.render(bill))) as pdf:
        return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def attached(pdf: PdfReader) -> bytes:
    return pdf.attachments["factur-x.xml"][0]


def metadata(pdf: PdfReader) -> str:
    stream: Any = pdf.root_object["/Metadata"].get_object()
    return str(stream.get_data().decode())


@pytest.fixture
def bill() -> Invoice:
    order = paid_for_two((design("Ada"), 1, 2), (design("Crunch", "milk_37"), 2, 1), locale="de")
    return invoices.issue(order, at=MONDAY_NOON)


def taken_back(note: Invoice) -> Invoice:
    assert note.refund is not None
    reversal = invoices.reverse(note.refund, at=MONDAY_NOON)
    assert reversal is not None
    return reversal


def big_order(locale: str) -> Order:
    bars = [
        (design(name, ("dark_60", "milk_37")[place % 2]), place % 2 + 1, (place + 1) % 2)
        for place, name in enumerate(BARS)
    ]
    somebody = replace(
        ADA_AT_HOME, name=LONG_NAME, street=LONG_STREET, extra="Hinterhaus, dritter Aufgang", country="AT"
    )
    return paid_for_two(*bars, to=somebody, locale=locale)


# ── For programs ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", ["en", "de"])
def test_an_invoice_to_two_countries_breaks_no_rule_of_the_standard(locale):
    order = paid_for_two((design("Ada"), 1, 2), (design("Crunch", "milk_37"), 2, 1), locale=locale)
    xml = attached(pdf_of(invoices.issue(order, at=MONDAY_NOON)))

    einvoices.assert_of_its_schema(xml)
    einvoices.assert_adds_up(xml)
    assert einvoices.broken_rules(xml) == []


def test_ten_bars_at_their_volume_price_break_no_rule_either():
    xml = attached(pdf_of(invoices.issue(big_order("de"), at=MONDAY_NOON)))

    assert b"<ram:ActualAmount>" in xml
    einvoices.assert_adds_up(xml)
    assert einvoices.broken_rules(xml) == []


def test_a_credit_note_names_its_invoice_and_breaks_no_rule():
    order = paid_for_two((design("Ada"), 1, 2))
    note = gives_back(payment_of(order), 1000, shipping=300)
    xml = attached(pdf_of(note))

    assert b"<ram:TypeCode>381</ram:TypeCode>" in xml
    assert b"<ram:IssuerAssignedID>R-2026-000001</ram:IssuerAssignedID>" in xml
    einvoices.assert_adds_up(xml)
    assert einvoices.broken_rules(xml) == []


@pytest.mark.parametrize("locale", ["en", "de"])
def test_an_invoice_that_takes_a_credit_note_back_names_it_and_breaks_no_rule(locale):
    order = paid_for_two((design("Ada"), 1, 2), locale=locale)
    note = gives_back(payment_of(order), 1000, shipping=300)
    reversal = taken_back(note)
    xml = attached(pdf_of(reversal))

    assert b"<ram:TypeCode>380</ram:TypeCode>" in xml
    assert b"<ram:IssuerAssignedID>K-2026-000001</ram:IssuerAssignedID>" in xml
    einvoices.assert_adds_up(xml)
    assert einvoices.broken_rules(xml) == []
    assert {"en": "takes the note back", "de": "Stornorechnung"}[locale] in words_of(reversal)


def test_the_rules_do_see_a_wrong_sum(bill):
    """The control: the checks above are no formality."""
    xml = attached(pdf_of(bill)).replace(b"<ram:GrandTotalAmount>5", b"<ram:GrandTotalAmount>6")

    assert any("BR-CO-15" in rule for rule in einvoices.broken_rules(xml))
    with pytest.raises(AssertionError):
        einvoices.assert_adds_up(xml)


def test_what_leaves_the_union_is_free_of_vat_and_says_why(bill):
    content = invoiced.thawed(bill.content)
    lines = tuple(replace(line, permille=0, vat_cents=0) for line in content.lines)
    abroad = replace(content, lines=lines, rates=invoiced.rate_sums(lines))

    assert einvoices.broken_rules(einvoice.xml_of(bill, abroad)) == []


# ── For an archive ───────────────────────────────────────────────────────────────────────────────


def test_it_is_pdf_a_3_and_says_that_it_is_factur_x(bill):
    said = metadata(pdf_of(bill))

    for words in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
    ):
        assert said.count(words) == 1


def test_the_attached_file_is_the_alternative_of_the_page_and_its_colours_are_known(bill):
    root: Any = pdf_of(bill).root_object

    file = root["/AF"][0].get_object()
    assert (file["/AFRelationship"], file["/UF"]) == ("/Alternative", "factur-x.xml")
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"
    assert root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object().get_data()
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "de")


def test_all_its_type_is_embedded_and_nothing_in_it_is_encrypted_or_runs(bill):
    pdf = pdf_of(bill)
    fonts = [
        font.get_object()
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    ]
    described = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]

    assert described
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each) for each in described)
    assert not pdf.is_encrypted
    assert not {"/OpenAction", "/AA"} & set(pdf.root_object)


@pytest.mark.parametrize("locale", ["en", "de"])
def test_papers_of_several_pages_keep_to_the_structure_of_an_archive_and_carry_their_number(locale):
    order = longest_order(locale)
    made = [invoices.issue(order, at=MONDAY_NOON)]
    made.append(gives_back(payment_of(order), 1000, shipping=200))
    reversal = taken_back(made[-1])

    assert len(pdf_of(made[0]).pages) > 1
    for each in (*made, reversal):
        pdf = pdf_of(each)
        assert archives.faults(pdf) == []
        for place, page in enumerate(pdf.pages, start=1):
            words = " ".join(page.extract_text().split())
            assert words.count(each.number) >= 2
            assert {"en": f"Page {place} of", "de": f"Seite {place} von"}[locale] in words
        assert einvoices.broken_rules(attached(pdf)) == []


def test_the_look_at_the_structure_does_see_what_lacks(bill):
    """The control: a paper that is only printed is no archive."""
    slip = PdfReader(BytesIO(packing_slip.render(bill.order.shipments.all()[0])))
    assert any("output intent" in fault for fault in archives.faults(slip))


def test_the_same_row_makes_the_same_bytes(bill):
    assert invoice_pdf.render(bill) == invoice_pdf.render(Invoice.objects.get())


# ── For people ───────────────────────────────────────────────────────────────────────────────────


def test_it_says_what_the_law_asks_for_in_german(bill):
    words = words_of(bill)

    for said in (
        "Rechnung R-2026-000001",
        "Ada Lovelace",
        "Kirchgasse 7",
        "USt-IdNr. DE999999999",
        "16. November 2026",
        "7 % (Deutschland)",
        "10 % (Österreich)",
        "Gesamt mit MwSt.",
        "52,80 €",
    ):
        assert said in words.replace("\u00a0", " ")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_longest_names_and_ten_bars_stay_on_the_paper(locale):
    order = big_order(locale)
    made = invoices.issue(order, at=MONDAY_NOON)

    words = words_of(made)
    for name in BARS:
        assert name[:15] in words
    assert LONG_STREET in words


@pytest.mark.parametrize("name", ["Ελένη Παπαδοπούλου", "Наталья Иванова", "李小龍", "Zoë 🍫", "نور"])
def test_a_name_in_any_writing_has_its_invoice(name):
    order = paid_order(contact=replace(ADA, recipients=(replace(ADA_AT_HOME, name=name),)))
    made = invoices.issue(order, at=MONDAY_NOON)

    xml = attached(pdf_of(made))
    assert name in xml.decode()
    assert einvoices.broken_rules(xml) == []
