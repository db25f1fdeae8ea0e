from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from orders.checkout import Contact
from orders.models import ShippingRate
from orders.models.cart import QUANTITY_MAX

GIFT_MESSAGE_MAX: Final = 300


class LineForm(forms.Form):
    """A design on its way into the cart."""

    design = forms.RegexField(r"^[0-9a-f]{64}\Z")
    quantity = forms.IntegerField(min_value=1, max_value=QUANTITY_MAX, initial=1, required=False)

    def clean_quantity(self) -> int:
        return self.cleaned_data.get("quantity") or 1


class QuantityForm(forms.Form):
    quantity = forms.IntegerField(
        min_value=0,
        max_value=QUANTITY_MAX,
        error_messages={
            "invalid": gettext_lazy("Write how many as a whole number from 1 to 99."),
            "required": gettext_lazy("Write how many as a whole number from 1 to 99."),
            "min_value": gettext_lazy("Write how many as a whole number from 1 to 99."),
            "max_value": gettext_lazy("99 bars of one design is the most for one order."),
        },
    )


class VoucherForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        error_messages={
            "required": gettext_lazy("Write the code that stands on your card or in your mail."),
            "max_length": gettext_lazy("A code has 20 signs at most."),
        },
    )


class CheckoutForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("For the confirmation and the link to your order. Nothing else."),
        error_messages={
            "required": gettext_lazy("Write your e-mail address, so that we can send the confirmation."),
            "invalid": gettext_lazy("This is no e-mail address. It looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the recipient"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write whom the parcel is for.")},
        widget=forms.TextInput(attrs={"autocomplete": "shipping name"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the street and the house number.")},
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-line1"}),
    )
    extra = forms.CharField(
        label=gettext_lazy("Addition (optional)"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Floor, company, care of"),
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-line2"}),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        max_length=12,
        error_messages={"required": gettext_lazy("Write the postcode.")},
        widget=forms.TextInput(attrs={"autocomplete": "shipping postal-code"}),
    )
    city = forms.CharField(
        label=gettext_lazy("Town"),
        max_length=80,
        error_messages={"required": gettext_lazy("Write the town.")},
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-level2"}),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        error_messages={
            "required": gettext_lazy("Choose the country."),
            "invalid_choice": gettext_lazy("We do not ship to this country yet."),
        },
        widget=forms.Select(attrs={"autocomplete": "shipping country"}),
    )
    gift_message = forms.CharField(
        label=gettext_lazy("Words on a card (optional)"),
        max_length=GIFT_MESSAGE_MAX,
        required=False,
        help_text=gettext_lazy(
            "Is it a present? We write your words on a card and put no prices in the parcel."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected_total = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, countries: list[ShippingRate], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.rates = {rate.country: rate for rate in countries}
        locale = get_language() or "en"
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(rate.country, rate.name(locale)) for rate in countries]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        rate, postcode = self.rates.get(cleaned.get("country", "")), cleaned.get("postcode")
        if rate and postcode:
            self._check_postcode(rate, postcode.upper())
        return cleaned

    def _check_postcode(self, rate: ShippingRate, postcode: str) -> None:
        if re.fullmatch(rate.postcode_pattern, postcode):
            self.cleaned_data["postcode"] = postcode
        else:
            self.add_error(
                "postcode",
                _("A postcode in %(country)s looks like %(example)s. Correct it, or choose another country.")
                % {"country": rate.name(get_language() or "en"), "example": rate.postcode_example},
            )

    @property
    def shipping(self) -> ShippingRate:
        """The chosen country, also while other fields are wrong; the first one when there is none."""
        typed = (
            self.data.get(self.add_prefix("country"), "")
            if self.is_bound
            else self.initial.get("country", "")
        )
        return self.rates.get(str(typed)) or next(iter(self.rates.values()))

    @property
    def contact(self) -> Contact:
        names = ("email", "name", "street", "extra", "postcode", "city", "gift_message")
        return Contact(**{name: self.cleaned_data[name] for name in names})
