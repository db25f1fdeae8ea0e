from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import models


class Runner(models.Model):
    """Who is at a job that one does at a time, or when it was done last; in the database, as all that lasts."""

    name = models.CharField(primary_key=True, max_length=40)
    turn = models.UUIDField(null=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @staticmethod
    @contextmanager
    def turn_at(name: str, *, at: datetime, lasts: timedelta) -> Iterator[bool]:
        """True inside for one runner, False for whoever comes while it is at work.

        A lease: whoever is killed at work is replaced when it has run out.
        """
        turn = uuid.uuid4()
        Runner._introduce(name, at)
        free = Runner.objects.filter(name=name).filter(models.Q(turn=None) | models.Q(until__lte=at))
        taken = bool(free.update(turn=turn, until=at + lasts))
        try:
            yield taken
        finally:
            Runner.objects.filter(name=name, turn=turn).update(turn=None)

    @staticmethod
    def is_due(name: str, *, at: datetime, every: timedelta) -> bool:
        """True for one of all who ask, once in a while."""
        Runner._introduce(name, at)
        return bool(Runner.objects.filter(name=name, until__lte=at).update(until=at + every))

    @staticmethod
    def _introduce(name: str, at: datetime) -> None:
        Runner.objects.bulk_create([Runner(name=name, until=at)], ignore_conflicts=True)
