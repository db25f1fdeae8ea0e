"""Asks axe what in a page would stand in somebody's way."""

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALIKE: Final = ".module:nth-child(n + 6), .modules-table tr:nth-child(n + 6), .bar-card:nth-child(n + 4)"
"""A shelf has a hundred cards alike; the first few tell."""

# To leave out is not enough: axe would measure them all the same, for most of its time.
LAY_ASIDE = """alike => {
    const laid = [...document.querySelectorAll(alike)].map((one) => [one, document.createComment("")]);
    for (const [one, place] of laid) one.replaceWith(place);
    window.putBack = () => { for (const [one, place] of laid) place.replaceWith(one); };
}"""


def violations(page: Page, part: str = "html") -> list[str]:
    """In this part of the page; its policy must let the checker in, which is a script of its own."""
    page.evaluate(LAY_ASIDE, ALIKE)
    checked = Axe().run(page, context=part, options={"resultTypes": ["violations"], "preload": False})
    page.evaluate("putBack()")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in checked.response["violations"]]
