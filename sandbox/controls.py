"""The door for tests and demos, which Stripe does not have: /_sandbox/..."""

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox import api, checkout, disputes, fraud, payment, refunds
from sandbox.cards import CARDS, card_of
from sandbox.exchange import Answer, Request, json_answer
from sandbox.faults import read_fault
from sandbox.form import decode
from sandbox.payment import Attempt, Payer
from sandbox.processor import Processor
from sandbox.refusal import Record, RequestRefused

PAGE_WAITS_SECONDS = 10.0


def answer(processor: Processor, request: Request) -> Answer:
    try:
        _refuse_browsers(request)
        return json_answer(200, _control(request)(processor, _form(request)))
    except RequestRefused as refused:
        return json_answer(refused.http, refused.body())


def return_address(session: Record) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _refuse_browsers(request: Request) -> None:
    # A page anywhere on the web could post to loopback; scripts and tests send no Origin.
    if "Origin" in request.headers:
        raise RequestRefused("The sandbox's controls are not for pages in a browser.", http=403)


def _control(request: Request) -> Callable[[Processor, Record], Any]:
    name = request.path.removeprefix("/_sandbox/")
    control = CONTROLS.get((request.method, name))
    if control is None:
        known = ", ".join(f"{method} /_sandbox/{name}" for method, name in CONTROLS)
        raise RequestRefused(f"Unknown control. There are: {known}", http=404)
    return control


def _form(request: Request) -> Record:
    if "json" not in request.headers.get("Content-Type", ""):
        return decode(request.parameters)
    try:
        form = json.loads(request.body or "{}")
    except json.JSONDecodeError as error:
        raise RequestRefused(f"The body is not JSON: {error}.") from error
    if not isinstance(form, dict):
        raise RequestRefused("The body must be one JSON object.")
    return form


def _about(processor: Processor, form: Record) -> Record:
    sessions = processor.all("checkout.session")
    return {
        "what": "TEST SANDBOX - not Stripe, no money moves",
        "livemode": False,
        "now": processor.now(),
        "open_sessions": sum(session["status"] == "open" for session in sessions),
        "events": len(processor.state.events.records()),
    }


def _pay(processor: Processor, form: Record) -> Record:
    """Press pay without a browser: `session`, `card`, and for 3-D Secure `authenticated`."""
    card = card_of(_text(form, "card", default="4242424242424242"))
    if card is None:
        numbers = ", ".join(card.number for card in CARDS)
        raise RequestRefused(f"Not a test card. There are: {numbers}", param="card")
    authenticated = _yes(form, "authenticated") if "authenticated" in form else None
    with processor.state.transaction():
        checkout.expire_overdue(processor)
        session = _session(processor, form)
        payer = Payer(card, _text(form, "email", default="buyer@example.com"), "Test Buyer")
        attempt = payment.pay(processor, session, payer, authenticated=authenticated)
        paid = _attempt_record(attempt, session)
    if attempt.event_id and _yes(form, "wait"):
        processor.courier.wait_until_tried(attempt.event_id, seconds=PAGE_WAITS_SECONDS)
    return paid


def _attempt_record(attempt: Attempt, session: Record) -> Record:
    return {
        "outcome": attempt.outcome,
        "message": attempt.message,
        "event": attempt.event_id,
        "payment_intent": session["payment_intent"],
        "return_to": return_address(session) if session["status"] == "complete" else None,
    }


def _faults(processor: Processor, form: Record) -> list[Record]:
    return [fault.as_record() for fault in processor.faults.waiting()]


def _add_fault(processor: Processor, form: Record) -> list[Record]:
    processor.faults.add(read_fault(form))
    return _faults(processor, {})


def _clear_faults(processor: Processor, form: Record) -> list[Record]:
    processor.faults.clear()
    return []


def _set_clock(processor: Processor, form: Record) -> Record:
    """`offset` seconds from the true time, or `advance` by so many."""
    with processor.state.transaction():
        if "advance" in form:
            offset = processor.state.clock_offset + _whole(form, "advance")
        else:
            offset = _whole(form, "offset")
        processor.state.settings.put("clock", {"offset": offset})
        checkout.expire_overdue(processor)
    return {"offset": offset, "now": processor.now()}


def _settle(processor: Processor, form: Record) -> Record:
    with processor.state.transaction():
        session = _session(processor, form)
        payment.settle(processor, session, succeeded=_yes(form, "succeeded"))
        return session


def _fail_refund(processor: Processor, form: Record) -> Record:
    with processor.state.transaction():
        refund = processor.find("refund", _text(form, "refund"), param="refund")
        refunds.fail(processor, refund)
        return refund


def _open_dispute(processor: Processor, form: Record) -> Record:
    with processor.state.transaction():
        charge = processor.find("charge", _text(form, "charge"), param="charge")
        return disputes.open_dispute(processor, charge, inquiry=_yes(form, "inquiry"))


def _close_dispute(processor: Processor, form: Record) -> Record:
    with processor.state.transaction():
        dispute = processor.find("dispute", _text(form, "dispute"), param="dispute")
        disputes.close_dispute(processor, dispute, won=_yes(form, "won"))
        return dispute


def _warn(processor: Processor, form: Record) -> Record:
    with processor.state.transaction():
        charge = processor.find("charge", _text(form, "charge"), param="charge")
        return fraud.warn(processor, charge)


def _roll_key(processor: Processor, form: Record) -> Record:
    """From now on another key opens the door; `both=true` keeps the old one good, too."""
    key = _text(form, "key")
    if not key.startswith(api.KEY):
        raise RequestRefused(f"A key of the sandbox begins with {api.KEY}.", param="key")
    with processor.state.transaction():
        keys = [*(api.keys(processor) if _yes(form, "both") else []), key]
        processor.state.settings.put("keys", {"keys": keys})
    return {"keys": keys}


def _tamper(processor: Processor, form: Record) -> Record:
    """Change one field of an object behind the shop's back; `value` is JSON."""
    with processor.state.transaction():
        record = processor.state.objects.get(_text(form, "id"))
        field = _text(form, "field")
        if record is None or field not in record:
            raise RequestRefused("There is no such object or field.", http=404, param="field")
        processor.change(record, **{field: _json(form, "value")})
        return record


def _deliveries(processor: Processor, form: Record) -> list[Record]:
    with processor.state.transaction():
        return [
            {"event": event["id"], "type": event["type"]}
            | (processor.state.deliveries.get(event["id"]) or {"state": "no endpoint"})
            for event in processor.state.events.records()
        ]


def _send_again(processor: Processor, form: Record) -> Record:
    with processor.state.transaction():
        event_id = _text(form, "event")
        if processor.state.events.get(event_id) is None:
            raise RequestRefused(f"No such event: '{event_id}'", http=404, param="event")
        processor.courier.deliver(event_id)
    return {"event": event_id}


def _wait(processor: Processor, form: Record) -> Record:
    """Until every webhook that is under way was answered, or `seconds` have passed."""
    seconds = _text(form, "seconds", default="10")
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", seconds):
        raise RequestRefused("seconds is a number below 1000.", param="seconds")
    return {"quiet": processor.courier.wait_until_quiet(seconds=float(seconds))}


def _session(processor: Processor, form: Record) -> Record:
    return processor.find("checkout.session", _text(form, "session"), param="session")


def _text(form: Record, name: str, default: str | None = None) -> str:
    value = form.get(name, default)
    if value is None:
        raise RequestRefused(f"Missing required param: {name}.", param=name)
    return str(value)


def _whole(form: Record, name: str) -> int:
    value = _text(form, name)
    if not re.fullmatch(r"-?\d{1,9}", value):
        raise RequestRefused(f"{name} is a whole number of seconds.", param=name)
    return int(value)


def _yes(form: Record, name: str) -> bool:
    return str(form.get(name, "")).lower() in {"1", "true", "yes"}


def _json(form: Record, name: str) -> Any:
    value = form.get(name)
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError as error:
        raise RequestRefused(f"{name} is not JSON: {error}.", param=name) from error


CONTROLS: dict[tuple[str, str], Callable[[Processor, Record], Any]] = {
    ("GET", ""): _about,
    ("POST", "pay"): _pay,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "clock"): _set_clock,
    ("GET", "deliveries"): _deliveries,
    ("POST", "deliveries"): _send_again,
    ("POST", "wait"): _wait,
    ("POST", "settlements"): _settle,
    ("POST", "refund-failures"): _fail_refund,
    ("POST", "disputes"): _open_dispute,
    ("POST", "dispute-ends"): _close_dispute,
    ("POST", "early-fraud-warnings"): _warn,
    ("POST", "keys"): _roll_key,
    ("POST", "tampering"): _tamper,
}
