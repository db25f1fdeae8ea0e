"""Every error under /api/ as problem details (RFC 9457), with a pointer to each field (RFC 6901)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response
from rest_framework.views import set_rollback

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
INVALID = "urn:couverture:problem:invalid"


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """What Django REST framework does with an exception that a view raised."""
    refusal = _as_refusal(error)
    if refusal is None:
        return _unexpected(error, context)
    set_rollback()
    return problem(refusal.status_code, _words(refusal), _headers(refusal))


def problem(status: int, words: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status} | words
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def _as_refusal(error: Exception) -> APIException | None:
    match error:
        case APIException():
            return error
        case Http404():
            return NotFound()
        case PermissionDenied():
            return Forbidden()
        case RequestDataTooBig():
            return _TooLarge()
    return None


class _TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The request is too large.")


def _words(refusal: APIException) -> dict[str, Any]:
    if isinstance(refusal, ValidationError):
        errors = list(_field_errors(refusal.detail, ""))
        return {
            "type": INVALID,
            "title": _("The request does not fit"),
            "detail": _("Correct what “errors” names and send it again."),
            "errors": errors,
        }
    return {"detail": str(refusal.detail)}


def _field_errors(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    match detail:
        case Mapping():
            for name, inner in detail.items():
                yield from _field_errors(inner, _below(pointer, name))
        case list() if any(isinstance(inner, (Mapping, list)) for inner in detail):
            for place, inner in enumerate(detail):
                yield from _field_errors(inner, _below(pointer, place))
        case list():
            yield from ({"pointer": pointer, "detail": str(words)} for words in detail)
        case _:
            yield {"pointer": pointer, "detail": str(detail)}


def _below(pointer: str, name: str | int) -> str:
    if name == "non_field_errors":
        return pointer
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _headers(refusal: APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(refusal, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(refusal, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _unexpected(error: Exception, context: Mapping[str, Any]) -> Response:
    """Our mistake: the log gets the trace, the caller does not."""
    set_rollback()
    got_request_exception.send(sender=None, request=context["request"])
    logger.error("An API call failed", exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, {"detail": _("That went wrong on our side. Try again later.")}
    )
