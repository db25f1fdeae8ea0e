"""The code on a pack gives the same bar again, or says exactly what has changed since."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client
from django.utils import timezone

from configurator import designs
from configurator.catalogue.publishing import publish
from configurator.domain import codes
from configurator.domain.design import read_codes
from configurator.models import Design as DesignRow
from configurator.models import Ingredient as IngredientRow
from configurator.models import Module as ModuleRow
from orders import stock
from orders.models import CartLine
from tests.configurator.people import Person
from tests.orders import paid

SAME = "Nothing has changed: the same recipe, the same picture, the same price."


@pytest.fixture
def pack(ada_bar):
    """Ada's bar was paid for; its pack lies on her table."""
    paid.paid_order((ada_bar, 1), at=timezone.now())
    return ada_bar


def page_of(client: Client, code: str) -> str:
    return unescape(client.get(f"/c/{code}/", follow=True).content.decode())


def in_cart():
    return CartLine.objects.filter(cart__order=None)


def changed(page: str) -> list[str]:
    found = re.search(r'id="changed-title">.*?<ul>(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


def put_in_cart(client: Client, page: str, code: str, **typed: object) -> str:
    seen = re.search(r'name="seen" value="(\w+)"', page)
    form = {"quantity": 1, "seen": seen[1] if seen else "", **typed}
    return unescape(client.post(f"/c/{code}/cart/", form, follow=True).content.decode())


def published(days_ago: int = 40, **almonds: object) -> None:
    ModuleRow.objects.filter(key="almond_whole").update(**almonds)
    publish("bar-100", at=timezone.now() - timedelta(days=days_ago))
    DesignRow.objects.update(created_at=timezone.now() - timedelta(days=400))


# ── Reading the code ─────────────────────────────────────────────────────────────────────────────


def test_capitals_spaces_and_dashes_do_not_matter(client, pack):
    for typed in (pack.code.lower(), pack.code.replace("-", " "), f" {pack.code.replace('-', '')} "):
        answer = client.post("/c/", {"code": typed}, follow=True)
        assert SAME in answer.content.decode(), typed
        assert answer.request["PATH_INFO"] == f"/c/{pack.code}/"


def test_a_sign_that_looks_like_another_is_read_as_the_other_and_the_page_says_so(client, pack):
    bodies = (codes.checked(body) for body in ("2Q4B5S6G89", "ZVQ2345678"))
    for code in bodies:
        DesignRow.objects.filter(digest=pack.digest).update(code=f"{code[:5]}-{code[5:10]}-{code[10:]}")
        typed = code.replace("Q", "0", 1)
        page = page_of(client, typed)
        assert f"No bar has the code {typed}. We have read it as {code[:5]}-" in page
        assert SAME in page


def test_letters_that_no_code_has_and_no_look_alikes_are_explained(client, pack):
    page = client.post("/c/", {"code": "ÄÖÜ-ß-?!"})
    assert page.status_code == 422
    assert "One sign of this code seems to be mistyped." in page.content.decode()


@pytest.mark.parametrize("typed", ["", "2", "2" * 40, "O" * 11, "1" * 10, "²" * 11])
def test_whatever_is_typed_few_readings_are_tried(typed):
    assert len(read_codes(typed)) <= 60


def test_a_code_that_nobody_has_is_told_at_its_address_too(client, catalogue):
    body = codes.checked("2222222222")
    answer = client.get(f"/c/{body}/")
    assert answer.status_code == 404
    assert "No bar has this code. Compare it with the pack once more." in answer.content.decode()


def test_codes_cannot_be_tried_out(client, pack):
    tried = [client.get(f"/c/{codes.checked('2222222222')}/").status_code for _one in range(31)]
    assert tried[:30] == [404] * 30
    assert tried[30] == 429
    assert client.get(f"/c/{pack.code}/").status_code == 429
    assert client.post("/c/", {"code": pack.code}).status_code == 429
    assert client.post(f"/c/{pack.code}/cart/", {"quantity": 1}).status_code == 429


def test_a_phone_that_speaks_german_is_led_to_the_german_page(client, pack):
    answer = client.get(f"/c/{pack.code}/", headers={"accept-language": "de"})
    assert answer["Location"] == f"/de/c/{pack.code}/"


# ── Who may have it ──────────────────────────────────────────────────────────────────────────────


def private(design):
    creation = Person("ada").designs(design, start=design.named("Before"))
    creation.visibility = "private"
    creation.save()


def test_what_is_private_and_was_ordered_may_be_had_again_by_whoever_holds_the_pack(client, pack):
    private(pack)
    assert client.get(f"/d/{pack.digest}/").status_code == 404
    page = page_of(client, pack.code)
    assert SAME in page
    assert f"/d/{pack.digest}/" not in page
    assert "Your bar is in the cart." in put_in_cart(client, page, pack.code)
    assert in_cart().get().design_id == pack.digest


def test_what_is_private_and_was_never_on_a_pack_has_no_code_for_others(client, ada_bar):
    private(ada_bar)
    assert client.get(f"/c/{ada_bar.code}/").status_code == 404
    assert client.post(f"/c/{ada_bar.code}/cart/", {"quantity": 1}).status_code == 404
    assert "No bar has this code." in client.post("/c/", {"code": ada_bar.code}).content.decode()
    assert in_cart().count() == 0


def test_the_photo_of_whoever_brought_it_stays_with_them(client, catalogue):
    with_photo = paid.with_photo_print(paid.design())
    paid.paid_order((with_photo, 1), at=timezone.now())
    page = page_of(client, with_photo.code)
    assert changed(page)[-1].startswith("The photo: it is printed for whoever brought it.")
    put_in_cart(client, page, with_photo.code)
    assert in_cart().get().design.value.photos == ()


def test_whoever_has_the_page_of_the_order_has_the_photo_too(client, catalogue):
    with_photo = paid.with_photo_print(paid.design())
    order = paid.paid_order((with_photo, 1), at=timezone.now())
    client.get(f"/orders/{order.token}/")
    page = page_of(client, with_photo.code)
    assert SAME in page
    put_in_cart(client, page, with_photo.code)
    assert in_cart().get().design_id == with_photo.digest


# ── The same, or what has changed ────────────────────────────────────────────────────────────────


def test_the_same_bar_is_put_into_the_cart(client, pack):
    page = put_in_cart(client, page_of(client, pack.code), pack.code, quantity=3)
    assert "Your bar is in the cart." in page
    line = in_cart().get()
    assert (line.design_id, line.quantity) == (pack.digest, 3)


def test_another_price_is_said_and_the_bar_is_made_as_today(client, pack):
    published(surcharge_cents=F("surcharge_cents") + 50)
    page = page_of(client, pack.code)
    assert changed(page) == ["The price: one bar costs €7.00 now; it was €6.50."]
    put_in_cart(client, page, pack.code)
    assert in_cart().get().design.value.choices == pack.choices


def test_another_label_is_said_in_words(client, pack):
    sesame = IngredientRow.objects.filter(modules__key="almond_whole")
    sesame.update(text_en="**almonds**, **sesame**", allergens=["NUT-ALM", "SES"])
    published()
    said = changed(page_of(client, pack.code))
    assert said[0] == "It contains now, and did not before: sesame."
    assert any(words.startswith("The list of ingredients reads: ") for words in said)
    assert not any("price" in words for words in said)


def test_a_retired_ingredient_is_named_with_what_comes_nearest(client, pack):
    published(retired=True)
    page = page_of(client, pack.code)
    assert "This bar cannot be made as it was" in page
    assert "An ingredient of this bar has changed or is no longer in our selection: " in page
    assert 'name="seen"' not in page
    edits = re.findall(r'name="edits" value="([^"]+)"', page)
    assert len(edits) == 3
    assert "Your bar is in the cart." in put_in_cart(client, page, pack.code, edits=edits[0])
    assert "almond_whole" not in in_cart().get().design.value.modules


def test_what_is_sold_out_is_named_with_what_comes_nearest(client, pack):
    bea = User.objects.create_superuser("bea")
    stock.count(ModuleRow.objects.get(key="almond_whole"), mg=0, by=bea, at=timezone.now())
    page = page_of(client, pack.code)
    assert "sold out at the moment." in page
    assert "instead of" in page
    assert 'name="seen"' not in page


def test_what_changed_while_the_page_was_open_is_not_put_into_the_cart(client, pack):
    page = page_of(client, pack.code)
    published(surcharge_cents=F("surcharge_cents") + 50)
    after = put_in_cart(client, page, pack.code)
    assert "Something has changed since you opened this page." in after
    assert "€7.00" in after
    assert in_cart().count() == 0


@pytest.mark.parametrize(
    "typed", [{"quantity": "0"}, {"quantity": "many"}, {"edits": "nonsense"}, {"seen": "x"}]
)
def test_nonsense_is_refused_in_words(client, pack, typed):
    page = put_in_cart(client, page_of(client, pack.code), pack.code, **typed)
    assert 'class="notice' in page
    assert in_cart().count() == 0


def test_the_order_s_page_leads_to_the_bar_again(client, ada_bar):
    order = paid.paid_order((ada_bar, 1), at=timezone.now())
    assert f'href="/c/{ada_bar.code}/"' in client.get(f"/orders/{order.token}/").content.decode()
    assert designs.find(ada_bar.digest).code == ada_bar.code


def test_a_private_bar_in_the_cart_leads_to_its_code_and_not_to_a_dead_end(pack):
    private(pack)
    client = Client()
    put_in_cart(client, page_of(client, pack.code), pack.code)
    cart = client.get("/cart/").content.decode()
    for address in re.findall(r'href="(/cart/bars/[^"]+)"', cart):
        answer = client.get(address, follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, f"/c/{pack.code}/")
    assert "keeps it to themselves" in unescape(answer.content.decode())


def test_any_other_bar_in_the_cart_leads_to_its_page_and_to_the_studio(client, pack):
    put_in_cart(client, page_of(client, pack.code), pack.code)
    links = re.findall(r'href="(/cart/bars/[^"]+)"', client.get("/cart/").content.decode())
    assert [client.get(address)["Location"] for address in links] == [
        f"/d/{pack.digest}/",
        f"/studio/bar-100/{pack.digest}/",
    ]
    assert [Client().get(address).status_code for address in links] == [404, 404]
