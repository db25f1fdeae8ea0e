"""The programming interface: its addresses, its schema and the page that explains it."""

from __future__ import annotations

from typing import Any, NoReturn

from csp.decorators import csp_update
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from config.problem_details import MEDIA_TYPE


# Swagger UI's own style sheet carries its icons inside it.
@csp_update({"img-src": ["data:"]})
@require_safe
def docs(request: Any) -> Any:
    return render(request, "api/docs.html")


class NoSuchAddress(APIView):
    """What nobody else answers still gets its problem details."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotFound(_("There is nothing here. What there is stands in /api/docs/; addresses end with /."))


def describe_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Every operation may answer with problem details; said once, here."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    answer = {
        "description": "Problem details (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for address in result["paths"].values():
        for operation in address.values():
            operation["responses"]["default"] = answer
    return result


PROBLEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer to the field"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("v1/", include("configurator.api.endpoints")),
    path("v1/", include("orders.api")),
    path("", NoSuchAddress.as_view()),
    path("<path:rest>", NoSuchAddress.as_view()),
]
