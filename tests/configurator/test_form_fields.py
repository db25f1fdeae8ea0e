"""Every visitor's form is one's own, however it was copied."""

from copy import deepcopy

from django import forms

from configurator.studio.form_fields import copied_lightly


class Letter(forms.Form):
    to = forms.EmailField(max_length=20, help_text="Whom?", widget=forms.EmailInput(attrs={"rows": 1}))
    words = forms.CharField(widget=forms.Textarea)
    copies = forms.IntegerField(min_value=1, required=False)
    paper = forms.ChoiceField(choices=[("plain", "Plain"), ("laid", "Laid")], widget=forms.RadioSelect)
    flown = forms.BooleanField(required=False)
    on = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d"))


@copied_lightly
class LightLetter(Letter):
    pass


def test_a_light_copy_has_all_that_django_copies():
    light, full = LightLetter().fields, deepcopy(dict(Letter.base_fields))
    assert list(light) == list(full)
    for name, field in full.items():
        assert type(light[name]) is type(field)
        assert vars(light[name]).keys() == vars(field).keys()
        assert vars(light[name].widget).keys() == vars(field.widget).keys()
        assert light[name].validators == field.validators
        assert light[name].error_messages == field.error_messages
    assert LightLetter().as_p() == Letter().as_p()


def test_what_one_form_changes_no_other_form_has():
    changed = LightLetter()
    for field in changed.fields.values():
        field.label, field.initial, field.help_text = "Ada's", "ada@example.com", "of Ada"
        field.error_messages["required"] = "Ada!"
        field.widget.attrs["autocomplete"] = "email"
        field.widget.is_required = None
        field.validators.append(print)
    changed.fields["paper"].choices = [("ada", "Ada's")]  # type: ignore[attr-defined]
    del changed.fields["words"]
    assert LightLetter().as_p() == Letter().as_p()
    assert LightLetter({"paper": "ada", "to": "x"}).errors == Letter({"paper": "ada", "to": "x"}).errors
    assert "ada@example.com" not in LightLetter().as_p()


def test_a_form_that_grows_out_of_another_takes_its_fields_along():
    class Parcel(LightLetter):
        grams = forms.IntegerField()

    assert [*Parcel().fields] == [*Letter().fields, "grams"]
