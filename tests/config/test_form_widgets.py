"""Forms look as Django writes them, whoever writes them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.form_widgets import WRITERS, PlainWidgets

NASTY = "\"<b> & 'quoted'"
GROUPED = [("", "none"), ("Near", [("DE", "Deutschland & <co>"), (1, gettext_lazy("Cart"))]), (2.5, 2.5)]
WIDGETS: list[forms.Widget] = [
    *(
        forms.TextInput(attrs=attrs)
        for attrs in ({}, {"required": True, "disabled": False}, {"title": NASTY, "size": 3})
    ),
    forms.EmailInput(attrs={"autocomplete": "email"}),
    forms.HiddenInput(),
    forms.NumberInput(attrs={"min": 0, "step": 0.5}),
    forms.PasswordInput(render_value=True),
    forms.DateInput(attrs={"type": "date"}),
    forms.URLInput(),
    forms.CheckboxInput(attrs={"id": "box"}),
    forms.Textarea(attrs={"rows": 3, "aria-describedby": gettext_lazy("Cart")}),
    forms.Select(attrs={"id": "where"}, choices=GROUPED),
    forms.RadioSelect(attrs={"id": "which"}, choices=GROUPED),
    forms.CheckboxSelectMultiple(choices=GROUPED),
    forms.SelectMultiple(choices=GROUPED),
    forms.ClearableFileInput(),
]
VALUES: list[Any] = [None, "", "DE", NASTY, 0, 1234567, 2.5, ["DE", "2.5"], mark_safe("<i>safe</i>")]


@pytest.fixture(autouse=True, params=["en", "de"])
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    with translation.override(request.param):
        yield


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_widget_reads_to_the_letter_as_by_djangos_templates(widget: forms.Widget) -> None:
    for value in VALUES:
        ours = widget.render("field", value, renderer=PlainWidgets())
        assert ours == widget.render("field", value, renderer=DjangoTemplates())


@pytest.mark.parametrize("label", ["Name", NASTY, gettext_lazy("Cart")])
def test_a_label_reads_to_the_letter_as_by_djangos_template(label: str) -> None:
    class Asked(forms.Form):
        one = forms.CharField(label=label)
        many = forms.ChoiceField(label=label, choices=GROUPED, widget=forms.RadioSelect)

    ours, theirs = Asked(renderer=PlainWidgets()), Asked(renderer=DjangoTemplates())
    for name in ("one", "many"):
        for tag in (None, "legend"):
            assert ours[name].label_tag(tag=tag) == theirs[name].label_tag(tag=tag)
    for own, given in zip(ours["many"], theirs["many"], strict=True):
        assert own.tag(wrap_label=True) == given.tag(wrap_label=True)


def test_every_template_that_is_written_here_is_one_of_djangos() -> None:
    for template in WRITERS:
        DjangoTemplates().get_template(template)
