"""Pages of the office that show records and change none."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from configurator.pictures.previews import preview_url
from orders.models import Job, Lot, Order, Reminder

LIST_PICTURE, PAGE_PICTURE = 300, 600


class LookOnly(admin.ModelAdmin[Any]):
    """Records of what happened: added by the shop's own journeys, never edited or deleted here."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LookOnlyInline(admin.TabularInline[Any, Any]):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def order_link(order: Order) -> SafeString:
    address = reverse("admin:orders_order_change", args=[order.pk])
    return format_html('<a href="{}">{}</a>', address, order.number)


def reminder_link(reminder: Reminder) -> SafeString:
    address = reverse("admin:orders_reminder_change", args=[reminder.pk])
    return format_html('<a href="{}">{}</a>', address, _("Reminder"))


def job_link(job: Job) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("orders:floor-job", args=[job.code]), job.code)


def lot_link(lot: Lot) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:orders_lot_change", args=[lot.pk]), lot.code)


def bar_picture(digest: str, name: str, width: int = LIST_PICTURE) -> SafeString:
    shown = 120 if width == LIST_PICTURE else width
    return format_html(
        '<img src="{}" alt="{}" width="{}" loading="lazy">', preview_url(digest, width), name, shown
    )
