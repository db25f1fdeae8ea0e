from django.urls import path

from bench.peers.floor import views

urlpatterns = [
    path("", views.catalogue),
    path("products/<int:pk>/", views.product),
    path("basket/", views.add),
    path("checkout/", views.checkout),
    path("orders/<int:pk>/", views.order),
    path("api/products/<int:pk>/", views.api_product),
]
