from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from orders.carriage import Destination
from orders.checkout import Address, Agreement, Wishes
from orders.models import Substitution
from orders.models.cart import BOX_QUANTITY_MAX, QUANTITY_MAX
from orders.parcels import RECIPIENTS_MAX, Recipient, Unit

GIFT_MESSAGE_MAX: Final = 300
WISH_WITHIN: Final = timedelta(days=90)


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


class BoxQuantityForm(forms.Form):
    quantity = forms.IntegerField(
        min_value=1,
        max_value=BOX_QUANTITY_MAX,
        error_messages={
            name: gettext_lazy("Write how many boxes as a whole number from 1 to 20.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )


class BoxForm(forms.Form):
    """A gift box: its size, and how many of each bar go into it."""

    size = forms.TypedChoiceField(
        label=gettext_lazy("How large is the box?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how large the box is.")},
    )

    def __init__(self, *args: Any, sizes: Sequence[int], digests: Iterable[str], **kwargs: Any) -> None:
        """The smallest of the sizes is chosen beforehand."""
        first = {"size": sizes[0]} if sizes else {}
        super().__init__(*args, **{"label_suffix": "", "initial": first, **kwargs})
        self.fields["size"].choices = [(size, _("%d bars") % size) for size in sizes]  # type: ignore[attr-defined]  # a choice field has them
        for digest in digests:
            self.fields[f"bar-{digest}"] = forms.IntegerField(
                min_value=0,
                max_value=max(sizes, default=0),
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input"}),
                error_messages={
                    name: _("Write a whole number from 0 to %(most)d.") % {"most": max(sizes, default=0)}
                    for name in ("invalid", "min_value", "max_value")
                },
            )

    @property
    def bars(self) -> dict[str, int]:
        chosen = self.cleaned_data.items()
        return {name.removeprefix("bar-"): number or 0 for name, number in chosen if name != "size"}


class VoucherForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        error_messages={
            "required": gettext_lazy("Write the code that stands on your card or in your mail."),
            "max_length": gettext_lazy("A code has 20 signs at most."),
        },
    )


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
        self, *args: Any, destinations: Sequence[Destination], section: str = "shipping", **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
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
        return {unit.key: _number(values.get(f"units-{unit.key}")) for unit in self.units}

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
            units=self._dealt({name: self[name].value() for name in self.fields}),
        )

    def _readable_wish(self) -> date | None:
        try:
            wish = date.fromisoformat(str(self["wish_on"].value() or ""))
        except ValueError:
            return None
        return wish if self.today < wish <= self.today + WISH_WITHIN else None


class OrderForm(forms.Form):
    """What is asked once for the whole order."""

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
    bill_elsewhere = forms.BooleanField(
        label=gettext_lazy("The bill is for another name or address"),
        required=False,
    )
    substitution = forms.ChoiceField(
        label=gettext_lazy("If an ingredient runs out before we make your bars"),
        choices=Substitution.choices,
        initial=Substitution.REFUND,
        required=False,
        widget=forms.RadioSelect,
    )
    expected_total = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    expected_until = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class CheckoutForms:
    """All forms of the checkout page. The first recipient's fields have plain names, the others' "to2-name"."""

    def __init__(
        self,
        typed: QueryDict | None,
        *,
        units: Callable[[], Sequence[Unit]],
        destinations: Sequence[Destination],
        today: date,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        """Checked against ``typed``; without it only filled in with what was typed ``before``."""
        self.before = dict(before or {})
        source = typed if typed is not None else self.before
        self.count = max(1, min(RECIPIENTS_MAX, _number(source.get("recipients") or 1)))
        # One recipient gets everything, so nobody has to look into the cart for that.
        self.units = units() if self.count > 1 else ()
        shared: dict[str, Any] = {"destinations": destinations}
        self.order = OrderForm(typed, initial=self.before)
        self.recipients = [
            RecipientForm(
                typed,
                prefix=prefix_of(place),
                initial=self._initial(place),
                today=today,
                units=self.units,
                place=place,
                several=self.count > 1,
                **shared,
            )
            for place in range(1, self.count + 1)
        ]
        self.bill_to = AddressForm(
            typed, prefix="bill", initial=_under(self.before, "bill"), section="billing", **shared
        )

    def is_valid(self) -> bool:
        asked: list[forms.Form] = [self.order, *self.recipients]
        if self.bills_elsewhere:
            asked.append(self.bill_to)
        # Every form is asked, so that all mistakes are shown at once.
        answers = [form.is_valid() for form in asked]
        return all(answers)

    @property
    def bills_elsewhere(self) -> bool:
        return bool(self.order["bill_elsewhere"].value())

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """The field's id and the words, in the order of the page."""
        asked: list[tuple[str, forms.Form]] = [("", self.order)]
        asked += [(self._whose(form), form) for form in self.recipients]
        if self.bills_elsewhere:
            asked.append((_("The bill") + ": ", self.bill_to))
        return [
            (field.id_for_label, f"{whose}{error}")
            for whose, form in asked
            for field in form
            for error in field.errors
        ]

    def _whose(self, form: RecipientForm) -> str:
        return _("Recipient %(place)d") % {"place": form.place} + ": " if self.count > 1 else ""

    @property
    def wishes(self) -> Wishes:
        """What was asked for; call it when all is valid."""
        cleaned = self.order.cleaned_data
        return Wishes(
            email=cleaned["email"],
            recipients=tuple(form.recipient for form in self.recipients),
            bill_to=Address(**self.bill_to.address) if self.bills_elsewhere else None,
            substitution=cleaned["substitution"] or Substitution.REFUND,
        )

    @property
    def agreement(self) -> Agreement:
        cleaned = self.order.cleaned_data
        return Agreement(cleaned["expected_total"], cleaned["expected_until"])

    @property
    def tentative(self) -> tuple[Recipient, ...]:
        return tuple(form.tentative for form in self.recipients)

    def _initial(self, place: int) -> dict[str, Any]:
        initial = _under(self.before, prefix_of(place))
        # A ticked box that was taken away again is not sent at all.
        if self.before.get("recipients") and "hide_prices" not in initial and "street" in initial:
            initial["hide_prices"] = False
        return initial


def prefix_of(place: int) -> str | None:
    return None if place == 1 else f"to{place}"


def with_one_more(typed: Mapping[str, str], units: Sequence[Unit]) -> dict[str, str]:
    """As typed, with one more recipient; the first one begins with everything."""
    count = _number(typed.get("recipients") or 1)
    changed = {**typed, "recipients": str(min(RECIPIENTS_MAX, count + 1))}
    if count == 1:
        changed |= {f"units-{unit.key}": str(unit.quantity) for unit in units}
    return changed


def without(typed: Mapping[str, str], gone: int) -> dict[str, str]:
    """As typed, without that recipient; those after it move up."""
    count = _number(typed.get("recipients") or 1)
    if not 1 <= gone <= count or count == 1:
        return dict(typed)
    kept = {name: value for name, value in typed.items() if not _is_of_recipient(name)}
    places = [place for place in range(1, count + 1) if place != gone]
    for new, old in enumerate(places, start=1):
        prefix = prefix_of(new)
        for name, value in _under(typed, prefix_of(old)).items():
            if _is_of_recipient(f"to2-{name}") and not name.startswith("to"):
                kept[f"{prefix}-{name}" if prefix else name] = value
    return {**kept, "recipients": str(count - 1)}


def _is_of_recipient(name: str) -> bool:
    bare = re.sub(r"^to\d+-", "", name)
    return bare in RecipientForm.base_fields or bare.startswith("units-")


def _under(values: Mapping[str, Any], prefix: str | None) -> dict[str, Any]:
    if prefix is None:
        return dict(values)
    start = f"{prefix}-"
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


def _number(typed: object) -> int:
    text = str(typed or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
