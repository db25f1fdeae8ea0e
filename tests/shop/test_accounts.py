"""An account: opened with an address that is one's own, entered, lost and found again; nobody learns who has one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from shop import account_letters
from shop.models import AccountLetter
from tests import loaded
from tests.shop.people import ADA, PASSWORD, account

pytestmark = pytest.mark.django_db

NEW = {"email": ADA, "password1": PASSWORD}


def sent() -> list[Any]:
    """All that is owed, as the worker sends it."""
    mail.outbox.clear()
    for letter in AccountLetter.objects.order_by("pk"):
        account_letters.send(letter.pk)
    return list(mail.outbox)


def link_in(letter: Any) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter.body)
    assert found
    return found[1]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_whoever_confirms_the_address_is_in(client: Client) -> None:
    answer = client.post("/account/new/", NEW)
    assert answer["Location"] == "/account/email/sent/"
    assert not is_signed_in(client)
    [letter] = sent()
    assert letter.to == [ADA]
    assert letter.subject == "Is this your address? Your account at Couverture"
    assert AccountLetter.objects.count() == 0
    link = link_in(letter)
    assert "Is this your address?" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified
    client.post(link)
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)


def test_without_a_confirmed_address_nobody_gets_in_and_the_mail_comes_again(client: Client) -> None:
    client.post("/account/new/", NEW)
    sent()
    other = Client()
    answer = other.post("/account/sign-in/", {"login": ADA, "password": PASSWORD})
    assert answer["Location"] == "/account/email/sent/"
    assert not is_signed_in(other)


def test_the_mail_speaks_the_language_of_the_page(client: Client) -> None:
    client.post("/de/account/new/", NEW)
    [letter] = sent()
    assert letter.subject == "Ist das deine Adresse? Dein Konto bei Couverture"
    assert link_in(letter).startswith("/de/account/email/")
    assert letter.alternatives[0][1] == "text/html"
    assert 'lang="de"' in letter.alternatives[0][0]


def test_nobody_is_shown_or_asked_for_a_user_name(client: Client) -> None:
    client.post("/account/new/", NEW)
    user = User.objects.get()
    assert re.fullmatch(r"customer-[0-9a-f]{24}", user.username)
    assert 'name="username"' not in client.get("/account/new/").content.decode()


def test_an_address_that_has_an_account_is_answered_as_any_other(client: Client) -> None:
    account()
    known = client.post("/account/new/", NEW)
    unknown = Client().post("/account/new/", NEW | {"email": "eve@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [letter.subject for letter in sent()] == [
        "You have an account at Couverture already",
        "Is this your address? Your account at Couverture",
    ]
    assert User.objects.filter(email=ADA).count() == 1


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(client: Client) -> None:
    account()
    known = client.post("/account/password/forgotten/", {"email": ADA})
    unknown = client.post("/account/password/forgotten/", {"email": "eve@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [(letter.to, letter.subject) for letter in sent()] == [
        ([ADA], "A new password for your account at Couverture"),
        (["eve@example.com"], "There is no account with this address at Couverture"),
    ]


def test_a_forgotten_password_is_replaced_once_by_the_link(client: Client) -> None:
    account()
    client.post("/account/password/forgotten/", {"email": ADA})
    [letter] = sent()
    link = link_in(letter)
    form = client.get(link)["Location"]
    assert form.endswith("-set-password/")
    client.post(form, {"password1": "another long password"})
    assert User.objects.get(email=ADA).check_password("another long password")
    assert "This link is no longer good" in Client().get(link).content.decode()
    assert [told.subject for told in sent()] == ["Your password at Couverture was changed"]


def test_what_waits_in_the_outbox_opens_nothing(client: Client) -> None:
    """Staff see who is written to; the key of the link is made when the mail is sent."""
    account()
    client.post("/account/password/forgotten/", {"email": ADA})
    row = AccountLetter.objects.values().get()
    [letter] = sent()
    key = link_in(letter).rsplit("-", 1)[1].strip("/")
    assert key not in str(row)


def test_a_mail_that_fails_is_kept_and_tried_again(client: Client, settings: Settings) -> None:
    account()
    client.post("/account/password/forgotten/", {"email": ADA})
    letter = AccountLetter.objects.get()
    settings.EMAIL_BACKEND = "no.such.Backend"
    account_letters.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.attempts, letter.last_error.partition(":")[0]) == (1, "ModuleNotFoundError")
    assert list(account_letters.failing()) == [letter]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    account_letters.again(letter, now=timezone.now())
    assert len(sent()) == 1


def test_a_bell_that_nobody_heard_is_rung_again_by_the_sweep(client: Client) -> None:
    letter = account_letters.owe("unknown_account", "eve@example.com")
    assert account_letters.sweep() == 0
    AccountLetter.objects.update(try_at=timezone.now() - timedelta(minutes=5))
    assert account_letters.sweep() == 1
    assert AccountLetter.objects.get() == letter


def test_guessing_a_password_ends_after_a_few_tries(client: Client) -> None:
    account()
    for _try in range(5):
        page = client.post("/account/sign-in/", {"login": ADA, "password": "wrong"}).content.decode()
        assert "This address and this password do not belong together." in page
    page = client.post("/account/sign-in/", {"login": ADA, "password": PASSWORD}).content.decode()
    assert "Those were many tries." in page
    assert f'value="{ADA}"' in page


def test_a_password_that_is_too_short_is_refused_with_what_was_typed_kept(client: Client) -> None:
    page = client.post("/account/new/", NEW | {"password1": "short"}).content.decode()
    assert f'value="{ADA}"' in page
    assert "at least 12 characters" in page
    assert User.objects.count() == 0


def test_when_tries_cannot_be_counted_nobody_tries(client: Client, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "configurator.counting.CountingRedis", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = client.post("/account/sign-in/", {"login": ADA, "password": PASSWORD})
    assert answer.status_code == 503
    assert "Please try again in a minute" in answer.content.decode()


def test_staff_still_sign_in_by_their_name(client: Client) -> None:
    User.objects.create_superuser("admin", password=PASSWORD)
    answer = client.post("/admin/login/?next=/admin/", {"username": "admin", "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_customer_is_no_staff(client: Client) -> None:
    client.force_login(account())
    assert client.get("/admin/").status_code == 302
    assert client.get("/floor/").status_code == 403


def test_accounts_cost_guests_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    loaded.catalogue()
    client.get("/legal/")
    with django_assert_num_queries(0):
        answer = client.get("/legal/")
    assert answer.headers.get("Vary", "").count("Cookie") == 0


@pytest.mark.parametrize(
    "address",
    ["sign-in/", "new/", "password/forgotten/", "password/sent/", "email/sent/", "closed/", "email/bad/"],
)
@pytest.mark.parametrize("language", ["", "/de"])
def test_every_page_of_signing_in_opens_for_guests(client: Client, language: str, address: str) -> None:
    answer = client.get(f"{language}/account/{address}")
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()
