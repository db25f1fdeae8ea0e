"""What somebody has typed in the checkout and not sent: kept for a while beside the cart, so that whoever leaves the
page and comes back types nothing twice.

It lives in the cache alone and is forgotten with the order. A broker that writes its own journal keeps there what was
deleted, so it is sealed with the cart's key: with the cart goes what could open it. The shop works without it.
"""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from configurator.limits import nameless

KEPT_SECONDS: Final = 2 * 3600

logger = logging.getLogger(__name__)


def keep(cart_key: str, typed: Mapping[str, str]) -> None:
    if not cart_key or not typed:
        return
    try:
        cache.set(_name(cart_key), _seal(cart_key).encrypt(json.dumps(dict(typed)).encode()), KEPT_SECONDS)
    except (RedisError, OSError) as away:
        logger.warning("The cache is away, so what was typed is not kept: %s", away)


def find(cart_key: str) -> dict[str, str]:
    try:
        sealed = cache.get(_name(cart_key)) if cart_key else None
        return json.loads(_seal(cart_key).decrypt(sealed)) if sealed else {}
    except InvalidToken:
        return {}
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


def _seal(cart_key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac("half typed", cart_key, algorithm="sha256").digest()))


def _name(cart_key: str) -> str:
    return f"half-typed:{nameless(cart_key)}"
