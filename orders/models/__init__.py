from orders.models.cart import Cart, CartBox, CartLine
from orders.models.order import Order, OrderBox, OrderLine, PaymentState, Substitution
from orders.models.payment import Payment, Refund, StripeEvent
from orders.models.production import Job, JobEvent, JobState, PendingWork
from orders.models.rates import ShippingRate, TaxClass, VatRate
from orders.models.shipment import Shipment, ShipmentLine, ShippedBox
from orders.models.stock import Stock, StockHold, StockMove
from orders.models.token import ApiToken
from orders.models.vouchers import CartVoucher, Voucher, VoucherUse

__all__ = [
    "ApiToken",
    "Cart",
    "CartBox",
    "CartLine",
    "CartVoucher",
    "Job",
    "JobEvent",
    "JobState",
    "Order",
    "OrderBox",
    "OrderLine",
    "Payment",
    "PaymentState",
    "PendingWork",
    "Refund",
    "Shipment",
    "ShipmentLine",
    "ShippedBox",
    "ShippingRate",
    "Stock",
    "StockHold",
    "StockMove",
    "StripeEvent",
    "Substitution",
    "TaxClass",
    "VatRate",
    "Voucher",
    "VoucherUse",
]
