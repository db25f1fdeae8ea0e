"""The ready bars as they are written down."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test.utils import captured_stdout

from configurator import designs
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.families import current_family
from configurator.models import Design as DesignRow
from shop.models import ReadyBar
from shop.ready_bars import facts, load_written


@pytest.fixture
def catalogue(db: None) -> None:
    call_command("load_catalogue", verbosity=0)


@pytest.fixture
def family(catalogue: None) -> Family:
    return current_family("bar-100")


def test_every_written_bar_can_be_made(catalogue: None) -> None:
    assert load_written() == 18
    for bar in ReadyBar.objects.select_related("design"):
        assert problems(bar.design.value, designs.family_of(bar.design), "en") == ()


def test_loading_twice_changes_nothing(catalogue: None) -> None:
    load_written()
    before = list(ReadyBar.objects.values()), DesignRow.objects.count()
    load_written()
    assert (list(ReadyBar.objects.values()), DesignRow.objects.count()) == before


def test_the_command_says_how_many(catalogue: None) -> None:
    with captured_stdout() as said:
        call_command("seed_demo")
    assert said.getvalue() == "18 ready bars\n"


def test_the_command_asks_for_the_catalogue_first(db: None) -> None:
    with pytest.raises(CommandError, match="run load_catalogue first"):
        call_command("seed_demo")


def test_vegan_follows_from_the_recipe(family: Family) -> None:
    bar = Design(family.key, family.version, "dark_85").adding("chili_flakes", "toppings", 500)
    assert facts(bar, family) == ["vegan", "without-nuts"]
    assert facts(bar.adding("caramel_salted", "ingredients", 8_000), family) == []


def test_traces_of_nuts_count_as_nuts(family: Family) -> None:
    # Milk chocolate 37 % has none, but may carry hazelnuts.
    assert facts(Design(family.key, family.version, "milk_37"), family) == []


@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_ready_bar_has_its_story_in_both_languages(catalogue: None, locale: str) -> None:
    load_written()
    assert all(bar.story(locale).endswith(".") for bar in ReadyBar.objects.all())
