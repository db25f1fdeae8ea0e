"""Reading what a stranger sends: bounded in size and depth, and text that can be stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_BYTES = 64 * 1024


class BoundedJSONParser(JSONParser):
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise RequestDataTooBig
        try:
            return _read(body)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not JSON that we can read: %s") % _why(error)) from error


def _read(body: bytes) -> Any:
    parsed = json.loads(body.decode(), parse_constant=_refuse_constant)
    # Half of a surrogate pair is legal JSON but no text: neither a database nor a reply can hold it.
    json.dumps(parsed, ensure_ascii=False).encode()
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(_("%s is not a number.") % name)


def _why(error: Exception) -> str:
    match error:
        case RecursionError():
            return _("it is nested too deeply.")
        case UnicodeError():
            return _("its text is not UTF-8.")
    return str(error)
