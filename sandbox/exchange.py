"""One HTTP request and its answer, as the three doors of the sandbox see them."""

import json
from dataclasses import dataclass, field
from email.message import Message
from typing import Any


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    body: str
    headers: Message

    @property
    def parameters(self) -> str:
        return self.body if self.method == "POST" else self.query


@dataclass(frozen=True)
class Answer:
    http: int
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class ConnectionCut(Exception):
    """The fault that was asked for: hang up without a word."""


def json_answer(http: int, body: Any, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(http, json.dumps(body, indent=2) + "\n", headers=named)
