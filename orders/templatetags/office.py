from django import template

from orders.admin import attention

register = template.Library()
register.simple_tag(attention)
