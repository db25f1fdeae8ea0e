"""Pages of a list, newest first, with Stripe's cursors."""

import operator
from collections.abc import Iterable

from sandbox.refusal import Record, RequestRefused

MOST = 100
COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def listed(records: Iterable[Record], params: Record, *, url: str) -> Record:
    chosen = [record for record in records if _created_within(record, params.get("created"))]
    # Turned around after a stable sort, so that within one second the newest comes first, too.
    newest_first = sorted(chosen, key=lambda record: int(record["created"]))[::-1]
    page, has_more = _page(newest_first, params)
    return {"object": "list", "data": page, "has_more": has_more, "url": url}


def _page(records: list[Record], params: Record) -> tuple[list[Record], bool]:
    limit = _limit(params)
    if "starting_after" in params:
        after = records[_place(records, params, "starting_after") + 1 :]
        return after[:limit], len(after) > limit
    if "ending_before" in params:
        before = records[: _place(records, params, "ending_before")]
        return before[-limit:], len(before) > limit
    return records[:limit], len(records) > limit


def _limit(params: Record) -> int:
    limit: int = params.get("limit", 10)
    if not 1 <= limit <= MOST:
        raise RequestRefused(f"Invalid limit: must be from 1 to {MOST}", param="limit")
    return limit


def _place(records: list[Record], params: Record, cursor: str) -> int:
    for place, record in enumerate(records):
        if record["id"] == params[cursor]:
            return place
    raise RequestRefused(f"No such object: '{params[cursor]}'", code="resource_missing", param=cursor)


def _created_within(record: Record, wanted: int | Record | None) -> bool:
    if wanted is None:
        return True
    created: int = record["created"]
    bounds = {"gte": wanted, "lte": wanted} if isinstance(wanted, int) else wanted
    return all(COMPARE[name](created, bound) for name, bound in bounds.items())
