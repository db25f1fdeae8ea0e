"""Says inside a PDF/A-3 that the XML attached to it is an invoice by Factur-X, as readers look for it.

typst attaches the file and writes PDF/A, but no metadata of others (typst issue 5667); drafthorse and factur-x would
write them, and with them the clock into each file, and drop the structure that screen readers need.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

NAMESPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
FILE: Final = "factur-x.xml"
PROFILE: Final = "EN 16931"
_PROPERTIES: Final = {
    "DocumentFileName": ("name of the embedded XML invoice file", FILE),
    "DocumentType": ("type of the hybrid document", "INVOICE"),
    "Version": ("version of the schema of the embedded XML", "1.0"),
    "ConformanceLevel": ("conformance level of the embedded XML", PROFILE),
}
_SCHEMA: Final = (
    '<rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    + "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
        for name, (words, _value) in _PROPERTIES.items()
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
)
_VALUES: Final = (
    f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">'
    + "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (_words, value) in _PROPERTIES.items())
    + "</rdf:Description>"
)
_SCHEMAS: Final = "<pdfaExtension:schemas><rdf:Bag>"


class MetadataAreMissing(ValueError):
    """The PDF has no metadata that could be added to."""


def marked(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.pdf_header = "%PDF-1.7"
    root = writer.root_object
    said = root["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]
    if _SCHEMAS not in said:
        raise MetadataAreMissing
    said = said.replace(_SCHEMAS, _SCHEMAS + _SCHEMA).replace("</rdf:RDF>", f"{_VALUES}</rdf:RDF>")
    stream = DecodedStreamObject()
    stream.set_data(said.encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    root[NameObject("/Metadata")] = writer._add_object(stream)  # noqa: SLF001  # pypdf has no public way
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
