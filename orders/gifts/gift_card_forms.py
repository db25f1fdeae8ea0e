"""What is typed to buy a gift card, and to ask what is left on one."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.wording import money
from orders.gifts.gift_card_sales import LEAST_CENTS, MOST_CENTS, OFFERED_CENTS, Gift
from orders.models.gift_cards import MESSAGE_MAX

OTHER: Final = "other"
MAIL, PRINT = "mail", "print"
SEND_WITHIN: Final = timedelta(days=365)
CENT: Final = Decimal("0.01")


class GiftCardForm(forms.Form):
    amount = forms.ChoiceField(
        label=gettext_lazy("How much is on it?"),
        widget=forms.RadioSelect,
        initial=str(OFFERED_CENTS[1]),
        error_messages={"required": gettext_lazy("Choose an amount.")},
    )
    other_amount = forms.DecimalField(
        label=gettext_lazy("Another amount"),
        required=False,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            name: gettext_lazy("Write an amount such as 35 or 35.50.")
            for name in ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
        },
    )
    recipient = forms.CharField(
        label=gettext_lazy("For (optional)"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The name that stands on the card."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sender = forms.CharField(
        label=gettext_lazy("From (optional)"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Your words (optional)"),
        max_length=MESSAGE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("How does it get there?"),
        widget=forms.RadioSelect,
        initial=PRINT,
        choices=[
            (PRINT, gettext_lazy("You get it by mail, as a PDF to print yourself")),
            (MAIL, gettext_lazy("We mail it to somebody for you")),
        ],
        error_messages={"required": gettext_lazy("Choose who gets the card.")},
    )
    recipient_email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Only if we mail it. Used for this card and nothing else."),
        error_messages={
            "invalid": gettext_lazy("This is no e-mail address. It looks like name@example.com.")
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    send_on = forms.DateField(
        label=gettext_lazy("On the day (optional)"),
        required=False,
        help_text=gettext_lazy("In the morning. Without a day it goes as soon as it is paid."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day like 2026-12-24.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("The confirmation goes there."),
        error_messages={
            "required": gettext_lazy("Write your e-mail address, so that we can send the confirmation."),
            "invalid": gettext_lazy("This is no e-mail address. It looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.currency, self.today = currency, today
        amount = self.fields["amount"]
        assert isinstance(amount, forms.ChoiceField)
        offered = [(str(cents), money(cents, currency)) for cents in OFFERED_CENTS]
        amount.choices = [*offered, (OTHER, _("Another amount"))]
        self.fields["other_amount"].help_text = _("From %(least)s to %(most)s.") % self._limits
        self.fields["send_on"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + SEND_WITHIN).isoformat(),
        }

    def clean_send_on(self) -> date | None:
        day: date | None = self.cleaned_data["send_on"]
        if day and not self.today <= day <= self.today + SEND_WITHIN:
            raise forms.ValidationError(_("Choose a day from today until a year from now."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("amount") == OTHER and "other_amount" not in self.errors:
            self._check_other(cleaned.get("other_amount"))
        nobody = not cleaned.get("recipient_email") and "recipient_email" not in self.errors
        if cleaned.get("way") == MAIL and nobody:
            self.add_error("recipient_email", _("Write where we mail the card to."))
        return cleaned

    @property
    def gift(self) -> Gift:
        """What was asked for; call it when the form is valid."""
        cleaned = self.cleaned_data
        by_mail = cleaned["way"] == MAIL
        return Gift(
            cents=_cents(cleaned["other_amount"]) if cleaned["amount"] == OTHER else int(cleaned["amount"]),
            currency=self.currency,
            name=cleaned["name"],
            email=cleaned["email"],
            sender=cleaned["sender"],
            recipient=cleaned["recipient"],
            recipient_email=cleaned["recipient_email"] if by_mail else "",
            message=cleaned["message"],
            send_on=cleaned["send_on"] if by_mail else None,
        )

    def _check_other(self, amount: Decimal | None) -> None:
        if amount is None or not LEAST_CENTS <= _cents(amount) <= MOST_CENTS:
            self.add_error("other_amount", _("Write an amount from %(least)s to %(most)s.") % self._limits)

    @property
    def _limits(self) -> dict[str, str]:
        return {"least": money(LEAST_CENTS, self.currency), "most": money(MOST_CENTS, self.currency)}


class BalanceForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code on the gift card"),
        max_length=80,
        help_text=gettext_lazy("Sixteen letters and digits. Capitals, spaces and dashes do not matter."),
        error_messages={"required": gettext_lazy("Type the code that stands on the card.")},
        widget=forms.TextInput(
            attrs={
                "class": "code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def _cents(amount: Decimal) -> int:
    return int(amount / CENT)
