"""The studio, the cart, the order, Stripe, the ledger and the refunds say the same sum, to the cent."""

from dataclasses import replace
from random import Random

import pytest
from django.utils import timezone

from configurator import currency, designs
from configurator.catalogue import loading, price_lists
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from configurator.domain.pricing import CURRENCIES, PriceList, quote
from configurator.models import PriceList as PriceListRow
from orders.buying import cart, checkout
from orders.buying.basket import Basket
from orders.buying.due import bill
from orders.buying.parcels import Recipient, units
from orders.buying.wishes import Agreement, Wishes
from orders.models import LedgerEntry, Order, OrderBox, OrderLine, Payment, Voucher
from orders.money import ledger, parts, payments, refunds
from orders.prices import billing, vouchers
from orders.prices.billing import Carriage, Goods, VolumePrice
from tests.orders.paid import ADA, ADA_AT_HOME, design
from tests.orders.test_billing import VOLUME, check, random_cart

LISTS = (
    PriceList(),
    PriceList("USD", 1150, 5),
    PriceList("GBP", 880, 1),
    PriceList("CHF", 980, 5, {"almond_whole": 95}),
)
HOMES = (
    ADA_AT_HOME,
    replace(ADA_AT_HOME, postcode="1010", city="Wien", country="AT"),
    replace(ADA_AT_HOME, postcode="1009", city="Luxembourg", country="LU"),
)


# ── In ten thousand carts ────────────────────────────────────────────────────────────────────────


def test_what_the_studio_says_is_what_ten_thousand_carts_of_real_bars_cost():
    """Every bar at the studio's price in every currency, in carts that reduce, split and tax it."""
    family, random = loading.from_files("bar-100"), Random(11)
    quotes = [
        quote(bar, family, "en", prices) for bar in _random_bars(random, family, 100) for prices in LISTS
    ]
    for _cart in range(10_000):
        shapes, carriages, codes = random_cart(random)
        chosen = [random.choice(quotes) for _line in shapes]
        goods = [
            replace(shape, unit_cents=said.total_cents) for shape, said in zip(shapes, chosen, strict=True)
        ]
        due = billing.bill(goods, carriages, VOLUME, codes)
        check(due)
        assert due.list_cents == sum(
            line.cents * shape.quantity
            for said, shape in zip(chosen, shapes, strict=True)
            for line in said.lines
        )


def _random_bars(random: Random, family, number: int) -> list[Design]:
    bases = [module.key for module in family.modules.values() if module.kind == "base"]
    toppings = [module for module in family.seats["toppings"] if not module.retired]
    return [_random_bar(random, family, random.choice(bases), toppings) for _bar in range(number)]


def _random_bar(random: Random, family, base: str, toppings) -> Design:
    bar = Design(family.key, family.version, base)
    for module in random.sample(toppings, random.randint(0, 5)):
        bar = bar.adding(module.key, "toppings", random.randint(1, 2 * family.usual_dose(module)))
    return bar


# ── From the studio to the refund ────────────────────────────────────────────────────────────────


@pytest.fixture
def lists(catalogue: None) -> None:
    for prices in LISTS[1:]:
        PriceListRow.objects.create(
            currency=prices.currency,
            name="-",
            permille=prices.permille,
            step_cents=prices.step_cents,
            valid_from="2026-01-01",
        )
    price_lists.forget()


@pytest.fixture
def codes(db: None) -> list[str]:
    for code, kind in (
        ("TENPERCENT", {"kind": "percent", "permille": 100}),
        ("FREE", {"kind": "free_shipping"}),
    ):
        Voucher.objects.create(
            code=code, combinable=True, valid_from=timezone.now(), uses_per_customer=None, **kind
        )
    for of_currency in CURRENCIES:
        Voucher.objects.create(
            code=f"THREE-{of_currency}",
            kind="amount",
            cents=333,
            currency=of_currency,
            combinable=True,
            valid_from=timezone.now(),
            uses_per_customer=None,
        )
    return ["TENPERCENT", "FREE", "THREE"]


@pytest.mark.parametrize("seed", range(8))
def test_from_the_studio_to_the_refund_every_sum_is_the_same(till, lists, codes, seed):
    random = Random(seed)
    of_currency = CURRENCIES[seed % len(CURRENCIES)]
    with currency.override(of_currency):
        key = _filled(random)
        for code in random.sample(codes, random.randint(0, 3)):
            typed = f"THREE-{of_currency}" if code == "THREE" else code
            vouchers.enter(key, typed, currency=of_currency, at=timezone.now())
        basket = cart.look(key, locale="en", at=timezone.now())
        _check_studio(basket, of_currency)
        order = _ordered(key, basket, random)
    _check_order(order, of_currency)
    _pay(till, order)
    _check_money(order)
    _check_refund(order, random)


def _filled(random: Random) -> str:
    key = ""
    for number in range(random.randint(1, 4)):
        base = random.choice(("dark_60", "milk_37", "dark_72"))
        toppings = random.sample(("almond_whole", "raspberry_fd", "walnut_halves"), random.randint(1, 3))
        row = designs.save(design(f"Bar {number}", base, *toppings))
        quantity = random.randint(1, 6)
        key = cart.add(key, digest=row.digest, quantity=quantity, locale="en", at=timezone.now()).key
    if random.random() < 0.5:
        row = designs.save(design("Boxed"))
        key = cart.add_box(
            key, size=3, bars={row.digest: 3}, quantity=random.randint(1, 3), locale="en", at=timezone.now()
        ).key
    return key


def _check_studio(basket: Basket, of_currency: str) -> None:
    assert basket.currency == of_currency
    family = current_family("bar-100")
    for line in basket.lines:
        assert line.unit_cents == designs.review(line.design, family, "en").quote.total_cents
    loose, boxed = (sum(part.total_cents for part in parts) for parts in (basket.loose, basket.boxes))
    assert basket.goods_cents == loose + boxed


def _ordered(key: str, basket: Basket, random: Random) -> Order:
    wishes = Wishes(ADA.email, _recipients(basket, random))
    entered = vouchers.entered(key, currency=basket.currency, at=timezone.now())
    due = bill(basket, wishes.recipients, entered, at=timezone.now())
    check(due.sums)
    assert due.sums.list_cents == basket.goods_cents
    return checkout.place(
        key, wishes=wishes, agreement=Agreement(due.total_cents), locale="en", at=timezone.now()
    )


def _recipients(basket: Basket, random: Random) -> tuple[Recipient, ...]:
    homes = random.sample(HOMES, random.randint(1, len(HOMES)))
    given: list[dict[str, int]] = [{} for _home in homes]
    for unit in units(basket):
        for _one in range(unit.quantity):
            gets = random.choice(given)
            gets[unit.key] = gets.get(unit.key, 0) + 1
    who = [replace(home, units=gets) for home, gets in zip(homes, given, strict=True) if gets]
    return tuple(who) if len(who) > 1 else (replace(who[0], units={}),)


def _check_order(order: Order, of_currency: str) -> None:
    parts: list[OrderLine | OrderBox] = [*order.lines.all(), *order.boxes.all()]
    shipments = list(order.shipments.all())
    assert order.currency == of_currency
    assert order.goods_cents == sum(part.total_cents for part in parts)
    assert order.shipping_cents == sum(shipment.shipping_cents for shipment in shipments)
    assert order.total_cents == order.goods_cents + order.shipping_cents
    assert order.total_cents == sum(tax["gross_cents"] for tax in order.vat)
    off_goods = sum(each["cents"] for each in order.reductions if each["kind"] != "free_shipping")
    assert sum(part.reduction_cents for part in parts) == off_goods
    assert sum(part.vat_cents for part in parts) <= sum(tax["vat_cents"] for tax in order.vat)
    for line in order.lines.all():
        assert line.unit_cents == sum(part["cents"] for part in line.price_lines)


def _pay(till, order: Order) -> None:
    till.pay(payments.start(order, at=timezone.now()))
    payments.settle(order.payments.get(), at=timezone.now())
    order.refresh_from_db()
    assert order.is_paid


def _check_money(order: Order) -> None:
    payment = order.payments.get()
    asked = sum(
        line["quantity"] * line["price_data"]["unit_amount"] for line in payment.request["line_items"]
    )
    assert asked == payment.amount_cents == payment.captured_cents == order.total_cents
    assert {line["price_data"]["currency"] for line in payment.request["line_items"]} == {
        order.currency.lower()
    }
    assert ledger.kept(order) == order.total_cents
    assert LedgerEntry.objects.get(order=order).currency == order.currency


def _check_refund(order: Order, random: Random) -> None:
    paid = parts.of(order)
    assert sum(part.left_cents for part in paid) == order.total_cents
    part = random.choice([part for part in paid if part.left_cents])
    refund = refunds.request(
        Payment.objects.get(order=order),
        amount_cents=part.left_cents,
        reason="damaged",
        key=f"test-{order.pk}",
        at=timezone.now(),
        shares={part.key: part.left_cents},
    )
    refunds.sync(refund, at=timezone.now())
    assert ledger.kept(order) == order.total_cents - part.left_cents


def test_volume_prices_reach_the_order(catalogue, lists):
    """Twelve bars of two designs: the order keeps what each costs at the volume price."""
    key = ""
    for name, quantity in (("Ada", 10), ("Bea", 2)):
        row = designs.save(design(name))
        key = cart.add(key, digest=row.digest, quantity=quantity, locale="en", at=timezone.now()).key
    due = bill(cart.look(key, locale="en", at=timezone.now()), ADA.recipients, at=timezone.now())
    each = due.sums.lines[0].goods.unit_cents
    expected = billing.bill(
        [Goods("a", each, 10, 70), Goods("b", each, 2, 70)],
        [Carriage(1, due.shipping_cents)],
        [VolumePrice(10, 50)],
    )
    assert due.sums.reductions == expected.reductions
    assert due.goods_cents == expected.goods_cents
    order = checkout.place(
        key, wishes=ADA, agreement=Agreement(due.total_cents), locale="en", at=timezone.now()
    )
    assert [line.reduction_cents for line in order.lines.all()] == [
        line.reduction_cents for line in expected.lines
    ]
    assert order.reductions == [
        {"kind": "volume", "code": "", "cents": expected.reductions[0].cents},
    ]
