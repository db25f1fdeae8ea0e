"""The studio under a hand: how soon a browser paints after each of thirty edits, and whether anything jumps."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from bench.pages import BROWSER
from bench.production_shop import LOOPBACK, free_port, production, served
from bench.timing import percentiles

EDITS: Final = 30
SIZES: Final[dict[str, dict[str, Any]]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
WATCH: Final = """
window.seen = { interactions: {}, shifts: [] };
new PerformanceObserver((list) => {
  for (const { interactionId, duration, name, target, processingStart, processingEnd, startTime } of list.getEntries()) {
    if (!interactionId) continue;
    const known = window.seen.interactions[interactionId];
    if (known && known.ms >= duration) continue;
    const work = Math.round(processingEnd - processingStart), waited = Math.round(processingStart - startTime);
    window.seen.interactions[interactionId] = { ms: duration, waited, work, on: `${name} ${target?.id || target?.className || ""}` };
  }
}).observe({ type: "event", durationThreshold: 16, buffered: true });
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (shift.hadRecentInput) continue;
    const moved = shift.sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
    window.seen.shifts.push({ value: shift.value, moved });
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def measure() -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        return {"skipped": "needs Chromium"}
    with _shop() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER))
        try:
            return {name: _edited(browser.new_page(**size), address) for name, size in SIZES.items()}
        finally:
            browser.close()


@contextmanager
def _shop() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory() as folder,
        production(Path(folder), settings.VAR_DIR / "ready") as env,
        served("config.wsgi:application", 1, env | {"SHOP_URL": "http://localhost"}, free_port()) as port,
    ):
        yield f"http://{LOOPBACK}:{port}"


def _edited(page: Page, address: str) -> dict[str, Any]:
    page.add_init_script(WATCH)
    page.goto(f"{address}/studio/bar-100/")
    page.wait_for_selector(".stage--ready")
    chance = random.Random(1)
    for _ in range(EDITS):
        _edit(page, chance)
        page.wait_for_timeout(700)
    page.wait_for_load_state("networkidle")
    seen = page.evaluate("window.seen")
    interactions = list(seen["interactions"].values())
    slowest = sorted(interactions, key=lambda one: -one["ms"])[:5]
    # What is quicker than 16 ms is not reported at all.
    times = [one["ms"] for one in interactions] + [8.0] * max(0, EDITS - len(interactions))
    return {
        "interactions": len(interactions),
        "to_next_paint_ms": percentiles(times),
        "slowest": slowest,
        "layout_shift": round(sum(shift["value"] for shift in seen["shifts"]), 4),
        "shifts": seen["shifts"][:5],
    }


def _edit(page: Page, chance: random.Random) -> None:
    """As people do: mostly another topping, now and then a base, a step back, another way to lie."""
    kind = chance.choices(["topping", "base", "undo", "pattern", "scatter"], [6, 2, 2, 1, 1])[0]
    if kind in {"topping", "base"}:
        step = "toppings" if kind == "topping" else "base"
        page.locator(f"label[for=step-{step}]").click()
        cards = page.locator(f".module__box[name={step}]:not([aria-disabled])")
        cards.nth(chance.randrange(min(20, cards.count()))).click()
    elif kind == "undo":
        page.locator("#undo").click()
    elif kind == "scatter":
        page.locator("#scatter").click()
    else:
        patterns = page.locator(".portion__pattern")
        if patterns.count():
            patterns.first.select_option(index=chance.randrange(5))
