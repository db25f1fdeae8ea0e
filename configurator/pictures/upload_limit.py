"""Of an upload no more is kept than we take: a file without end fills neither memory nor disk."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from configurator.pictures.photos import MOST_BYTES


class FirstMegabytes(FileUploadHandler):
    """Stands before the handlers that keep: what is too much goes no further, and the file is refused later."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return None
