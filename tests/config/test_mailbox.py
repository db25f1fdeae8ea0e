"""The mailbox of bin/dev: what the shop would have sent, kept in a folder and shown on a page."""

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from config import mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_letter() -> EmailMessage:
    letter = EmailMessage(
        "Your bar für Zoë", "Look: https://shop.example/orders/1/", "shop@example.com", ["zoe@example.com"]
    )
    letter.attach("ticket.pdf", b"%PDF-1.7", "application/pdf")
    letter.connection = get_connection(mailbox.BACKEND)
    letter.send()
    return letter


def test_an_empty_mailbox_says_what_would_fill_it(client: Client) -> None:
    assert "No mail yet" in client.get("/mailbox/").content.decode()


def test_a_letter_is_listed_and_opens_with_its_links_and_attachments(
    client: Client, sent_letter: EmailMessage
) -> None:
    listed = client.get("/mailbox/").content.decode()
    assert "Your bar für Zoë" in listed
    address = listed.split('href="/mailbox/')[-1].split('"')[0]
    opened = client.get(f"/mailbox/{address}").content.decode()
    assert 'href="https://shop.example/orders/1/"' in opened
    assert "ticket.pdf" in opened
    attached = client.get(f"/mailbox/{address}1/")
    assert (attached["Content-Type"], attached.content) == ("application/pdf", b"%PDF-1.7")
    assert client.get(f"/mailbox/{address}2/").status_code == 404


def test_no_name_reaches_outside_the_folder(client: Client) -> None:
    assert client.get("/mailbox/..%2f..%2fsecret_key/").status_code == 404
    assert client.get("/mailbox/nothing/").status_code == 404
