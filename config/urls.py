from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.health import health
from config.sign_in import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/login/", sign_in),
    path("admin/", admin.site.urls),
    path("api/", include("config.api")),
    path("", include("configurator.urls")),
    path("", include("shop.urls")),
    path("", include("orders.urls")),
]

if not settings.PRODUCTION:
    urlpatterns.append(path("mailbox/", include("config.mailbox")))
