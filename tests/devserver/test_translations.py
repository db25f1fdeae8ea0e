from gettext import GNUTranslations
from pathlib import Path

from devserver.translations import compile_translations

GERMAN = """\
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Chocolate"
msgstr "Schokolade"
"""


def test_a_translation_is_compiled_once_until_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(GERMAN)
    assert compile_translations(tmp_path) == [source]
    assert compile_translations(tmp_path) == []
    with source.with_suffix(".mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("Chocolate") == "Schokolade"
