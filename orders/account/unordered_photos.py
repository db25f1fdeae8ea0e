"""A photo is lent to us for a bar: what nobody orders is not ours to keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from configurator.models import Photo
from configurator.pictures import photos
from orders.models import OrderLine

KEPT: Final = timedelta(days=30)
"""As long as a design may wait for its maker to come back."""


def forget(at: datetime) -> int:
    """How many were forgotten."""
    old = Photo.objects.filter(uploaded_at__lt=at - KEPT).values_list("digest", flat=True)
    gone = [digest for digest in old if not _is_ordered(digest)]
    for digest in gone:
        photos.forget(digest)
    return len(gone)


def _is_ordered(digest: str) -> bool:
    return OrderLine.every.filter(design__canonical__contains=digest).exists()
