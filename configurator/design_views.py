"""A design by its address, and by the code on its pack."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from configurator import designs, limits
from configurator.designs import DesignUnknown
from configurator.forms import CodeForm
from configurator.models import Design as DesignRow
from configurator.previews import picture_height, preview_url, share_url, wrapped_url
from configurator.studio import Studio
from configurator.wording import locale

CODES_A_MINUTE: Final = 30


@require_safe
def design(request: HttpRequest, digest: str) -> HttpResponse:
    """A shared design, to look at; whoever likes it makes it theirs in the studio."""
    row = _row_or_404(digest)
    review = designs.review(row.value, designs.family_of(row), locale())
    return render(
        request,
        "configurator/design.html",
        {
            "review": review,
            "studio": Studio(review),
            "code": row.code,
            "address": settings.SHOP_URL + request.path,
            "picture_shared": settings.SHOP_URL + share_url(digest),
            "picture": preview_url(digest, 600),
            "picture_large": preview_url(digest, 1200),
            "picture_height": picture_height(review.family, 600),
            "picture_wrapped": wrapped_url(digest),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        if not limits.within("codes", request, most=CODES_A_MINUTE, seconds=60):
            return render(request, "429.html", status=429)
        if form.is_valid():
            try:
                return redirect("configurator:design", designs.find_by_code(form.cleaned_data["code"]).digest)
            except DesignUnknown:
                form.add_error("code", _("No bar has this code. Compare it with the pack once more."))
    return render(request, "configurator/code.html", {"form": form}, status=422 if form.errors else 200)


def _row_or_404(digest: str) -> DesignRow:
    try:
        return designs.find(digest)
    except DesignUnknown:
        raise Http404 from None
