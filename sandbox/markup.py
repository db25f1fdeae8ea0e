"""HTML with everything escaped that is not markup, under a policy that runs no script."""

from html import escape
from pathlib import Path
from string import Template

from sandbox.cards import CARDS
from sandbox.exchange import Answer

PAGES = Path(__file__).parent / "pages"


class Html(str):
    """Text that is markup already; all other text is escaped on its way into a page."""

    __slots__ = ()


def page(http: int, title: str, body: Html, *, form_leads_to: str = "") -> Answer:
    whole = fill("frame.html", title=title, body=body)
    return Answer(http, whole, "text/html; charset=utf-8", security(form_leads_to=form_leads_to))


def stylesheet() -> Answer:
    return Answer(200, (PAGES / "page.css").read_text(encoding="utf-8"), "text/css")


def fill(template: str, /, **values: str) -> Html:
    text = Template((PAGES / template).read_text(encoding="utf-8"))
    safe = {name: value if isinstance(value, Html) else escape(value) for name, value in values.items()}
    return Html(text.substitute(safe))


def rows(*records: tuple[str, ...]) -> Html:
    return Html("".join(f"<tr>{''.join(map(_cell, record))}</tr>" for record in records))


def card_rows() -> Html:
    numbers = [card for card in CARDS if card.number.isdigit()]
    return rows(*((Html(f"<code>{card.spaced}</code>"), card.does) for card in numbers))


def security(*, form_leads_to: str = "") -> dict[str, str]:
    targets = f"'self' {form_leads_to}".strip()
    policy = (
        f"default-src 'none'; style-src 'self'; form-action {targets}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _cell(value: str) -> str:
    return f"<td>{value if isinstance(value, Html) else escape(value)}</td>"
