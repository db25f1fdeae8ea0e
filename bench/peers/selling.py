"""Our shop as production runs it, but for the till, which is the sandbox.

Production refuses the sandbox when it starts, so it is named only after that; see orders/checks.py.
"""

from __future__ import annotations

import os
from typing import Final

from django.conf import settings

from config.wsgi import application

__all__ = ["application"]

TILL: Final = "BENCH_TILL"

if TILL in os.environ:
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox"  # noqa: S105  # the sandbox's, known to everybody
    settings.STRIPE_API_BASE = os.environ[TILL]
