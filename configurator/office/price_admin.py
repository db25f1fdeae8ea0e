"""Price lists in the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from configurator.catalogue import price_lists
from configurator.models import Family, Module, OwnPrice, PriceList


class OwnPriceForm(forms.ModelForm[OwnPrice]):
    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not (Module.objects.filter(key=key).exists() or Family.objects.filter(key=key).exists()):
            raise ValidationError(_("No kind of bar and no module has the key “%s”.") % key)
        return key


class OwnPriceInline(admin.TabularInline[OwnPrice, PriceList]):
    model = OwnPrice
    form = OwnPriceForm
    extra = 1


@admin.register(PriceList)
class PriceListAdmin(admin.ModelAdmin[PriceList]):
    list_display = ("currency", "name", "permille", "step_cents", "valid_from", "valid_until", "reduced")
    list_display_links = ("currency", "name")
    list_filter = ("currency", "reduced")
    inlines = (OwnPriceInline,)

    def save_related(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().save_related(request, *args, **options)
        price_lists.forget()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)  # type: ignore[arg-type]
        price_lists.forget()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        price_lists.forget()
