"""The least that Django can do for a request: an empty view, with the shop's middleware or with none."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", empty)]

if os.environ.get("BENCH_EMPTY_SHOP"):
    django.setup()
    settings.ROOT_URLCONF = "bench.empty_shop"
    settings.MIDDLEWARE = []
    application = get_wsgi_application()
