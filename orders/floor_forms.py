"""What people on the floor type, choose and scan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from configurator.domain.codes import CodeMistyped
from orders.models.production import NEVER_MADE, Job, JobState, ScrapReason, read_job_code
from orders.production import queue
from orders.production.steps import REASON_SIGNS

TEXT_MAX = 60
SCANNED_MAX = 300
NOTE_MAX = 120


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
        choices=[choice for choice in ScrapReason.choices if choice[0] not in NEVER_MADE],
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
