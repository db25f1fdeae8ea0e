"""allauth's forms in the shop's words and looks."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

EMAIL_WRONG: Final = {
    "required": _("Write your e-mail address."),
    "invalid": _("This is no e-mail address. It looks like name@example.com."),
}
PASSWORD_HELP: Final = _(
    "At least 12 characters. Some words in a row are easy to remember and hard to guess."
)
PASSWORD_MISSING: Final = _("Write a password.")

LABELS: Final[dict[str, Any]] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
}


class HouseStyle(forms.Form):
    """Labels above the fields, no words in them, each password once: a browser remembers it, and a typo is mended
    by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = PASSWORD_HELP if name == "password1" else ""
            if isinstance(field, forms.EmailField):
                field.error_messages |= EMAIL_WRONG
            elif isinstance(field.widget, forms.PasswordInput):
                field.error_messages["required"] = PASSWORD_MISSING


class SignInForm(HouseStyle, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class NewAccountForm(HouseStyle, allauth_forms.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = LABELS["password"]


class NewAddressForm(HouseStyle, allauth_forms.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(HouseStyle, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class FirstPasswordForm(HouseStyle, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ForgottenForm(HouseStyle, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(HouseStyle, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReallyYouForm(HouseStyle, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass
