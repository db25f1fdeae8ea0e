"""Every sentence the shop says, gathered from its code and templates, and which of them lack their German."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from devserver.installation import ROOT

APPS: Final = ("config", "configurator", "orders", "shop")
GERMAN: Final = Path("locale", "de", "LC_MESSAGES", "django.po")
SAYING: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def main() -> int:
    lacking = list(without_german(ROOT))
    for words in lacking:
        print(f"  {words}")
    if lacking:
        print(f"{len(lacking)} sentences lack their German in {GERMAN}.")
    return 1 if lacking else 0


def without_german(root: Path) -> Iterator[str]:
    """Each with the file that says it; also what nobody says any more, which only confuses."""
    with (root / GERMAN).open("rb") as file:
        german = read_po(file, locale="de")
    said = sentences(root)
    for sentence in said:
        translated = german.get(sentence.id, sentence.context)
        if sentence.id and not _is_complete(translated):
            yield f"{sentence.locations[0][0]}: {_first(sentence.id)!r}"
    for translated in german:
        if translated.id and said.get(translated.id, translated.context) is None:
            yield f"nowhere any more: {_first(translated.id)!r}"


def sentences(root: Path) -> Catalog:
    said = Catalog(domain="django", charset="utf-8")
    for file in _sources(root):
        source = _as_python(file) if "templates" in file.parts else file.read_bytes()
        found = extract("python", BytesIO(source), SAYING, options={"encoding": "utf-8"})
        for _line, words, comments, context in found:
            said.add(
                words, locations=[(str(file.relative_to(root)), 1)], auto_comments=comments, context=context
            )
    return said


def _sources(root: Path) -> Iterator[Path]:
    for app in APPS:
        yield from sorted((root / app).rglob("*.py"))
    templates = (root / "templates").rglob("*.*")
    yield from sorted(file for file in templates if file.suffix in {".html", ".txt"})


def _as_python(template: Path) -> bytes:
    """As Django prepares a template for xgettext; the indentation, which is none of Python's, taken off."""
    lines = templatize(template.read_text("utf-8"), origin=str(template)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def _is_complete(translated: Message | None) -> bool:
    if translated is None or translated.fuzzy:
        return False
    forms = translated.string if isinstance(translated.string, (tuple, list)) else (translated.string,)
    return all(forms)


def _first(words: str | tuple[str, ...] | list[str]) -> str:
    return words if isinstance(words, str) else words[0]


if __name__ == "__main__":
    sys.exit(main())
