"""Form widgets as Django writes them, the plain ones without its templates: there one input takes three of them,
and a page with a form spends as much on its fields as on all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final, TypeAlias

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.safestring import SafeString

Widget: TypeAlias = Mapping[str, Any]

FOLDER: Final = "django/forms/widgets/"
INPUTS: Final = (
    "checkbox",
    "date",
    "email",
    "hidden",
    "input",
    "number",
    "password",
    "search",
    "tel",
    "text",
    "url",
)


class PlainWidgets(DjangoTemplates):
    """Whatever is not written here, Django's templates write."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        write = WRITERS.get(template_name)
        return write(context) if write else super().render(template_name, context, request)


def _label(label: Mapping[str, Any]) -> str:
    words = _words(label["label"])
    return (
        f"<{label['tag']}{_attributes(label['attrs'] or {})}>{words}</{label['tag']}>"
        if label["use_tag"]
        else words
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    start = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"'
    return f"{start}{value}{_attributes(widget['attrs'])}>"


def _choice(widget: Widget) -> str:
    """One of several radio buttons or boxes."""
    if not widget.get("wrap_label"):
        return _input(widget)
    of = f' for="{_text(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f"<label{of}>{_input(widget)}\n {_words(widget['label'])}</label>"


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _place in widget["optgroups"])
    return f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>{groups}\n</select>'


def _group(name: str | None, options: list[Widget]) -> str:
    written = "".join(f"\n  {_option(option)}\n" for option in options)
    return f'\n  <optgroup label="{_words(name)}">{written}\n  </optgroup>' if name else written


def _option(option: Widget) -> str:
    attributes = _attributes(option["attrs"])
    return f'<option value="{_text(option["value"])}"{attributes}>{_words(option["label"])}</option>'


def _textarea(widget: Widget) -> str:
    value = _words(widget["value"]) if widget["value"] else ""
    start = f'<textarea name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>'
    return f"{start}\n{value}</textarea>"


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _words(value: Any) -> str:
    return _text(localize(value))


def _text(value: Any) -> str:
    """As it is, for programs: a number has no separators here."""
    text = str(value)
    return text if isinstance(text, SafeString) else escape(text)


def _of_widget(write: Callable[[Widget], str]) -> Callable[[dict[str, Any]], str]:
    return lambda context: write(context["widget"])


WRITERS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "django/forms/label.html": _label,
    **{f"{FOLDER}{kind}.html": _of_widget(_input) for kind in INPUTS},
    f"{FOLDER}radio_option.html": _of_widget(_choice),
    f"{FOLDER}checkbox_option.html": _of_widget(_choice),
    f"{FOLDER}select.html": _of_widget(_select),
    f"{FOLDER}textarea.html": _of_widget(_textarea),
}
