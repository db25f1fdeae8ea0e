"""Tokens of the API in the office: made, shown once, revoked; never edited, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders import tokens
from orders.models.token import ApiToken, Scope


class TokenForm(forms.ModelForm[ApiToken]):
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiToken
        fields = ("name", "scopes", "expires_at")


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Everybody makes tokens in their own name: nobody hands out what is another's."""

    form = TokenForm
    list_display = ("name", "owner", "shown", "reaches", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__username", "shown")
    actions = ("revoke",)

    readonly_fields = ("reaches",)

    @admin.display(description=_("scopes"))
    def reaches(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("name", "scopes", "expires_at")
        return ("name", "owner", "shown", "reaches", "created_at", "last_used_at", "expires_at", "revoked_at")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: ApiToken,
        form: forms.ModelForm[ApiToken],
        *_args: Any,
        **_options: Any,
    ) -> None:
        assert isinstance(request.user, User), "the admin is for members of staff"
        made, secret = tokens.create(
            obj.name,
            owner=request.user,
            scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
            expires_at=obj.expires_at,
        )
        obj.pk, obj.shown, obj.secret = made.pk, made.shown, secret  # type: ignore[attr-defined]  # for the page that follows, never kept

    def save_related(self, *_args: Any, **_options: Any) -> None:
        """A token has none."""

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Keep this token now"),
            "opts": self.opts,
            "secret": obj.secret,  # type: ignore[attr-defined]
        }
        # The admin tells the browser to keep no copy of any of its pages.
        return TemplateResponse(request, "admin/orders/apitoken/made.html", context)

    @admin.action(description=_("Revoke the selected tokens"), permissions=["add"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        revoked = chosen.filter(revoked_at=None).update(revoked_at=timezone.now())
        words = ngettext("%d token is revoked.", "%d tokens are revoked.", revoked) % revoked
        messages.success(request, words)
