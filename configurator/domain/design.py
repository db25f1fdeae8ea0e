"""A design is a value: the choices for one bar, never mutated, named by its digest."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from typing import Any

from configurator.domain import codes
from configurator.domain.family import Family, Milligrams, Module, TenthMm

SEED_LIMIT = 2**31
MOST_CHOICES = 24
"""More than any family takes. Beyond it a request is refused before anything is computed or drawn."""
MOST_MOVES = 200
"""A person lays pieces one by one; nobody has the patience for more."""
SCATTERED = "scattered"
PATTERNS = (SCATTERED, "rows", "border", "left-half", "right-half", "heart", "diagonal", "ring")
LETTER = "letter:"
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789&!?")
"""Signs that pieces can be laid in."""
WRAPPERS = ("plain", "stripes", "dots", "leaves", "waves", "confetti")
WRAPPER_TEXT_MAX = 120
INSCRIPTION_MAX = 40
CODE_LENGTH = 10
# Latin, Greek and Cyrillic with their accents, punctuation, currencies: what our type has.
PRINTABLE = (
    (" ", "~"),
    ("\u00a1", "\u024f"),
    ("\u0300", "\u036f"),
    ("\u0386", "\u03ce"),
    ("\u0400", "\u045f"),
    ("\u0490", "\u0491"),
    ("\u1e00", "\u1eff"),
    ("\u2010", "\u2026"),
    ("\u2030", "\u203a"),
    ("\u20ac", "\u20ac"),
)


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """A module in a slot (not the base), with its grams and how its pieces are arranged."""

    slot: str
    module: str
    mg: Milligrams
    pattern: str = SCATTERED
    """One of ``PATTERNS``, or "letter" and a sign, as "letter:A"."""


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A piece that a person has laid: where its centre is and how it is turned."""

    slot: str
    module: str
    index: int
    """Which of the choice's sprites, counted from 0 in the order they are laid."""
    x: TenthMm
    y: TenthMm
    turn: int = 0
    """Degrees, 0-359, counter-clockwise."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A customer's picture, by the digest of what is stored, and the part of it that is shown."""

    digest: str
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0
    """Pixels of the stored picture; a width of 0 shows all of it."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """The paper sleeve: one of the wrapper patterns, free words and a photo beside the bar's name."""

    pattern: str = "plain"
    text: str = ""
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Inscription:
    """What a transfer print or a plaque says or shows; without words it is the bar's name."""

    text: str = ""
    photo: Photo | None = None
    """Only a transfer print can show one."""


@dataclass(frozen=True, slots=True)
class Design:
    family: str
    version: str
    base: str | None = None
    choices: tuple[Choice, ...] = ()
    name: str = ""
    seed: int = 1
    face: str = ""
    """Empty for the family's usual face."""
    moves: tuple[Move, ...] = ()
    inscription: Inscription = Inscription()
    wrapper: Wrapper = Wrapper()

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(sorted(self.choices)))
        object.__setattr__(self, "name", plain_name(self.name))
        object.__setattr__(self, "moves", _kept_moves(self.moves, self.choices))
        for name in ("inscription", "wrapper"):
            part = getattr(self, name)
            if part.text:
                object.__setattr__(self, name, replace(part, text=plain_name(part.text)))

    def on_base(self, base: str | None) -> Design:
        return replace(self, base=base)

    def adding(self, module: str, slot: str, mg: Milligrams, pattern: str = "") -> Design:
        """The module at that dose; a module already in the slot changes its dose, and keeps its
        pattern unless another is given."""
        old = next((c for c in self.choices if (c.module, c.slot) == (module, slot)), None)
        pattern = pattern or (old.pattern if old else SCATTERED)
        others = tuple(choice for choice in self.choices if choice is not old)
        return replace(self, choices=(*others, Choice(slot, module, mg, pattern)))

    def removing(self, module: str, slot: str) -> Design:
        """Without the module, and without what was said of where its pieces lie."""
        return replace(
            self,
            choices=tuple(c for c in self.choices if (c.module, c.slot) != (module, slot)),
        )

    def moving(self, move: Move) -> Design:
        others = tuple(
            m for m in self.moves if (m.slot, m.module, m.index) != (move.slot, move.module, move.index)
        )
        return replace(self, moves=(*others, move))

    def unmoved(self, module: str, slot: str) -> Design:
        return replace(self, moves=tuple(m for m in self.moves if (m.module, m.slot) != (module, slot)))

    def faced(self, face: str) -> Design:
        return replace(self, face=face)

    def inscribed(self, inscription: Inscription) -> Design:
        return replace(self, inscription=inscription)

    def wrapped(self, wrapper: Wrapper) -> Design:
        return replace(self, wrapper=wrapper)

    @property
    def photos(self) -> tuple[Photo, ...]:
        return tuple(p for p in (self.wrapper.photo, self.inscription.photo) if p is not None)

    def named(self, name: str) -> Design:
        return replace(self, name=name)

    def scattered(self, seed: int) -> Design:
        return replace(self, seed=seed % SEED_LIMIT)

    def under(self, family: Family) -> Design:
        """The same choices under another version of the catalogue, or another family."""
        return replace(self, family=family.key, version=family.version)

    def in_slot(self, slot: str) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if choice.slot == slot)

    def has(self, module: str) -> bool:
        return module == self.base or any(choice.module == module for choice in self.choices)

    @property
    def modules(self) -> Iterator[str]:
        if self.base:
            yield self.base
        yield from (choice.module for choice in self.choices)

    @property
    def inclusions_mg(self) -> Milligrams:
        return sum(choice.mg for choice in self.choices)

    @property
    def canonical(self) -> str:
        """The same text for equal designs, on every machine and Python version.

        What is as usual is left out, so that a design keeps its digest when designs learn to say more.
        """
        return json.dumps(
            {
                "v": 1,
                "family": self.family,
                "version": self.version,
                "base": self.base,
                "modules": [_choice_as_list(choice) for choice in self.choices],
                "name": self.name,
                "seed": self.seed,
                **dict(_unusual(self)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )

    @property
    def digest(self) -> str:
        return sha256(self.canonical.encode()).hexdigest()

    @property
    def recipe_digest(self) -> str:
        """The same for bars of the same family, base, modules and grams, whatever they are called,
        however their pieces lie and whichever version of the catalogue they were made under."""
        grams = [[choice.slot, choice.module, choice.mg] for choice in self.choices]
        return sha256(json.dumps([self.family, self.base, grams]).encode()).hexdigest()

    @property
    def code(self) -> str:
        return pack_code(self.digest)


def from_canonical(canonical: str) -> Design:
    fields = json.loads(canonical)
    return Design(
        family=fields["family"],
        version=fields["version"],
        base=fields["base"],
        choices=tuple(Choice(*choice) for choice in fields["modules"]),
        name=fields["name"],
        seed=fields["seed"],
        face=fields.get("face", ""),
        moves=tuple(Move(*move) for move in fields.get("moves", ())),
        inscription=_inscription(*fields.get("inscription", ("", None))),
        wrapper=_wrapper(*fields.get("wrapper", ("plain", "", None))),
    )


def _choice_as_list(choice: Choice) -> list[str | int]:
    usual: list[str | int] = [choice.slot, choice.module, choice.mg]
    return usual if choice.pattern == SCATTERED else [*usual, choice.pattern]


def _unusual(design: Design) -> Iterator[tuple[str, Any]]:
    if design.face:
        yield "face", design.face
    if design.moves:
        yield "moves", [list(astuple(move)) for move in design.moves]
    if design.inscription != Inscription():
        yield "inscription", [design.inscription.text, _photo_as_list(design.inscription.photo)]
    if design.wrapper != Wrapper():
        wrapper = design.wrapper
        yield "wrapper", [wrapper.pattern, wrapper.text, _photo_as_list(wrapper.photo)]


def _photo_as_list(photo: Photo | None) -> list[str | int] | None:
    return list(astuple(photo)) if photo else None


def _inscription(text: str, photo: list[Any] | None) -> Inscription:
    return Inscription(text, Photo(*photo) if photo else None)


def _wrapper(pattern: str, text: str, photo: list[Any] | None) -> Wrapper:
    return Wrapper(pattern, text, Photo(*photo) if photo else None)


def _kept_moves(moves: tuple[Move, ...], choices: tuple[Choice, ...]) -> tuple[Move, ...]:
    """Sorted, each piece once (the last word counts), only of what is chosen."""
    chosen = {(choice.slot, choice.module) for choice in choices}
    last = {(m.slot, m.module, m.index): m for m in moves if (m.slot, m.module) in chosen}
    return tuple(sorted(last.values()))


def choice_modules(design: Design, family: Family) -> Iterator[tuple[Choice, Module]]:
    return ((choice, family.modules[choice.module]) for choice in design.choices)


def plain_name(name: str) -> str:
    """NFC, one line, no control or invisible characters, single blanks."""
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    visible = "".join(
        " " if unicodedata.category(sign) in {"Zs", "Zl", "Zp", "Cc"} else sign
        for sign in name
        if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"}
    )
    # Only now: what is dropped may have stood between a letter and its accent.
    return " ".join(unicodedata.normalize("NFC", visible).split())


def is_pattern(pattern: str) -> bool:
    return pattern in PATTERNS or (pattern.startswith(LETTER) and pattern[len(LETTER) :] in LETTERS)


def unprintable(name: str) -> tuple[str, ...]:
    """The signs that the wrapper's and the ticket's type cannot show, in order, each once."""
    return tuple(dict.fromkeys(sign for sign in name if not _has_type(sign)))


def _has_type(sign: str) -> bool:
    return any(first <= sign <= last for first, last in PRINTABLE)


def pack_code(digest: str) -> str:
    """A digest → the code on the pack, as ``XXXXX-XXXXX-C``."""
    number = int(digest, 16) % len(codes.ALPHABET) ** CODE_LENGTH
    signs = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(codes.ALPHABET))
        signs.append(codes.ALPHABET[rest])
    return _grouped(codes.checked("".join(reversed(signs))))


def read_code(typed: str) -> str:
    """What a person typed → the pack code. Raises CodeMistyped."""
    return _grouped(codes.read(typed, CODE_LENGTH))


def read_codes(typed: str) -> tuple[str, ...]:
    """The pack codes that a person may have meant; one for whoever has typed what is a code."""
    return tuple(_grouped(signs) for signs in codes.readings(typed, CODE_LENGTH))


def _grouped(signs: str) -> str:
    return f"{signs[:5]}-{signs[5:10]}-{signs[10:]}"
