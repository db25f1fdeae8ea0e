"""Django's caches, with counts that begin by themselves: one way to Redis and back, where its own calls take three."""

from __future__ import annotations

from typing import Any, Final, Protocol

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property

COUNT_UP: Final = """
local counted = {}
for place, key in ipairs(KEYS) do
    counted[place] = redis.call("INCR", key)
    redis.call("EXPIRE", key, ARGV[1])
end
return counted
"""


class Counting(Protocol):
    def count_up(self, *keys: str, seconds: int) -> list[int]:
        """One more of each; a count is forgotten so many seconds after the last."""


class _KeptClient(RedisCacheClient):
    """Django makes a client for every call, which takes as long as the call. Of one server one will do."""

    @cached_property
    def _kept(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._kept


class CountingRedis(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClient

    def count_up(self, *keys: str, seconds: int) -> list[int]:
        client: Any = self._cache.get_client(write=True)
        named = map(self.make_and_validate_key, keys)
        counted: list[int] = client.eval(COUNT_UP, len(keys), *named, seconds)
        return counted


class CountingMemory(LocMemCache):
    def count_up(self, *keys: str, seconds: int) -> list[int]:
        return [self._count_up(key, seconds) for key in keys]

    def _count_up(self, key: str, seconds: int) -> int:
        self.add(key, 0, timeout=seconds)
        try:
            return self.incr(key)
        except ValueError:
            # Forgotten between the two calls: the count begins anew.
            return 1
