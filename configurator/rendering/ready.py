"""Sprites and bare bars at the size they are used, kept on this machine for every process.

Decoding and scaling a painting takes a hundred times as long as reading what came of it. So one
process makes it, the folder keeps it, and the page cache shares it: workers start warm, however
they were started, and their own memory stays small. Everything here can be deleted at any time.
"""

from __future__ import annotations

import logging
import shutil
import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import time
from uuid import uuid4

from PIL import Image

from configurator.rendering.paintings import Sprite, renderer_version

logger = logging.getLogger(__name__)

_HEAD = struct.Struct("<4sIIii")
_OLD_SECONDS = 7 * 24 * 3600
_MOST_WRITTEN = 2 * 2**30
"""Bytes that one process adds, more than all that pages ask for: nobody's made-up wishes fill a disk."""


class _Place:
    """Where things are kept; nowhere until somebody says so."""

    folder: Path | None = None
    written = 0


def keep_in(folder: Path | None) -> None:
    _Place.folder = folder


def find_or_make(key: object, make: Callable[[], Sprite]) -> Sprite:
    if _Place.folder is None:
        return make()
    path = _path(_Place.folder, key)
    found = _read(path)
    if found is None:
        found = make()
        _keep(path, _written(found))
    return found


def is_prepared(what: object) -> bool:
    return _Place.folder is not None and _path(_Place.folder, ("prepared", what)).exists()


def mark_prepared(what: object) -> None:
    if _Place.folder is not None:
        _keep(_path(_Place.folder, ("prepared", what)), b"")


def forget_old() -> None:
    """What a former renderer made; a neighbour that still runs it has a week."""
    for folder in _Place.folder.glob("*") if _Place.folder else ():
        if folder.name != renderer_version() and time() - folder.stat().st_mtime > _OLD_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _path(folder: Path, key: object) -> Path:
    name = sha256(repr(key).encode()).hexdigest()
    return folder / renderer_version() / name[:2] / name[2:32]


def _read(path: Path) -> Sprite | None:
    try:
        content = path.read_bytes()
        mode, width, height, left, top = _HEAD.unpack_from(content)
        picture = Image.frombytes(mode.decode().strip(), (width, height), memoryview(content)[_HEAD.size :])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, struct.error) as trouble:
        logger.warning("A ready picture is of no use and is made again: %s", trouble)
        return None
    return Sprite(picture, left, top)


def _written(made: Sprite) -> bytes:
    picture = made.picture
    head = _HEAD.pack(picture.mode.ljust(4).encode(), *picture.size, made.left, made.top)
    return head + picture.tobytes()


def _keep(path: Path, content: bytes) -> None:
    """Nobody ever reads half a sprite; a full disk only makes us slower."""
    if _Place.written + len(content) > _MOST_WRITTEN:
        return
    _Place.written += len(content)
    unfinished = path.with_name(f".{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as trouble:
        logger.warning("A ready picture cannot be kept: %s", trouble)
        unfinished.unlink(missing_ok=True)
