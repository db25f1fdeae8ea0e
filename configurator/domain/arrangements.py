"""How the pieces of a bar lie, in words: for who cannot see the picture and who lays them by hand."""

from __future__ import annotations

from configurator.domain.design import LETTER, PATTERNS, Choice, Design
from configurator.domain.family import Family, Text
from configurator.domain.pieces import draws_line, is_print, is_sheet, piece_count
from configurator.domain.recipe import numbered
from configurator.domain.scene import LeftOver, Piece, Scene

_PATTERNS = {
    "scattered": Text("scattered", "verstreut"),
    "rows": Text("in rows", "in Reihen"),
    "border": Text("along the border", "am Rand entlang"),
    "left-half": Text("left half", "linke Hälfte"),
    "right-half": Text("right half", "rechte Hälfte"),
    "heart": Text("as a heart", "als Herz"),
    "diagonal": Text("diagonally", "diagonal"),
    "ring": Text("as a ring", "als Ring"),
}
_LETTER = Text("as a letter", "als Buchstabe")
_MIXED_IN = Text("mixed in", "eingerührt")
_IN_THE_MIDDLE = Text("in the middle", "in der Mitte")
_DUSTED = Text("dusted", "gestäubt")

SMALL, LARGE = 900, 1100
"""Thousandths of the usual size from which pieces are picked for their size."""


def in_words(scene: Scene, design: Design, family: Family, locale: str) -> str:
    """The whole bar as its picture shows it: what the picture's text alternative says."""
    if not family.is_bar:
        return _bags_in_words(design, family, locale)
    name = family.name.to(locale)
    base = f"{name}: {family.modules[design.base].name.to(locale)}" if design.base else name
    return " ".join(f"{part}." for part in (base, *described(scene, design, family, locale)))


def contents(design: Design, family: Family, locale: str) -> str:
    """What the bar is made of, in one line; nothing needs to be laid out to know it."""
    if not family.is_bar:
        return _bags_in_words(design, family, locale)
    if design.base is None:
        return family.name.to(locale)
    parts = [
        f"{slot.name.to(locale)}: "
        + ", ".join(family.modules[choice.module].name.to(locale) for choice in design.in_slot(slot.key))
        for slot in family.slots
        if design.in_slot(slot.key)
    ]
    base = family.modules[design.base].name.to(locale)
    return ". ".join([f"{family.name.to(locale)}: {base}", *parts]) + "."


def _bags_in_words(design: Design, family: Family, locale: str) -> str:
    """The numbers are those on the bags."""
    of_bags = (
        f"{number} {family.modules[module].name.to(locale)}"
        for (_slot, module), number in numbered(design, family).items()
    )
    listed = ", ".join(of_bags)
    return f"{family.name.to(locale)}: {listed}." if listed else f"{family.name.to(locale)}."


def described(scene: Scene, design: Design, family: Family, locale: str) -> tuple[str, ...]:
    """A line for each choice, as "Almonds: left half, 7 pieces"."""
    return tuple(
        f"{family.modules[choice.module].name.to(locale)}: {arrangement(choice, scene, family, locale)}"
        for choice in design.choices
    )


def arrangement(choice: Choice, scene: Scene, family: Family, locale: str) -> str:
    """Where the pieces of a choice lie, and how many."""
    module = family.modules[choice.module]
    where = whereabouts(choice, scene, family, locale)
    if _is_mixed_in(choice, family) or not piece_count(module, choice.mg):
        return where
    laid = _laid(choice, scene)
    left = _left_over(choice, scene)
    parts = [where, _counted(sum(piece.count for piece in laid), laid, left, locale)]
    by_hand = sum(piece.moved for piece in laid)
    if by_hand:
        parts.append(Text(f"{by_hand} laid by hand", f"{by_hand} von Hand gelegt").to(locale))
    if left:
        parts.append(rest_words(left, locale))
    return ", ".join(parts)


def whereabouts(choice: Choice, scene: Scene, family: Family, locale: str) -> str:
    """Where the pieces of a choice lie, in two or three words."""
    module = family.modules[choice.module]
    if _is_mixed_in(choice, family):
        return _MIXED_IN.to(locale)
    pattern = choice.pattern
    if is_sheet(module) and not draws_line(pattern):
        if is_print(module) or piece_count(module, choice.mg) == 1:
            return _IN_THE_MIDDLE.to(locale)
        pattern = "rows"
    where = pattern_words(pattern, locale)
    return f"{_DUSTED.to(locale)}, {where}" if module.shape.hint == "powder" else where


def pattern_words(pattern: str, locale: str) -> str:
    if pattern.startswith(LETTER):
        return _sign_words(pattern.removeprefix(LETTER)).to(locale)
    return _PATTERNS[pattern].to(locale)


def pattern_names(locale: str) -> dict[str, str]:
    """The patterns to choose from; which letter it shall be is asked apart."""
    names = {pattern: pattern_words(pattern, locale) for pattern in PATTERNS}
    return {**names, LETTER.rstrip(":"): _LETTER.to(locale)}


def size_words(piece: Piece, locale: str) -> str:
    """Which ones to pick; empty for the usual ones."""
    if piece.size < SMALL:
        words = Text("small", "klein")
    elif piece.size > LARGE:
        words = Text("large", "groß")
    else:
        words = Text("", "")
    return words.to(locale)


def rest_words(left: LeftOver, locale: str) -> str:
    """What becomes of the pieces that do not fit on top."""
    rest = _number(left.rest, locale)
    return Text(f"{rest} into the chocolate", f"{rest} in die Schokolade").to(locale)


def _sign_words(sign: str) -> Text:
    if sign.isalpha():
        return Text(f"as the letter {sign}", f"als Buchstabe {sign}")
    if sign.isdigit():
        return Text(f"as the number {sign}", f"als Zahl {sign}")
    return Text(f"as the sign {sign}", f"als Zeichen {sign}")


def _counted(count: int, laid: list[Piece], left: LeftOver | None, locale: str) -> str:
    if left:
        wanted = _number(left.wanted, locale)
        return Text(
            f"{_number(count, locale)} of {wanted} pieces", f"{_number(count, locale)} von {wanted} Stück"
        ).to(locale)
    size = size_words(laid[0], locale) if laid else ""
    pieces = Text("piece" if count == 1 else "pieces", "Stück").to(locale)
    if not size:
        return f"{_number(count, locale)} {pieces}"
    return Text(f"{count} {size} {pieces}", f"{count} {pieces} ({size})").to(locale)


def _number(number: int, locale: str) -> str:
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if locale == "de" else grouped


def _is_mixed_in(choice: Choice, family: Family) -> bool:
    return "mix-in" in family.slot(choice.slot).kinds


def _laid(choice: Choice, scene: Scene) -> list[Piece]:
    return [piece for piece in scene.pieces if (piece.slot, piece.module) == (choice.slot, choice.module)]


def _left_over(choice: Choice, scene: Scene) -> LeftOver | None:
    return next(
        (left for left in scene.left_over if (left.slot, left.module) == (choice.slot, choice.module)), None
    )
