from django.urls import path, register_converter

from configurator import preview_views, views


class DigestConverter:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigestConverter, "digest")

app_name = "configurator"

urlpatterns = [
    path("studio/<slug:family>/", views.studio, name="studio"),
    path("studio/<slug:family>/<digest:digest>/", views.studio_design, name="studio-design"),
    path("d/<digest:digest>/", views.design, name="design"),
    path("c/", views.code, name="code"),
    path("p/<str:digest>/<str:width>.<str:suffix>", preview_views.preview, name="preview"),
    path("m/<slug:module>/<str:width>.webp", preview_views.module_picture, name="module-picture"),
]
