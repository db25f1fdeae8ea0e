"""Lighthouse over the pages, as it comes: a phone on a simulated slow network, against the shop of production."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from django.conf import settings

from bench.production_shop import LOOPBACK, Server, free_port, production, served

FOLDER: Final = Path(__file__).parent / "lighthouse"
LIGHTHOUSE: Final = FOLDER / "node_modules" / ".bin" / "lighthouse"
RUNS: Final = 3
"""Of which the middle one counts: other work on the machine makes single runs slower."""
TRIES: Final = 3
"""A browser that a busy machine starves gives up; it is asked again, and what it said is told."""
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
TIMES: Final = {
    "first_contentful_paint_ms": "first-contentful-paint",
    "largest_contentful_paint_ms": "largest-contentful-paint",
    "total_blocking_time_ms": "total-blocking-time",
    "layout_shift": "cumulative-layout-shift",
}
BROWSER: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def measure() -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not shutil.which("npm"):
        return {"skipped": "needs Chromium and Node with npm"}
    if not LIGHTHOUSE.exists():
        command = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=FOLDER, stdout=subprocess.DEVNULL, check=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        production(Path(folder), settings.VAR_DIR / "ready", with_bars=True) as env,
        served("config.wsgi:application", 1, env | _own_address(port := free_port()), port),
    ):
        shop = Server(port)
        return {
            name: _seen(f"http://{LOOPBACK}:{port}{path}", chromium) for name, path in _pages(shop).items()
        }


def _own_address(port: int) -> dict[str, str]:
    return {"SHOP_URL": f"http://{LOOPBACK}:{port}"}


def _pages(shop: Server) -> dict[str, str]:
    """Each asked for once, so that its pictures are made and kept."""
    bars = shop.get("/sitemap-bars.xml", {}).body
    bar = re.search(r"/d/[0-9a-f]{64}/", bars)
    assert bar, bars[:300]
    pages = {
        "home": "/",
        "home_in_german": "/de/",
        "studio": shop.get("/studio/bar-100/", {}).headers["Location"],
        "design": bar[0],
        "ready_bars": "/bars/",
        "gallery": "/gallery/",
        "modules": "/modules/",
        "module": "/m/almond_whole/",
        "wish": "/wish/",
    }
    for path in pages.values():
        _with_pictures(shop, path)
    return pages


def _with_pictures(shop: Server, path: str) -> None:
    answer = shop.get(path, {})
    assert answer.status == 200, (path, answer.status)
    for picture in re.findall(r'src="(/[pm]/[^"]+)"', answer.body):
        shop.get(picture, {"Accept": "image/avif,image/webp,*/*"})


def _seen(address: str, chromium: str) -> dict[str, Any]:
    reports = [_report(address, chromium) for _ in range(RUNS)]
    scores = {
        name: round(median(100 * report["categories"][name]["score"] for report in reports))
        for name in CATEGORIES
    }
    times = {
        name: round(median(report["audits"][audit]["numericValue"] for report in reports), 3)
        for name, audit in TIMES.items()
    }
    return (
        scores | times | {"not_perfect": sorted({fault for report in reports for fault in _faults(report)})}
    )


def _report(address: str, chromium: str) -> dict[str, Any]:
    command = [str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--chrome-flags={' '.join(BROWSER)}"]
    told = ""
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=os.environ | {"CHROME_PATH": chromium}, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            report: dict[str, Any] = json.loads(done.stdout)
            return report
        told = done.stderr
    raise LighthouseGaveUp(f"Lighthouse could not see {address}: {told.strip()[-600:]}")


class LighthouseGaveUp(Exception):
    pass


def _faults(report: dict[str, Any]) -> Sequence[str]:
    """Of what must hold wherever it is measured: times depend on the machine, these do not."""
    return [
        reference["id"]
        for name in CATEGORIES[1:]
        for reference in report["categories"][name]["auditRefs"]
        if reference["weight"]
        and (report["audits"][reference["id"]]["score"] or 0) < 1
        and report["audits"][reference["id"]]["score"] is not None
    ]
