"""For each field of each table somebody has decided what becomes of it when its person is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from orders.personal import forgetting
from tests.orders import somebody

DECISIONS = Path(__file__).with_name("personal_fields.txt")
WHOLE = {"nobody's", "colleagues'", "deleted"}
BY_FIELD = {"blank", "hidden", "stays", "tax"}
SAYS_SOMETHING = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)


def decisions() -> dict[str, dict[str, str]]:
    """Table → field → what becomes of it; "*" for all of its fields."""
    lines = [line for line in DECISIONS.read_text().splitlines() if line[:1] not in ("", "#")]
    return {table: dict(_of_table(said)) for table, _space, said in (line.partition(" ") for line in lines)}


def _of_table(said: str) -> Iterator[tuple[str, str]]:
    if said in WHOLE:
        yield "*", said
        return
    for part in said.split("; "):
        becomes, _colon, fields = part.partition(": ")
        yield from ((field, becomes) for field in fields.split())


def tables() -> dict[str, type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return {model._meta.label_lower: model for model in every if not model._meta.proxy}


def telling_fields(model: type[models.Model]) -> set[str]:
    """Where words, addresses or a name could stand; keys to other rows of ours tell nothing by themselves."""
    return {
        field.name
        for field in model._meta.concrete_fields
        if (isinstance(field, SAYS_SOMETHING) and not field.is_relation)
        or (field.is_relation and field.related_model in (User, None))
    }


def test_each_table_is_decided_upon() -> None:
    """A new one fails here: who forgets its rows (orders/personal/rooms.py), or why does it hold nobody's?"""
    assert sorted(set(tables()) ^ set(decisions())) == []


@pytest.mark.parametrize("table", sorted(decisions()))
def test_each_field_that_could_tell_of_somebody_is_decided_upon(table: str) -> None:
    decided = decisions()[table]
    assert set(decided.values()) <= WHOLE | BY_FIELD
    if "*" not in decided:
        known = {field.name for field in tables()[table]._meta.concrete_fields}
        assert sorted(telling_fields(tables()[table]) - set(decided)) == []
        assert sorted(set(decided) - known) == []


def test_what_was_decided_is_what_happens(catalogue: None) -> None:
    """Of somebody with everything nothing is left of what is to be blank or deleted; tax alone keeps words."""
    who = somebody.everywhere(timezone.now())
    forgetting.forget(who.person, at=timezone.now(), progress=lambda _done, _parts: None)

    kept = {
        f"{model._meta.db_table}.{field}"
        for table, model in tables().items()
        for field, becomes in decisions()[table].items()
        if becomes == "tax"
    }
    assert somebody.marked_tables() <= kept
    order = type(who.order).objects.get(pk=who.order.pk)
    rows: dict[str, models.Model] = {
        "orders.order": order,
        "orders.shipment": order.shipments.get(),
        "orders.orderline": order.lines.get(),
        "orders.payment": order.payments.get(),
        "orders.refund": order.payments.get().refunds.get(),
        "orders.voucheruse": order.voucher_uses.get(),
        "orders.job": order.lines.get().jobs.get(),
        "orders.giftcard": who.card_order.gift_card,
    }
    rows["orders.giftcard"].refresh_from_db()
    left = [
        f"{table}.{field}"
        for table, row in rows.items()
        for field, becomes in decisions()[table].items()
        if becomes == "blank" and getattr(row, field)
    ]
    assert left == []
