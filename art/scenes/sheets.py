"""What carries the customer's words: a plaque of white chocolate and a printed film, both still blank."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.layers import fading, level_grid
from art.shapes import Form, Rng, Scene, Waves, disc, mix, smoothstep

IVORY = Finish(
    roughness=0.34,
    coat=0.30,
    coat_roughness=0.16,
    subsurface=0.35,
    subsurface_mm=(1.4, 1.0, 0.6),
    bump_mm=0.012,
    relief_mm=2.2,
)
COCOA_BUTTER = Finish(roughness=0.85, specular=0.1)

CORNER_MM, BEVEL_MM, GROOVE_MM, FRAME_MM = 3.2, 0.9, 0.45, 1.7
FILM_CORNER_MM, FILM_COVER, FILM_EDGE = 1.5, 0.05, 0.09


def plaque(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Cast in a mould: rounded corners, a bevelled rim, a fine line around the face for the words."""
    place, _, side, faces = disc(8)
    points = np.column_stack([on_rectangle(place, piece), np.zeros(len(place))])
    inwards = inset(points, piece.length, piece.width, CORNER_MM)
    rim = 1 - np.clip(1 - inwards / BEVEL_MM, 0, 1) ** 2
    line = np.exp(-(((inwards - FRAME_MM) / (GROOVE_MM / 2)) ** 2))
    face = piece.height * (0.72 + 0.28 * np.sqrt(rim)) - 0.22 * line + 0.03 * Waves(rng)(points, 16)
    points[:, 2] = np.where(side > 0, face, 0)
    ivory = piece.colour * rng.uniform(0.985, 1.01)
    colours = mix(
        ivory * np.array([0.99, 0.985, 0.97]),
        ivory * np.array([1.01, 1.01, 1.01]),
        smoothstep(-1.4, 1.4, Waves(rng)(points, 22)),
    )
    return [Form(points, faces, np.clip(colours, 0, 0.95)).to_object("plaque", painted("plaque", IVORY))]


def on_rectangle(place: np.ndarray, piece: Piece) -> np.ndarray:
    """The unit disc drawn out to a rectangle with rounded corners, ring by ring."""
    half = np.array([piece.length, piece.width]) / 2
    towards = place / np.maximum(np.hypot(*place.T), 1e-9)[:, None]
    reach = np.full(len(place), np.hypot(*half))
    for _ in range(40):
        reach += inset(towards * reach[:, None], piece.length, piece.width, CORNER_MM) * 0.7
    return place * reach[:, None]


def inset(points: np.ndarray, length: float, width: float, corner: float) -> np.ndarray:
    """How far inside the outline of a rounded rectangle each point lies; negative outside."""
    beyond = np.abs(points[:, :2]) - (np.array([length, width]) / 2 - corner)
    return corner - np.hypot(*np.maximum(beyond, 0).T) - np.minimum(beyond.max(axis=1), 0)


def transfer_film(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A breath of matte cocoa butter, a little thicker along its cut edge."""
    points, faces = level_grid(piece.length, piece.width, 0.2)
    inwards = inset(points, piece.length, piece.width, FILM_CORNER_MM)
    edge = np.exp(-(((inwards - 0.35) / 0.25) ** 2))
    cover = smoothstep(0, 0.2, inwards) * (FILM_COVER + FILM_EDGE * edge)
    points = points + np.column_stack([np.zeros((len(points), 2)), piece.height * (1 + edge)])
    colours = np.full((len(points), 3), (0.93, 0.89, 0.80))
    return [fading(Form(points, faces, colours), cover, painted("film", COCOA_BUTTER), "film")]


MODULES: dict[str, tuple[Scene, int]] = {
    "transfer_print": (transfer_film, 1),
    "choc_plaque": (plaque, 3),
}

UPRIGHT = frozenset(MODULES)  # their words are written along them: they are never turned
