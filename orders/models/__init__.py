from orders.models.cart import Cart, CartBox, CartLine
from orders.models.dispute import Dispute, FraudWarning
from orders.models.ledger import Discrepancy, Fulfilment, LedgerEntry
from orders.models.order import Order, OrderBox, OrderLine, PaymentState, Substitution
from orders.models.payment import Payment, Refund, RefundLine, StripeEvent
from orders.models.production import Job, JobEvent, JobState, PendingWork
from orders.models.rates import ShippingRate, TaxClass, VatRate
from orders.models.runner import Runner
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
    "Discrepancy",
    "Dispute",
    "FraudWarning",
    "Fulfilment",
    "Job",
    "JobEvent",
    "JobState",
    "LedgerEntry",
    "Order",
    "OrderBox",
    "OrderLine",
    "Payment",
    "PaymentState",
    "PendingWork",
    "Refund",
    "RefundLine",
    "Runner",
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
