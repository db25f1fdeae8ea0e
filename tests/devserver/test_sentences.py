from pathlib import Path

import pytest

from devserver.sentences import GERMAN, without_german

HEAD = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
CHOCOLATE = 'msgid "Chocolate"\nmsgstr "Schokolade"\n\n'
BARS = 'msgid "%(count)s bar"\nmsgid_plural "%(count)s bars"\nmsgstr[0] "%(count)s Tafel"\nmsgstr[1] "{many}"\n\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for folder in ("shop", "templates/shop", GERMAN.parent):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def german(shop: Path, *entries: str) -> list[str]:
    (shop / GERMAN).write_text(HEAD + "".join(entries))
    return list(without_german(shop))


def test_a_sentence_in_code_needs_its_german(shop: Path) -> None:
    (shop / "shop" / "views.py").write_text('WORDS = _("Chocolate")\n')
    assert german(shop) == ["shop/views.py: 'Chocolate'"]
    assert german(shop, CHOCOLATE) == []


def test_a_guess_is_no_german(shop: Path) -> None:
    (shop / "shop" / "views.py").write_text('WORDS = _("Chocolate")\n')
    assert german(shop, "#, fuzzy\n", CHOCOLATE) == ["shop/views.py: 'Chocolate'"]


def test_words_for_a_script_stand_in_a_template_and_need_their_german_too(shop: Path) -> None:
    page = shop / "templates" / "shop" / "home.html"
    page.write_text("<p>\n    <b data-waiting=\"{% translate 'Chocolate' %}\"></b>\n  {{ name }}\n</p>\n")
    assert german(shop) == ["templates/shop/home.html: 'Chocolate'"]
    assert german(shop, CHOCOLATE) == []


def test_each_form_of_a_number_needs_its_german(shop: Path) -> None:
    page = shop / "templates" / "shop" / "home.html"
    page.write_text(
        "{% blocktranslate count count=3 %}{{ count }} bar{% plural %}{{ count }} bars{% endblocktranslate %}"
    )
    assert german(shop, BARS.format(many="")) == ["templates/shop/home.html: '%(count)s bar'"]
    assert german(shop, BARS.format(many="%(count)s Tafeln")) == []


def test_what_nobody_says_any_more_is_named(shop: Path) -> None:
    assert german(shop, CHOCOLATE) == ["nowhere any more: 'Chocolate'"]
