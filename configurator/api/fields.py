"""How strictly the API reads: shared by everything that callers send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

NOT_FILTERS = frozenset({"page", "page_size", "format"})


class StrictSerializer(serializers.Serializer[Any]):
    """A misspelt field must not pass for a missing one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(set(map(str, data)))
        return super().to_internal_value(data)

    def _refuse_unknown(self, names: set[str]) -> None:
        if unknown := sorted(names - set(self.fields)):
            words = _("There is no such field. There are: %s.") % ", ".join(self.fields)
            raise ValidationError({name: [words] for name in unknown})


class StrictSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = StrictSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001  # the documented way
        return schema | {"additionalProperties": False}


class TextField(serializers.CharField):
    """Text only: a number that turns into text is a mistake of the caller."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise ValidationError(_("Write it as text, in quotes."))
        return super().to_internal_value(data)


def asked(query: QueryDict) -> dict[str, Any]:
    """The filters of an address; where the page stands is not for them."""
    return {name: value for name, value in query.dict().items() if name not in NOT_FILTERS}
