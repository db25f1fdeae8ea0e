"""Passkeys: kept by the device, opened by a finger, a face or a PIN, and so good without a password, too."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView


class NewPasskey(AddWebAuthnView):  # type: ignore[misc]  # it ships no types
    def get_context_data(self, **said: Any) -> dict[str, Any]:
        """allauth asks for a plain key, and leaves it to the browser's script to ask for more."""
        context: dict[str, Any] = super().get_context_data(**said)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return context | {"js_data": {"creation_options": options}}
