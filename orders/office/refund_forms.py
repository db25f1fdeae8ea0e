"""What staff fill in to give money back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Payment, Refund
from orders.money.amounts import money
from orders.money.parts import Part

OTHER = "other"
CENT = Decimal("0.01")


class RefundForm(forms.Form):
    """One amount for each part of the order, or one for the payment as a whole.

    The hidden key makes a second press of the button the same refund.
    """

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "---------"), *((reason.value, reason.label) for reason in Refund.BY_STAFF)],
        error_messages={"required": gettext_lazy("Choose a reason: the bookkeeping asks for it.")},
    )
    words = forms.CharField(label=gettext_lazy("Note for colleagues"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, payment: Payment, parts: tuple[Part, ...], left_cents: int, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.currency, self.parts, self.left_cents = payment.currency, parts, left_cents
        for part in parts:
            self.fields[part.key] = _amount(part.name, part.left_cents, self.currency)
        self.fields[OTHER] = _amount(_("Other amount"), left_cents, self.currency)

    def rows(self) -> Iterator[tuple[Part | None, forms.BoundField]]:
        """Each part beside its field; last the amount that is for none of them."""
        for part in self.parts:
            yield part, self[part.key]
        yield None, self[OTHER]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.amount_cents:
            raise forms.ValidationError(_("Write how much goes back, for at least one row."))
        if not self.errors and self.amount_cents > self.left_cents:
            raise forms.ValidationError(
                _("That is %(sum)s together, and %(left)s of this payment is left.")
                % {
                    "sum": money(self.amount_cents, self.currency),
                    "left": money(self.left_cents, self.currency),
                }
            )
        return self.cleaned_data

    @property
    def shares(self) -> dict[str, int]:
        """Cents by part, as refunds.request takes them."""
        typed = {part.key: _cents(self.cleaned_data.get(part.key)) for part in self.parts}
        return {part: cents for part, cents in typed.items() if cents}

    @property
    def amount_cents(self) -> int:
        return sum(self.shares.values()) + _cents(self.cleaned_data.get(OTHER))


def everything_left(parts: tuple[Part, ...], left_cents: int) -> dict[str, Decimal]:
    """Fills the form with all that can still go back."""
    filled: dict[str, Decimal] = {}
    for part in parts:
        cents = min(part.left_cents, left_cents)
        left_cents -= cents
        if cents:
            filled[part.key] = cents * CENT
    return filled | ({OTHER: left_cents * CENT} if left_cents else {})


def _amount(label: str, most_cents: int, currency: str) -> forms.DecimalField:
    most = money(most_cents, currency)
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_value=most_cents * CENT,
        max_digits=9,
        decimal_places=2,
        localize=True,
        error_messages={
            "max_value": _("No more than %(most)s is left here.") % {"most": most},
            "min_value": _("Write an amount such as 4.50, or leave it empty."),
            "invalid": _("Write an amount such as 4.50, or leave it empty."),
            "max_decimal_places": _("Write an amount such as 4.50, or leave it empty."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
    )


def _cents(amount: Decimal | None) -> int:
    return int(amount / CENT) if amount else 0
