"""What has to be painted: size and colour of each module, read from the shop's own catalogue."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CATALOGUE = Path(__file__).parent.parent / "configurator" / "catalogue" / "modules.csv"


@dataclass(frozen=True)
class Piece:
    key: str
    length: float
    width: float
    height: float
    hex_colour: str

    @property
    def colour(self) -> np.ndarray:
        return linear(self.hex_colour)


def read_pieces(path: Path = CATALOGUE) -> dict[str, Piece]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["key"]: piece_of(row) for row in csv.DictReader(file)}


def piece_of(row: dict[str, str]) -> Piece:
    size = row["piece_mm_LxWxH"] or "0x0x0"
    length, width, height = (float(part) for part in size.split("x"))
    return Piece(row["key"], length, width, height, row["colour_hex"])


def linear(hex_colour: str) -> np.ndarray:
    """'#9C5F33' as linear light, the way Blender counts it."""
    srgb = np.array([int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
