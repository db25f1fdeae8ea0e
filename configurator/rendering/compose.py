"""Scene → picture: only placing; everything that is slow has been done when a sprite was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from PIL import Image

from configurator.domain.family import Family, Module
from configurator.domain.sample_scene import look_of
from configurator.domain.scene import Bump, Piece, Scene, outline_of
from configurator.rendering import ready, sprites
from configurator.rendering.bodies import bare_bar, cut_out_body
from configurator.rendering.bumps import bump, make_hills_ready
from configurator.rendering.inscriptions import Words, carries_words, inscribed
from configurator.rendering.paintings import Painting, Sprite, cut_out
from configurator.rendering.sprites import MARGIN_MM, is_painted, scale_of, sprite_of


def compose(scene: Scene, family: Family, width: int, words: Words | None = None) -> Image.Image:
    """The bar from above, light from the upper left, as RGB. The same pixels for the same scene."""
    picture = bare_bar(family, scene.look, scene.base, width).copy()
    _lay(scene, family, picture, words)
    return picture


def cut_out_bar(scene: Scene, family: Family, width: int, words: Words | None = None) -> Image.Image:
    """The same bar without a ground, premultiplied: to lie on something else."""
    picture = cut_out_body(family, scene.look, scene.base, width)
    _lay(scene, family, picture, words)
    return picture


def _lay(scene: Scene, family: Family, picture: Image.Image, words: Words | None) -> None:
    scale = scale_of(scene.length, picture.width)
    for hill in scene.bumps:
        _sprite_of_bump(hill, family, scale).paste_on(picture, *place(hill, scale))
    for piece in scene.pieces:
        sprite_with_words(piece, scene, family, scale, words).paste_on(picture, *place(piece, scale))


def sprite_with_words(
    piece: Piece, scene: Scene, family: Family, scale: float, words: Words | None
) -> Sprite:
    """The piece's sprite; a print or a plaque says what the customer wants it to say."""
    module = family.modules[piece.module]
    if words is None or not carries_words(module):
        return sprite_of(piece, module, scene, scale)
    # Words turn with what they stand on, so both are turned when they are one.
    blank = sprite_of(replace(piece, turn=0), module, scene, scale)
    outline = outline_of(module, 1, scene.length, scene.width, piece.size)
    size = (max(1, round(outline.length / 10 * scale)), max(1, round(outline.width / 10 * scale)))
    ground = family.modules[scene.base].colour if scene.base else "#F6EFE6"
    lettered = _over(blank, inscribed(module, words, size, ground, scale))
    if not piece.turn:
        return lettered
    return cut_out(Painting(lettered.picture, (lettered.left, lettered.top)).leaning(piece.turn))


def _over(blank: Sprite, layer: Image.Image) -> Sprite:
    """The layer's middle lies on the blank's anchor; the picture grows if the layer is larger."""
    left, top = max(blank.left, layer.width // 2), max(blank.top, layer.height // 2)
    right = max(blank.picture.width - blank.left, layer.width - layer.width // 2)
    low = max(blank.picture.height - blank.top, layer.height - layer.height // 2)
    picture = Image.new("RGBa", (left + right, top + low))
    picture.paste(blank.picture, (left - blank.left, top - blank.top))
    Sprite(layer.convert("RGBa"), layer.width // 2, layer.height // 2).paste_on(picture, left, top)
    return Sprite(picture, left, top)


def make_ready(families: Sequence[Family], widths: Sequence[int]) -> None:
    """Decodes and scales all that is painted, once on this machine, before the first customer comes."""
    key = (sorted(family.version for family in families), sorted(widths))
    if ready.is_prepared(key):
        return
    for family, width in product(families, widths):
        for look, base in _bodies(family):
            bare_bar(family, look, base, width)
        if family.is_bar:
            make_hills_ready(family, scale_of(family.length, width))
    for module in _painted(families):
        sprites.make_ready(module, {scale for _, scale in _bars_with(module, families, widths)})
    ready.mark_prepared(key)
    ready.forget_old()


def make_doses_ready(families: Sequence[Family], widths: Sequence[int]) -> None:
    """Besides, what usual doses look like: half as much again to do, so only while a release is installed."""
    key = ("doses", sorted(family.version for family in families), sorted(widths))
    if ready.is_prepared(key):
        return
    for module in _painted(families):
        sprites.make_doses_ready(module, _bars_with(module, families, widths))
    ready.mark_prepared(key)


def _bars_with(
    module: Module, families: Sequence[Family], widths: Sequence[int]
) -> list[tuple[Family, float]]:
    """The bars that may carry it, and the pixels per millimetre of their pictures."""
    return [
        (family, scale_of(family.length, width))
        for family, width in product(families, widths)
        if module.key in family.modules
    ]


def _bodies(family: Family) -> Iterator[tuple[str, str]]:
    """Look and base of each bare bar, or of each box by the number of its bags."""
    if not family.is_bar:
        bags = max(slot.maximum for slot in family.slots)
        return ((look_of(count, family), "") for count in range(bags + 1))
    looks = (family.look(face.key) for face in family.faces)
    return product(looks, (base.key for base in family.seats[family.base_slot.key]))


def _painted(families: Sequence[Family]) -> Iterator[Module]:
    modules = {key: module for family in families for key, module in family.modules.items()}
    return (module for module in modules.values() if is_painted(module))


def _sprite_of_bump(hill: Bump, family: Family, scale: float) -> Sprite:
    return bump(family.modules[hill.module], hill.diameter, hill.variant, scale)


def place(thing: Piece | Bump, scale: float) -> tuple[float, float]:
    """Where its anchor comes to lie in a picture, in pixels."""
    return (thing.x / 10 + MARGIN_MM) * scale, (thing.y / 10 + MARGIN_MM) * scale
