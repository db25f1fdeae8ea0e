"""Who runs this shop: its name, address, logo and colours, all from the settings."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

COLOURS = ("ink", "paper", "accent")
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Logo:
    content: bytes
    content_type: str

    @property
    def version(self) -> str:
        return sha256(self.content).hexdigest()[:12]


@cache
def theme() -> str:
    """The shop's own colours as a stylesheet, or "" when it keeps the ones that are built in."""
    rules = "".join(f"  --{name}: {colour};\n" for name, colour in _colours())
    return f":root {{\n{rules}}}\n" if rules else ""


@cache
def logo() -> Logo | None:
    if not settings.SHOP_LOGO:
        return None
    path = Path(settings.SHOP_LOGO)
    if path.suffix not in LOGO_TYPES:
        raise ImproperlyConfigured(f"SHOP_LOGO is {str(path)!r}: name an .svg, .png or .webp file.")
    try:
        return Logo(path.read_bytes(), LOGO_TYPES[path.suffix])
    except OSError as error:
        raise ImproperlyConfigured(f"SHOP_LOGO cannot be read: {error}.") from error


def _colours() -> list[tuple[str, str]]:
    pairs = []
    for word in settings.SHOP_COLOURS:
        name, _, colour = word.partition("=")
        if name not in COLOURS or not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise ImproperlyConfigured(
                f"SHOP_COLOURS has {word!r}: write {', '.join(COLOURS)} each with six digits, "
                "such as accent=#a2213e."
            )
        pairs.append((name, colour.lower()))
    return pairs
