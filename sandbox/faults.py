"""Things that go wrong on purpose: asked for through /_sandbox/faults, each a stated number of times."""

import re
import threading
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from sandbox.refusal import Record, RequestRefused

ON_REQUESTS = {
    "rate_limited": "answer 429 and do nothing",
    "unavailable": "answer 503 and do nothing",
    "error_not_executed": "answer 500, do nothing, keep the 500 under the idempotency key",
    "error_executed": "do it, answer 500, keep the 500 under the idempotency key",
    "reset_before": "hang up and do nothing",
    "reset_after": "do it, then hang up",
    "timeout": "do it, then stay silent for `seconds` before answering",
}
ON_EVENTS = {
    "drop_webhook": "keep the event, never send it",
    "duplicate_webhook": "send it twice",
    "delay_webhook": "send it `seconds` later",
    "forget_event": "never make the event at all",
}


@dataclass(frozen=True)
class Fault:
    """`path` and `method` choose requests, `event` chooses event types; `*` stands for anything."""

    kind: str
    times: int = 1
    method: str = "*"
    path: str = "*"
    event: str = "*"
    seconds: float = 5.0

    def strikes_request(self, method: str, path: str) -> bool:
        chosen = fnmatchcase(method, self.method) and fnmatchcase(path, self.path)
        return self.kind in ON_REQUESTS and chosen

    def strikes_event(self, event_type: str) -> bool:
        return self.kind in ON_EVENTS and fnmatchcase(event_type, self.event)

    def as_record(self) -> Record:
        return vars(self).copy()


class Faults:
    """The faults still to come. In memory only: a restart is a clean start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

    def on_request(self, method: str, path: str) -> Fault | None:
        with self._lock:
            return self._use(lambda fault: fault.strikes_request(method, path))

    def on_event(self, event_type: str) -> Fault | None:
        with self._lock:
            return self._use(lambda fault: fault.strikes_event(event_type))

    def _use(self, strikes: Any) -> Fault | None:
        for place, fault in enumerate(self._waiting):
            if strikes(fault):
                self._waiting[place : place + 1] = _once_less(fault)
                return fault
        return None


def read_fault(form: Record) -> Fault:
    kinds = ON_REQUESTS | ON_EVENTS
    kind = form.get("kind")
    if kind not in kinds:
        raise RequestRefused(f"Invalid kind: must be one of {', '.join(kinds)}", param="kind")
    unknown = sorted(form.keys() - Fault.__dataclass_fields__.keys())
    if unknown:
        raise RequestRefused(f"Received unknown parameter: {unknown[0]}", param=unknown[0])
    times = _number(form, "times", default="1", most=1_000_000)
    seconds = _number(form, "seconds", default="5", most=600)
    texts = {name: str(form[name]) for name in ("method", "path", "event") if name in form}
    return Fault(str(kind), times=int(times), seconds=seconds, **texts)


def _number(form: Record, name: str, *, default: str, most: int) -> float:
    typed = str(form.get(name, default))
    if not re.fullmatch(r"\d{1,7}(\.\d{1,3})?", typed) or float(typed) > most:
        raise RequestRefused(f"{name} is a number from 0 to {most}.", param=name)
    return float(typed)


def _once_less(fault: Fault) -> list[Fault]:
    left = fault.times - 1
    return [replace(fault, times=left)] if left > 0 else []
