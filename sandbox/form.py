"""Stripe's form encoding: `line_items[0][price_data][currency]=eur` to nested dicts and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox.refusal import Record, RequestRefused

MOST_FIELDS = 5000
DEEPEST = 12


def decode(text: str) -> Record:
    root: Record = {}
    for key, value in _pairs(text):
        _place(root, key, value)
    return {name: _with_lists(value) for name, value in root.items()}


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise RequestRefused(f"Invalid request: {error}.") from error


def _place(root: Record, key: str, value: str) -> None:
    *parents, leaf = _steps(key)
    here = root
    for step in parents:
        here = here.setdefault(step or str(len(here)), {})
        if not isinstance(here, dict):
            raise RequestRefused(f"Invalid object: {key}", param=key)
    here[leaf or str(len(here))] = value


def _steps(key: str) -> list[str]:
    """`a[b][]` is `["a", "b", ""]`; the empty step means 'the next one of the list'."""
    match = re.fullmatch(r"([^\[\]]+)((?:\[[^\[\]]*\])*)", key)
    if match is None:
        raise RequestRefused(f"Invalid parameter name: {key}", param=key)
    steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(steps) > DEEPEST:
        raise RequestRefused(f"Parameter nested too deeply: {key}", param=key)
    return steps


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(part) for name, part in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
