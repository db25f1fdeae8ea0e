"""Tells the operator when the rules are not compiled though they should be."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Caution


@register
def compiled_rules(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.COMPILED_RULES or settings.RULES_ARE_COMPILED:
        return []
    return [
        Caution(
            "COMPILED_RULES names a folder in which these sources are not compiled, so they run as written.",
            hint="Run manage.py compile_rules and start again, or leave COMPILED_RULES out.",
            id="configurator.W001",
        )
    ]
