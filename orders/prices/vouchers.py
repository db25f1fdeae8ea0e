"""Vouchers: typed into a cart, looked at on every page, used under lock in the one moment of placing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from configurator.wording import money
from orders.models import Cart, GiftCard, Order, Payment, PaymentState
from orders.models.vouchers import CODE_MAX, CartVoucher, Voucher, VoucherUse
from orders.prices.billing import LEAST_CENTS, Bill, ReductionKind, VoucherTerms

CODES_MAX: Final = 3
TAKEN: Final = (PaymentState.PAID, PaymentState.REFUNDED)
"""The use of such an order counts for ever; one that was cancelled, paid or not, gives it back."""


class VoucherRefused(Exception):
    """The message tells the customer why this code does not count, and what would help."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The codes of a cart: those that count now, and why others do not."""

    vouchers: tuple[Voucher, ...] = ()
    refusals: tuple[tuple[str, str], ...] = ()
    """Code and words; of a gift card its number."""
    gift_cards: tuple[GiftCard, ...] = ()
    """They reduce nothing: they pay."""

    @property
    def terms(self) -> tuple[VoucherTerms, ...]:
        return terms(self.vouchers)


def enter(key: str, typed: str, *, currency: str, at: datetime) -> Voucher:
    """A code into the open cart of that key. Raises VoucherRefused."""
    voucher = _find(typed)
    with transaction.atomic():
        cart = Cart.objects.select_for_update().filter(key=key).first()
        # Asked after the lock: a checkout that held it has made its order by now.
        if cart is None or Order.objects.filter(cart=cart).exists():
            raise VoucherRefused(_("Put a bar into the cart first, then type the code."))
        _check(voucher, currency=currency, at=at)
        others = [entry.voucher for entry in cart.vouchers.select_related("voucher")]
        _check_together([*(other for other in others if other != voucher), voucher])
        CartVoucher.objects.get_or_create(cart=cart, voucher=voucher)
    return voucher


def leave(key: str, code: str) -> None:
    """The code out of the open cart of that key."""
    entries = CartVoucher.objects.filter(cart__key=key, cart__order=None, voucher__code=_read(code))
    entries.delete()


def entered(cart: Cart | str, *, currency: str, at: datetime) -> Entered:
    """What the codes of a cart, or of the open cart of a key, are worth now. One query."""
    of_cart = Q(cart=cart) if isinstance(cart, Cart) else Q(cart__key=cart, cart__order=None)
    entries = CartVoucher.objects.filter(of_cart).select_related("voucher").order_by("pk")
    counted = entries.annotate(
        used=Count("voucher__uses", filter=counting(at, "voucher__uses__"), distinct=True)
    )
    good: list[Voucher] = []
    refusals: list[tuple[str, str]] = []
    for entry in counted:
        try:
            _check(entry.voucher, currency=currency, at=at, used=entry.used)
            _check_together([*good, entry.voucher])
        except VoucherRefused as refusal:
            refusals.append((entry.voucher.code, str(refusal)))
        else:
            good.append(entry.voucher)
    return Entered(tuple(good), tuple(refusals))


def counting(at: datetime, uses: str = "") -> Q:
    """Which uses count: of orders that are paid, or may be paid still. `uses` leads to them from elsewhere.

    The clock alone must not give one back: a payment may be under way, and its news late.
    """
    kept = Q(**{f"{uses}until": None}) | Q(**{f"{uses}until__gt": at})
    under_way = Q(**{f"{uses}order__payments__state__in": Payment.ACTIVE})
    waiting = Q(**{f"{uses}order__payment_state": PaymentState.PENDING})
    return Q(**{f"{uses}order__payment_state__in": TAKEN}) | (waiting & (kept | under_way))


def use(order: Order, vouchers: Iterable[Voucher], *, at: datetime, until: datetime | None = None) -> None:
    """Counts under lock, then writes the uses of this order down; in the transaction that places it.

    After `until` somebody else may have them, if nobody is paying the order. Raises VoucherRefused, and the order must not be placed.
    """
    wanted = [voucher.pk for voucher in vouchers]
    if not wanted:
        return
    customer = customer_digest(order.email)
    for voucher in locked(wanted):
        _check(voucher, currency=order.currency, at=at)
        _check_customer(voucher, customer, at=at)
        VoucherUse.objects.create(voucher=voucher, order=order, customer=customer, at=at, until=until)


def use_again(order: Order, *, at: datetime, until: datetime) -> None:
    """Whoever comes back later to pay: what has been given back meanwhile may be another's now.

    Under the order's lock. Raises VoucherRefused. That a code has run out since does not matter: the order was
    placed at this price.
    """
    mine = {used.voucher_id: used for used in order.voucher_uses.all()}
    for voucher in locked(list(mine)) if mine else ():
        _check_often(voucher, at=at, not_by=order)
        _check_customer(voucher, mine[voucher.pk].customer, at=at, not_by=order)
    order.voucher_uses.update(until=until)


def give_back(order: Order) -> None:
    """Of a paid order that was cancelled before anything was made of it; under its lock."""
    order.voucher_uses.all().delete()


def locked(wanted: Sequence[int]) -> list[Voucher]:
    """In the order of their keys, so that two orders never wait for each other."""
    return list(Voucher.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def terms(vouchers: Iterable[Voucher]) -> tuple[VoucherTerms, ...]:
    return tuple(
        VoucherTerms(
            code=voucher.code,
            kind=ReductionKind(voucher.kind),
            value=voucher.cents or voucher.permille or 0,
            least_goods_cents=voucher.least_goods_cents,
            on_volume_price=voucher.on_volume_price,
        )
        for voucher in vouchers
    )


def customer_digest(email: str) -> str:
    """One customer is one e-mail address, however it is written."""
    return salted_hmac("vouchers.customer", email.strip().casefold(), algorithm="sha256").hexdigest()


def idle_words(entered: Entered, sums: Bill, currency: str) -> tuple[str, ...]:
    """Why a code that may be used takes nothing off this bill, and what would help."""
    taken = {reduction.code: reduction.cents for reduction in sums.reductions}
    off_cents = taken.get("", 0)
    idle = [voucher for voucher in entered.terms if not taken.get(voucher.code)]
    words = [
        _idle_words(voucher, sums.list_cents - off_cents, currency, at_volume_price=bool(off_cents))
        for voucher in idle
        # Before anybody has said where it goes, nobody knows what the shipping costs.
        if sums.carriages or voucher.kind is not ReductionKind.FREE_SHIPPING
    ]
    if taken_short(entered, sums):
        words.append(
            _("Vouchers leave %(least)s of the goods to be paid: a card cannot be charged with less.")
            % {"least": money(LEAST_CENTS, currency)}
        )
    return tuple(words)


def taken_short(entered: Entered, sums: Bill) -> bool:
    """Whether vouchers would take more, if a card could be charged with less."""
    wanted = (voucher.kind is not ReductionKind.FREE_SHIPPING for voucher in entered.terms)
    return any(wanted) and sums.goods_cents <= LEAST_CENTS


def _idle_words(voucher: VoucherTerms, reached_cents: Cents, currency: str, *, at_volume_price: bool) -> str:
    if reached_cents < voucher.least_goods_cents:
        return _("“%(code)s” counts from %(least)s of goods on: %(more)s more.") % {
            "code": voucher.code,
            "least": money(voucher.least_goods_cents, currency),
            "more": money(voucher.least_goods_cents - reached_cents, currency),
        }
    if at_volume_price and not voucher.on_volume_price:
        return _("“%(code)s” does not count together with volume prices.") % {"code": voucher.code}
    if voucher.kind is ReductionKind.FREE_SHIPPING:
        return _("“%(code)s” is not needed: the shipping is free already.") % {"code": voucher.code}
    return _("“%(code)s” takes nothing off: the other codes have taken all they may.") % {
        "code": voucher.code
    }


def _find(typed: str) -> Voucher:
    code = _read(typed)
    voucher = Voucher.objects.filter(code=code).first() if code else None
    if voucher is None:
        raise VoucherRefused(
            _("We do not know the code “%(code)s”. Compare it with your card or mail once more.")
            % {"code": typed.strip()[:CODE_MAX]}
        )
    return voucher


def _read(typed: str) -> str:
    """As it was typed or pasted: small letters and spaces do not matter."""
    code = "".join(typed.split()).upper()
    return code if len(code) <= CODE_MAX and code.isascii() and code.isprintable() else ""


def _check(voucher: Voucher, *, currency: str, at: datetime, used: int | None = None) -> None:
    said = {"code": voucher.code, "currency": voucher.currency}
    if voucher.valid_until is not None and voucher.valid_until <= at:
        raise VoucherRefused(_("The code “%(code)s” has run out.") % said)
    if voucher.valid_from > at:
        raise VoucherRefused(_("The code “%(code)s” is not valid yet.") % said)
    if voucher.names_cents and voucher.currency != currency:
        raise VoucherRefused(
            _("The code “%(code)s” is for orders in %(currency)s. Choose that currency below.") % said
        )
    _check_often(voucher, at=at, used=used)


def _check_often(
    voucher: Voucher, *, at: datetime, used: int | None = None, not_by: Order | None = None
) -> None:
    most = voucher.uses_most
    if most is not None and (_used(voucher, at=at, not_by=not_by) if used is None else used) >= most:
        raise VoucherRefused(
            _("The code “%(code)s” has been used as often as it can be.") % {"code": voucher.code}
        )


def _check_customer(voucher: Voucher, customer: str, *, at: datetime, not_by: Order | None = None) -> None:
    most = voucher.uses_per_customer
    if most is not None and _used(voucher, at=at, not_by=not_by, customer=customer) >= most:
        raise VoucherRefused(
            _("You have used the code “%(code)s” before. Take it out of the cart, then order.")
            % {"code": voucher.code}
        )


def _check_together(vouchers: Sequence[Voucher]) -> None:
    if len(vouchers) > CODES_MAX:
        raise VoucherRefused(_("One order takes %(most)d codes.") % {"most": CODES_MAX})
    alone = next((voucher for voucher in vouchers if not voucher.combinable), None)
    if alone is not None and len(vouchers) > 1:
        raise VoucherRefused(
            _("The code “%(code)s” cannot be combined with others. Take the other one out first.")
            % {"code": alone.code}
        )


def _used(voucher: Voucher, *, at: datetime, not_by: Order | None = None, **by: str) -> int:
    uses = voucher.uses.filter(counting(at), **by)
    return (uses.exclude(order=not_by) if not_by else uses).distinct().count()
