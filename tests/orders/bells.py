"""Bells that ring at a broker of the test's choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kombu.pools import reset
from redis import Redis

from config.broker import broker_url
from config.celery import app


def celery_address(redis_url: str) -> str:
    return broker_url(redis_url)


def emptied(redis_url: str) -> Redis:
    broker = Redis(unix_socket_path=redis_url.removeprefix("unix://"))
    broker.flushdb()
    return broker


@contextmanager
def broker_at(address: str) -> Iterator[None]:
    """This process rings there for a while."""
    before = app.conf.broker_url
    _move(address)
    try:
        yield
    finally:
        _move(before)


def _move(address: str) -> None:
    reset()
    app.conf.update(broker_url=address, broker_read_url=address, broker_write_url=address)
    # Celery has no other way to forget the pools of the address before.
    app._pool = None  # type: ignore[attr-defined]
    app.amqp._producer_pool = None  # type: ignore[attr-defined]
