from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment


def test_an_empty_variable_counts_as_absent() -> None:
    env = Environment({"KEY": "  "})
    assert env.text("KEY", "default") == "default"
    assert env.number("KEY", 7) == 7
    assert env.flag("KEY", default=True) is True
    assert env.words("KEY") == []


def test_several_words_are_separated_by_commas() -> None:
    assert Environment({"HOSTS": "a.example, b.example,"}).words("HOSTS") == ["a.example", "b.example"]


@pytest.mark.parametrize(("word", "meaning"), [("1", True), ("Yes", True), ("off", False), ("FALSE", False)])
def test_a_flag_reads_the_usual_words(word: str, meaning: bool) -> None:
    assert Environment({"KEY": word}).flag("KEY", default=not meaning) is meaning


@pytest.mark.parametrize(
    ("read", "word", "sentence"),
    [
        (lambda env: env.required("KEY", "it signs"), "", "KEY is not set: it signs."),
        (lambda env: env.flag("KEY", default=True), "maybe", "KEY is 'maybe': write true or false."),
        (lambda env: env.number("KEY", 1), "-3", "KEY is '-3': write a whole number."),
        (
            lambda env: env.choice("KEY", ("hot", "cold"), "hot"),
            "warm",
            "KEY is 'warm': choose one of hot, cold.",
        ),
        (
            lambda env: env.time_zone("KEY", "Europe/Berlin"),
            "../Mars",
            "KEY is '../Mars': write a time zone such as Europe/Berlin.",
        ),
    ],
)
def test_a_mistake_is_refused_by_name_with_the_way_out(
    read: Callable[[Environment], object], word: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(Environment({"KEY": word}))
    assert str(refused.value) == sentence
