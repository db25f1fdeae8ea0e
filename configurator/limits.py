"""How often one connection may do what costs us something."""

from time import time

from django.core.cache import cache
from django.http import HttpRequest


def within(purpose: str, request: HttpRequest, *, most: int, seconds: int) -> bool:
    """Count one more; False when that was more than ``most`` in the current window."""
    window = int(time() // seconds)
    key = f"limit:{purpose}:{request.META.get('REMOTE_ADDR', '')}:{window}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:
        # The cache forgot the count between the two calls: the window starts anew.
        return True
