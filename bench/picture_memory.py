"""What a worker's memory comes to when it has shown everything, and whether it stays there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from bench.designs import families, one_after_another, with_every_module
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.scene import lay_out
from configurator.pictures.previews import encoded, prepare
from configurator.rendering import ready
from configurator.rendering.compose import compose

SAMPLES = 10
WIDTHS = (600, 1200)


def measure(folder: Path, designs: int) -> dict[str, Any]:
    """In a process of its own, which has loaded all that a web worker loads."""
    program = f"from bench import picture_memory; picture_memory.print_measured({str(folder)!r}, {designs})"
    setup = "import django; django.setup(); import config.urls"
    run = subprocess.run(
        [sys.executable, "-c", f"{setup}; {program}"], stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def print_measured(folder: str, designs: int) -> None:
    ready.keep_in(Path(folder))
    every = families()
    prepare(every, WIDTHS)
    started = memory_mb()
    _show(with_every_module(every), 600)
    at_600 = memory_mb()
    _show(with_every_module(every), 1200)
    at_1200 = memory_mb()
    many = one_after_another(every, seed=2)
    samples = [_after(islice(many, designs // SAMPLES)) for _ in range(SAMPLES)]
    print(
        json.dumps(
            {
                "started_mb": started,
                "after_every_module_of_every_family_at_600px_mb": at_600,
                "and_at_1200px_mb": at_1200,
                "distinct_designs": designs // SAMPLES * SAMPLES,
                "after_each_tenth_of_them_mb": samples,
                "grown_in_the_second_half_mb": round(samples[-1] - samples[SAMPLES // 2 - 1], 1),
            }
        )
    )


def memory_mb() -> float:
    """Private pages and a share of shared ones."""
    return round(psutil.Process().memory_full_info().pss / 2**20, 1)


def _after(designs: Iterable[tuple[Design, Family]]) -> float:
    _show(designs, 600)
    return memory_mb()


def _show(designs: Iterable[tuple[Design, Family]], width: int) -> None:
    for design, family in designs:
        encoded(compose(lay_out(design, family), family, width), "webp")
