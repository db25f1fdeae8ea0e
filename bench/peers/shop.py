"""What is compared, and what every shop in the comparison says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from re import Pattern
from typing import Final

from bench.peers.visitor import AnswerUnexpected, Page, Visitor

OPERATIONS: Final = ("catalogue", "design_page", "add_to_cart", "checkout", "api_read")


class Walks(ABC):
    """How each thing is done in one shop. A walk raises AnswerUnexpected when it was not done."""

    @abstractmethod
    def catalogue(self, visitor: Visitor) -> None: ...

    @abstractmethod
    def design_page(self, visitor: Visitor) -> None:
        """The page of one thing that can be bought."""

    @abstractmethod
    def add_to_cart(self, visitor: Visitor) -> None:
        """The first thing in the cart, by somebody who has seen a page that offers it."""

    @abstractmethod
    def checkout(self, visitor: Visitor) -> str:
        """Everything from the thing's page to the placed order, by a guest; says which order it is."""

    @abstractmethod
    def api_read(self, visitor: Visitor) -> None: ...


@dataclass(frozen=True)
class Shop:
    name: str
    python: str
    application: str
    env: Mapping[str, str]
    walks: Callable[[int], Walks]
    """Of the shop that listens on this port."""


def expect(words: str, page: Page) -> None:
    if words not in page.body:
        raise AnswerUnexpected(f"{words!r} is not on {page.address}: {page.body[:300]}")


def found(pattern: Pattern[str], page: Page) -> str:
    match = pattern.search(page.body)
    if match is None:
        raise AnswerUnexpected(f"{pattern.pattern!r} is not on {page.address}: {page.body[:300]}")
    return unescape(match[1])
