"""What was written down, the database itself refuses to change or to delete, whoever asks.

SQLite loses the triggers of a table that a migration makes anew: such a migration calls ``unguard`` first and ``guard``
afterwards.
"""

from django.db import migrations

HISTORY = (
    "orders_jobevent",
    "orders_runevent",
    "orders_labelevent",
    "orders_contact",
    "orders_stockmove",
    "orders_lotspecification",
)
HISTORY_SAYS = "is added to, never changed"
# The file of it shows the bar's name, or the bar itself, and goes when whoever ordered is forgotten.
BUT_FOR_A_FILE = {"orders_printedlabel": "pdf", "orders_barphoto": "file"}
YEARS = 8
# Of these the law wants eight whole years after that of their making; then they may be deleted, never changed.
PAPERS = {
    "sqlite": {"orders_invoice": "OLD.year", "orders_invoicepaper": "CAST(strftime('%Y', OLD.made_at) AS INTEGER)"},
    "postgresql": {
        "orders_invoice": "OLD.year",
        "orders_invoicepaper": "extract(year from OLD.made_at at time zone 'UTC')",
    },
}
PAPERS_SAY = "is kept as long as the law asks, and never changed"


def guard(apps, schema_editor):
    unguard(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    for table in HISTORY:
        _all(schema_editor, ON_HISTORY[vendor](table))
    for table, file in BUT_FOR_A_FILE.items():
        model = next(model for model in apps.get_models() if model._meta.db_table == table)
        others = [field.column for field in model._meta.local_concrete_fields if field.column != file]
        _all(schema_editor, ON_ALL_BUT_A_FILE[vendor](table, file, others))
    for table, year in PAPERS[vendor].items():
        _all(schema_editor, ON_PAPERS[vendor](table, year))


def unguard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in (*HISTORY, *BUT_FOR_A_FILE, *PAPERS[vendor]):
        _all(schema_editor, REMOVALS[vendor](table))


def ask_alone(apps, schema_editor):
    """A page asks for a few rows of it: to call a second process costs more than the question."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE orders_job SET (parallel_workers = 0)")


def _all(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


def _sqlite_history(table):
    for verb in ("UPDATE", "DELETE"):
        yield _sqlite_refusing(table, verb.lower(), verb, HISTORY_SAYS)


def _sqlite_but_a_file(table, file, others):
    yield _sqlite_refusing(table, "update", f"UPDATE OF {', '.join(others)}", HISTORY_SAYS)
    yield _sqlite_refusing(table, "other_file", f"UPDATE OF {file}", HISTORY_SAYS, f"WHEN NEW.{file} <> '' ")
    yield _sqlite_refusing(table, "delete", "DELETE", HISTORY_SAYS)


def _sqlite_papers(table, year):
    young = f"WHEN CAST(strftime('%Y', 'now') AS INTEGER) - {year} <= {YEARS} "
    yield _sqlite_refusing(table, "update", "UPDATE", PAPERS_SAY)
    yield _sqlite_refusing(table, "delete", "DELETE", PAPERS_SAY, young)


def _sqlite_refusing(table, name, when, says, condition=""):
    return (
        f"CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{table} {says}'); END"
    )


def _postgresql_history(table):
    yield _postgresql_refusal(table, HISTORY_SAYS)
    yield _postgresql_trigger(table, "is_kept", "UPDATE OR DELETE")


def _postgresql_but_a_file(table, file, others):
    yield _postgresql_refusal(table, HISTORY_SAYS)
    yield _postgresql_trigger(table, "is_kept", f"DELETE OR UPDATE OF {', '.join(others)}")
    yield _postgresql_trigger(table, "has_its_file", f"UPDATE OF {file}", f"WHEN (NEW.{file} <> '') ")


def _postgresql_papers(table, year):
    old = f"TG_OP = 'DELETE' AND extract(year from now() at time zone 'UTC') - {year} > {YEARS}"
    yield _postgresql_refusal(table, PAPERS_SAY, f"IF {old} THEN RETURN OLD; END IF; ")
    yield _postgresql_trigger(table, "is_frozen", "UPDATE OR DELETE")


def _postgresql_refusal(table, says, unless=""):
    return (
        f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {unless}RAISE EXCEPTION '{table} {says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _postgresql_trigger(table, name, when, condition=""):
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} "
        f"FOR EACH ROW {condition}EXECUTE FUNCTION {table}_refuses()"
    )


ON_HISTORY = {"sqlite": _sqlite_history, "postgresql": _postgresql_history}
ON_ALL_BUT_A_FILE = {"sqlite": _sqlite_but_a_file, "postgresql": _postgresql_but_a_file}
ON_PAPERS = {"sqlite": _sqlite_papers, "postgresql": _postgresql_papers}
REMOVALS = {
    "sqlite": lambda table: [
        f"DROP TRIGGER IF EXISTS {table}_no_{name}" for name in ("update", "other_file", "delete")
    ],
    "postgresql": lambda table: [f"DROP FUNCTION IF EXISTS {table}_refuses() CASCADE"],
}


class Migration(migrations.Migration):

    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(ask_alone, migrations.RunPython.noop),
    ]
