"""Records that are added to, never changed."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class RecordIsAppendOnly(TypeError):
    """History is added to, never changed."""


class AppendOnly(models.QuerySet[Any]):
    """What tables guard themselves, they guard from these two doors as well."""

    def blank(self, **fields: Any) -> int:
        """History keeps that something happened, and forgets about whom (orders/personal)."""
        return super().update(**fields)

    def let_go(self) -> int:
        """What the law no longer wants kept (orders/personal/retention.py)."""
        return super().delete()[0]

    def update(self, **_changes: object) -> NoReturn:
        raise RecordIsAppendOnly(self.model.__name__)

    def delete(self) -> NoReturn:
        raise RecordIsAppendOnly(self.model.__name__)


class History(models.Model):
    """A record that stays as it was written."""

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(type(self).__name__)
