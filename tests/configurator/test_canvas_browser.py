"""The bar in the studio as one sees it, takes hold of it and hears of it."""

import gzip
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design, Move
from configurator.domain.family import Family
from configurator.models import Design as DesignRow
from tests.accessibility import violations
from tests.configurator.structural_similarity import similarity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}


# Waiting for a function would evaluate a string in the page, which its content security policy forbids.
HAND_IS_THERE = """() => new Promise((found) => {
    const look = () =>
        document.querySelector("bar-canvas").placing ? found() : requestAnimationFrame(look);
    look();
})"""


@pytest.fixture
def studio(page: Page, shop_url: str) -> Page:
    return opened(page, f"{shop_url}/studio/bar-100/")


def opened(window: Page, address: str) -> Page:
    """With a bar that one can take hold of."""
    window.goto(address)
    window.wait_for_selector(".stage--ready")
    # What takes hold of a piece comes when a hand does.
    window.mouse.move(1, 1)
    window.evaluate(HAND_IS_THERE)
    return window


def settled(window: Page) -> None:
    """The server's picture has come and stands for the bar."""
    expect(window.locator(".stage--ahead")).to_have_count(0)
    expect(window.locator("bar-preview[aria-busy]")).to_have_count(0)


def moves(window: Page) -> list[str]:
    values: list[str] = window.locator("#moves input").evaluate_all("all => all.map(input => input.value)")
    return values


def box(window: Page, selector: str) -> dict[str, float]:
    found = window.locator(selector).bounding_box()
    assert found
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def piece(window: Page, name: str) -> dict[str, float]:
    """Where a piece is on the screen, and in tenths of a millimetre on the bar."""
    found: dict[str, float] = window.evaluate(
        """name => {
            const stage = document.querySelector("bar-canvas"), drawing = stage.drawing;
            const [slot, module, index] = name.split(":");
            const heap = drawing.heaps.findIndex((one) => one.slot === slot && one.module === module);
            const piece = drawing.pieces.find((one) => one.heap === heap && one.index === Number(index));
            const box = stage.shownBox(drawing), scale = box.width / drawing.width * drawing.scale / 10;
            const at = (tenths, edge) => edge + (tenths + drawing.margin * 10) * scale;
            return { x: at(piece.x, box.left), y: at(piece.y, box.top), scale, left: piece.x, top: piece.y, turn: piece.turn };
        }""",
        name,
    )
    return found


# ── What one sees ────────────────────────────────────────────────────────────────────────────────


def twenty() -> Iterator[Design]:
    """Every base but one, every family and face, all manners of lying."""
    bar, mini, heart, slab = map(current_family, ("bar-100", "mini-40", "heart-80", "slab-250"))
    bases = [module.key for module in bar.seats[bar.base_slot.key]]
    families = [bar, mini, heart, slab, bar]
    toppings = [
        ("hazelnut_whole", "raspberry_fd", "sea_salt_flakes"),
        ("almond_whole", "cornflakes", "pink_pepper"),
        ("pecan_halves", "mango_fd", "sesame_toasted"),
        ("pistachio_chopped", "rose_petals", "cranberry_dried"),
    ]
    for number in range(20):
        family = families[number % 5]
        design = Design(family.key, family.version, bases[number % len(bases)], name="Ada", seed=number)
        for module in toppings[number % 4]:
            design = _with(design, family, "toppings", module)
        if number % 2:
            design = _with(design, family, "ingredients", "rice_puffed")
        if number % 3 == 0 and family is bar:
            design = _with(design, family, "decorations", "choc_plaque")
        if number % 5 == 4:
            design = design.faced("moulded")
            design = design.moving(Move("toppings", toppings[number % 4][0], 0, 800, 400, 45))
        yield design


def _with(design: Design, family: Family, slot: str, module: str) -> Design:
    return design.adding(module, slot, family.usual_dose(family.modules[module]))


@pytest.mark.slow
@pytest.mark.parametrize("pixels", [1, 2])
def test_canvas_and_picture_are_the_same_to_the_eye(
    new_window: Callable[..., Page], shop_url: str, pixels: int
) -> None:
    alike = {}
    window = new_window(viewport=DESK, device_scale_factor=pixels)
    for design in twenty():
        designs.save(design)
        opened(window, f"{shop_url}/studio/{design.family}/{design.digest}/")
        window.wait_for_load_state("networkidle")
        settled(window)
        picture = seen(window)
        window.evaluate(
            "(() => { const stage = document.querySelector('bar-canvas'); stage.show(stage.drawing); })()"
        )
        expect(window.locator(".stage--ahead")).to_have_count(1)
        alike[design.digest] = round(similarity(picture, seen(window)), 4)
    assert len(alike) == 20
    assert min(alike.values()) >= 0.98, alike


def seen(window: Page) -> Image.Image:
    with Image.open(BytesIO(window.locator(".stage__view").screenshot())) as picture:
        return picture.convert("RGB")


def test_adding_and_removing_show_in_the_next_frame(studio: Page) -> None:
    """Fetched ahead, so that no answer is waited for; how long a frame takes is for bin/bench."""
    studio.locator("label[for=step-toppings]").click()
    for module in ("almond_whole", "cranberry_dried", "pistachio_chopped"):
        card = studio.locator(f"#toppings-{module}")
        card.scroll_into_view_if_needed()
        known = studio.evaluate(FORESEEN)
        card.hover()
        while studio.evaluate(FORESEEN) <= known:
            studio.wait_for_timeout(20)
        for _ in ("in", "out"):
            assert card.evaluate(NEXT_FRAME) == ["bar:repaint"]
            settled(studio)
            studio.wait_for_load_state("networkidle")


FORESEEN = "document.querySelector('bar-canvas').foresight.ready.size"
NEXT_FRAME = """async (card) => {
    performance.clearMeasures();
    card.click();
    await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
    return performance.getEntriesByType("measure").map((measure) => measure.name);
}"""


def test_the_picture_that_replaces_the_canvas_is_of_the_same_bar(studio: Page) -> None:
    studio.locator("label[for=step-toppings]").click()
    studio.locator("#toppings-almond_whole").check()
    expect(studio.locator("#count-toppings")).to_have_text("4 of 6")
    settled(studio)
    studio.wait_for_load_state("networkidle")
    drawn, shown = studio.evaluate(
        "[document.querySelector('bar-canvas').drawing.digest, document.querySelector('bar-preview').dataset.digest]"
    )
    assert drawn == shown == studio.url.rstrip("/").split("/")[-1]


@pytest.mark.parametrize(("wish", "falls"), [("no-preference", True), ("reduce", False)])
def test_pieces_drop_unless_one_wishes_for_calm(
    new_window: Callable[..., Page], shop_url: str, wish: str, falls: bool
) -> None:
    window = opened(new_window(viewport=DESK, reduced_motion=wish), f"{shop_url}/studio/bar-100/")
    window.locator("label[for=step-toppings]").click()
    window.evaluate(
        """(() => {
            const stage = document.querySelector("bar-canvas"), show = stage.show.bind(stage);
            stage.show = (drawing) => { show(drawing); stage.dataset.fell = String(stage.isMoving); };
        })()"""
    )
    card = window.locator("#toppings-almond_whole")
    card.scroll_into_view_if_needed()
    known = window.evaluate(FORESEEN)
    card.hover()
    while window.evaluate(FORESEEN) <= known:
        window.wait_for_timeout(20)
    card.click()
    expect(window.locator("bar-canvas")).to_have_attribute("data-fell", str(falls).lower())


def test_one_looks_closer_with_buttons_wheel_and_keys_and_gets_the_larger_picture(studio: Page) -> None:
    view = studio.locator(".stage__view")
    before = box(studio, ".stage__sheet")["width"]
    studio.get_by_role("button", name="Nearer").click()
    settled(studio)
    assert "/1200?" in studio.locator(".preview__picture").evaluate("picture => picture.currentSrc")
    assert box(studio, ".stage__sheet")["width"] == pytest.approx(1.5 * before)
    view.hover()
    studio.keyboard.down("Control")
    studio.mouse.wheel(0, -200)
    studio.keyboard.up("Control")
    assert box(studio, ".stage__sheet")["width"] > 1.6 * before
    studio.locator(".stage__pieces").focus()
    for _ in range(8):
        studio.keyboard.press("-")
    assert box(studio, ".stage__sheet")["width"] == pytest.approx(before)
    expect(studio.get_by_role("button", name="Farther")).to_be_disabled()


def test_coin_and_grid_are_laid_over_the_bar_and_taken_away(studio: Page) -> None:
    plain = seen(studio)
    for name in ("A 1-euro coin to compare with", "Millimetre grid"):
        button = studio.get_by_role("button", name=name)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        studio.wait_for_load_state("networkidle")
        studio.mouse.move(0, 0)
        assert similarity(plain, seen(studio)) < 0.99
        button.click()
        studio.mouse.move(0, 0)
        assert similarity(plain, seen(studio)) > 0.999


# ── Laying by hand ───────────────────────────────────────────────────────────────────────────────

NUT = "toppings:hazelnut_whole:0"


def laid(window: Page, name: str) -> tuple[int, int, int]:
    """What the form says of a piece, once the server has answered."""
    settled(window)
    window.wait_for_load_state("networkidle")
    [x, y, turn] = next(move for move in moves(window) if move.startswith(f"{name}:")).split(":")[3:]
    return int(x), int(y), int(turn)


def test_a_dragged_piece_stays_where_it_was_dropped(studio: Page) -> None:
    nut = piece(studio, NUT)
    to = {"x": nut["x"] - 40 * nut["scale"] * 10 if nut["left"] > 800 else nut["x"] + 40 * nut["scale"] * 10}
    studio.mouse.move(nut["x"], nut["y"])
    studio.mouse.down()
    studio.mouse.move((nut["x"] + to["x"]) / 2, nut["y"], steps=4)
    expect(studio.locator(".stage--ahead")).to_have_count(1)
    assert moves(studio) == []
    studio.mouse.move(to["x"], nut["y"], steps=4)
    studio.mouse.up()
    x, y, turn = laid(studio, NUT)
    assert abs(abs(x - nut["left"]) - 400) <= 4
    assert (abs(y - nut["top"]) <= 2, turn) == (True, nut["turn"])
    lies = piece(studio, NUT)
    assert (lies["left"], lies["top"]) == (x, y)
    expect(studio.locator("bar-preview")).to_have_attribute(
        "data-digest", studio.url.rstrip("/").split("/")[-1]
    )


def test_a_tap_on_a_piece_and_one_on_its_place_lay_it(studio: Page) -> None:
    nut = piece(studio, NUT)
    studio.mouse.click(nut["x"], nut["y"])
    expect(studio.locator(".stage__news")).to_contain_text("Roasted hazelnuts, whole chosen. Tap the place")
    view = box(studio, ".stage__view")
    # The ground beside the bar is no place; the bar's corner is the nearest.
    studio.mouse.click(view["x"] + 4, view["y"] + 4)
    assert laid(studio, NUT)[:2] == (0, 0)


def test_buttons_turn_a_chosen_piece_and_put_it_back(studio: Page) -> None:
    nut = piece(studio, NUT)
    studio.mouse.click(nut["x"], nut["y"])
    studio.get_by_role("button", name="Turn to the left").click()
    assert laid(studio, NUT) == (nut["left"], nut["top"], (nut["turn"] + 15) % 360)
    studio.get_by_role("button", name="Turn to the right").click()
    assert laid(studio, NUT)[2] == nut["turn"]
    studio.get_by_role("button", name="Put back to where it would lie").click()
    settled(studio)
    assert moves(studio) == []


def test_the_keys_choose_a_piece_nudge_it_turn_it_and_put_it_back(studio: Page) -> None:
    pieces = studio.get_by_role("listbox", name="Pieces on the bar")
    pieces.focus()
    first = pieces.get_by_role("option").text_content()
    assert first
    assert "mm from the left" in first
    studio.keyboard.press("ArrowRight")
    expect(pieces.get_by_role("option")).not_to_have_text(first)
    chosen = studio.evaluate("document.querySelector('bar-canvas').placing.chosen")
    lies = piece(studio, chosen)
    studio.keyboard.press("Enter")
    expect(studio.locator(".stage__news")).to_contain_text("taken up. Arrow keys move it by 1 mm")
    sideways, step = ("ArrowLeft", -1) if lies["left"] > 800 else ("ArrowRight", 1)
    studio.keyboard.press(sideways)
    studio.keyboard.press(f"Shift+{sideways}")
    studio.keyboard.press("Enter")
    x, y, turn = laid(studio, chosen)
    assert (x, y, turn) == (lies["left"] + 60 * step, lies["top"], lies["turn"])
    expect(pieces.get_by_role("option")).to_contain_text("laid by hand")
    studio.keyboard.press("[")
    assert laid(studio, chosen)[2] == (turn + 15) % 360
    studio.keyboard.press("Delete")
    settled(studio)
    assert moves(studio) == []
    expect(pieces).to_be_focused()


def test_escape_leaves_a_piece_as_it_was(studio: Page) -> None:
    studio.get_by_role("listbox", name="Pieces on the bar").focus()
    studio.keyboard.press("Enter")
    for _ in range(3):
        studio.keyboard.press("ArrowDown")
    studio.wait_for_timeout(600)
    studio.keyboard.press("Escape")
    settled(studio)
    assert moves(studio) == []


def test_what_is_laid_by_hand_is_ordered_so(studio: Page) -> None:
    """The order button is pressed while a nudge has not yet been told to the server."""
    studio.get_by_role("listbox", name="Pieces on the bar").focus()
    studio.keyboard.press("Enter")
    studio.keyboard.press("ArrowDown")
    studio.locator("#add").click()
    expect(studio).to_have_url(studio.url.split("/studio")[0] + "/cart/")
    design = DesignRow.objects.order_by("-created_at").first()
    assert design
    assert len(design.value.moves) == 1


def test_without_scripts_fields_lay_a_piece(new_window: Callable[..., Page], shop_url: str) -> None:
    plain = new_window(java_script_enabled=False)
    plain.goto(f"{shop_url}/studio/bar-100/", wait_until="domcontentloaded")
    expect(plain.locator(".stage__tools").first).to_be_hidden()
    expect(plain.locator(".preview__picture")).to_be_visible()
    plain.get_by_text("Lay a piece by hand").click()
    plain.get_by_label("Piece", exact=True).select_option(NUT)
    plain.get_by_label("From the left, mm").fill("42.5")
    plain.get_by_label("From the top, mm").fill("30")
    plain.get_by_label("Turned, degrees").fill("90")
    plain.get_by_role("button", name="Lay it there").click()
    plain.wait_for_load_state("domcontentloaded")
    values = plain.locator("#moves input").evaluate_all("all => all.map(input => input.value)")
    assert values == [f"{NUT}:425:300:90"]


# ── On a phone ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def phone(new_window: Callable[..., Page], shop_url: str) -> Page:
    window = new_window(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    return opened(window, f"{shop_url}/studio/bar-100/")


def swipe(window: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    """One finger down, along, and up."""
    devtools = window.context.new_cdp_session(window)
    for step in range(9):
        point = {"x": start[0] + by[0] * step / 8, "y": start[1] + by[1] * step / 8}
        kind = "touchMove" if step else "touchStart"
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        window.wait_for_timeout(16)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    window.wait_for_timeout(300)


def test_a_finger_drags_a_piece_and_the_page_stays(phone: Page) -> None:
    nut = piece(phone, NUT)
    down = 20 if nut["top"] < 400 else -20
    swipe(phone, (nut["x"], nut["y"]), (0, down))
    assert phone.evaluate("scrollY") == 0
    _, y, _ = laid(phone, NUT)
    assert y == pytest.approx(nut["top"] + down / nut["scale"], abs=4)


def test_a_finger_beside_the_pieces_scrolls_the_page(phone: Page) -> None:
    view = box(phone, ".stage__view")
    swipe(phone, (view["x"] + 3, view["y"] + view["height"] - 3), (0, -90))
    while phone.evaluate("scrollY") <= 30:
        phone.wait_for_timeout(20)
    assert moves(phone) == []


def test_two_fingers_look_closer(phone: Page) -> None:
    view = box(phone, ".stage__view")
    x, y = view["x"] + view["width"] / 2, view["y"] + view["height"] / 2
    devtools = phone.context.new_cdp_session(phone)
    for apart in (20, 40, 60):
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        devtools.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove" if apart > 20 else "touchStart", "touchPoints": points},
        )
        phone.wait_for_timeout(30)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert phone.evaluate("document.querySelector('bar-canvas').lens.view.scale") == pytest.approx(3, abs=0.5)
    assert moves(phone) == []


# ── What it weighs, and for whom it works ────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_first_visit_weighs_little(
    new_window: Callable[..., Page], shop_url: str, size: dict[str, int]
) -> None:
    answers: list[Response] = []
    window = new_window(viewport=size, device_scale_factor=2)
    window.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright wants to name it)
    window.goto(f"{shop_url}/studio/bar-100/")
    window.wait_for_selector(".stage--ready")
    window.wait_for_load_state("networkidle")
    weights = {answer.url: _weight(answer) for answer in answers if answer.status == 200}
    assert sum(weights.values()) < 900_000, weights
    scripts = {url: weight for url, weight in weights.items() if url.partition("?")[0].endswith(".js")}
    assert any("htmx" in url for url in scripts)
    assert sum(scripts.values()) < 45_000, scripts


def _weight(answer: Response) -> int:
    """As it travels in the shop, where texts are packed; the test's server sends some of them as they are."""
    is_text = answer.headers["content-type"].partition(";")[0] in {
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "image/svg+xml",
    }
    return len(gzip.compress(answer.body()) if is_text else answer.body())


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_stage_stands_in_nobodys_way(
    new_window: Callable[..., Page], shop_url: str, size: dict[str, int]
) -> None:
    # The checker is a script of its own, which the page's policy would stop.
    window = opened(new_window(viewport=size, bypass_csp=True), f"{shop_url}/studio/bar-100/")
    window.get_by_text("Lay a piece by hand").click()
    window.get_by_label("Piece", exact=True).select_option(NUT)
    expect(window.get_by_label("From the left, mm")).not_to_have_value("")
    expect(window.get_by_role("button", name="Turn to the left")).to_be_visible()
    window.get_by_role("listbox", name="Pieces on the bar").focus()
    assert violations(window) == []
    assert window.evaluate("document.documentElement.scrollWidth") == size["width"]
