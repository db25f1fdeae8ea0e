"""The floor's history is added to, never changed: the database refuses it, whoever asks and in whatever words."""

import pytest
from django.db import DatabaseError, connection, transaction

from orders.models import (
    BarPhoto,
    Contact,
    Equipment,
    JobEvent,
    LabelEvent,
    LotSpecification,
    PrintedLabel,
    Run,
    RunEvent,
    StockMove,
)
from orders.production import allergens, as_made, labels
from tests.orders.every_mail import photo_of_a_bar
from tests.orders.lots import lot
from tests.orders.paid import MONDAY_NOON, bring_to, jobs_of, operator, paid_order
from tests.orders.unguarded import unguarded

pytestmark = pytest.mark.usefixtures("catalogue")

COLUMNS = {
    JobEvent: "note = 'never was'",
    RunEvent: "note = 'never was'",
    LabelEvent: "kind = 'destroyed'",
    Contact: "allergens = '[\"GLU\"]'",
    StockMove: "mg = 7",
    LotSpecification: "traces = '[]'",
    PrintedLabel: "sha256 = 'another'",
    BarPhoto: "likeness = 1000",
}


@pytest.fixture
def order(catalogue):
    """A bar that is wrapped, photographed and labelled, from a run; a spill; something on the shelf."""
    bea = operator()
    lot(bea, "pistachio_chopped", traces={"CEL"})
    allergens.seen(
        Equipment.objects.get(pk="KIT-F"), frozenset({"CEL"}), why="a sandwich", by=bea, at=MONDAY_NOON
    )
    made = paid_order()
    (job,) = jobs_of(made)
    bring_to(job, "topped", bea)
    as_made.keep(job, photo_of_a_bar(), by=bea, at=MONDAY_NOON)
    bring_to(job, "wrapped", bea)
    assert Run.objects.exists()
    return made


def written(sql: str) -> bool:
    """Whether the database did it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as refused:
        if "is added to, never changed" not in str(refused):
            raise
        return False
    return True


@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__name__)
def test_nothing_of_it_is_changed_or_deleted_by_whatever_words(order, model):
    table = model._meta.db_table
    assert model.objects.exists()

    assert not written(f"UPDATE {table} SET {COLUMNS[model]}")
    assert not written(f"DELETE FROM {table}")
    with unguarded(table):
        assert written(f"UPDATE {table} SET {COLUMNS[model]}")
    assert not written(f"UPDATE {table} SET {COLUMNS[model]}")


@pytest.mark.parametrize(("model", "file"), [(PrintedLabel, "pdf"), (BarPhoto, "file")])
def test_only_the_file_of_it_can_be_forgotten_and_never_another_put_in_its_place(order, model, file):
    table = model._meta.db_table
    assert not written(f"UPDATE {table} SET {file} = 'another.pdf'")

    labels.forget_files(order)
    as_made.forget_files(order)

    assert set(model.objects.values_list(file, flat=True)) == {""}
    assert not written(f"UPDATE {table} SET {file} = 'another.pdf'")
