"""DATABASE_URL and REDIS_URL in their several spellings."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.broker import broker_url, cache
from config.database import PREPARED, SQLITE_OPTIONS, database

SHOP_FILE = Path("/srv/shop.sqlite3")


def test_without_an_address_the_shop_keeps_its_own_sqlite_file() -> None:
    assert database("", otherwise=SHOP_FILE) == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/srv/shop.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": 60,
    }


def test_a_sqlite_file_can_be_named_by_its_whole_path() -> None:
    assert (
        database("sqlite:////data/with%20space.sqlite3", otherwise=SHOP_FILE)["NAME"]
        == "/data/with space.sqlite3"
    )


def test_postgresql_by_host_and_port_with_its_options() -> None:
    assert database("postgresql://ada:p%40ss@db.example:6432/shop?sslmode=require", otherwise=SHOP_FILE) == {
        "ENGINE": "config.postgresql",
        "NAME": "shop",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require", **PREPARED},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def test_postgresql_by_unix_socket() -> None:
    settings = database("postgresql:///shop?host=/run/postgresql", otherwise=SHOP_FILE)
    assert (settings["HOST"], settings["PORT"], settings["OPTIONS"]) == ("/run/postgresql", "", PREPARED)


def test_postgresql_behind_a_pooler_that_keeps_no_prepared_statements() -> None:
    assert database("postgresql://db.example/shop?prepared=false", otherwise=SHOP_FILE)["OPTIONS"] == {}


def test_another_database_is_refused_with_an_example() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        database("mysql://somewhere/shop", otherwise=SHOP_FILE)
    assert str(refused.value) == (
        "DATABASE_URL must begin with postgresql:// or sqlite://, such as "
        "postgresql://user:password@host:5432/couverture."
    )


@pytest.mark.parametrize(
    ("redis_url", "broker"),
    [
        ("", "memory://"),
        ("redis://cache.example:6379/0", "redis://cache.example:6379/0"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_the_broker_is_where_redis_url_says(redis_url: str, broker: str) -> None:
    assert broker_url(redis_url) == broker


def test_all_processes_share_one_cache_where_there_is_one_to_share() -> None:
    assert cache("unix:///run/valkey.sock")["LOCATION"] == "unix:///run/valkey.sock"
    assert cache("")["BACKEND"] == "configurator.counting.CountingMemory"
