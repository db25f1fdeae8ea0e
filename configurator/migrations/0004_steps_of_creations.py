import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 200


def remember(apps, schema_editor):
    """Of the bars that are kept already: where their makers were, are, and can go again."""
    Creation = apps.get_model('configurator', 'Creation')
    CreationStep = apps.get_model('configurator', 'CreationStep')
    Design = apps.get_model('configurator', 'Design')
    kept = Creation.objects.order_by('pk').values_list('pk', 'design_id', 'started_from_id', 'past', 'future')
    for pk, design, began_as, past, future in kept.iterator(chunk_size=AT_ONCE):
        steps = {design, *past, *future} - {began_as}
        known = Design.objects.filter(pk__in=steps).values_list('pk', flat=True)
        CreationStep.objects.bulk_create([CreationStep(creation_id=pk, design_id=digest) for digest in known])


class Migration(migrations.Migration):

    dependencies = [
        ('configurator', '0003_creations_and_facts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('creation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='configurator.creation')),
                ('design', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='configurator.design')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('creation', 'design'), name='creation_step_once')],
            },
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
