"""What people type in grams, kilograms or degrees, kept as whole numbers of something smaller."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from configurator.domain.family import Milligrams


class MassField(forms.DecimalField):
    """Shown and typed in grams or kilograms; its value is milligrams."""

    def __init__(self, *, unit_mg: Milligrams, **kwargs: Any) -> None:
        super().__init__(**{"min_value": Decimal(0), "max_digits": 12, "decimal_places": 3, **kwargs})
        self.unit_mg = unit_mg

    def prepare_value(self, value: Any) -> Any:
        # What was mistyped stays as it was typed.
        return f"{(Decimal(value) / self.unit_mg).normalize():f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return None if typed is None else int(typed * self.unit_mg)


class DegreesField(forms.DecimalField):
    """Shown and typed in °C; its value is tenths of a degree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 4, "decimal_places": 1, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / 10:f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return None if typed is None else int(typed * 10)
