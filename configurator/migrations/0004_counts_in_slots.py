from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("configurator", "0003_creations_facts_and_price_lists"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="daycount",
            name="day_count_once",
        ),
        migrations.AddField(
            model_name="daycount",
            name="slot",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="daycount",
            constraint=models.UniqueConstraint(fields=("day", "what", "slot"), name="day_count_once_a_slot"),
        ),
    ]
