"""What customers fill in after the order: a question, a withdrawal, a claim."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.after.withdrawing import LineRight
from orders.models import Claim, Job
from orders.models.after import WORDS_MAX

TOO_LONG: Final = _(
    "That is too long: %(limit_value)d characters at most. Write the rest in a second message."
)
NAME_MAX: Final = 100


class QuestionForm(forms.Form):
    words = forms.CharField(
        label=_("Your question"),
        max_length=WORDS_MAX,
        error_messages={"required": _("Write your question first."), "max_length": TOO_LONG},
    )


class WithdrawalForm(forms.Form):
    """From the order's page: of which bars, and who declares it."""

    name = forms.CharField(
        label=_("Your name"), max_length=NAME_MAX, error_messages={"required": _("Write your name.")}
    )
    lines = forms.TypedMultipleChoiceField(
        label=_("From which bars"),
        coerce=int,
        error_messages={"required": _("Choose at least one bar.")},
    )

    def __init__(self, *args: Any, rights: Iterable[LineRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        rights = list(rights)
        # Of a gift card there is nothing to choose.
        field.required = bool(rights)
        field.choices = [(each.line.pk, str(each.line)) for each in rights if each.is_open]


class FindOrderForm(forms.Form):
    """Without the order's page: who declares a withdrawal, from which contract, and where the receipt goes."""

    name = forms.CharField(
        label=_("Your name"), max_length=NAME_MAX, error_messages={"required": _("Write your name.")}
    )
    number = forms.CharField(
        label=_("Number of the order"),
        max_length=20,
        error_messages={"required": _("Write the number of the order, such as C-2345ABCD.")},
    )
    email = forms.EmailField(
        label=_("E-mail address of the order"),
        error_messages={"required": _("Write the address that the order's mails came to.")},
    )


class ClaimForm(forms.Form):
    """One bar, what is wrong with it, and one to three photos."""

    bar = forms.TypedChoiceField(
        label=_("Which bar?"), coerce=int, error_messages={"required": _("Choose the bar.")}
    )
    kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[choice for choice in Claim.Kind.choices if choice[0] != Claim.Kind.WITHDRAWAL],
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = forms.CharField(
        label=_("Tell us more"),
        max_length=WORDS_MAX,
        error_messages={"required": _("Tell us in a few words what is wrong."), "max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, bars: Iterable[Job], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bar"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(job.pk, bar_name(job)) for job in bars]


def bar_name(job: Job) -> str:
    line = job.order_line
    return f"{line.name} ({job.index}/{line.quantity})" if line.quantity > 1 else line.name
