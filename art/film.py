"""From linear light to the pixels of a sprite: tone, shadow, margin, file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from art.rig import PX_PER_MM, Frame, Negative

SHADOW_COLOUR = np.array([0.115, 0.062, 0.035])  # a warm shade; black looks dirty on white chocolate
TABLE_SHADE = np.array([0.27, 0.16, 0.09])  # the same on a pale table, where black would look like dirt
SKY_SHADE = 0.16  # what a large thing takes of the sky alone: a table shows it as a smudge on the sunny side
SHADE_BLUR_MM = 1.1
EXPOSURE = 1.06
SHOULDER = 0.58  # linear light above this is compressed softly instead of clipped
QUALITY = 92
GRAIN = 0.0065


def tone(light: np.ndarray) -> np.ndarray:
    """Colours below the shoulder stay what the catalogue says; highlights roll off."""
    light = np.maximum(light * EXPOSURE, 0)
    room = 1 - SHOULDER
    rolled = SHOULDER + room * (1 - np.exp(-(light - SHOULDER) / room))
    return srgb(np.where(light > SHOULDER, rolled, light))


def develop(
    negative: Negative,
    *,
    fade_mm: float = 2.5,
    shadow_strength: float = 0.9,
    shadow_colour: np.ndarray = SHADOW_COLOUR,
    curve: Callable[[np.ndarray], np.ndarray] = tone,
) -> np.ndarray:
    """Straight RGBA, 0..1, as displayed: the body over its own shadow."""
    alpha = np.clip(negative.body[..., 3:], 0, 1)
    body = curve(negative.body[..., :3] / np.maximum(alpha, 1e-4))
    shade = (negative.shadow * shadow_strength * vignette(negative.shadow.shape, fade_mm))[..., None] * (
        1 - alpha
    )
    total = alpha + shade
    colour = np.where(
        total > 1e-4, (body * alpha + shadow_colour * shade) / np.maximum(total, 1e-4), shadow_colour
    )
    return np.concatenate([colour, total], axis=-1)


def develop_on_table(negative: Negative, curve: Callable[[np.ndarray], np.ndarray] = tone) -> np.ndarray:
    """A bar or a wrapper lies on the page itself: its shadow has to be clean, warm, and gone before the margin is."""
    outside = 1 - np.clip(negative.body[..., 3], 0, 1)
    smooth = blurred(negative.shadow * outside) / np.maximum(blurred(outside), 1e-3)
    shadow = np.clip((smooth - SKY_SHADE) / (1 - SKY_SHADE), 0, 1)
    return develop(
        Negative(negative.body, shadow),
        fade_mm=7,
        shadow_strength=0.95,
        shadow_colour=TABLE_SHADE,
        curve=curve,
    )


def blurred(plane: np.ndarray) -> np.ndarray:
    down, across = (np.fft.fftfreq(plane.shape[0]), np.fft.rfftfreq(plane.shape[1]))
    reach = 2 * (np.pi * SHADE_BLUR_MM * PX_PER_MM) ** 2
    kept = np.exp(-reach * (down[:, None] ** 2 + across[None, :] ** 2))
    return np.fft.irfft2(np.fft.rfft2(plane) * kept, plane.shape)


def enlarged(negative: Negative, frame: Frame) -> Negative:
    """A coarse exposure of a calm face at the size of its sprite, with its edge as sharp as a fine one's."""
    size = tuple(round(side * PX_PER_MM) for side in (frame.width_mm, frame.height_mm))
    planes = np.stack([resized(plane, size) for plane in np.moveaxis(negative.body, -1, 0)], axis=-1)
    soft = np.clip(planes[..., 3:], 0, 1)
    alpha = np.clip((soft - 0.5) * PX_PER_MM / frame.px_per_mm + 0.5, 0, 1)
    light = np.maximum(planes[..., :3], 0) / np.maximum(soft, 0.05) * alpha
    return Negative(np.concatenate([light, alpha], axis=-1), resized(negative.shadow, size))


def resized(plane: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    picture = Image.fromarray(plane.astype(np.float32))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC), dtype=np.float64)


def srgb(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


def vignette(shape: tuple[int, ...], fade_mm: float) -> np.ndarray:
    """1 inside, falling smoothly to 0 at the picture's edge, so that no shadow ends in a box."""
    fade = max(4.0, min(fade_mm * PX_PER_MM, min(shape) / 5))

    def ramp(count: int) -> np.ndarray:
        inward = np.minimum(np.arange(count), np.arange(count)[::-1])
        u = np.clip(inward / fade, 0, 1)
        return u * u * (3 - 2 * u)

    return ramp(shape[0])[:, None] * ramp(shape[1])[None, :]


def save(picture: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A breath of grain, or the codec breaks a smooth face of chocolate into patches of colour;
    # in each channel its own, because colour is what the codec counts in the coarsest steps.
    grain = np.zeros_like(picture)
    grain[..., :3] = np.random.default_rng(1).normal(scale=GRAIN, size=(*picture.shape[:2], 3))
    pixels = (np.clip(picture + grain, 0, 1) * 255 + 0.5).astype(np.uint8)
    # A half-written file must never pass for a painted one.
    unfinished = path.with_suffix(".part")
    Image.fromarray(pixels).save(unfinished, "WEBP", quality=QUALITY, alpha_quality=100, method=4)
    unfinished.replace(path)
