"""A bar with 24 painted pieces: our way, the encode alone, a fresh process, and the naive way."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO

from PIL import Image

from bench.timing import once, summary, timed
from configurator.catalogue_loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.scene import Scene, lay_out
from configurator.previews import encoded, prepare
from configurator.rendering import paintings, sprites
from configurator.rendering.compose import compose

WIDTHS = (600, 1200)
COLD_RUNS = 3

# 11 almonds and 12 hazelnuts lie on it, and a coffee bean.
PIECES = (("almond_whole", 12_000), ("hazelnut_whole", 12_000), ("coffee_bean_whole", 130))
# Six toppings, five of them by the pinch: the most there is to place.
FULL = ("sesame_black", "poppy_seeds", "coconut_desiccated", "cocoa_nibs", "feuilletine", "almond_whole")


def measure() -> dict[str, object]:
    family = from_files("bar-100")
    return {
        "lay_out_ms": {
            "24 pieces": laid_out(few(family), family),
            "full bar": laid_out(full(family), family),
        },
        **{f"{width}px_ms": at_width(family, width) for width in WIDTHS},
        "full_bar_600px_ms": warm(lay_out(full(family), family), family, 600),
    }


def at_width(family: Family, width: int) -> dict[str, object]:
    scene = lay_out(few(family), family)
    picture = compose(scene, family, width)
    return {
        "pieces": len(scene.pieces),
        "compose": timed(lambda: compose(scene, family, width)),
        "encode_webp_alone": timed(lambda: encoded(picture, "webp")),
        "compose_and_encode_webp": timed(lambda: encoded(compose(scene, family, width), "webp")),
        "compose_and_encode_jpg": timed(lambda: encoded(compose(scene, family, width), "jpg")),
        "cold_webp": cold(width, preloaded=False),
        "cold_webp_preloaded": cold(width, preloaded=True),
        "naive_webp": timed(lambda: naive(scene, family, width), times=5),
        "webp_bytes": len(encoded(picture, "webp")),
    }


def laid_out(design: Design, family: Family) -> dict[str, float]:
    return timed(lambda: lay_out(design, family))


def warm(scene: Scene, family: Family, width: int) -> dict[str, object]:
    return {"sprites": len(scene.pieces), "compose": timed(lambda: compose(scene, family, width))}


def few(family: Family) -> Design:
    design = Design(family.key, family.version, "dark_60")
    for module, mg in PIECES:
        design = design.adding(module, "toppings", mg)
    return design


def full(family: Family) -> Design:
    design = Design(family.key, family.version, "dark_60")
    for module in FULL:
        design = design.adding(module, "toppings", family.usual_dose(family.modules[module]))
    return design


# ── The first picture of a new process ───────────────────────────────────────────────────────────


def cold(width: int, *, preloaded: bool) -> dict[str, float]:
    return summary([_in_fresh_process(width, preloaded=preloaded) for _ in range(COLD_RUNS)])


def _in_fresh_process(width: int, *, preloaded: bool) -> float:
    program = f"from bench import previews; previews.print_first({width}, {preloaded})"
    setup = "import django; django.setup()"
    run = subprocess.run(
        [sys.executable, "-c", f"{setup}; {program}"], capture_output=True, text=True, check=True
    )
    first: float = json.loads(run.stdout)
    return first


def print_first(width: int, preloaded: bool) -> None:  # noqa: FBT001  (called by the line above)
    family = from_files("bar-100")
    if preloaded:
        prepare([family], [width])
    print(once(lambda: encoded(compose(lay_out(few(family), family), family, width), "webp")))


# ── As a first version would do it ───────────────────────────────────────────────────────────────


def naive(scene: Scene, family: Family, width: int) -> bytes:
    """Opens each file, composites the whole canvas for each piece, scales at the end, encodes by default."""
    bar = paintings.manifest()["bars"][scene.family][scene.base]
    canvas = Image.new("RGBA", bar["size"], (246, 239, 230, 255))
    layers = [(bar, bar["size"][0] / 2, bar["size"][1] / 2)]
    for piece in scene.pieces:
        painted = paintings.manifest()["modules"][piece.module]
        edge = sprites.MARGIN_MM * 10
        layers.append((painted[piece.variant % len(painted)], piece.x + edge, piece.y + edge))
    for entry, x, y in layers:
        layer = Image.new("RGBA", canvas.size)
        centre_x, centre_y = entry["centre"]
        with Image.open(paintings.FOLDER / entry["file"]) as sprite:
            layer.paste(sprite, (round(x - centre_x), round(y - centre_y)))
        canvas = Image.alpha_composite(canvas, layer)
    height = round(canvas.height * width / canvas.width)
    file = BytesIO()
    canvas.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).save(file, "WEBP")
    return file.getvalue()
