import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_shop_says_it_is_well_when_its_database_answers(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_every_page_forbids_foreign_scripts_frames_and_forms(client: Client) -> None:
    policy = client.get("/health/")["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self' http://127.0.0.1:8001",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "manifest-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "worker-src 'none'",
    ]
