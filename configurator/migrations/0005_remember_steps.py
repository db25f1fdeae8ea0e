from django.db import migrations

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
        rows = [CreationStep(creation_id=pk, design_id=digest) for digest in known]
        CreationStep.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('configurator', '0004_steps_of_creations'),
    ]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
