"""A photo as people bring it: chosen, dragged into place, nudged by the keyboard, and without scripts."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

OWN = re.compile(r"/p/own/[0-9a-f]{64}/wrapped-600")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dressing(page: Page, shop_url: str) -> Page:
    """The studio, open where the wrapper is dressed."""
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("label[for=step-paper]").click()
    page.wait_for_selector("photo-field:defined")
    return page


def picture() -> FilePayload:
    file = BytesIO()
    Image.linear_gradient("L").resize((1600, 1200)).save(file, "JPEG")
    return {"name": "us.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def part(page: Page) -> list[int]:
    """Left, top, width and height, as the form says them."""
    said = page.locator("[name=wrapper-photo]").input_value()
    return [int(number) for number in said.split(":")[1:]]


def bring(page: Page) -> None:
    page.set_input_files("#wrapper-upload", [picture()])
    page.wait_for_url("**step=paper**")


def test_a_chosen_photo_stands_on_the_wrapper_and_nothing_typed_is_lost(dressing: Page) -> None:
    dressing.fill("#wrapper-text", "for Ada")
    bring(dressing)
    expect(dressing.locator("#wrapper-text")).to_have_value("for Ada")
    assert part(dressing) == [285, 0, 1031, 1200]
    expect(dressing.locator(".wrapped__picture")).to_have_attribute("src", OWN)


def test_the_frame_is_dragged_and_the_numbers_follow(dressing: Page) -> None:
    bring(dressing)
    dressing.set_viewport_size({"width": 1280, "height": 1400})
    frame = dressing.locator(".photo__window")
    frame.scroll_into_view_if_needed()
    grip = dressing.locator(".photo__grip").bounding_box()
    assert grip
    dressing.mouse.move(grip["x"] + 9, grip["y"] + 9)
    dressing.mouse.down()
    dressing.mouse.move(grip["x"] - 91, grip["y"] - 60, steps=4)
    with dressing.expect_response("**/studio/bar-100/"):
        dressing.mouse.up()
    left, top, width, height = part(dressing)
    assert (left, top) == (285, 0)
    assert width < 800
    assert height == pytest.approx(width * 1200 / 1031, abs=2)
    expect(dressing.locator("#wrapper-share")).to_have_value(str(round(width / 16)))
    expect(frame).to_be_visible()


def test_the_keyboard_alone_chooses_the_part(dressing: Page) -> None:
    bring(dressing)
    dressing.locator("#wrapper-share").focus()
    dressing.keyboard.press("Control+a")
    dressing.keyboard.type("40")
    with dressing.expect_response("**/studio/bar-100/"):
        dressing.keyboard.press("Tab")
    assert part(dressing) == [288, 0, 640, 745]


def test_nobody_is_kept_from_its_controls(new_window: Callable[..., Page], shop_url: str) -> None:
    page = new_window(bypass_csp=True)
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("label[for=step-paper]").click()
    bring(page)
    found = Axe().run(page, context="#photos")
    assert [violation["id"] for violation in found.response["violations"]] == []


def test_a_file_that_is_no_picture_is_refused_in_words(dressing: Page) -> None:
    letter: FilePayload = {"name": "us.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"}
    dressing.set_input_files("#wrapper-upload", [letter])
    expect(dressing.get_by_text("This file is no JPEG, PNG or WebP picture.")).to_be_visible()


def test_without_scripts_a_button_brings_the_photo(new_window: Callable[..., Page], shop_url: str) -> None:
    page = new_window(java_script_enabled=False)
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("label[for=step-paper]").click()
    page.fill("#wrapper-text", "for Ada")
    page.set_input_files("#wrapper-upload", [picture()])
    page.get_by_role("button", name="Upload").click()
    assert part(page) == [285, 0, 1031, 1200]
    page.fill("#wrapper-share", "40")
    page.get_by_role("button", name="Show this part").click()
    page.locator("label[for=step-paper]").click()
    assert part(page)[2] == 640
    expect(page.locator("#wrapper-text")).to_have_value("for Ada")
