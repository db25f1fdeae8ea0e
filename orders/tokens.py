"""Tokens of the API: made, shown once, recognised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from orders.models.token import PREFIX, SHOWN_SIGNS, ApiToken, Scope, digest_of, new_secret

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def create(
    name: str, *, owner: User, scopes: Iterable[Scope], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """The token and its secret, which cannot be read again."""
    secret = new_secret()
    token = ApiToken.objects.create(
        name=name,
        owner=owner,
        scopes=sorted({str(scope) for scope in scopes}),
        expires_at=expires_at,
        shown=secret[: len(PREFIX) + SHOWN_SIGNS],
        digest=digest_of(secret),
    )
    return token, secret


def recognised(secret: str, *, now: datetime) -> ApiToken | None:
    unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
    tokens = ApiToken.objects.select_related("owner").filter(unexpired, revoked_at=None)
    return tokens.filter(digest=digest_of(secret), owner__is_active=True, owner__is_staff=True).first()


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = recognised(secret.strip(), now=now)
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked. Ask for a new one."))
        token.note_use(now)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasScope(BasePermission):
    """The view says in ``scopes`` which one each method needs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        scope: Scope | None = getattr(view, "scopes", {}).get(request.method)
        if not isinstance(request.auth, ApiToken):
            return False
        if scope is None:
            raise MethodNotAllowed(str(request.method))
        self.message = _("This needs a token with the scope “%s”, owned by somebody who may do it.") % scope
        return request.auth.allows(scope)


class BearerTokenSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "orders.tokens.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        scopes = ", ".join(Scope.values)
        return {
            "type": "http",
            "scheme": "bearer",
            "description": f"A token of a member of staff, made by `manage.py create_token`. Scopes: {scopes}.",
        }
