import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('configurator', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('email', models.EmailField(max_length=254, verbose_name='recipient')),
                ('locale', models.CharField(max_length=2, verbose_name='language')),
                ('created_at', models.DateTimeField(verbose_name='since')),
                ('try_at', models.DateTimeField(db_index=True, verbose_name='not before')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('stuck_at', models.DateTimeField(blank=True, null=True, verbose_name='given up')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mail about an account',
                'verbose_name_plural': 'mails about accounts',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ReadyBar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text="What its page is called in the browser's line.", max_length=40, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=30, verbose_name='name')),
                ('story_en', models.TextField(verbose_name='story, English')),
                ('story_de', models.TextField(verbose_name='story, German')),
                ('tags', models.JSONField(blank=True, default=list, help_text='Keys such as vegan, fruity, crunchy. Several with commas between.', verbose_name='tags')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='place in the list')),
                ('published', models.BooleanField(default=True, verbose_name='shown in the shop')),
                ('design', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='configurator.design', verbose_name='bar')),
            ],
            options={
                'verbose_name': 'ready bar',
                'verbose_name_plural': 'ready bars',
                'ordering': ('position', 'slug'),
            },
        ),
    ]
