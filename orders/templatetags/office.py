from django import template

from orders.attention import attention

register = template.Library()
register.simple_tag(attention)
