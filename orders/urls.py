from django.urls import path

from orders import floor_urls
from orders.views import cart, checkout, order, payment

app_name = "orders"

urlpatterns = [
    path("cart/", cart.cart, name="cart"),
    path("cart/lines/", cart.add, name="cart-lines"),
    path("cart/lines/<int:line_id>/", cart.change, name="cart-line"),
    path("cart/lines/<int:line_id>/removal/", cart.remove, name="cart-line-removal"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/<str:token>/", order.order, name="order"),
    path("orders/<str:token>/payments/", payment.pay, name="payments"),
    path("orders/<str:token>/cancellation/", order.cancel, name="cancellation"),
    path("pay/return/<uuid:payment_id>/", payment.payment_return, name="payment-return"),
    path("stripe/webhook/", payment.stripe_webhook, name="stripe-webhook"),
    *floor_urls.urlpatterns,
]
