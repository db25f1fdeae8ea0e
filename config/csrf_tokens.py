"""The token of a page's forms, as Django writes it and checks it, in a few steps: Django draws each of its 64 signs
by itself, which a page with a form notices.
"""

from __future__ import annotations

from secrets import token_bytes
from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH
from django.utils.functional import SimpleLazyObject

SIGNS: Final = CSRF_ALLOWED_CHARS
PLACES: Final = {sign: place for place, sign in enumerate(SIGNS)}

# Of 256 bytes each sign gets equally many; the few that are left over are not used, for no sign may be likelier.
_FAIR: Final = 256 - 256 % len(SIGNS)
_SIGN_OF_BYTE: Final = bytes(ord(SIGNS[byte % len(SIGNS)]) for byte in range(256))
_LEFT_OVER: Final = bytes(range(_FAIR, 256))


def csrf_token(request: HttpRequest) -> dict[str, object]:
    """In the place of Django's own; as there, the cookie is sent by pages that show the token."""
    return {"csrf_token": SimpleLazyObject(lambda: _masked(_secret(request)))}


def _secret(request: HttpRequest) -> str:
    secret: str = request.META.get("CSRF_COOKIE") or drawn()
    request.META |= {"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    return secret


def _masked(secret: str) -> str:
    """Otherwise on every page, so that nobody learns it from how well pages compress."""
    mask = drawn()
    hidden = [
        SIGNS[(PLACES[sign] + PLACES[over]) % len(SIGNS)] for sign, over in zip(secret, mask, strict=True)
    ]
    return mask + "".join(hidden)


def drawn() -> str:
    """Random signs, as many as a secret has."""
    signs = b""
    while len(signs) < CSRF_SECRET_LENGTH:
        signs += token_bytes(2 * CSRF_SECRET_LENGTH).translate(_SIGN_OF_BYTE, _LEFT_OVER)
    return signs[:CSRF_SECRET_LENGTH].decode()
