"""What a friend says of a bar: a name if they like, words, one change from those that are possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from configurator.domain.design import plain_name
from configurator.domain.family import Family
from configurator.domain.suggestions import Suggestion
from configurator.models import Opinion
from configurator.wording import extra, locale

ADDRESS: Final = re.compile(r"https?:|www\.|\[url", re.IGNORECASE)

_KINDS: Final = {
    "out": gettext_lazy("Take something out"),
    "swap": gettext_lazy("Swap something"),
    "base": gettext_lazy("Another base"),
}


class OpinionForm(forms.Form):
    words = forms.CharField(
        required=False,
        max_length=Opinion.WORDS_MAX,
        label=gettext_lazy("What do you think?"),
        widget=forms.Textarea({"rows": 4}),
    )
    edits = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Would you change one thing?"),
        error_messages={
            "invalid_choice": gettext_lazy("This change is not possible with this bar. Choose another one.")
        },
    )
    name = forms.CharField(
        required=False,
        max_length=Opinion.NAME_MAX,
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("If you like, so that it is known who says it."),
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )

    def __init__(self, *args: Any, possible: Sequence[Suggestion], family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        field = self.fields["edits"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("No, leave it as it is")), *_grouped(possible, family)]

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])

    def clean_words(self) -> str:
        lines = map(plain_name, self.cleaned_data["words"].splitlines())
        words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        if ADDRESS.search(words):
            raise forms.ValidationError(gettext("Leave addresses of pages out, please: words are enough."))
        return words

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not said["words"] and not said["edits"]:
            self.add_error("words", gettext("Say something, or choose a change."))
        return said


def _grouped(possible: Sequence[Suggestion], family: Family) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (group, [(each.edits, _words(each)) for each in alike])
        for group, alike in groupby(possible, key=lambda each: _group(each, family))
    ]


def _group(suggestion: Suggestion, family: Family) -> str:
    if suggestion.kind == "add":
        slot = family.slot(suggestion.slot).name.to(locale())
        return gettext("Add something: %(slot)s") % {"slot": slot}
    return str(_KINDS[suggestion.kind])


def _words(suggestion: Suggestion) -> str:
    words = suggestion.words.removesuffix(".")
    return f"{words} ({extra(suggestion.cents)})" if suggestion.cents else words
