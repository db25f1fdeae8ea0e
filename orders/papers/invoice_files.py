"""The file of an invoice: made once by the worker, then the same bytes for as long as it is kept."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from orders.models import Invoice, InvoicePaper
from orders.papers.invoice_pdf import render


class FileWasChanged(ValueError):
    """What is stored is not what was made."""


def make(invoice: Invoice, *, at: datetime) -> InvoicePaper:
    """A second call finds the first one's file; a half-written one of a killed worker has no row."""
    known: InvoicePaper | None = InvoicePaper.objects.filter(invoice=invoice).first()
    if known:
        return known
    pdf = render(invoice)
    digest = sha256(pdf).hexdigest()
    # Named by its content as well: whoever is slower never writes over a file that has its row.
    name = f"invoices/{invoice.year}/{invoice.number}-{digest[:12]}.pdf"
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(pdf))
    try:
        with transaction.atomic():
            return InvoicePaper.objects.create(invoice=invoice, file=stored, digest=digest, made_at=at)
    except IntegrityError:
        return InvoicePaper.objects.get(invoice=invoice)


def read(paper: InvoicePaper) -> bytes:
    """Raises FileNotFoundError or FileWasChanged."""
    with default_storage.open(paper.file) as file:
        pdf = bytes(file.read())
    if sha256(pdf).hexdigest() != paper.digest:
        raise FileWasChanged(paper.file)
    return pdf
