"""The payment processor the sandbox plays: its records, its clock, its voice."""

import copy
from dataclasses import dataclass
from typing import Any

import stripe

from sandbox.blanks import blank
from sandbox.faults import Faults
from sandbox.refusal import Record, RequestRefused
from sandbox.state import State, new_id
from sandbox.webhooks import Courier


@dataclass(frozen=True)
class Call:
    """The API request behind a change; both are None when a customer did it on the page."""

    request_id: str | None = None
    idempotency_key: str | None = None


BY_CUSTOMER = Call()


@dataclass(frozen=True)
class Processor:
    state: State
    faults: Faults
    courier: Courier
    address: str

    def now(self) -> int:
        return self.state.now()

    def find(self, kind: str, record_id: str, *, param: str = "id") -> Record:
        record = self.state.objects.get(record_id)
        if record is None or record["object"] != kind:
            name = kind.replace("_", "")
            raise RequestRefused(
                f"No such {name}: '{record_id}'", http=404, code="resource_missing", param=param
            )
        return record

    def all(self, kind: str) -> list[Record]:
        return [record for record in self.state.objects.records() if record["object"] == kind]

    def change(self, record: Record, **fields: Any) -> None:
        record.update(fields)
        self.state.objects.put(record["id"], record)

    def announce(self, event_type: str, record: Record, call: Call = BY_CUSTOMER) -> str | None:
        """Make the event and send it; the id, or None when a fault swallowed the event."""
        fault = self.faults.on_event(event_type)
        kind = fault.kind if fault else ""
        if kind == "forget_event":
            return None
        event = self._event(event_type, record, call)
        self.state.events.put(event["id"], event)
        if kind == "drop_webhook":
            self.courier.withhold(event["id"])
        elif self.courier.endpoints:
            copies = 2 if kind == "duplicate_webhook" else 1
            delay = fault.seconds if fault and kind == "delay_webhook" else 0.0
            self.courier.deliver(event["id"], copies=copies, delay=delay)
        return str(event["id"])

    def _event(self, event_type: str, record: Record, call: Call) -> Record:
        return blank(stripe.Event) | {
            "id": new_id("evt_1"),
            "object": "event",
            "api_version": stripe.api_version,
            "created": self.now(),
            "data": {"object": copy.deepcopy(record)},
            "livemode": False,
            "pending_webhooks": self.courier.endpoints,
            "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
            "type": event_type,
        }
