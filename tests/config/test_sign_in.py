"""Whoever guesses passwords of staff is stopped, in words."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.sign_in import TRIES_OF_A_NAME, TRIES_OF_A_VISITOR

PASSWORD = "a-password-of-the-office"


@pytest.fixture
def bea(db: None) -> User:
    return User.objects.create_user("bea", password=PASSWORD, is_staff=True)


def sign_in(name: str, password: str, address: str = "192.0.2.1") -> tuple[int, str]:
    answer = Client(REMOTE_ADDR=address).post("/admin/login/", {"username": name, "password": password})
    return answer.status_code, answer.content.decode()


def test_staff_sign_in(bea):
    assert sign_in("bea", PASSWORD)[0] == 302


def test_a_mistyped_password_may_be_typed_again(bea):
    assert sign_in("bea", "wrong")[0] == 200
    assert sign_in("bea", PASSWORD)[0] == 302


def test_guessing_the_password_of_one_person_ends_after_a_few_tries_from_anywhere(bea):
    for number in range(TRIES_OF_A_NAME):
        assert sign_in("bea", f"guess {number}", f"192.0.2.{number}")[0] == 200
    code, page = sign_in("Bea", PASSWORD, "192.0.2.100")
    assert code == 429
    assert "Please wait ten minutes and try again." in page
    assert 'value="Bea"' in page


def test_trying_one_password_on_many_names_ends_too(bea):
    for number in range(TRIES_OF_A_VISITOR):
        assert sign_in(f"name {number}", "123456")[0] == 200
    assert sign_in("bea", PASSWORD)[0] == 429
    assert sign_in("bea", PASSWORD, "192.0.2.2")[0] == 302
