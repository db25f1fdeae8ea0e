import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "orders_lotspecification"
SAYS = "is added to, never changed"


def guard(apps, schema_editor):
    """What was written down of a lot, the database itself refuses to change or to delete, whoever asks."""
    for statement in GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in REMOVALS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{TABLE} {SAYS}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"CREATE FUNCTION {TABLE}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TABLE} {SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {TABLE}_is_kept BEFORE UPDATE OR DELETE ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuses()",
    ],
}
REMOVALS = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [f"DROP FUNCTION {TABLE}_refuses() CASCADE"],
}


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0033_what_is_owed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='lot',
            name='traces',
            field=models.JSONField(blank=True, default=list, verbose_name='possible traces'),
        ),
        migrations.CreateModel(
            name='LotSpecification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('traces', models.JSONField(blank=True, verbose_name='possible traces')),
                ('note', models.CharField(max_length=200, verbose_name='where it says so')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='specifications', to='orders.lot', verbose_name='lot')),
            ],
            options={
                'verbose_name': 'specification of a lot',
                'verbose_name_plural': 'specifications of lots',
                'ordering': ['pk'],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
