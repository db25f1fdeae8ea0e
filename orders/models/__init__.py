from orders.models.address_book import KeptAddress
from orders.models.after import Claim, ClaimPhoto, Message
from orders.models.capacity import Booking, CapacityDay, WorkingWeek
from orders.models.cart import BoxSize, Cart, CartBox, CartLine
from orders.models.dispute import Dispute, FraudWarning
from orders.models.equipment import Cleaning, Contact, Equipment, FloorZone, Station
from orders.models.figures import KitchenFigures
from orders.models.gift_cards import CartGiftCard, GiftCard, GiftCardEntry
from orders.models.in_hand import InHand
from orders.models.invoice import Invoice, InvoiceKind, InvoicePaper, InvoiceSeries
from orders.models.labels import LabelEvent, PrintedLabel
from orders.models.ledger import Discrepancy, Fulfilment, LedgerEntry
from orders.models.lots import CupDose, FillInput, Lot, LotSpecification, Pour, Supplier, TemperFill
from orders.models.office import OfficeChange, OrderNote, SavedFilter
from orders.models.order import Objection, Order, OrderBox, OrderLine, PaymentState, Substitution
from orders.models.payment import Payment, Refund, RefundLine, StripeEvent
from orders.models.personal import PersonalRequest
from orders.models.photos import BarPhoto
from orders.models.production import Job, JobEvent, JobState
from orders.models.rates import TaxClass, VatRate
from orders.models.recall import Recall, RecallNotice
from orders.models.reminders import Reminder, ReminderDay
from orders.models.run_out import RunOut, RunOutBar
from orders.models.runner import Runner
from orders.models.runs import Run, RunEvent, RunState, WorkingTemperature
from orders.models.shipment import Shipment, ShipmentLine, ShippedBox
from orders.models.shipping import (
    CarriageRate,
    Carrier,
    Destination,
    Holiday,
    HotSeason,
    Method,
    Service,
    Zone,
)
from orders.models.stock import Stock, StockHold, StockMove
from orders.models.token import ApiToken
from orders.models.vouchers import CartVoucher, Voucher, VoucherUse
from orders.models.what_if import WhatIf
from orders.models.work import Letter, PendingWork

__all__ = [
    "ApiToken",
    "BarPhoto",
    "Booking",
    "BoxSize",
    "CapacityDay",
    "CarriageRate",
    "Carrier",
    "Cart",
    "CartBox",
    "CartGiftCard",
    "CartLine",
    "CartVoucher",
    "Claim",
    "ClaimPhoto",
    "Cleaning",
    "Contact",
    "CupDose",
    "Destination",
    "Discrepancy",
    "Dispute",
    "Equipment",
    "FillInput",
    "FloorZone",
    "FraudWarning",
    "Fulfilment",
    "GiftCard",
    "GiftCardEntry",
    "Holiday",
    "HotSeason",
    "InHand",
    "Invoice",
    "InvoiceKind",
    "InvoicePaper",
    "InvoiceSeries",
    "Job",
    "JobEvent",
    "JobState",
    "KeptAddress",
    "KitchenFigures",
    "LabelEvent",
    "LedgerEntry",
    "Letter",
    "Lot",
    "LotSpecification",
    "Message",
    "Method",
    "Objection",
    "OfficeChange",
    "Order",
    "OrderBox",
    "OrderLine",
    "OrderNote",
    "Payment",
    "PaymentState",
    "PendingWork",
    "PersonalRequest",
    "Pour",
    "PrintedLabel",
    "Recall",
    "RecallNotice",
    "Refund",
    "RefundLine",
    "Reminder",
    "ReminderDay",
    "Run",
    "RunEvent",
    "RunOut",
    "RunOutBar",
    "RunState",
    "Runner",
    "SavedFilter",
    "Service",
    "Shipment",
    "ShipmentLine",
    "ShippedBox",
    "Station",
    "Stock",
    "StockHold",
    "StockMove",
    "StripeEvent",
    "Substitution",
    "Supplier",
    "TaxClass",
    "TemperFill",
    "VatRate",
    "Voucher",
    "VoucherUse",
    "WhatIf",
    "WorkingTemperature",
    "WorkingWeek",
    "Zone",
]
