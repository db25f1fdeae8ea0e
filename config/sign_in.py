"""Where staff sign in: Django's own page, which counts before it believes anybody."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from configurator import limits

WINDOW_S: Final = 600
TRIES_OF_A_VISITOR: Final = 30
TRIES_OF_A_NAME: Final = 10
TOO_MANY: Final = "too_many"


class SignInForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        # Counted before the password is looked at, so that tries in parallel do not slip by.
        if self.request is not None and not _may_try(self.request, self.cleaned_data.get("username", "")):
            raise ValidationError(
                _("Those were many tries to sign in. Please wait ten minutes and try again."), code=TOO_MANY
            )
        return super().clean()


def sign_in(request: HttpRequest) -> HttpResponse:
    answer = admin.site.login(request)
    form = isinstance(answer, TemplateResponse) and (answer.context_data or {}).get("form")
    if isinstance(form, SignInForm) and form.has_error(NON_FIELD_ERRORS, TOO_MANY):
        answer.status_code = 429
        answer["Retry-After"] = str(WINDOW_S)
    return answer


def _may_try(request: HttpRequest, name: str) -> bool:
    """By visitor, who may try many names, and by name, which many visitors may try."""
    of_visitor = limits.counted("sign-ins", limits.visitor(request), seconds=WINDOW_S)
    of_name = limits.counted("sign-ins-as", limits.nameless(name.casefold()), seconds=WINDOW_S)
    return of_visitor <= TRIES_OF_A_VISITOR and of_name <= TRIES_OF_A_NAME


admin.site.login_form = SignInForm
