from django.contrib.sitemaps import views as sitemap_views
from django.urls import path
from django.views.decorators.cache import cache_page

from shop import gallery_views, views
from shop.sitemaps import SITEMAPS

HOUR = 3600

app_name = "shop"

pages = [
    path("", views.home, name="home"),
    path("bars/", views.bars, name="bars"),
    path("legal/", views.legal, name="legal"),
    path("gallery/", gallery_views.gallery, name="gallery"),
]

assets = [
    path("theme.css", views.theme, name="theme"),
    path("logo", views.logo, name="logo"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        cache_page(HOUR)(sitemap_views.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "shop:sitemap"},
        name="sitemaps",
    ),
    path(
        "sitemap-<slug:section>.xml",
        cache_page(HOUR)(sitemap_views.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
]
