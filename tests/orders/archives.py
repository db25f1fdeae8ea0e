"""What PDF/A-3a asks of a file, as far as its structure shows it (ISO 19005-3). No replacement of a whole validator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader

EMBEDDED: Final = {"/FontFile", "/FontFile2", "/FontFile3"}
FORBIDDEN_ACTIONS: Final = {
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/JavaScript",
    "/Hide",
}
RELATIONS: Final = {"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"}


def faults(pdf: PdfReader) -> list[str]:
    return [*_of_the_file(pdf), *_of_the_metadata(pdf), *_of_what_is_attached(pdf), *_of_every_object(pdf)]


def _of_the_file(pdf: PdfReader) -> Iterator[str]:
    root: Any = pdf.root_object
    if "/ID" not in pdf.trailer:
        yield "6.1.3: the file has no ID"
    if pdf.is_encrypted:
        yield "6.1.3: it is encrypted"
    intents = [each.get_object() for each in root.get("/OutputIntents", [])]
    if not any(each.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in each for each in intents):
        yield "6.2.3: no output intent with a profile"
    if {"/AA", "/OpenAction"} & set(root):
        yield "6.6.2: it does something by itself"
    if not root.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in root:
        yield "6.7: it is not tagged"
    if not root.get("/Lang"):
        yield "6.7.4: it has no language"


def _of_the_metadata(pdf: PdfReader) -> Iterator[str]:
    stream: Any = pdf.root_object["/Metadata"].get_object()
    if "/Filter" in stream:
        yield "6.6.2: the metadata are compressed"
    said = stream.get_data().decode()
    if not re.search(r"<pdfaid:part>3</pdfaid:part>", said) or "<pdfaid:conformance>A<" not in said:
        yield "6.6.4: the metadata do not say PDF/A-3a"
    title = pdf.metadata.title if pdf.metadata else None
    if title and title not in said:
        yield "6.6.3: the title is another in the metadata"


def _of_what_is_attached(pdf: PdfReader) -> Iterator[str]:
    root: Any = pdf.root_object
    for file in (each.get_object() for each in root.get("/AF", [])):
        if file.get("/AFRelationship") not in RELATIONS:
            yield "6.8: a file has no relation to the page"
        if not {"/F", "/UF"} <= set(file):
            yield "6.8: a file has no name"
        if "/Subtype" not in file["/EF"]["/F"].get_object():
            yield "6.8: a file has no type"


def _of_every_object(pdf: PdfReader) -> Iterator[str]:
    size: Any = pdf.trailer["/Size"]
    for number in range(1, int(size)):
        each: Any = pdf.get_object(number)
        if not hasattr(each, "get"):
            continue
        if each.get("/Type") == "/Font":
            yield from _of_a_font(each)
        if each.get("/Filter") == "/LZWDecode":
            yield "6.1.7: LZW"
        if each.get("/S") in FORBIDDEN_ACTIONS:
            yield f"6.6.1: {each['/S']}"
        if each.get("/Type") == "/Annot" and not int(each.get("/F", 0)) & 4:
            yield "6.3.2: an annotation that is not printed"


def _of_a_font(font: Any) -> Iterator[str]:
    descended = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    if "/FontDescriptor" not in descended or not EMBEDDED & set(descended["/FontDescriptor"].get_object()):
        yield f"6.2.11.4: {font.get('/BaseFont')} is not embedded"
    if font.get("/Subtype") == "/Type0" and "/ToUnicode" not in font:
        yield f"6.2.11.7: {font.get('/BaseFont')} says no signs"
