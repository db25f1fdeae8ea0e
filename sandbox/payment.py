"""What happens when the customer presses pay: intent, charge, events, in Stripe's order."""

from dataclasses import dataclass

import stripe

from sandbox import balance, disputes
from sandbox.blanks import all_null, blank
from sandbox.cards import AUTHENTICATION_FAILED, BY_NUMBER, Card, Decline
from sandbox.processor import Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.state import new_id


@dataclass(frozen=True)
class Payer:
    card: Card
    email: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Attempt:
    """`outcome`: paid, declined, requires_action, processing, or closed (nothing to pay any more).

    `event_id` is the completion that the page waits for before it sends the customer back.
    """

    outcome: str
    message: str = ""
    event_id: str | None = None


def pay(processor: Processor, session: Record, payer: Payer, *, authenticated: bool | None = None) -> Attempt:
    if session["status"] != "open":
        return Attempt("closed", f"This Checkout Session is {session['status']}.")
    intent = _intent(processor, session)
    if payer.card.asks_3ds and authenticated is None:
        return _ask_for_authentication(processor, session, intent)
    decline = AUTHENTICATION_FAILED if authenticated is False else payer.card.decline
    if decline:
        return _decline(processor, intent, payer, decline)
    if payer.card.pays_later:
        return _promise(processor, session, intent, payer)
    return _succeed(processor, session, intent, payer)


def settle(processor: Processor, session: Record, *, succeeded: bool) -> None:
    """The end of a payment that was left `processing`."""
    intent = processor.find("payment_intent", session["payment_intent"] or "")
    if intent["status"] != "processing":
        raise RequestRefused(f"{intent['id']} is {intent['status']}, not processing.")
    payer = Payer(BY_NUMBER["bankdebit"], **_contact(session))
    if succeeded:
        _capture(processor, intent, payer)
        processor.change(session, payment_status="paid")
        processor.announce("payment_intent.succeeded", intent)
        processor.announce("checkout.session.async_payment_succeeded", session)
    else:
        processor.change(intent, status="requires_payment_method")
        processor.announce("payment_intent.payment_failed", intent)
        processor.announce("checkout.session.async_payment_failed", session)


def _intent(processor: Processor, session: Record) -> Record:
    """Made when the customer first presses pay, as Stripe does since 2022-08-01."""
    if session["payment_intent"]:
        return processor.find("payment_intent", session["payment_intent"])
    intent = _new_intent(processor, session)
    processor.change(intent)
    processor.change(session, payment_intent=intent["id"])
    processor.announce("payment_intent.created", intent)
    return intent


def _new_intent(processor: Processor, session: Record) -> Record:
    terms = (processor.state.backstage.get(session["id"]) or {}).get("intent", {})
    intent_id = new_id("pi_3")
    return blank(stripe.PaymentIntent) | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": new_id(f"{intent_id}_secret_", 25),
        "confirmation_method": "automatic",
        "created": processor.now(),
        "currency": session["currency"],
        "description": terms.get("description"),
        "livemode": False,
        "metadata": terms.get("metadata") or {},
        "payment_method_types": ["card"],
        "receipt_email": terms.get("receipt_email"),
        "statement_descriptor_suffix": terms.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
    }


def _ask_for_authentication(processor: Processor, session: Record, intent: Record) -> Attempt:
    page = f"{processor.address}/c/3ds/{session['id']}"
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": page, "return_url": None}}
    processor.change(intent, status="requires_action", next_action=action)
    processor.announce("payment_intent.requires_action", intent)
    return Attempt("requires_action", "Your bank asks you to confirm this payment.")


def _decline(processor: Processor, intent: Record, payer: Payer, decline: Decline) -> Attempt:
    charge = _charge(processor, intent, payer) | {
        "failure_code": decline.code,
        "failure_message": decline.message,
        "status": "failed",
    }
    processor.change(charge)
    processor.change(
        intent,
        last_payment_error=_payment_error(charge, decline),
        latest_charge=charge["id"],
        next_action=None,
        status="requires_payment_method",
    )
    processor.announce("charge.failed", charge)
    processor.announce("payment_intent.payment_failed", intent)
    return Attempt("declined", decline.message)


def _payment_error(charge: Record, decline: Decline) -> Record:
    error = {
        "charge": charge["id"],
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
        "type": "card_error",
    }
    return {name: value for name, value in error.items() if value is not None}


def _promise(processor: Processor, session: Record, intent: Record, payer: Payer) -> Attempt:
    processor.change(intent, status="processing", next_action=None)
    processor.announce("payment_intent.processing", intent)
    return Attempt("processing", event_id=_complete(processor, session, payer, "unpaid"))


def _succeed(processor: Processor, session: Record, intent: Record, payer: Payer) -> Attempt:
    charge = _capture(processor, intent, payer)
    processor.announce("payment_intent.succeeded", intent)
    event_id = _complete(processor, session, payer, "paid")
    if payer.card.is_disputed:
        disputes.open_dispute(processor, charge)
    return Attempt("paid", event_id=event_id)


def _capture(processor: Processor, intent: Record, payer: Payer) -> Record:
    charge = _charge(processor, intent, payer) | {
        "amount_captured": intent["amount"],
        "captured": True,
        "paid": True,
        "status": "succeeded",
    }
    charge["balance_transaction"] = balance.move(processor, "charge", charge, intent["amount"])["id"]
    processor.change(charge)
    processor.change(
        intent,
        amount_received=intent["amount"],
        last_payment_error=None,
        latest_charge=charge["id"],
        next_action=None,
        status="succeeded",
    )
    processor.announce("charge.succeeded", charge)
    return charge


def _complete(processor: Processor, session: Record, payer: Payer, payment_status: str) -> str | None:
    email = session["customer_email"] or payer.email
    details = all_null(stripe.checkout.Session.CustomerDetails)
    processor.change(
        session,
        customer_details=details | {"email": email, "name": payer.name, "tax_exempt": "none"},
        payment_status=payment_status,
        status="complete",
        url=None,
    )
    return processor.announce("checkout.session.completed", session)


def _charge(processor: Processor, intent: Record, payer: Payer) -> Record:
    return blank(stripe.Charge) | {
        "id": new_id("ch_3"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": _billing_details(payer),
        "captured": False,
        "created": processor.now(),
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method_details": {"type": "card", "card": _card_details(payer.card)},
        "refunded": False,
    }


def _billing_details(payer: Payer) -> Record:
    return {
        "address": None,
        "email": payer.email,
        "name": payer.name,
        "phone": None,
        "tax_id": None,
    }


def _card_details(card: Card) -> Record:
    nothing = all_null(stripe.Charge.PaymentMethodDetails.Card)
    return nothing | {
        "brand": "visa",
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "credit",
        "last4": card.last4,
        "network": "visa",
    }


def _contact(session: Record) -> dict[str, str | None]:
    details = session["customer_details"] or {}
    return {"email": details.get("email"), "name": details.get("name")}
