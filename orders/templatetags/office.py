from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from orders.office import dashboard
from orders.office.attention import attention

register = template.Library()
register.simple_tag(attention)


@register.simple_tag
def tiles(user: Any) -> list[dashboard.Tile]:
    return dashboard.tiles(user, at=timezone.now())


@register.simple_tag
def charts(user: Any) -> list[dashboard.Chart]:
    return dashboard.charts(user, at=timezone.now())
