import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import orders.models.shipping
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('configurator', '0003_creations_facts_and_price_lists'),
        ('orders', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('module', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='configurator.module', to_field='key', verbose_name='module')),
                ('limited', models.BooleanField(default=True, help_text='While this is off, the module can be ordered whatever has been counted.', verbose_name='limited')),
                ('low_mg', models.PositiveBigIntegerField(default=0, help_text='Milligrams.', verbose_name='reorder below')),
            ],
            options={
                'verbose_name': 'stock of a module',
                'verbose_name_plural': 'stock',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StockHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mg', models.PositiveBigIntegerField(verbose_name='kept')),
                ('taken_at', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stock_holds', to='orders.order', verbose_name='order')),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='orders.stock', verbose_name='stock of a module')),
            ],
            options={
                'verbose_name': 'stock kept for an order',
                'verbose_name_plural': 'stock kept for orders',
                'ordering': ['until', 'pk'],
                'indexes': [models.Index(fields=['stock', 'until', 'mg'], name='stock_held')],
                'constraints': [models.UniqueConstraint(fields=('order', 'stock'), name='one_stock_hold_per_order'), models.CheckConstraint(condition=models.Q(('mg__gt', 0)), name='stock_hold_keeps_something'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('taken_at'))), name='stock_hold_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='StockMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'received'), ('counted', 'set right by counting'), ('wasted', 'wasted'), ('used', 'for an order'), ('returned', 'back from an order')], max_length=8, verbose_name='kind')),
                ('mg', models.BigIntegerField(verbose_name='change')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order', verbose_name='order')),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='orders.stock', verbose_name='stock of a module')),
            ],
            options={
                'verbose_name': 'stock move',
                'verbose_name_plural': 'stock moves',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['stock', 'mg'], name='stock_on_hand')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('order', None), _negated=True), fields=('order', 'stock', 'kind'), name='stock_moves_once_per_order'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['used', 'returned']), ('order__isnull', False)), models.Q(('kind__in', ['received', 'counted', 'wasted']), ('order', None)), _connector='OR'), name='stock_move_of_an_order_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['received', 'returned']), ('mg__gt', 0)), models.Q(('kind__in', ['wasted', 'used']), ('mg__lt', 0)), ('kind', 'counted'), _connector='OR'), name='stock_move_goes_the_right_way')],
            },
        ),
        migrations.AddField(
            model_name='vatrate',
            name='to_confirm',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.CreateModel(
            name='VolumePrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_bars', models.PositiveSmallIntegerField()),
                ('permille_off', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['from_bars', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('from_bars', 'valid_from'), name='one_volume_price_per_start'), models.CheckConstraint(condition=models.Q(('from_bars__gte', 2), ('permille_off__gte', 1), ('permille_off__lte', 500)), name='volume_price_takes_half_at_most'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='volume_price_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CartBox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_cents', models.PositiveIntegerField(blank=True, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('size', models.PositiveSmallIntegerField()),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderBox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('size', models.PositiveSmallIntegerField(verbose_name='bars in a box')),
                ('name', models.CharField(max_length=80)),
                ('quantity', models.PositiveSmallIntegerField()),
                ('unit_cents', models.PositiveIntegerField()),
                ('vat_permille', models.PositiveSmallIntegerField()),
                ('vat_cents', models.PositiveIntegerField()),
                ('reduction_cents', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='parcel of the order')),
                ('name', models.CharField(max_length=100, verbose_name='recipient')),
                ('street', models.CharField(max_length=100, verbose_name='street')),
                ('extra', models.CharField(blank=True, max_length=100, verbose_name='addition')),
                ('postcode', models.CharField(max_length=12, verbose_name='postcode')),
                ('city', models.CharField(max_length=80, verbose_name='town')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('country_name', models.CharField(max_length=60)),
                ('label_locale', models.CharField(max_length=2)),
                ('gift_message', models.TextField(blank=True, max_length=300, verbose_name='words on the card')),
                ('hide_prices', models.BooleanField(default=True, verbose_name='no prices in the parcel')),
                ('wish_on', models.DateField(blank=True, null=True, verbose_name='wished for')),
                ('method', models.CharField(default='standard', max_length=20)),
                ('method_name', models.CharField(blank=True, max_length=60, verbose_name='shipping method')),
                ('shipping_cents', models.PositiveIntegerField()),
                ('net_mg', models.PositiveIntegerField()),
                ('days_min', models.PositiveSmallIntegerField()),
                ('days_max', models.PositiveSmallIntegerField()),
                ('dispatch_on', models.DateField(blank=True, null=True, verbose_name='promised to leave')),
                ('arrive_from', models.DateField(blank=True, null=True)),
                ('arrive_until', models.DateField(blank=True, null=True)),
                ('carrier', models.CharField(blank=True, max_length=40, verbose_name='carrier')),
                ('tracking_number', models.CharField(blank=True, max_length=40, verbose_name='tracking number')),
                ('shipped_at', models.DateTimeField(blank=True, null=True, verbose_name='left the house')),
            ],
            options={
                'verbose_name': 'parcel',
                'verbose_name_plural': 'parcels',
                'ordering': ['order', 'place'],
            },
        ),
        migrations.CreateModel(
            name='ShipmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['shipment', 'order_line'],
            },
        ),
        migrations.CreateModel(
            name='ShippedBox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['shipment', 'box'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='cartline',
            name='one_cart_line_per_design',
        ),
        migrations.RemoveConstraint(
            model_name='orderline',
            name='one_order_line_per_design',
        ),
        migrations.RemoveConstraint(
            model_name='orderline',
            name='order_quantity_1_to_99',
        ),
        migrations.AddField(
            model_name='cartline',
            name='currency',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name='cartline',
            name='held_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cartline',
            name='unit_cents',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='reductions',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='order',
            name='substitution',
            field=models.CharField(choices=[('nearest', 'Take what comes nearest, and tell me'), ('wait', 'Wait until it is back'), ('refund', 'Pay me back for this bar')], default='refund', max_length=8),
        ),
        migrations.AddField(
            model_name='orderline',
            name='reduction_cents',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='job',
            name='of',
            field=models.PositiveIntegerField(verbose_name='bars of the parcel'),
        ),
        migrations.AlterField(
            model_name='job',
            name='place',
            field=models.PositiveIntegerField(verbose_name='bar of the parcel'),
        ),
        migrations.AddField(
            model_name='cartbox',
            name='cart',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boxes', to='orders.cart'),
        ),
        migrations.AddField(
            model_name='cartline',
            name='box',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.cartbox'),
        ),
        migrations.AddConstraint(
            model_name='cartline',
            constraint=models.UniqueConstraint(condition=models.Q(('box', None)), fields=('cart', 'design'), name='one_cart_line_per_loose_design'),
        ),
        migrations.AddConstraint(
            model_name='cartline',
            constraint=models.UniqueConstraint(fields=('box', 'design'), name='one_cart_line_per_design_in_a_box'),
        ),
        migrations.AddField(
            model_name='orderbox',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='orders.order'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='box',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.orderbox', verbose_name='box'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 240)), name='order_quantity_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('reduction_cents__lte', django.db.models.expressions.CombinedExpression(models.F('unit_cents'), '*', models.F('quantity')))), name='order_line_is_not_reduced_below_nothing'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipments', to='orders.order'),
        ),
        migrations.AddField(
            model_name='job',
            name='shipment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='orders.shipment', verbose_name='parcel'),
        ),
        migrations.AddField(
            model_name='shipmentline',
            name='order_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipment_lines', to='orders.orderline'),
        ),
        migrations.AddField(
            model_name='shipmentline',
            name='shipment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.shipment'),
        ),
        migrations.AddField(
            model_name='shippedbox',
            name='box',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipped', to='orders.orderbox'),
        ),
        migrations.AddField(
            model_name='shippedbox',
            name='shipment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='orders.shipment'),
        ),
        migrations.AddConstraint(
            model_name='cartbox',
            constraint=models.CheckConstraint(condition=models.Q(('size__in', (3, 6, 12))), name='cart_box_holds_3_6_or_12'),
        ),
        migrations.AddConstraint(
            model_name='cartbox',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 20)), name='cart_box_quantity_1_to_20'),
        ),
        migrations.AddConstraint(
            model_name='orderbox',
            constraint=models.UniqueConstraint(fields=('order', 'place'), name='one_order_box_per_place'),
        ),
        migrations.AddConstraint(
            model_name='orderbox',
            constraint=models.CheckConstraint(condition=models.Q(('size__in', (3, 6, 12))), name='order_box_holds_3_6_or_12'),
        ),
        migrations.AddConstraint(
            model_name='orderbox',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 20)), name='order_box_quantity_1_to_20'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.UniqueConstraint(fields=('order', 'place'), name='one_shipment_per_place'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1)), name='shipments_are_counted_from_one'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('arrive_until', None), ('arrive_until__gte', models.F('arrive_from')), _connector='OR'), name='shipment_arrives_in_order'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.UniqueConstraint(fields=('shipment', 'order_line'), name='one_shipment_line_per_order_line'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='shipment_line_carries_something'),
        ),
        migrations.AddConstraint(
            model_name='shippedbox',
            constraint=models.UniqueConstraint(fields=('shipment', 'box'), name='one_shipped_box_per_box'),
        ),
        migrations.AddConstraint(
            model_name='shippedbox',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='shipped_box_carries_something'),
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z0-9][A-Z0-9-]{2,19}\\Z', 'Use 3 to 20 capital letters, digits and -.')], verbose_name='code')),
                ('kind', models.CharField(choices=[('percent', 'percent off the goods'), ('amount', 'amount off the goods'), ('free_shipping', 'free shipping')], max_length=13, verbose_name='kind')),
                ('permille', models.PositiveSmallIntegerField(blank=True, help_text='100 is 10 %. For percent only.', null=True, verbose_name='permille off')),
                ('cents', models.PositiveIntegerField(blank=True, help_text='1000 is 10.00. For an amount only.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='cents off')),
                ('currency', models.CharField(choices=[('EUR', 'EUR'), ('USD', 'USD'), ('GBP', 'GBP'), ('CHF', 'CHF')], default='EUR', help_text='Of the cents above and below. A code without cents is good in every currency.', max_length=3, verbose_name='currency')),
                ('least_goods_cents', models.PositiveIntegerField(default=0, help_text='Cents, at volume prices. 0: from the first bar.', verbose_name='from goods for')),
                ('on_volume_price', models.BooleanField(default=True, help_text='Off: not for orders that have a volume price.', verbose_name='also on volume prices')),
                ('combinable', models.BooleanField(default=False, help_text='Only codes that all allow it can stand in one order.', verbose_name='together with other codes')),
                ('valid_from', models.DateTimeField(verbose_name='valid from')),
                ('valid_until', models.DateTimeField(blank=True, help_text='Empty: until it is stopped.', null=True, verbose_name='valid until')),
                ('uses_most', models.PositiveIntegerField(blank=True, help_text='By everybody together. Empty: as many as you like.', null=True, verbose_name='uses')),
                ('uses_per_customer', models.PositiveIntegerField(blank=True, default=1, help_text='By e-mail address.', null=True, verbose_name='uses by one customer')),
                ('note', models.CharField(blank=True, help_text='For us: what it is for.', max_length=200, verbose_name='note')),
            ],
            options={
                'verbose_name': 'voucher',
                'verbose_name_plural': 'vouchers',
                'ordering': ['-valid_from', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('cents', None), ('kind', 'percent'), ('permille__gte', 1), ('permille__isnull', False), ('permille__lte', 1000)), models.Q(('cents__gte', 1), ('cents__isnull', False), ('kind', 'amount'), ('permille', None)), models.Q(('cents', None), ('kind', 'free_shipping'), ('permille', None)), _connector='OR'), name='voucher_has_the_value_of_its_kind', violation_error_message='Give permille from 1 to 1000 for percent, cents for an amount, neither for free shipping.'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='voucher_ends_after_start', violation_error_message='It would end before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='CartVoucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cart', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vouchers', to='orders.cart')),
                ('voucher', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.voucher')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('cart', 'voucher'), name='one_code_once_per_cart')],
            },
        ),
        migrations.CreateModel(
            name='VoucherUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voucher_uses', to='orders.order')),
                ('voucher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='orders.voucher')),
            ],
            options={
                'verbose_name': 'use of a voucher',
                'verbose_name_plural': 'uses of a voucher',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['voucher', 'customer'], name='voucher_used_by')],
                'constraints': [models.UniqueConstraint(fields=('voucher', 'order'), name='one_voucher_once_per_order')],
            },
        ),
        migrations.CreateModel(
            name='Runner',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('turn', models.UUIDField(null=True)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='refund',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='sendings',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='refund',
            name='words',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='refund',
            name='reason',
            field=models.CharField(choices=[('paid_twice', 'the order was already paid'), ('order_closed', 'the order was cancelled'), ('sold_out', 'sold out while it was being paid'), ('mismatch', 'the money did not fit the order'), ('staff', 'decided by staff'), ('withdrawn', 'the customer withdrew'), ('damaged', 'arrived broken or melted'), ('missing', 'missing or wrong bar'), ('late', 'arrived too late'), ('goodwill', 'goodwill'), ('fraud', 'suspected fraud'), ('at_stripe', 'made at Stripe itself')], max_length=12),
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('warning_needs_response', 'inquiry: answer it'), ('warning_under_review', 'inquiry: the bank looks at our answer'), ('warning_closed', 'inquiry closed, no money taken'), ('needs_response', 'answer it'), ('under_review', 'the bank looks at our answer'), ('prevented', 'prevented'), ('won', 'won'), ('lost', 'lost')], max_length=30, verbose_name='state')),
                ('reason', models.CharField(max_length=60, verbose_name='reason')),
                ('cents', models.PositiveIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('refundable', models.BooleanField(verbose_name='may still be refunded')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('answer_by', models.DateTimeField(blank=True, null=True, verbose_name='answer by')),
                ('seen_at', models.DateTimeField(verbose_name='last change')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='orders.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'ordering': ['-opened_at'],
            },
        ),
        migrations.CreateModel(
            name='FraudWarning',
            fields=[
                ('id', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('warned_at', models.DateTimeField(verbose_name='warned')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fraud_warnings', to='orders.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'fraud warning',
                'verbose_name_plural': 'fraud warnings',
                'ordering': ['-warned_at'],
            },
        ),
        migrations.CreateModel(
            name='Fulfilment',
            fields=[
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='fulfilment', serialize=False, to='orders.order', verbose_name='order')),
                ('at', models.DateTimeField(verbose_name='since')),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment', to='orders.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'fulfilment',
                'verbose_name_plural': 'fulfilments',
            },
        ),
        migrations.CreateModel(
            name='Discrepancy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('charge', 'paid in'), ('refund', 'given back'), ('refund_failure', 'came back: a refund failed'), ('dispute', "taken by the customer's bank"), ('dispute_reversal', "returned by the customer's bank")], max_length=16, verbose_name='kind')),
                ('stripe_id', models.CharField(max_length=255, verbose_name='at Stripe')),
                ('ours_cents', models.IntegerField(null=True, verbose_name='in our ledger')),
                ('theirs_cents', models.IntegerField(null=True, verbose_name='at Stripe')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discrepancies', to='orders.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'discrepancy',
                'verbose_name_plural': 'discrepancies',
                'ordering': ['-found_at'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'stripe_id'), name='one_discrepancy_per_movement')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('charge', 'paid in'), ('refund', 'given back'), ('refund_failure', 'came back: a refund failed'), ('dispute', "taken by the customer's bank"), ('dispute_reversal', "returned by the customer's bank")], max_length=16, verbose_name='kind')),
                ('stripe_id', models.CharField(max_length=255, verbose_name='at Stripe')),
                ('cents', models.IntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('at', models.DateTimeField(verbose_name='booked')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='orders.order', verbose_name='order')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='orders.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger',
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'stripe_id'), name='money_moves_once'), models.CheckConstraint(condition=models.Q(models.Q(('cents__gt', 0), ('kind__in', ['charge', 'refund_failure', 'dispute_reversal'])), models.Q(('cents__lt', 0), ('kind__in', ['refund', 'dispute'])), _connector='OR'), name='ledger_entry_has_the_sign_of_its_kind')],
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=24)),
                ('cents', models.PositiveIntegerField()),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.refund')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('refund', 'part'), name='one_refund_line_per_part'), models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='refund_lines_return_something')],
            },
        ),
        migrations.CreateModel(
            name='CapacityDay',
            fields=[
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                ('bars', models.PositiveIntegerField(blank=True, help_text='Empty: as the working week says. 0: nothing is made and nothing leaves the house.', null=True, verbose_name='bars on this day')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
            ],
            options={
                'verbose_name': 'day of the kitchen',
                'verbose_name_plural': 'days of the kitchen',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Carrier',
            fields=[
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('key', models.CharField(max_length=20, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*\\Z', 'Use lower-case letters, digits and _.')], verbose_name='key')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('tracking_url', models.CharField(help_text='{number} stands for the tracking number, {locale} for en or de.', max_length=300, validators=[django.core.validators.RegexValidator('^https://[^\\s{}]+(?:\\{(?:number|locale)\\}[^\\s{}]*)*\\Z', 'Write an address that begins with https:// and has {number} where the number goes.')], verbose_name='address of its tracking page')),
                ('number_pattern', models.CharField(max_length=80, verbose_name='pattern of a tracking number')),
                ('number_example', models.CharField(max_length=40, verbose_name='example of a tracking number')),
            ],
            options={
                'verbose_name': 'carrier',
                'verbose_name_plural': 'carriers',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Method',
            fields=[
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('key', models.CharField(max_length=20, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*\\Z', 'Use lower-case letters, digits and _.')], verbose_name='key')),
                ('place', models.PositiveSmallIntegerField(verbose_name='place in the list')),
                ('name_en', models.CharField(max_length=60, verbose_name='name in English')),
                ('name_de', models.CharField(max_length=60, verbose_name='name in German')),
                ('safe_in_heat', models.BooleanField(help_text='Others are refused while it is hot on the way.', verbose_name='safe in the heat')),
            ],
            options={
                'verbose_name': 'shipping method',
                'verbose_name_plural': 'shipping methods',
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='TariffVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=orders.models.shipping.new_token, max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('key', models.CharField(max_length=20, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*\\Z', 'Use lower-case letters, digits and _.')], verbose_name='key')),
                ('name_en', models.CharField(max_length=60, verbose_name='name in English')),
                ('name_de', models.CharField(max_length=60, verbose_name='name in German')),
            ],
            options={
                'verbose_name': 'shipping zone',
                'verbose_name_plural': 'shipping zones',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('country', models.CharField(max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}\\Z', 'Write two capital letters, such as DE.')], verbose_name='country')),
                ('day', models.DateField(verbose_name='day')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
            ],
            options={
                'verbose_name': 'holiday',
                'verbose_name_plural': 'holidays',
                'ordering': ['day', 'country'],
                'constraints': [models.UniqueConstraint(fields=('country', 'day'), name='one_holiday_per_day')],
            },
        ),
        migrations.CreateModel(
            name='WorkingWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('valid_from', models.DateField(unique=True, verbose_name='valid from')),
                ('monday', models.PositiveIntegerField(verbose_name='Monday')),
                ('tuesday', models.PositiveIntegerField(verbose_name='Tuesday')),
                ('wednesday', models.PositiveIntegerField(verbose_name='Wednesday')),
                ('thursday', models.PositiveIntegerField(verbose_name='Thursday')),
                ('friday', models.PositiveIntegerField(verbose_name='Friday')),
                ('saturday', models.PositiveIntegerField(verbose_name='Saturday')),
                ('sunday', models.PositiveIntegerField(verbose_name='Sunday')),
                ('cut_off', models.TimeField(help_text='By the clock of the shop; later ones count tomorrow.', verbose_name='orders count for today until')),
                ('lead_days', models.PositiveSmallIntegerField(help_text='From the day an order counts for to the day it leaves.', verbose_name='working days to make a bar')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
            ],
            options={
                'verbose_name': 'working week',
                'verbose_name_plural': 'working weeks',
                'ordering': ['valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('friday', 0), ('monday', 0), ('saturday', 0), ('sunday', 0), ('thursday', 0), ('tuesday', 0), ('wednesday', 0), _negated=True), name='somebody_works_in_a_working_week')],
            },
        ),
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('country', models.CharField(max_length=2, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z]{2}\\Z', 'Write two capital letters, such as DE.')], verbose_name='country')),
                ('place', models.PositiveSmallIntegerField(verbose_name='place in the list')),
                ('name_en', models.CharField(max_length=60, verbose_name='name in English')),
                ('name_de', models.CharField(max_length=60, verbose_name='name in German')),
                ('label_locale', models.CharField(blank=True, choices=[('en', 'English'), ('de', 'German')], help_text='An official language of the country; without one it is not offered.', max_length=2, verbose_name='language of the labels')),
                ('postcode_pattern', models.CharField(max_length=80, verbose_name='pattern of a postcode')),
                ('postcode_example', models.CharField(max_length=20, verbose_name='example of a postcode')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destinations', to='orders.zone', verbose_name='shipping zone')),
            ],
            options={
                'verbose_name': 'destination',
                'verbose_name_plural': 'destinations',
                'ordering': ['place', 'country'],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parcel', models.PositiveSmallIntegerField(verbose_name='parcel')),
                ('bars', models.PositiveIntegerField(verbose_name='bars')),
                ('taken_at', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookings', to='orders.order', verbose_name='order')),
                ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='orders.capacityday', verbose_name='day of the kitchen')),
            ],
            options={
                'verbose_name': 'booking of a day',
                'verbose_name_plural': 'bookings of days',
                'ordering': ['day', 'pk'],
                'indexes': [models.Index(fields=['day', 'until', 'bars'], name='day_booked')],
                'constraints': [models.UniqueConstraint(fields=('order', 'parcel', 'day'), name='one_booking_per_parcel_and_day'), models.CheckConstraint(condition=models.Q(('bars__gt', 0)), name='booking_is_for_bars'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('taken_at')), _connector='OR'), name='booking_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day; empty while no end is known.', null=True, verbose_name='valid until')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('days_min', models.PositiveSmallIntegerField(verbose_name='working days on the way, at least')),
                ('days_max', models.PositiveSmallIntegerField(verbose_name='working days on the way, at most')),
                ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='orders.carrier', verbose_name='carrier')),
                ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='orders.method', verbose_name='shipping method')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='orders.zone', verbose_name='shipping zone')),
            ],
            options={
                'verbose_name': 'shipping service',
                'verbose_name_plural': 'shipping services',
                'ordering': ['zone', 'method', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('zone', 'method', 'valid_from'), name='one_service_per_start'), models.CheckConstraint(condition=models.Q(('days_max__gte', models.F('days_min'))), name='service_days_in_order'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='service_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='HotSeason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('first_on', models.DateField(verbose_name='first day')),
                ('last_on', models.DateField(verbose_name='last day')),
                ('every_year', models.BooleanField(help_text='Off: only in that year, for a heat wave that is forecast.', verbose_name='every year')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hot_seasons', to='orders.zone', verbose_name='shipping zone')),
            ],
            options={
                'verbose_name': 'hot season',
                'verbose_name_plural': 'hot seasons',
                'ordering': ['zone', 'first_on'],
                'constraints': [models.UniqueConstraint(fields=('zone', 'first_on'), name='one_hot_season_per_start'), models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='hot_season_ends_after_start'), models.CheckConstraint(condition=models.Q(('every_year', False), ('first_on__year', models.F('last_on__year')), _connector='OR'), name='yearly_hot_season_is_within_a_year')],
            },
        ),
        migrations.CreateModel(
            name='CarriageRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_hand', models.BooleanField(default=False, editable=False, verbose_name='changed by hand')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day; empty while no end is known.', null=True, verbose_name='valid until')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('currency', models.CharField(choices=[('EUR', 'EUR'), ('USD', 'USD'), ('GBP', 'GBP'), ('CHF', 'CHF')], max_length=3, verbose_name='currency')),
                ('up_to_mg', models.PositiveBigIntegerField(help_text='Milligrams of chocolate; packing is allowed for in the tariff.', verbose_name='up to')),
                ('goods_from_cents', models.PositiveIntegerField(default=0, help_text='Cents.', verbose_name='for goods from')),
                ('cents', models.PositiveIntegerField(help_text='Cents, with VAT.', verbose_name='price')),
                ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='orders.method', verbose_name='shipping method')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='orders.zone', verbose_name='shipping zone')),
            ],
            options={
                'verbose_name': 'shipping rate',
                'verbose_name_plural': 'shipping rates',
                'ordering': ['zone', 'method', 'currency', 'up_to_mg', 'goods_from_cents', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('zone', 'method', 'currency', 'up_to_mg', 'goods_from_cents', 'valid_from'), name='one_carriage_rate_per_start'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='carriage_rate_ends_after_start')],
            },
        ),
        migrations.DeleteModel(
            name='ShippingRate',
        ),
    ]
