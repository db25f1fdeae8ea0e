"""The page where a table is brought in: first what it would change, then the button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.office import importing
from orders.office.importing import KINDS, Difference, TableMistaken, TableOutdated


class TableForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("A CSV file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("or its lines"),
        required=False,
        strip=False,
        max_length=importing.BYTES_MOST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None:
            cleaned["text"] = self._read(file)
        elif not cleaned.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or paste its lines."))
        return cleaned

    def _read(self, file: Any) -> str:
        if file.size > importing.BYTES_MOST:
            raise forms.ValidationError(_("The file is too large: one megabyte at most."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The file is not written in UTF-8. Save it as CSV UTF-8.")
            ) from None


def bring_in(site: admin.AdminSite, request: HttpRequest, kind_key: str) -> HttpResponse:
    kind = KINDS.get(kind_key)
    if kind is None:
        raise Http404
    user = request.user
    if not isinstance(user, User) or not user.has_perm(kind.permission):
        raise PermissionDenied
    is_sent = request.method == "POST"
    # Also one that brings nothing: its sender is told what is missing.
    form = TableForm(request.POST, request.FILES) if is_sent else TableForm()
    found: list[Difference] | None = None
    if is_sent and form.is_valid():
        text, expected = form.cleaned_data["text"], request.POST.get("seen", "")
        try:
            if expected:
                changed = importing.bring_in(kind, text, expected=expected, by=user, at=timezone.now())
                words = ngettext("%d value is changed.", "%d values are changed.", changed) % changed
                messages.success(request, words)
                return HttpResponseRedirect(reverse(kind.back_to))
            found = importing.differences(kind, text)
        except TableOutdated:
            form.add_error(
                None, _("Somebody has changed some of it meanwhile. This is what it would change now.")
            )
            found = importing.differences(kind, text)
        except TableMistaken as mistaken:
            for message in mistaken.messages[:50]:
                form.add_error(None, message)
    context = site.each_context(request) | {
        "title": kind.title,
        "kind": kind,
        "form": form,
        "text": form.cleaned_data.get("text", "") if form.is_bound and hasattr(form, "cleaned_data") else "",
        "found": found,
        "seen": importing.seen(found) if found else "",
        "back": reverse(kind.back_to),
    }
    return TemplateResponse(request, "admin/bring_in.html", context, status=422 if form.errors else 200)
