"""How what was bought is written on a page and in a mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from configurator.domain.design import Design
from configurator.domain.label import Label
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.sheet import Sheet
from configurator.domain.label.words import plain, written
from configurator.pictures.previews import url_for, wrapped_url
from configurator.templatetags.bars import sheet
from orders.models import Order, OrderLine, Shipment
from orders.prices.billing import ReductionKind
from orders.sending import delivery
from orders.sending.carriage import Option

register = template.Library()


@register.filter
def wrapped_picture(design: Design, width: int = 600) -> str:
    """The bar beside its wrapper, for whoever made it: with the photo, where there is one."""
    return url_for(design, width, "wrapped")


@register.simple_tag
def printed_label(label: Label | dict[str, Any]) -> SafeString:
    """It reads the same in every cart and under every bill, so each is rendered once in a process."""
    return _printed(sheet(label), settings.SHOP_ADDRESS)


@lru_cache(maxsize=1024)
def _printed(printed: Sheet, address: str) -> SafeString:
    page = {"sheet": printed, "shop": {"address": address}}
    return render_to_string("configurator/_printed_label.html", page)


@register.filter
def mail_picture(digest: str, width: int = 600) -> str:
    """Mail programs know JPEG; and they need the whole address. A mail may be passed on: no photo."""
    return f"{settings.SHOP_URL}{wrapped_url(digest, width, 'jpg')}"


@register.filter
def quoted(words: str) -> str:
    """As plain text quotes."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())


@register.filter
def allergen_names(codes: Iterable[str]) -> str:
    return ", ".join(ALLERGENS[code].to(_locale()) for code in codes)


@register.filter
def percent(permille: int) -> str:
    """55 → "5.5 %", in German "5,5 %"."""
    whole, rest = divmod(permille, 10)
    return f"{written(f'{whole}.{rest}' if rest else str(whole), _locale())}\u00a0%"


@register.filter
def plain_label(text: str) -> str:
    """Without the marks of emphasis; in plain text the allergens stand in capitals instead."""
    parts = text.split("**")
    return plain("".join(part.upper() if place % 2 else part for place, part in enumerate(parts)))


@register.filter
def kilograms(mg: int) -> str:
    """350000 → "350 g", 1250000 → "1.25 kg"."""
    if mg < 1_000_000:
        return f"{mg // 1000}\u00a0g"
    number = f"{mg // 1_000_000}.{mg % 1_000_000 // 1000:03}".rstrip("0").rstrip(".")
    return f"{written(number, _locale())}\u00a0kg"


@register.filter
def tracking_link(parcel: Shipment) -> str:
    """Where one sees where the parcel is; empty when its carrier shows nothing."""
    return delivery.tracking_link(parcel.carrier, parcel.tracking_number, _locale())


@register.filter
def arrives(way: Option | Shipment) -> str:
    """27 Nov, or 27 Nov – 1 Dec."""
    if way.arrive_from is None or way.arrive_until is None:
        return ""
    return "\u00a0– ".join(dict.fromkeys(_day(day, _locale()) for day in (way.arrive_from, way.arrive_until)))


@lru_cache(maxsize=256)
def _day(day: date, locale: str) -> str:  # the words depend on it
    return date_format(day, _("j M"))


@register.filter
def list_cents(lines: Iterable[OrderLine]) -> int:
    """What the bars cost before anything is taken off."""
    return sum(line.list_cents for line in lines)


@register.filter
def carriage_cents(order: Order) -> int:
    """What the parcels cost before a voucher takes it off."""
    free = (reduction for reduction in order.reductions if reduction["kind"] == ReductionKind.FREE_SHIPPING)
    return order.shipping_cents + sum(int(reduction["cents"]) for reduction in free)


@register.filter
def unbroken(number: str) -> SafeString:
    """For a mail: many programs break a line at the hyphen of an order's number."""
    return format_html('<span class="unbroken" style="white-space: nowrap">{}</span>', number)


@register.filter
def is_recent(moment: datetime) -> bool:
    return timezone.now() - moment < timedelta(minutes=1)


def _locale() -> str:
    return (get_language() or "en")[:2]
