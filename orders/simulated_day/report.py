"""The day on one page, with charts: a file that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orders.models import Job, JobState
from orders.simulated_day.shift import Day

WIDE, HIGH, FOOT = 760, 220, 40
PARTS: Final = 16
SECONDS_LEAST: Final = 1
LOOK: Final = mark_safe(  # a constant
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#2a1710;"
    "background:#fdf9f3}h1,h2{line-height:1.2}table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;"
    "text-align:start;border-bottom:1px solid #e5d8c5}svg{width:100%;height:auto}.bad{color:#a2213e;"
    "font-weight:600}.good{color:#2a5a3a}rect{fill:#7a4a2b}text{font-size:12px;fill:#2a1710}"
)


@dataclass(frozen=True, slots=True)
class Told:
    orders: int
    bars: int
    paid_seconds: float
    made_seconds: float
    day: Day
    found: list[tuple[str, list[str]]]
    """Each rule, and what was found against it."""


def page(told: Told) -> str:
    day = told.day
    return format_html(
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>A simulated day</title><style>{}</style><h1>A simulated day</h1>"
        "<p>{} orders with {} bars: paid in {} s, made and sent in {} s.</p>"
        "<h2>What must be true</h2>{}<h2>Bars that left, as the day went on</h2>{}"
        "<h2>Bars by chocolate</h2>{}<h2>What happened</h2>{}{}</html>",
        LOOK,
        f"{told.orders:,}",
        f"{told.bars:,}",
        round(told.paid_seconds),
        round(told.made_seconds),
        _rules(told.found),
        chart(_by_part(list(day.left.values_list("at", flat=True)))),
        chart(_by_base()),
        _table(day.happened),
        _recall(day),
    )


def _rules(found: Sequence[tuple[str, list[str]]]) -> SafeString:
    rows = [
        (
            "bad" if mistakes else "good",
            "✗" if mistakes else "✓",
            rule,
            format_html_join("", "<br><small>{}</small>", ((mistake,) for mistake in mistakes)),
        )
        for rule, mistakes in found
    ]
    return format_html("<table>{}</table>", format_html_join("", "<tr><td class={}>{}<td>{}{}", rows))


def _table(counts: Mapping[str, int]) -> SafeString:
    rows = ((what, f"{times:,}") for what, times in sorted(counts.items()))
    return format_html("<table>{}</table>", format_html_join("", "<tr><td>{}<td>{}", rows))


def _recall(day: Day) -> SafeString:
    if day.recalled is None:
        return format_html("<p>{}</p>", "No lot was called back: too few bars had left.")
    lot = day.recalled.lot
    return format_html(
        "<h2>Called back</h2><p>Lot {} of {}.</p><table>{}</table>",
        lot.code,
        str(lot.stock.module),
        format_html_join("", "<tr><td>{}<td>{}", _figures(day.recalled.figures)),
    )


def _figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        parts = value.items() if isinstance(value, dict) else ()
        yield name, ", ".join(f"{part}: {number:,}" for part, number in parts) or value


def chart(columns: Sequence[tuple[str, int]]) -> SafeString:
    """Upright columns, each with its number above and its name below."""
    most = max((number for _name, number in columns), default=0) or 1
    step = WIDE / max(1, len(columns))
    drawn = []
    for place, (name, number) in enumerate(columns):
        high = number / most * (HIGH - FOOT - 20)
        left, top = place * step, HIGH - FOOT - high
        middle = left + step / 2
        drawn.append(
            (
                f"{left + 2:.1f}",
                f"{top:.1f}",
                f"{max(1, step - 4):.1f}",
                f"{high:.1f}",
                f"{middle:.1f}",
                f"{top - 4:.1f}",
                number,
                f"{middle:.1f}",
                HIGH - FOOT + 16,
                name,
            )
        )
    shape = (
        "<rect x='{}' y='{}' width='{}' height='{}'/><text x='{}' y='{}' text-anchor='middle'>{}</text>"
        "<text x='{}' y='{}' text-anchor='middle'>{}</text>"
    )
    return format_html(
        "<svg viewBox='0 0 {} {}' role='img'>{}</svg>", WIDE, HIGH, format_html_join("", shape, drawn)
    )


def _by_part(moments: Sequence[datetime]) -> list[tuple[str, int]]:
    """As many in each sixteenth of the time between the first and the last."""
    if not moments:
        return []
    first, last = min(moments), max(moments)
    whole = max((last - first).total_seconds(), SECONDS_LEAST)
    counted = Counter(min(PARTS - 1, int((at - first).total_seconds() / whole * PARTS)) for at in moments)
    return [(f"{round(whole * (part + 1) / PARTS)} s", counted[part]) for part in range(PARTS)]


def _by_base() -> list[tuple[str, int]]:
    made = Counter(Job.objects.filter(job_state=JobState.SHIPPED).values_list("base", flat=True))
    return made.most_common()
