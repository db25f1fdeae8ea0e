"""What goes to a printer, by design. Staff only: a sleeve may carry a customer's private photo."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from configurator import designs, photos, prints
from configurator.designs import DesignUnknown
from configurator.models import Design
from configurator.wording import locale


@require_safe
@never_cache
def wrapper(request: HttpRequest, digest: str) -> HttpResponse:
    row = _found(request, digest)
    value = row.value
    if not all(photos.may_see(request, photo.digest) for photo in value.photos):
        raise PermissionDenied
    return _pdf(prints.wrapper_pdf(value, designs.family_of(row)), f"{row.code}-wrapper")


@require_safe
@never_cache
def placement(request: HttpRequest, digest: str) -> HttpResponse:
    row = _found(request, digest)
    return _pdf(prints.placement_pdf(row.value, designs.family_of(row), locale()), f"{row.code}-placement")


def _found(request: HttpRequest, digest: str) -> Design:
    """Others learn nothing of which designs there are."""
    user = request.user
    if not (user.is_authenticated and user.is_staff and user.has_perm("configurator.view_design")):
        raise PermissionDenied
    try:
        return designs.find(digest)
    except DesignUnknown:
        raise Http404 from None


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
