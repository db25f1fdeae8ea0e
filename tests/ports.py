import os

from devserver.stack import is_free


def two_free_ports() -> int:
    """The first of two neighbours that nobody listens on: one for the shop, one for the sandbox."""
    first = 20_000 + os.getpid() % 10_000
    return next(port for port in range(first, 60_000, 2) if is_free(port) and is_free(port + 1))
