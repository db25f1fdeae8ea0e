import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from orders.emails import confirmation
from orders.models import Order

pytestmark = pytest.mark.usefixtures("till")


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def letter_for(order: Order, outbox):
    confirmation(order).send()
    (letter,) = outbox
    (html,) = [part.content for part in letter.alternatives]
    return letter, str(html)


@pytest.mark.books_differ
def test_the_confirmation_repeats_the_contract_on_a_durable_medium(buyer, ada_bar, outbox):
    buyer.address["gift_message"] = "For you"
    order, _page = buyer.order_of(ada_bar.digest, 2)
    order.mark_paid(timezone.now())
    letter, html = letter_for(order, outbox)
    line = order.lines.get()
    assert letter.to == ["ada@example.com"]
    assert order.number in letter.subject
    for text in (letter.body, html):
        assert f"/orders/{order.token}/" in text
        assert "2 × Ada" in text
        assert "Ada Lovelace" in text
        assert "For you" in text
        assert "right of withdrawal" in text
        assert "legal guarantee of two years" in text
        assert line.code in text
        assert line.label["storage"] in text
        assert line.label["nutrition"]["energy"] in text
        assert f"€{order.total_cents // 100}.{order.total_cents % 100:02}" in text
    assert "<strong>milk</strong>" in html
    assert "MILK" in letter.body
    assert "**" not in letter.body + html
    assert f"/p/{ada_bar.digest}/wrapped-600.jpg?v=" in html


def test_the_confirmation_speaks_the_language_of_the_order(buyer, ada_bar, outbox):
    buyer.spoken = "/de"
    order, _page = buyer.order_of(ada_bar.digest)
    letter, html = letter_for(order, outbox)
    assert 'lang="de"' in html
    assert "Zutaten: " in html
    assert "Zutaten: " in letter.body
    assert f"Bestellung {order.number} bei Couverture" in letter.subject
    assert f"/de/orders/{order.token}/" in letter.body
    assert f"/de/orders/{order.token}/" in html


def test_addresses_in_the_mail_are_the_shops_own(buyer, ada_bar, outbox):
    with override_settings(SHOP_URL="https://shop.example", SHOP_NAME="Cacao", SHOP_EMAIL="hi@shop.example"):
        order, _page = buyer.order_of(ada_bar.digest)
        letter, html = letter_for(order, outbox)
    assert f"https://shop.example/orders/{order.token}/" in letter.body
    assert f"https://shop.example/p/{ada_bar.digest}/wrapped-600.jpg?v=" in html
    assert letter.reply_to == ["hi@shop.example"]


def test_nothing_typed_becomes_markup_or_a_header(buyer, ada_bar, outbox):
    buyer.address |= {"name": "<b>Ada</b>", "gift_message": "<i>love</i>"}
    order, _page = buyer.order_of(ada_bar.digest)
    _letter, html = letter_for(order, outbox)
    assert "<b>Ada</b>" not in html
    assert "&lt;i&gt;love&lt;/i&gt;" in html
