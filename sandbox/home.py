"""The front page: the last payments and what became of their webhooks."""

from datetime import UTC, datetime
from html import escape

from sandbox import checkout
from sandbox.exchange import Answer
from sandbox.markup import Html, card_rows, fill, page, rows
from sandbox.money import money
from sandbox.processor import Processor
from sandbox.refusal import Record

NEWEST = 20


def answer(processor: Processor) -> Answer:
    with processor.state.transaction():
        checkout.expire_overdue(processor)
        sessions = processor.all("checkout.session")[: -NEWEST - 1 : -1]
        events = processor.state.events.records()[: -NEWEST - 1 : -1]
    body = fill(
        "home.html",
        cards=card_rows(),
        events=rows(*(_event_cells(processor, event) for event in events)) or _nothing("No event yet."),
        sessions=rows(*map(_session_cells, sessions)) or _nothing("No payment yet."),
    )
    return page(200, "Payments", body)


def _session_cells(session: Record) -> tuple[str, ...]:
    amount = money(session["amount_total"], session["currency"])
    if session["url"]:
        link = f'<a href="{escape(session["url"])}">Pay {escape(amount)}</a>'
        return _time(session), Html(link), "open"
    return _time(session), amount, session["payment_status"] if session["status"] == "complete" else "expired"


def _event_cells(processor: Processor, event: Record) -> tuple[str, ...]:
    delivery = processor.state.deliveries.get(event["id"])
    if delivery is None:
        return _time(event), event["type"], "no endpoint"
    answers = ", ".join(str(attempt["http"] or "no answer") for attempt in delivery["attempts"])
    return _time(event), event["type"], f"{delivery['state']} ({answers})" if answers else delivery["state"]


def _time(record: Record) -> str:
    return datetime.fromtimestamp(record["created"], tz=UTC).strftime("%d %b %H:%M:%S")


def _nothing(words: str) -> Html:
    return Html(f'<tr><td colspan="3">{words}</td></tr>')
