"""A thousand random orders: each invoice is valid, sums to what is paid, and what goes back of it comes to nothing.

The lines are those that the shop's own bill makes of random goods; nothing of the database is needed for the sums.
"""

from __future__ import annotations

from datetime import date
from random import Random

from orders.models import Invoice
from orders.money import invoiced
from orders.money.invoiced import Content, Line, Means, Party, Seller
from orders.papers import einvoice
from orders.prices import billing
from orders.prices.billing import Carriage, Goods, ReductionKind, VolumePrice, VoucherTerms
from tests.orders import einvoices

ORDERS = 1000
RATES = {"DE": 70, "AT": 100, "LU": 30, "IE": 230, "MT": 50, "US": 0}
VOLUME = (VolumePrice(10, 50), VolumePrice(25, 80), VolumePrice(50, 100), VolumePrice(100, 120))
HOUSE = Party("Zoë Müller & Söhne", "Straße 1 <2>", "", "10115", "Berlin", "DE", "Deutschland")
SHOP = Seller("Couverture", "1 Cocoa Lane", "10115", "Berlin", "DE", "a@b.example", "DE999999999", "", "")


def random_content(chance: Random) -> tuple[Content, billing.Bill]:
    """As order_writing merges it: equal bars of one country are one line, in whatever parcels they travel."""
    # What leaves the Union is taxed nowhere here, so it never shares an order with what does not.
    countries = ["US"] if chance.random() < 0.1 else chance.sample(list(RATES)[:5], chance.randint(1, 3))
    parcels = [chance.choice(countries) for _parcel in range(chance.randint(1, 4))]
    goods = [
        Goods(f"bar-{number}", chance.randint(1, 2500), chance.randint(1, 12), RATES[country], parcel)
        for parcel, country in enumerate(parcels, start=1)
        for number in range(chance.randint(1, 5))
    ]
    goods[0] = Goods("bar-0", 600, 3, goods[0].permille, goods[0].parcel)
    carriages = [
        Carriage(parcel, chance.choice((0, 490, 890, 1990))) for parcel in range(1, len(parcels) + 1)
    ]
    bill = billing.bill(goods, carriages, VOLUME, _vouchers(chance))
    lines = tuple(
        Line(
            part=f"line-{place}",
            name=f"Tafel {place}",
            detail="",
            quantity=line.goods.quantity,
            unit_cents=line.goods.unit_cents,
            reduction_cents=line.reduction_cents,
            gross_cents=line.cents,
            permille=line.goods.permille,
            vat_cents=line.vat_cents,
            country=parcels[line.goods.parcel - 1],
        )
        for place, line in enumerate(bill.lines)
    )
    booked = [
        {"permille": tax.permille, "gross_cents": tax.gross_cents, "vat_cents": tax.vat_cents}
        for tax in bill.taxes
    ]
    everything = (*lines, *invoiced.shipping_lines(lines, booked, "Versand"))
    content = Content(
        locale="de",
        seller=SHOP,
        buyer=HOUSE,
        order="C-12345678",
        ordered_on="2026-11-16",
        paid_on="2026-11-16",
        leaves_on=("2026-11-19",),
        destinations=(HOUSE,),
        lines=everything,
        rates=invoiced.rate_sums(everything),
        means=(Means("online", bill.total_cents),),
    )
    return content, bill


def _vouchers(chance: Random) -> list[VoucherTerms]:
    terms = [
        VoucherTerms("TEN", ReductionKind.PERCENT, chance.choice((50, 100, 333))),
        VoucherTerms("FIVE", ReductionKind.AMOUNT, chance.choice((1, 500, 99999))),
        VoucherTerms("FREE", ReductionKind.FREE_SHIPPING),
    ]
    return chance.sample(terms, chance.choice((0, 0, 1, 2)))


def row_of(content: Content, *, kind: str = "invoice") -> Invoice:
    return Invoice(
        kind=kind,
        number="R-2026-000001",
        issued_on=date(2026, 11, 16),
        currency="EUR",
        net_cents=content.net_cents,
        vat_cents=content.vat_cents,
        total_cents=content.total_cents,
        content=content.frozen,
    )


def test_a_thousand_invoices_are_valid_and_sum_to_the_payment_with_the_vat_of_the_books():
    chance = Random(20261122)
    for number in range(ORDERS):
        content, bill = random_content(chance)
        xml = einvoice.xml_of(row_of(content), invoiced.thawed(content.frozen))

        assert content.total_cents == bill.total_cents == sum(means.cents for means in content.means)
        assert {rate.permille: (rate.gross_cents, rate.vat_cents) for rate in content.rates} == {
            tax.permille: (tax.gross_cents, tax.vat_cents) for tax in bill.taxes
        }
        einvoices.assert_of_its_schema(xml)
        einvoices.assert_adds_up(xml)
        if number % 50 == 0:
            assert einvoices.broken_rules(xml) == []


def test_whatever_goes_back_in_whatever_pieces_a_thousand_orders_come_to_nothing():
    chance = Random(4)
    for _number in range(ORDERS):
        content, _bill = random_content(chance)
        notes: list[Content] = []
        left = content.total_cents
        while left:
            cents = left if len(notes) == 4 else chance.randint(1, left)
            line = chance.choice(content.lines)
            shares = {line.part: min(cents, line.gross_cents)} if chance.random() < 0.5 else {}
            lines = invoiced.credited(content, notes, shares, cents, "Other")
            assert sum(each.gross_cents for each in lines) == cents
            assert all(each.vat_cents >= 0 and each.net_cents >= 0 for each in lines)
            notes.append(_note(content, lines))
            left -= cents
        back = invoiced.rate_sums(line for note in notes for line in note.lines)
        assert [(rate.permille, rate.net_cents, rate.vat_cents) for rate in back] == [
            (rate.permille, rate.net_cents, rate.vat_cents) for rate in content.rates if rate.gross_cents
        ]


def test_credit_notes_of_random_orders_break_no_rule():
    chance = Random(7)
    for _number in range(10):
        content, bill = random_content(chance)
        lines = invoiced.credited(content, [], {}, chance.randint(1, bill.total_cents), "Other")
        note = _note(content, lines)
        xml = einvoice.xml_of(row_of(note, kind="credit_note"), note)
        einvoices.assert_adds_up(xml)
        assert einvoices.broken_rules(xml) == []


def _note(content: Content, lines: tuple[Line, ...]) -> Content:
    frozen = content.frozen | {"of_number": "R-2026-000001", "of_date": "2026-11-16"}
    return Content(
        **{
            **{name: getattr(invoiced.thawed(frozen), name) for name in frozen},
            "lines": lines,
            "rates": invoiced.rate_sums(lines),
        }
    )
