from django.conf import settings
from django.db import migrations, models


def owe_nothing_of_what_was_paid_back(apps, schema_editor):
    jobs = apps.get_model("orders", "Job").objects
    jobs.filter(order_line__order__payment_state="refunded").update(is_owed=False)


def ask_alone(apps, schema_editor):
    """A page asks for a few rows of it: to call a second process costs more than the question."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE orders_job SET (parallel_workers = 0)")


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0032_the_floors_history_is_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='job',
            name='job_queue',
        ),
        migrations.AddField(
            model_name='job',
            name='is_owed',
            field=models.BooleanField(default=True, editable=False, verbose_name='owed'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['job_state', 'due_on', 'is_owed'], name='job_queue'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['placed_at', 'paid_at'], name='order_by_day'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['day', 'place', 'temperer'], name='run_comes'),
        ),
        migrations.RunPython(owe_nothing_of_what_was_paid_back, migrations.RunPython.noop),
        migrations.RunPython(ask_alone, migrations.RunPython.noop),
    ]
