"""An invoice and a credit note on paper: PDF/A-3 in the customer's language, the XML for programs inside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from configurator.domain.family import Cents
from configurator.wording import money
from orders.emails import MONEY_BACK, WHY
from orders.models import Invoice
from orders.money import invoiced, invoices
from orders.money.invoiced import Content, Line, Party, RateSum
from orders.papers import einvoice, factur_x
from orders.papers.typesetting import archived
from orders.templatetags.orders import percent


def render(invoice: Invoice) -> bytes:
    """The same bytes for the same row, as long as typst and fonts are the same; so the file is kept."""
    content = invoiced.thawed(invoice.content)
    with translation.override(content.locale):
        sheet = _sheet(invoice, content)
        xml = einvoice.xml_of(invoice, content, tuple(sheet["notes"]))
        pdf = archived(
            "invoice.typ",
            sheet=json.dumps(sheet, ensure_ascii=False),
            xml=xml.decode(),
            made_at=int(invoice.issued_at.timestamp()),
        )
    return factur_x.marked(pdf)


def _sheet(invoice: Invoice, content: Content) -> dict[str, Any]:
    currency = invoice.currency
    return {
        "language": content.locale,
        "shop": settings.SHOP_NAME,
        "title": f"{_title(invoice)} {invoice.number}",
        "kind": _title(invoice),
        "number": invoice.number,
        "made": [invoice.issued_on.year, invoice.issued_on.month, invoice.issued_on.day],
        "sender": " · ".join(_seller_lines(content)),
        "buyer": _address(content.buyer),
        "facts": list(_facts(invoice, content)),
        "heads": {
            "what": _("What"),
            "quantity": _("Quantity"),
            "each": _("Each"),
            "less": _("Less"),
            "vat": _("VAT"),
            "sum": _("Amount"),
        },
        "lines": [_line(line, currency) for line in content.lines],
        "is_reduced": any(line.reduction_cents for line in content.lines),
        "rates": [_rate(rate, content, currency) for rate in content.rates],
        "rate_heads": [_("VAT rate"), _("Net"), _("VAT"), _("Gross")],
        "total": [_("Total with VAT"), money(content.total_cents, currency)],
        "totals": [
            [_("Net"), money(content.net_cents, currency)],
            [_("VAT"), money(content.vat_cents, currency)],
        ],
        "notes": list(_notes(invoice, content)),
        "foot": [line for line in _foot(content) if line],
        "page": _("Page"),
        "of": _("of"),
    }


def _title(invoice: Invoice) -> str:
    if invoice.is_reversal:
        return _("Cancelling invoice")
    return _("Credit note") if invoice.is_credit_note else _("Invoice")


def _facts(invoice: Invoice, content: Content) -> Iterator[tuple[str, str]]:
    yield (_("Credit note no.") if invoice.is_credit_note else _("Invoice no.")), invoice.number
    yield _("Date"), _day(invoice.issued_on.isoformat())
    if content.of_number:
        yield (
            _("To credit note") if invoice.is_reversal else _("To invoice"),
            _("%(number)s of %(day)s")
            % {
                "number": content.of_number,
                "day": _day(content.of_date),
            },
        )
    yield _("Order"), content.order
    yield _("Ordered on"), _day(content.ordered_on)
    if not content.of_number:
        yield _("Paid on"), _day(content.paid_on)
        yield _("Dispatch planned"), ", ".join(map(_day, content.leaves_on)) or "-"


def _line(line: Line, currency: str) -> dict[str, str]:
    return {
        "name": line.name,
        "detail": line.detail,
        "quantity": str(line.quantity),
        "each": money(line.unit_cents, currency),
        "less": f"−{money(line.reduction_cents, currency)}" if line.reduction_cents else "",
        "vat": percent(line.permille),
        "sum": money(line.gross_cents, currency),
    }


def _rate(rate: RateSum, content: Content, currency: str) -> list[str]:
    names = {place.country: place.country_name for place in content.destinations}
    where = ", ".join(names.get(country, country) for country in rate.countries)
    named = f"{percent(rate.permille)} ({where})" if where else percent(rate.permille)
    return [named, *(money(cents, currency) for cents in (rate.net_cents, rate.vat_cents, rate.gross_cents))]


def _notes(invoice: Invoice, content: Content) -> Iterator[str]:
    if invoice.is_credit_note:
        yield str(WHY.get(content.reason, MONEY_BACK))
        yield _("%(sum)s goes back the way it was paid.") % {"sum": _paid(content, invoice.currency)}
        yield _("This credit note takes back from invoice %(number)s, VAT included.") % {
            "number": content.of_number
        }
        return
    if invoice.is_reversal:
        yield _(
            "The money of credit note %(number)s could not be given back, so this invoice takes the note back."
        ) % {"number": content.of_number}
        yield _(
            "There is nothing to pay: we still have the %(sum)s for you, and give them back in another way."
        ) % {"sum": money(content.total_cents, invoice.currency)}
        return
    yield _("Paid in full on %(day)s: %(sum)s. There is nothing left to pay.") % {
        "day": _day(content.paid_on),
        "sum": _paid(content, invoice.currency),
    }
    yield _("Paid before delivery: the time of supply is the day on which the payment arrived.")
    for reduction in content.reductions:
        yield _reduction(reduction.kind, reduction.code, reduction.cents, invoice.currency)
    yield from _destinations(content)
    if any(not rate.permille for rate in content.rates):
        yield _("Export out of the European Union: free of VAT.")


def _paid(content: Content, currency: str) -> str:
    words = {invoices.ONLINE: _("paid online"), invoices.GIFT_CARD: _("by gift card")}
    each = [
        f"{money(means.cents, currency)} ({words.get(means.kind, means.kind)})" for means in content.means
    ]
    return ", ".join(each)


def _reduction(kind: str, code: str, cents: Cents, currency: str) -> str:
    sum_ = money(cents, currency)
    if kind == "volume":
        return _("Taken off above: %(sum)s as volume price.") % {"sum": sum_}
    if kind == "free_shipping":
        return _("Shipping is free with code %(code)s, which takes off %(sum)s.") % {
            "code": code,
            "sum": sum_,
        }
    return _("Taken off above: %(sum)s with code %(code)s.") % {"sum": sum_, "code": code}


def _destinations(content: Content) -> Iterator[str]:
    others = [place for place in content.destinations if place != content.buyer]
    if len(content.destinations) > 1:
        count = len(content.destinations)
        words = ngettext("Goes to %(count)d address", "Goes to %(count)d addresses", count) % {"count": count}
        yield f"{words}: " + "; ".join(", ".join(_address(place)) for place in content.destinations)
    elif others:
        yield _("Goes to: %(address)s") % {"address": ", ".join(_address(others[0]))}


def _address(of: Party) -> list[str]:
    lines = (of.name, of.street, of.extra, f"{of.postcode} {of.city}", of.country_name)
    return [line for line in lines if line]


def _seller_lines(content: Content) -> list[str]:
    seller = content.seller
    return [seller.name, seller.street, f"{seller.postcode} {seller.city}"]


def _foot(content: Content) -> Iterator[str]:
    seller = content.seller
    yield " · ".join([*_seller_lines(content), seller.country, seller.email])
    numbers = [
        _("VAT ID %(number)s") % {"number": seller.vat_id} if seller.vat_id else "",
        _("Tax number %(number)s") % {"number": seller.tax_number} if seller.tax_number else "",
        seller.register,
    ]
    yield " · ".join(filter(None, numbers))


def _day(iso: str) -> str:
    """Never torn apart at the end of a line."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT").replace(" ", "\u00a0")
