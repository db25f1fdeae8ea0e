"""art/sheet: every painted sprite over dark, milk and white chocolate, so that an eye can judge it."""

import argparse
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from art.catalogue import Piece, read_pieces
from art.painting import SPRITES
from art.scenes import index

SHEETS = Path(__file__).parent / "sheets"
PAPER, INK = "#F6EFE6", "#3A2A20"
WIDTH, GAP, LABEL = 1600, 10, 22
GROUNDS = ("dark_72", "milk_37", "white_32")
KINDS_PER_SHEET = 5
LARGEST_ZOOM = 2.0
AIR = 8  # pixels of a sprite around its body
QUALITY = 80


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="art/sheet",
        description="Lay painted sprites on sheets; without a name, all of them on their own.",
    )
    parser.add_argument("sheet", type=Path, nargs="?", help="the picture to write, .png or .jpg")
    parser.add_argument("--only", nargs="+", default=[], metavar="KEY", help="these modules on that picture")
    parser.add_argument("--sprites", type=Path, default=SPRITES, help="the folder to read")
    wishes = parser.parse_args()
    manifest = json.loads((wishes.sprites / "sprites.json").read_text(encoding="utf-8"))
    if wishes.sheet:
        chosen = [key for key in manifest["modules"] if not wishes.only or key in wishes.only]
        module_sheet(wishes.sprites, manifest, chosen).save(wishes.sheet)
    else:
        write_all(wishes.sprites, manifest)


def write_all(sprites: Path, manifest: dict[str, Any]) -> None:
    SHEETS.mkdir(exist_ok=True)
    written = {}
    for look, bodies in manifest["bars"].items():
        written[f"bars-{look}"] = body_sheet(sprites, bodies)
    if manifest["sleeves"]:
        written["paper"] = paper_sheet(sprites, manifest)
    for scene_file in index.SCENE_FILES:
        name = scene_file.__name__.rpartition(".")[2]
        keys = [key for key in scene_file.MODULES if key in manifest["modules"]]
        for number, page in enumerate(pages(keys), start=1):
            written[name if number == 1 else f"{name}-{number}"] = module_sheet(sprites, manifest, page)
    for stale in set(SHEETS.glob("*.jpg")) - {SHEETS / f"{name}.jpg" for name in written}:
        stale.unlink()
    for name, sheet in written.items():
        sheet.save(SHEETS / f"{name}.jpg", quality=QUALITY, optimize=True, progressive=True)
    print(f"{len(written)} sheets in {SHEETS}.")


def pages(keys: list[str]) -> list[list[str]]:
    count = math.ceil(len(keys) / KINDS_PER_SHEET)
    return [keys[len(keys) * k // count : len(keys) * (k + 1) // count] for k in range(count)]


def module_sheet(sprites: Path, manifest: dict[str, Any], keys: list[str]) -> Image.Image:
    pieces = read_pieces()
    blocks = [module_block(sprites, pieces[key], manifest["modules"][key]) for key in keys]
    return stacked(blocks)


def module_block(sprites: Path, piece: Piece, entries: list[dict[str, Any]]) -> Image.Image:
    """One module: a label, and its individuals on three grounds."""
    width = (WIDTH - 4 * GAP) // 3
    individuals = [opened(sprites / entry["file"]) for entry in entries]
    rows = min(2, len(individuals))
    columns = math.ceil(len(individuals) / rows)
    widest, highest = (max(sides) + 2 * AIR for sides in zip(*map(body_size, individuals), strict=True))
    zoom = min(LARGEST_ZOOM, width / columns / widest)
    cell = width // columns, round(highest * zoom)
    block = Image.new("RGB", (WIDTH, LABEL + rows * cell[1]), PAPER)
    size = " x ".join(f"{side:g}" for side in (piece.length, piece.width, piece.height) if side)
    write(block, (GAP, 3), f"{piece.key}   {size + ' mm' if size else 'dust'}   {zoom * 10:.1f} px per mm")
    for number, base in enumerate(GROUNDS):
        patch = ground(sprites, base, (width, rows * cell[1]))
        for seat, picture in enumerate(individuals):
            scaled = picture.resize(
                (round(picture.width * zoom), round(picture.height * zoom)), Image.Resampling.LANCZOS
            )
            left = seat % columns * cell[0] + (cell[0] - scaled.width) // 2
            top = seat // columns * cell[1] + (cell[1] - scaled.height) // 2
            patch.paste(scaled, (left, top), scaled)
        block.paste(patch, (GAP + number * (width + GAP), LABEL))
    return block


def body_size(picture: Image.Image) -> tuple[int, int]:
    """Without its shadow, but with its middle in the middle: twice the reach to the farther side."""
    box = picture.getchannel("A").point(lambda alpha: 255 * (alpha > 150)).getbbox()
    left, top, right, bottom = box or (0, 0, *picture.size)
    across = max(picture.width / 2 - left, right - picture.width / 2)
    down = max(picture.height / 2 - top, bottom - picture.height / 2)
    return round(2 * across), round(2 * down)


def body_sheet(sprites: Path, bodies: dict[str, dict[str, Any]]) -> Image.Image:
    """One look in every couverture, the darkest first."""
    pictures = {key: opened(sprites / entry["file"]) for key, entry in bodies.items()}
    keys = sorted(pictures, key=lambda key: middle_lightness(pictures[key]))
    return gallery([(key, pictures[key]) for key in keys], columns=4)


def paper_sheet(sprites: Path, manifest: dict[str, Any]) -> Image.Image:
    kinds = {**manifest["sleeves"], **manifest["extras"]}
    papers = gallery([(key, opened(sprites / entry["file"])) for key, entry in kinds.items()], columns=3)
    lumps = [opened(sprites / entry["file"]) for entry in manifest["bumps"]]
    strip = Image.new("RGB", (WIDTH, LABEL + 3 * 200), PAPER)
    write(strip, (GAP, 3), "bumps")
    for row, base in enumerate(GROUNDS):
        patch = ground(sprites, base, (WIDTH - 2 * GAP, 190))
        for seat, lump in enumerate(lumps):
            scaled = lump.resize((190 * lump.width // lump.height, 190))
            patch.paste(scaled, (seat * patch.width // len(lumps), 0), scaled)
        strip.paste(patch, (GAP, LABEL + row * 200))
    return stacked([papers, strip])


def gallery(named: list[tuple[str, Image.Image]], *, columns: int) -> Image.Image:
    """Pictures of one scale, named, over the page's own colour."""
    width = WIDTH // columns
    scale = width / max(picture.width for _, picture in named)
    height = LABEL + round(scale * max(picture.height for _, picture in named))
    sheet = Image.new("RGB", (WIDTH, math.ceil(len(named) / columns) * height), PAPER)
    for seat, (name, picture) in enumerate(named):
        scaled = picture.resize(
            (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
        )
        left, top = seat % columns * width, seat // columns * height
        sheet.paste(scaled, (left, top + LABEL), scaled)
        write(sheet, (left + GAP, top + 3), name)
    return sheet


def stacked(blocks: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, sum(block.height + GAP for block in blocks)), PAPER)
    top = 0
    for block in blocks:
        sheet.paste(block, (0, top))
        top += block.height + GAP
    return sheet


def ground(sprites: Path, base: str, size: tuple[int, int]) -> Image.Image:
    """A piece of a poured face, large enough."""
    face = poured_face(sprites, base)
    scale = max(1, size[0] / face.width, size[1] / face.height)
    cut = round(size[0] / scale), round(size[1] / scale)
    left, top = (face.width - cut[0]) // 2, (face.height - cut[1]) // 2
    return face.crop((left, top, left + cut[0], top + cut[1])).resize(size, Image.Resampling.LANCZOS)


@cache
def poured_face(sprites: Path, base: str) -> Image.Image:
    bar = opened(sprites / "bars" / "bar-100" / f"{base}.webp").convert("RGB")
    return bar.crop((160, 160, bar.width - 160, bar.height - 160))


def middle_lightness(body: Image.Image) -> float:
    return body.resize((9, 9), Image.Resampling.BOX).convert("L").getpixel((4, 4))


def opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGBA")


def write(sheet: Image.Image, place: tuple[int, int], text: str) -> None:
    ImageDraw.Draw(sheet).text(place, text, fill=INK, font=ImageFont.load_default(14))


if __name__ == "__main__":
    main()
