"""What somebody has typed in the checkout and not sent: kept for a while beside the cart, so that whoever leaves the
page and comes back types nothing twice.

It lives in the cache alone and is forgotten with the order. The shop works without it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from django.core.cache import cache
from redis.exceptions import RedisError

from configurator.limits import nameless

KEPT_SECONDS: Final = 2 * 3600

logger = logging.getLogger(__name__)


def keep(cart_key: str, typed: Mapping[str, str]) -> None:
    if not cart_key or not typed:
        return
    try:
        cache.set(_name(cart_key), dict(typed), timeout=KEPT_SECONDS)
    except (RedisError, OSError) as away:
        logger.warning("The cache is away, so what was typed is not kept: %s", away)


def find(cart_key: str) -> dict[str, str]:
    try:
        return cache.get(_name(cart_key)) or {} if cart_key else {}
    except (RedisError, OSError) as away:
        logger.warning("The cache is away, so what was typed is not found: %s", away)
        return {}


def move(cart_key: str, new_key: str) -> None:
    """The cart has another key from now on."""
    keep(new_key, find(cart_key))
    forget(cart_key)


def forget(cart_key: str) -> None:
    try:
        cache.delete(_name(cart_key))
    except (RedisError, OSError) as away:
        logger.warning("The cache is away, so what was typed goes by itself: %s", away)


def _name(cart_key: str) -> str:
    return f"half-typed:{nameless(cart_key)}"
