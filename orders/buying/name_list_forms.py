from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from orders.buying.name_lists import BYTES_MAX, ListUnreadable, decoded


class NamesForm(forms.Form):
    """Typed, pasted or uploaded; what a file says is typed for whoever sent it."""

    names = forms.CharField(
        label=gettext_lazy("The names"),
        required=False,
        strip=False,
        max_length=BYTES_MAX,
        help_text=gettext_lazy(
            "One on each line. For several bars with one name write how many after it: Grace; 2. At most 200 names."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("That is too much text for a list of names.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file (CSV)"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("The names in its first column, as a spreadsheet saves it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        file = cleaned.get("file")
        if file:
            try:
                cleaned["names"] = decoded(file.read(BYTES_MAX + 1))
            except ListUnreadable as unreadable:
                self.add_error("file", str(unreadable))
        return cleaned
