"""Django's caches, with counts that begin by themselves: one way to Redis and back, where its own calls take three."""

from __future__ import annotations

from typing import Any, Protocol

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache


class Counting(Protocol):
    def count_up(self, key: str, *, seconds: int) -> int:
        """One more; the count is forgotten so many seconds after the last."""


class CountingRedis(RedisCache):
    def count_up(self, key: str, *, seconds: int) -> int:
        named = self.make_and_validate_key(key)
        client: Any = self._cache.get_client(named, write=True)
        pipeline = client.pipeline()
        counted, _expires = pipeline.incr(named).expire(named, seconds).execute()
        return int(counted)


class CountingMemory(LocMemCache):
    def count_up(self, key: str, *, seconds: int) -> int:
        self.add(key, 0, timeout=seconds)
        try:
            return self.incr(key)
        except ValueError:
            # Forgotten between the two calls: the count begins anew.
            return 1
