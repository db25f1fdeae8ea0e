"""The door the shop's server uses: /v1/..., through the real SDK."""

import copy
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import stripe
import stripe.params as params_of
import stripe.params.checkout as checkout_params
import stripe.params.radar as radar_params

from sandbox import checkout, events, idempotency, refunds
from sandbox.exchange import Answer, ConnectionCut, Request, json_answer
from sandbox.faults import Fault
from sandbox.form import decode
from sandbox.listing import listed
from sandbox.processor import Call, Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.schema import checked
from sandbox.state import new_id

KEY = "sk_test_sandbox"

Work: TypeAlias = Callable[[Processor, str, Record, Call], Record]


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    params: type
    work: Work


def answer(processor: Processor, request: Request) -> Answer:
    request_id = new_id("req_", 14)
    try:
        given = _answer(processor, request, request_id)
    except RequestRefused as refused:
        given = json_answer(refused.http, refused.body())
    headers = {"Request-Id": request_id, "Stripe-Version": stripe.api_version}
    return replace(given, headers=given.headers | headers)


def _answer(processor: Processor, request: Request, request_id: str) -> Answer:
    _authenticate(processor, request)
    fault = processor.faults.on_request(request.method, request.path)
    kind = fault.kind if fault else ""
    _refuse_at_the_door(kind)
    with processor.state.transaction():
        checkout.expire_overdue(processor)
        given = idempotency.once(
            processor.state, request, lambda: _execute(processor, request, request_id, kind)
        )
    return _leave(given, fault)


def keys(processor: Processor) -> list[str]:
    """Usually one; two while one replaces the other."""
    rolled = processor.state.settings.get("keys") or {"keys": [KEY]}
    return [str(key) for key in rolled["keys"]]


def _authenticate(processor: Processor, request: Request) -> None:
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not any(hmac.compare_digest(key.encode(), good.encode()) for good in keys(processor)):
        raise RequestRefused(
            f"Invalid API Key provided. The sandbox takes the key {KEY} and no other: never send "
            "it a real one.",
            http=401,
        )


def _refuse_at_the_door(kind: str) -> None:
    if kind == "reset_before":
        raise ConnectionCut
    if kind == "rate_limited":
        raise RequestRefused("Too many requests hit the API too quickly.", http=429, code="rate_limit")
    if kind == "unavailable":
        raise RequestRefused("The service is temporarily unavailable.", http=503, kind="api_error")


def _execute(processor: Processor, request: Request, request_id: str, kind: str) -> idempotency.Outcome:
    if kind == "error_not_executed":
        return idempotency.failed(executed=True)
    call = Call(request_id, request.headers.get("Idempotency-Key"))
    try:
        record = _route(processor, request, call)
    except RequestRefused as refused:
        return idempotency.Outcome(json_answer(refused.http, refused.body()), refused.executed)
    if kind == "error_executed":
        return idempotency.failed(executed=True)
    return idempotency.Outcome(json_answer(200, record), executed=True)


def _leave(given: Answer, fault: Fault | None) -> Answer:
    if fault and fault.kind == "reset_after":
        raise ConnectionCut
    if fault and fault.kind == "timeout":
        time.sleep(fault.seconds)
    return given


def _route(processor: Processor, request: Request, call: Call) -> Record:
    for route in ROUTES:
        match = re.fullmatch(route.path, request.path)
        if match and route.method == request.method:
            params = checked(route.params, decode(request.parameters))
            expand = params.pop("expand", [])
            record = route.work(processor, "".join(match.groups()), params, call)
            return _expanded(processor, record, expand)
    raise RequestRefused(
        f"Unrecognized request URL ({request.method}: {request.path}). The sandbox plays only the "
        "part of Stripe that its README lists.",
        http=404,
    )


def _expanded(processor: Processor, record: Record, paths: list[str]) -> Record:
    record = copy.deepcopy(record)
    for path in paths:
        _expand(processor, record, path)
    return record


def _expand(processor: Processor, record: Record, path: str) -> None:
    """Put the object in the place of its id, in `record` itself; `data.` reaches into a list."""
    name, _, rest = path.partition(".")
    if name == "data" and record["object"] == "list":
        for member in record["data"]:
            _expand(processor, member, rest)
    elif name == "line_items" and record["object"] == "checkout.session":
        record["line_items"] = checkout.line_list(processor, record["id"])
    elif name == "refunds" and record["object"] == "charge":
        record["refunds"] = copy.deepcopy(refunds.list_of(processor, record))
    else:
        _expand_id(processor, record, name, rest)


def _expand_id(processor: Processor, record: Record, name: str, rest: str) -> None:
    if name not in record:
        raise RequestRefused(f"This property cannot be expanded ({name}).", param="expand")
    if isinstance(record[name], str):
        found = processor.state.objects.get(record[name])
        if found is None:
            raise RequestRefused(f"This property cannot be expanded ({name}).", param="expand")
        record[name] = copy.deepcopy(found)
    if rest and isinstance(record[name], dict):
        _expand(processor, record[name], rest)


def _retrieve(kind: str) -> Work:
    def work(processor: Processor, record_id: str, params: Record, call: Call) -> Record:
        return processor.find(kind, record_id)

    return work


def _list_of(kind: str, *, url: str, by: tuple[str, ...]) -> Work:
    def work(processor: Processor, _: str, params: Record, call: Call) -> Record:
        wanted = {name: params[name] for name in by if name in params}
        chosen = [
            record
            for record in processor.all(kind)
            if all(record[name] == value for name, value in wanted.items())
        ]
        return listed(chosen, params, url=url)

    return work


SESSIONS = "/v1/checkout/sessions"
ONE = r"/(\w+)"
ROUTES = (
    Route("POST", SESSIONS, checkout_params.SessionCreateParams, checkout.create),
    Route(
        "GET",
        SESSIONS,
        checkout_params.SessionListParams,
        _list_of("checkout.session", url=SESSIONS, by=("payment_intent", "status")),
    ),
    Route("GET", SESSIONS + ONE, checkout_params.SessionRetrieveParams, checkout.retrieve),
    Route("POST", SESSIONS + ONE + "/expire", checkout_params.SessionExpireParams, checkout.expire),
    Route(
        "GET",
        SESSIONS + ONE + "/line_items",
        checkout_params.SessionListLineItemsParams,
        checkout.list_lines,
    ),
    Route(
        "GET",
        "/v1/payment_intents" + ONE,
        params_of.PaymentIntentRetrieveParams,
        _retrieve("payment_intent"),
    ),
    Route("GET", "/v1/charges" + ONE, params_of.ChargeRetrieveParams, _retrieve("charge")),
    Route(
        "GET",
        "/v1/charges",
        params_of.ChargeListParams,
        _list_of("charge", url="/v1/charges", by=("payment_intent",)),
    ),
    Route("POST", "/v1/refunds", params_of.RefundCreateParams, refunds.create),
    Route(
        "GET",
        "/v1/refunds",
        params_of.RefundListParams,
        _list_of("refund", url="/v1/refunds", by=("payment_intent", "charge")),
    ),
    Route("GET", "/v1/refunds" + ONE, params_of.RefundRetrieveParams, _retrieve("refund")),
    Route("GET", "/v1/events", params_of.EventListParams, events.list_all),
    Route("GET", "/v1/events" + ONE, params_of.EventRetrieveParams, events.retrieve),
    Route(
        "GET",
        "/v1/disputes",
        params_of.DisputeListParams,
        _list_of("dispute", url="/v1/disputes", by=("payment_intent", "charge")),
    ),
    Route("GET", "/v1/disputes" + ONE, params_of.DisputeRetrieveParams, _retrieve("dispute")),
    Route(
        "GET",
        "/v1/balance_transactions",
        params_of.BalanceTransactionListParams,
        _list_of("balance_transaction", url="/v1/balance_transactions", by=("source", "type", "currency")),
    ),
    Route(
        "GET",
        "/v1/radar/early_fraud_warnings",
        radar_params.EarlyFraudWarningListParams,
        _list_of(
            "radar.early_fraud_warning",
            url="/v1/radar/early_fraud_warnings",
            by=("charge", "payment_intent"),
        ),
    ),
    Route(
        "GET",
        "/v1/radar/early_fraud_warnings" + ONE,
        radar_params.EarlyFraudWarningRetrieveParams,
        _retrieve("radar.early_fraud_warning"),
    ),
)
