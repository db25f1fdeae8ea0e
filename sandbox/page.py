"""The hosted page: what the customer sees instead of checkout.stripe.com."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from sandbox import checkout, payment
from sandbox.cards import card_of
from sandbox.controls import PAGE_WAITS_SECONDS, return_address
from sandbox.exchange import Answer, Request
from sandbox.markup import Html, card_rows, fill, page, security, stylesheet
from sandbox.money import money
from sandbox.payment import Attempt, Payer
from sandbox.processor import Processor
from sandbox.refusal import Record

MOST_TYPED = 4000
TYPED = ("email", "card", "expiry", "cvc", "name")
PREFILLED = {"card": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123", "name": "Test Buyer"}
NOT_A_TEST_CARD = "This is not one of the test cards below. Never type a real card number here."
NOT_FOUND = {
    "heading": "This payment page does not exist",
    "words": "The address is incomplete, or the sandbox was started with another state folder.",
    "link": Html(""),
}


@dataclass(frozen=True)
class Visit:
    """A request for a session's page; the session changes under the state's lock only."""

    processor: Processor
    session: Record
    request: Request

    @property
    def typed(self) -> dict[str, str]:
        fields = parse_qs(self.request.body[:MOST_TYPED], keep_blank_values=True)
        return {name: values[0].strip() for name, values in fields.items()}


def answer(processor: Processor, request: Request) -> Answer:
    if request.path == "/c/page.css":
        return stylesheet()
    match = re.fullmatch(r"/c/(pay|3ds)/(\w+)", request.path)
    with processor.state.transaction():
        checkout.expire_overdue(processor)
        session = processor.state.objects.get(match[2]) if match else None
    if match is None or session is None or session["object"] != "checkout.session":
        return _page(404, "No such payment page", fill("closed.html", **NOT_FOUND))
    visit = Visit(processor, session, request)
    if session["status"] != "open":
        return _closed(visit)
    if match[1] == "pay":
        return _pay(visit) if request.method == "POST" else _form(visit, _first_typed(session), {})
    return _authenticate(visit) if request.method == "POST" else _question(visit)


def _pay(visit: Visit) -> Answer:
    typed = _first_typed(visit.session) | visit.typed
    mistakes = _mistakes(visit, typed)
    if mistakes:
        return _form(visit, typed, mistakes)
    attempt = _attempt(visit, typed, authenticated=None)
    if attempt.outcome == "requires_action":
        return _see_other(visit, f"/c/3ds/{visit.session['id']}")
    if attempt.outcome == "declined":
        return _form(visit, typed, {"card": attempt.message})
    return _finished(visit, attempt)


def _authenticate(visit: Visit) -> Answer:
    backstage = visit.processor.state.backstage.get(visit.session["id"]) or {}
    typed = _first_typed(visit.session) | backstage.get("payer", {})
    attempt = _attempt(visit, typed, authenticated=visit.typed.get("ok") == "1")
    if attempt.outcome == "declined":
        return _form(visit, typed, {"card": attempt.message})
    return _finished(visit, attempt)


def _attempt(visit: Visit, typed: dict[str, str], *, authenticated: bool | None) -> Attempt:
    """Pay with a test card; `_mistakes` has refused every other number before it could be kept."""
    card = card_of(typed["card"])
    if card is None:
        return Attempt("declined", NOT_A_TEST_CARD)
    state, session_id = visit.processor.state, visit.session["id"]
    with state.transaction():
        backstage = state.backstage.get(session_id) or {}
        payer = {name: typed.get(name, "") for name in ("email", "card", "name")}
        state.backstage.put(session_id, backstage | {"payer": payer})
        return payment.pay(
            visit.processor,
            visit.session,
            Payer(card, typed.get("email"), typed.get("name")),
            authenticated=authenticated,
        )


def _finished(visit: Visit, attempt: Attempt) -> Answer:
    # Stripe holds the customer back until the shop has answered the completion, or too long.
    if attempt.event_id:
        visit.processor.courier.wait_until_tried(attempt.event_id, seconds=PAGE_WAITS_SECONDS)
    if visit.session["status"] == "complete":
        return _see_other(visit, return_address(visit.session))
    return _closed(visit)


def _mistakes(visit: Visit, typed: dict[str, str]) -> dict[str, str]:
    found = {
        "email": _email_mistake(typed.get("email", "")),
        "card": "" if card_of(typed["card"]) else NOT_A_TEST_CARD,
        "expiry": _expiry_mistake(typed["expiry"], this_year=_year(visit)),
        "cvc": "" if re.fullmatch(r"\d{3}", typed["cvc"]) else "Enter three digits.",
    }
    return {name: words for name, words in found.items() if words}


def _year(visit: Visit) -> int:
    return datetime.fromtimestamp(visit.processor.now(), tz=UTC).year


def _email_mistake(email: str) -> str:
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        return ""
    return "Enter your email address, for example ada@example.com."


def _expiry_mistake(expiry: str, *, this_year: int) -> str:
    match = re.fullmatch(r"(\d{1,2})\s*/?\s*(\d{2})", expiry)
    if match is None or not 1 <= int(match[1]) <= 12:
        return "Enter month and year, for example 12 / 34."
    if 2000 + int(match[2]) < this_year:
        return "This card has expired: enter a year to come."
    return ""


def _first_typed(session: Record) -> dict[str, str]:
    return PREFILLED | {"email": session["customer_email"] or ""}


def _form(visit: Visit, typed: dict[str, str], mistakes: dict[str, str]) -> Answer:
    session = visit.session
    fields = {
        f"{name}_{part}": value
        for name in TYPED
        for part, value in _field_parts(name, typed, mistakes).items()
    }
    body = fill(
        "pay.html",
        alert=_alert(mistakes),
        cancel=_link(session["cancel_url"], "Back to the shop"),
        cards=card_rows(),
        email_lock=Html("readonly") if session["customer_email"] else Html(""),
        note=_note(session),
        session=session["id"],
        total=_total(session),
        lines=_lines(visit),
        **fields,
    )
    title = f"Pay {_total(session)}"
    return _page(200, f"Error: {title}" if mistakes else title, body, session=session)


def _field_parts(name: str, typed: dict[str, str], mistakes: dict[str, str]) -> dict[str, str]:
    mistake = mistakes.get(name)
    focus = "autofocus" if name == next(iter(mistakes), None) else ""
    return {
        "value": typed.get(name, ""),
        "state": Html(f'aria-invalid="true" aria-describedby="{name}-error" {focus}' if mistake else ""),
        "error": Html(f'<p class="error" id="{name}-error">{escape(mistake)}</p>' if mistake else ""),
    }


def _alert(mistakes: dict[str, str]) -> Html:
    if not mistakes:
        return Html("")
    links = "".join(f'<li><a href="#{name}">{escape(words)}</a></li>' for name, words in mistakes.items())
    return Html(f'<div class="alert" role="alert"><h2>Nothing was paid</h2><ul>{links}</ul></div>')


def _lines(visit: Visit) -> Html:
    lines = checkout.lines_of(visit.processor, visit.session["id"])
    return Html("".join(fill("line.html", **_line_parts(line)) for line in lines))


def _line_parts(line: Record) -> dict[str, str]:
    unit = money(line["price"]["unit_amount"], line["currency"])
    return {
        "name": line["description"],
        "quantity": f"{line['quantity']} × {unit}",
        "amount": money(line["amount_total"], line["currency"]),
    }


def _note(session: Record) -> Html:
    submit = session["custom_text"]["submit"]
    return Html(f'<p class="note">{escape(submit["message"])}</p>' if submit else "")


def _question(visit: Visit) -> Answer:
    body = fill("3ds.html", total=_total(visit.session))
    return _page(200, "Confirm the payment", body, session=visit.session)


def _closed(visit: Visit) -> Answer:
    session = visit.session
    if session["status"] == "complete":
        link = _link(return_address(session), "Back to the shop")
        parts = {"heading": "This payment is complete", "words": "You do not need to pay again."}
    else:
        link = _link(session["cancel_url"], "Back to the shop")
        parts = {
            "heading": "This payment page has expired",
            "words": "Nothing was paid. Go back to the shop to start again.",
        }
    return _page(200, parts["heading"], fill("closed.html", link=link, **parts), session=session)


def _link(url: str | None, words: str) -> Html:
    return Html(f'<a class="back" href="{escape(url)}">{escape(words)}</a>' if url else "")


def _total(session: Record) -> str:
    return money(session["amount_total"], session["currency"])


def _see_other(visit: Visit, location: str) -> Answer:
    headers = security(form_leads_to=_shop(visit.session)) | {"Location": location}
    return Answer(303, "", "text/html; charset=utf-8", headers)


def _page(http: int, title: str, body: Html, *, session: Record | None = None) -> Answer:
    return page(http, title, body, form_leads_to=_shop(session))


def _shop(session: Record | None) -> str:
    # form-action also rules the redirect that follows the form: back to the shop must be allowed.
    if session is None:
        return ""
    address = urlsplit(session["success_url"])
    return f"{address.scheme}://{address.netloc}"
