"""Measured times as JSON on stdout: ``python -m bench pictures``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys

import django
from django.conf import settings

from devserver.installation import ROOT

PARTS = (
    *("checkout", "growth", "pages", "pictures", "pipeline", "planner"),
    *("review", "shop", "studio", "trace", "walks"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Prints measured times as JSON.")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"what to measure, all unless named: {PARTS}"
    )
    parser.add_argument(
        "--designs", type=int, help="how many distinct designs the memory of a worker is watched over"
    )
    parser.add_argument("--rounds", type=int, help="how often the shops of `shop` take turns")
    parser.add_argument("--seconds", type=float, help="how long each turn in `shop` lasts")
    parser.add_argument("--as-written", action="store_true", help="do not compile the rules first")
    chosen = parser.parse_args()
    if not set(chosen.parts) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["COMPILED_RULES"] = "" if chosen.as_written else _compiled_rules()
    django.setup()
    options = {"pictures": _given(chosen, "designs"), "shop": _given(chosen, "rounds", "seconds")}
    report = {part: measured(part, options.get(part, {})) for part in chosen.parts or PARTS}
    print(json.dumps({"machine": machine()} | report, indent=2))


def _compiled_rules() -> str:
    """Their folder; where there is no compiler it stays empty, and they run as they are written."""
    folder = str(ROOT / "var" / "compiled")
    command = [sys.executable, "manage.py", "compile_rules", "--into", folder]
    subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
    return folder


def _given(chosen: argparse.Namespace, *names: str) -> dict[str, float]:
    return {name: getattr(chosen, name) for name in names if getattr(chosen, name)}


def measured(part: str, options: dict[str, float]) -> object:
    """Each part is a module with ``measure()``, which answers what JSON can say."""
    print(f"measuring {part} ...", file=sys.stderr)
    return importlib.import_module(f"bench.{part}").measure(**options)


def machine() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "rules": "compiled" if settings.RULES_ARE_COMPILED else "as written",
        "load": [round(load, 2) for load in os.getloadavg()],
    }


main()
