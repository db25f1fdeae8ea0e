"""A design is a value: the choices for one bar, never mutated, named by its digest."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from configurator.domain import codes
from configurator.domain.family import Family, Milligrams, Module

SEED_LIMIT = 2**31
MOST_CHOICES = 24
"""More than any family takes. Beyond it a request is refused before anything is computed or drawn."""
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
    """A module in a slot (not the base), with its grams."""

    slot: str
    module: str
    mg: Milligrams


@dataclass(frozen=True, slots=True)
class Design:
    family: str
    version: str
    base: str | None = None
    choices: tuple[Choice, ...] = ()
    name: str = ""
    seed: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(sorted(self.choices)))
        object.__setattr__(self, "name", plain_name(self.name))

    def on_base(self, base: str | None) -> Design:
        return replace(self, base=base)

    def adding(self, module: str, slot: str, mg: Milligrams) -> Design:
        """The module at that dose; a module already in the slot changes its dose."""
        others = self.removing(module, slot).choices
        return replace(self, choices=(*others, Choice(slot, module, mg)))

    def removing(self, module: str, slot: str) -> Design:
        return replace(
            self,
            choices=tuple(c for c in self.choices if (c.module, c.slot) != (module, slot)),
        )

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
        """The same text for equal designs, on every machine and Python version."""
        return json.dumps(
            {
                "v": 1,
                "family": self.family,
                "version": self.version,
                "base": self.base,
                "modules": [[c.slot, c.module, c.mg] for c in self.choices],
                "name": self.name,
                "seed": self.seed,
            },
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )

    @property
    def digest(self) -> str:
        return sha256(self.canonical.encode()).hexdigest()

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
    )


def choice_modules(design: Design, family: Family) -> Iterator[tuple[Choice, Module]]:
    return ((choice, family.modules[choice.module]) for choice in design.choices)


def plain_name(name: str) -> str:
    """NFC, one line, no control or invisible characters, single blanks."""
    visible = "".join(
        " " if unicodedata.category(sign) in {"Zs", "Zl", "Zp", "Cc"} else sign
        for sign in name
        if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"}
    )
    # Only now: what is dropped may have stood between a letter and its accent.
    return " ".join(unicodedata.normalize("NFC", visible).split())


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


def _grouped(signs: str) -> str:
    return f"{signs[:5]}-{signs[5:10]}-{signs[10:]}"
