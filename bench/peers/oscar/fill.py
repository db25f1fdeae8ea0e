"""``python -m bench.peers.oscar.fill``: three categories and forty products, a picture each, never sold out."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import django

django.setup()

from django.contrib.sites.models import Site  # noqa: E402  # Django must be set up first
from django.core.files.base import ContentFile  # noqa: E402
from oscar.core.loading import get_model  # type: ignore[import-not-found]  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

PRODUCTS = 40
CATEGORIES = ("Dark", "Milk", "White")


def fill() -> None:
    Site.objects.update_or_create(pk=1, defaults={"domain": "127.0.0.1", "name": "bench"})
    get_model("address", "Country").objects.create(
        iso_3166_1_a2="GB",
        iso_3166_1_a3="GBR",
        iso_3166_1_numeric="826",
        printable_name="United Kingdom",
        name="United Kingdom",
        is_shipping_country=True,
    )
    kind = get_model("catalogue", "ProductClass").objects.create(name="Chocolate", track_stock=True)
    partner = get_model("partner", "Partner").objects.create(name="Chocolatier", code="chocolatier")
    category = get_model("catalogue", "Category")
    categories = [category.add_root(name=name, slug=name.lower()) for name in CATEGORIES]
    for number in range(PRODUCTS):
        _product(number, kind, partner).categories.add(categories[number % len(categories)])


def _product(number: int, kind: Any, partner: Any) -> Any:
    product = get_model("catalogue", "Product").objects.create(
        title=f"Chocolate bar {number:02d} with roasted hazelnuts",
        slug=f"bar-{number}",
        upc=f"CH{number:04d}",
        product_class=kind,
        description=f"<p>{'Fine chocolate with selected ingredients and toppings. ' * 6}</p>",
    )
    picture = get_model("catalogue", "ProductImage")(product=product, display_order=0)
    picture.original.save(f"bar{number}.jpg", ContentFile(_picture(number)))
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=partner,
        partner_sku=f"SKU{number:04d}",
        price_currency="GBP",
        price=Decimal("6.90") + number % 7,
        num_in_stock=10**9,
    )
    return product


def _picture(number: int) -> bytes:
    picture = Image.new("RGB", (800, 600), (60 + 3 * number, 40 + number, 20))
    ImageDraw.Draw(picture).ellipse((100, 80, 700, 520), fill=(120, 80 + number, 50))
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


fill()
