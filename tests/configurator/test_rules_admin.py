"""Staff keep the rules: without code, without JSON, and stopped before a door shuts on customers."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.families import current_family
from configurator.catalogue.publishing import publish
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.models import Constraint, Family, Module
from tests import loaded

pytestmark = pytest.mark.django_db

RULES = "/admin/configurator/constraint/"
WORDS = {"reason_en": "Too salty.", "reason_de": "Zu salzig."}


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    loaded.catalogue()


@pytest.fixture
def office(admin_client: Client) -> Client:
    return admin_client


def added(office: Client, kind: str, **fields: Any) -> str:
    answer = office.post(f"{RULES}add/", {"key": "new-rule", "kind": kind, **WORDS, **fields}, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_first_the_kind_is_chosen(office: Client) -> None:
    page = office.get(f"{RULES}add/").content.decode()
    for kind in Constraint.Kind.values:
        assert f'href="?kind={kind}"' in page


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("excludes", ["modules", "others"]),
        ("base-excludes", ["modules", "others"]),
        ("needs", ["modules", "others"]),
        ("limit", ["modules", "most"]),
        ("limit-grams", ["modules", "most"]),
        ("limit-percent", ["modules", "most"]),
        ("limit-price", ["modules", "most"]),
        ("avoid", ["allergen"]),
    ],
)
def test_the_form_asks_only_for_what_the_kind_needs(office: Client, kind: str, fields: list[str]) -> None:
    page = office.get(f"{RULES}add/?kind={kind}").content.decode()
    asked = [name for name in ("modules", "others", "most", "allergen") if f'name="{name}"' in page]
    assert asked == fields


def test_modules_are_chosen_by_name_and_kept_by_key(office: Client) -> None:
    assert "Almond slivers (almond_slivers)" in office.get(f"{RULES}add/?kind=needs").content.decode()
    added(office, "needs", modules=["almond_slivers"], others=["dark_60", "milk_37"])
    rule = Constraint.objects.get(key="new-rule")
    assert (rule.modules, rule.others) == (["almond_slivers"], ["dark_60", "milk_37"])


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("limit", "1", 1),
        ("limit-grams", "1.8", 1_800),
        ("limit-percent", "1.5", 15),
        ("limit-price", "2.5", 250),
    ],
)
def test_amounts_are_typed_as_people_say_them(office: Client, kind: str, typed: str, kept: int) -> None:
    added(office, kind, modules=["sea_salt_flakes", "salt_smoked"], most=typed)
    rule = Constraint.objects.get(key="new-rule")
    assert rule.most == kept
    page = office.get(f"{RULES}{rule.pk}/change/").content.decode()
    assert f'name="most" value="{typed}"' in page


def test_a_new_rule_holds_once_it_is_published(office: Client) -> None:
    added(office, "limit-grams", modules=["sea_salt_flakes", "salt_smoked"], most="1")
    publish("bar-100", at=timezone.now())
    family = current_family("bar-100")
    salty = Design(family.key, family.version, "dark_60", name="Salty").adding(
        "sea_salt_flakes", "toppings", 1_001
    )
    assert [problem.message for problem in problems(salty, family, "en")] == ["Too salty."]


def test_a_rule_that_shuts_a_module_out_is_not_kept(office: Client) -> None:
    page = added(office, "limit", modules=["gold_leaf", "silver_leaf"], most="1")
    assert "was added successfully" in page
    Constraint.objects.all().delete()
    page = added(office, "excludes", modules=["gold_leaf"], others=["gold_leaf", "almond_whole"])
    assert "stands on both sides and so excludes itself" in page
    assert not Constraint.objects.exists()


def test_what_is_merely_odd_is_kept_and_said(office: Client) -> None:
    page = added(office, "limit", modules=["gold_leaf", "silver_leaf"], most="2")
    assert "There are only 2 of these, so the rule is always kept." in page
    assert Constraint.objects.filter(key="new-rule").exists()


def test_the_list_of_rules_says_what_is_odd(office: Client) -> None:
    Module.objects.filter(key="bronze_lustre").update(retired=True)
    page = unescape(office.get(RULES).content.decode())
    assert "Bronze lustre powder: retired, nobody can choose it." in page


def test_renaming_and_retiring_never_break_a_rule(office: Client) -> None:
    Module.objects.filter(key="bronze_lustre").update(name_en="Copper dust", name_de="Kupferstaub")
    Module.objects.filter(key="choc_plaque").update(retired=True)
    publish("bar-100", at=timezone.now())
    family = current_family("bar-100")
    pale = Design(family.key, family.version, "white_32", name="Ada").adding(
        "bronze_lustre", "decorations", 50
    )
    assert [problem.rule for problem in problems(pale, family, "en")] == ["lustre-on-dark"]


def test_a_catalogue_that_nobody_could_choose_from_is_not_published() -> None:
    Module.objects.filter(kind="base").exclude(key__in=["white_32", "ruby_35"]).update(retired=True)
    with pytest.raises(CatalogueMistaken, match="nobody could ever choose Bronze lustre powder"):
        publish("bar-100", at=timezone.now())


def test_publishing_says_what_is_odd(office: Client) -> None:
    Module.objects.filter(key="bronze_lustre").update(retired=True)
    chosen = {"action": "publish_now", "_selected_action": [current_row("bar-100")]}
    page = unescape(office.post("/admin/configurator/family/", chosen, follow=True).content.decode())
    assert "Published:" in page
    assert "Bronze lustre powder: retired" in page


def current_row(key: str) -> int:
    return Family.objects.get(key=key).pk


def test_rules_that_staff_have_added_outlive_loading_the_files(office: Client) -> None:
    added(office, "limit-grams", modules=["sea_salt_flakes"], most="1")
    call_command("load_catalogue", verbosity=0)
    assert Constraint.objects.filter(key="new-rule").exists()


def test_only_who_may_change_rules_sees_the_form(client: Client) -> None:
    assert client.get(f"{RULES}add/").status_code == 302
