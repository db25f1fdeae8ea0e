"""Measured times as JSON on stdout: ``python -m bench --only previews``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

import django

FOLDER = Path(__file__).parent
NOT_PARTS = {"__init__", "__main__", "own_shop", "timing"}


def main() -> None:
    parts = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in NOT_PARTS)
    parser = argparse.ArgumentParser(prog="bin/bench", description="Prints measured times as JSON.")
    parser.add_argument(
        "--only", action="append", choices=parts, help="measure only this part; may be repeated"
    )
    chosen = parser.parse_args().only or parts
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps({"machine": machine()} | {part: measured(part) for part in chosen}, indent=2))


def measured(part: str) -> object:
    """Each part is a module with ``measure()``, which answers what JSON can say."""
    print(f"measuring {part} ...", file=sys.stderr)
    return importlib.import_module(f"bench.{part}").measure()


def machine() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


main()
