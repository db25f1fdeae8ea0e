"""Pictures of bars: in process, from a fresh process, over many designs, and over HTTP, beside their peers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from bench import picture_memory, picture_traffic
from bench.designs import families, few, forty, full, one_after_another, specks
from bench.picture_peers import installed, naive, naive_webp, tuned
from bench.timing import Milliseconds, once, percentiles, ratio, summary, timed
from configurator.domain.family import Family
from configurator.domain.scene import Piece, Scene, lay_out
from configurator.pictures.previews import encoded, prepare, prepare_all
from configurator.rendering import ready
from configurator.rendering.compose import compose, place
from configurator.rendering.sprites import scale_of, sprite_of

WIDTHS = (600, 1200)
COLD_RUNS = 5
LIVE_CHANGES = 300
DESIGNS = 2000


def measure(designs: int = DESIGNS) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        ready.keep_in(Path(folder))
        every = families()
        bar = every[0]
        prepared = once(lambda: prepare_all(every))
        return {
            "ready_once_per_machine_s": round(prepared / 1000, 1),
            "24_pieces": {f"{width}px": drawn(bar, width) for width in WIDTHS},
            "5000_specks_to_40_pieces": specks_to_pieces(bar),
            "one_more_piece": one_more(bar),
            "live_600px": live(every),
            "first_of_a_worker": {f"{width}px": first_of_a_worker(width, Path(folder)) for width in WIDTHS},
            "memory": picture_memory.measure(Path(folder), designs),
            **picture_traffic.measure(Path(folder)),
        }


# ── One picture, and how others draw it ──────────────────────────────────────────────────────────


def drawn(family: Family, width: int) -> dict[str, object]:
    scene = lay_out(few(family), family)
    picture = compose(scene, family, width)
    ours = timed(lambda: compose(scene, family, width))
    ours_webp = timed(lambda: encoded(compose(scene, family, width), "webp"))
    others = {"naive": timed(lambda: naive(scene, family, width), times=5)}
    others["tuned_pillow"] = timed(tuned(scene, family, width))
    for name, draw in installed(scene, family, width).items():
        others[name] = timed(draw)
    others_webp = timed(lambda: naive_webp(scene, family, width), times=5)
    return {
        "pieces": len(scene.pieces),
        "compose_ms": {"ours": ours, **others},
        "naive_to_ours": ratio(others["naive"], ours),
        "compose_and_encode_ms": {
            "webp": ours_webp,
            "jpg": timed(lambda: encoded(compose(scene, family, width), "jpg")),
            "naive_webp": others_webp,
        },
        "naive_webp_to_ours": ratio(others_webp, ours_webp),
        "bytes": {suffix: len(encoded(picture, suffix)) for suffix in ("webp", "jpg")},
    }


def specks_to_pieces(family: Family) -> dict[str, object]:
    sown, laid = lay_out(specks(family), family), lay_out(forty(family), family)
    return {
        "specks": sum(piece.count for piece in sown.pieces),
        "pieces": sum(piece.count for piece in laid.pieces),
        **{
            f"{width}px": {
                "specks_ms": (many := timed(_composing(sown, family, width))),
                "pieces_ms": (some := timed(_composing(laid, family, width))),
                "ratio": ratio(many, some),
            }
            for width in WIDTHS
        },
    }


def one_more(family: Family) -> dict[str, object]:
    """Whether it would pay to keep the last picture and paste one piece onto it."""
    scene = lay_out(few(family), family)
    almost, last = _without_the_last(scene)
    width = 600
    kept, scale = compose(almost, family, width), scale_of(scene.length, width)

    def whole() -> bytes:
        return encoded(compose(scene, family, width), "webp")

    def onto_the_last() -> bytes:
        picture = kept.copy()
        module = family.modules[last.module]
        sprite_of(last, module, scene, scale).paste_on(picture, *place(last, scale))
        return encoded(picture, "webp")

    return {
        "whole_ms": (all_of_it := timed(whole)),
        "onto_the_last_ms": (only_one := timed(onto_the_last)),
        "whole_to_one": ratio(all_of_it, only_one),
    }


def _without_the_last(scene: Scene) -> tuple[Scene, Piece]:
    *others, last = scene.pieces
    fields = {name: getattr(scene, name) for name in Scene.__dataclass_fields__}
    return Scene(**fields | {"pieces": tuple(others)}), last


def _composing(scene: Scene, family: Family, width: int) -> Callable[[], object]:
    return lambda: compose(scene, family, width)


# ── As the studio asks for them ──────────────────────────────────────────────────────────────────


def live(every: list[Family]) -> dict[str, object]:
    """Always another bar: laid out, composed and encoded."""
    changes = islice(one_after_another(every), LIVE_CHANGES)
    took = [once(_answering(lay_out, design, family)) for design, family in changes]
    bar = every[0]
    return {
        "always_another_bar_ms": percentiles(took),
        "the_fullest_bar_ms": timed(_answering(lay_out, full(bar), bar)),
    }


def _answering(lay: Callable[..., Scene], design: Any, family: Family) -> Callable[[], object]:
    return lambda: encoded(compose(lay(design, family), family, 600), "webp")


# ── The first picture of a new process ───────────────────────────────────────────────────────────


def first_of_a_worker(width: int, folder: Path) -> dict[str, object]:
    """After a worker has started, as config/wsgi.py starts it."""
    runs = [_in_a_fresh_process(width, folder) for _ in range(COLD_RUNS)]
    first, warm = (summary([run[which] for run in runs]) for which in ("first", "warm"))
    return {"first_ms": first, "warm_ms": warm, "ratio": ratio(first, warm)}


def _in_a_fresh_process(width: int, folder: Path) -> dict[str, float]:
    program = f"from bench import pictures; pictures.print_first({width}, {str(folder)!r})"
    setup = "import django; django.setup()"
    run = subprocess.run(
        [sys.executable, "-c", f"{setup}; {program}"], capture_output=True, text=True, check=True
    )
    answer: dict[str, float] = json.loads(run.stdout)
    return answer


def print_first(width: int, folder: str) -> None:
    ready.keep_in(Path(folder))
    every = families()
    prepare(every, WIDTHS)
    bar = every[0]
    answer = _answering_at(width, bar)
    print(json.dumps({"first": once(answer), "warm": timed(answer)["median"]}))


def _answering_at(width: int, bar: Family) -> Callable[[], Milliseconds]:
    return lambda: encoded(compose(lay_out(few(bar), bar), bar, width), "webp")  # type: ignore[return-value]
