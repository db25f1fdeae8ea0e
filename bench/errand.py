"""A part of a measurement in a process of its own, in the shop that its environment names; its answer is JSON.

python -m bench.errand full_floor 1000
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import django
from django.conf import settings


def errand(part: str, number: int, env: Mapping[str, str]) -> Any:
    command = [sys.executable, "-m", "bench.errand", part, str(number)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _run(part: str, number: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(importlib.import_module(f"bench.{part}").run(int(number))))


if __name__ == "__main__":
    _run(*sys.argv[1:])
