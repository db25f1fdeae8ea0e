"""Bars of an order that differ in nothing but their names and words: what is in them is told once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote for wrapper and chocolate, beside the name."""

    names: tuple[str, ...]
    """Of the bars that say it."""
    wrapper: str
    chocolate: str


@dataclass(frozen=True, slots=True)
class Alike:
    lines: tuple[OrderLine, ...]
    """At least one."""

    @property
    def first(self) -> OrderLine:
        return self.lines[0]

    @property
    def words(self) -> list[Words]:
        """Of the bars that say something: each saying once."""
        said: dict[tuple[str, str], list[str]] = {}
        for line in self.lines:
            bar = line.design.value
            said.setdefault((bar.wrapper.text, bar.inscription.text), []).append(line.name)
        return [Words(tuple(names), *words) for words, names in said.items() if any(words)]


def alike(lines: Iterable[OrderLine]) -> list[Alike]:
    """By label and price, in the order of their first bars."""
    groups: dict[str, list[OrderLine]] = {}
    for line in lines:
        groups.setdefault(_what_is_told(line), []).append(line)
    return [Alike(tuple(group)) for group in groups.values()]


def _what_is_told(line: OrderLine) -> str:
    return json.dumps([line.label, line.price_lines, line.cents_per_kg], sort_keys=True)
