"""A copy of everything for whoever it is about: a ZIP of readable files (GDPR, articles 15 and 20)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import translation

from orders.personal.people import File, Person
from orders.personal.rooms import all_rooms

IN_MEMORY: Final = 4 * 2**20

Progress = Callable[[int, int], None]


def write(person: Person, *, locale: str, at: datetime, progress: Progress) -> IO[bytes]:
    """From its beginning, to be read and closed."""
    rooms, done = all_rooms(), 0
    files = _once(file for room in rooms for file in room.files(person))
    whole = len(rooms) + len(files)
    written: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed by whoever reads it
    with ZipFile(written, "w", ZIP_DEFLATED) as copy:
        copy.writestr("README.txt", _read_me(person, locale, at))
        for done, room in enumerate(rooms, start=1):
            _add(copy, room.name, room.tell(person))
            progress(done, whole)
        for done, file in enumerate(files, start=len(rooms) + 1):
            _take_in(copy, file)
            progress(done, whole)
    written.seek(0)
    return written


def _add(copy: ZipFile, name: str, told: Any) -> None:
    if told:
        copy.writestr(f"{name}.json", json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))


def _take_in(copy: ZipFile, file: File) -> None:
    try:
        with default_storage.open(file.stored) as stored:
            copy.writestr(file.name, stored.read())
    except FileNotFoundError:
        copy.writestr(f"{file.name}.missing.txt", "")


def _once(files: Iterable[File]) -> list[File]:
    return list({file.name: file for file in files}.values())


def _read_me(person: Person, locale: str, at: datetime) -> str:
    with translation.override(locale):
        page = {
            "emails": person.emails,
            "at": at,
            "shop": settings.SHOP_NAME,
            "address": settings.SHOP_ADDRESS,
        }
        return render_to_string("orders/personal/readme.txt", page | {"email": settings.SHOP_EMAIL})
