"""Search that forgives: plurals, umlauts, either language, parts of words, and slips of the keyboard.

``static/js/searching.js`` is the same algorithm for the browser; ``tests/search_cases.json`` holds both to it.

Every word of a query must be found. A word is matched with no more lenience than it needs: a slip is
forgiven only when nothing in the whole selection matches the word as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LENIENCE: Final = range(4)
"""As typed; a part of a word; one slip; two slips."""

_ENGLISH: Final = frozenset({"a", "an", "and", "for", "in", "of", "or", "something", "the", "with"})
_GERMAN: Final = frozenset(
    {"aus", "das", "der", "die", "ein", "eine", "etwas", "fur", "mit", "oder", "und", "von"}
)
_PASSED_OVER: Final = _ENGLISH | _GERMAN
_ENDINGS: Final = ("en", "er", "es", "e", "n", "s")


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found. Its words are those of ``words``."""

    names: tuple[str, ...]
    notes: tuple[str, ...]
    """Weighs less than a name: tastes, textures, category, origin."""


def found(query: str, entries: Sequence[Entry]) -> tuple[int, ...]:
    """Places of the entries that have every word of the query, best first."""
    scores = [0] * len(entries)
    places = list(range(len(entries)))
    for word in words(query):
        points = _points(word, entries)
        places = [place for place in places if points[place]]
        for place in places:
            scores[place] += points[place]
    return tuple(sorted(places, key=lambda place: (-scores[place], place)))


def words(text: str) -> tuple[str, ...]:
    """As they are compared: no accents, no plurals, each once."""
    folded = folding(text)
    return tuple(dict.fromkeys(stem(word) for word in re.findall(r"[a-z0-9]+", folded) if _counts(word)))


def folding(text: str) -> str:
    lower = unicodedata.normalize("NFD", text.lower().replace("ß", "ss"))
    plain = "".join(sign for sign in lower if not unicodedata.combining(sign))
    # Who has no umlauts on the keyboard writes ue for ü; read alike on both sides, so it harms no other word.
    return re.sub(r"([aou])e", r"\1", plain)


def stem(word: str) -> str:
    """Without a plural's ending, English or German, as long as three letters are left."""
    for ending in _ENDINGS:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) > 2 and not (ending == "s" and rest.endswith("s")):
            return _same_y(rest)
    return _same_y(word)


def _same_y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") else word


def _counts(word: str) -> bool:
    return word not in _PASSED_OVER


def _points(word: str, entries: Sequence[Entry]) -> list[int]:
    """Per entry, with the least lenience that finds any."""
    vocabulary = {written for entry in entries for written in (*entry.names, *entry.notes)}
    for lenience in LENIENCE:
        close = {written: closeness(word, written, lenience) for written in vocabulary}
        if any(close.values()):
            return [_entry_points(entry, close) for entry in entries]
    return [0] * len(entries)


def _entry_points(entry: Entry, close: Mapping[str, int]) -> int:
    by_name = max((close[name] for name in entry.names), default=0)
    by_note = max((close[note] for note in entry.notes), default=0)
    return max(3 * by_name, by_note)


def closeness(word: str, written: str, lenience: int) -> int:
    """How well a word of a query meets one of an entry: 4 for the same, 0 for another word."""
    if written == word:
        return 4
    if written.startswith(word):
        return 3
    if word in written and len(word) >= (3 if lenience else 4):
        return 2
    if lenience and len(written) > 3 and word.startswith(written):
        return 2
    if lenience > 1 and len(word) >= 2 * lenience and _strangers(word, written) < lenience:
        return int(slips(word, written) < lenience)
    return 0


def _strangers(word: str, written: str) -> int:
    """Letters that the other word has nowhere: never more than slips, and quicker to count."""
    return sum(letter not in written for letter in word)


def slips(word: str, written: str) -> int:
    """Letters to change, add, drop or swap until the word begins the other one."""
    before: list[int] = []
    above = list(range(len(written) + 1))
    for row, letter in enumerate(word, start=1):
        line = [row]
        for column, other in enumerate(written, start=1):
            best = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == written[column - 2] and word[row - 2] == other:
                best = min(best, before[column - 2] + 1)
            line.append(best)
        before, above = above, line
    return min(above)
