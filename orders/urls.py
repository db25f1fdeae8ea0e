from django.urls import URLPattern, URLResolver

from orders import floor_urls

app_name = "orders"

urlpatterns: list[URLPattern | URLResolver] = [
    *floor_urls.urlpatterns,
]
