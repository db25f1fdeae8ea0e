from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0025_work_by_kind'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='booking',
            name='one_booking_per_parcel_and_day',
        ),
        migrations.RemoveIndex(
            model_name='booking',
            name='day_booked',
        ),
        migrations.AddField(
            model_name='booking',
            name='base',
            field=models.CharField(default='', max_length=40, verbose_name='base'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='booking',
            name='declared',
            field=models.TextField(blank=True, verbose_name='allergens declared'),
        ),
        migrations.AddField(
            model_name='booking',
            name='zone',
            field=models.CharField(blank=True, choices=[('F', 'Zone F'), ('O', 'Zone O')], max_length=1, verbose_name='zone'),
        ),
        migrations.AlterField(
            model_name='capacityday',
            name='bars',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: as the working week says. 0: nothing is made and nothing leaves the house.', null=True, verbose_name='bars at most'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='friday',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Friday'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='monday',
            field=models.PositiveIntegerField(blank=True, help_text='Bars that may be promised at most. Empty: as many as the figures of the kitchen allow. 0: nobody works on this weekday.', null=True, verbose_name='Monday'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='saturday',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Saturday'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='sunday',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Sunday'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='thursday',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Thursday'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='tuesday',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Tuesday'),
        ),
        migrations.AlterField(
            model_name='workingweek',
            name='wednesday',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Wednesday'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['day', 'until'], name='day_booked'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('order', 'parcel', 'day', 'zone', 'base', 'declared'), name='one_booking_per_parcel_day_and_kind'),
        ),
    ]
