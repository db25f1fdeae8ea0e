"""Search: the table that Python and the browser are both held to, and the real selection."""

import json
from pathlib import Path

import pytest

from configurator.domain.searching import Entry, found, words

TABLE = json.loads((Path(__file__).parents[1] / "search_cases.json").read_text(encoding="utf-8"))
KEYS = list(TABLE["entries"])
ENTRIES = tuple(Entry(words(entry["names"]), words(entry["notes"])) for entry in TABLE["entries"].values())


@pytest.mark.parametrize(("text", "expected"), TABLE["words"].items())
def test_words_are_compared_without_accents_plurals_and_small_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["query"] or "nothing")
def test_a_search_forgives_and_puts_the_best_first(case: dict[str, object]) -> None:
    assert [KEYS[place] for place in found(str(case["query"]), ENTRIES)] == case["found"]
