"""A part of a page that is rendered once knows nothing but what tells it from others."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils.translation import override

from configurator import currency
from configurator.templatetags import once

PART = (
    "{% load once i18n bars %}{% once bar=bar word=words.0 %}"
    "{% translate 'Cart' %} {{ bar.name }} {{ bar.cents|money }} {{ word }}{{ secret }}"
    "{% endonce %}|{{ secret }}"
)


@dataclass(frozen=True)
class Bar:
    name: str
    cents: int


@dataclass(eq=False)
class Weighed:
    """It knows its weight, which the page does not show."""

    name: str
    cents: int
    mg: int

    @property
    def decisive(self) -> tuple[str, int]:
        return self.name, self.cents


def _shown(template: Template, bar: object, word: str = "", secret: str = "") -> str:
    return template.render(Context({"bar": bar, "words": [word], "secret": secret}))


@pytest.fixture
def part() -> Template:
    return Template(PART)


def test_each_value_language_and_currency_has_its_own_look(part: Template) -> None:
    assert _shown(part, Bar("Noir", 635), "new") == "Cart Noir €6.35 new|"
    assert _shown(part, Bar("<Nut>", 635)) == "Cart &lt;Nut&gt; €6.35 |"
    assert _shown(part, Bar("Noir", 700), "new") == "Cart Noir €7.00 new|"
    with override("de"), currency.override("CHF"):
        assert _shown(part, Bar("Noir", 635), "new") == "Warenkorb Noir 6,35\u00a0CHF new|"
    assert _shown(part, Bar("Noir", 635), "new") == "Cart Noir €6.35 new|"


def test_what_it_was_not_given_is_not_in_it_for_anybody(part: Template) -> None:
    assert _shown(part, Bar("Noir", 635), secret="Ada's street") == "Cart Noir €6.35 |Ada&#x27;s street"
    assert _shown(part, Bar("Noir", 635), secret="Bob's street") == "Cart Noir €6.35 |Bob&#x27;s street"


def test_the_same_is_not_rendered_again_and_says_itself_what_makes_it_the_same() -> None:
    rendered = []

    class Counted(Weighed):
        @property
        def words(self) -> str:
            rendered.append(self.mg)
            return self.name

    part = Template("{% load once %}{% once bar=bar %}{{ bar.words }}{% endonce %}")
    assert [_shown(part, Counted("Noir", 635, mg)) for mg in (1, 2)] == ["Noir", "Noir"]
    assert _shown(part, Counted("Noir", 636, 3)) == "Noir"
    assert rendered == [1, 3]


def test_something_that_nothing_tells_from_others_is_refused(part: Template) -> None:
    with pytest.raises(TypeError, match="Nothing tells <object object"):
        _shown(part, object())


def test_what_is_kept_does_not_grow_for_ever(part: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "MOST", 2)
    for cents in (100, 200, 300, 100, 200):
        assert _shown(part, Bar("Noir", cents)) == f"Cart Noir €{cents // 100}.00 |"
    [kept] = (node for node in part.nodelist if isinstance(node, once.Once))
    assert len(kept._kept) <= 2
