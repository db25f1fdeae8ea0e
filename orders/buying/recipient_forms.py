"""Addresses, and the people who get a parcel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from configurator.studio.form_fields import copied_lightly
from orders.buying.parcels import Recipient, Unit
from orders.sending.carriage import Destination

GIFT_MESSAGE_MAX: Final = 300
KEEP: Final = "keep"
WISH_WITHIN: Final = timedelta(days=90)


@copied_lightly
class AddressForm(forms.Form):
    """An address in one of the countries we ship to. ``section`` tells browsers which of several it is."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the street and the house number.")},
    )
    extra = forms.CharField(
        label=gettext_lazy("Addition (optional)"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Floor, company, care of"),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        max_length=12,
        error_messages={"required": gettext_lazy("Write the postcode.")},
    )
    city = forms.CharField(
        label=gettext_lazy("Town"),
        max_length=80,
        error_messages={"required": gettext_lazy("Write the town.")},
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        error_messages={
            "required": gettext_lazy("Choose the country."),
            "invalid_choice": gettext_lazy("We do not ship to this country yet."),
        },
    )

    COMPLETED: ClassVar[dict[str, str]] = {
        "name": "name",
        "street": "address-line1",
        "extra": "address-line2",
        "postcode": "postal-code",
        "city": "address-level2",
        "country": "country",
    }

    def __init__(
        self,
        *args: Any,
        destinations: Sequence[Destination],
        section: str = "shipping",
        keepable: bool = False,
        **kwargs: Any,
    ) -> None:
        """``keepable``: whoever fills it in has an account to keep it in."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if keepable:
            self.fields[KEEP] = forms.BooleanField(label=_("Keep this address in my account"), required=False)
        self.destinations = {each.country: each for each in destinations}
        locale = get_language() or "en"
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.country, each.name(locale[:2])) for each in destinations]
        for name, completed in self.COMPLETED.items():
            self.fields[name].widget.attrs["autocomplete"] = f"{section} {completed}"

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        destination, postcode = self.destinations.get(cleaned.get("country", "")), cleaned.get("postcode")
        if destination and postcode:
            self._check_postcode(destination, postcode.upper())
        return cleaned

    def _check_postcode(self, destination: Destination, postcode: str) -> None:
        if re.fullmatch(destination.postcode_pattern, postcode):
            self.cleaned_data["postcode"] = postcode
        else:
            self.add_error(
                "postcode",
                _("A postcode in %(country)s looks like %(example)s. Correct it, or choose another country.")
                % {
                    "country": destination.name((get_language() or "en")[:2]),
                    "example": destination.postcode_example,
                },
            )

    @property
    def address(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.COMPLETED}

    @property
    def is_to_be_kept(self) -> bool:
        return bool(self.cleaned_data.get(KEEP))


@copied_lightly
class RecipientForm(AddressForm):
    """Somebody who gets a parcel: where, with which words, when, how, and which bars."""

    gift_message = forms.CharField(
        label=gettext_lazy("Words on a card (optional)"),
        max_length=GIFT_MESSAGE_MAX,
        required=False,
        help_text=gettext_lazy("Is it a present? We write your words on a card."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hide_prices = forms.BooleanField(
        label=gettext_lazy("No prices in the parcel"),
        required=False,
        initial=True,
    )
    wish_on = forms.DateField(
        label=gettext_lazy("Should arrive on (optional)"),
        required=False,
        help_text=gettext_lazy("A birthday, for instance. We send it so that it arrives by then."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day like 2026-12-24.")},
    )
    method = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, today: date, units: Sequence[Unit], place: int, several: bool, **kwargs: Any
    ) -> None:
        section = "shipping" if place == 1 else f"section-{place} shipping"
        super().__init__(*args, section=section, **kwargs)
        self.today, self.place, self.several = today, place, several
        self.fields["name"].label = _("Name of the recipient")
        self.fields["name"].error_messages["required"] = _("Write whom the parcel is for.")
        self.fields["wish_on"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + WISH_WITHIN).isoformat(),
        }
        self.units = units if several else ()
        for unit in self.units:
            self.fields[f"units-{unit.key}"] = forms.IntegerField(
                label=f"{unit.name} ({unit.quantity})",
                min_value=0,
                max_value=unit.quantity,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={
                    name: _("Write a whole number from 0 to %(most)d.") % {"most": unit.quantity}
                    for name in ("invalid", "min_value", "max_value")
                },
            )

    def clean_wish_on(self) -> date | None:
        wish: date | None = self.cleaned_data["wish_on"]
        if wish and not self.today < wish <= self.today + WISH_WITHIN:
            raise forms.ValidationError(_("Choose a day from tomorrow until 90 days from now."))
        return wish

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.units and not self.errors and not any(self._dealt(cleaned).values()):
            self.add_error(
                f"units-{self.units[0].key}",
                _("Give this person at least one bar, or remove the recipient."),
            )
        return cleaned

    def _dealt(self, values: Mapping[str, Any]) -> dict[str, int]:
        return {unit.key: whole_number(values.get(f"units-{unit.key}")) for unit in self.units}

    @property
    def unit_fields(self) -> list[forms.BoundField]:
        return [self[f"units-{unit.key}"] for unit in self.units]

    @property
    def recipient(self) -> Recipient:
        """What was asked for; call it when the form is valid."""
        cleaned = self.cleaned_data
        return Recipient(
            **self.address,
            gift_message=cleaned["gift_message"],
            hide_prices=cleaned["hide_prices"],
            wish_on=cleaned["wish_on"],
            method=cleaned["method"],
            units=self._dealt(cleaned),
        )

    @property
    def tentative(self) -> Recipient:
        """As far as it can be read by now, for the sums of the page."""
        country = str(self["country"].value() or "")
        return Recipient(
            name=str(self["name"].value() or "")[:100],
            street="",
            extra="",
            postcode="",
            city="",
            country=country if country in self.destinations else next(iter(self.destinations)),
            wish_on=self._readable_wish(),
            method=str(self["method"].value() or ""),
            units=self._dealt({field.name: field.value() for field in self.unit_fields}),
        )

    def _readable_wish(self) -> date | None:
        try:
            wish = date.fromisoformat(str(self["wish_on"].value() or ""))
        except ValueError:
            return None
        return wish if self.today < wish <= self.today + WISH_WITHIN else None


def whole_number(typed: object) -> int:
    text = str(typed or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
