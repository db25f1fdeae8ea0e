from django.db import migrations

SAYS = "is added to, never changed"
HISTORY = (
    "orders_jobevent",
    "orders_runevent",
    "orders_labelevent",
    "orders_contact",
    "orders_stockmove",
)
# The file of it shows the bar's name, or the bar itself, and goes when whoever ordered is forgotten.
BUT_FOR_A_FILE = {"orders_printedlabel": "pdf", "orders_barphoto": "file"}


def guard(apps, schema_editor):
    """What was written down on the floor, the database itself refuses to change or to delete, whoever asks."""
    vendor = schema_editor.connection.vendor
    for table in HISTORY:
        for statement in ALL[vendor](table):
            schema_editor.execute(statement)
    for table, file in BUT_FOR_A_FILE.items():
        model = next(model for model in apps.get_models() if model._meta.db_table == table)
        others = [field.column for field in model._meta.local_concrete_fields if field.column != file]
        for statement in ALL_BUT_FOR_A_FILE[vendor](table, file, others):
            schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for table in (*HISTORY, *BUT_FOR_A_FILE):
        for statement in REMOVALS[schema_editor.connection.vendor](table):
            schema_editor.execute(statement)


def _sqlite(table):
    for verb in ("UPDATE", "DELETE"):
        yield _refusing(table, verb.lower(), verb)


def _sqlite_but_for_a_file(table, file, others):
    yield _refusing(table, "update", f"UPDATE OF {', '.join(others)}")
    yield _refusing(table, "other_file", f"UPDATE OF {file}", f"WHEN NEW.{file} <> '' ")
    yield _refusing(table, "delete", "DELETE")


def _refusing(table, name, when, condition=""):
    return (
        f"CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{table} {SAYS}'); END"
    )


def _postgresql(table):
    yield (
        f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} {SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuses()"
    )


def _postgresql_but_for_a_file(table, file, others):
    function, _all = _postgresql(table)
    yield function
    yield (
        f"CREATE TRIGGER {table}_is_kept BEFORE DELETE OR UPDATE OF {', '.join(others)} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuses()"
    )
    yield (
        f"CREATE TRIGGER {table}_has_its_file BEFORE UPDATE OF {file} ON {table} "
        f"FOR EACH ROW WHEN (NEW.{file} <> '') EXECUTE FUNCTION {table}_refuses()"
    )


ALL = {"sqlite": _sqlite, "postgresql": _postgresql}
ALL_BUT_FOR_A_FILE = {"sqlite": _sqlite_but_for_a_file, "postgresql": _postgresql_but_for_a_file}
REMOVALS = {
    "sqlite": lambda table: [
        f"DROP TRIGGER IF EXISTS {table}_no_{name}" for name in ("update", "other_file", "delete")
    ],
    "postgresql": lambda table: [f"DROP FUNCTION {table}_refuses() CASCADE"],
}


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0031_questions_to_the_plan'),
    ]

    operations = [
        migrations.RunPython(guard, unguard),
    ]
