"""Forms of the second step, in the shop's words."""

from __future__ import annotations

from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as steps
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as apps
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import forms as passkeys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.account_forms import HouseStyle

NAME_MAX: Final = 40
SIGNS_MAX: Final = 20
BROKEN: Final = (ValueError, TypeError, KeyError, AttributeError, InvalidSignature)
"""What fido2 raises for answers that no device gives."""


class Coded(HouseStyle):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code")
        code.error_messages["required"] = _("Type the code.")
        code.widget.attrs |= {"inputmode": "numeric", "maxlength": SIGNS_MAX, "autofocus": True}


class Answered(Coded):
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_app = is_mfa_enabled(self.user, [Authenticator.Type.TOTP])
        self.has_passkey = is_mfa_enabled(self.user, [Authenticator.Type.WEBAUTHN])
        self.fields["code"].widget.attrs["autofocus"] = not self.has_passkey
        self.fields["code"].label = (
            _("Code from your app, or a recovery code") if self.has_app else _("Recovery code")
        )


class CodeForm(Answered, steps.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    pass


class CodeOnceMoreForm(Answered, steps.ReauthenticateForm):  # type: ignore[misc]
    pass


class FirstCodeForm(Coded, apps.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code that the app shows now")

    @property
    def written(self) -> str:
        """To be typed: in fours, as apps show it."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class NewPasskeyForm(HouseStyle, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("Name")
        name.help_text = _("So that you know it again: the device that keeps it.")
        name.widget.attrs["maxlength"] = NAME_MAX

    def clean_name(self) -> str:
        return str(super().clean_name())[:NAME_MAX]

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except BROKEN as broken:
            raise _unreadable(broken) from broken


class Shown(HouseStyle):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except BROKEN as broken:
            raise _unreadable(broken) from broken


class PasskeyForm(Shown, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyOnceMoreForm(Shown, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAloneForm(Shown, passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    pass


def _unreadable(broken: Exception) -> ValidationError:
    # ValidationError is a ValueError, too.
    if isinstance(broken, ValidationError):
        return broken
    unknown: ValidationError = get_adapter().validation_error("incorrect_code")
    return unknown
