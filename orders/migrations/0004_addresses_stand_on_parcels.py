import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_a_parcel_for_every_order")]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='shipment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='orders.shipment', verbose_name='parcel'),
        ),
        migrations.RemoveField(
            model_name='order',
            name='days_max',
        ),
        migrations.RemoveField(
            model_name='order',
            name='days_min',
        ),
        migrations.RemoveField(
            model_name='order',
            name='gift_message',
        ),
        migrations.RemoveField(
            model_name='order',
            name='label_locale',
        ),
    ]
