"""All that the checkout page asks, for one recipient or for several."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.studio.form_fields import copied_lightly
from orders.buying.address_book import words_of
from orders.buying.parcels import RECIPIENTS_MAX, Recipient, Unit
from orders.buying.recipient_forms import KEEP, AddressForm, RecipientForm, whole_number
from orders.buying.wishes import Address, Agreement, Wishes
from orders.models import KeptAddress, Substitution
from orders.sending.carriage import Destination

FIELDS_MAX: Final = 1000
"""Of twenty people with 250 bars to give out among them."""
NOTHING: Final = ("", "0")
"""Most bars go to one person: that the others get none need not be kept."""
TYPED_MAX: Final = 500
"""Of one field, while nobody has checked it yet."""


@copied_lightly
class OrderForm(forms.Form):
    """What is asked once for the whole order."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("For mails about this order. Nothing else, unless you tick the box below."),
        error_messages={
            "required": gettext_lazy("Write your e-mail address, so that we can send the confirmation."),
            "invalid": gettext_lazy("This is no e-mail address. It looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    may_be_asked = forms.BooleanField(
        label=gettext_lazy("You may ask me by mail, once, how my bars were"),
        help_text=gettext_lazy(
            "Some days after they have arrived. You can take this back at any time, by a link in every such mail."
        ),
        required=False,
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
    expected_rest = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

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
        addresses: Sequence[KeptAddress] | None = None,
    ) -> None:
        """Checked against ``typed``; without it only filled in with what was typed ``before``.

        ``addresses``: those of the visitor's account; None for guests, who have none to keep them in.
        """
        self.addresses = addresses
        self.typed, self.before = typed, dict(before or {})
        self.destinations, self.today = destinations, today
        source = typed if typed is not None else self.before
        self.count = max(1, min(RECIPIENTS_MAX, whole_number(source.get("recipients") or 1)))
        # One recipient gets everything, so nobody has to look into the cart for that.
        self.units = units() if self.count > 1 else ()
        self.recipients = [
            RecipientForm(
                typed,
                prefix=prefix_of(place),
                initial=self._initial(place),
                today=today,
                units=self.units,
                place=place,
                several=self.count > 1,
                keepable=addresses is not None,
                destinations=destinations,
            )
            for place in range(1, self.count + 1)
        ]

    @cached_property
    def order(self) -> OrderForm:
        return OrderForm(self.typed, initial=self.before)

    @cached_property
    def bill_to(self) -> AddressForm:
        return AddressForm(
            self.typed,
            prefix="bill",
            initial=_under(self.before, "bill"),
            section="billing",
            keepable=self.addresses is not None,
            destinations=self.destinations,
        )

    @property
    def untyped_look(self) -> Hashable:
        """All that decides how these look while nobody has typed anything; None when somebody has."""
        if self.typed is not None or self.before or self.addresses is not None:
            return None
        return self.today, tuple(self.destinations)

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
        if self.typed is None:
            return []
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
            may_be_asked=cleaned["may_be_asked"],
        )

    @property
    def to_be_kept(self) -> list[Address]:
        """In the visitor's account; call it when all is valid."""
        asked: list[AddressForm] = [*self.recipients, *([self.bill_to] if self.bills_elsewhere else [])]
        return [Address(**form.address) for form in asked if form.is_to_be_kept]

    @property
    def agreement(self) -> Agreement:
        cleaned = self.order.cleaned_data
        return Agreement(cleaned["expected_total"], cleaned["expected_until"], cleaned["expected_rest"])

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
    count = whole_number(typed.get("recipients") or 1)
    changed = {**typed, "recipients": str(min(RECIPIENTS_MAX, count + 1))}
    if count == 1:
        changed |= {f"units-{unit.key}": str(unit.quantity) for unit in units}
    return changed


def with_address(typed: Mapping[str, str], addresses: Iterable[KeptAddress]) -> dict[str, str]:
    """As typed, with the address that was chosen for a recipient or the bill."""
    place = typed.get("use_address", "")
    chosen = next((kept for kept in addresses if str(kept.pk) == typed.get(f"known-{place}")), None)
    if chosen is None:
        return dict(typed)
    prefix = "bill" if place == "bill" else prefix_of(whole_number(place))
    return {**typed, **words_of(chosen, f"{prefix}-" if prefix else "")}


def without(typed: Mapping[str, str], gone: int) -> dict[str, str]:
    """As typed, without that recipient; those after it move up."""
    count = whole_number(typed.get("recipients") or 1)
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


def worth_keeping(posted: Mapping[str, object]) -> dict[str, str]:
    """What a person has typed or chosen, without what the page itself sends along."""
    typed = (
        (name, value[:TYPED_MAX])
        for name, value in posted.items()
        if isinstance(value, str) and _is_typed(name) and not (_is_of_unit(name) and value in NOTHING)
    )
    return dict(islice(typed, FIELDS_MAX))


def _is_of_unit(name: str) -> bool:
    return name.partition("units-")[1] != ""


def _is_typed(name: str) -> bool:
    return (
        _is_of_recipient(name)
        or name in {"email", "may_be_asked", "bill_elsewhere", "substitution", "recipients"}
        or (name.startswith("bill-") and name.removeprefix("bill-") in {KEEP, *AddressForm.base_fields})
    )


def _is_of_recipient(name: str) -> bool:
    bare = re.sub(r"^to\d+-", "", name)
    return bare in RecipientForm.base_fields or bare == KEEP or bare.startswith("units-")


def _under(values: Mapping[str, Any], prefix: str | None) -> dict[str, Any]:
    if prefix is None:
        return dict(values)
    start = f"{prefix}-"
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}
