"""How the pieces lie, in the words of the shop: for who cannot see the picture and who lays them."""

import pytest

from configurator.domain.arrangements import described, pattern_words
from configurator.domain.design import LETTER, LETTERS, PATTERNS, Design, Move
from configurator.domain.family import Family
from configurator.domain.scene import lay_out


def lines(design: Design, family: Family, locale: str) -> dict[str, str]:
    told = described(lay_out(design, family), design, family, locale)
    return dict(line.split(": ", 1) for line in told)


@pytest.fixture
def told(bar: Family) -> Design:
    return (
        Design(bar.key, bar.version, "dark_60")
        .adding("pecan_halves", "toppings", 11_200, "right-half")
        .adding("almond_whole", "toppings", 30_000, "left-half")
        .adding("matcha", "toppings", 1_500, "ring")
        .adding("sesame_black", "toppings", 4_000, "letter:7")
        .adding("hazelnut_whole", "ingredients", 5_000)
        .adding("choc_plaque", "decorations", 2_400)
        .moving(Move("toppings", "pecan_halves", 2, 1_100, 300, 40))
    )


def test_every_pattern_is_told_in_english(told: Design, bar: Family) -> None:
    assert lines(told, bar, "en") == {
        "Message plaque, white chocolate": "in the middle, 1 small piece",
        "Roasted hazelnuts, whole": "mixed in",
        "Roasted almonds, whole": "left half, 13 of 27 pieces, 14 into the chocolate",
        "Matcha": "dusted, as a ring",
        "Pecan halves": "right half, 7 pieces, 1 laid by hand",
        "Black sesame": "as the number 7, 1,333 pieces",
    }


def test_every_pattern_is_told_in_german(told: Design, bar: Family) -> None:
    assert lines(told, bar, "de") == {
        "Schokoplakette mit Text, weiß": "in der Mitte, 1 Stück (klein)",
        "Haselnüsse, geröstet, ganz": "eingerührt",
        "Mandeln, geröstet, ganz": "linke Hälfte, 13 von 27 Stück, 14 in die Schokolade",
        "Matcha": "gestäubt, als Ring",
        "Pekannusshälften": "rechte Hälfte, 7 Stück, 1 von Hand gelegt",
        "Schwarzer Sesam": "als Zahl 7, 1.333 Stück",
    }


def test_a_print_lies_in_the_middle_and_has_no_pieces(bar: Family) -> None:
    design = Design(bar.key, bar.version, "dark_60").adding("transfer_print", "decorations", 600)
    assert list(lines(design, bar, "en").values()) == ["in the middle"]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_each_pattern_has_words_of_its_own(locale: str) -> None:
    patterns = (*PATTERNS, *(LETTER + sign for sign in LETTERS))
    assert len({pattern_words(pattern, locale) for pattern in patterns}) == len(patterns)
