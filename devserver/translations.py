"""Compiles the .po files that are newer than their .mo files."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_translations(folder: Path) -> list[Path]:
    stale = [file for file in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(file)]
    for file in stale:
        _compile(file)
    return stale


def _is_stale(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < file.stat().st_mtime


def _compile(file: Path) -> None:
    with file.open("rb") as source:
        catalogue = read_po(source)
    compiled = file.with_suffix(".mo.new")
    with compiled.open("wb") as target:
        write_mo(target, catalogue)
    compiled.replace(file.with_suffix(".mo"))
