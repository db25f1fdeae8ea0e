"""The studio over real HTTP: the form is the design, with scripts and without."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from configurator import designs, models
from configurator.catalogue import families
from configurator.catalogue.publishing import publish
from configurator.domain.design import Design
from configurator.pictures.previews import share_url
from configurator.studio import changes
from tests import loaded
from tests.configurator.page_forms import buttons_of, sent_by

LIVE: Mapping[str, str] = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def opened(client: Client) -> str:
    """The studio's page as it opens."""
    return page_of(client, "/studio/bar-100/")


def page_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def address_after(response: Any) -> str:
    assert response.status_code == 302
    address: str = response["Location"]
    return address.partition("?")[0]


def address_in(page: str) -> str:
    return f"/studio/bar-100/{sent_by(page)['shown'][0]}/"


def design_at(address: str) -> Design:
    return designs.find(address.rstrip("/").rpartition("/")[2]).value


def card_of(page: str, module: str) -> str:
    card = re.search(rf'<li class="module[^>]*id="card-{module}".*?</li>', page, re.DOTALL)
    assert card
    return unescape(card[0])


def changed(form: dict[str, list[str]], **changes: str | list[str]) -> dict[str, str | list[str]]:
    return {**form, **changes}


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────


def test_the_studio_never_opens_empty(client: Client) -> None:
    design = design_at(address_after(client.get("/studio/bar-100/")))
    assert design.base == "milk_37"
    assert [choice.module for choice in design.choices] == [
        "rice_puffed",
        "hazelnut_whole",
        "raspberry_fd",
        "sea_salt_flakes",
    ]


@pytest.mark.parametrize("family", ["bar-100", "mini-40", "heart-80", "slab-250"])
def test_the_bar_that_the_studio_opens_with_can_be_ordered(client: Client, family: str) -> None:
    design = design_at(address_after(client.get(f"/studio/{family}/")))
    assert designs.review(design, families.current_family(family), "en").problems == ()


def test_picture_price_and_label_stand_on_the_page(opened: str) -> None:
    assert re.search(r'src="/p/[0-9a-f]{64}/600\?v=[0-9a-f]{12}"', opened)
    assert '<span class="price price--large" id="total">€7.03</span>' in opened
    assert "€70.30/kg, incl. VAT" in opened
    assert "<strong>hazelnuts</strong>" in opened
    assert "Nutrition declaration" in opened
    assert '<p class="label__net">100 g</p>' in opened
    assert "It is made in zone O" in opened


def test_a_module_says_its_grams_price_taste_and_allergens_before_it_is_chosen(opened: str) -> None:
    card = card_of(opened, "toppings-almond_whole")
    assert "nutty, roasted, crunchy" in card
    assert "12\u00a0g" in card
    assert "+€0.70" in card
    assert "Contains almonds" in card


def test_the_picture_is_described_in_words(opened: str) -> None:
    assert (
        'alt="Bar, 100 g: Milk chocolate 37 %. Puffed rice: mixed in. '
        "Roasted hazelnuts, whole: scattered, 12 pieces. Freeze-dried raspberry pieces: scattered, 42 pieces. "
        'Sea salt flakes: scattered, 50 pieces."'
    ) in opened


def test_an_address_opens_the_same_bar_again(client: Client) -> None:
    address = address_after(client.get("/studio/bar-100/"))
    assert sent_by(page_of(client, address)) == sent_by(page_of(Client(), address))


@pytest.mark.parametrize(
    "address",
    ["/studio/pie/", "/studio/bar-100/" + "0" * 64 + "/", "/studio/bar-100/abc/", "/d/" + "0" * 64 + "/"],
)
def test_an_unknown_address_is_not_found_in_words(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_design_opens_only_under_its_own_size(client: Client) -> None:
    address = address_after(client.get("/studio/bar-100/"))
    assert client.get(address.replace("bar-100", "mini-40")).status_code == 404


# ── Changing, by plain posts ─────────────────────────────────────────────────────────────────────


def test_the_form_sent_as_it_is_is_the_same_design(client: Client, opened: str) -> None:
    form = sent_by(opened)
    assert design_at(address_after(client.post("/studio/bar-100/", form))).digest == form["shown"][0]


@pytest.mark.both_databases
@pytest.mark.parametrize("sign", ["\0", "🍫", "'", "x" * 5000])
def test_stray_signs_in_a_forged_form_break_nothing(client: Client, opened: str, sign: str) -> None:
    form = sent_by(opened)
    assert client.post("/studio/bar-100/", changed(form, size=sign)).status_code == 404
    live = client.post("/studio/bar-100/", changed(form, shown=sign, name="Ada"), headers=LIVE)
    assert live.status_code == 200
    assert design_at(live["HX-Push-Url"]).name == "Ada"


def test_a_newly_chosen_module_gets_its_usual_dose(client: Client, opened: str) -> None:
    form = sent_by(opened)
    posted = client.post("/studio/bar-100/", changed(form, toppings=[*form["toppings"], "almond_whole"]))
    assert [c.mg for c in design_at(address_after(posted)).choices if c.module == "almond_whole"] == [12_000]


def test_a_newly_chosen_module_gets_what_room_is_left(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), ingredients=["rice_puffed", "caramel_salted"])
    form |= {"dose-ingredients-caramel_salted": "10000", "toppings": ["hazelnut_whole", "walnut_halves"]}
    form |= {"dose-toppings-hazelnut_whole": "18000"}
    design = design_at(address_after(client.post("/studio/bar-100/", form)))
    assert [c.mg for c in design.choices if c.module == "walnut_halves"] == [6_000]


def test_unchecking_takes_a_module_out(client: Client, opened: str) -> None:
    posted = client.post("/studio/bar-100/", changed(sent_by(opened), toppings=["raspberry_fd"]))
    assert [c.module for c in design_at(address_after(posted)).in_slot("toppings")] == ["raspberry_fd"]


def test_a_remove_button_takes_a_module_out(client: Client, opened: str) -> None:
    posted = client.post("/studio/bar-100/", changed(sent_by(opened), remove="toppings:raspberry_fd"))
    assert not design_at(address_after(posted)).has("raspberry_fd")


def test_scattering_anew_changes_only_the_places(client: Client, opened: str) -> None:
    form = sent_by(opened)
    before = designs.find(form["shown"][0]).value
    after = design_at(address_after(client.post("/studio/bar-100/", changed(form, scatter="1"))))
    assert after == before.scattered(before.seed + 1)


def test_another_size_keeps_the_proportions(client: Client, opened: str) -> None:
    posted = client.post("/studio/bar-100/", changed(sent_by(opened), size="mini-40"))
    design = design_at(address_after(posted))
    assert design.family == "mini-40"
    assert [c.mg for c in design.choices if c.module == "hazelnut_whole"] == [4_800]


def test_another_size_says_that_what_was_laid_by_hand_lies_anew(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), move="toppings:hazelnut_whole:0:300:300:0", size="mini-40")
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert "In the new size, what was laid by hand lies where it falls by itself." in page


def test_enter_in_the_name_only_updates_the_bar(opened: str) -> None:
    assert buttons_of(opened)[0] == ""


def test_a_search_without_scripts_hides_cards_and_loses_no_choice(client: Client, opened: str) -> None:
    posted = client.post("/studio/bar-100/", changed(sent_by(opened), q="walnut", step="toppings"))
    assert posted["Location"].endswith("/?q=walnut&step=toppings")
    page = page_of(client, posted["Location"])
    assert sent_by(page)["toppings"] == ["hazelnut_whole", "raspberry_fd", "sea_salt_flakes"]
    cards = re.findall(r'<li class="module[^>]*>', page)
    assert {re.search(r'id="card-([\w-]+)"', card)[1] for card in cards if " hidden " not in card} == {  # type: ignore[index]
        "ingredients-walnut_halves",
        "toppings-walnut_halves",
    }


def test_a_bar_without_a_name_says_so_and_cannot_be_ordered_yet(client: Client, opened: str) -> None:
    page = page_of(client, client.post("/studio/bar-100/", changed(sent_by(opened), name=""))["Location"])
    assert "Give your bar a name." in page
    assert '<button class="button button--primary" id="add" disabled' in page


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"name": ""}, "#name"),
        ({"wrapper-text": "x" * 121}, "?step=paper#wrapper-text"),
        ({"decorations": "choc_plaque", "inscription": "x" * 41}, "?step=paper#inscription"),
        ({"base": ""}, "#bar"),
    ],
)
def test_a_problem_leads_to_the_field_that_cures_it_and_is_told_there(
    client: Client, opened: str, fields: dict[str, str], address: str
) -> None:
    page = page_of(client, client.post("/studio/bar-100/", changed(sent_by(opened), **fields))["Location"])
    found = re.search(r'class="order-bar__problem"><a href="([^"]*)"><span>(.*?)</span></a>', page)
    assert found
    assert found[1] == address
    field = address.partition("#")[2]
    if field != "bar":
        assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-error', page)
        assert re.search(rf'id="{field}-error"[^>]*>{re.escape(found[2])}</p>', page)


def test_a_problem_offers_its_cure(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), ingredients=["popping_candy", "caramel_salted"], toppings=[])
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert "Popping candy goes flat beside anything moist or oily. Choose one or the other." in page
    assert 'form="design" name="repair" value="-ingredients:popping_candy"' in page
    cured = changed(sent_by(page), repair="-ingredients:popping_candy")
    design = design_at(address_after(client.post("/studio/bar-100/", cured)))
    assert [choice.module for choice in design.choices] == ["caramel_salted"]


def test_a_blocked_module_says_why(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), ingredients=["caramel_salted"], toppings=[])
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    card = card_of(page, "ingredients-popping_candy")
    assert 'aria-disabled="true"' in card
    assert "Popping candy goes flat beside anything moist or oily." in card


def test_a_blocked_module_can_take_the_place_of_the_one_in_its_way(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), ingredients=["caramel_salted"], toppings=[])
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert "Take it instead of Soft salted caramel pieces" in card_of(page, "ingredients-popping_candy")
    exchanged = changed(sent_by(page), instead="ingredients:caramel_salted ingredients:popping_candy")
    design = design_at(address_after(client.post("/studio/bar-100/", exchanged)))
    assert [choice.module for choice in design.choices] == ["popping_candy"]


def test_a_base_can_take_the_place_of_what_does_not_suit_it(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), base="dark_60", decorations=["bronze_lustre"])
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert 'value="decorations:bronze_lustre base:white_32"' in card_of(page, "base-white_32")
    exchanged = changed(sent_by(page), instead="decorations:bronze_lustre base:white_32")
    design = design_at(address_after(client.post("/studio/bar-100/", exchanged)))
    assert (design.base, design.in_slot("decorations")) == ("white_32", ())


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"toppings": "gravel"}, "gravel is not one of the available choices"),
        ({"base": "concrete"}, "concrete is not one of the available choices"),
        (
            {"dose-toppings-raspberry_fd": "lots"},
            "The amount of an ingredient could not be read. Choose it again.",
        ),
        ({"seed": "-3"}, "greater than or equal to 0"),
    ],
)
def test_a_forged_form_is_refused_in_words(
    client: Client, opened: str, field: dict[str, str], words: str
) -> None:
    response = client.post("/studio/bar-100/", changed(sent_by(opened), **field), follow=True)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_more_things_than_any_bar_takes_are_refused_before_anything_is_drawn(
    client: Client, opened: str
) -> None:
    everything = [module.key for module in families.current_family("bar-100").seats["toppings"]]
    response = client.post("/studio/bar-100/", changed(sent_by(opened), toppings=everything), follow=True)
    page = unescape(response.content.decode())
    assert "That is too much at once: no bar takes more than 24 things. Untick some." in page
    assert design_at(response.redirect_chain[-1][0].partition("?")[0]) == design_at(address_in(opened))


def test_an_overlong_name_is_a_problem_and_stays_as_typed(client: Client, opened: str) -> None:
    page = page_of(
        client, client.post("/studio/bar-100/", changed(sent_by(opened), name="x" * 31))["Location"]
    )
    assert "The name has 31 characters, the wrapper has room for 30." in page
    assert f'value="{"x" * 31}"' in page


def test_a_name_is_text_never_markup(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), name="<script>alert(1)</script>")
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"place-piece": "", "place-x": "12.5"}, "Choose the piece that you want to lay."),
        ({"place-x": "", "place-y": "7"}, "Write both distances in millimetres, such as 42.5."),
        ({"place-x": "12.5", "place-y": "7", "place-turn": "half"}, "The turn is a whole number of degrees"),
    ],
)
@pytest.mark.parametrize("headers", [{}, LIVE])
def test_a_mistake_in_laying_a_piece_loses_nothing_that_was_typed(
    client: Client, opened: str, typed: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    placing = {"place": "1", "place-piece": "toppings:hazelnut_whole:0", **typed}
    form = changed(sent_by(opened), name="Ada", toppings=["hazelnut_whole"], **placing)
    response = client.post("/studio/bar-100/", form, headers=headers, follow=True)
    page = response.content.decode()
    told = sent_by(page)
    design = designs.find(re.findall(r'name="shown" value="(\w+)"', page)[0]).value
    assert (design.name, [choice.module for choice in design.in_slot("toppings")]) == (
        "Ada",
        ["hazelnut_whole"],
    )
    assert f'id="placing-error">{words}' in page
    assert page.count('aria-invalid="true"') == 1
    assert {name: told.get(name, [""]) for name in typed} == {name: [value] for name, value in typed.items()}


def test_another_change_leaves_the_typed_place_of_a_piece_alone(client: Client, opened: str) -> None:
    typed = {"place-piece": "toppings:hazelnut_whole:0", "place-x": "12.5"}
    live = client.post("/studio/bar-100/", changed(sent_by(opened), name="Ada", **typed), headers=LIVE)
    told = sent_by(live.content.decode())
    assert {name: told[name] for name in typed} == {name: [value] for name, value in typed.items()}


# ── Changing, live ───────────────────────────────────────────────────────────────────────────────


def test_live_and_plain_give_the_same_design(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), toppings=["walnut_halves", "cranberry_dried"], name="Zoë")
    plain = address_after(client.post("/studio/bar-100/", form))
    live = client.post("/studio/bar-100/", form, headers=LIVE)
    assert live["HX-Push-Url"] == plain


def test_a_live_answer_brings_only_what_looks_different(client: Client, opened: str) -> None:
    form = sent_by(opened)
    live = client.post(
        "/studio/bar-100/", changed(form, toppings=["hazelnut_whole", "raspberry_fd"]), headers=LIVE
    )
    answer = live.content.decode()
    assert re.findall(r'<li class="module[^>]*id="card-([\w-]+)"', answer) == ["toppings-sea_salt_flakes"]
    assert "Sea salt flakes removed. €6.90. The bar is complete." in answer


def test_the_news_name_the_change_the_price_and_what_is_missing(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), name="", base="dark_60")
    answer = client.post("/studio/bar-100/", form, headers=LIVE).content.decode()
    assert "Base: Dark chocolate 60 %. The name is gone. €7.03. Give your bar a name." in answer


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"face": "moulded"}, "Face: Moulded, with segments."),
        ({"pattern-toppings-hazelnut_whole": "heart"}, "Roasted hazelnuts, whole: as a heart."),
        (
            {"move": "toppings:hazelnut_whole:0:305:300:45"},
            "Roasted hazelnuts, whole: 30.5 mm from the left, 30 mm from the top, turned by 45°.",
        ),
        (
            {"move": ["toppings:hazelnut_whole:0:300:300:0", "toppings:hazelnut_whole:1:600:300:0"]},
            "2 pieces laid by hand.",
        ),
        ({"wrapper": "stripes"}, "Wrapper: Stripes."),
        ({"wrapper-text": "for Ada"}, "Words on the wrapper: for Ada."),
        ({"inscription": "Well done"}, "Words on the chocolate: Well done."),
    ],
)
def test_the_news_tell_every_kind_of_change(
    client: Client, opened: str, fields: dict[str, str], words: str
) -> None:
    first = client.post("/studio/bar-100/", changed(sent_by(opened), **fields), headers=LIVE)
    news = news_of(first)
    assert news == f"{words} €7.03. The bar is complete."


def test_what_changes_nothing_is_no_news(client: Client, opened: str) -> None:
    unknown = changed(sent_by(opened), **{"wrapper-photo": f"{'a' * 64}:0:0:9:9"})
    assert news_of(client.post("/studio/bar-100/", unknown, headers=LIVE)) == ""


def test_what_is_laid_by_hand_is_put_back_with_a_word(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), move="toppings:hazelnut_whole:0:300:300:0")
    moved = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert "1 laid by hand: put it back" in moved
    back = client.post(
        "/studio/bar-100/", changed(sent_by(moved), unmove="toppings:hazelnut_whole"), headers=LIVE
    )
    assert news_of(back) == "1 piece put back. €7.03. The bar is complete."


def news_of(live: Any) -> str:
    told = re.search(r'<p id="news"[^>]*>(.*?)</p>', live.content.decode())
    assert told
    return unescape(told[1])


def test_the_same_design_again_makes_no_new_address(client: Client, opened: str) -> None:
    assert "HX-Push-Url" not in client.post("/studio/bar-100/", sent_by(opened), headers=LIVE).headers


def test_another_size_opens_its_own_page(client: Client, opened: str) -> None:
    live = client.post("/studio/bar-100/", changed(sent_by(opened), size="mini-40"), headers=LIVE)
    assert live["HX-Redirect"].startswith("/studio/mini-40/")


def test_more_changes_than_a_person_can_make_have_to_wait(
    client: Client, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "CHANGES_A_MINUTE", 2)
    form = sent_by(opened)
    assert [client.post("/studio/bar-100/", form).status_code for _ in range(3)] == [302, 302, 429]


# ── What it costs, and what it keeps to itself ───────────────────────────────────────────────────


def test_the_page_costs_three_queries(
    client: Client, opened: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = address_after(client.get("/studio/bar-100/"))
    with django_assert_num_queries(3):
        client.get(address)


def test_a_live_change_costs_a_handful_of_queries(
    client: Client, opened: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The families; the bar shown, who may see it, the one asked for; its creation, read and moved on; its step."""
    form = changed(sent_by(opened), toppings=["walnut_halves"])
    client.post("/studio/bar-100/", form, headers=LIVE)
    live = client.post("/studio/bar-100/", form | {"name": "Ada"}, headers=LIVE)
    form |= {"creation": live["X-Creation"], "shown": design_at(live["HX-Push-Url"]).digest}
    with django_assert_num_queries(7):
        client.post("/studio/bar-100/", form, headers=LIVE)


# ── Older designs ────────────────────────────────────────────────────────────────────────────────


def test_an_older_design_keeps_what_is_no_longer_sold_and_says_what_helps(client: Client) -> None:
    address = address_after(client.get("/studio/bar-100/"))
    models.Module.objects.filter(key__in=["raspberry_fd", "milk_37"]).update(retired=True)
    models.Module.objects.filter(key="hazelnut_whole").update(surcharge_cents=95)
    publish("bar-100", at=now())
    page = page_of(client, address)
    form = sent_by(page)
    assert "raspberry_fd" in form["toppings"]
    assert form["base"] == ["milk_37"]
    assert page.count("no longer sold") == 2
    assert "We no longer have Freeze-dried raspberry pieces. Choose something else." in unescape(page)
    assert "This bar cost €7.03 when it was designed; today it costs €7.23." in page
    assert '<button class="button button--primary" id="add" disabled' in page
    for beginning in ("-toppings:raspberry_fd", "base:"):
        edits = next(edits for edits in repairs_in(page) if edits.startswith(beginning))
        repaired = client.post("/studio/bar-100/", changed(sent_by(page), repair=edits))
        page = page_of(client, repaired["Location"])
    assert "no longer sold" not in page
    assert 'id="add" disabled' not in page


def repairs_in(page: str) -> list[str]:
    return re.findall(r'name="repair" value="([^"]+)"', page)


def test_what_was_made_with_a_retired_module_can_be_changed_and_undone(client: Client) -> None:
    address = address_after(client.get("/studio/bar-100/"))
    models.Module.objects.filter(key="raspberry_fd").update(retired=True)
    publish("bar-100", at=now())
    page = page_of(client, address)
    start = sent_by(page)["shown"]
    page = page_of(client, client.post("/studio/bar-100/", changed(sent_by(page), name="Ada"))["Location"])
    assert "raspberry_fd" in sent_by(page)["toppings"]
    page = page_of(client, client.post("/studio/bar-100/", changed(sent_by(page), undo="1"))["Location"])
    assert sent_by(page)["shown"] == start


@pytest.mark.parametrize("forged", ["ä:ö", "toppings", "a:b c:d", "::"])
@pytest.mark.parametrize("button", ["why", "remove", "instead", "unmove"])
def test_a_forged_button_changes_nothing(client: Client, opened: str, button: str, forged: str) -> None:
    form = changed(sent_by(opened), **{button: forged})
    assert address_after(client.post("/studio/bar-100/", form)) == address_in(opened)


def test_a_forged_move_changes_nothing_that_is_drawn(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), move=["toppings:nowhere:0:1:1:0", "roof:hazelnut_whole:0:1:1:0"])
    for headers in ({}, LIVE):
        assert client.post("/studio/bar-100/", form, headers=headers).status_code in {200, 302}


def test_an_unknown_step_opens_the_first_shelf(client: Client, opened: str) -> None:
    assert sent_by(page_of(client, f"{address_in(opened)}?step=roof"))["step"] == ["base"]
    assert sent_by(page_of(client, f"{address_in(opened)}?step=paper"))["step"] == ["paper"]


# ── Sharing, and the code on the pack ────────────────────────────────────────────────────────────


def test_a_shared_page_shows_the_same_picture_and_price_to_anybody(client: Client, opened: str) -> None:
    digest = sent_by(opened)["shown"][0]
    page = page_of(Client(), f"/d/{digest}/")
    assert f'<meta property="og:image" content="http://127.0.0.1:8000{share_url(digest)}">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'src="/p/{digest}/600?v=' in page
    assert "€7.03" in page
    assert f'href="/studio/bar-100/{digest}/">Make it mine</a>' in page


def test_a_shared_page_tells_all_that_is_made_and_printed(client: Client, opened: str) -> None:
    form = changed(
        sent_by(opened),
        face="moulded",
        decorations=["choc_plaque"],
        inscription="Well done",
        wrapper="stripes",
        **{"wrapper-text": "for Ada", "pattern-toppings-hazelnut_whole": "heart"},
    )
    digest = design_at(address_after(client.post("/studio/bar-100/", form))).digest
    page = unescape(page_of(Client(), f"/d/{digest}/"))
    assert f'src="/p/{digest}/wrapped-600?v=' in page
    told = " ".join(re.sub(r"<[^>]+>", " ", page.partition('<ul class="shared__parts">')[2]).split())
    assert told.startswith(
        "Milk chocolate 37 % Puffed rice 6 g · mixed in Roasted hazelnuts, whole 12 g · as a heart, 12 pieces "
    )
    assert (
        "in the middle, 1 piece Face Moulded, with segments Words on the chocolate Well done "
        "Wrapper Stripes Words on the wrapper for Ada "
    ) in told


def test_a_bar_without_a_name_has_no_name_beside_its_picture(client: Client, opened: str) -> None:
    page = page_of(client, client.post("/studio/bar-100/", changed(sent_by(opened), name=""))["Location"])
    assert 'alt="The bar beside its wrapper, which has no name yet"' in page


def test_the_code_on_the_pack_finds_its_bar(client: Client, opened: str) -> None:
    design = designs.find(sent_by(opened)["shown"][0])
    typed = f" {design.code.lower().replace('-', ' ')} "
    page = client.post("/c/", {"code": typed}, follow=True)
    assert page.request["PATH_INFO"] == f"/c/{design.code}/"
    assert f'href="/d/{design.digest}/"' in page.content.decode()


def test_a_mistyped_code_is_told_and_kept(client: Client, opened: str) -> None:
    code = designs.find(sent_by(opened)["shown"][0]).code
    wrong = ("3" if code[0] == "2" else "2") + code[1:]
    response = client.post("/c/", {"code": wrong})
    assert response.status_code == 422
    page = response.content.decode()
    assert "One sign of this code seems to be mistyped." in page
    assert f'value="{wrong}"' in page


def test_a_code_that_nobody_has_is_told(client: Client) -> None:
    code = Design("bar-100", "nowhere", name="never kept").code
    response = client.post("/c/", {"code": code})
    assert response.status_code == 422
    assert "No bar has this code." in response.content.decode()


def test_no_code_at_all_is_told(client: Client) -> None:
    response = client.post("/c/", {"code": ""})
    assert "Type the code that is printed under the barcode on the pack." in response.content.decode()


def test_without_scripts_the_form_is_ordered_as_it_stands(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), name="Changed", toppings=["almond_whole"], order="1")
    response = client.post("/studio/bar-100/", form)
    assert response.status_code == 307
    client.post(response["Location"], form)
    cart = client.get("/cart/").content.decode()
    assert "Changed" in cart
    assert "almonds" in cart


def test_a_form_that_cannot_be_ordered_yet_says_why(client: Client, opened: str) -> None:
    form = changed(sent_by(opened), name="", order="1")
    page = page_of(client, client.post("/studio/bar-100/", form)["Location"])
    assert "Give your bar a name." in page
