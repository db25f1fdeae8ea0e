"""What the address of a picture asks for; checked, so that it is safe as a file's name.

An address names its design by digest and its renderer by version, so what it shows never changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from django.conf import settings
from django.urls import reverse

from configurator.rendering.paintings import renderer_version

Kind: TypeAlias = Literal["bar", "wrapped", "share", "print"]

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""How long caches may keep what an address with its version shows."""

WIDTHS: Final = (300, 600, 1200, 2400)
CONTENT_TYPES: Final = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}


class PictureUnknown(LookupError):
    """No picture has this address."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a picture is kept and what it is called."""

    name: str
    suffix: str
    etag: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a design, as it was asked for."""

    digest: str
    kind: Kind = "bar"
    width: int = 600
    """Pixels; 0 where the kind decides."""
    suffix: str = ""
    """Empty while the browser may choose."""
    is_own: bool = False
    """With the private photo, for those who may see it."""

    @property
    def is_negotiated(self) -> bool:
        return not self.suffix

    @property
    def form(self) -> str:
        return {"bar": "", "wrapped": "wrapped-"}.get(self.kind, self.kind) + (str(self.width or ""))

    @property
    def path(self) -> str:
        name = f"{self.form}.{self.suffix}" if self.suffix else self.form
        return reverse(
            "configurator:own-preview" if self.is_own else "configurator:preview", args=[self.digest, name]
        )

    @property
    def url(self) -> str:
        """With its version, so that a browser may keep it for ever."""
        return f"{self.path}?v={self.version}"

    @property
    def version(self) -> str:
        """What besides the design decides the pixels: renderer and sprites, and on paper and cards the shop's name."""
        version = renderer_version()
        if self.kind in {"share", "wrapped"}:
            version = sha256(f"{version} {settings.SHOP_NAME}".encode()).hexdigest()[:12]
        return version

    def accepted_by(self, accept: str) -> Picture:
        """In the format that suits this browser, unless the address names one."""
        return self if self.suffix else _in_format(self, best_format(accept))

    @property
    def address(self) -> Address:
        return _address(self, self.version)


@lru_cache(maxsize=4096)
def _in_format(picture: Picture, suffix: str) -> Picture:
    return replace(picture, suffix=suffix)


@lru_cache(maxsize=4096)
def _address(picture: Picture, version: str) -> Address:
    form, digest = picture.form, picture.digest
    folder = f"previews/{version}/{'own/' if picture.is_own else ''}{digest[:2]}"
    name = f"{folder}/{digest}-{form}.{picture.suffix}"
    return Address(name, picture.suffix, f'"{digest[:20]}-{form}{picture.suffix}-{version}"')


_NAMED: Final = re.compile(
    r"(?P<kind>wrapped-)?(?P<width>300|600|1200|2400)(?:\.(?P<suffix>webp|jpg|png))?"
    r"|(?P<share>share)\.jpg|(?P<print>print)\.png"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@lru_cache(maxsize=4096)
def asked_for(digest: str, name: str, *, is_own: bool = False) -> Picture:
    """Raises PictureUnknown."""
    found = _NAMED.fullmatch(name)
    if found is None or not _DIGEST.fullmatch(digest):
        raise PictureUnknown
    if found["share"]:
        return Picture(digest, "share", 0, "jpg", is_own)
    if found["print"]:
        return Picture(digest, "print", 0, "png", is_own)
    kind: Kind = "wrapped" if found["kind"] else "bar"
    return Picture(digest, kind, int(found["width"]), found["suffix"] or "", is_own)


def best_format(accept: str) -> str:
    """WebP for whoever names it, JPEG for everybody else: mail programs and crawlers say only */*.

    AVIF is never chosen: on our bars it saves 12 to 19 % of the bytes for three times the work, and
    WebP with that much work saves more (docs/pictures.md).
    """
    return "webp" if _WEBP.search(accept) else "jpg"


_WEBP: Final = re.compile(r"image/webp(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
