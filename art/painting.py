"""art/paint: paints the bars, the modules and the bumps, and writes the manifest the shop reads."""

import argparse
import ast
import fcntl
import hashlib
import inspect
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import bpy
import numpy as np
from PIL import Image

from art import film, rig
from art.catalogue import Piece, read_pieces
from art.scenes import bars, bumps, coin, crystals, index, sheets, sleeve
from art.shapes import Rng

SPRITES = Path(__file__).parent.parent / "static" / "sprites"
LEDGER = Path(__file__).parent / "painted.json"
NOT_MODULES = ("bars", "bumps", "sleeves", "extras")
PAPER_SAMPLES, COIN_SAMPLES = 12, 48
PIECE_SAMPLES, SMALL_PIECE_SAMPLES, BUMP_SAMPLES, BAR_SAMPLES = 12, 32, 32, 16
TRANSLUCENT_SAMPLES = 192
SMALL_MM = 6  # a small piece costs little, and each of its pixels counts
SINK = 0.10  # how deep a piece stands in the chocolate, as a part of its height


@dataclass(frozen=True)
class Canvas:
    """One picture to paint: where it goes, what decides how it looks, and how to make it."""

    file: str
    fingerprint: str
    paint: Callable[[int], np.ndarray]
    samples: int
    work: float  # roughly how long it takes, against the other canvases


def main() -> None:
    wishes = read_wishes()
    pieces = read_pieces()
    unknown = sorted(set(wishes.only) - set(pieces) - set(NOT_MODULES) - {"coin"})
    if unknown:
        sys.exit(
            f"Not in the catalogue: {', '.join(unknown)}. Keys are those of configurator/catalogue/modules.csv."
        )
    sprites: Path = wishes.sprites
    ledger_path = LEDGER if sprites == SPRITES else sprites / "painted.json"
    ledger = read_ledger(ledger_path)
    canvases = [canvas for canvas in every_canvas(pieces, wishes) if is_wanted(canvas, wishes)]
    missing = [c for c in canvases if wishes.again or not is_painted(c, sprites, ledger)]
    try:
        for canvas in with_progress(missing):
            enter(canvas, canvas.paint(canvas.samples), sprites, ledger_path)
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What is painted can be used; the next run goes on from here.")
    finally:
        with alone_in(sprites):
            write_manifest(sprites)
    print(f"{len(missing)} painted, {len(canvases) - len(missing)} already there.")


def read_wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="art/paint", description="Paint every sprite that is missing.")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="KEY",
        help="these modules or bases; or bars, bumps, sleeves, coin",
    )
    parser.add_argument("--family", choices=sorted(bars.LOOKS), help="bars of this look only")
    parser.add_argument("--samples", type=int, help="light paths per pixel; the denoiser does with few")
    parser.add_argument("--variants", type=int, help="how many individuals of each module")
    parser.add_argument("--again", action="store_true", help="paint even what is already painted")
    parser.add_argument("--sprites", type=Path, default=SPRITES, help="another folder, for trying things out")
    return parser.parse_args()


def read_ledger(path: Path) -> dict[str, str]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def enter(canvas: Canvas, picture: np.ndarray, sprites: Path, ledger_path: Path) -> None:
    """Several runs may paint at once: each adds to what the others have entered meanwhile."""
    with alone_in(sprites):
        film.save(picture, sprites / canvas.file)
        ledger = read_ledger(ledger_path) | {canvas.file: canvas.fingerprint}
        write_whole(ledger_path, json.dumps(dict(sorted(ledger.items())), indent=1) + "\n")
        write_manifest(sprites)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    door = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def write_whole(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def every_canvas(pieces: dict[str, Piece], wishes: argparse.Namespace) -> Iterator[Canvas]:
    for key, (paint, count) in index.MODULES.items():
        for variant in range(wishes.variants or count):
            yield module_canvas(pieces[key], paint, variant, wishes.samples or samples_for(pieces[key]))
    for number, diameter in enumerate(bumps.DIAMETERS_MM):
        yield bump_canvas(number, diameter, wishes.samples or BUMP_SAMPLES)
    for name, look in bars.LOOKS.items():
        for key in (*index.BASES, *index.FURTHER_BASES):
            yield bar_canvas(pieces[key], name, look, wishes.samples or BAR_SAMPLES)
    for family, paper in sleeve.SLEEVES.items():
        yield sleeve_canvas(family, paper, wishes.samples or PAPER_SAMPLES)
    yield coin_canvas(wishes.samples or COIN_SAMPLES)


def samples_for(piece: Piece) -> int:
    if piece.key in crystals.TRANSLUCENT:
        return TRANSLUCENT_SAMPLES
    return SMALL_PIECE_SAMPLES if 0 < piece.length <= SMALL_MM else PIECE_SAMPLES


def is_wanted(canvas: Canvas, wishes: argparse.Namespace) -> bool:
    parts = canvas.file.removesuffix(".webp").split("/")
    if wishes.family and parts[:2] != ["bars", wishes.family]:
        return False
    return not wishes.only or bool(set(parts) & set(wishes.only))


def is_painted(canvas: Canvas, sprites: Path, ledger: dict[str, str]) -> bool:
    return ledger.get(canvas.file) == canvas.fingerprint and (sprites / canvas.file).exists()


def module_canvas(piece: Piece, scene: index.Scene, variant: int, samples: int) -> Canvas:
    def paint(samples: int) -> np.ndarray:
        rig.clear_stage()
        rng = seeded(piece.key, variant)
        objects = scene(piece, rng)
        frame = stand(objects, yaw_of(piece.key, variant))
        return film.develop(rig.photograph(objects, frame, samples=samples))

    fingerprint = fingerprint_of(piece, scene, variant, samples)
    return Canvas(
        f"{piece.key}/{variant}.webp", fingerprint, paint, samples, 0.3 + piece.length * piece.width / 250
    )


def bump_canvas(number: int, diameter: float, samples: int) -> Canvas:
    def paint(samples: int) -> np.ndarray:
        rig.clear_stage()
        return bumps.bump_overlay(diameter, seeded("bump", number), samples=samples)

    fingerprint = fingerprint_of(bumps.bump_overlay, number, diameter, samples)
    return Canvas(f"bumps/{number}.webp", fingerprint, paint, samples, 1)


def bar_canvas(piece: Piece, name: str, look: bars.Look, samples: int) -> Canvas:
    def paint(samples: int) -> np.ndarray:
        return film.develop_on_table(bars.bar(piece, look, samples=samples))

    fingerprint = fingerprint_of(
        piece, bars.COUVERTURES.get(piece.key), bars.bar, bars.plate, look.body, name, samples
    )
    return Canvas(
        f"bars/{name}/{piece.key}.webp", fingerprint, paint, samples, look.length * look.width / 250
    )


def sleeve_canvas(family: str, paper: sleeve.Sleeve, samples: int) -> Canvas:
    def paint(samples: int) -> np.ndarray:
        return sleeve.sleeve_picture(paper, seeded(family, 0), samples=samples)

    fingerprint = fingerprint_of(family, paper, sleeve.sleeve_picture, sleeve.folded, sleeve.supple, samples)
    return Canvas(f"sleeves/{family}.webp", fingerprint, paint, samples, paper.length * paper.width / 500)


def coin_canvas(samples: int) -> Canvas:
    def paint(samples: int) -> np.ndarray:
        rig.clear_stage()
        frame = rig.Frame(coin.DIAMETER + 8, coin.DIAMETER + 8)
        return film.develop(rig.photograph(coin.one_euro(), frame, samples=samples))

    fingerprint = fingerprint_of(coin.one_euro, coin.struck, coin.one, samples)
    return Canvas("extras/coin.webp", fingerprint, paint, samples, 2)


def seeded(key: str, variant: int) -> Rng:
    return np.random.default_rng([*key.encode(), variant])


def yaw_of(key: str, variant: int) -> int:
    """Degrees: quarters first, then the eighths between them, and so on, each with a little jitter.

    However many variants there are, they are spread over the circle, and one more moves none of the others.
    What carries words lies straight.
    """
    if key in sheets.UPRIGHT:
        return 0
    turn, step, number = (variant % 4) / 4, 1 / 8, variant // 4
    while number:
        turn += step * (number % 2)
        step, number = step / 2, number // 2
    return round(turn * 360 + seeded(f"yaw {key}", variant).uniform(-13, 13)) % 360


def stand(objects: list[bpy.types.Object], yaw: float) -> rig.Frame:
    """Turn the piece, stand it slightly sunk in the chocolate, and choose a frame its shadow fits."""
    angle = math.radians(yaw)
    cloud = np.concatenate([points_of(thing) for thing in objects])
    low, high = cloud[:, 2].min(), cloud[:, 2].max()
    foot = -low - SINK * (high - low)
    middle = (cloud[:, :2].min(axis=0) + cloud[:, :2].max(axis=0)) / 2
    around = complex(*-middle) * complex(math.cos(angle), math.sin(angle))
    for thing in objects:
        thing.rotation_euler = (0, 0, angle)
        thing.location = (around.real, around.imag, foot)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    reach = np.abs((cloud[:, :2] - middle) @ turn.T).max(axis=0)
    margin = 2.0 + 1.0 * (high - low)
    return rig.Frame(*(math.ceil(2 * (half + margin)) for half in reach))


def points_of(thing: bpy.types.Object) -> np.ndarray:
    flat = np.empty(len(thing.data.vertices) * 3, dtype=np.float32)
    thing.data.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3).astype(np.float64)


def fingerprint_of(*parameters: object) -> str:
    """Changes when the size, the colour, the samples, the light or the painting function itself changes."""
    parts = [str(rig.LOOK), *(meaning_of(p) if callable(p) else repr(p) for p in parameters)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def meaning_of(function: Callable[..., object]) -> str:
    return ast.dump(ast.parse(inspect.getsource(function)))  # blind to layout and comments


def with_progress(canvases: list[Canvas]) -> Iterator[Canvas]:
    total = sum(canvas.work for canvas in canvases)
    done, started = 0.0, time.monotonic()
    for number, canvas in enumerate(canvases, start=1):
        left = f"{(time.monotonic() - started) / done * (total - done) / 60:5.1f} min left" if done else ""
        filled = round(24 * done / total)
        line = f"[{'#' * filled}{'.' * (24 - filled)}] {number}/{len(canvases)} {canvas.file} {left}"
        print(f"\r{line:<90}", end="" if sys.stdout.isatty() else "\n", flush=True)
        yield canvas
        done += canvas.work
    if canvases and sys.stdout.isatty():
        print()


def write_manifest(sprites: Path) -> None:
    manifest = {
        "px_per_mm": rig.PX_PER_MM,
        "bars": {look: painted_bars(sprites, look) for look in folders(sprites / "bars")},
        "modules": {key: painted_pieces(sprites, key) for key in folders(sprites) if key not in NOT_MODULES},
        "bumps": painted_bumps(sprites),
        "sleeves": painted_sleeves(sprites),
        "extras": {path.stem: entry(sprites, path) for path in sorted((sprites / "extras").glob("*.webp"))},
    }
    write_whole(sprites / "sprites.json", json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def painted_bars(sprites: Path, family: str) -> dict[str, object]:
    return {path.stem: entry(sprites, path) for path in sorted((sprites / "bars" / family).glob("*.webp"))}


def painted_pieces(sprites: Path, key: str) -> list[dict[str, object]]:
    paths = numbered(sprites / key)
    return [{**entry(sprites, path), "yaw": yaw_of(key, int(path.stem))} for path in paths]


def painted_bumps(sprites: Path) -> list[dict[str, object]]:
    paths = numbered(sprites / "bumps")
    return [{**entry(sprites, path), "diameter_mm": bumps.DIAMETERS_MM[k]} for k, path in enumerate(paths)]


def painted_sleeves(sprites: Path) -> dict[str, object]:
    paths = sorted((sprites / "sleeves").glob("*.webp"))
    return {path.stem: {**entry(sprites, path), "face": sleeve.SLEEVES[path.stem].face} for path in paths}


def folders(folder: Path) -> list[str]:
    """What lies there: another run may paint what this one has never heard of."""
    return sorted({path.parent.name for path in folder.glob("*/*.webp")})


def numbered(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.webp"), key=lambda path: int(path.stem))


def entry(sprites: Path, path: Path) -> dict[str, object]:
    width, height = size_of(path, path.stat().st_mtime_ns)
    return {
        "file": path.relative_to(sprites).as_posix(),
        "size": [width, height],
        "centre": [width // 2, height // 2],
    }


@cache
def size_of(path: Path, changed: int) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


if __name__ == "__main__":
    main()
