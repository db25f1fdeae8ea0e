"""How scripts, styles and pictures are laid out for production."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES: Final = "css/main.css"
_IMPORT: Final = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>[\w-]+)\);')
_ADDRESS: Final = re.compile(r'url\("(?P<file>[^":]+)"\)')


class HashedModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Hashed names for every static file, also inside the imports of ES modules; one file of styles."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        if STYLES in paths and not options.get("dry_run"):
            joined = in_one_file(STYLES, lambda name: _read(*paths[name]))
            self.delete(STYLES)
            self.save(STYLES, ContentFile(joined.encode()))
            # From here on it is read as it was just written, not as it lies in the sources.
            paths = {**paths, STYLES: (self, STYLES)}
        yield from super().post_process(paths, **options)

    def url_converter(self, name: str, hashed_files: Any, template: Any = None) -> Any:
        convert = super().url_converter(name, hashed_files, template)
        # Types are imported in comments, also in a circle, for which no hash can ever be found.
        return lambda found: found[0] if is_in_comment(found.string, found.start()) else convert(found)


def is_in_comment(text: str, place: int) -> bool:
    return text.rfind("/*", 0, place) > text.rfind("*/", 0, place)


def _read(source: Storage, name: str) -> str:
    with source.open(name) as file:
        return str(file.read().decode())


def in_one_file(name: str, read: Callable[[str], str]) -> str:
    """A page waits for one file of styles, and not for each that the first one names."""
    folder = dirname(name)

    def whole(found: re.Match[str]) -> str:
        part = found["file"]
        text = _ADDRESS.sub(
            lambda address: f'url("{normpath(join(dirname(part), address["file"]))}")',
            read(join(folder, part)),
        )
        return f"@layer {found['layer']} {{\n{text}\n}}"

    return _IMPORT.sub(whole, read(name))
