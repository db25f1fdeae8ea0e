"""art/sheet: every painted sprite over chocolate and over paper, so that an eye can judge them."""

import argparse
import json
from pathlib import Path

from PIL import Image, ImageDraw

from art.painting import SPRITES

PAPER = "#F6EFE6"


def main() -> None:
    parser = argparse.ArgumentParser(prog="art/sheet", description="Lay painted sprites on one sheet.")
    parser.add_argument("sheet", type=Path, help="the picture to write, .png or .jpg")
    parser.add_argument("--only", nargs="+", default=[], metavar="KEY")
    parser.add_argument("--base", default="milk_37", help="the bar to lay modules on")
    parser.add_argument("--zoom", type=float, default=1.0)
    parser.add_argument("--sprites", type=Path, default=SPRITES)
    wishes = parser.parse_args()
    manifest = json.loads((wishes.sprites / "sprites.json").read_text(encoding="utf-8"))
    rows = [row for row in rows_of(manifest) if not wishes.only or row[0] in wishes.only]
    strips = [strip(wishes.sprites, files, wishes.base, wishes.zoom) for _, files in rows]
    lay_out(rows, strips).convert("RGB").save(wishes.sheet)


def rows_of(manifest: dict) -> list[tuple[str, list[str]]]:
    modules = [(key, [sprite["file"] for sprite in sprites]) for key, sprites in manifest["modules"].items()]
    lumps = [("bumps", [sprite["file"] for sprite in manifest["bumps"]])] if manifest["bumps"] else []
    return modules + lumps


def strip(folder: Path, files: list[str], base: str, zoom: float) -> Image.Image:
    """The sprites side by side, once over a piece of bar and once over paper."""
    sprites = [Image.open(folder / file).convert("RGBA") for file in files]
    height = max(sprite.height for sprite in sprites)
    width = sum(sprite.width for sprite in sprites)
    bar = Image.open(folder / "bars" / "bar-100" / f"{base}.webp").convert("RGBA")
    face = bar.crop((220, 220, bar.width - 220, bar.height - 220)).resize((width, height))
    result = Image.new("RGBA", (width * 2, height), PAPER)
    result.paste(face, (0, 0))
    for start in (0, width):
        left = start
        for sprite in sprites:
            result.alpha_composite(sprite, (left, (height - sprite.height) // 2))
            left += sprite.width
    return result.resize((round(result.width * zoom), round(result.height * zoom)), Image.Resampling.LANCZOS)


def lay_out(rows: list[tuple[str, list[str]]], strips: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (max(s.width for s in strips), sum(s.height + 18 for s in strips)), PAPER)
    pen = ImageDraw.Draw(sheet)
    top = 0
    for (key, _), picture in zip(rows, strips, strict=True):
        pen.text((4, top + 3), key, fill="black")
        sheet.paste(picture, (0, top + 18))
        top += picture.height + 18
    return sheet


if __name__ == "__main__":
    main()
