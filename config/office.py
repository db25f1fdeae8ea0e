"""Django's admin as the shop's office."""

from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    default_site = "orders.office.site.OfficeSite"
