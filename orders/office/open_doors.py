"""A link of the office stands only where its reader may go; to everybody else it is plain words.

Records name one another on nearly every page: an order its payment, a note its author. Which of them somebody
may open differs by group, so it is asked once, of the page as it is written, rather than by each that names one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

LINK: Final = re.compile(r'<a\b[^>]*?\shref="(/[^"?#]*)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def shown(answer: HttpResponse, request: HttpRequest, site: AdminSite) -> None:
    """Once it is written."""

    def read(written: HttpResponse) -> None:
        written.content = without_closed_doors(written.content.decode(), _doors(request, site)).encode()

    if isinstance(answer, TemplateResponse):
        answer.add_post_render_callback(read)


def without_closed_doors(page: str, opens: Callable[[str], bool]) -> str:
    return LINK.sub(lambda link: link[0] if opens(link[1]) else link[2], page)


def _doors(request: HttpRequest, site: AdminSite) -> Callable[[str], bool]:
    office, floor = reverse("admin:index"), reverse("orders:floor")
    rooms = {
        (model._meta.app_label, str(model._meta.model_name)): site.get_model_admin(model)
        for model in apps.get_models()
        if site.is_registered(model)
    }

    @cache
    def may_see(app: str, model: str) -> bool:
        pages = rooms.get((app, model))
        return pages is None or pages.has_view_permission(request)

    def opens(address: str) -> bool:
        if address.startswith(floor):
            return request.user.has_perm("orders.view_job")
        app, _slash, rest = address.removeprefix(office).partition("/")
        return not address.startswith(office) or may_see(app, rest.partition("/")[0])

    return opens
