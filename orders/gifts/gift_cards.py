"""Gift cards: typed into a cart, paid with in the moment of placing, and a book that always sums up.

Whoever changes a balance writes the entry in the same transaction. Cards are locked last, in the order of their keys.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from orders import letters
from orders.gifts import gift_card_codes
from orders.models import Cart, CartGiftCard, GiftCard, GiftCardEntry, Order, Refund
from orders.prices.billing import LEAST_CENTS
from orders.prices.vouchers import VoucherRefused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CARDS_MAX: Final = 5
GOOD_FOR_YEARS: Final = 3
"""To the end of the third year after the one it was bought in: BGB §§ 195, 199 (1)."""
GOOD_AFTER_REFUND: Final = timedelta(days=365)
"""Money that comes back to a card that has run out, or nearly, would be lost at once."""
CHARGED_BACK: Final = "The bank took the money for it back"

Kind = GiftCardEntry.Kind
logger = logging.getLogger(__name__)


class CardRefused(VoucherRefused):
    """The message tells the customer why this card does not pay, and what would help."""


class CardSpent(CardRefused):
    """Less is on a card now than this order was to take: somebody else was quicker."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one card pays of an order."""

    card: GiftCard
    cents: Cents

    @property
    def left_cents(self) -> Cents:
        return self.card.balance_cents - self.cents


# ── In a cart ────────────────────────────────────────────────────────────────────────────────────


def find(typed: str) -> GiftCard | None:
    """The card of a code that a person typed; None for what is no card's."""
    digest = gift_card_codes.read(typed)
    return GiftCard.objects.filter(digest=digest).exclude(issued_at=None).first() if digest else None


def enter(key: str, card: GiftCard, *, currency: str, at: datetime) -> None:
    """Into the open cart of that key. Raises CardRefused."""
    with transaction.atomic():
        cart = Cart.objects.select_for_update().filter(key=key).first()
        # Asked after the lock: a checkout that held it has made its order by now.
        if cart is None or Order.objects.filter(cart=cart).exists():
            raise CardRefused(_("Put a bar into the cart first, then type the code."))
        _check(card, currency=currency, on=localdate(at))
        others = cart.gift_cards.exclude(card=card).count()
        if others >= CARDS_MAX:
            raise CardRefused(_("One order takes %(most)d gift cards.") % {"most": CARDS_MAX})
        CartGiftCard.objects.get_or_create(cart=cart, card=card)


def leave(key: str, number: str) -> None:
    """Out of the open cart of that key."""
    CartGiftCard.objects.filter(cart__key=key, cart__order=None, card__number=number).delete()


def entered(
    cart: Cart | str, *, currency: str, at: datetime
) -> tuple[tuple[GiftCard, ...], tuple[tuple[str, str], ...]]:
    """Of a cart, or of the open cart of a key: the cards that pay now, and why others do not. One query."""
    of_cart = Q(cart=cart) if isinstance(cart, Cart) else Q(cart__key=cart, cart__order=None)
    entries = CartGiftCard.objects.filter(of_cart).select_related("card")
    good: list[GiftCard] = []
    refusals: list[tuple[str, str]] = []
    # What runs out first is spent first.
    for entry in entries.order_by("card__expires_on", "card__pk"):
        try:
            _check(entry.card, currency=currency, on=localdate(at))
        except CardRefused as refusal:
            refusals.append((entry.card.number, str(refusal)))
        else:
            good.append(entry.card)
    return tuple(good), tuple(refusals)


def shares(cards: Sequence[GiftCard], total_cents: Cents) -> tuple[Share, ...]:
    """Each pays what it can, in this order. What is left is nothing, or enough to be charged."""
    paid = min(total_cents, sum(card.balance_cents for card in cards))
    if 0 < total_cents - paid < LEAST_CENTS:
        paid = max(0, total_cents - LEAST_CENTS)
    taken: list[Share] = []
    for card in cards:
        cents = min(card.balance_cents, paid)
        paid -= cents
        taken.append(Share(card, cents))
    return tuple(taken)


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────


def redeem(order: Order, taken: Iterable[Share], *, at: datetime) -> None:
    """In the transaction that places the order. Raises CardSpent, and the order must not be placed."""
    for share in sorted(taken, key=lambda share: share.card.pk):
        if share.cents:
            if not _take(share.card, share.cents):
                raise CardSpent(
                    _("Less is on the gift card %(card)s now than this page showed. Please look at the sums.")
                    % {"card": share.card.number}
                )
            _enter(share.card, Kind.REDEEMED, -share.cents, order, at)


def release(order: Order, *, at: datetime) -> None:
    """The order was given up before it was paid: under its lock, once."""
    for paid in order.gift_card_entries.filter(kind=Kind.REDEEMED).order_by("card_id"):
        _put(paid.card, -paid.cents, at)
        _enter(paid.card, Kind.RELEASED, -paid.cents, order, at)


def left_to_give_back(order: Order) -> Cents:
    """What cards paid for this order and did not get back."""
    return sum(left for _card, left in _left_of(order)) if order.gift_card_cents else 0


def give_back(refund: Refund, order: Order, *, at: datetime) -> None:
    """The share of a refund that is the cards', last taken first given; in the transaction that asks for it."""
    rest = refund.gift_card_cents
    for card, left in reversed(_left_of(order)):
        cents = min(rest, left)
        if cents:
            rest -= cents
            _put(card, cents, at)
            _enter(card, Kind.GIVEN_BACK, cents, order, at, refund)
    assert not rest, "no more goes back to cards than they paid"


# ── The card itself ──────────────────────────────────────────────────────────────────────────────


def issue(order: Order, *, at: datetime) -> None:
    """Its money is here, so it is worth something; in the transaction that marks the order paid."""
    card = GiftCard.objects.select_for_update().get(order=order)
    card.issued_at, card.expires_on, card.balance_cents = at, last_day(localdate(at)), card.cents
    card.save(update_fields=["issued_at", "expires_on", "balance_cents"])
    _enter(card, Kind.ISSUED, card.cents, order, at)
    letters.gift_card(card, at=at)


def last_day(bought_on: date) -> date:
    return date(bought_on.year + GOOD_FOR_YEARS, 12, 31)


def left_to_take_back(order: Order) -> Cents:
    """Of an order that bought a card: what nobody has spent of it."""
    return GiftCard.objects.get(order=order).balance_cents


def take_back(refund: Refund, order: Order, *, at: datetime) -> bool:
    """The card's money goes back to whoever bought it. False when it was spent meanwhile."""
    card = GiftCard.objects.get(order=order)
    if not _take(card, refund.amount_cents, also_blocked=True):
        return False
    _enter(card, Kind.TAKEN_BACK, -refund.amount_cents, order, at, refund)
    return True


def follow(refund: Refund, order: Order, *, at: datetime) -> None:
    """What became of the refund of a card: one that failed restores it, one made at Stripe empties it."""
    card = GiftCard.objects.get(order=order)
    booked = sum(entry.cents for entry in card.entries.filter(refund=refund))
    if refund.state == Refund.State.FAILED and booked < 0:
        _put(card, -booked, at)
        _enter(card, Kind.RESTORED, -booked, order, at, refund)
    elif refund.reason == Refund.Reason.AT_STRIPE and not booked:
        _take_back_unasked(refund, order, card, at)


def block(card: GiftCard, *, why: str, at: datetime, by: User | None = None) -> bool:
    """It pays nothing any more until somebody unblocks it. False when it was blocked already."""
    free = GiftCard.objects.filter(pk=card.pk, blocked_at=None)
    return bool(free.update(blocked_at=at, blocked_by=by, blocked_why=why[:200]))


def unblock(card: GiftCard) -> bool:
    blocked = GiftCard.objects.filter(pk=card.pk, blocked_at__isnull=False)
    return bool(blocked.update(blocked_at=None, blocked_by=None, blocked_why=""))


def _take_back_unasked(refund: Refund, order: Order, card: GiftCard, at: datetime) -> None:
    if refund.state != Refund.State.FAILED and not take_back(refund, order, at=at):
        logger.error("Gift card %s was spent before its money went back at Stripe", card)
        block(card, why="Its money went back at Stripe", at=at)


def _check(card: GiftCard, *, currency: str, on: date) -> None:
    said = {"card": card.number, "currency": card.currency}
    if card.issued_at is None or card.blocked_at:
        raise CardRefused(_("The gift card %(card)s is blocked. Please write to us.") % said)
    if card.has_run_out(on):
        raise CardRefused(_("The gift card %(card)s has run out.") % said)
    if card.currency != currency:
        raise CardRefused(
            _("The gift card %(card)s pays orders in %(currency)s. Choose that currency below.") % said
        )
    if not card.balance_cents:
        raise CardRefused(_("Nothing is left on the gift card %(card)s.") % said)


def _take(card: GiftCard, cents: Cents, *, also_blocked: bool = False) -> bool:
    """Off the card in one statement, if so much is still there: two orders never spend the same cent."""
    enough = GiftCard.objects.filter(pk=card.pk, balance_cents__gte=cents)
    usable = enough if also_blocked else enough.filter(blocked_at=None)
    return bool(usable.update(balance_cents=F("balance_cents") - cents))


def _put(card: GiftCard, cents: Cents, at: datetime) -> None:
    GiftCard.objects.filter(pk=card.pk).update(balance_cents=F("balance_cents") + cents)
    soonest = localdate(at) + GOOD_AFTER_REFUND
    GiftCard.objects.filter(pk=card.pk, expires_on__lt=soonest).update(expires_on=soonest)


def _enter(
    card: GiftCard, kind: Kind, cents: Cents, order: Order, at: datetime, refund: Refund | None = None
) -> None:
    GiftCardEntry.objects.create(card=card, kind=kind, cents=cents, order=order, refund=refund, at=at)


def _left_of(order: Order) -> list[tuple[GiftCard, Cents]]:
    moved = order.gift_card_entries.filter(kind__in=[Kind.REDEEMED, Kind.RELEASED, Kind.GIVEN_BACK])
    left = dict(moved.order_by().values_list("card").annotate(Sum("cents")))
    cards = GiftCard.objects.in_bulk(list(left))
    return [(cards[pk], -cents) for pk, cents in sorted(left.items()) if cents < 0]
