"""The second step of signing in: codes from an app, recovery codes, and what staff meet without one."""

import hmac
import re
from base64 import b32decode
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from orders.models import OfficeChange
from shop import account_letters
from shop.models import AccountLetter
from tests.shop.people import ADA, PASSWORD, account

# Signals and mails come after the transaction, so there must be real ones.
pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """That of the server, and of the phone."""

    now = 1_800_000_000

    def time(self) -> int:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(auth, "time", clock)
    return clock


@pytest.fixture
def ada() -> User:
    return account()


@pytest.fixture
def signed_in(client: Client, ada: User) -> Client:
    client.post("/account/sign-in/", {"login": ADA, "password": PASSWORD})
    return client


@pytest.fixture
def set_up(signed_in: Client, clock: Clock) -> str:
    """Ada's app; what it is told."""
    page = signed_in.get("/account/safety/app/").content.decode()
    secret = secret_on(page)
    answer = signed_in.post("/account/safety/app/", {"code": code_of(secret, clock.now)})
    assert answer["Location"] == "/account/safety/codes/"
    clock.now += 30
    return secret


def secret_on(page: str) -> str:
    found = re.search(r'factor-secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def code_of(secret: str, at: int) -> str:
    """RFC 6238, written once more."""
    digest = hmac.digest(b32decode(secret), (at // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return str((int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF) % 1_000_000).zfill(6)


def password_given(client: Client) -> str:
    answer = client.post("/account/sign-in/", {"login": ADA, "password": PASSWORD})
    return answer["Location"]


def step(client: Client, code: str) -> str:
    """Where it leads, or what it says."""
    answer = client.post("/account/sign-in/second-step/", {"code": code})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get("/account/safety/codes/").content.decode())


def told() -> list[str]:
    mail.outbox.clear()
    for letter in AccountLetter.objects.order_by("pk"):
        account_letters.send(letter.pk)
    return [str(letter.subject) for letter in mail.outbox]


def test_the_code_is_that_of_the_rfc() -> None:
    """Appendix B of RFC 6238, its last six digits."""
    assert code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59) == "287082"
    assert code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1_111_111_109) == "081804"


def test_with_an_app_signing_in_takes_a_password_and_a_code(set_up: str, clock: Clock) -> None:
    other = Client()
    assert password_given(other) == "/account/sign-in/second-step/"
    assert not is_signed_in(other)
    assert other.get("/account/")["Location"].startswith("/account/sign-in/")
    assert step(other, code_of(set_up, clock.now)) == "/account/"
    assert is_signed_in(other)


def test_a_code_may_be_typed_with_a_gap(set_up: str, clock: Clock) -> None:
    other, code = Client(), code_of(set_up, clock.now)
    password_given(other)
    assert step(other, f"{code[:3]} {code[3:]}") == "/account/"


@pytest.mark.parametrize("code", ["000000", "", "12345", "½½½½½½", "a" * 10_000])
def test_a_wrong_code_opens_nothing_and_says_so(set_up: str, clock: Clock, code: str) -> None:
    assert code_of(set_up, clock.now) != code
    other = Client()
    password_given(other)
    page = step(other, code)
    assert ("This is not right, or no longer." if code else "Type the code.") in page
    assert not is_signed_in(other)


def test_a_code_holds_for_its_half_minute(set_up: str, clock: Clock) -> None:
    other, code = Client(), code_of(set_up, clock.now)
    password_given(other)
    clock.now += 30
    assert "This is not right, or no longer." in step(other, code)


def test_a_code_that_somebody_overheard_opens_nothing(set_up: str, clock: Clock) -> None:
    code = code_of(set_up, clock.now)
    ada, eve = Client(), Client()
    password_given(ada)
    password_given(eve)
    assert step(ada, code) == "/account/"
    assert "This is not right, or no longer." in step(eve, code)
    assert not is_signed_in(eve)


def test_guessing_codes_ends_after_a_few(set_up: str, clock: Clock) -> None:
    other = Client()
    password_given(other)
    for _try in range(5):
        assert "This is not right, or no longer." in step(other, "000000")
    assert "Those were many tries." in step(other, code_of(set_up, clock.now))
    eve = Client(REMOTE_ADDR="192.0.2.7")
    password_given(eve)
    assert "Those were many tries." in step(eve, code_of(set_up, clock.now))
    assert not is_signed_in(other)
    assert not is_signed_in(eve)


def test_without_the_password_there_is_no_second_step(client: Client, set_up: str, clock: Clock) -> None:
    other = Client()
    answer = other.post("/account/sign-in/second-step/", {"code": code_of(set_up, clock.now)})
    assert answer["Location"] == "/account/sign-in/"
    assert not is_signed_in(other)


def test_a_recovery_code_opens_once(set_up: str, signed_in: Client) -> None:
    codes = recovery_codes(signed_in)
    assert len(set(codes)) == 10
    first, second = Client(), Client()
    password_given(first)
    password_given(second)
    assert step(first, codes[3]) == "/account/"
    assert "This is not right, or no longer." in step(second, codes[3])
    assert step(second, codes[4]) == "/account/"
    assert recovery_codes(second) == [code for code in codes if code not in codes[3:5]]
    assert "8 are left." in second.get("/account/safety/").content.decode()


def test_recovery_codes_come_as_a_file_and_new_ones_void_the_old(set_up: str, signed_in: Client) -> None:
    old = recovery_codes(signed_in)
    file = signed_in.get("/account/safety/codes/file/")
    assert re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE) == old
    assert "attachment" in file["Content-Disposition"]
    signed_in.post("/account/safety/codes/new/")
    assert not set(recovery_codes(signed_in)) & set(old)
    other = Client()
    password_given(other)
    assert "This is not right, or no longer." in step(other, old[0])


def test_every_change_is_told_by_mail(set_up: str, signed_in: Client) -> None:
    assert told() == ["How you sign in at Couverture was changed"]
    signed_in.post("/account/safety/codes/new/")
    signed_in.post("/account/safety/app/removal/")
    assert told() == ["How you sign in at Couverture was changed"] * 2
    assert Authenticator.objects.count() == 0
    assert password_given(Client()) == "/account/"


def test_a_copy_of_the_database_makes_no_codes(set_up: str, settings: Settings, clock: Clock) -> None:
    assert set_up not in str(list(Authenticator.objects.values()))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a" * 50
    other = Client()
    password_given(other)
    assert step(other, code_of(set_up, clock.now)) == "/account/"


def test_when_the_shop_has_lost_its_key_no_code_is_right(
    set_up: str, settings: Settings, clock: Clock
) -> None:
    settings.SECRET_KEY = "another key of the shop, of more than fifty signs in all"
    other = Client()
    password_given(other)
    for code in (code_of(set_up, clock.now), code_of("", clock.now)):
        assert "This is not right, or no longer." in step(other, code)


def test_a_window_that_was_open_before_changes_no_factor(ada: User, client: Client, clock: Clock) -> None:
    """Whoever knows the password alone may have been there first."""
    eve = Client()
    password_given(eve)
    password_given(client)
    secret = secret_on(client.get("/account/safety/app/").content.decode())
    client.post("/account/safety/app/", {"code": code_of(secret, clock.now)})
    for page in ("", "app/removal/", "codes/", "codes/file/", "codes/new/", "passkeys/"):
        for answer in (eve.get(f"/account/safety/{page}"), eve.post(f"/account/safety/{page}")):
            assert answer["Location"].startswith("/account/really-you/code/?next=")
    assert Authenticator.objects.filter(user=ada, type="totp").exists()


def test_whoever_was_away_for_long_says_once_more_who_they_are(set_up: str, signed_in: Client) -> None:
    session = signed_in.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    answer = signed_in.post("/account/safety/app/removal/")
    assert answer["Location"] == "/account/really-you/?next=%2Faccount%2Fsafety%2Fapp%2Fremoval%2F"
    page = signed_in.get(answer["Location"]).content.decode()
    assert "With a code from your app, or a recovery code" in page
    signed_in.post(answer["Location"], {"password": PASSWORD, "next": "/account/safety/app/removal/"})
    assert not Authenticator.objects.exists()


def test_while_there_is_a_second_step_the_address_stays(set_up: str, signed_in: Client) -> None:
    answer = signed_in.post("/account/email/", {"action_add": "", "email": "new@example.com"})
    assert "Take the second step off, change the address" in answer.content.decode()


def test_nobody_counts_codes_without_a_cache(set_up: str, settings: Settings) -> None:
    other = Client()
    password_given(other)
    settings.CACHES = {
        "default": {"BACKEND": "configurator.counting.CountingRedis", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = other.post("/account/sign-in/second-step/", {"code": "000000"})
    assert answer.status_code == 503


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "7", '"x"', '{"id": "x", "rawId": "§", "response": {}}']
)
def test_what_no_device_says_opens_nothing_and_breaks_nothing(
    set_up: str, signed_in: Client, answer: str
) -> None:
    other = Client()
    other.get("/account/sign-in/passkey/", headers={"Accept": "application/json"})
    assert other.post("/account/sign-in/passkey/", {"credential": answer})["Location"] == "/account/sign-in/"
    password_given(other)
    other.get("/account/sign-in/second-step/")
    assert other.post("/account/sign-in/second-step/", {"credential": answer}).status_code == 200
    signed_in.get("/account/safety/passkeys/")
    assert signed_in.post("/account/safety/passkeys/", {"credential": answer, "name": "x"}).status_code == 200
    assert not is_signed_in(other)
    assert not Authenticator.objects.filter(type="webauthn").exists()


# ── The staff ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def bea() -> User:
    return User.objects.create_superuser("bea", email="bea@example.com", password=PASSWORD)


def at_the_office(client: Client, next_page: str = "/admin/") -> str:
    form = {"username": "bea", "password": PASSWORD, "next": next_page}
    return client.post("/admin/login/", form)["Location"]


def has_app(client: Client, clock: Clock) -> str:
    secret = secret_on(client.get("/account/safety/app/").content.decode())
    client.post("/account/safety/app/", {"code": code_of(secret, clock.now)})
    clock.now += 30
    return secret


DOORS = (
    "/admin/",
    "/admin/orders/order/",
    "/admin/password_change/",
    "/floor/",
    "/floor/scan/",
    "/j/AAAA-AAAA/",
)


def test_staff_with_a_password_alone_get_to_where_they_set_up_a_factor(
    client: Client, bea: User, settings: Settings, clock: Clock
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    assert at_the_office(client) == "/admin/"
    for door in DOORS:
        assert client.get(door)["Location"] == "/account/safety/"
        assert client.post(door).headers.get("Location", "not by a form") in {
            "/account/safety/",
            "not by a form",
        }
    assert "Set one up, and the office opens." in client.get("/account/safety/").content.decode()
    has_app(client, clock)
    for door in ("/admin/", "/admin/orders/order/", "/floor/"):
        assert client.get(door).status_code == 200


def test_staff_may_always_leave(client: Client, bea: User, settings: Settings) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    at_the_office(client)
    assert client.post("/admin/logout/").status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("needed", [True, False])
def test_staff_with_a_factor_are_asked_for_it(
    client: Client,
    bea: User,
    settings: Settings,
    clock: Clock,
    needed: bool,
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = needed
    at_the_office(client)
    secret = has_app(client, clock)
    other = Client()
    assert at_the_office(other, "/floor/scan/") == "/account/sign-in/second-step/"
    assert other.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert "This is not right, or no longer." in step(other, "000000")
    assert step(other, code_of(secret, clock.now)) == "/floor/scan/"
    assert other.get("/floor/scan/").status_code == 200


def test_on_a_developers_machine_a_password_is_enough(client: Client, bea: User) -> None:
    assert at_the_office(client) == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/floor/").status_code == 200


def test_whoever_came_with_a_password_before_is_asked_for_the_factor(
    client: Client, bea: User, settings: Settings, clock: Clock
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    before = Client()
    at_the_office(before)
    at_the_office(client)
    secret = has_app(client, clock)
    asked = before.get("/admin/orders/order/")["Location"]
    assert asked == "/account/really-you/code/?next=%2Fadmin%2Forders%2Forder%2F"
    answer = before.post(asked, {"code": code_of(secret, clock.now), "next": "/admin/orders/order/"})
    assert answer["Location"] == "/admin/orders/order/"
    assert before.get("/admin/orders/order/").status_code == 200


def test_a_customer_may_come_back_as_staff(client: Client, ada: User, bea: User, clock: Clock) -> None:
    at_the_office(client)
    secret = has_app(client, clock)
    other = Client()
    password_given(other)
    assert at_the_office(other) == "/account/sign-in/second-step/"
    assert step(other, code_of(secret, clock.now)) == "/admin/"


# ── Lost ─────────────────────────────────────────────────────────────────────────────────────────


def reset(*words: str) -> str:
    said = StringIO()
    call_command("reset_second_factor", *words, stdout=said)
    return said.getvalue()


def test_a_factor_that_is_lost_is_taken_off_and_written_down(
    client: Client, bea: User, settings: Settings, clock: Clock
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    User.objects.create_user("ann", password=PASSWORD, is_staff=True)
    at_the_office(client)
    has_app(client, clock)
    AccountLetter.objects.all().delete()
    assert reset("bea", "--by", "ann") == "bea signs in by password alone until a new one is set up.\n"
    assert not Authenticator.objects.exists()
    change = OfficeChange.objects.get()
    assert (change.by.username, change.name, change.words) == (
        "ann",
        "bea",
        "Second factor taken off on the command line",
    )
    assert [letter.kind for letter in AccountLetter.objects.all()] == ["second_factor_reset"]
    assert told() == ["How you sign in at Couverture was changed"]
    # What the lost device still has open knows no factor that holds.
    assert client.get("/admin/")["Location"] == "/account/safety/"
    assert at_the_office(Client()) == "/admin/"


def test_a_customer_is_named_by_the_address(set_up: str) -> None:
    User.objects.create_user("ann", password=PASSWORD, is_staff=True)
    User.objects.filter(email=ADA).update(username="customer-1")
    reset(ADA.upper(), "--by", "ann")
    assert password_given(Client()) == "/account/"
    assert ADA not in str(OfficeChange.objects.values())


def test_nothing_is_taken_off_of_nobody_or_by_nobody(ada: User) -> None:
    User.objects.create_user("ann", password=PASSWORD, is_staff=True)
    with pytest.raises(CommandError, match="No account is called eve"):
        reset("eve", "--by", "ann")
    with pytest.raises(CommandError, match="nobody of the staff is called eve"):
        reset(ADA, "--by", "eve")
    with pytest.raises(CommandError, match="has no second factor"):
        reset(ADA, "--by", "ann")
