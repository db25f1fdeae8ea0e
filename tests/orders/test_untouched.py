"""What people design and leave goes after ninety days; what hangs, is sold or was ordered stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from configurator import designs
from configurator.domain.design import Design
from configurator.makers import keeping
from configurator.models import Creation
from configurator.models import Design as DesignRow
from orders.account.untouched import Forgotten, forget
from orders.periodic import forget_untouched
from shop.models import ReadyBar
from tests.configurator.people import MONDAY, Person, bar
from tests.orders.paid import paid_order
from tests.orders.till import Buyer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

YOUNG = MONDAY + timedelta(days=89)
OLD = MONDAY + timedelta(days=91)


def kept(design: Design, **said: Any) -> Creation:
    """Of Ada, last changed on Monday."""
    creation = Person("ada").designs(design, **said)
    made_on(MONDAY)
    return creation


def made_on(day: datetime) -> None:
    DesignRow.objects.update(created_at=day)


def names() -> list[str]:
    return sorted(creation.design.name for creation in Creation.objects.select_related("design"))


def is_there(design: Design) -> bool:
    return DesignRow.objects.filter(pk=design.digest).exists()


def test_a_bar_waits_ninety_days_for_its_maker():
    kept(bar("Waiting"))
    assert forget(YOUNG) == Forgotten(0, 0)
    assert forget(OLD) == Forgotten(1, 2)
    assert not is_there(bar("Waiting"))


def test_a_change_makes_it_wait_anew():
    creation = kept(bar("Waiting"))
    keeping.rename(creation, "Renamed", locale="en", at=YOUNG)
    assert forget(OLD).creations == 0
    assert is_there(bar("Waiting")), "the step to undo"


def test_what_hangs_in_the_gallery_or_waits_for_it_stays():
    kept(bar("Hangs"), visibility="public", published_at=MONDAY, shown=designs.save(bar("Hangs")))
    kept(bar("Held"), held_at=MONDAY, shown=designs.save(bar("Held")))
    assert forget(OLD) == Forgotten(0, 0)
    assert names() == ["Hangs", "Held"]


def test_what_was_ordered_stays_and_so_does_its_design():
    paid_order((bar("Ordered"), 1))
    kept(bar("Ordered"))
    kept(bar("Not ordered"))
    assert forget(OLD).creations == 1
    assert names() == ["Ordered"]
    assert is_there(bar("Ordered"))


def test_the_pack_in_the_hand_still_leads_to_a_bar_whose_maker_deleted_it(client):
    paid_order((bar("Ordered"), 1))
    creation = kept(bar("Ordered"))
    keeping.delete(creation, at=OLD)
    assert client.get(f"/d/{bar('Ordered').digest}/").status_code == 200
    assert forget(OLD + timedelta(days=2)).creations == 1
    assert client.get(f"/d/{bar('Ordered').digest}/").status_code == 200


def test_a_deleted_bar_is_gone_after_the_day_in_which_it_can_come_back():
    creation = kept(bar("Deleted"))
    keeping.delete(creation, at=MONDAY)
    assert forget(MONDAY + timedelta(hours=23)).creations == 0
    assert forget(MONDAY + timedelta(hours=25)).creations == 1


def test_a_deleted_bar_never_answers_again(client):
    creation = kept(bar("Deleted"), past=[designs.save(bar("A step")).digest], changed_at=MONDAY)
    keeping.delete(creation, at=MONDAY)
    forget(MONDAY + timedelta(hours=25))
    for design in (bar("Deleted"), bar("A step")):
        assert client.get(f"/d/{design.digest}/").status_code == 404


def test_a_remix_outlives_what_it_was_made_of():
    original = kept(bar("Original"))
    remix = kept(bar("Remix"), start=bar("Original"), parent=original, is_remix=True, changed_at=YOUNG)
    assert forget(OLD).creations == 1
    remix.refresh_from_db()
    assert (remix.parent, remix.is_remix) == (None, True)
    assert is_there(bar("Original")), "the remix says what was changed"


def test_what_lies_in_a_cart_or_is_sold_ready_stays(client):
    in_cart, ready, step = bar("In a cart"), bar("Ready"), bar("A step")
    for design in (in_cart, ready, step):
        designs.save(design)
    Buyer(client).puts_into_cart(in_cart.digest)
    ReadyBar.objects.create(slug="r", name="R", design=designs.save(ready), story_en="R.", story_de="R.")
    kept(bar("Kept"), past=[step.digest], changed_at=YOUNG)
    designs.save(bar("Nobody's"))
    made_on(MONDAY)
    assert forget(OLD).designs == 1
    assert [is_there(design) for design in (in_cart, ready, step)] == [True, True, True]


def test_a_young_design_that_nothing_names_yet_stays():
    designs.save(bar("Shared by the API"))
    assert forget_untouched() == 0
    assert forget(timezone.now() + timedelta(days=91)) == Forgotten(0, 1)


def test_more_than_one_step_at_a_time(monkeypatch):
    monkeypatch.setattr("orders.account.untouched.AT_ONCE", 2)
    for number in range(5):
        kept(bar(f"Bar {number}"))
    assert forget(OLD) == Forgotten(5, 6), "five bars, and the one they began as"
