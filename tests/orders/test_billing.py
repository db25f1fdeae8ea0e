"""Sums agree to the cent, in worked examples (docs/pricing.md) and in random carts."""

import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orders.prices.billing import (
    LEAST_CENTS,
    Bill,
    Carriage,
    Goods,
    Reduction,
    ReductionKind,
    Tax,
    VolumePrice,
    VoucherTerms,
    bill,
    included_vat,
    shared_out,
)

PRICING = Path(__file__).parents[2] / "docs" / "pricing.md"
VOLUME = (VolumePrice(10, 50), VolumePrice(25, 80), VolumePrice(50, 100))
RATES = (0, 26, 30, 55, 70, 100, 180, 200, 230)


def amount(cents: int, code: str = "TEN", *, least_goods_cents: int = 0) -> VoucherTerms:
    return VoucherTerms(code, ReductionKind.AMOUNT, cents, least_goods_cents)


def percent(permille: int, code: str = "PERCENT") -> VoucherTerms:
    return VoucherTerms(code, ReductionKind.PERCENT, permille)


FREE_SHIPPING = VoucherTerms("FREE", ReductionKind.FREE_SHIPPING)


# ── The worked examples of docs/pricing.md, each under its heading there ────────────────────────


def test_example_two_bars_to_germany():
    due = bill([Goods("ada", 635, 2, 70), Goods("plain", 490, 1, 70)], [Carriage(1, 490)])
    assert [line.cents for line in due.lines] == [1270, 490]
    assert [line.vat_cents for line in due.lines] == [83, 32]
    assert (due.goods_cents, due.shipping_cents, due.total_cents) == (1760, 490, 2250)
    assert due.taxes == (Tax(70, 2250, 83 + 32 + 32),)


def test_example_a_parcel_with_two_rates():
    due = bill([Goods("dark", 490, 1, 55), Goods("milk", 635, 1, 200)], [Carriage(1, 990)])
    assert shared_out(990, [490, 635]) == [431, 559]
    assert due.taxes == (Tax(55, 490 + 431, 26 + 22), Tax(200, 635 + 559, 106 + 93))
    assert due.total_cents == 490 + 635 + 990 == sum(tax.gross_cents for tax in due.taxes)


def test_example_twelve_bars_at_their_volume_price():
    due = bill([Goods("ada", 635, 10, 70), Goods("plain", 490, 2, 70)], [Carriage(1, 490)], VOLUME)
    assert due.reductions == (Reduction(ReductionKind.VOLUME, "", 10 * 32 + 2 * 25),)
    assert [line.cents for line in due.lines] == [10 * 603, 2 * 465]
    assert due.goods_cents == 6960


def test_example_a_voucher_over_ten_euros_on_three_lines():
    due = bill(
        [Goods("a", 635, 1, 70), Goods("b", 635, 1, 70), Goods("c", 490, 1, 70)], vouchers=[amount(1000)]
    )
    assert [line.reduction_cents for line in due.lines] == [361, 361, 278]
    assert due.goods_cents == 760


def test_example_percent_then_amount_then_free_shipping():
    typed = [FREE_SHIPPING, amount(500), percent(100)]
    due = bill([Goods("ada", 635, 10, 70)], [Carriage(1, 490)], VOLUME, typed)
    assert due.list_cents == 6350
    assert due.reductions == (
        Reduction(ReductionKind.VOLUME, "", 320),
        Reduction(ReductionKind.PERCENT, "PERCENT", 603),
        Reduction(ReductionKind.AMOUNT, "TEN", 500),
        Reduction(ReductionKind.FREE_SHIPPING, "FREE", 490),
    )
    assert (due.goods_cents, due.shipping_cents, due.total_cents) == (4927, 0, 4927)


def test_example_one_of_three_bars_is_given_back():
    line = bill([Goods("ada", 635, 3, 70)], vouchers=[amount(500)]).lines[0]
    assert line.cents == 1405
    assert line.each_cents == [469, 468, 468]


def test_example_one_cart_to_two_countries():
    due = bill(
        [Goods("ada", 635, 1, 70, parcel=1), Goods("ada", 635, 1, 100, parcel=2)],
        [Carriage(1, 490), Carriage(2, 890)],
    )
    assert due.taxes_of(1) == (Tax(70, 1125, 42 + 32),)
    assert due.taxes_of(2) == (Tax(100, 1525, 58 + 81),)
    assert due.taxes == (*due.taxes_of(1), *due.taxes_of(2))


# ── Rules one by one ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gross", "permille", "vat"),
    [(1500, 190, 239), (107, 70, 7), (1, 70, 0), (0, 200, 0), (635, 0, 0), (3, 1000, 2)],
)
def test_the_vat_inside_a_price_is_rounded_half_up(gross, permille, vat):
    assert included_vat(gross, permille) == vat


@pytest.mark.parametrize(
    ("cents", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (1000, [635, 635, 490], [361, 361, 278]),
        (2, [1, 8, 1], [0, 2, 0]),
        (3, [0, 0], [2, 1]),
        (7, [], []),
        (0, [5, 5], [0, 0]),
    ],
)
def test_an_amount_is_shared_out_and_odd_cents_go_where_most_was_cut_off(cents, weights, shares):
    assert shared_out(cents, weights) == shares


@pytest.mark.parametrize(("bars", "each"), [(9, 635), (10, 603), (24, 603), (25, 584), (50, 571), (99, 571)])
def test_the_volume_price_is_that_of_all_bars_together(bars, each):
    due = bill([Goods("a", 635, bars - 1, 70), Goods("b", 635, 1, 70)], volume=VOLUME)
    assert [line.cents for line in due.lines] == [(bars - 1) * each, each]


def test_a_box_of_six_counts_six_bars_and_its_paper_none():
    due = bill([Goods("box", 3810, 2, 70, bars=6), Goods("paper", 300, 2, 70, bars=0)], volume=VOLUME)
    assert [line.reduction_cents for line in due.lines] == [2 * 191, 0]


def test_a_voucher_never_takes_away_what_a_card_can_at_least_be_charged_with():
    due = bill([Goods("ada", 635, 1, 70)], [Carriage(1, 490)], vouchers=[amount(9900), FREE_SHIPPING])
    assert due.total_cents == LEAST_CENTS == 100
    assert bill([Goods("ada", 635, 1, 70)], vouchers=[percent(1000)]).total_cents == 100


def test_a_voucher_counts_from_the_value_that_it_names_at_volume_prices():
    ten = [Goods("ada", 635, 10, 70)]
    assert bill(ten, volume=VOLUME, vouchers=[amount(500, least_goods_cents=6030)]).goods_cents == 5530
    low = bill(ten, volume=VOLUME, vouchers=[amount(500, least_goods_cents=6031)])
    assert low.goods_cents == 6030
    assert low.reductions[-1] == Reduction(ReductionKind.AMOUNT, "TEN", 0)


def test_free_shipping_frees_every_parcel_and_touches_no_goods():
    goods = [Goods("ada", 635, 1, 70, parcel=1), Goods("ada", 635, 1, 70, parcel=2)]
    due = bill(goods, [Carriage(1, 490), Carriage(2, 490)], vouchers=[FREE_SHIPPING])
    assert due.reductions == (Reduction(ReductionKind.FREE_SHIPPING, "FREE", 980),)
    assert (due.shipping_cents, due.total_cents) == (0, 1270)


def test_nothing_costs_nothing():
    due = bill([])
    assert (due.total_cents, due.taxes, due.reductions) == (0, (), ())


# ── In random carts ──────────────────────────────────────────────────────────────────────────────


def test_sums_agree_in_ten_thousand_random_carts():
    random = Random(5)
    for _cart in range(10_000):
        goods, carriages, vouchers = random_cart(random)
        check(bill(goods, carriages, VOLUME, vouchers))


def random_cart(random: Random) -> tuple[list[Goods], list[Carriage], list[VoucherTerms]]:
    parcels = range(1, random.randint(1, 4) + 1)
    goods = [
        Goods(
            key=str(place),
            unit_cents=random.randint(1, 3000),
            quantity=random.randint(1, 99) if random.random() < 0.2 else random.randint(1, 6),
            permille=random.choice(RATES),
            # Every parcel has goods.
            parcel=place if place in parcels else random.choice(parcels),
            bars=random.choice((1, 1, 1, 3, 6, 12, 0)),
        )
        for place in range(1, random.randint(len(parcels), len(parcels) + 6) + 1)
    ]
    carriages = [Carriage(parcel, random.randint(0, 2500)) for parcel in parcels]
    made = [amount(random.randint(1, 9000)), percent(random.randint(1, 1000)), FREE_SHIPPING]
    return goods, carriages, random.sample(made, random.randint(0, 3))


def check(due: Bill) -> None:
    _check_lines(due)
    assert due.goods_cents == sum(line.cents for line in due.lines)
    assert due.total_cents == due.goods_cents + due.shipping_cents
    listed = due.list_cents + sum(carried.carriage.cents for carried in due.carriages)
    assert due.total_cents == listed - sum(reduction.cents for reduction in due.reductions)
    _check_shares(due)
    _check_vat(due)
    off_cents = sum(taken.cents for taken in due.reductions if taken.kind is ReductionKind.VOLUME)
    assert due.goods_cents >= min(LEAST_CENTS, due.list_cents - off_cents)


def _check_lines(due: Bill) -> None:
    for line in due.lines:
        assert 0 <= line.cents <= line.list_cents
        assert all(share.cents >= 0 for share in line.reductions)
        assert sum(line.each_cents) == line.cents
        assert max(line.each_cents) - min(line.each_cents) <= 1
        assert line.vat_cents == included_vat(line.cents, line.goods.permille) <= line.cents
    assert all(0 <= carried.cents <= carried.carriage.cents for carried in due.carriages)


def _check_shares(due: Bill) -> None:
    """Every reduction is the sum of its shares, and each share is in proportion to within a cent."""
    for reduction in due.reductions:
        assert reduction.cents >= 0
        shares = [share for line in due.lines for share in line.reductions]
        shares += [share for carried in due.carriages for share in carried.reductions]
        mine = [share.cents for share in shares if replace(share, cents=0) == replace(reduction, cents=0)]
        assert sum(mine) == reduction.cents


def _check_vat(due: Bill) -> None:
    assert sum(tax.gross_cents for tax in due.taxes) == due.total_cents
    assert due.vat_cents == sum(tax.vat_cents for tax in due.taxes)
    for parcel in {line.goods.parcel for line in due.lines}:
        goods = sum(line.cents for line in due.lines if line.goods.parcel == parcel)
        shipping = sum(each.cents for each in due.carriages if each.carriage.parcel == parcel)
        assert sum(tax.gross_cents for tax in due.taxes_of(parcel)) == goods + shipping
    for tax in due.taxes:
        lines = [line for line in due.lines if line.goods.permille == tax.permille]
        roundings = len(lines) + len(due.carriages)
        # Rounded per line, VAT is off the whole by half a cent a rounding at most.
        assert abs(tax.vat_cents * (1000 + tax.permille) - tax.gross_cents * tax.permille) <= (
            roundings * (1000 + tax.permille) // 2 + 1
        )
        assert tax.vat_cents >= sum(line.vat_cents for line in lines)


LINES = st.lists(
    st.builds(
        Goods,
        key=st.uuids().map(str),
        unit_cents=st.integers(0, 100_000),
        quantity=st.integers(1, 99),
        permille=st.sampled_from(RATES),
        bars=st.integers(0, 12),
    ),
    min_size=1,
    max_size=8,
)
CENTS = st.integers(0, 100_000)
VOUCHERS = st.lists(
    st.one_of(
        st.builds(amount, CENTS, least_goods_cents=st.integers(0, 9_000)),
        st.builds(percent, st.integers(0, 1000)),
        st.just(FREE_SHIPPING),
    ),
    unique_by=lambda voucher: voucher.code,
)


@given(LINES, CENTS, VOUCHERS)
@settings(max_examples=500, deadline=None)
def test_sums_agree_in_any_cart(goods, shipping, vouchers):
    check(bill(goods, [Carriage(1, shipping)], VOLUME, vouchers))


@given(LINES, CENTS, VOUCHERS)
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_codes_are_typed_changes_no_cent(goods, shipping, vouchers):
    bills = {bill(goods, [Carriage(1, shipping)], VOLUME, turn) for turn in permutations(vouchers)}
    assert len(bills) == 1


@given(LINES, VOUCHERS, CENTS)
@settings(max_examples=100, deadline=None)
def test_one_more_voucher_never_makes_an_order_dearer(goods, vouchers, cents):
    before = bill(goods, volume=VOLUME, vouchers=vouchers)
    after = bill(goods, volume=VOLUME, vouchers=[*vouchers, amount(cents, "MORE")])
    assert after.total_cents <= before.total_cents


@given(CENTS, st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
@example(1, [0, 0, 1])
def test_shares_are_exact_and_within_a_cent_of_proportion(cents, weights):
    shares, total = shared_out(cents, weights), sum(weights)
    assert sum(shares) == cents
    if total:
        assert all(
            abs(share * total - cents * weight) < total for share, weight in zip(shares, weights, strict=True)
        )


@given(LINES, CENTS)
@settings(max_examples=100, deadline=None)
def test_a_line_never_pays_for_more_than_it_costs(goods, cents):
    due = bill(goods, vouchers=[amount(cents)])
    assert all(0 <= line.reduction_cents <= line.list_cents for line in due.lines)


def test_every_worked_example_of_the_document_is_a_test():
    headings = re.findall(r"^### (.+)$", PRICING.read_text(), re.MULTILINE)
    named = {f"test_example_{heading.lower().replace(' ', '_')}" for heading in headings}
    assert named == {name for name in globals() if name.startswith("test_example_")}
