"""The first answer given under an Idempotency-Key is the answer for a day, even a 500."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.exchange import Answer, Request, json_answer
from sandbox.refusal import RequestRefused
from sandbox.state import State

KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Outcome:
    """`executed`: the work had begun, so a repetition must get this very answer."""

    answer: Answer
    executed: bool


def once(state: State, request: Request, work: Callable[[], Outcome]) -> Answer:
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    if not key:
        return work().answer
    kept = state.answers.get(key)
    if kept is None or state.now() - kept["at"] > KEPT_SECONDS:
        return _first(state, key, request, work)
    if kept["fingerprint"] != _fingerprint(request):
        raise _key_reused(key)
    return _replay(Answer(kept["http"], kept["body"]))


def _first(state: State, key: str, request: Request, work: Callable[[], Outcome]) -> Answer:
    outcome = work()
    if outcome.executed:
        kept = {
            "at": state.now(),
            "fingerprint": _fingerprint(request),
            "http": outcome.answer.http,
            "body": outcome.answer.body,
        }
        state.answers.put(key, kept)
    return outcome.answer


def _replay(answer: Answer) -> Answer:
    headers = {"Idempotent-Replayed": "true"}
    if answer.http >= 500:
        headers["Stripe-Should-Retry"] = "false"
    return Answer(answer.http, answer.body, headers=headers)


def _fingerprint(request: Request) -> str:
    # Bytes, not parsed values: Stripe does not say which it compares, so be as strict as it may be.
    return hashlib.sha256(f"{request.path}?{request.body}".encode()).hexdigest()


def _key_reused(key: str) -> RequestRefused:
    return RequestRefused(
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' if you meant to execute a different "
        "request.",
        kind="idempotency_error",
    )


def failed(*, executed: bool) -> Outcome:
    error = {"type": "api_error", "message": "An unknown error occurred"}
    answer = json_answer(500, {"error": error}, Stripe_Should_Retry="false")
    return Outcome(answer, executed=executed)
