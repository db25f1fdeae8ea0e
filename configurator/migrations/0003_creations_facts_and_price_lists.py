import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from configurator.domain.design import from_canonical


def name_recipes(apps, _schema_editor):
    designs = apps.get_model("configurator", "Design").objects
    for row in designs.only("canonical").iterator():
        designs.filter(pk=row.pk).update(recipe_digest=from_canonical(row.canonical).recipe_digest)


class Migration(migrations.Migration):

    dependencies = [
        ('configurator', '0002_faces_and_photos'),
    ]

    operations = [
        migrations.AddField(
            model_name='design',
            name='recipe_digest',
            field=models.CharField(db_index=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='module',
            name='free_zone',
            field=models.BooleanField(default=False, help_text='May be handled in zone F, where nothing of Annex II is let in.'),
        ),
        migrations.AddField(
            model_name='module',
            name='origin_de',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='module',
            name='origin_en',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='module',
            name='textures',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='constraint',
            name='kind',
            field=models.CharField(choices=[('excludes', 'excludes: none of these together with any of the others'), ('base-excludes', 'base excludes: on these bases none of the others'), ('needs', 'needs: any of these only with one of the others'), ('limit', 'limit: at most so many of these'), ('limit-grams', 'limit in grams: at most so many milligrams of these in 100 g'), ('limit-percent', 'limit in per cent: at most so many per mille of the bar'), ('limit-price', 'limit of the price: the bar costs at most so many cents'), ('avoid', 'avoid: nothing that contains the allergen')], max_length=20),
        ),
        migrations.AlterField(
            model_name='constraint',
            name='most',
            field=models.PositiveIntegerField(default=0, help_text='A number of modules, milligrams, per mille or cents, as the kind says.'),
        ),
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('what', models.CharField(choices=[('opened', 'studio opened'), ('changed', 'first change made'), ('valid', 'first complete bar'), ('finished', 'finished'), ('shared', 'shared'), ('printed', 'card printed'), ('published', 'published'), ('in-cart', 'put into the cart')], max_length=12)),
                ('number', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ('-day', 'what'),
                'constraints': [models.UniqueConstraint(fields=('day', 'what'), name='day_count_once')],
            },
        ),
        migrations.CreateModel(
            name='Creation',
            fields=[
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('maker', models.CharField(help_text="Digest of the key in the maker's browser.", max_length=64)),
                ('tab', models.CharField(blank=True, default='', help_text="The browser's page that changed it last.", max_length=36)),
                ('past', models.JSONField(blank=True, default=list, help_text='Digests to undo to, the oldest first.')),
                ('future', models.JSONField(blank=True, default=list, help_text='Digests to redo, the next one last.')),
                ('visibility', models.CharField(choices=[('private', 'private: only for me'), ('unlisted', 'unlisted: for whoever has the address'), ('public', 'public: shown in the gallery')], default='unlisted', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('complete_at', models.DateTimeField(blank=True, help_text='When it could be ordered for the first time.', null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('is_remix', models.BooleanField(default=False, help_text="Began as somebody's bar; stays true when that one is gone.")),
                ('held_at', models.DateTimeField(blank=True, help_text='Since when staff are asked.', null=True)),
                ('refused_at', models.DateTimeField(blank=True, help_text='When staff said no.', null=True)),
                ('shown', models.ForeignKey(blank=True, help_text='As the gallery shows it, or as staff are asked to let it in.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='configurator.design')),
                ('design', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='creations', to='configurator.design')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='remixes', to='configurator.creation')),
                ('started_from', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='configurator.design')),
            ],
            options={
                'ordering': ('-changed_at', 'key'),
                'indexes': [models.Index(fields=['maker', '-changed_at'], name='creation_of_maker'), models.Index(fields=['visibility', '-published_at'], name='creation_in_gallery')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('visibility', 'public'), _negated=True), models.Q(('published_at__isnull', False), ('shown__isnull', False)), _connector='OR'), name='creation_public_since'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('key')), _negated=True), _connector='OR'), name='creation_not_its_own_parent')],
            },
        ),
        migrations.RunPython(name_recipes, migrations.RunPython.noop),
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
        migrations.CreateModel(
            name='PriceList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(choices=[('EUR', 'EUR'), ('USD', 'USD'), ('GBP', 'GBP'), ('CHF', 'CHF')], max_length=3, verbose_name='currency')),
                ('name', models.CharField(help_text='For us: what it is for.', max_length=60, verbose_name='name')),
                ('permille', models.PositiveIntegerField(default=1000, help_text='1080: 1.08 for each euro. Everything but the prices set by hand below.', validators=[django.core.validators.MinValueValidator(100), django.core.validators.MaxValueValidator(10000)], verbose_name="permille of the catalogue's prices")),
                ('step_cents', models.PositiveSmallIntegerField(default=1, help_text='Cents: 5 gives 6.35, 6.40.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='rounded to')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day. Empty: no end is known.', null=True, verbose_name='valid until')),
                ('reduced', models.BooleanField(default=False, help_text='Pages show the lowest price of the 30 days before, as Article 6a of 98/6/EC wants.', verbose_name='announced as reduced')),
            ],
            options={
                'verbose_name': 'price list',
                'verbose_name_plural': 'price lists',
                'ordering': ('currency', '-valid_from', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('permille__gte', 100), ('permille__lte', 10000), ('step_cents__gte', 1)), name='price_list_has_prices'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='price_list_ends_after_start', violation_error_message='It would end before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='OwnPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Of a kind of bar or of a module.', max_length=40, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9_-]*\\Z', 'Use lower-case letters, digits, - and _.')], verbose_name='key')),
                ('cents', models.PositiveIntegerField(help_text='Of a module: for its usual dose in 100 g.', verbose_name='cents')),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own', to='configurator.pricelist')),
            ],
            options={
                'verbose_name': 'price set by hand',
                'verbose_name_plural': 'prices set by hand',
                'ordering': ('key',),
                'constraints': [models.UniqueConstraint(fields=('price_list', 'key'), name='one_own_price_per_list')],
            },
        ),
    ]
