"""Whoever edits the catalogue types words with commas, not what programs read."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from configurator.models import Slot
from configurator.office.word_lists import WordList
from tests import loaded


def typed(words: str) -> list[str]:
    kept: list[str] = WordList(required=False).clean(words)
    return kept


def test_words_are_typed_with_commas_between() -> None:
    assert typed("nutty, dark ,crunchy\n fruity,, ") == ["nutty", "dark", "crunchy", "fruity"]
    assert typed("") == []


def test_what_was_not_touched_has_not_changed() -> None:
    field = WordList()
    assert not field.has_changed(["topping", "mix-in"], field.prepare_value(["topping", "mix-in"]))
    assert field.has_changed(["topping"], "topping, mix-in")


@pytest.mark.django_db
def test_a_slot_shows_its_kinds_as_words_and_keeps_them_as_a_list(client: Client) -> None:
    loaded.catalogue()
    client.force_login(User.objects.create_superuser("owner", password="a-password-of-the-office"))
    slot = Slot.objects.get(key="toppings")
    address = f"/admin/configurator/slot/{slot.pk}/change/"
    page = client.get(address).content.decode()
    assert 'value="topping"' in page

    form = {
        name: getattr(slot, name) for name in ("key", "name_en", "name_de", "minimum", "maximum", "position")
    }
    refused = client.post(address, {**form, "kinds": " , "}).content.decode()
    assert "This field is required." in refused
    client.post(address, {**form, "kinds": "topping, mix-in"})
    slot.refresh_from_db()
    assert slot.kinds == ["topping", "mix-in"]
