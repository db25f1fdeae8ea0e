"""A template whose fixed parts are written once reads as if Django wrote all of it each time, to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Engine
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import override

from config.fixed_parts import Fixed, FixedParts

LIBRARIES = {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"}
PAGES = {
    "base.html": """{% load i18n static %}<a href="{% url 'shop:bars' %}">{% translate "Bars" %}</a>
        <img src="{% static 'icon.svg' %}">{% block main %}{% endblock %}""",
    "page.html": """{# Plain words may stand before it. #}
        {% extends "base.html" %}{% load i18n %}
        {% block main %}
          {% if bars %}<p>{% translate "Cart" %}: {{ bars }}</p>{% else %}<p>{% translate "Your cart is empty" %}</p>{% endif %}
          {% for bar in bars %}<a href="{% url 'configurator:studio' 'bar-100' %}">{% translate "Studio" %} {{ bar }}</a>{% empty %}{% translate "Bars" %}{% endfor %}
          {% blocktranslate %}Your cart{% endblocktranslate %}
          {% blocktranslate count bars=bars|length %}{{ bars }} bar{% plural %}{{ bars }} bars{% endblocktranslate %}
          {% translate "Cart" as cart %}{{ cart }}{% translate "Cart"|upper %}{% translate word %}
        {% endblock %}""",
    "letter.txt": "{% autoescape off %}{% load i18n %}{% translate 'Bars & more' %} {{ word }}{% endautoescape %}",
    "words.html": "{% load i18n %}{% translate 'Cart' %} {{ word }}",
    "parts.html": "{% load i18n %}{% translate 'Cart' %}<b>{% url 'shop:bars' %}</b> {{ word }}",
}
LOCMEM = ("django.template.loaders.locmem.Loader", PAGES)
WAYS: tuple[dict[str, Any], ...] = ({"bars": ["Noir", "<Nut>"], "word": "Cart"}, {"bars": [], "word": "<&>"})


def _engine(loader: Any) -> Engine:
    return Engine(loaders=[loader], libraries=LIBRARIES, builtins=["django.template.defaulttags"])


@pytest.fixture
def fixed() -> Engine:
    return _engine(("config.fixed_parts.FixedParts", [LOCMEM]))


@pytest.fixture
def mount() -> Iterator[None]:
    before = get_script_prefix()
    yield
    set_script_prefix(before)


@pytest.mark.parametrize("page", PAGES)
def test_every_reader_reads_what_django_would_write_the_first_time_and_later(
    fixed: Engine, page: str
) -> None:
    plain = _engine(LOCMEM)
    for language in ("en", "de", "en", "de"):
        for way in WAYS:
            with override(language):
                written = fixed.get_template(page).render(Context(way))
                assert written == plain.get_template(page).render(Context(way))


def test_an_address_goes_by_where_the_shop_is_mounted(fixed: Engine, mount: None) -> None:
    with override("de"):
        assert fixed.render_to_string("parts.html", {}) == "Warenkorb<b>/de/bars/</b> "
        set_script_prefix("/chocolate/")
        assert fixed.render_to_string("parts.html", {}) == "Warenkorb<b>/chocolate/de/bars/</b> "


def test_neighbours_become_one_part_and_what_a_visitor_decides_stays_apart(fixed: Engine) -> None:
    [loader] = fixed.template_loaders
    assert isinstance(loader, FixedParts)
    template = loader.get_template("parts.html")
    kinds = [type(node).__name__ for node in template.nodelist]
    assert kinds == ["Fixed", "VariableNode"]
    assert loader.get_template("parts.html") is template
    assert isinstance(template.nodelist[0], Fixed)
