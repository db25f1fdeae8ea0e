"""How numbers and names are written on a label, in English and German."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from configurator.domain.family import Text


def rounded(number: Decimal, step: str) -> Decimal:
    """Half up, to the decimals of ``step``: the rounding of every figure on the label."""
    return number.quantize(Decimal(step), ROUND_HALF_UP)


def written(number: Decimal | str, locale: str) -> str:
    return str(number).replace(".", ",") if locale == "de" else str(number)


def share_written(share: Decimal, locale: str) -> str:
    """Per cent, with a digit behind the comma, or two below 1 %."""
    exact = rounded(share, "0.1" if share >= 1 else "0.01")
    if not exact:
        return written("<0.01 %", locale)
    return written(f"{exact:f}".rstrip("0").rstrip("."), locale) + " %"


def listed(words: Sequence[str], locale: str) -> str:
    """One or more words, as in "milk, hazelnuts and soya"."""
    *most, last = words
    return Text(" and ", " und ").to(locale).join([", ".join(most), last] if most else [last])


def plain(text: str) -> str:
    return text.replace("**", "")


def capitalised(name: str) -> str:
    """As it opens a line, with the rest of it left alone."""
    return name[:1].upper() + name[1:]


def mid_sentence(name: str, locale: str) -> str:
    """A name that opened a sentence, inside one: "dark chocolate", "weiße Schokolade".

    German nouns keep their capital: the first word is an adjective when a noun follows it.
    """
    opening, _, rest = name.partition(" ")
    lower = locale != "de" or (opening.isalpha() and rest[:1].isupper())
    return name[:1].lower() + name[1:] if lower else name
