"""What pages about a bar may ask the shop."""

from django import template

from shop.models import ReadyBar

register = template.Library()


@register.filter
def is_ready_bar(digest: str) -> bool:
    """Whether we sell it under a name of our own, so that anybody may find it."""
    return ReadyBar.objects.filter(design=digest, published=True).exists()
