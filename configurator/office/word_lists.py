"""Lists of short words in the forms of the catalogue: typed with commas, kept as a list."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

BETWEEN: Final = re.compile(r"[,;\n]")


class WordList(forms.CharField):
    def __init__(self, **how: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"class": "vTextField"})} | how)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = (word.strip() for word in BETWEEN.split(value or ""))
        return list(filter(None, words))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class WithWordLists(admin.ModelAdmin[Any]):
    word_lists: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **how: Any) -> Any:
        if db_field.name not in self.word_lists:
            return super().formfield_for_dbfield(db_field, request, **how)
        return WordList(
            label=db_field.verbose_name,
            required=not db_field.blank,
            help_text=db_field.help_text or _("Several with commas between."),
        )
