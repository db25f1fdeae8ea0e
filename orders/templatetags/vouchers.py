from django import template

from orders.prices.vouchers import idle_words

register = template.Library()
register.simple_tag(idle_words)
