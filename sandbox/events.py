"""The list of events: how a shop catches up with what its endpoint missed."""

from fnmatch import fnmatchcase

from sandbox.listing import listed
from sandbox.processor import Call, Processor
from sandbox.refusal import Record, RequestRefused


def retrieve(processor: Processor, event_id: str, params: Record, call: Call) -> Record:
    event = processor.state.events.get(event_id)
    if event is None:
        raise RequestRefused(f"No such event: '{event_id}'", http=404, code="resource_missing", param="id")
    return event


def list_all(processor: Processor, _: str, params: Record, call: Call) -> Record:
    if "type" in params and "types" in params:
        raise RequestRefused("You may pass either `type` or `types`, but not both.", param="types")
    events = [event for event in processor.state.events.records() if _chosen(event, params)]
    return listed(events, params, url="/v1/events")


def _chosen(event: Record, params: Record) -> bool:
    patterns = params.get("types") or [params.get("type", "*")]
    delivered = event["pending_webhooks"] == 0
    return (
        any(fnmatchcase(event["type"], pattern) for pattern in patterns)
        and params.get("delivery_success", delivered) == delivered
    )
