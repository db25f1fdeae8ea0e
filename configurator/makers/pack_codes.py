"""The bar of a code that a person has typed from a pack, or that a phone has read off it."""

from __future__ import annotations

from configurator.designs import DesignUnknown
from configurator.domain.codes import CodeMistyped
from configurator.domain.design import read_code, read_codes
from configurator.models import Design


def find(typed: str) -> Design:
    """Misread signs are forgiven where only one bar can be meant. Raises CodeMistyped or DesignUnknown."""
    meant = read_codes(typed)
    # Two designs of one code are possible but never seen; the older one had it printed first.
    rows = Design.objects.filter(code__in=meant).order_by("-created_at", "-digest")
    found = {row.code: row for row in rows}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise CodeMistyped(typed)
    raise DesignUnknown(read_code(typed))
