"""The first price lists, from their file. What the office has made or changed since is never touched."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from configurator.catalogue import price_lists
from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.files import FOLDER
from configurator.models import PriceList

FILE: Final = FOLDER / "price_lists.csv"


@transaction.atomic
def load(file: Path = FILE) -> int:
    """How many lists are new. Raises CatalogueMistaken and then leaves everything as it was."""
    with file.open(encoding="utf-8", newline="") as lines:
        new = sum(
            _keep(row, f"{file.name} row {place}") for place, row in enumerate(csv.DictReader(lines), 2)
        )
    price_lists.forget()
    return new


def _keep(row: dict[str, str], place: str) -> bool:
    try:
        wanted = PriceList(
            currency=row["currency"],
            name=row["name"],
            permille=int(row["permille"]),
            step_cents=int(row["step_cents"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        )
        wanted.full_clean()
    except (ValueError, KeyError) as mistake:
        raise CatalogueMistaken(f"{place}: {mistake}") from mistake
    except ValidationError as mistake:
        raise CatalogueMistaken(f"{place}: {' '.join(mistake.messages)}") from mistake
    if PriceList.objects.filter(currency=wanted.currency).exists():
        return False
    wanted.save()
    return True
