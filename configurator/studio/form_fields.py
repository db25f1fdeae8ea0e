"""The fields of a form for one visitor: Django copies each with all that hangs on it before anything is asked of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final, TypeVar

from django import forms
from django.forms import widgets
from django.forms.forms import BaseForm

Form = TypeVar("Form", bound=BaseForm)

# Of these it is known that nothing but what is copied below can be changed in place.
FIELDS: Final = {
    forms.BooleanField,
    forms.CharField,
    forms.DateField,
    forms.EmailField,
    forms.IntegerField,
    forms.RegexField,
}
WIDGETS: Final = {
    widgets.CheckboxInput,
    widgets.DateInput,
    widgets.EmailInput,
    widgets.HiddenInput,
    widgets.NumberInput,
    widgets.TextInput,
    widgets.Textarea,
}


def copied_lightly(form: type[Form]) -> type[Form]:
    """Each form gets fields of its own, as ever: who changes one changes nobody else's."""
    of: Any = form  # Django's metaclass gives it
    of.base_fields = _Fields(of.base_fields)
    return form


class _Fields(dict[str, forms.Field]):
    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _copied(field, memo) for name, field in self.items()}


def _copied(field: forms.Field, memo: dict[int, Any]) -> forms.Field:
    if type(field) not in FIELDS or type(field.widget) not in WIDGETS:
        return deepcopy(field, memo)
    own: forms.Field = _twin(field)
    own.widget = _twin(field.widget)
    own.widget.attrs = field.widget.attrs.copy()
    own.error_messages = field.error_messages.copy()
    own.validators = field.validators[:]
    return own


def _twin(one: Any) -> Any:
    own = object.__new__(type(one))
    own.__dict__ = one.__dict__.copy()
    return own
