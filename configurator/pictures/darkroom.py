"""Turns an upload into a clean sRGB JPEG, in a process of its own that may use so much memory and time.

Started as a program: the upload on stdin; on stdout a line of JSON, then the JPEG. Imports nothing of ours,
so it starts quickly and a hostile file finds nothing to read.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from dataclasses import asdict, dataclass
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MEMORY_BYTES: Final = 700 * 2**20
CPU_SECONDS: Final = 15
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 4800
"""Of what is kept: 300 dots to the inch over 40 cm."""
SHORTEST_SIDE: Final = 120
QUALITY: Final = 92

FORMATS: Final = ("JPEG", "PNG", "WEBP")
SRGB: Final = ImageCms.createProfile("sRGB")


class Refused(ValueError):
    """Not a picture that we take; the reason is a key, the words are the shop's."""

    def __init__(self, reason: str, **numbers: int) -> None:
        super().__init__(reason)
        self.reason, self.numbers = reason, numbers


@dataclass(frozen=True, slots=True)
class Developed:
    jpeg: bytes
    width: int
    height: int


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    raw = sys.stdin.buffer.read()
    try:
        developed = develop(raw)
    except Refused as refusal:
        answer = {"refused": refusal.reason, **refusal.numbers}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    else:
        answer = {name: value for name, value in asdict(developed).items() if name != "jpeg"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + developed.jpeg)


def develop(raw: bytes) -> Developed:
    """Raises Refused, whatever the bytes are."""
    if looks_like_heic(raw):
        raise Refused("heic")
    try:
        picture = _opened(raw)
        _check_size(picture)
        picture = _upright(_loaded(picture))
        return _printed(_in_srgb(picture))
    except Refused:
        raise
    except MemoryError:
        raise Refused("pixels", pixels=MOST_PIXELS // 1_000_000) from None
    # A broken file can make a decoder stumble in any way; none of them is our error.
    except Exception:  # noqa: BLE001
        raise Refused("broken") from None


def looks_like_heic(raw: bytes) -> bool:
    return raw[4:8] == b"ftyp" and raw[8:12] in {
        b"heic",
        b"heix",
        b"hevc",
        b"heim",
        b"heis",
        b"mif1",
        b"msf1",
    }


def _opened(raw: bytes) -> Image.Image:
    # Checked below, more strictly than Pillow's own guard against bombs does.
    Image.MAX_IMAGE_PIXELS = None
    try:
        return Image.open(io.BytesIO(raw), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused("format") from None


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Refused("pixels", pixels=MOST_PIXELS // 1_000_000)
    if min(width, height) < SHORTEST_SIDE:
        raise Refused("small", width=width, height=height)


def _loaded(picture: Image.Image) -> Image.Image:
    """Decoded and not larger than we keep, in a mode that has eight bits."""
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    if picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits of grey.
        picture = picture.point(lambda level: level * (1 / 256)).convert("L")
    elif picture.mode in {"1", "P", "PA", "LA"}:
        picture = _kept_notes(picture, picture.convert("RGBA" if _has_holes(picture) else "RGB"))
    if max(picture.size) > LONGEST_SIDE:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    return picture


def _has_holes(picture: Image.Image) -> bool:
    return "A" in picture.mode or "transparency" in picture.info


def _kept_notes(original: Image.Image, converted: Image.Image) -> Image.Image:
    converted.info = dict(original.info)
    return converted


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera was held. A note that cannot be read turns nothing."""
    profile = picture.info.get("icc_profile")
    try:
        turned = ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001  # metadata is not worth a refusal
        return picture
    turned.info["icc_profile"] = profile
    return turned


def _in_srgb(picture: Image.Image) -> Image.Image:
    holes = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = _through_profile(picture.convert("RGB") if holes else picture, picture.info.get("icc_profile"))
    if holes is None:
        return colours
    # What is see-through shows the white of the paper.
    paper = Image.new("RGB", colours.size, "white")
    paper.paste(colours, mask=holes)
    return paper


def _through_profile(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return picture.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture.convert("RGB")
    assert converted is not None
    return converted


def _printed(picture: Image.Image) -> Developed:
    """A new picture that carries nothing but its pixels: no place, no camera, no comment."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    file = io.BytesIO()
    clean.save(file, "JPEG", quality=QUALITY, subsampling=0, optimize=False)
    return Developed(file.getvalue(), *clean.size)


if __name__ == "__main__":
    main()
