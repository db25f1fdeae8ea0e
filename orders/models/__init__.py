from orders.models.cart import Cart, CartLine
from orders.models.order import Order, OrderLine, PaymentState
from orders.models.payment import Payment, Refund, StripeEvent
from orders.models.production import Job, JobEvent, JobState, PendingWork
from orders.models.rates import ShippingRate, TaxClass, VatRate
from orders.models.stock import Stock, StockHold, StockMove
from orders.models.token import ApiToken

__all__ = [
    "ApiToken",
    "Cart",
    "CartLine",
    "Job",
    "JobEvent",
    "JobState",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentState",
    "PendingWork",
    "Refund",
    "ShippingRate",
    "Stock",
    "StockHold",
    "StockMove",
    "StripeEvent",
    "TaxClass",
    "VatRate",
]
