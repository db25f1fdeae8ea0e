"""What is typed to be reminded of a bar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import currency
from orders.after.reminders import Wish
from orders.models.reminders import AHEAD, OCCASION_MAX

ONCE, YEARLY = "once", "yearly"
REACH: Final = timedelta(days=3 * 365)
FIRST_YEAR: Final = 1900


class ReminderForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Which day is it for?"),
        help_text=gettext_lazy("We write two weeks before it, so that the bar is there in time."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("Write the day like 2026-12-24."),
        },
    )
    often = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        widget=forms.RadioSelect,
        initial=ONCE,
        choices=[(ONCE, gettext_lazy("Once")), (YEARLY, gettext_lazy("Every year"))],
        error_messages={"required": gettext_lazy("Choose once or every year.")},
    )
    occasion = forms.CharField(
        label=gettext_lazy("What for? (optional)"),
        max_length=OCCASION_MAX,
        required=False,
        help_text=gettext_lazy("Such as “Grandmother’s birthday”. It stands in the mail."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("For this reminder and nothing else."),
        error_messages={
            "required": gettext_lazy("Write where the reminder goes to."),
            "invalid": gettext_lazy("This is no e-mail address. It looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        on, often = cleaned.get("on"), cleaned.get("often")
        if on and often == ONCE:
            self._check_once(on)
        elif on and not FIRST_YEAR <= on.year <= (self.today + REACH).year:
            self.add_error("on", _("Choose a day of this or another year from 1900 on."))
        return cleaned

    def wish(self, locale: str) -> Wish:
        """What was asked for; call it when the form is valid."""
        cleaned = self.cleaned_data
        return Wish(
            email=cleaned["email"],
            on=cleaned["on"],
            yearly=cleaned["often"] == YEARLY,
            occasion=" ".join(cleaned["occasion"].split()),
            locale=locale,
            currency=currency.active(),
        )

    def _check_once(self, on: date) -> None:
        first, last = self.today + AHEAD + timedelta(days=1), self.today + REACH
        if not first <= on <= last:
            words = _(
                "Choose a day from %(first)s to %(last)s: the mail comes two weeks before. Is it a day that comes "
                "every year? Then choose “Every year”."
            )
            days = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
            self.add_error("on", words % days)
