"""How requests to Stripe are sent: which failures are worth another try, and that the key goes to Stripe alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import stripe

from orders.money.stripe_http import KeptConnections

OK = b"HTTP/1.1 200 OK\r\nRequest-Id: req_1\r\nContent-Length: 2\r\n\r\n{}"
CUT_SHORT = b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"id"'
ELSEWHERE = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:9/\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A machine that takes one connection, hears one request and answers with these bytes."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                heard.append(connection.recv(65_536))
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1/balance", heard
        thread.join(5)


def asked(url: str) -> tuple[bytes, int, str | None]:
    client = KeptConnections((1, 1))
    body, code, headers = client.request("get", url, {"Authorization": "Bearer sk_test_1"})
    return body, code, headers.get("request-id")


def error_of(url: str) -> stripe.APIConnectionError:
    with pytest.raises(stripe.APIConnectionError) as caught:
        asked(url)
    return caught.value


def test_an_answer_comes_as_it_is() -> None:
    with answering(OK) as (url, heard):
        assert asked(url) == (b"{}", 200, "req_1")
    assert b"Authorization: Bearer sk_test_1" in heard[0]


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        pytest.param(b"", True, id="hung up"),
        pytest.param(CUT_SHORT, False, id="cut short"),
    ],
)
def test_a_broken_answer_is_no_answer(answer: bytes, again: bool) -> None:
    with answering(answer) as (url, _heard):
        assert error_of(url).should_retry is again


def test_where_nobody_listens_another_try_is_worth_it() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))  # which keeps others from listening there
        assert error_of(f"http://127.0.0.1:{mute.getsockname()[1]}/").should_retry is True


def test_where_an_answer_takes_too_long_another_try_is_worth_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = KeptConnections((1, 0.1))
        with pytest.raises(stripe.APIConnectionError) as caught:
            client.request("get", f"http://127.0.0.1:{server.getsockname()[1]}/", None)
    assert caught.value.should_retry is True
    assert "could not be reached" in str(caught.value)


def test_who_does_not_speak_tls_is_not_asked_again() -> None:
    with answering(OK) as (url, heard):
        error = error_of(url.replace("http:", "https:"))
    assert "certificate" in str(error)
    assert error.should_retry is False
    assert b"sk_test_1" not in heard[0]


def test_the_key_is_not_sent_where_an_answer_points() -> None:
    with answering(ELSEWHERE) as (url, _heard):
        assert asked(url)[:2] == (b"", 302)


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(OK) as (url, heard):
        monkeypatch.setenv("http_proxy", f"http://me:secret@{urlsplit(url).netloc}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert asked("http://stripe.example/v1/balance")[1] == 200
    assert heard[0].startswith(b"GET http://stripe.example/v1/balance HTTP/1.1")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in heard[0]
