"""What is typed into the one box of a cart: a voucher's code, or a gift card's."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from configurator.wording import money
from orders.gifts import gift_cards
from orders.prices import vouchers


def enter(key: str, typed: str, *, currency: str, at: datetime) -> str:
    """Into the open cart of that key; what it comes to, in words. Raises VoucherRefused."""
    card = gift_cards.find(typed)
    if card is None:
        voucher = vouchers.enter(key, typed, currency=currency, at=at)
        return _("The code “%(code)s” counts.") % {"code": voucher.code}
    gift_cards.enter(key, card, currency=currency, at=at)
    said = {"card": card.number, "left": money(card.balance_cents, card.currency)}
    return _("The gift card %(card)s pays: %(left)s is on it.") % said


def leave(key: str, code: str) -> None:
    """A voucher by its code or a gift card by its number, out of the open cart."""
    vouchers.leave(key, code)
    gift_cards.leave(key, code)
