import django.db.models.deletion
from django.db import migrations, models


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
    ]
