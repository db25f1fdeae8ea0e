"""Lists are answered page by page."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        wanted = request.query_params.get("page_size", str(self.page_size))
        if not (re.fullmatch("[0-9]{1,3}", wanted) and 1 <= int(wanted) <= self.max_page_size):
            words = _("Write a whole number from 1 to %d.") % self.max_page_size
            raise ValidationError({"page_size": [words]})
        return int(wanted)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer"},
                "next": address,
                "previous": address,
                "results": schema,
            },
        }
