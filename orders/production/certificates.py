"""What a supplier certifies: a PDF or a photo of the paper, looked into before it is kept, shown to staff alone."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from configurator.pictures import photos

MOST_BYTES: Final = 5 * 2**20
MOST_PAGES: Final = 50
PDF: Final = b"%PDF-"
TYPES: Final = {"pdf": "application/pdf", "jpg": "image/jpeg"}


class CertificateRefused(ValueError):
    """In words for whoever uploads it: why it is not taken, and what would be."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def keep(upload: UploadedFile[Any]) -> str:
    """The name that its file is kept under. Raises CertificateRefused."""
    if (upload.size or 0) > MOST_BYTES:
        raise CertificateRefused(
            _("This file has more than %(most)s MB. Save it smaller.") % {"most": MOST_BYTES // 2**20}
        )
    content, ending = _looked_into(upload)
    name = f"certificates/{sha256(content).hexdigest()}.{ending}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name


def read(name: str) -> tuple[bytes, str]:
    """The file and its type. Raises FileNotFoundError."""
    with default_storage.open(name) as file:
        return file.read(), TYPES[name.rpartition(".")[2]]


def _looked_into(upload: UploadedFile[Any]) -> tuple[bytes, str]:
    content = bytes(upload.read())
    if content.startswith(PDF):
        _refuse_unreadable(content)
        return content, "pdf"
    upload.seek(0)
    try:
        return photos.developed(upload), "jpg"
    except photos.PhotoRefused as refusal:
        raise CertificateRefused(refusal.words) from None


def _refuse_unreadable(pdf: bytes) -> None:
    try:
        read = PdfReader(BytesIO(pdf))
        pages = 0 if read.is_encrypted else len(read.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pages = 0
    if not 1 <= pages <= MOST_PAGES:
        raise CertificateRefused(
            _("This PDF cannot be read, is locked, or has more than %(most)d pages. Print it into a new PDF.")
            % {"most": MOST_PAGES}
        )
