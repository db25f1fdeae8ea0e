"""What somebody asks for at the checkout, and what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from configurator.domain.family import Cents
from orders.buying.parcels import Recipient
from orders.models import (
    Substitution,
)


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    street: str
    extra: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that the checkout page asks."""

    email: str
    recipients: tuple[Recipient, ...]
    bill_to: Address | None = None
    """None: to the first recipient."""
    substitution: str = Substitution.REFUND
    may_be_asked: bool = False
    """Later, once, how the bars were."""

    @property
    def payer(self) -> Address:
        return self.bill_to or Address(**self.recipients[0].address)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What stood above the button that was pressed."""

    total_cents: Cents
    arrive_until: date | None = None
    """The latest day of all parcels."""
    rest_cents: Cents | None = None
    """What gift cards left to be paid, where there were any."""
