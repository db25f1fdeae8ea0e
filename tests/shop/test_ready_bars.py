"""The ready bars as they are written down."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.test.utils import captured_stdout
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.catalogue.families import current_families, current_family
from configurator.catalogue.publishing import publish
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.models import Design as DesignRow
from configurator.models import Ingredient, Module
from shop.models import ReadyBar
from shop.ready_bars import facts, load_written


@pytest.fixture
def catalogue(db: None) -> None:
    call_command("load_catalogue", verbosity=0)


@pytest.fixture
def family(catalogue: None) -> Family:
    return current_family("bar-100")


def test_every_written_bar_can_be_made(catalogue: None) -> None:
    assert load_written() == 22
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
    assert said.getvalue() == "22 ready bars\n"


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


def test_a_new_catalogue_brings_the_ready_bars_up_to_date(catalogue: None, client: Client) -> None:
    load_written()
    Module.objects.filter(key="rose_petals").update(retired=True)
    Module.objects.filter(key="almond_whole").update(surcharge_cents=99)
    Ingredient.objects.filter(key="dark_60").update(vegan=False)
    for key in ("bar-100", "mini-40", "heart-80", "slab-250"):
        publish(key, at=timezone.now())
    for page in ("1", "2", "1", "2"):  # what leaves the shelf moves others to an earlier page
        client.get(f"/bars/?page={page}")
    on_sale = ReadyBar.objects.filter(published=True).select_related("design")
    today = {family.version for family in current_families()}
    assert {bar.design.family_version_id for bar in on_sale} <= today
    assert not any(bar.design.value.has("rose_petals") for bar in on_sale)
    assert 0 < len(on_sale) < 22
    assert not any("vegan" in bar.tags for bar in on_sale if bar.design.value.base == "dark_60")


def test_bringing_up_to_date_happens_once(
    catalogue: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_written()
    client.get("/bars/")
    with django_assert_num_queries(3):
        client.get("/bars/")
