from django.urls import path, register_converter

from orders import account_urls, floor_urls
from orders.views import (
    after,
    again,
    bars,
    boxes,
    cancelling,
    cart,
    checkout,
    gift_cards,
    metrics,
    missing,
    my_data,
    names,
    objection,
    order,
    papers,
    payment,
    reminders,
    vouchers,
)


class TokenConverter:
    """Anything else is no order's address, and may hold signs that a database refuses."""

    regex = "[A-Za-z0-9_-]{1,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")

app_name = "orders"

pages = [
    *account_urls.pages,
    path("cart/", cart.cart, name="cart"),
    path("cart/lines/", cart.add, name="cart-lines"),
    path("cart/lines/<int:line_id>/", cart.change, name="cart-line"),
    path("cart/lines/<int:line_id>/removal/", cart.remove, name="cart-line-removal"),
    path("cart/lines/<int:line_id>/replacement/", cart.replace, name="cart-line-replacement"),
    path("cart/bars/<str:digest>/", again.bar_in_cart, name="cart-bar"),
    path("cart/bars/<str:digest>/copy/", again.copy_of_bar_in_cart, name="cart-bar-copy"),
    path("cart/prices/", cart.agree, name="cart-prices"),
    path("cart/box/", boxes.box, name="box"),
    path("cart/boxes/<int:box_id>/", cart.change_box, name="cart-box"),
    path("cart/boxes/<int:box_id>/removal/", cart.remove_box, name="cart-box-removal"),
    path("cart/vouchers/", vouchers.enter, name="vouchers"),
    path("cart/vouchers/removal/", vouchers.leave, name="voucher-removal"),
    path("bars/<str:code>/", bars.bar, name="bar"),
    path("bars/<str:code>/photo.jpg", bars.photo, name="bar-photo"),
    path("c/<str:code>/", again.again, name="again"),
    path("c/<str:code>/cart/", again.add, name="again-lines"),
    path("c/<str:code>/reminder/", reminders.reminders, name="reminders"),
    path("reminders/<token:token>/", reminders.reminder, name="reminder"),
    path("reminders/<token:token>/end/", reminders.end, name="reminder-end"),
    path("d/<str:digest>/names/", names.names, name="names"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/typed/", checkout.typed, name="half-typed"),
    path("gift-cards/", gift_cards.gift_cards_page, name="gift-cards"),
    path("gift-cards/balance/", gift_cards.balance, name="gift-card-balance"),
    path("orders/<token:token>/", order.order, name="order"),
    path("orders/<token:token>/gift-card/", gift_cards.paper, name="gift-card-paper"),
    path("orders/<token:token>/payments/", payment.pay, name="payments"),
    path("orders/<token:token>/cancellation/", order.cancel, name="cancellation"),
    path("orders/<token:token>/cancelling/", cancelling.cancelling, name="cancelling"),
    path("orders/<token:token>/missing/", missing.missing, name="missing"),
    path("orders/<token:token>/questions/", after.ask, name="questions"),
    path("orders/<token:token>/withdrawal/", after.withdraw, name="withdrawal"),
    path("orders/<token:token>/bars/<str:code>/photo.jpg", order.photo_of_bar, name="order-bar-photo"),
    path("orders/<token:token>/claims/", after.claim, name="claims"),
    path("withdrawal/", after.withdraw_by_number, name="withdrawal-by-number"),
    path("orders/<token:token>/objection/", objection.objection, name="objection"),
    path("orders/<token:token>/papers/<token:key>/", papers.papers, name="papers"),
    path("orders/<token:token>/papers/<token:key>/<token:number>.pdf", papers.paper, name="paper"),
    path("account/my-data/", my_data.overview, name="my-data-account"),
    path("account/my-data/copies/", my_data.copies, name="my-data-account-copies"),
    path("account/my-data/copies/<token:copy_key>.zip", my_data.copy, name="my-data-account-copy"),
    path("account/my-data/erasure/", my_data.erasure, name="my-data-account-erasure"),
    path("my-data/", my_data.ask, name="my-data"),
    path("my-data/forgotten/<token:key>/", my_data.forgotten, name="my-data-forgotten"),
    path("my-data/<str:key>/", my_data.overview, name="my-data-proven"),
    path("my-data/<str:key>/copies/", my_data.copies, name="my-data-proven-copies"),
    path("my-data/<str:key>/copies/<token:copy_key>.zip", my_data.copy, name="my-data-proven-copy"),
    path("my-data/<str:key>/erasure/", my_data.erasure, name="my-data-proven-erasure"),
    path("pay/return/<uuid:payment_id>/", payment.payment_return, name="payment-return"),
]

assets = [
    path("metrics/", metrics.metrics, name="metrics"),
    path("stripe/webhook/", payment.stripe_webhook, name="stripe-webhook"),
    *floor_urls.urlpatterns,
]
