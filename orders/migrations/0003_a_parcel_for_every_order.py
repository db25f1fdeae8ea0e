from django.db import migrations

COPIED = ("name", "street", "extra", "postcode", "city", "country", "country_name", "shipping_cents")
ALSO = ("label_locale", "gift_message", "days_min", "days_max")


def parcel(apps, _schema_editor):
    """What was one address of an order is the first of its parcels now."""
    order, shipment, carried, job = (
        apps.get_model("orders", name) for name in ("Order", "Shipment", "ShipmentLine", "Job")
    )
    for one in order.objects.iterator():
        lines = list(one.lines.all())
        sent = shipment.objects.create(
            order=one,
            place=1,
            net_mg=sum(line.net_mg * line.quantity for line in lines),
            **{name: getattr(one, name) for name in COPIED + ALSO},
        )
        carried.objects.bulk_create(
            carried(shipment=sent, order_line=line, quantity=line.quantity) for line in lines
        )
        job.objects.filter(order_line__order=one).update(shipment=sent)


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_money")]

    operations = [migrations.RunPython(parcel, migrations.RunPython.noop)]
