"""Who knocks at every door of the shop, and what there is behind the doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Final
from uuid import UUID

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from configurator.designs import save
from configurator.models import Check, Creation, Module, Opinion, Photo, PriceList
from configurator.pictures.photos import SESSION_KEY
from orders import changes, stock, tokens
from orders.after import reminders
from orders.buying import address_book
from orders.buying.wishes import Address
from orders.gifts import gift_card_sales, gift_cards
from orders.gifts.gift_card_sales import Gift
from orders.models import (
    Claim,
    ClaimPhoto,
    Discrepancy,
    Dispute,
    Equipment,
    FraudWarning,
    Job,
    LedgerEntry,
    Message,
    Order,
    Payment,
    PrintedLabel,
    Recall,
    Refund,
    SavedFilter,
    StripeEvent,
    Supplier,
    Voucher,
)
from orders.models.token import Scope
from orders.money import invoices
from orders.office.staff_groups import RIGHTS, ensure_groups
from orders.papers import invoice_files
from orders.production import allergens, runs
from orders.production.recall import figures
from orders.production.receiving import Delivery, receive
from shop import account_letters
from shop.models import ReadyBar
from tests.configurator.people import Person, bar
from tests.orders.paid import MONDAY_NOON, design, paid_order

GUEST, CUSTOMER, BUYER = "guest", "customer", "buyer"
PEOPLE: Final = (GUEST, CUSTOMER, BUYER, *RIGHTS)
"""Nobody known; somebody with an account and nothing here; whose order, cart and bars the addresses name; the staff."""


@dataclass(frozen=True)
class House:
    """One order with everything that can hang on it, and the browser of whoever placed it."""

    order: Order
    payment: Payment
    creation: Creation
    ada: Person
    tokens: Mapping[str, str]
    """By the name of its owner: a token that asks for all there is."""

    def client(self, who: str) -> Client:
        if who == BUYER:
            return self.ada.client
        client = Client()
        if who != GUEST:
            client.force_login(User.objects.get(username=who))
        return client


def furnished() -> House:
    ensure_groups()
    ada = Person("ada")
    creation = ada.designs(bar(), opinions_link="whoever-has-this-address")
    _bar_that_waits_for_the_gallery()
    Check.objects.create(creation=creation, asked_at=MONDAY_NOON)
    Opinion.objects.create(creation=creation, words="Lovely", said_at=MONDAY_NOON, reported_at=MONDAY_NOON)
    ada.client.post("/cart/lines/", {"design": save(design("Bea")).digest, "quantity": "1"})
    order = paid_order((design("Ada"), 1))
    invoice_files.make(invoices.issue(order, at=MONDAY_NOON), at=MONDAY_NOON)
    payment = _with_all_that_can_happen_to(order)
    _gift_card()
    _photo_of(ada)
    _on_the_floor()
    wish = reminders.Wish("ada@example.org", MONDAY_NOON.date(), True, "", "en", "EUR")
    reminders.ask(order.lines.get().design, wish, is_theirs=False, at=MONDAY_NOON)
    User.objects.create_user(CUSTOMER, password="a-password-of-a-customer")
    carla = User.objects.create_user("carla", password="a-password-of-somebody")
    address_book.keep(carla, Address("Carla", "Marktgasse 2", "", "1010", "Wien", "AT"))
    house = House(order, payment, creation, ada, dict(map(_colleague, RIGHTS)))
    _kept_by_the_office(house)
    return house


def _bar_that_waits_for_the_gallery() -> None:
    """The one that was changed last, as the office lists them: its words want somebody of the staff."""
    claiming = bar("Vegan night")
    Person("bea").designs(
        claiming, shown=save(claiming), held_at=MONDAY_NOON, changed_at=MONDAY_NOON + timedelta(days=1)
    )


def _with_all_that_can_happen_to(order: Order) -> Payment:
    then = {"created_at": MONDAY_NOON, "look_at": MONDAY_NOON}
    payment = Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.total_cents,
        captured_cents=order.total_cents, currency="EUR", livemode=False, request={}, **then,
    )  # fmt: skip
    Refund.objects.create(payment=payment, amount_cents=1, reason="damaged", request_key="one", **then)
    Dispute.objects.create(
        id="dp_1", payment=payment, state="needs_response", reason="fraudulent", cents=100, currency="EUR",
        refundable=True, opened_at=MONDAY_NOON, answer_by=MONDAY_NOON, seen_at=MONDAY_NOON,
    )  # fmt: skip
    FraudWarning.objects.create(id="issfr_1", payment=payment, kind="misc", warned_at=MONDAY_NOON)
    StripeEvent.objects.create(
        id="evt_1", type="charge.updated", created_at=MONDAY_NOON, received_at=MONDAY_NOON, source="webhook",
        payload={}, state="failed", attempts=1, next_at=MONDAY_NOON,
    )  # fmt: skip
    Message.objects.create(order=order, by_customer=True, words="When?", at=MONDAY_NOON)
    Claim.objects.create(order=order, kind="broken", job=Job.objects.get(), words="In pieces", at=MONDAY_NOON)
    return payment


def _kept_by_the_office(house: House) -> None:
    sue = User.objects.get(username="support")
    PriceList.objects.create(
        currency="USD", name="Dollars", permille=1100, step_cents=5, valid_from=date(2030, 1, 1)
    )
    Voucher.objects.create(code="JUNE", kind="free_shipping", valid_from=MONDAY_NOON)
    ReadyBar.objects.create(
        slug="ada", name="Ada", story_en="", story_de="", design_id=house.order.lines.get().design_id
    )
    stock.count(Module.objects.get(key="cinnamon_ceylon"), mg=1_000_000, by=sue, at=MONDAY_NOON)
    _lot(house, sue)
    PrintedLabel.objects.create(
        job=Job.objects.get(), number=1, locale="de", text=house.order.lines.get().labels["de"], lots=[],
        made_on=MONDAY_NOON, best_before=MONDAY_NOON, at=MONDAY_NOON,
    )  # fmt: skip
    LedgerEntry.objects.create(
        kind="charge",
        stripe_id="ch_1",
        payment=house.payment,
        order=house.order,
        cents=1,
        currency="EUR",
        at=MONDAY_NOON,
    )
    Discrepancy.objects.create(
        kind="charge", stripe_id="ch_2", payment=house.payment, currency="EUR", found_at=MONDAY_NOON
    )
    changes.note(house.order, by=sue, words="Looked at")
    account_letters.owe("unknown_account", "eve@example.com")
    SavedFilter.objects.create(owner=sue, model="orders.order", name="Paid", query="payment_state=paid")
    ClaimPhoto.objects.create(claim=Claim.objects.get(), digest=_kept("claims", "red"))


def _lot(house: House, sue: User) -> None:
    """Nothing of the order is made of it, so the floor goes on as before."""
    supplier = Supplier.objects.create(name="Canela e Cravo")
    cinnamon = Module.objects.get(key="cinnamon_ceylon")
    lot = receive(
        Delivery(cinnamon, supplier, "C-1", date(2030, 1, 1), 1_000_000, certificate=_certificate()),
        by=sue,
        at=MONDAY_NOON,
    )
    Recall.objects.create(lot=lot, is_mock=False, why="Moths", by=sue, at=MONDAY_NOON, figures=figures(lot))


def _certificate() -> str:
    name = "certificates/one.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b"%PDF-1.7"))
    return name


def _on_the_floor() -> None:
    """A run that is planned, and a bench that was cleaned and met something."""
    bob = User.objects.create_user("bob", password="a-password-of-the-floor")
    runs.plan(Equipment.objects.get(pk="T-O"), "milk_37", day=MONDAY_NOON.date(), by=bob, at=MONDAY_NOON)
    bench = Equipment.objects.get(pk="KIT-F")
    allergens.clean(bench, "wet", by=bob, at=MONDAY_NOON)
    allergens.seen(bench, frozenset({"CEL"}), why="a sandwich", by=bob, at=MONDAY_NOON)


def _photo_of(ada: Person) -> None:
    """Of her own wrapper, in her own browser."""
    digest = _kept("photos", "green")
    Photo.objects.create(digest=digest, width=100, height=100)
    session = ada.client.session
    session[SESSION_KEY] = [digest]
    session.save()


def _kept(folder: str, colour: str) -> str:
    file = BytesIO()
    Image.new("RGB", (100, 100), colour).save(file, "JPEG")
    digest = sha256(file.getvalue()).hexdigest()
    default_storage.save(f"{folder}/{digest}.jpg", ContentFile(file.getvalue()))
    return digest


def _gift_card() -> None:
    gift = Gift(cents=5000, currency="EUR", name="Grace", email="grace@example.org")
    bought = gift_card_sales.order(gift, key=UUID(int=1), locale="en", at=MONDAY_NOON)
    bought.mark_paid(MONDAY_NOON)
    gift_cards.issue(bought, at=MONDAY_NOON)


def _colleague(group: str) -> tuple[str, str]:
    user = User.objects.create_user(group, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    _token, secret = tokens.create(group, owner=user, scopes=list(Scope))
    return group, secret
