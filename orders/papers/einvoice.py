"""The invoice as a program reads it: Factur-X / ZUGFeRD, profile EN 16931, as a UN/CEFACT document.

Written with drafthorse, and held against the standard's schema. Amounts are net there: a line's net
price is that of its whole quantity, for 6.35 with VAT inside has no exact net price in cents.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import drafthorse
from drafthorse.models.accounting import ApplicableTradeTax, TradeAllowanceCharge
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentMeans
from drafthorse.models.tradelines import LineItem
from lxml import etree

from configurator.domain.family import Cents
from orders.models import Invoice
from orders.money.invoiced import Content, Line, Party, RateSum

GUIDELINE: Final = "urn:cen.eu:en16931:2017"
SCHEMA: Final = "Factur-X_1.0.07_EN16931.xsd"
INVOICE, CREDIT_NOTE = "380", "381"
PIECE: Final = "H87"
ONLINE_PAYMENT: Final = "68"
DISCOUNT: Final = "95"
STANDARD, EXPORT = "S", "G"
EXPORT_REASON: Final = "VATEX-EU-G"


def xml_of(invoice: Invoice, content: Content, notes: tuple[str, ...] = ()) -> bytes:
    document = Document()
    document.context.guideline_parameter.id = GUIDELINE
    document.header.id = invoice.number
    document.header.type_code = CREDIT_NOTE if invoice.is_credit_note else INVOICE
    document.header.issue_date_time = _day(invoice.issued_on.isoformat())
    for words in notes:
        note = IncludedNote()
        note.content = words
        document.header.notes.add(note)
    _sell(document.trade.agreement, content)
    _deliver(document.trade.delivery, content)
    for place, line in enumerate(content.lines, start=1):
        document.trade.items.add(_line(line, place))
    _settle(document.trade.settlement, content, invoice)
    xml = document.serialize(schema=None)
    assert isinstance(xml, bytes)
    _schema().assertValid(etree.fromstring(xml))
    return xml


def _sell(agreement: Any, content: Content) -> None:
    seller = content.seller
    agreement.seller.name = seller.name
    agreement.seller.address.line_one = seller.street
    agreement.seller.address.postcode = seller.postcode
    agreement.seller.address.city_name = seller.city
    agreement.seller.address.country_id = seller.country
    agreement.seller.electronic_address.uri_ID = ("EM", seller.email)
    if seller.register:
        agreement.seller.description = seller.register
    for scheme, number in (("VA", seller.vat_id), ("FC", seller.tax_number)):
        if number:
            registration = TaxRegistration()
            registration.id = (scheme, number)
            agreement.seller.tax_registrations.add(registration)
    _address(agreement.buyer, content.buyer)
    agreement.buyer_order.issuer_assigned_id = content.order


def _address(party: Any, of: Party) -> None:
    party.name = of.name
    party.address.line_one = of.street
    if of.extra:
        party.address.line_two = of.extra
    party.address.postcode = of.postcode
    party.address.city_name = of.city
    party.address.country_id = of.country


def _deliver(delivery: Any, content: Content) -> None:
    """Where all of it goes to one person; the days stand in the notes, for nothing has left yet."""
    if len(content.destinations) == 1:
        _address(delivery.ship_to, content.destinations[0])


def _line(line: Line, place: int) -> LineItem:
    item = LineItem()
    item.document.line_id = str(place)
    item.product.name = line.name
    if line.detail:
        item.product.description = line.detail
    before = line.net_cents + line.reduction_net_cents
    item.agreement.net.amount = _amount(before)
    item.agreement.net.basis_quantity = (Decimal(line.quantity), PIECE)
    item.delivery.billed_quantity = (Decimal(line.quantity), PIECE)
    _tax(item.settlement.trade_tax, line.permille)
    if line.reduction_net_cents:
        allowance = TradeAllowanceCharge()
        allowance.indicator = False
        allowance.actual_amount = _amount(line.reduction_net_cents)
        allowance.reason_code = DISCOUNT
        item.settlement.allowance_charge.add(allowance)
    item.settlement.monetary_summation.total_amount = _amount(line.net_cents)
    return item


def _settle(settlement: Any, content: Content, invoice: Invoice) -> None:
    settlement.currency_code = invoice.currency
    means = PaymentMeans()
    means.type_code = ONLINE_PAYMENT
    settlement.payment_means.add(means)
    for rate in content.rates:
        settlement.trade_tax.add(_rate(rate))
    sums = settlement.monetary_summation
    sums.line_total = _amount(content.net_cents)
    sums.charge_total = sums.allowance_total = _amount(0)
    sums.tax_basis_total = _amount(content.net_cents)
    sums.tax_total = (_amount(content.vat_cents), invoice.currency)
    sums.grand_total = _amount(content.total_cents)
    sums.prepaid_total = _amount(content.total_cents)
    sums.due_amount = _amount(0)
    if content.of_number:
        settlement.invoice_referenced_document.issuer_assigned_id = content.of_number
        settlement.invoice_referenced_document.issue_date_time = _day(content.of_date)


def _rate(rate: RateSum) -> ApplicableTradeTax:
    tax = ApplicableTradeTax()
    tax.calculated_amount = _amount(rate.vat_cents)
    tax.basis_amount = _amount(rate.net_cents)
    _tax(tax, rate.permille)
    if not rate.permille:
        tax.exemption_reason_code = EXPORT_REASON
    return tax


def _tax(tax: Any, permille: int) -> None:
    tax.type_code = "VAT"
    tax.category_code = STANDARD if permille else EXPORT
    tax.rate_applicable_percent = Decimal(permille) / 10


@cache
def _schema() -> Any:
    """Read once: drafthorse itself would read it for each invoice."""
    return etree.XMLSchema(file=str(Path(drafthorse.__file__).parent / "schema" / SCHEMA))


def _amount(cents: Cents) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _day(iso: str) -> datetime:
    day = date.fromisoformat(iso)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
