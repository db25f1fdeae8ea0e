import os

from devserver.stack import is_free


def two_free_ports() -> int:
    """The first of two neighbours that nobody listens on: one for the shop, one for the sandbox."""
    # Far from what a neighbour looks at in the same moment, and below what the kernel gives to callers.
    first = 20_000 + 20 * (os.getpid() % 500)
    return next(port for port in range(first, 60_000, 2) if is_free(port) and is_free(port + 1))
