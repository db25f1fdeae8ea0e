from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import mailbox
from config.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("", include("configurator.urls")),
    path("", include("shop.urls")),
    path("", include("orders.urls")),
]

if settings.EMAIL_BACKEND == mailbox.BACKEND:
    urlpatterns.insert(0, path("mailbox/", include("config.mailbox")))
