"""What is typed in the cart: how many of what, gift boxes, codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.studio.form_fields import copied_lightly
from orders.models.cart import BOX_QUANTITY_MAX, QUANTITY_MAX


@copied_lightly
class LineForm(forms.Form):
    """A design on its way into the cart."""

    design = forms.RegexField(r"^[0-9a-f]{64}\Z")
    quantity = forms.IntegerField(min_value=1, max_value=QUANTITY_MAX, initial=1, required=False)

    def clean_quantity(self) -> int:
        return self.cleaned_data.get("quantity") or 1


class AgainForm(forms.Form):
    """A bar that was made before: the one that was shown, or with edits that the page offered."""

    quantity = forms.IntegerField(min_value=1, max_value=QUANTITY_MAX)
    seen = forms.RegexField(r"^[0-9a-f]{64}\Z", required=False)
    edits = forms.CharField(max_length=2000, required=False)


class CancellingForm(forms.Form):
    """The whole order, or with a line so many of its bars; and what the customer was looking at."""

    seen = forms.CharField(max_length=40)
    line = forms.IntegerField(min_value=1, max_value=2**31, required=False)
    bars = forms.IntegerField(min_value=1, max_value=QUANTITY_MAX, required=False)


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
