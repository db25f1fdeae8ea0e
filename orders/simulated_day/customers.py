"""Strangers who design bars and pay for them at the sandbox."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Final
from urllib.parse import urlencode

from django.conf import settings

from configurator.designs import save
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.sold_out import offered_family
from orders import cart, checkout, payments, settlement
from orders.due import bill
from orders.models import Order
from orders.parcels import Recipient
from orders.wishes import Agreement, Wishes

CARD: Final = "4242424242424242"
TOPPINGS_MOST: Final = 5
BARS: Final = (1, 1, 1, 2, 2, 3)
"""In an order, one as likely as the other."""
TRIES: Final = 20
FAMILY: Final = "bar-100"
SANDBOX_SECONDS: Final = 30


class SandboxAway(Exception):
    """Nobody can pay: the sandbox does not answer, or says no."""


def orders(count: int, *, dice: Random, at: datetime) -> Iterator[Order]:
    """One after the other, each paid when it comes. Raises SandboxAway."""
    family = offered_family(FAMILY)
    for number in range(1, count + 1):
        yield _paid(_placed(number, family, dice, at), at)


def _placed(number: int, family: Family, dice: Random, at: datetime) -> Order:
    key = ""
    for _bar in range(dice.choice(BARS)):
        design = designed(f"Day {number}", family, dice)
        key = cart.add(key, digest=save(design).digest, quantity=1, locale="en", at=at).key
    recipient = Recipient(f"Buyer {number}", f"Example Street {number}", "", "10115", "Berlin", "DE")
    wishes = Wishes(f"buyer-{number}@example.org", (recipient,))
    total = bill(cart.look(key, locale="en", at=at), wishes.recipients, at=at).total_cents
    return checkout.place(key, wishes=wishes, agreement=Agreement(total), locale="en", at=at)


def designed(name: str, family: Family, dice: Random) -> Design:
    """A bar that can be made: a base, and whatever of a few wishes goes with it."""
    bases = family.seats[family.base_slot.key]
    design = Design(family.key, family.version, dice.choice(bases).key, name=name, seed=dice.randrange(10**6))
    wished = dice.randint(1, TOPPINGS_MOST)
    seats = [(slot, module) for slot in ("ingredients", "toppings") for module in family.seats[slot]]
    for slot, module in dice.sample(seats, TRIES):
        if len(design.choices) == wished:
            break
        more = design.adding(module.key, slot, family.usual_dose(module))
        design = design if problems(more, family, "en") else more
    return design


def _paid(order: Order, at: datetime) -> Order:
    try:
        page = payments.start(order, at=at)
    except payments.PaymentPageAway as away:
        raise SandboxAway(f"The payment sandbox at {settings.STRIPE_API_BASE} does not answer.") from away
    till = f"{settings.STRIPE_API_BASE}/_sandbox/pay"
    body = urlencode({"session": page.rstrip("/").rpartition("/")[2], "card": CARD}).encode()
    try:
        with urllib.request.urlopen(till, body, timeout=SANDBOX_SECONDS) as answer:  # noqa: S310  # of this machine
            outcome = json.loads(answer.read())["outcome"]
    except OSError as away:
        raise SandboxAway(f"The payment sandbox at {settings.STRIPE_API_BASE} does not answer.") from away
    settlement.settle(order.payments.latest("pk"), at=at)
    order.refresh_from_db()
    if not order.is_paid:
        raise SandboxAway(f"Order {order.number} could not be paid: {outcome}.")
    return order
