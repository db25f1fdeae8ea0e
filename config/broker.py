"""REDIS_URL (Redis or Valkey) as the broker's address and as Django's cache."""

from typing import Any

IN_THIS_PROCESS = "memory://"
UNIX_SOCKET = "unix://"


def broker_url(redis_url: str) -> str:
    """Celery's spelling of the address; with none, a queue that lives and dies with the process."""
    if not redis_url:
        return IN_THIS_PROCESS
    if redis_url.startswith(UNIX_SOCKET):
        return f"redis+socket://{redis_url.removeprefix(UNIX_SOCKET)}?virtual_host=0"
    return redis_url


def cache(redis_url: str) -> dict[str, Any]:
    """The cache that all processes share, so that rate limits count across them."""
    if not redis_url:
        return {"BACKEND": "configurator.counting.CountingMemory"}
    return {
        "BACKEND": "configurator.counting.CountingRedis",
        "LOCATION": redis_url,
        "KEY_PREFIX": "couverture",
        # The cache only counts; no page waits long for one that is away.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
