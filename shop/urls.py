from django.urls import path

from shop import views

app_name = "shop"

pages = [
    path("", views.home, name="home"),
    path("bars/", views.bars, name="bars"),
    path("legal/", views.legal, name="legal"),
]

assets = [
    path("theme.css", views.theme, name="theme"),
    path("logo", views.logo, name="logo"),
]
