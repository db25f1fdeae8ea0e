"""What the office itself writes down: notes on orders, what was changed by whom, and searches worth keeping."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from orders.models.append_only import AppendOnly, RecordIsAppendOnly
from orders.models.order import Order


class OrderNote(models.Model):
    """What one colleague tells the others about an order. The customer never sees it."""

    WORDS_MAX = 1000

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="notes", verbose_name=_("order"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    words = models.TextField(_("note"), max_length=WORDS_MAX)

    class Meta:
        verbose_name = _("note on an order")
        verbose_name_plural = _("notes on orders")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.order}: {self.words[:40]}"


class OfficeChange(models.Model):
    """A member of staff changed a record: which, when, and each field before and after. Append-only."""

    class Act(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        DONE = "done", _("done")
        """A button was pressed: the words say which."""

    at = models.DateTimeField(_("at"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    act = models.CharField(_("what"), max_length=8, choices=Act.choices)
    model = models.CharField(_("kind of record"), max_length=60)
    """As "orders.voucher"."""
    record = models.CharField(max_length=64)
    """Its primary key."""
    name = models.CharField(_("record"), max_length=120)
    words = models.CharField(_("in words"), max_length=200, blank=True)
    fields: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(_("fields"), default=list)
    """[[field, before, after]]."""

    objects: ClassVar[models.Manager[OfficeChange]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("change by the office")
        verbose_name_plural = _("changes by the office")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["model", "record"], name="office_change_of")]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(type(self).__name__)

    @property
    def spoken_fields(self) -> list[tuple[str, str, str]]:
        """With each field's name as the office reads it."""
        return [(_spoken(self.model, name), before, after) for name, before, after in self.fields]


def _spoken(model: str, name: str) -> str:
    try:
        field = apps.get_model(model)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return name
    return capfirst(str(getattr(field, "verbose_name", name)))


class SavedFilter(models.Model):
    """A search in one of the office's lists, under a name; each colleague has their own."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("by")
    )
    model = models.CharField(_("kind of record"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)
    """What stands in the list's address behind the question mark."""

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "model", "name"], name="one_saved_search_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
