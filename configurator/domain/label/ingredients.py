"""The ingredient list (Art. 18-22): falling weight, shares in the finished bar, allergens emphasised."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from configurator.domain.family import Ingredient, Milligrams, Module, Text
from configurator.domain.label.allergens import SULPHUR_DIOXIDE, SULPHUR_DIOXIDE_CODE, contained
from configurator.domain.label.contents import Contents, Part
from configurator.domain.label.declaration import Quid
from configurator.domain.label.names import compound_name, food_name, is_listed_flat
from configurator.domain.label.words import share_written

HEADING = Text("Ingredients: ", "Zutaten: ")

# Seasoning needs no share (Annex VIII 1(a)(iv)): a small dose of what is there for its flavour.
FLAVOURING_CATEGORIES = frozenset({"spice", "flowers"})
FLAVOURING_BELOW_PERCENT = 2


def ingredient_list(inside: Contents, locale: str) -> str:
    """Empty for a bar of nothing."""
    if not inside.parts:
        return ""
    entries = sorted(_entries(inside), key=lambda entry: -entry.mg)
    sulphites = SULPHUR_DIOXIDE_CODE in contained(inside)
    texts = [_text(entry, inside, sulphites=sulphites, locale=locale) for entry in entries]
    return HEADING.to(locale) + ", ".join(texts) + "."


def list_of_one(inside: Contents, locale: str) -> str:
    """Of a single food in a pack of its own: what it is made of, or itself where it is made of nothing else."""
    (part,) = inside.parts
    sulphites = SULPHUR_DIOXIDE_CODE in contained(inside)
    ingredient = part.module.ingredient
    made_of = split_name(ingredient.text.to(locale))[1] if part.module.chocolate is None else ""
    marked = _marked(made_of or ingredient.text.to(locale), ingredient, declared=sulphites, locale=locale)
    return f"{HEADING.to(locale)}{marked}."


def split_name(text: str) -> tuple[str, str]:
    """A food and what it is made of, which is empty for what is made of nothing else."""
    name, _, bracketed = text.partition(" (")
    return (name, bracketed.removesuffix(")")) if _is_list(bracketed) else (text, "")


def shares(inside: Contents, locale: str) -> tuple[Quid, ...]:
    """The quantities that the list declares, by falling weight."""
    return tuple(
        Quid(
            modules=tuple(part.module.key for part in entry.parts),
            name=food_name(entry.module.ingredient, locale),
            share=share_written(inside.percent(entry.mg), locale),
        )
        for entry in sorted(_entries(inside), key=lambda entry: -entry.mg)
        if _is_quantified(entry, inside)
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One food of the list; several modules may be made of the same food."""

    parts: tuple[Part, ...]

    @property
    def module(self) -> Module:
        return self.parts[0].module

    @property
    def mg(self) -> Milligrams:
        return sum(part.mg for part in self.parts)


def _entries(inside: Contents) -> list[_Entry]:
    foods: dict[Text, list[Part]] = {}
    for part in inside.parts:
        foods.setdefault(part.module.ingredient.text, []).append(part)
    return [_Entry(tuple(parts)) for parts in foods.values()]


def _text(entry: _Entry, inside: Contents, *, sulphites: bool, locale: str) -> str:
    text = _sulphites_marked(entry.module.ingredient, declared=sulphites, locale=locale)
    if entry.module.chocolate is not None:
        return _base_text(text, entry.module, locale)
    if not _is_quantified(entry, inside):
        return text
    return _with_share(text, inside.percent(entry.mg), locale)


def _is_quantified(entry: _Entry, inside: Contents) -> bool:
    """The picture on the pack emphasises whatever was chosen (Art. 22(1)(b)), but not the base."""
    chosen = entry.module.chocolate is None
    return chosen and not _is_flavouring(entry.module, inside.percent(entry.mg))


def _base_text(text: str, base: Module, locale: str) -> str:
    if base.chocolate is None or is_listed_flat(base):
        return text
    return f"{compound_name(base.chocolate, locale)} ({text})"


def _is_flavouring(module: Module, share: Decimal) -> bool:
    return (
        module.category in FLAVOURING_CATEGORIES
        and module.kind != "decoration"
        and share < FLAVOURING_BELOW_PERCENT
    )


def _with_share(text: str, share: Decimal, locale: str) -> str:
    """The share stands behind the food's name, before the list of what it is made of."""
    name, _, bracketed = text.partition(" (")
    if _is_list(bracketed):
        return f"{name} {share_written(share, locale)} ({bracketed}"
    # A single term in brackets belongs to the name: "chia seeds (Salvia hispanica) 4 %".
    return f"{text} {share_written(share, locale)}"


def _is_list(bracketed: str) -> bool:
    """A single term in brackets belongs to the name."""
    inner = bracketed.partition(")")[0]
    return "," in inner or "%" in inner


def _sulphites_marked(ingredient: Ingredient, *, declared: bool, locale: str) -> str:
    """Emphasised only in a bar that must declare them, and then by every food that brings them."""
    return _marked(ingredient.text.to(locale), ingredient, declared=declared, locale=locale)


def _marked(text: str, ingredient: Ingredient, *, declared: bool, locale: str) -> str:
    word = SULPHUR_DIOXIDE.to(locale)
    if not declared:
        return text.replace(f"**{word}**", word)
    if ingredient.so2_mg_per_kg and f"**{word}**" not in text:
        return f"{text} (**{word}**)"
    return text
