"""What is asked of whoever wants to know what we hold of them, or to be forgotten."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This is no e-mail address. It looks like name@example.com."),
        },
    )


class ErasureForm(forms.Form):
    browser = forms.BooleanField(required=False, label=_("Also the bars and the cart of this browser"))
    sure = forms.BooleanField(
        label=_("I know that nobody can bring this back"),
        error_messages={"required": _("Tick the box if you are sure.")},
    )
