"""How often one visitor may do what costs us something.

The counts live in the cache, and the shop works without it: when it is away nobody is counted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from hashlib import sha256
from time import time
from typing import Final, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from configurator.counting import Counting

PROXY_HEADER: Final = "HTTP_X_FORWARDED_FOR"

logger = logging.getLogger(__name__)


def within(purpose: str, request: HttpRequest, *, most: int, seconds: int) -> bool:
    """Count one more; False when that was more than ``most`` in the current window."""
    return counted(purpose, visitor(request), seconds=seconds) <= most


def visitor(request: HttpRequest) -> str:
    """Who calls, as a digest of the address: a proxy of ours is not the visitor."""
    connected: str = request.META.get("REMOTE_ADDR", "")
    proxied = bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))
    forwarded: str = request.META.get(PROXY_HEADER, "") if proxied else ""
    # Our own proxy adds the last address; those before it are whatever the visitor wrote.
    return nameless(forwarded.rpartition(",")[2].strip() or connected)


def nameless(text: str) -> str:
    """Neither addresses nor names are kept in the open."""
    return sha256(text.encode(errors="replace")).hexdigest()


def counted(purpose: str, who: str, *, seconds: int) -> int:
    """One more of this purpose in the current window; 0 when the cache is away."""
    return counted_most(purpose, [who], seconds=seconds)


def counted_most(purpose: str, each: Iterable[str], *, seconds: int) -> int:
    """One more for each of them, and the highest count."""
    keys = [f"limit:{purpose}:{who}:{int(time() // seconds)}" for who in each]
    try:
        return max(cast("Counting", cache).count_up(*keys, seconds=2 * seconds))
    except (RedisError, OSError) as away:
        logger.warning("The cache is away, so %s are not counted: %s", purpose, away)
        return 0
