"""The shop speaks German throughout; bin/lint asks besides that no sentence is missing."""

from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

GERMAN = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"


def test_every_sentence_has_its_german_and_none_is_a_guess() -> None:
    with GERMAN.open("rb") as file:
        messages = [message for message in read_po(file, locale="de") if message.id]
    assert len(messages) > 400
    assert [message.id for message in messages if message.fuzzy] == []
    assert [message.id for message in messages if not all(_forms(message.string))] == []


def test_every_sentence_keeps_its_places_for_names_and_numbers() -> None:
    with GERMAN.open("rb") as file:
        messages = [
            message for message in read_po(file, locale="de") if message.id and not message.pluralizable
        ]
    assert [message.id for message in messages if list(message.check()) != []] == []


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ("",))
