"""Where staff sign in: Django's own page, which counts before it believes anybody."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
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


class SignIn(LoginView):
    """As the office's own, but for what follows a right password: the second step of whoever has set one up."""

    template_name = "admin/login.html"
    authentication_form = SignInForm

    def get_context_data(self, **said: Any) -> dict[str, Any]:
        return super().get_context_data(**said) | {
            **admin.site.each_context(self.request),
            "title": _("Sign in"),
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
            REDIRECT_FIELD_NAME: self.get_redirect_url() or reverse("admin:index"),
        }

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if self.request.user.is_authenticated:
            # Whoever was signed in here, as a customer perhaps, goes before somebody else comes.
            logout(self.request)
        coming = Login(user, EmailVerificationMethod.NONE, redirect_url=self.get_success_url())
        answer: HttpResponse = perform_password_login(self.request, {"username": user.get_username()}, coming)
        return answer


def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method == "GET" and admin.site.has_permission(request):
        return HttpResponseRedirect(reverse("admin:index"))
    answer = SignIn.as_view()(request)
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
