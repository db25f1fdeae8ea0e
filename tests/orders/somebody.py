"""Quentin Quittenbaum, who has typed his mark into every field that the shop has, and the ways to look for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from PIL import Image
from pypdf import PdfReader

from configurator import designs
from configurator.domain.design import Design, Photo, Wrapper
from configurator.makers import keeping, opinions
from configurator.makers.makers import maker_of_account
from configurator.models import Check, Creation
from configurator.pictures import photos
from configurator.pictures.picture_addresses import Picture
from configurator.pictures.previews import preview
from orders import changes, conversation
from orders.after import claims, reviews
from orders.after.claims import Told
from orders.buying import address_book, cart, half_typed, name_lists
from orders.buying.cookies import CART, remember_cart
from orders.buying.parcels import Recipient
from orders.buying.wishes import Address, Wishes
from orders.gifts import gift_card_sales, gift_cards
from orders.models import (
    Cart,
    Letter,
    Order,
    OrderNote,
    Payment,
    Refund,
    Reminder,
    SavedFilter,
    Shipment,
    Voucher,
    VoucherUse,
)
from orders.money import invoices
from orders.papers import invoice_files
from orders.personal.people import Person, with_account
from orders.prices.vouchers import customer_digest
from orders.production import tickets
from shop import account_letters
from tests.configurator import people as browsers
from tests.orders.paid import bring_to, design, jobs_of, operator, paid_order
from tests.shop.people import PASSWORD, account

MARK = "quitte"
EMAIL = "quentin@quittenbaum.example"
NAME = "Quentin Quittenbaum"
AT_HOME = Recipient(
    "Tante Quitteria", "Quittenweg 1", "Quittenhaus", "10115", "Quittenberg", "DE", gift_message="Quittengruß"
)
PAYER = Address(NAME, "Quittenallee 2", "bei Quitte", "10117", "Quittenstadt", "DE")


@dataclass(frozen=True)
class Somebody:
    user: User
    order: Order
    card_order: Order
    creation: Creation
    remix: Creation
    browser: browsers.Person
    cart_key: str
    photo: str

    @property
    def person(self) -> Person:
        return with_account(self.user, [self.photo])


def everywhere(at: datetime) -> Somebody:
    staff = operator("bea", "view_job", "change_job", "view_order")
    browser = browsers.Person("quentin")
    user, photo = _account(), _photo(browser.client)
    bar = _bar(photo)
    creation, remix = _bars(browser, bar, staff, at)
    order = _order(bar, staff, at)
    _after(order, staff, at)
    card = _gift_card(at)
    _office(order, creation, staff, at)
    reminder = Reminder.objects.create(
        design=creation.design, email=EMAIL, occasion="Omas Quittentag", month=5, day=1, yearly=True,
        locale="de", currency="EUR", asked_at=at,
    )  # fmt: skip
    changes.note(reminder, by=staff, words="Quitte")
    key = _cart(browser.client, bar, at)
    # As signing in does it.
    Creation.objects.filter(pk=creation.pk).update(maker=maker_of_account(user))
    Cart.objects.filter(key=key).update(account=user)
    Order.objects.filter(pk=order.pk).update(account=user)
    return Somebody(user, order, card, creation, remix, browser, key, photo)


def _account() -> User:
    user = account(EMAIL, PASSWORD)
    user.first_name = "Quittentin"
    user.save()
    EmailAddress.objects.create(user=user, email="neu@quitte.example", verified=False, primary=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "quittensecret"})
    address_book.keep(user, Address(NAME, "Quittenweg 1", "", "10115", "Quittenstadt", "DE"))
    account_letters.owe("password_changed", EMAIL, user)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["quitte"] = MARK
    session.save()
    return user


def _photo(client: Client) -> str:
    file = BytesIO()
    Image.new("RGB", (1600, 1200), "goldenrod").save(file, "JPEG", comment=b"quitte")
    upload = SimpleUploadedFile("quitte.jpg", file.getvalue(), "image/jpeg")
    # Laid out in this browser's own session.
    client.get("/")
    request = RequestFactory().get("/")
    request.session = client.session
    digest = photos.take_in(upload, request).digest
    request.session.save()
    return digest


def _bar(photo: str) -> Design:
    made = design("Quittentafel")
    return replace(made, wrapper=Wrapper("plain", "Für Quitte", Photo(photo)))


def _bars(browser: browsers.Person, bar: Design, staff: User, at: datetime) -> tuple[Creation, Creation]:
    earlier = designs.save(bar.named("Quittenversuch"))
    creation = browser.designs(
        bar, past=[earlier.digest], created_at=at, changed_at=at, opinions_link="quitte-link"
    )
    keeping.let_in(creation, at=at)
    opinions.give(
        creation, about=creation.design, name="Quittenfreundin", words="Schön, Quitte!", edits="", at=at
    )
    Check.objects.create(
        creation=creation, about=creation.design, question="Wie viel Quitte?", asked_at=at,
        answer="Wenig Quitte.", answered_at=at, answered_by=staff,
    )  # fmt: skip
    preview(Picture(creation.design_id, "bar", 300, "webp"))
    made = browsers.Person("friend").designs(
        bar.named("Birne").wrapped(Wrapper()), start=bar, past=[creation.design_id]
    )
    return creation, made


def _order(bar: Design, staff: User, at: datetime) -> Order:
    wishes = Wishes(EMAIL, (AT_HOME,), bill_to=PAYER, may_be_asked=True)
    order = paid_order((bar, 1), contact=wishes, at=at)
    payment = Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.total_cents,
        captured_cents=order.total_cents, currency="EUR", livemode=False, url="https://pay.example/quitte",
        request={"customer_email": EMAIL, "line_items": ["Quittentafel"]}, note="quitte", created_at=at, look_at=at,
        intent_id="pi_1", charge_id="ch_1", session_id="cs_1",
    )  # fmt: skip
    Refund.objects.create(
        payment=payment, amount_cents=100, reason="goodwill", request_key="one", state="succeeded",
        words="Quitte war traurig", note="quitte", created_at=at, look_at=at,
    )  # fmt: skip
    invoice_files.make(invoices.issue(order, at=at), at=at)
    order.work.filter(kind="invoice").update(done_at=at)
    for job in jobs_of(order):
        tickets.store(job)
        bring_to(job, "shipped", staff, at=at)
    Shipment.objects.filter(order=order).update(tracking_number="QUITTE-7")
    order.work.filter(kind="confirmation").update(last_error=f"SMTPRecipientsRefused: {EMAIL}")
    voucher = Voucher.objects.create(code="SPRING", kind="percent", permille=100, valid_from=at)
    VoucherUse.objects.create(voucher=voucher, order=order, customer=customer_digest(EMAIL), at=at)
    reviews.object_to_mails(order, at=at)
    return order


def _after(order: Order, staff: User, at: datetime) -> None:
    asked = conversation.ask(order, "Wo bleibt die Quitte?", at=at)
    conversation.answer(order, "Die Quitte kommt.", last_seen=asked.pk, by=staff, at=at)
    file = BytesIO()
    Image.new("RGB", (800, 600), "brown").save(file, "JPEG")
    told = Told(jobs_of(order)[0].pk, "broken", "Quitte zerbrochen", [file.getvalue()])
    claim = claims.open_claim(order, told, at=at)
    claims.decline(claim, "Leider, Quitte.", by=staff, at=at)
    OrderNote.objects.create(order=order, by=staff, at=at, words="Herr Quittenbaum rief an")


def _gift_card(at: datetime) -> Order:
    gift = gift_card_sales.Gift(
        cents=5000, currency="EUR", name=NAME, email=EMAIL.upper(), sender="Dein Quittenonkel",
        recipient="Quittenelse", recipient_email="quittina@example.org", message="Viel Quitte!",
    )  # fmt: skip
    bought = gift_card_sales.order(gift, key=UUID(int=7), locale="de", at=at)
    bought.mark_paid(at)
    gift_cards.issue(bought, at=at)
    Letter.objects.filter(gift_card__order=bought).update(done_at=at)
    received = gift_card_sales.order(
        replace(gift, email="grace@example.org", name="Grace", sender="Grace", message="", recipient=NAME,
                recipient_email=EMAIL),
        key=UUID(int=8), locale="de", at=at,
    )  # fmt: skip
    received.mark_paid(at)
    gift_cards.issue(received, at=at)
    Letter.objects.filter(gift_card__order=received).update(done_at=at)
    return bought


def _office(order: Order, creation: Creation, staff: User, at: datetime) -> None:
    changes.note(order, by=staff, words="Quitte angerufen", fields=[("name", NAME, "Quitte")])
    changes.note(creation, by=staff, words="Quittentafel angesehen")
    LogEntry.objects.create(
        user=staff, content_type=ContentType.objects.get_for_model(creation), object_id=str(creation.pk),
        object_repr="Quittentafel", action_flag=CHANGE, change_message="Quitte",
    )  # fmt: skip
    SavedFilter.objects.create(owner=staff, model="orders.order", name="Anruf", query="q=quentin+quittenbaum")
    SavedFilter.objects.create(owner=staff, model="orders.order", name="Open", query="payment_state=paid")


def _cart(client: Client, bar: Design, at: datetime) -> str:
    kept = cart.add("", digest=designs.save(bar).digest, quantity=1, locale="de", at=at)
    row = designs.find(bar.digest)
    entries = name_lists.read("Quittenbert\nQuittengard;2")
    looked = name_lists.look(bar, entries, locale="de", at=at, current=row.family_version_id)
    name_lists.put(kept.key, looked.bars, at=at)
    answer = HttpResponse()
    remember_cart(answer, kept.key, 4)
    client.cookies[CART] = answer.cookies[CART].value
    half_typed.keep(kept.key, {"name": NAME, "email": EMAIL})
    return kept.key


# ── Looking for the mark ─────────────────────────────────────────────────────────────────────────


MARKED_BEFORE = {
    *("account_emailaddress.email", "auth_user.email", "auth_user.first_name", "auth_user.username"),
    *("configurator_check.answer", "configurator_check.question", "configurator_creation.opinions_link"),
    *("configurator_design.canonical", "configurator_design.name"),
    *("configurator_opinion.name", "configurator_opinion.words"),
    *("django_admin_log.change_message", "django_admin_log.object_repr", "mfa_authenticator.data"),
    *("orders_claim.answer", "orders_claim.words", "orders_invoice.content"),
    *("orders_giftcard.message", "orders_giftcard.recipient", "orders_giftcard.recipient_email"),
    *("orders_giftcard.sender", "orders_message.words", "orders_ordernote.words", "orders_orderline.name"),
    *("orders_officechange.fields", "orders_officechange.name", "orders_officechange.words"),
    *("orders_keptaddress.city", "orders_keptaddress.name", "orders_keptaddress.street"),
    *("orders_order.city", "orders_order.email", "orders_order.extra", "orders_order.name"),
    *("orders_order.street", "orders_payment.note", "orders_payment.request", "orders_payment.url"),
    *("orders_pendingwork.last_error", "orders_refund.note", "orders_refund.words"),
    *("orders_reminder.email", "orders_reminder.occasion"),
    *("orders_savedfilter.query", "orders_shipment.city", "orders_shipment.extra"),
    *("orders_shipment.gift_message", "orders_shipment.name", "orders_shipment.street"),
    *("orders_shipment.tracking_number", "shop_accountletter.email"),
}
"""Sessions are packed too tightly to be read; that they are gone, the tests ask of the table itself."""


def marked_tables() -> set[str]:
    """Each table and column in which the mark stands, in whatever kind of value."""
    return {
        f"{table}.{column}"
        for table, column, value in cells()
        if MARK
        in (
            bytes(value).decode("latin-1") if isinstance(value, memoryview | bytes) else str(value)
        ).casefold()
    }


def cells() -> Iterator[tuple[str, str, object]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((table, column, value) for column, value in zip(columns, row, strict=True))


def files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def says_the_mark(path: Path) -> bool:
    content = path.read_bytes()
    if path.suffix == ".pdf":
        content += "".join(page.extract_text() for page in PdfReader(path).pages).encode()
    return MARK in content.decode("latin-1").casefold()
