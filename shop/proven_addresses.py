"""Whoever opens a link from a mail reads the mails of its address: a signed key, good for a day, kept nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core import signing

GOOD_FOR: Final = timedelta(days=1)
SALT: Final = "proven address"


def key_of(email: str) -> str:
    # Not a colon, which mail programs take for the end of a link.
    return signing.dumps(email, salt=SALT, compress=False).replace(":", ".")


def email_of(key: str) -> str | None:
    try:
        return str(signing.loads(key.replace(".", ":"), salt=SALT, max_age=GOOD_FOR))
    except signing.BadSignature:
        return None
