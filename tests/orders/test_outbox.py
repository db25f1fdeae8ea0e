"""The outbox: staff see what was written to customers and what failed, and send one again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Letter, Order
from orders.tasks import carry_out
from tests.orders.paid import bring_to, jobs_of, operator, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def postbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def olga(client: Client) -> Client:
    return signed_in(client, "view_letter", "change_letter", "view_order")


def signed_in(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("olga", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def sent(postbox) -> Letter:
    """Ada's confirmation, in her mailbox."""
    paid_order()
    letter = Letter.objects.get()
    carry_out(letter.pk)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def sent_from_here(live_server, settings, olga, sent) -> tuple[Client, str]:
    settings.SHOP_URL = live_server.url
    return olga, live_server.url


def page(letter: Letter) -> str:
    return f"/admin/orders/letter/{letter.pk}/change/"


def press(client: Client, letter: Letter, sendings: int = 1) -> str:
    answer = client.post(f"/admin/orders/letter/{letter.pk}/sending/", {"sendings": sendings}, follow=True)
    return str(answer.content.decode())


def test_what_was_sent_is_listed_and_can_be_read(olga, sent):
    listed = olga.get("/admin/orders/letter/").content.decode()
    assert "Confirmation mail" in listed
    assert "ada@example.org" in listed
    assert "sent " in listed
    shown = olga.get(page(sent)).content.decode()
    assert f"Your order {sent.to_order.number} at Couverture" in shown
    assert "WHAT YOU ORDERED" in shown


@pytest.mark.parametrize("field", ["number", "email"])
def test_all_mails_of_an_order_are_found_by_its_number_and_its_address(olga, field):
    order = paid_order()
    bea = operator()
    bring_to(jobs_of(order)[0], "shipped", bea)
    found = olga.get("/admin/orders/letter/", {"q": getattr(order, field)}).context["cl"]
    assert {letter.kind for letter in found.queryset} == {"confirmation", "production", "shipped"}


def test_the_order_lists_its_mails(olga, sent):
    assert page(sent) in olga.get(f"/admin/orders/order/{sent.to_order.pk}/change/").content.decode()


def test_sending_again_asks_first_and_shows_what_goes_to_whom(olga, sent, postbox):
    asked = olga.get(f"/admin/orders/letter/{sent.pk}/sending/").content.decode()
    assert "Confirmation mail, to ada@example.org: sent " in asked
    assert "WHAT YOU ORDERED" in asked
    assert len(postbox) == 1


def test_sent_again_it_is_another_letter_to_the_mailbox(olga, sent, postbox):
    assert "It goes to ada@example.org within a minute." in press(olga, sent)
    carry_out(sent.pk)

    first, second = postbox
    assert first.subject == second.subject
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    assert LogEntry.objects.get().get_change_message() == "Sent again to ada@example.org."


def test_two_presses_send_it_once(olga, sent, postbox):
    press(olga, sent)
    assert "somebody else was quicker" in press(olga, sent)
    carry_out(sent.pk)
    assert len(postbox) == 2


def test_what_a_worker_has_in_hand_is_not_sent_a_second_time(olga, sent):
    Letter.objects.update(done_at=None, lease=uuid4(), leased_until=timezone.now() + timedelta(minutes=1))
    assert "It is being sent just now" in press(olga, sent)


def test_a_letter_that_was_given_up_says_why_and_can_go_again(olga, settings, postbox):
    paid_order()
    letter = Letter.objects.get()
    Letter.objects.update(
        stuck_at=timezone.now(), attempts=10, last_error="SMTPRecipientsRefused: no such mailbox"
    )
    listed = olga.get("/admin/orders/letter/?state=failing").content.decode()
    assert "SMTPRecipientsRefused: no such mailbox" in listed
    assert "given up" in listed

    press(olga, letter)
    carry_out(letter.pk)
    assert len(postbox) == 1
    assert olga.get("/admin/orders/letter/?state=failing").context["cl"].result_count == 0


def test_after_an_evening_without_a_mail_server_all_that_failed_goes_at_once_and_nothing_else(olga, postbox):
    for _order in range(3):
        paid_order()
    sent, failed, given_up = Letter.objects.order_by("pk")
    carry_out(sent.pk)
    Letter.objects.filter(pk=failed.pk).update(attempts=3, last_error="SMTPServerDisconnected")
    Letter.objects.filter(pk=given_up.pk).update(attempts=10, last_error="Away", stuck_at=timezone.now())

    chosen = {"action": "send_failed_again", "_selected_action": [sent.pk, failed.pk, given_up.pk]}
    said = olga.post("/admin/orders/letter/", chosen, follow=True).content.decode()
    assert "2 mails go within a minute." in said
    assert "The others have not failed." in said
    for letter in (sent, failed, given_up):
        carry_out(letter.pk)
    assert len(postbox) == 3
    assert LogEntry.objects.filter(change_message__startswith="Sent again").count() == 2


def test_the_mail_is_seen_in_a_frame_where_nothing_runs(olga, sent):
    address = f"/admin/orders/letter/{sent.pk}/preview/"
    shown = olga.get(page(sent))
    assert f'<iframe class="letter" src="{address}" sandbox' in shown.content.decode()
    assert "frame-src 'self'" in shown["Content-Security-Policy"]

    mailed = olga.get(address)
    assert "<h1>Thank you for your order" in mailed.content.decode()
    policy = mailed["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src 'none'" in policy
    assert mailed["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_that_cannot_be_written_says_why_on_its_page(olga, sent):
    Order.objects.update(locale="xx")
    for address in (page(sent), f"/admin/orders/letter/{sent.pk}/preview/"):
        answer = olga.get(address)
        assert answer.status_code == 200
        assert "KeyError" in answer.content.decode()


@pytest.mark.browser
def test_staff_see_the_mail_as_its_reader_does(sent_from_here, new_window):
    client, address = sent_from_here
    window = new_window()
    window.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
    )
    window.goto(f"{address}{page(Letter.objects.get())}")
    frame = window.frame_locator("iframe.letter")
    expect(frame.get_by_role("heading", name="Thank you for your order")).to_be_visible()
    # Its own styles hold in there.
    assert frame.locator(".button").evaluate("it => getComputedStyle(it).borderRadius") == "32px"


def test_who_may_only_look_sends_nothing(client, sent):
    looker = signed_in(client, "view_letter")
    assert looker.get(page(sent)).status_code == 200
    for answer in (
        looker.get(f"/admin/orders/letter/{sent.pk}/sending/"),
        looker.post(f"/admin/orders/letter/{sent.pk}/sending/", {"sendings": 1}),
    ):
        assert answer.status_code == 403
    assert Letter.objects.get().done_at == sent.done_at


def test_who_may_not_look_sees_nothing(client, sent):
    stranger = signed_in(client, "view_job")
    assert stranger.get("/admin/orders/letter/").status_code == 403
    assert stranger.get(page(sent)).status_code == 403


@pytest.mark.parametrize("orders", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(olga, django_assert_num_queries, orders):
    for _order in range(orders):
        paid_order()
    assert Order.objects.count() == orders
    with django_assert_num_queries(8):
        olga.get("/admin/orders/letter/")
