"""What people on the floor type, choose and scan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from configurator.domain.codes import CodeMistyped
from configurator.domain.label.allergens import ALLERGENS
from orders.models.equipment import Cleaning, Equipment, Station
from orders.models.production import NEVER_MADE, Job, JobState, ScrapReason, read_job_code
from orders.production import allergens, queue, runs
from orders.production.gates import SCANNED_MAX, Told
from orders.production.steps import REASON_SIGNS

TEXT_MAX = 60
NOTE_MAX = 120
HEAVIEST_G = 9999
MG_PER_G = 1000
MG_PER_KG = 1_000_000


class QueueForm(forms.Form):
    """Filters of the queue; a filter that makes no sense is left out rather than refused."""

    q = forms.CharField(label=_("Code, order or name"), max_length=TEXT_MAX, required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All open")), *JobState.choices]
    )
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[
            ("", _("Any day")),
            (queue.LATE, _("Late")),
            (queue.TODAY, _("Today")),
            (queue.SOON, _("Next working day")),
        ],
    )
    base = forms.ChoiceField(label=_("Base"), required=False)

    def __init__(self, *args: Any, bases: list[queue.BaseCount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Every base")), *((base.key, f"{base.name} ({base.bars})") for base in bases)]
        self.fields["base"] = forms.ChoiceField(label=_("Base"), required=False, choices=choices)

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("state", "due", "base")} | {
            "text": self.cleaned_data.get("q", "")
        }


class ScanForm(forms.Form):
    """A ticket's code by scanner or by hand, or the whole address that its QR code holds."""

    code = forms.CharField(label=_("Scan or type a ticket's code"), max_length=SCANNED_MAX)

    def clean_code(self) -> str:
        scanned: str = self.cleaned_data["code"]
        address = scanned.partition("?")[0].partition("#")[0]
        typed = address.rstrip("/").rpartition("/")[2]
        try:
            code = read_job_code(typed)
        except CodeMistyped as mistyped:
            raise forms.ValidationError(
                _("“%(code)s” is not a ticket's code. It has nine letters and digits, such as 7KQX-M2PRT."),
                params={"code": typed},
            ) from mistyped
        if not Job.objects.filter(code=code).exists():
            raise forms.ValidationError(_("No ticket has the code %(code)s."), params={"code": code})
        return code


class StepForm(forms.Form):
    """What the next step wants to know: where, if several places fit, how heavy the bar is, which label is on it."""

    equipment = forms.ChoiceField(label=_("Where"), required=False)
    weight = forms.DecimalField(
        label=_("Weight in grams"),
        min_value=1,
        max_value=HEAVIEST_G,
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": _("Weigh the bar, and type what the scale shows."),
            "invalid": _("Type the weight as a number of grams, such as 101.5."),
        },
    )
    label = forms.CharField(
        label=_("Scan the label on the bar"),
        max_length=SCANNED_MAX,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Scan the label that is on the bar.")},
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, to: str, places: list[Equipment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to != JobState.CHECKED:
            del self.fields["weight"]
        if to != JobState.WRAPPED:
            del self.fields["label"]
        if len(places) > 1 and to != JobState.MOULDED:
            choices = [("", "---------"), *((place.key, place.key) for place in places)]
            self.fields["equipment"].choices = choices  # type: ignore[attr-defined]  # a choice field has them
        else:
            del self.fields["equipment"]

    @property
    def told(self) -> Told:
        weight = self.cleaned_data.get("weight")
        return Told(
            equipment=self.cleaned_data.get("equipment", ""),
            weight_mg=None if weight is None else int(weight * MG_PER_G),
            label=self.cleaned_data.get("label", ""),
            key=self.cleaned_data.get("key"),
        )


class OldLabelForm(forms.Form):
    """A label that does not count any more goes into the bin."""

    old_label = forms.CharField(
        label=_("Scan the old label"),
        max_length=SCANNED_MAX,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class PhotoForm(forms.Form):
    """A tablet opens its camera; a computer asks for a file."""

    photo = forms.FileField(
        label=_("Take or choose a photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
        error_messages={
            name: _("Choose a photo first.") for name in ("required", "missing", "empty", "invalid")
        },
    )


class RunForm(forms.Form):
    """A fill that nobody has planned."""

    temperer = forms.ModelChoiceField(
        label=_("Temperer"), queryset=Equipment.objects.filter(station=Station.MOULDING, in_use=True)
    )
    base = forms.ChoiceField(label=_("Base"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = queue.waiting_by_base()
        self.fields["base"] = forms.ChoiceField(
            label=_("Base"),
            choices=[
                (key, f"{name} ({waiting[key]})" if waiting[key] else name)
                for key, name in runs.base_names().items()
            ],
        )


class TemperForm(forms.Form):
    """What the thermometer and the strip say."""

    degrees = forms.DecimalField(
        label=_("Temperature in °C"),
        min_value=10,
        max_value=60,
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Type the temperature as a number, such as 31.5.")},
    )
    strip_set = forms.TypedChoiceField(
        label=_("The strip after five minutes"),
        choices=[("yes", _("firm and glossy")), ("no", _("soft, dull or streaky"))],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )

    @property
    def decidegrees(self) -> int:
        return int(self.cleaned_data["degrees"] * 10)


class DoseForm(forms.Form):
    """One module at the scale."""

    lot = forms.CharField(label=_("Scan or type the lot"), max_length=SCANNED_MAX)
    grams = forms.DecimalField(
        label=_("Weight in grams"),
        min_value=Decimal("0.01"),
        max_value=HEAVIEST_G,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Type the weight as a number of grams, such as 101.5.")},
    )
    more_to_come = forms.BooleanField(
        label=_("This lot is at its end, the rest comes from another"), required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def mg(self) -> int:
        return int(self.cleaned_data["grams"] * MG_PER_G)


class FillForm(forms.Form):
    """One lot that goes into a temperer."""

    lot = forms.CharField(label=_("Scan or type the lot"), max_length=SCANNED_MAX)
    kilograms = forms.DecimalField(
        label=_("Weight in kilograms"),
        min_value=Decimal("0.001"),
        max_value=HEAVIEST_G,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Type the weight as a number of kilograms, such as 4.5.")},
    )

    @property
    def mg(self) -> int:
        return int(self.cleaned_data["kilograms"] * MG_PER_KG)


class CleaningForm(forms.Form):
    kind = forms.ChoiceField(label=_("How was it cleaned?"), choices=Cleaning.Kind.choices)


class SwabForm(forms.Form):
    swab = forms.ChoiceField(
        label=_("What does the swab say?"), choices=Cleaning.Swab.choices, widget=forms.RadioSelect
    )


class ContactForm(forms.Form):
    """Somebody has noticed allergens where they do not belong."""

    allergens = forms.MultipleChoiceField(
        label=_("Which allergens did it meet?"), widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=_("What happened?"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(
            ((code, allergens.named([code])) for code in ALLERGENS), key=lambda choice: choice[1]
        )
        self.fields["allergens"].choices = choices  # type: ignore[attr-defined]  # a choice field has them


class HoldForm(forms.Form):
    """An ingredient is missing: which one, and what else there is to know."""

    missing = forms.ChoiceField(
        label=_("What is missing?"),
        error_messages={
            name: _("Choose the ingredient that is missing.") for name in ("required", "invalid_choice")
        },
    )
    hold_note = forms.CharField(label=_("More about it"), max_length=NOTE_MAX, required=False)

    def __init__(self, *args: Any, ingredients: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"].choices = [("", "---------"), *ingredients]  # type: ignore[attr-defined]  # a choice field has them

    @property
    def kept(self) -> str:
        """The key of the module, and what was typed about it."""
        missing, note = self.cleaned_data["missing"], self.cleaned_data["hold_note"]
        return f"{missing}: {note}" if note else str(missing)

    @property
    def said(self) -> str:
        """For people: the ingredient by its name."""
        missing, note = self.cleaned_data["missing"], self.cleaned_data["hold_note"]
        name = dict(self.fields["missing"].choices)[missing]  # type: ignore[attr-defined]
        return f"{name}: {note}" if note else str(name)


class ScrapForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What went wrong?"),
        choices=[
            choice for choice in ScrapReason.choices if choice[0] not in (*NEVER_MADE, ScrapReason.SWAPPED)
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("More about it"), max_length=REASON_SIGNS - 20, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == ScrapReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in a few words what went wrong."))
        return cleaned

    @property
    def kept(self) -> str:
        """The key of the reason, and what was typed about it."""
        reason, note = self.cleaned_data["reason"], self.cleaned_data["note"]
        if reason == ScrapReason.OTHER:
            return str(note)
        return f"{reason}: {note}" if note else str(reason)


class MoveForm(forms.Form):
    """Where a person puts a run."""

    LAST: Final = 99

    day = forms.TypedChoiceField(label=_("Day"), coerce=date.fromisoformat)
    temperer = forms.ChoiceField(label=_("Temperer"))
    position = forms.IntegerField(label=_("Place"), min_value=1, max_value=LAST)

    def __init__(self, *args: Any, days: list[date], temperers: list[Equipment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["day"]
        chosen.choices = [(day.isoformat(), day.isoformat()) for day in days]
        place: Any = self.fields["temperer"]
        place.choices = [(temperer.pk, temperer.pk) for temperer in temperers]
