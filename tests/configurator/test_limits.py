"""Who counts as one visitor, and what happens when nobody can count."""

import pytest
import redis
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from config.broker import cache as cache_at
from configurator import limits

DECADE = 10 * 365 * 86_400
OUR_PROXY = "10.0.0.1"


def call(forwarded: str = "", connected: str = OUR_PROXY) -> HttpRequest:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory(REMOTE_ADDR=connected).get("/", headers=headers)


def may(*calls: HttpRequest) -> list[bool]:
    return [limits.within("bells", one, most=1, seconds=DECADE) for one in calls]


def test_visitors_behind_our_proxy_are_counted_one_by_one(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert may(call("192.0.2.1"), call("192.0.2.2"), call("192.0.2.1")) == [True, True, False]


def test_what_a_visitor_writes_before_our_proxys_word_makes_nobody_new(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert may(call("1.1.1.1, 192.0.2.1"), call("2.2.2.2, 192.0.2.1")) == [True, False]


def test_without_a_proxy_of_ours_its_header_counts_for_nothing():
    assert may(call("192.0.2.1"), call("192.0.2.2")) == [True, False]


def test_addresses_are_not_kept_in_the_open():
    assert "192.0.2.1" not in limits.visitor(call(connected="192.0.2.1"))


def test_the_broker_counts_for_all_processes_and_forgets(valkey):
    with override_settings(CACHES={"default": cache_at(valkey)}):
        assert may(call(), call()) == [True, False]
        assert limits.counted("bells", "ada", seconds=3600) == 1
        assert limits.counted("bells", "ada", seconds=3600) == 2
        broker = redis.Redis.from_url(valkey)
        (key,) = broker.keys("*limit:bells:ada:*")
        assert broker.get(key) == b"2"
        assert 0 < broker.ttl(key) <= 7200


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock"])
def test_nobody_is_turned_away_because_the_cache_is(address, caplog):
    with override_settings(CACHES={"default": cache_at(address)}):
        assert may(call(), call(), call()) == [True, True, True]
    assert "The cache is away, so bells are not counted" in caplog.text
