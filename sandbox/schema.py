"""Check requests against the SDK's own TypedDicts.

A parameter that Stripe does not know is a 400 here as well, and an update of the SDK updates the
check by itself.
"""

import re
import sys
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from stripe._request_options import RequestOptions
from typing_extensions import get_type_hints, is_typeddict

from sandbox.refusal import Record, RequestRefused

Hints: TypeAlias = tuple[Any, ...]

# The SDK quotes its annotations, and imports some names for type checkers only.
NAMES = {name: vars(typing)[name] for name in typing.__all__} | {
    "StripeContext": object,
    "Decimal": Decimal,
}


def checked(params: type, given: Record, path: str = "") -> Record:
    """The parameters with their types, or a refusal that names the parameter."""
    known = _parameters(params)
    for name in given:
        if name not in known:
            raise RequestRefused(
                f"Received unknown parameter: {_join(path, name)}",
                code="parameter_unknown",
                param=_join(path, name),
            )
    for name in _required(params):
        if name not in given:
            raise missing(_join(path, name))
    return {name: _typed(known[name], value, _join(path, name)) for name, value in given.items()}


def missing(path: str) -> RequestRefused:
    return RequestRefused(f"Missing required param: {path}.", code="parameter_missing", param=path)


@cache
def _parameters(params: type) -> dict[str, Any]:
    module = vars(sys.modules[params.__module__])
    hints = get_type_hints(params, globalns={**NAMES, **module})
    options = RequestOptions.__annotations__
    return {name: hint for name, hint in hints.items() if name not in options}


def _required(params: type) -> list[str]:
    required: frozenset[str] = vars(params)["__required_keys__"]
    return sorted(required)


def _join(path: str, name: str | int) -> str:
    return f"{path}[{name}]" if path else str(name)


def _typed(hint: Any, value: Any, path: str) -> Any:
    """The value as `hint` wants it: the text 'true' becomes True, '12' becomes 12."""
    if is_typeddict(hint):
        return checked(hint, _nested(value, path), path)
    read = READERS.get(get_origin(hint) or hint)
    return read(get_args(hint), value, path) if read else value


def _one_of(hints: Hints, value: Any, path: str) -> Any:
    choices = tuple(choice for hint in hints if _is_enum(hint) for choice in get_args(hint))
    others = [hint for hint in hints if not _is_enum(hint) and hint is not type(None)]
    if isinstance(value, str) and value in choices:
        return value
    # The SDK writes an enum as Literal | str, to stay open for values of later versions.
    if any(choices) and all(hint is str for hint in others):
        return _choice(choices, value, path)
    return _first_that_fits(others, value, path)


def _is_enum(hint: Any) -> bool:
    return get_origin(hint) is Literal


def _first_that_fits(hints: list[Any], value: Any, path: str) -> Any:
    refusal = RequestRefused(f"Invalid value for {path}", param=path)
    for hint in hints:
        try:
            return _typed(hint, value, path)
        except RequestRefused as refused:
            refusal = refused
    raise refusal


def _choice(choices: Hints, value: Any, path: str) -> str:
    if value not in choices:
        named = ", ".join(choice for choice in choices if choice)
        raise RequestRefused(f"Invalid {path}: must be one of {named}", param=path)
    return str(value)


def _listed(hints: Hints, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise RequestRefused(f"Invalid array: {path}", param=path)
    return [_typed(hints[0], part, _join(path, place)) for place, part in enumerate(value)]


def _nested(value: Any, path: str) -> Record:
    if not isinstance(value, dict):
        raise RequestRefused(f"Invalid object: {path}", param=path)
    return value


def _integer(_: Hints, value: Any, path: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise RequestRefused(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
    return int(value)


def _text(_: Hints, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise RequestRefused(f"Invalid string: {path}", param=path)
    return value


def _flag(_: Hints, value: Any, path: str) -> bool:
    return _choice(("true", "false"), value, path) == "true"


def _texts(_: Hints, value: Any, path: str) -> dict[str, str]:
    return {name: _text((), part, _join(path, name)) for name, part in _nested(value, path).items()}


READERS: dict[Any, Callable[[Hints, Any, str], Any]] = {
    Union: _one_of,
    types.UnionType: _one_of,
    Literal: _choice,
    list: _listed,
    dict: _texts,
    int: _integer,
    bool: _flag,
    str: _text,
}
