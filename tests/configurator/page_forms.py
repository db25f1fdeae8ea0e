"""What a browser without scripts would send: the successful controls of one form of a page.

Without the CSRF token, which differs on every page and which the test client does not need.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

# The rest of a page is a thousand tags that the parser would read slowly and to no purpose.
OF_FORMS: Final = re.compile(
    r"""</?(?:form|input|button|select|option)\b(?:"[^"]*"|'[^']*'|[^'">])*>""", re.IGNORECASE
)


class _Controls(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.fields: dict[str, list[str]] = {}
        self.buttons: list[str] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = told.get("id") == self.form
        if not self.inside and told.get("form") != self.form and tag != "option":
            return
        if tag == "input" and told.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken":
            if told.get("type") not in {"checkbox", "radio"} or "checked" in told:
                self.fields.setdefault(told["name"], []).append(told.get("value", ""))
        elif tag == "button":
            self.buttons.append(told.get("name", ""))
        elif tag == "select":
            self.select = told["name"]
        elif tag == "option" and self.select and "selected" in told:
            self.fields.setdefault(self.select, []).append(told["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""


def sent_by(html: str, form: str = "design") -> dict[str, list[str]]:
    return {name: list(sent) for name, sent in _read(html, form).fields.items()}


def buttons_of(html: str, form: str = "design") -> list[str]:
    """Names of the form's buttons in the order of the page; Enter presses the first."""
    return list(_read(html, form).buttons)


@lru_cache(maxsize=4)
def _read(html: str, form: str) -> _Controls:
    controls = _Controls(form)
    controls.feed("".join(OF_FORMS.findall(html)))
    return controls
