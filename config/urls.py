from types import ModuleType

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.health import health
from config.languages import in_each_language
from config.sign_in import sign_in
from configurator import urls as configurator_urls
from orders import urls as orders_urls
from shop import account_urls
from shop import urls as shop_urls


def _of(app: ModuleType) -> URLResolver:
    """Pages have an address in each language; pictures, papers and machines' doors have one for all."""
    return path("", include(([in_each_language(app.pages), *app.assets], app.app_name)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("admin/login/", sign_in),
    path("admin/", admin.site.urls),
    path("api/", include("config.api")),
    # Django tries one after another: first the few where somebody buys.
    _of(orders_urls),
    _of(shop_urls),
    _of(configurator_urls),
    # allauth looks its pages up by names without an app.
    in_each_language(account_urls.pages),
]

if not settings.PRODUCTION:
    urlpatterns.append(path("mailbox/", include("config.mailbox")))
