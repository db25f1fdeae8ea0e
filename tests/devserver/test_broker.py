import pytest
from redis import Redis


@pytest.mark.valkey
def test_the_broker_keeps_what_it_is_given(valkey: str) -> None:
    server = Redis.from_url(valkey)
    server.lpush("queue", "bar")
    assert server.rpop("queue") == b"bar"
    assert server.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    server.close()
